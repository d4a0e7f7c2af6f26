"""After a miss: what a friend would say about each post that slipped. Post it now, move it, or drop it.

Some posts age quickly (an offer, an event, a season), others keep (a tip, the team). At most two old posts stay open;
of more the oldest are dropped, since a pile of debts is what makes people give up. Days are local.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from planner.core.consistency import paused, standing
from planner.core.model import Pause, Pillar, Post, Standing, Window

MOST_OPEN: Final = 2
BACK: Final = 28  # days: of what is older nobody speaks
AHEAD: Final = 7  # days: further ahead no old post is moved
NEAR: Final = 1  # days: with the next post that near, an old one before it is one too many
KEEPS: Final = {  # for so many days after its own a post still makes sense
    Pillar.EVENT: 1,
    Pillar.OFFER: 3,
    Pillar.SEASON: 7,
    Pillar.THANKS: 10,
    Pillar.LOCAL: 14,
    Pillar.QUESTION: 21,
    Pillar.BEFORE_AFTER: BACK,
    Pillar.BEHIND_THE_SCENES: BACK,
    Pillar.TEAM: BACK,
    Pillar.TIP: BACK,
}


class Step(StrEnum):
    """What to do with a post that slipped."""

    POST = "post"
    MOVE = "move"
    DROP = "drop"


class Reason(StrEnum):
    """Why: it still fits; the next post is near; another old one is for today; today is paused; its time is over;
    there are more than two; the channel is full for a week.
    """

    FITS = "fits"
    NEAR = "near"
    ENOUGH = "enough"
    PAUSED = "paused"
    STALE = "stale"
    TOO_MANY = "too_many"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with a post and why; ``day`` is where to move it, None for the other steps."""

    post: Post
    step: Step
    reason: Reason
    day: date | None = None


def ahead_of(today: date) -> Window[date]:
    """The days to which an old post may be moved."""
    return Window(today + timedelta(days=1), today + timedelta(days=AHEAD + 1))


def slipped(posts: Iterable[Post], today: date, grace_days: int) -> list[Post]:
    """Of some posts those that are late or missed, from the last four weeks, in due order; no rounds of answering."""
    old = (Standing.LATE, Standing.MISSED)
    found = [
        post
        for post in posts
        if not post.is_round
        and (today - post.due_local.date()).days <= BACK
        and standing(post, today, grace_days) in old
    ]
    return sorted(found, key=lambda post: (post.due_local, post.id))


def advise(old: Sequence[Post], others: Iterable[Post], pauses: Collection[Pause], today: date) -> list[Advice]:
    """What to do with each of the posts that slipped, in the order given (oldest first).

    ``others`` are the open posts of today and the week ahead. The newest two that still make sense are kept, the newest
    decided on first.
    """
    desk = _Desk(others, pauses, today)
    return [*reversed([desk.decide(post) for post in reversed(old)])]


class _Desk:
    """What is taken already while posts are decided on one by one."""

    def __init__(self, others: Iterable[Post], pauses: Collection[Pause], today: date) -> None:
        self.pauses, self.today, self.kept = pauses, today, 0
        self.taken = {(post.channel_id, post.due_local.date()) for post in others if not post.is_round}
        self.for_today: set[int] = set()

    def decide(self, post: Post) -> Advice:
        """Decide on a post, and remember what that takes."""
        advice = self._decided(post)
        if advice.step is Step.DROP:
            return advice
        self.kept += 1
        if advice.day is None:
            self.for_today.add(post.channel_id)
        else:
            self.taken.add((post.channel_id, advice.day))
        return advice

    def _decided(self, post: Post) -> Advice:
        last = post.due_local.date() + timedelta(days=KEEPS[post.pillar] if post.pillar else 0)
        if last < self.today:
            return Advice(post, Step.DROP, Reason.STALE)
        if self.kept >= MOST_OPEN:
            return Advice(post, Step.DROP, Reason.TOO_MANY)
        against = self._against_today(post.channel_id)
        if against is None:
            return Advice(post, Step.POST, Reason.FITS)
        day = self._free_day(post.channel_id)
        if day is None:
            return Advice(post, Step.DROP, Reason.FULL)
        return Advice(post, Step.MOVE, against, day) if day <= last else Advice(post, Step.DROP, Reason.STALE)

    def _against_today(self, channel_id: int) -> Reason | None:
        """Why an old post should not go out today; None if nothing speaks against it."""
        if paused(self.today, channel_id, self.pauses):
            return Reason.PAUSED
        if channel_id in self.for_today:
            return Reason.ENOUGH
        near = (self.today + timedelta(days=n) for n in range(NEAR + 1))
        return Reason.NEAR if any((channel_id, day) in self.taken for day in near) else None

    def _free_day(self, channel_id: int) -> date | None:
        days = ahead_of(self.today)
        for n in range(AHEAD):
            day = days.start + timedelta(days=n)
            if (channel_id, day) not in self.taken and not paused(day, channel_id, self.pauses):
                return day
        return None
