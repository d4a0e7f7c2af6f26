"""Where posts stand, what a channel owed in a week and what it made of it, and the streak.

Everything is computed from posts, pauses and a given local day; nothing of it is stored. A post becomes due,
late and missed at local midnight, so a standing holds for a whole day.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from planner.core import localtime
from planner.core.model import Pause, Post, Standing, Status
from planner.core.weeks import Week


class Counted(Protocol):
    """What the figures need to know of a post."""

    @property
    def channel_id(self) -> int: ...
    @property
    def slot(self) -> datetime | None: ...
    @property
    def due_local(self) -> datetime: ...
    @property
    def posted_at(self) -> datetime | None: ...
    @property
    def status(self) -> Status: ...
    @property
    def is_round(self) -> bool: ...


class PostTimes(NamedTuple):
    """A post without its words: two years of them are read for a streak. Rounds of answering are counted apart."""

    id: int
    channel_id: int
    slot: datetime | None
    due_local: datetime
    posted_at: datetime | None
    status: Status
    is_round: bool = False


def standing(post: Counted, today: date, grace_days: int) -> Standing:
    """Where a post stands on a local day: due on its day, late for ``grace_days`` more, then missed.

    A round of answering is over with its day: nobody owes it any more.
    """
    if post.status is Status.POSTED:
        return Standing.POSTED
    if post.status is Status.SKIPPED:
        return Standing.SKIPPED
    overdue = (today - post.due_local.date()).days
    if overdue < 0:
        return Standing.UPCOMING
    if overdue == 0:
        return Standing.DUE
    return Standing.LATE if overdue <= grace_days and not post.is_round else Standing.MISSED


def standing_since(post: Post, timezone: str, grace_days: int, today: date) -> datetime | None:
    """The instant at which time alone made the post due, late or missed; None if it did not."""
    over = 1 if post.is_round else grace_days + 1
    days = {Standing.DUE: 0, Standing.LATE: 1, Standing.MISSED: over}
    where = standing(post, today, grace_days)
    if where not in days:
        return None
    day = post.due_local.date() + timedelta(days=days[where])
    return localtime.instant(datetime.combine(day, time()), timezone)


@dataclass(frozen=True, slots=True)
class ChannelWeek:
    """What a channel owed in a week, and what became of the posts due in it.

    ``planned`` are the posts due in the week; each of them is at most one of ``late`` (done after its day, or
    still open within the grace), ``missed``, ``skipped`` and ``open`` (due today or upcoming). ``posted`` are
    the posts made in the week, whenever they were due.
    """

    channel_id: int
    week: Week
    goal: int
    planned: int
    posted: int
    late: int
    missed: int
    skipped: int
    open: int

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None when nothing was owed."""
        return self.posted >= self.goal if self.goal else None


def channel_week(
    channel_id: int,
    week: Week,
    posts: Iterable[Counted],
    pauses: Sequence[Pause],
    *,
    today: date,
    grace_days: int,
    timezone: str,
) -> ChannelWeek:
    """The figures of a channel's week, from the posts that touch it (others are ignored)."""
    counted = _count([channel_id], posts, pauses, today, grace_days, timezone)
    return ChannelWeek(channel_id, week, *counted[channel_id].get(_number(week.monday), _NOTHING))


def channel_weeks(
    channel_ids: Iterable[int],
    first: Week,
    last: Week,
    posts: Iterable[Counted],
    pauses: Sequence[Pause],
    *,
    today: date,
    grace_days: int,
    timezone: str,
) -> dict[int, list[ChannelWeek]]:
    """The weeks of each channel from ``first`` to ``last``, both included, in order."""
    span = [first]
    while span[-1] < last:
        span.append(span[-1].plus(1))
    weeks = [(week, _number(week.monday)) for week in span]
    return {
        channel_id: [ChannelWeek(channel_id, week, *found.get(number, _NOTHING)) for week, number in weeks]
        for channel_id, found in _count(channel_ids, posts, pauses, today, grace_days, timezone).items()
    }


