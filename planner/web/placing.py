"""Putting posts onto days: the form for a new one, and moving one, which is what dragging in the calendar sends."""

from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions import posts as verbs
from planner.actions.meanwhile import MovedMeanwhile, SkippedMeanwhile
from planner.actions.posts import AlreadyPosted, Change
from planner.core import localtime
from planner.core.characters import some_lines
from planner.core.model import Business, Channel
from planner.errors import BadDate, NoSuchPost, PlannerError, UsageError
from planner.language import N_
from planner.store.queries import businesses, channels, posts
from planner.web import counters
from planner.web.site import acting, back_to, business_page, gettext, reading, saying, site, typed
from planner.web.today import NUMBER

pages = Blueprint("placing", __name__)
HERE = f"/businesses/<{NUMBER}:business_id>/posts"
_LONGEST_TITLE, _LONGEST_TEXT = 200, 5000
_YEARS = range(1970, 2200)
_COUNTED = ("title", "text")


class NoTitle(UsageError):
    message = N_("Give the post a title, a few words to know it by.")


@pages.get(f"{HERE}/new")
def new(business_id: int) -> Response:
    """The form for a post on a day, if wanted of a channel (``?day=2026-12-05&channel=3``)."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        today = localtime.today(site().clock(), business.timezone)
        given = {"day": today.isoformat(), "time": "09:00", **request.args.to_dict()}
        return _form(tx, business, given)


@pages.post(HERE)
def add(business_id: int) -> AnyResponse:
    """Add a post; what was typed stays if something is wrong with it."""
    try:
        with acting() as tx:
            business = businesses.get(tx, business_id)
            channel = channels.get(tx, business_id, request.form.get("channel", 0, type=int))
            due = _moment(f"{typed('day')}T{typed('time')}", time())
            title = typed("title")[:_LONGEST_TITLE]
            if not title:
                raise NoTitle
            text = some_lines(request.form.get("text", ""))[:_LONGEST_TEXT].strip()
            made = verbs.add(tx, business, channel, due, title=title, text=text, now=site().clock())
    except UsageError as error:
        with reading() as tx:
            return _form(tx, businesses.get(tx, business_id), request.form, error)
    return redirect(f"/businesses/{business_id}/calendar/{due:%Y-%m}/month?added={made.id}", 303)


@pages.post(f"/posts/<{NUMBER}:post_id>/take-back")
def take_back(post_id: int) -> AnyResponse:
    """Take away a post that was just added, then go ``back``; once more changes nothing."""
    with acting() as tx:
        try:
            gone = verbs.take_back(tx, post_id)
        except NoSuchPost:
            gone = True
    return redirect(saying(back_to("/"), said="removed" if gone else "since"), 303)


def _form(tx: Connection, business: Business, given: Any, error: PlannerError | None = None) -> Response:
    there = channels.of_business(tx, business.id)
    words = error.sentence(gettext(business.language)) if error else ""
    options = [(str(each.id), each.name) for each in there]
    chosen = next((each for each in there if str(each.id) == given.get("channel")), there[0] if there else None)
    lengths = {each: _measured(chosen, each, given.get(each, ""), business) for each in _COUNTED if chosen}
    return business_page(
        "post_new", business, "calendar", error.http_status if error else 200, options=options, given=given,
        words=words, lengths=lengths, live={str(each.id): _live(each, business) for each in there},
    )  # fmt: skip


def _measured(channel: Channel, field: str, value: str, business: Business) -> counters.Measured:
    return counters.measured(catalogue.platform(channel.platform), field, value, business.language)


def _live(channel: Channel, business: Business) -> dict[str, dict[str, str]]:
    """What the fields need to be counted for a channel, as counter.js takes it when another one is chosen."""
    platform = catalogue.platform(channel.platform)
    return {each: counters.live(platform, each, business.language) for each in _COUNTED}


@pages.post(f"/posts/<{NUMBER}:post_id>/move")
def move(post_id: int) -> AnyResponse:
    """Make a post due on another day (``to``; its time of day stays where that names none), then go ``back``.

    It stays if it was moved since it was ``seen``, or skipped since it was ``open``: the calendar says where it is now,
    everywhere else the post's page does.
    """
    now, back = site().clock(), back_to("")
    try:
        with acting() as tx:
            change = _move(tx, post_id, now)
    except (AlreadyPosted, MovedMeanwhile, SkippedMeanwhile):
        if "/calendar/" not in back:
            raise
        return redirect(saying(back, stayed=post_id), 303)
    undo = site().links.undo(change.before, change.after, now, signed_in=True)
    return redirect(saying(back or f"/posts/{post_id}", **({"undo": undo} if change.changed else {})), 303)


def _move(tx: Connection, post_id: int, now: datetime) -> Change:
    usual = posts.get(tx, post_id).due_local.time()
    seen = _moment(typed("seen"), time()) if typed("seen") else None
    to, only_open = _moment(typed("to"), usual), request.form.get("open") == "yes"
    return verbs.move(tx, post_id, to, now=now, seen=seen, only_open=only_open)


def _moment(text: str, usual: time) -> datetime:
    """A day, with its time of day or the usual one. Raises BadDate."""
    try:
        found = datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), usual)
    except ValueError as error:
        raise BadDate(text=text[:40]) from error
    if found.tzinfo or found.year not in _YEARS:
        raise BadDate(text=text[:40])
    return found
