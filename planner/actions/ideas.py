"""What a person does with ideas: write one down, change it, remove it, make a post of it, and take that back.

An idea becomes a post in one of two ways: its words go into a planned post that nobody has worked on yet, or it
becomes a post of its own on a day. Either way the idea keeps its row, and is open again when it is taken back.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.actions import posts as verbs
from planner.actions.drafting import text_of, title_of
from planner.catalogue.occasions import marked
from planner.core import localtime, runway
from planner.core.consistency import paused
from planner.core.model import Business, Channel, Deed, Idea, Pillar, Post, Status, Window
from planner.core.runway import Runway
from planner.errors import PlannerError, UsageError
from planner.language import N_
from planner.links import PlacedClaim
from planner.store.queries import cadences, channels, history, ideas, pauses, posts
from planner.store.queries.ideas import NoSuchIdea

SLOTS_AHEAD: Final = 28
DAYS_AHEAD: Final = 14


class IdeaUsed(PlannerError):
    message = N_("This idea has become a post in the meantime. Nothing was changed.")
    http_status = 409


class SlotTaken(PlannerError):
    message = N_("Somebody has worked on this post already, or it is settled. Choose another; nothing was changed.")
    http_status = 409


class OtherChannel(UsageError):
    message = N_("This idea is meant for another channel. Choose a post of that one, or change the idea.")


class DayIsOver(UsageError):
    message = N_("This day is over. Choose today or a later day.")


@dataclass(frozen=True, slots=True)
class Placed:
    """An idea and the post it became; ``before`` is how that one was, None if it is new."""

    idea: Idea
    before: Post | None
    after: Post


@dataclass(frozen=True, slots=True)
class Day:
    """A day onto which ideas can be put: planned posts nobody has worked on, or nothing at all yet (``free``)."""

    date: date
    posts: tuple[Post, ...]
    free: bool


def add_idea(
    tx: Connection,
    business: Business,
    *,
    title: str,
    text: str = "",
    pillar: Pillar = Pillar.QUESTION,
    channel_id: int | None = None,
    occasion: str = "",
    now: datetime,
) -> Idea:
    """Write an idea down, for a channel or any; ``occasion`` if it is of a day. Raises FieldRefused, NoSuchChannel."""
    _check_channel(tx, business, channel_id)
    return ideas.add(
        tx, business_id=business.id, channel_id=channel_id, pillar=pillar.value, title=title_of(title),
        text=text_of(text), occasion=occasion, created_at=now,
    )  # fmt: skip


def edit_idea(
    tx: Connection,
    business: Business,
    idea_id: int,
    *,
    title: str,
    text: str,
    pillar: Pillar,
    channel_id: int | None,
    seen: int | None = None,
) -> Idea:
    """Change an idea, if its revision still is the one that was seen.

    Raises FieldRefused, NoSuchChannel, IdeaUsed, IdeaChangedMeanwhile.
    """
    before = _waiting(tx, business, idea_id)
    if seen is not None and seen != before.revision:
        raise ideas.IdeaChangedMeanwhile
    _check_channel(tx, business, channel_id)
    return ideas.change(
        tx, before, title=title_of(title), text=text_of(text), pillar=pillar.value, channel_id=channel_id
    )


def remove_idea(tx: Connection, business: Business, idea_id: int) -> Idea:
    """Remove an idea for good. Raises IdeaUsed."""
    removed = _waiting(tx, business, idea_id)
    ideas.remove(tx, removed)
    return removed


def put_into_post(tx: Connection, business: Business, idea_id: int, post_id: int, *, now: datetime) -> Placed:
    """Put an idea's words into a planned post that nobody has worked on.

    Raises IdeaUsed, SlotTaken, OtherChannel, ChangedMeanwhile.
    """
    idea = _waiting(tx, business, idea_id)
    before = posts.get(tx, post_id, business.id)
    if not _takes_words(before):
        raise SlotTaken
    _check_fits(idea, before.channel_id)
    after = posts.change(
        tx, before, now=now, title=idea.title, text=idea.text, hint=hint_of(business, idea), pillar=idea.pillar.value,
        status=Status.DRAFTED.value, edited=True,
    )  # fmt: skip
    history.add(tx, post_id, now, Deed.EDITED, "title,text,pillar")
    return Placed(_used(tx, idea, post_id), before, after)


def put_onto_day(
    tx: Connection, business: Business, idea_id: int, channel: Channel, due_local: datetime, *, now: datetime
) -> Placed:
    """Make a post of its own of an idea, due at a naive local time. Raises IdeaUsed, OtherChannel, DayIsOver."""
    idea = _waiting(tx, business, idea_id)
    _check_fits(idea, channel.id)
    if due_local.date() < localtime.today(now, business.timezone):
        raise DayIsOver
    made = verbs.add(
        tx, business, channel, due_local, pillar=idea.pillar, title=idea.title, text=idea.text,
        hint=hint_of(business, idea), now=now,
    )  # fmt: skip
    return Placed(_used(tx, idea, made.id), None, made)


def hint_of(business: Business, idea: Idea) -> str:
    """What the owner may add to an idea of a day; nothing for any other."""
    day = marked(idea.occasion) if idea.occasion else None
    return day.hint(business.language) if day else ""


def take_back(tx: Connection, business: Business, claim: PlacedClaim, *, now: datetime) -> bool:
    """Make an idea open again and its post what it was; False if somebody changed the post since, or the idea."""
    try:
        idea = ideas.get(tx, business.id, claim.idea_id)
        post = posts.get(tx, claim.post_id, business.id)
    except PlannerError:
        return False
    if idea.post_id != post.id or post.revision != claim.revision:
        return False
    ideas.change(tx, idea, post_id=None)
    if claim.was is None:
        posts.remove(tx, post)
        return True
    title, text, pillar, hint = claim.was
    posts.change(
        tx, post, now=now, title=title, text=text, pillar=pillar, hint=hint, status=Status.PLANNED.value, edited=False
    )
    history.add(tx, post.id, now, Deed.EDITED, "title,text,pillar")
    return True


def room_for(tx: Connection, business: Business, now: datetime) -> list[Day]:
    """The next days onto which an idea can be put: with open slots in four weeks, without anything in two."""
    today = localtime.today(now, business.timezone)
    found = posts.due_between(tx, business.id, Window(today, today + timedelta(days=SLOTS_AHEAD)))
    closed = pauses.of_business(tx, business.id, since=today)
    days = []
    for ahead in range(SLOTS_AHEAD):
        day = today + timedelta(days=ahead)
        there = [post for post in found if post.due_local.date() == day and not post.is_round]
        free = not there and ahead < DAYS_AHEAD and not paused(day, None, closed)
        open_slots = tuple(post for post in there if _takes_words(post))
        if free or open_slots:
            days.append(Day(day, open_slots, free))
    return days


def runway_of(tx: Connection, business: Business, counted: Counter[int | None], now: datetime) -> Runway:
    """How long a business's open ideas, counted by channel, last at its cadences of today."""
    start = localtime.wall(now, business.timezone)
    active = cadences.of_business(tx, business.id, active_on=start)
    return runway.runway(runway.pace(active, start, business.timezone), counted)


def _waiting(tx: Connection, business: Business, idea_id: int) -> Idea:
    idea = ideas.get(tx, business.id, idea_id)
    if idea.post_id is not None:
        raise IdeaUsed
    return idea


def _used(tx: Connection, idea: Idea, post_id: int) -> Idea:
    try:
        return ideas.change(tx, idea, post_id=post_id)
    except (ideas.IdeaChangedMeanwhile, NoSuchIdea) as error:
        raise IdeaUsed from error


def _takes_words(post: Post) -> bool:
    """Whether nothing of anybody is lost when other words take the place of its own; a round of answering has none."""
    return post.status is Status.PLANNED and not post.edited and not post.is_round


def _check_channel(tx: Connection, business: Business, channel_id: int | None) -> None:
    if channel_id is not None:
        channels.get(tx, business.id, channel_id)


def _check_fits(idea: Idea, channel_id: int) -> None:
    if idea.channel_id not in (None, channel_id):
        raise OtherChannel
