"""What the shells and the mails show: a day's agenda, a span of days, the summary of a week, a post in JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from planner.core import localtime
from planner.core.agenda import Agenda, agenda
from planner.core.consistency import ChannelWeek, business_streak, channel_week, standing, streak
from planner.core.model import Business, Channel, Pause, Post, Standing, Window
from planner.core.weeks import Week
from planner.store.queries import channels, pauses, posts

OPEN_FOR: Final = timedelta(days=28)
_LOOK_BACK: Final = 104


@dataclass(frozen=True, slots=True)
class ChannelSummary:
    """A channel's week beside the week before, and its streak."""

    channel: Channel
    this: ChannelWeek
    before: ChannelWeek
    streak: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A week of a business: channel by channel, the streak, and the posts that ask for a decision.

    ``missed`` are the week's posts that are missed or still open late; ``older`` the missed ones of the three
    weeks before. Of a week to come there are none.
    """

    business: Business
    week: Week
    today: date
    channels: tuple[ChannelSummary, ...]
    streak: int
    missed: tuple[Post, ...]
    older: tuple[Post, ...]

    @property
    def over(self) -> bool:
        """Whether the week lies behind us."""
        return self.week.window.end <= self.today

    @property
    def every_goal_met(self) -> bool:
        """Whether no channel fell short of what it owed."""
        return all(channel.this.met is not False for channel in self.channels)

    @property
    def anything_missed(self) -> bool:
        """Whether a post of the week was missed."""
        return any(channel.this.missed for channel in self.channels)


def agenda_of(tx: Connection, business: Business, now: datetime, *, days_ahead: int = 7) -> Agenda:
    """What is due today, still open from the last four weeks, done today, and coming up."""
    today = localtime.today(now, business.timezone)
    this_day = Window(today, today + timedelta(days=1))
    near, late = Window(today, today + timedelta(days=days_ahead + 1)), Window(today - OPEN_FOR, today)
    found = posts.for_agenda(tx, business.id, near, late, _instants(this_day, business.timezone))
    return agenda(found, today, business.grace_days, days_ahead, timezone=business.timezone)


@dataclass(frozen=True, slots=True)
class Span:
    """The posts of some days, with what shades them: pauses."""

    days: Window[date]
    posts: tuple[Post, ...]
    pauses: tuple[Pause, ...]


def span_of(tx: Connection, business: Business, days: Window[date]) -> Span:
    """The posts due on days of a half-open window, and the pauses that touch it."""
    closed = [p for p in pauses.of_business(tx, business.id, since=days.start) if p.first < days.end]
    return Span(days, tuple(posts.due_between(tx, business.id, days)), tuple(closed))


def summary_of(tx: Connection, business: Business, week: Week, now: datetime) -> Summary:
    """The summary of a week as seen at ``now``."""
    today = localtime.today(now, business.timezone)
    first = week.plus(-_LOOK_BACK)
    days = Window(first.monday, week.window.end)
    found = posts.touching(tx, business.id, days, _instants(days, business.timezone))
    closed = pauses.of_business(tx, business.id, since=days.start)
    there = channels.of_business(tx, business.id)
    history = {c.id: _weeks(c, found, closed, business, first, week, today) for c in there}
    current = Week.of(today)
    lines = [ChannelSummary(c, history[c.id][-1], history[c.id][-2], streak(history[c.id], current)) for c in there]
    older = Window(week.plus(-3).monday, week.monday)
    asking = found if week <= current else []  # what a coming week leaves open nobody knows
    return Summary(
        business,
        week,
        today,
        tuple(lines),
        business_streak(history.values(), current),
        tuple(_open(asking, week.window, business, today, (Standing.LATE, Standing.MISSED))),
        tuple(_open(asking, older, business, today, (Standing.MISSED,))),
    )


def _instants(days: Window[date], timezone: str) -> Window[datetime]:
    start, end = (localtime.instant(datetime.combine(day, time()), timezone) for day in (days.start, days.end))
    return Window(start, end)


def _weeks(
    channel: Channel,
    found: Sequence[Post],
    closed: Sequence[Pause],
    business: Business,
    first: Week,
    last: Week,
    today: date,
) -> list[ChannelWeek]:
    """The channel's weeks from ``first`` to ``last``; each is given only the posts that can touch it."""
    near: dict[Week, list[Post]] = {}
    for post in found:
        if post.channel_id == channel.id:
            touched = {Week.of(post.due_local.date())}
            if post.slot:
                touched.add(Week.of(post.slot.date()))
            if post.posted_at:
                touched.add(Week.of(localtime.today(post.posted_at, business.timezone)))
            for week in touched:
                near.setdefault(week, []).append(post)
    weeks, week = [], first
    while week <= last:
        if week in near or week >= last.plus(-1):
            weeks.append(
                channel_week(
                    channel.id,
                    week,
                    near.get(week, ()),
                    closed,
                    today=today,
                    grace_days=business.grace_days,
                    timezone=business.timezone,
                )
            )
        week = week.plus(1)
    return weeks


def _open(
    found: Sequence[Post], days: Window[date], business: Business, today: date, wanted: tuple[Standing, ...]
) -> list[Post]:
    return [
        post for post in found if post.due_local.date() in days and standing(post, today, business.grace_days) in wanted
    ]


def post_fields(post: Post, business: Business, channel: Channel, now: datetime) -> dict[str, Any]:
    """A post as JSON values, with stable names in a stable order; ``due`` is ISO 8601 with its offset."""
    today = localtime.today(now, business.timezone)
    return {
        "id": post.id,
        "uid": post.uid,
        "business": business.name,
        "channel": channel.name,
        "platform": channel.platform,
        "title": post.title,
        "pillar": post.pillar.value,
        "due": post.due_at.astimezone(localtime.zone(business.timezone)).isoformat(timespec="minutes"),
        "status": post.status.value,
        "standing": standing(post, today, business.grace_days).value,
        "link": post.link,
    }
