"""The calendar: a month, a week, a list. Putting posts onto days is in placing.py."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions.overview import span_of
from planner.actions.posts import can_be_taken_back
from planner.core import localtime
from planner.core.consistency import standing
from planner.core.grid import Sheet, of_day, parse_sheet
from planner.core.model import Business, Channel, Pause, Post
from planner.errors import NotFound
from planner.feastdays import public_holidays
from planner.language import N_
from planner.store.queries import businesses, channels, posts
from planner.web import counters
from planner.web.site import business_page, gettext, reading, saying, site
from planner.web.today import NUMBER, undone

pages = Blueprint("calendar", __name__)
HERE = f"/businesses/<{NUMBER}:business_id>/calendar"
VIEWS = ("month", "week", "list")
SHOWN = 3  # posts in a day's field of a month
_YEARS = range(1971, 2199)
_ADDED_FOR = timedelta(days=1)  # so long a page that was left open offers to take a new post back


@dataclass(frozen=True, slots=True)
class Off:
    """Why a stretch of days (both ends belong to it) is shaded: a public holiday, or a pause."""

    first: date
    last: date
    words: str
    pause: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day as the calendar shows it. In a month, which is about what is published, answering is a line by itself."""

    date: date
    posts: tuple[Post, ...]
    rounds: tuple[Post, ...]
    off: tuple[Off, ...]
    inside: bool

    @property
    def shade(self) -> str:
        """The class of its field: whether it is paused, or a holiday, or neither."""
        return " paused" if any(each.pause for each in self.off) else " holiday" if self.off else ""

    @property
    def notable(self) -> bool:
        """Whether a list has the day: it has posts, or something begins that shades it."""
        return bool(self.posts) or any(each.first == self.date or self.date.day == 1 for each in self.off)


@pages.get(HERE)
def now(business_id: int) -> AnyResponse:
    """The month in which today lies, or another day, or view (``?day=2026-12-05&view=week&channel=3``)."""
    with reading() as tx:
        today = localtime.today(site().clock(), businesses.get(tx, business_id).timezone)
    view = request.args.get("view", "")
    view = view if view in VIEWS else "month"
    sheet = of_day(_asked(request.args.get("day", "")) or today, month=view != "week")
    only = request.args.get("channel", 0, type=int)
    return redirect(saying(f"/businesses/{business_id}/calendar/{sheet.name}/{view}", **_only(only)), 303)


def _asked(text: str) -> date | None:
    """The day that somebody wants to see; None if nobody can read it, or no calendar has it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


@pages.get(f"{HERE}/<sheet>/<any({', '.join(VIEWS)}):view>")
def calendar(business_id: int, sheet: str, view: str) -> AnyResponse:
    """A month or a week of posts, if wanted of one channel (``?channel=3``)."""
    wanted = parse_sheet(sheet)
    if wanted.is_month != (view != "week"):  # 2026-12/week, and 2026-W49/month, mean what lies there
        other = of_day(wanted.days.start, month=view != "week")
        return redirect(f"/businesses/{business_id}/calendar/{other.name}/{view}", 303)
    with reading() as tx:
        return _show(tx, businesses.get(tx, business_id), wanted, view)


def _show(tx: Connection, business: Business, sheet: Sheet, view: str) -> Response:
    span = span_of(tx, business, sheet.shown if view == "month" else sheet.days)
    there = {each.id: each for each in channels.of_business(tx, business.id)}
    only = there.get(request.args.get("channel", 0, type=int))
    found = [post for post in span.posts if only is None or post.channel_id == only.id]
    today = localtime.today(site().clock(), business.timezone)
    holidays = public_holidays(business, span.days, business.language)
    off = [Off(day, day, words, pause=False) for day, words in holidays.items()]
    off += _closed(span.pauses, there, only, gettext(business.language)(N_("Pause")))
    days = _days(sheet, view, found, off)
    stands = partial(_standing, business, today)
    return business_page(
        f"calendar_{view}",
        business,
        "calendar",
        sheet=sheet,
        view=view,
        here=f"/businesses/{business.id}/calendar",
        weeks=[(week, days[7 * n : 7 * n + 7]) for n, week in enumerate(sheet.weeks)],
        days=days,
        off=[each for each in sorted(off, key=lambda each: each.first) if each.first < sheet.days.end],
        today=today,
        channels=there,
        only=only,
        query=saying("", **_only(only.id if only else 0)),
        standing=stands,
        answered=lambda rounds: _answered([stands(each) for each in rounds]),
        shown=SHOWN,
        answering=any(day.rounds for day in days),
        views=_views(sheet, today),
        current=of_day(today, month=sheet.is_month).name,
        **_done(tx, business, found, there),
    )


def _standing(business: Business, today: date, post: Post) -> str:
    return standing(post, today, business.grace_days).value


def _answered(standings: Collection[str]) -> str:
    """Where a day's rounds of answering stand together: open as long as one is, and never late."""
    still_open = [each for each in standings if each in ("due", "upcoming")]
    return still_open[0] if still_open else "posted" if set(standings) == {"posted"} else "skipped"


