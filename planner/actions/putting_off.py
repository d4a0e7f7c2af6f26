"""Putting a post off: to tomorrow, or by a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from planner.actions.posts import Change, move, not_posted
from planner.core import localtime
from planner.core.consistency import paused
from planner.core.model import Post
from planner.store.queries import businesses, pauses, posts


def tomorrow(tx: Connection, post_id: int, *, now: datetime, seen: datetime | None = None) -> Change:
    """Make a post due tomorrow, the day after today.

    The time of day stays; paused days are passed over. ``seen`` is when the post was due for whoever asked (naive
    local): a second tap does not move it twice. Raises AlreadyPosted; with ``seen`` MovedMeanwhile when it is due at
    yet another time by now, SkippedMeanwhile.
    """
    return _onto(tx, post_id, lambda post, today: today + timedelta(days=1), now=now, seen=seen)


def later(tx: Connection, post_id: int, *, now: datetime, seen: datetime | None = None) -> Change:
    """Make a post due a day later than it is; in all else like ``tomorrow``, as which it is due if it is late."""
    return _onto(tx, post_id, lambda post, today: max(post.due_local.date(), today) + timedelta(days=1), now=now,
                 seen=seen)  # fmt: skip


def _onto(
    tx: Connection, post_id: int, wanted: Callable[[Post, date], date], *, now: datetime, seen: datetime | None
) -> Change:
    """Make a post due on the first day from a wanted one that is not paused, counted from how it was seen."""
    post = posts.get(tx, post_id)
    not_posted(post)
    if seen is not None:
        post = replace(post, due_local=seen)
    business = businesses.get(tx, post.business_id)
    day = wanted(post, localtime.today(now, business.timezone))
    closed = pauses.of_business(tx, business.id, since=day)
    while paused(day, post.channel_id, closed):
        day += timedelta(days=1)
    return move(tx, post_id, datetime.combine(day, post.due_local.time()), now=now, seen=seen,
                only_open=seen is not None)  # fmt: skip