_GOAL, _PLANNED, _POSTED, _LATE, _MISSED, _SKIPPED, _OPEN = range(7)  # as ChannelWeek has them
_COLUMNS = {
    Standing.LATE: _LATE, Standing.MISSED: _MISSED, Standing.SKIPPED: _SKIPPED, Standing.DUE: _OPEN,
    Standing.UPCOMING: _OPEN,
}  # fmt: skip
_NOTHING = (0,) * 7


def _count(
    channel_ids: Iterable[int],
    posts: Iterable[Counted],
    pauses: Sequence[Pause],
    today: date,
    grace_days: int,
    timezone: str,
) -> dict[int, dict[int, list[int]]]:
    """The seven figures of each channel, by the number of the week.

    Each post is looked at once, and a week is a number meanwhile: a look at the page counts two years of many channels.
    """
    found: dict[int, dict[int, list[int]]] = {each: defaultdict(lambda: [0] * 7) for each in channel_ids}
    for post in posts:
        if (weeks := found.get(post.channel_id)) is None:
            continue
        due_on = post.due_local.date()
        there = weeks[_number(due_on)]
        there[_PLANNED] += 1
        if post.slot and not paused(post.slot.date(), post.channel_id, pauses):
            weeks[_number(post.slot)][_GOAL] += 1
        if post.posted_at:
            made_on = localtime.today(post.posted_at, timezone)
            weeks[_number(made_on)][_POSTED] += 1
            there[_LATE] += made_on > due_on
        where = standing(post, today, grace_days)
        if where is not Standing.POSTED:
            there[_COLUMNS[where]] += 1
    return found


def _number(day: date) -> int:
    """The number of a day's week, counted from the first of January of the year 1, a Monday."""
    return (day.toordinal() - 1) // 7


class Verdict(StrEnum):
    """What became of a channel's week, for a picture of many.

    ``RUNNING`` is the week that is not over and not met yet, ``PAUSED`` one without a goal in which a pause lies,
    ``EXTRA`` one without a goal in which something was posted.
    """

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    RUNNING = "running"
    PAUSED = "paused"
    EXTRA = "extra"
    NOTHING = "nothing"


def verdict(week: ChannelWeek, pauses: Iterable[Pause], today: date) -> Verdict:
    """What to make of a channel's week on a local day."""
    if week.met:
        return Verdict.MET
    if week.goal:
        if week.week.window.end > today:
            return Verdict.RUNNING
        return Verdict.PARTLY if week.posted else Verdict.MISSED
    if week.posted:
        return Verdict.EXTRA
    days, mine = week.week.window, (None, week.channel_id)
    closed = any(p.channel_id in mine and p.first < days.end and p.last >= days.start for p in pauses)
    return Verdict.PAUSED if closed else Verdict.NOTHING


def paused(day: date, channel_id: int | None, pauses: Iterable[Pause]) -> bool:
    """Whether a local day lies in a pause of the business, or of the channel if one is named."""
    return any(
        pause.first <= day <= pause.last and (pause.channel_id is None or pause.channel_id == channel_id)
        for pause in pauses
    )


def streak(weeks: Sequence[ChannelWeek], current: Week) -> int:
    """The weeks in a row, up to ``current``, whose goal was met; ``weeks`` are in order, oldest first."""
    return _in_a_row([(week.week, week.met) for week in weeks], current)


def business_streak(channels: Iterable[Sequence[ChannelWeek]], current: Week) -> int:
    """The same for a business: a week is met when every channel that owed something met its goal."""
    verdicts: dict[Week, bool | None] = {}
    for weeks in channels:
        for week in weeks:
            if week.met is not None:
                verdicts[week.week] = week.met and verdicts.get(week.week) is not False
    return _in_a_row(sorted(verdicts.items()), current)


def _in_a_row(verdicts: Sequence[tuple[Week, bool | None]], current: Week) -> int:
    count = 0
    for week, met in reversed(verdicts):
        if week > current or met is None or (week == current and not met):
            continue
        if not met:
            break
        count += 1
    return count
