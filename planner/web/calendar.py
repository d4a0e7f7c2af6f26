"""The calendar: a month, a week, a list; adding a post to a day, and moving one to another."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import posts as verbs
from planner.actions.overview import span_of
from planner.actions.posts import Change
from planner.core import localtime
from planner.core.characters import some_lines
from planner.core.consistency import paused, standing
from planner.core.grid import Sheet, of_day, parse_sheet
from planner.core.model import Business, Pause, Post
from planner.errors import BadDate, PlannerError, UsageError
from planner.feastdays import public_holidays
from planner.language import N_
from planner.store.queries import businesses, channels, posts
from planner.web.site import acting, back_to, business_page, gettext, reading, site, typed
from planner.web.today import NUMBER

pages = Blueprint("calendar", __name__)
HERE = f"/businesses/<{NUMBER}:business_id>"
SHOWN = 3  # posts in a day's field of a month
_LONGEST_TITLE, _LONGEST_TEXT = 200, 5000
_YEARS = range(1970, 2200)


class MovedMeanwhile(UsageError):
    message = N_("Somebody else has moved this post meanwhile. It was left where it is now.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Day:
    """A day as the calendar shows it; ``off`` says why nothing is posted, or what is celebrated."""

    date: date
    posts: list[Post]
    off: str
    inside: bool


@pages.get(f"{HERE}/calendar")
def now(business_id: int) -> AnyResponse:
    """The month in which today lies."""
    with reading() as tx:
        today = localtime.today(site().clock(), businesses.get(tx, business_id).timezone)
    return redirect(f"/businesses/{business_id}/calendar/{today:%Y-%m}/month", 303)


@pages.get(f"{HERE}/calendar/<sheet>/<any(month, week, list):view>")
def calendar(business_id: int, sheet: str, view: str) -> AnyResponse:
    """A month or a week of posts, if wanted of one channel (``?channel=3``)."""
    wanted = parse_sheet(sheet)
    if wanted.is_month != (view != "week"):  # 2026-12/week, and 2026-W49/month, mean what lies there
        other = of_day(wanted.days.start, month=view != "week")
        return redirect(f"/businesses/{business_id}/calendar/{other.name}/{view}", 303)
    with reading() as tx:
        business = businesses.get(tx, business_id)
        return _show(tx, business, wanted, view)


def _show(tx: Connection, business: Business, sheet: Sheet, view: str) -> Response:
    span = span_of(tx, business, sheet.shown if view == "month" else sheet.days)
    there = {each.id: each for each in channels.of_business(tx, business.id)}
    only = there.get(request.args.get("channel", 0, type=int))
    found = [post for post in span.posts if only is None or post.channel_id == only.id]
    today = localtime.today(site().clock(), business.timezone)
    off = public_holidays(business, span.days, business.language)
    days = [_day(day, sheet, found, off.get(day, ""), span.pauses) for day in _days(sheet, view)]
    return business_page(
        f"calendar_{view}",
        business,
        "calendar",
        sheet=sheet,
        view=view,
        weeks=[(week, days[7 * n : 7 * n + 7]) for n, week in enumerate(sheet.weeks)],
        days=days,
        today=today,
        channels=there,
        only=only,
        query=f"?channel={only.id}" if only else "",
        standing=lambda post: standing(post, today, business.grace_days).value,
        shown=SHOWN,
        views={"month": of_day(sheet.days.start, month=True).name, "list": of_day(sheet.days.start, month=True).name,
               "week": of_day(_near(sheet, today), month=False).name},
        undo_token=request.args.get("undo", ""),
        current=of_day(today, month=sheet.is_month).name,
    )  # fmt: skip


def _near(sheet: Sheet, today: date) -> date:
    """The day whose week is meant on a sheet: today, if it is on it."""
    return today if today in sheet.days else sheet.days.start


def _days(sheet: Sheet, view: str) -> list[date]:
    span = sheet.days if view == "list" else sheet.shown
    return [span.start + timedelta(days=n) for n in range((span.end - span.start).days)]


def _day(day: date, sheet: Sheet, found: list[Post], holiday: str, pauses: tuple[Pause, ...]) -> Day:
    closed = [pause for pause in pauses if paused(day, pause.channel_id, [pause])]
    words = [holiday, *(pause.reason for pause in closed)] if holiday or closed else []
    off = " · ".join(dict.fromkeys(word for word in words if word)) or ("–" if closed else "")
    return Day(day, [post for post in found if post.due_local.date() == day], off, day in sheet.days)


@pages.get(f"{HERE}/posts/new")
def new(business_id: int) -> Response:
    """The form for a post on a day."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        today = localtime.today(site().clock(), business.timezone)
        given = {"day": request.args.get("day", today.isoformat()), "time": "09:00"}
        return _form(tx, business, given)


@pages.post(f"{HERE}/posts")
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
            verbs.add(tx, business, channel, due, title=title, text=text, now=site().clock())
    except UsageError as error:
        with reading() as tx:
            return _form(tx, businesses.get(tx, business_id), request.form, error)
    return redirect(f"/businesses/{business_id}/calendar/{due:%Y-%m}/month?said=added", 303)


class NoTitle(UsageError):
    message = N_("Give the post a title, a few words to know it by.")


def _form(tx: Connection, business: Business, given: Any, error: PlannerError | None = None) -> Response:
    there = channels.of_business(tx, business.id)
    words = error.sentence(gettext(business.language)) if error else ""
    options = [(str(each.id), each.name) for each in there]
    status = error.http_status if error else 200
    return business_page("post_new", business, "calendar", status, options=options, given=given, words=words)


@pages.post(f"/posts/<{NUMBER}:post_id>/move")
def move(post_id: int) -> AnyResponse:
    """Make a post due on another day (``to``, with or without a time), unless it was moved since it was ``seen``."""
    now = site().clock()
    with acting() as tx:
        change = _move(tx, post_id, now)
    links = site().links
    undo = f"?undo={links.undo(change.before, change.after, now, signed_in=True)}" if change.changed else ""
    return redirect(f"{back_to(f'/posts/{post_id}')}{undo}", 303)


def _move(tx: Connection, post_id: int, now: datetime) -> Change:
    post = posts.get(tx, post_id)
    seen = typed("seen")
    if seen and _moment(seen, time()) != post.due_local:
        raise MovedMeanwhile
    return verbs.move(tx, post_id, _moment(typed("to"), post.due_local.time()), now=now)


def _moment(text: str, usual: time) -> datetime:
    """A day, with its time of day or the usual one. Raises BadDate."""
    try:
        found = datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), usual)
    except ValueError as error:
        raise BadDate(text=text[:40]) from error
    if found.tzinfo or found.year not in _YEARS:
        raise BadDate(text=text[:40])
    return found
