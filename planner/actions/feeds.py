"""Feeds: making and revoking an address, finding the one of a secret, and what is in it.

A secret has 256 bits and is shown once; only its SHA-256 is kept, and it is found by that hash.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from planner import __version__
from planner.actions import steps
from planner.core import localtime
from planner.core.model import Business, Channel, Feed, FeedKind, Post, Window
from planner.core.steps import NextStep
from planner.ical import BACK, Content
from planner.store.queries import businesses, channels, feeds, pauses
from planner.store.queries.feeds import Found

_NOTED_EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 1_000
_SPARE: Final = timedelta(weeks=2)


def new_feed(
    tx: Connection,
    business: Business,
    *,
    channel: Channel | None = None,
    kind: FeedKind = FeedKind.EVENT,
    alarm_minutes: int | None = None,
    secret: str = "",
    now: datetime,
) -> tuple[Feed, str]:
    """Make a feed of a business or of one channel: the feed, and its secret, which cannot be had again.

    A ``secret`` that is given (of 256 bits) makes one feed, however often: the second time it is the one there is.
    """
    secret = secret or secrets.token_urlsafe(32)
    feed = feeds.add(
        tx,
        business_id=business.id,
        channel_id=channel.id if channel else None,
        kind=kind,
        alarm_minutes=alarm_minutes,
        secret_hash=hash_of(secret),
        now=now,
    )
    return feed, secret


def unsaved_feed(
    business: Business, *, channel: Channel | None, kind: FeedKind, alarm_minutes: int | None, now: datetime
) -> Feed:
    """A feed that has no address, for writing its content into a file."""
    channel_id = channel.id if channel else None
    return Feed(
        id=0, business_id=business.id, channel_id=channel_id, kind=kind, alarm_minutes=alarm_minutes, created_at=now
    )


def revoke_feed(tx: Connection, business: Business, feed_id: int, *, now: datetime) -> Feed:
    """End a feed. Raises NoSuchFeed."""
    feed = feeds.get(tx, business.id, feed_id)
    feeds.revoke(tx, feed, now)
    return feed


def find(tx: Connection, secret: str) -> Found | None:
    """The live feed of a secret; None for an unknown, a malformed and a revoked one alike."""
    return feeds.by_secret(tx, hash_of(secret))


def etag(found: Found, base_url: str, now: datetime) -> str:
    """What a feed's bytes depend on, hashed: rows, local day, options, version, address, the file of steps.

    No event is built.
    """
    today = localtime.today(now, found.timezone)
    facts = (
        found.feed.id,
        found.revision,
        today,
        found.feed.kind,
        found.feed.alarm_minutes,
        found.failing,
        base_url,
        __version__,
        steps.fingerprint() if found.feed.kind is FeedKind.TODO else "",
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


class FeedReader:
    """Reads what is in feeds, keeping the posts whose rows have not changed. Safe to share between threads."""

    def __init__(self, keep: int = 10_000) -> None:
        """``keep`` is how many posts are remembered."""
        self._keep = keep
        self._posts: OrderedDict[tuple[object, ...], Post] = OrderedDict()
        self.read = 0

    def content_of(self, tx: Connection, feed: Feed, now: datetime) -> Content:
        """What is in a feed: posts from ninety days back to the end of the horizon."""
        business = businesses.get(tx, feed.business_id)
        today = localtime.today(now, business.timezone)
        days = Window(today - BACK, today + timedelta(weeks=business.horizon_weeks) + _SPARE)
        there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
        # Texts are made anew without a revision when the business gets another name or language.
        keys = [
            (*stamp, business.name, business.language) for stamp in feeds.stamps(tx, business.id, days, feed.channel_id)
        ]
        found = tuple(self._posts_of(tx, keys))
        return Content(business, there, feed, found, today, _steps(tx, business, there, feed, found, today))

    def _posts_of(self, tx: Connection, keys: list[tuple[Any, ...]]) -> Iterator[Post]:
        kept = {key: self._posts.get(key) for key in keys}
        missing = [key[0] for key, post in kept.items() if post is None]
        for some in (missing[start : start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE)):
            new = feeds.posts_by_ids(tx, some)
            kept.update((key, new[key[0]]) for key in keys if key[0] in new)
            self.read += len(new)
        for key, post in kept.items():
            if post is not None:  # on PostgreSQL one may be taken back between two statements
                self._posts[key] = post
                yield post
        while len(self._posts) > self._keep:
            with suppress(KeyError):  # another thread was quicker
                self._posts.popitem(last=False)


def _steps(
    tx: Connection, business: Business, there: dict[int, Channel], feed: Feed, found: tuple[Post, ...], today: date
) -> dict[int, NextStep]:
    """The next step of each video, in a feed of tasks."""
    if feed.kind is not FeedKind.TODO:
        return {}
    closed = pauses.of_business(tx, business.id)
    return {step.post.id: step for step in steps.next_of(found, business, there, closed, today)}


def content_of(tx: Connection, feed: Feed, now: datetime) -> Content:
    """What is in a feed, for once."""
    return FeedReader().content_of(tx, feed, now)


def wants_noting(feed: Feed, now: datetime) -> bool:
    """Whether a fetch is worth writing down: once an hour at most."""
    return feed.last_fetched_at is None or now - feed.last_fetched_at >= _NOTED_EVERY


def note_fetched(tx: Connection, feed: Feed, now: datetime, agent: str) -> None:
    """Write down that a calendar program fetched a feed just now, and which."""
    feeds.set_fetched(tx, feed.id, now, agent)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
