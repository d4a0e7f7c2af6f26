"""Betriebsferien and other pauses: days without slots, reminders or goal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.actions import holidays, plan, steps
from planner.core.model import Business, Channel, Pause, Post, Window
from planner.errors import BackwardsRange, UsageError
from planner.language import N_
from planner.render import PostTexts
from planner.store.queries import cadences, pauses, posts
from planner.store.queries.posts import day_window

LONGEST: Final = timedelta(days=5 * 366)


class TooLong(UsageError):
    message = N_("A pause from {first} to {last} is too long; five years are the most. To stop, end the cadences.")


@dataclass(frozen=True, slots=True)
class Paused:
    """A new pause, how many untouched posts it took back, and the touched ones that stay."""

    pause: Pause
    removed: int
    kept: tuple[Post, ...]


def add_pause(
    tx: Connection,
    business: Business,
    first: date,
    last: date,
    *,
    channel: Channel | None = None,
    reason: str = "",
    now: datetime,
) -> Paused:
    """Pause a business or one channel from ``first`` to ``last``, both included.

    Posts nobody touched disappear, also past ones: an illness may be noted afterwards. Raises BackwardsRange, TooLong.
    """
    if last < first:
        raise BackwardsRange(first=first, last=last)
    if last - first > LONGEST:
        raise TooLong(first=first, last=last)
    channel_id = channel.id if channel else None
    pause = pauses.add(tx, business_id=business.id, channel_id=channel_id, first=first, last=last, reason=reason)
    steps.days_changed(tx, business, first, now)
    days = day_window(first, last)
    removed = posts.remove_untouched(tx, business.id, days, channel_id=channel_id)
    window = Window(days.start.date(), days.end.date())
    kept = posts.open_between(tx, business.id, window)
    return Paused(pause, removed, tuple(p for p in kept if channel_id in (None, p.channel_id)))


def close(
    tx: Connection,
    business: Business,
    first: date,
    last: date,
    *,
    channel: Channel | None = None,
    reason: str = "",
    now: datetime,
) -> Paused:
    """Pause a business or a channel, and let posts that gave way to a holiday give way to the pause, too.

    Raises BackwardsRange, TooLong.
    """
    paused = add_pause(tx, business, first, last, channel=channel, reason=reason, now=now)
    holidays.settle(tx, business, now)
    return paused


def remove_pause(
    tx: Connection, business: Business, pause_id: int, *, texts: PostTexts, now: datetime
) -> tuple[Pause, int]:
    """Take a pause away: its slots get their posts again, past ones too. The pause, and how many."""
    pause = pauses.get(tx, business.id, pause_id)
    pauses.remove(tx, pause)
    steps.days_changed(tx, business, pause.first, now)
    return pause, _take_up(tx, business, pause, day_window(pause.first, pause.last), texts, now)


def end_pause(
    tx: Connection, business: Business, pause_id: int, *, today: date, texts: PostTexts, now: datetime
) -> tuple[Pause, int]:
    """Let a pause that is on end with yesterday, and take away one that is to come; its slots get their posts again.

    The pause as it was, and how many posts are planned again. Raises NoSuchPause.
    """
    pause = pauses.get(tx, business.id, pause_id)
    if not pause.first < today <= pause.last:
        return remove_pause(tx, business, pause_id, texts=texts, now=now)
    pauses.shorten(tx, pause, today - timedelta(days=1))
    steps.days_changed(tx, business, pause.first, now)
    return pause, _take_up(tx, business, pause, day_window(today, pause.last), texts, now)


def _take_up(
    tx: Connection, business: Business, pause: Pause, days: Window[datetime], texts: PostTexts, now: datetime
) -> int:
    running = [
        cadence for cadence in cadences.of_business(tx, business.id) if pause.channel_id in (None, cadence.channel_id)
    ]
    planned = plan.plan_again(tx, running, days, texts, now)
    holidays.settle(tx, business, now)
    return planned
