"""Rounds of answering reviews and messages: recurring like posts, with nothing to publish and a tick of their own.

A round is owed on its local day alone. One that nobody ticked off is over when its day is: what people wrote since is
answered in the next one, so that rounds never pile up. On a channel there is one a day, whichever cadence asks for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from planner.core.consistency import Counted
from planner.core.model import Post, Status, Window
from planner.language import N_

if TYPE_CHECKING:
    from planner.core.holidays import Placed  # which expands rules; a day's agenda does without

TITLE: Final = N_("Answer reviews and messages")


@dataclass(frozen=True, slots=True)
class Round:
    """An open round of a day; ``unticked`` is the day of its channel's last one before, if nobody ticked that off."""

    post: Post
    unticked: date | None = None


def rounds_of(posts: Collection[Post], today: date) -> tuple[Round, ...]:
    """The open rounds of a local day, one a channel, in due order; ``posts`` hold those of some weeks before, too."""
    mine = sorted((post for post in posts if post.is_round), key=lambda post: (post.due_local, post.id))
    due = {post.channel_id: post for post in reversed(mine) if post.open and post.due_local.date() == today}
    return tuple(Round(post, _unticked(post, mine, today)) for post in mine if due.get(post.channel_id) is post)


def _unticked(post: Post, rounds: Iterable[Post], today: date) -> date | None:
    before = [each for each in rounds if each.channel_id == post.channel_id and each.due_local.date() < today]
    return before[-1].due_local.date() if before and before[-1].open else None


def one_a_day(found: "Iterable[Placed]", taken: Iterable[date]) -> "list[Placed]":
    """Of the slots of a channel those on whose due day there is no round yet, the first of each day."""
    there = set(taken)
    left: list[Placed] = []
    for each in found:
        if each.due.date() not in there:
            there.add(each.due.date())
            left.append(each)
    return left


@dataclass(frozen=True, slots=True)
class Answered:
    """A channel's rounds of some days: how many there were up to today, and how many of these were ticked off.

    What was skipped was decided, and what is open today may still be done: both are left out.
    """

    rounds: int
    done: int


def answered(posts: Iterable[Counted], days: Window[date], today: date) -> dict[int, Answered]:
    """The rounds of a half-open window of local days, by channel; one without any is not there."""
    counted: dict[int, list[bool]] = {}
    for post in posts:
        day = post.due_local.date()
        left_out = post.status is Status.SKIPPED or (post.status is not Status.POSTED and day >= today)
        if post.is_round and day in days and not left_out:
            counted.setdefault(post.channel_id, []).append(post.status is Status.POSTED)
    return {channel_id: Answered(len(ticks), sum(ticks)) for channel_id, ticks in counted.items()}
