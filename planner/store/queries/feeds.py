"""Feeds: found by the hash of their secret, in one indexed query together with their business."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, func, select, type_coerce, update
from sqlalchemy.types import NullType

from planner.core.model import Feed, FeedKind, Post, Window
from planner.errors import NoSuchFeed
from planner.store.queries import lost
from planner.store.rows import as_feed, as_post
from planner.store.tables import business, feed, post, transport
from planner.store.upsert import insert_into

Stamp = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A live feed with what its bytes depend on besides the posts' rows.

    ``failing`` is why mails do not get out at the moment, or those of its business did not get through (see
    ``language.said``); empty if they do.
    """

    feed: Feed
    revision: int
    timezone: str
    failing: str = ""


def add(
    tx: Connection,
    *,
    business_id: int,
    channel_id: int | None,
    kind: FeedKind,
    alarm_minutes: int | None,
    secret_hash: str,
    now: datetime,
) -> Feed:
    """Store a feed under the hash of its secret; the one that is there already under this hash stays as it is."""
    values = {
        "business_id": business_id,
        "channel_id": channel_id,
        "kind": kind.value,
        "alarm_minutes": alarm_minutes,
        "created_at": now,
    }
    new = insert_into(tx, feed).values(**values, secret_hash=secret_hash)
    tx.execute(new.on_conflict_do_nothing(index_elements=["secret_hash"]))
    return as_feed(tx.execute(select(feed).where(feed.c.secret_hash == secret_hash)).one())


def by_secret(tx: Connection, secret_hash: str) -> Found | None:
    """The live feed of a secret's hash, with its business's revision and zone; None if unknown or revoked."""
    way_out = select(func.max(transport.c.reason)).where(transport.c.failures > 0).scalar_subquery()
    failing = func.coalesce(way_out, lost.newest_reason())
    statement = (
        select(feed, business.c.revision, business.c.timezone, failing.label("failing"))
        .join(business, business.c.id == feed.c.business_id)
        .where(feed.c.secret_hash == secret_hash, feed.c.revoked_at.is_(None))
    )
    row = tx.execute(statement).first()
    if row is None:
        return None
    values = dict(row._mapping)
    revision, timezone, why = values.pop("revision"), values.pop("timezone"), values.pop("failing") or ""
    values.pop("secret_hash")
    values["kind"] = FeedKind(values["kind"])
    return Found(Feed(**values), revision, timezone, why)


def get(tx: Connection, business_id: int, feed_id: int) -> Feed:
    """A feed of a business by id. Raises NoSuchFeed."""
    statement = select(feed).where(feed.c.business_id == business_id, feed.c.id == feed_id)
    if (row := tx.execute(statement).first()) is None:
        raise NoSuchFeed(id=feed_id)
    return as_feed(row)


def of_business(tx: Connection, business_id: int) -> list[Feed]:
    """The feeds of a business, revoked ones too, oldest first."""
    rows = tx.execute(select(feed).where(feed.c.business_id == business_id).order_by(feed.c.id))
    return [as_feed(row) for row in rows]


def live(tx: Connection, business_id: int) -> list[Feed]:
    """The feeds of a business that have not been revoked, newest first."""
    wanted = (feed.c.business_id == business_id) & feed.c.revoked_at.is_(None)
    return [as_feed(row) for row in tx.execute(select(feed).where(wanted).order_by(feed.c.id.desc()))]


def ended(tx: Connection, business_id: int, *, skip: int, limit: int) -> list[Feed]:
    """The revoked feeds of a business, the one that ended last first."""
    wanted = (feed.c.business_id == business_id) & feed.c.revoked_at.is_not(None)
    newest = feed.c.revoked_at.desc(), feed.c.id.desc()
    return [as_feed(row) for row in tx.execute(select(feed).where(wanted).order_by(*newest).offset(skip).limit(limit))]


def count_ended(tx: Connection, business_id: int) -> int:
    """How many feeds of a business were revoked."""
    wanted = (feed.c.business_id == business_id) & feed.c.revoked_at.is_not(None)
    return tx.execute(select(func.count()).where(wanted)).scalar_one()


def revoke(tx: Connection, revoked: Feed, now: datetime) -> None:
    """End a feed; its address answers like one that never was. A second time changes nothing."""
    live = (feed.c.id == revoked.id) & feed.c.revoked_at.is_(None)
    tx.execute(update(feed).where(live).values(revoked_at=now))


def set_fetched(tx: Connection, feed_id: int, now: datetime, agent: str) -> None:
    """Note that a calendar program fetched a feed."""
    tx.execute(update(feed).where(feed.c.id == feed_id).values(last_fetched_at=now, last_agent=agent[:120]))


def stamps(tx: Connection, business_id: int, days: Window[date], channel_id: int | None) -> list[Stamp]:
    """Of the posts due on local days of the window, in due order: id, and what changes with every writing of the row.

    The last part is as the driver gives it: only good for telling whether it is still the same.
    """
    start, end = (datetime.combine(day, time()) for day in (days.start, days.end))
    statement = (
        select(post.c.id, post.c.revision, post.c.sequence, type_coerce(post.c.updated_at, NullType()))
        .where(post.c.business_id == business_id, post.c.due_local >= start, post.c.due_local < end)
        .order_by(post.c.due_local, post.c.id)
    )
    if channel_id is not None:
        statement = statement.where(post.c.channel_id == channel_id)
    return [tuple(row) for row in tx.execute(statement)]


def posts_by_ids(tx: Connection, ids: Collection[int]) -> dict[int, Post]:
    """Some posts, by id."""
    return {row.id: as_post(row) for row in tx.execute(select(post).where(post.c.id.in_(ids)))}