def _only(channel_id: int) -> dict[str, object]:
    return {"channel": channel_id} if channel_id else {}


def _closed(found: Iterable[Pause], there: Mapping[int, Channel], only: Channel | None, usual: str) -> list[Off]:
    """The pauses that shade what is shown; one of a single channel says of which."""
    closed = []
    for pause in found:
        if pause.channel_id is None or only is None or pause.channel_id == only.id:
            whose = there.get(pause.channel_id or 0)
            words = f"{whose.name}: {pause.reason or usual}" if whose and not only else pause.reason or usual
            closed.append(Off(pause.first, pause.last, words, pause=True))
    return closed


def _days(sheet: Sheet, view: str, found: Iterable[Post], off: Sequence[Off]) -> list[Day]:
    span = sheet.days if view == "list" else sheet.shown
    by_day: dict[date, list[Post]] = {}
    for post in sorted(found, key=lambda post: post.is_round):  # a day tells of its posts first
        by_day.setdefault(post.due_local.date(), []).append(post)
    apart = view == "month"
    days = []
    for number in range((span.end - span.start).days):
        day = span.start + timedelta(days=number)
        why = tuple(each for each in off if each.first <= day <= each.last)
        there = by_day.get(day, [])
        listed = tuple(post for post in there if not (apart and post.is_round))
        rounds = tuple(post for post in there if apart and post.is_round)
        days.append(Day(day, listed, rounds, why, day in sheet.days))
    return days


def _views(sheet: Sheet, today: date) -> dict[str, str]:
    """The sheet of each view that shows the same days: of a month with today in it the week of today."""
    near = today if today in sheet.days else sheet.days.start
    month = of_day(sheet.days.start, month=True).name
    return {"month": month, "list": month, "week": of_day(near, month=False).name}


def _done(tx: Connection, business: Business, shown: Sequence[Post], there: Mapping[int, Channel]) -> dict[str, Any]:
    """What the page says of what was just done: the post that was moved, or added, and can be put back; or stayed."""
    token, now = request.args.get("undo", ""), site().clock()
    moved = undone(tx, token, now, shown) if token else None
    made = _named(tx, business, shown, "added")
    if made is not None and not (can_be_taken_back(made) and now - made.created_at < _ADDED_FOR):
        made = None
    return {
        "moved": moved,
        "undo_token": token,
        "added": made,
        "warned": _warned(business, made, there) if made else [],
        "stayed": _named(tx, business, shown, "stayed"),
    }


def _warned(business: Business, made: Post, there: Mapping[int, Channel]) -> list[str]:
    """What is too long of a post that was just added."""
    platform = catalogue.platform(there[made.channel_id].platform)
    return counters.too_long(platform, made.title, made.text, business.language)


def _named(tx: Connection, business: Business, shown: Sequence[Post], what: str) -> Post | None:
    """The post that the address names, shown or not."""
    wanted = min(request.args.get(what, 0, type=int), 2**31 - 1)
    found = next((post for post in shown if post.id == wanted), None)
    if wanted > 0 and found is None:
        with suppress(NotFound):
            found = posts.get(tx, wanted, business.id)
    return found
