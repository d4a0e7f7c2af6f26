"""What the shells and the mails show: a day's agenda, a span of days, the summary of a week, a post in JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from planner.actions import steps
from planner.actions.consistency import history_of
from planner.core import localtime
from planner.core.agenda import Agenda, agenda, free_day
from planner.core.catching_up import BACK, Advice, advise, slipped
from planner.core.consistency import ChannelWeek, business_streak, standing, streak
from planner.core.model import Business, Channel, Pause, Post, Standing, Window
from planner.core.rounds import Answered
from planner.core.weeks import Week
from planner.store.queries import pauses, posts

if TYPE_CHECKING:
    from planner.actions.catching_up import Offer

OPEN_FOR: Final = timedelta(days=28)
LOOK_AHEAD: Final = 28  # days


@dataclass(frozen=True, slots=True)
class ChannelSummary:
    """A channel's week beside the week before, and its streak; ``answered`` if it had rounds of answering."""

    channel: Channel
    this: ChannelWeek
    before: ChannelWeek
    streak: int
    answered: Answered | None = None


class Outcome(StrEnum):
    """A week in a word: nothing planned, still to come, not over yet, every goal met, or at least all decided."""

    NOTHING = "nothing"
    COMING = "coming"
    RUNNING = "running"
    PRAISE = "praise"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Summary:
    """A week of a business: channel by channel, the streak, and the posts that ask for a decision.

    ``missed`` are the week's posts that are missed or still open late; ``older`` the missed ones of the three
    weeks before. Of a week to come there are none. ``free_days`` has, by the ids of these posts, the next day on which
    nothing is due on the post's channel, ``advice`` what a friend would do with them today. ``offers`` are there
    for the running week and the one before.
    """

    business: Business
    week: Week
    today: date
    channels: tuple[ChannelSummary, ...]
    streak: int
    missed: tuple[Post, ...]
    older: tuple[Post, ...]
    free_days: Mapping[int, date]
    advice: Mapping[int, Advice]
    offers: "tuple[Offer, ...]"

    @property
    def over(self) -> bool:
        """Whether the week lies behind us."""
        return self.week.window.end <= self.today

    @property
    def outcome(self) -> Outcome:
        """What there is to say of a week that leaves nothing to decide."""
        if not any(line.this.planned or line.this.goal for line in self.channels):
            return Outcome.NOTHING
        if not self.over:
            return Outcome.COMING if self.week.monday > self.today else Outcome.RUNNING
        return Outcome.PRAISE if self.every_goal_met else Outcome.SETTLED

    @property
    def every_goal_met(self) -> bool:
        """Whether no channel fell short of what it owed."""
        return all(channel.this.met is not False for channel in self.channels)

    @property
    def anything_missed(self) -> bool:
        """Whether a post of the week was missed."""
        return any(channel.this.missed for channel in self.channels)


def agenda_of(tx: Connection, business: Business, now: datetime, *, days_ahead: int = 7) -> Agenda:
    """What is due today, still open from the last four weeks, done today, and coming up; later ones if videos."""
    today = localtime.today(now, business.timezone)
    this_day = Window(today, today + timedelta(days=1))
    near, late = Window(today, today + timedelta(days=days_ahead + 1)), Window(today - OPEN_FOR, today)
    making = Window(today + timedelta(days=1), today + timedelta(days=1) + steps.ahead())
    made = localtime.instants(this_day, business.timezone)
    found = posts.for_agenda(tx, business.id, near, late, made, (making, steps.platforms()))
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
    from planner.actions.catching_up import offers_of  # expands rules, which today's agenda does without

    today = localtime.today(now, business.timezone)
    found = history_of(tx, business, week, today)
    current = Week.of(today)
    asking = Window(week.plus(-3).monday, week.window.end)
    ahead = Window(today + timedelta(days=1), today + timedelta(days=LOOK_AHEAD + 1))
    recent = Window(today - timedelta(days=BACK), ahead.end)
    still_open = posts.open_between(tx, business.id, asking, recent)
    missed: list[Post] = []
    older: list[Post] = []
    if week <= current:  # what a coming week leaves open nobody knows
        missed = _standing(still_open, week.window, business, today, (Standing.LATE, Standing.MISSED))
        older = _standing(still_open, Window(asking.start, week.monday), business, today, (Standing.MISSED,))
    return Summary(
        business,
        week,
        today,
        tuple(
            ChannelSummary(each, weeks[-1], weeks[-2], streak(weeks, current), found.answered.get(each.id))
            for each, weeks in ((each, found.weeks[each.id]) for each in found.channels)
        ),
        business_streak(found.weeks.values(), current),
        tuple(missed),
        tuple(older),
        {post.id: day for post in (*missed, *older) if (day := free_day(post, still_open, ahead, found.pauses))},
        _advice([*older, *missed], still_open, found.pauses, business, today),
        tuple(offers_of(tx, business, found, today)) if week in (current, current.plus(-1)) else (),
    )


def _advice(
    asking: Sequence[Post],
    still_open: Sequence[Post],
    closed: Sequence[Pause],
    business: Business,
    today: date,
) -> dict[int, Advice]:
    """What to do with posts that ask for a decision, beside all others that slipped: two in all are kept."""
    coming = [post for post in still_open if post.due_local.date() >= today]
    old = {post.id: post for post in (*asking, *slipped(still_open, today, business.grace_days))}
    ordered = sorted(old.values(), key=lambda post: (post.due_local, post.id))
    return {each.post.id: each for each in advise(ordered, coming, closed, today)}


def _standing(
    found: Sequence[Post], days: Window[date], business: Business, today: date, wanted: tuple[Standing, ...]
) -> list[Post]:
    return [
        post
        for post in found
        if post.due_local.date() in days and not post.is_round and standing(post, today, business.grace_days) in wanted
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
        "pillar": post.pillar and post.pillar.value,
        "purpose": post.purpose.value,
        "due": post.due_at.astimezone(localtime.zone(business.timezone)).isoformat(timespec="minutes"),
        "status": post.status.value,
        "standing": standing(post, today, business.grace_days).value,
        "link": post.link,
    }
