"""Looking back over many weeks: what channels owed and made of it, what to draw of that, how late posts came."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.core import localtime
from planner.core.consistency import (
    ChannelWeek,
    PostTimes,
    Verdict,
    business_streak,
    channel_weeks,
    streak,
    verdict,
)
from planner.core.delay import Delays, delays
from planner.core.mix import MonthMix, month_mix
from planner.core.model import Business, Channel, Pause, Window
from planner.core.rounds import Answered, answered
from planner.core.weeks import Week
from planner.store.queries import channels, posts

LOOK_BACK: Final = 104  # weeks: no streak is longer
WEEKS: Final = 26


@dataclass(frozen=True, slots=True)
class History:
    """A business up to some week: the times of its posts, its pauses, the weeks of each channel in order.

    ``answered`` are the rounds of answering of the days that were asked for, by channel.
    """

    channels: tuple[Channel, ...]
    posts: tuple[PostTimes, ...]
    pauses: tuple[Pause, ...]
    weeks: dict[int, list[ChannelWeek]]
    answered: dict[int, Answered]


def history_of(
    tx: Connection, business: Business, last: Week, today: date, answering: Window[date] | None = None
) -> History:
    """What the figures of a week and the streak up to it are made of, in two statements.

    ``answering`` are the days whose rounds are counted; those of the week if None.
    """
    first = last.plus(-LOOK_BACK)
    days, rounds = Window(first.monday, last.window.end), answering or last.window
    times = posts.touching(tx, business.id, days, localtime.instants(days, business.timezone), rounds)
    found = [each for each in times if not each.is_round]
    there, closed = channels.with_pauses(tx, business.id, days.start)
    weeks = channel_weeks(
        list(there),
        first,
        last,
        found,
        closed,
        today=today,
        grace_days=business.grace_days,
        timezone=business.timezone,
    )
    return History(tuple(there.values()), tuple(found), tuple(closed), weeks, answered(times, rounds, today))


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A channel over some weeks: each with its verdict, its goal and what was posted in all, the delays, the streak.

    ``answered`` if it had rounds of answering: they stand beside the goal and not in it.
    """

    channel: Channel
    weeks: tuple[tuple[ChannelWeek, Verdict], ...]
    goal: int
    posted: int
    delays: Delays
    streak: int
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A business over some weeks in order; streaks are as they stand in the last of them.

    The mix is that of the running month.
    """

    weeks: tuple[Week, ...]
    current: Week
    channels: tuple[ChannelRecord, ...]
    delays: Delays
    streak: int
    mix: MonthMix
    today: date


def record_of(tx: Connection, business: Business, now: datetime, last: Week | None = None) -> Record:
    """Half a year up to a week (the running one if None) as seen at ``now``."""
    today = localtime.today(now, business.timezone)
    current = Week.of(today)
    until = min(last or current, current)
    weeks = tuple(until.plus(n - WEEKS + 1) for n in range(WEEKS))
    days = Window(weeks[0].monday, until.window.end)
    found = history_of(tx, business, until, today, days)
    lines = tuple(_line(each, found, weeks, business, today) for each in found.channels)
    together = delays(found.posts, days, found.pauses, business.timezone)
    in_a_row = business_streak(found.weeks.values(), current)
    return Record(weeks, current, lines, together, in_a_row, mix_of(tx, business, today, today), today)


@dataclass(frozen=True, slots=True)
class Month:
    """The month of a local day, and what it is made of."""

    day: date
    mix: MonthMix


def month_of(tx: Connection, business: Business, week: Week, now: datetime) -> Month:
    """The month to which a week belongs (that of its Thursday), as it looks at ``now``."""
    thursday = week.monday + timedelta(days=3)
    return Month(thursday, mix_of(tx, business, thursday, localtime.today(now, business.timezone)))


def mix_of(tx: Connection, business: Business, month: date, today: date) -> MonthMix:
    """What the month of a local day is made of, as it looks today; one statement."""
    first = month.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return month_mix(posts.due_between(tx, business.id, Window(first, after)), month, today, business.grace_days)


def _line(channel: Channel, found: History, weeks: tuple[Week, ...], business: Business, today: date) -> ChannelRecord:
    shown = found.weeks[channel.id][-len(weeks) :]
    mine = [post for post in found.posts if post.channel_id == channel.id]
    days = Window(weeks[0].monday, weeks[-1].window.end)
    return ChannelRecord(
        channel,
        tuple((week, verdict(week, found.pauses, today)) for week in shown),
        sum(week.goal for week in shown),
        sum(week.posted for week in shown),
        delays(mine, days, found.pauses, business.timezone),
        streak(found.weeks[channel.id], Week.of(today)),
        found.answered.get(channel.id),
    )
