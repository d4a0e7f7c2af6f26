"""Feeds: making and revoking an address, finding the one of a secret, and what is in it.

A secret has 256 bits and is shown once; only its SHA-256 is kept, and it is found by that hash.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner import __version__
from planner.core import localtime
from planner.core.model import Business, Channel, Feed, FeedKind, Window
from planner.ical import BACK, Content
from planner.store.queries import businesses, channels, feeds, posts
from planner.store.queries.feeds import Found

_NOTED_EVERY: Final = timedelta(hours=1)
_SPARE: Final = timedelta(weeks=2)


def new_feed(
    tx: Connection,
    business: Business,
    *,
    channel: Channel | None = None,
    kind: FeedKind = FeedKind.EVENT,
    alarm_minutes: int | None = None,
    now: datetime,
) -> tuple[Feed, str]:
    """Make a feed of a business or of one channel: the feed, and its secret, which cannot be had again."""
    secret = secrets.token_urlsafe(32)
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
    """What a feed's bytes depend on, hashed: rows, local day, options, version, address. No event is built."""
    today = localtime.today(now, found.timezone)
    facts = (
        found.feed.id,
        found.revision,
        today,
        found.feed.kind,
        found.feed.alarm_minutes,
        base_url,
        __version__,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def content_of(tx: Connection, feed: Feed, now: datetime) -> Content:
    """What is in a feed: posts from ninety days back to the end of the horizon."""
    business = businesses.get(tx, feed.business_id)
    today = localtime.today(now, business.timezone)
    days = Window(today - BACK, today + timedelta(weeks=business.horizon_weeks) + _SPARE)
    there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    found = posts.due_between(tx, business.id, days, feed.channel_id)
    return Content(business, there, feed, tuple(found), today)


def wants_noting(feed: Feed, now: datetime) -> bool:
    """Whether a fetch is worth writing down: once an hour at most."""
    return feed.last_fetched_at is None or now - feed.last_fetched_at >= _NOTED_EVERY


def note_fetched(tx: Connection, feed: Feed, now: datetime, agent: str) -> None:
    """Write down that a calendar program fetched a feed just now, and which."""
    feeds.set_fetched(tx, feed.id, now, agent)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
