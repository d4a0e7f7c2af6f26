"""Posts that give way to public holidays, when what is a holiday or a pause has changed since they were planned."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from planner.actions import plan
from planner.core import localtime
from planner.core.holidays import FARTHEST, placed
from planner.core.model import Business, Cadence, OnHoliday, Post, Status, Window
from planner.core.recurrence import slots
from planner.feastdays import Holidays
from planner.render import PostTexts
from planner.store.queries import cadences, pauses, posts


def follow_calendar(tx: Connection, business: Business, texts: PostTexts, now: datetime) -> int:
    """After country or region changed: what is a holiday now gives way, what is none any more comes back; how many.

    What somebody has touched stays where it is.
    """
    yielding = _yielding(tx, business)
    today = datetime.combine(localtime.today(now, business.timezone), time())
    until = max((each.planned_until for each in yielding if each.planned_until), default=today)
    added = plan.plan_again(tx, yielding, Window(today, until), texts, now)
    return added + settle(tx, business, now)


def settle(tx: Connection, business: Business, now: datetime) -> int:
    """Put coming posts that nobody touched where holidays and pauses want them now; how many moved or went."""
    today = localtime.today(now, business.timezone)
    closed = pauses.of_business(tx, business.id, since=today - timedelta(days=FARTHEST))
    wrong = gone = 0
    for cadence in _yielding(tx, business):
        since = datetime.combine(today, time())
        there = [each for each in posts.of_cadences(tx, business.id, [cadence.id], since) if _is_free(each, since)]
        if not there:
            continue
        days = Window(since, max(each.slot for each in there if each.slot) + timedelta(days=1))
        found = slots(cadence, days, closed, business.timezone)
        wanted = {
            each.slot: each.due
            for each in placed(cadence, found, Holidays.of(business), closed, business.timezone, earliest=today)
        }
        wrong += _move(tx, business, there, wanted, now)
        gone += posts.remove_planned(tx, business.id, [each.id for each in there if each.slot not in wanted])
    return wrong + gone


def _yielding(tx: Connection, business: Business) -> list[Cadence]:
    return [each for each in cadences.of_business(tx, business.id) if each.on_holiday is not OnHoliday.KEEP]


def _is_free(post: Post, since: datetime) -> bool:
    """Whether nobody touched it and it is not due before a naive local moment: what is over stays as it was."""
    return post.status is Status.PLANNED and post.revision == 0 and post.due_local >= since


def _move(
    tx: Connection, business: Business, there: Sequence[Post], wanted: dict[datetime, datetime], now: datetime
) -> int:
    rows = []
    for post in there:
        if post.slot in wanted:
            due_local, due_at = plan.due(wanted[post.slot], business.timezone)
            if due_at != post.due_at:
                rows.append({"key": post.id, "due_local": due_local, "due_at": due_at})
    posts.set_dues(tx, business.id, rows, now)
    return len(rows)
