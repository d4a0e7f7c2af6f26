"""Pauses of a business or one channel: those to come, one more, ending one; what was worked on inside them stays."""

from contextlib import suppress
from datetime import date, timedelta

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import closing
from planner.actions import pauses as verbs
from planner.core import localtime
from planner.core.model import Business, Channel, Pause, Post, Window
from planner.errors import NoSuchPause
from planner.store.queries import businesses, channels, pauses, posts
from planner.web.fields import Form
from planner.web.paging import sheet
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("pauses", __name__)
_LIST = f"/businesses/<{NUMBER}:business_id>/pauses"
_ALL = ""
A_PAGE = 20  # of those that are over


@pages.get(_LIST)
def overview(business_id: int) -> Response:
    """The pauses that are on or to come, those that were, and the form for one more."""
    with reading() as tx:
        return _overview(tx, businesses.get(tx, business_id), None)


@pages.post(_LIST)
def add(business_id: int) -> AnyResponse:
    """Pause the business or one channel; the same once more is the same pause."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        there = channels.of_business(tx, business.id)
        form = Form(gettext(business.language))
        chosen = form.one_of("channel", [_ALL, *(str(channel.id) for channel in there)])
        first, last = form.day("first"), form.day("last", needed=False)
        last = last or first
        reason = form.line("reason")
        if form.ok and first and last:
            channel = next((each for each in there if str(each.id) == chosen), None)
            form.tried("last", lambda: _add(tx, business, channel, first, last, reason))
        if not form.ok:
            return _overview(tx, business, form)
    return redirect(f"/businesses/{business_id}/pauses?said=added", 303)


@pages.post(f"{_LIST}/<{NUMBER}:pause_id>/end")
def end(business_id: int, pause_id: int) -> AnyResponse:
    """End one that is on, take away another; that somebody else was quicker makes no difference."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        today = localtime.today(site().clock(), business.timezone)
        with suppress(NoSuchPause):
            verbs.end_pause(tx, business, pause_id, today=today, texts=site().texts, now=site().clock())
    return redirect(f"/businesses/{business_id}/pauses?said=ended", 303)


@pages.post(f"{_LIST}/<{NUMBER}:pause_id>/tell")
def tell(business_id: int, pause_id: int) -> AnyResponse:
    """Add the posts that tell of a pause on a channel; once more adds nothing."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, request.form.get("channel", 0, type=int))
        closing.tell(tx, business, pause_id, channel, texts=site().texts, now=site().clock())
    return redirect(f"/businesses/{business_id}/pauses?said=added", 303)


def _add(tx: Connection, business: Business, channel: Channel | None, first: date, last: date, reason: str) -> None:
    wanted = (first, last, channel.id if channel else None, reason)
    if all(
        (each.first, each.last, each.channel_id, each.reason) != wanted for each in pauses.of_business(tx, business.id)
    ):
        verbs.close(tx, business, first, last, channel=channel, reason=reason, now=site().clock())


def _overview(tx: Connection, business: Business, form: Form | None) -> Response:
    there = channels.of_business(tx, business.id)
    today = localtime.today(site().clock(), business.timezone)
    coming = pauses.of_business(tx, business.id, since=today)
    return business_page(
        "pauses",
        business,
        "more",
        400 if form else 200,
        coming=coming,
        over=sheet(lambda skip, limit: pauses.over(tx, business.id, today, skip=skip, limit=limit), A_PAGE),
        kept=_kept(tx, business, coming),
        telling=closing.telling(tx, business, coming, [channel.id for channel in there], today) if coming else {},
        names={channel.id: channel.name for channel in there},
        options=[(str(channel.id), channel.name) for channel in there],
        today=today,
        typed=form.typed
        if form
        else {"channel": request.args.get("channel", _ALL), "first": "", "last": "", "reason": ""},
        errors=form.errors if form else {},
    )


def _kept(tx: Connection, business: Business, coming: list[Pause]) -> dict[int, list[Post]]:
    """The open posts inside each pause: somebody worked on them, so they stayed."""
    if not coming:
        return {}
    days = Window(min(pause.first for pause in coming), max(pause.last for pause in coming) + timedelta(days=1))
    found = posts.open_between(tx, business.id, days)
    return {
        pause.id: [
            post
            for post in found
            if pause.first <= post.due_local.date() <= pause.last and pause.channel_id in (None, post.channel_id)
        ]
        for pause in coming
    }
