"""What the mails of many businesses are written from, in four statements however many they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, and_, or_, select

from planner.core.model import Business, Channel, Pause, Post, Purpose
from planner.store.queries import pauses
from planner.store.queries.posts import OPEN, is_video
from planner.store.rows import as_business, as_channel, as_post
from planner.store.tables import business, channel, post

BACK: Final = timedelta(days=29)
AHEAD: Final = timedelta(days=9)  # a week and today, in any zone: as far as an old post may be moved


@dataclass(frozen=True, slots=True)
class Briefing:
    """A business with its channels by id, its pauses of late and to come, its open posts around today, its videos.

    Among these are all rounds of answering of late, ticked off or not.
    """

    business: Business
    channels: dict[int, Channel]
    pauses: list[Pause]
    open_posts: list[Post]


def of(
    tx: Connection, business_ids: Collection[int], now: datetime, videos: tuple[timedelta, Collection[str]]
) -> dict[int, Briefing]:
    """The briefings of businesses by id; open posts from four weeks back to a week ahead, in any zone.

    ``videos`` says how far ahead the open videos are wanted, and the platforms of videos (see ``posts.is_video``).
    """
    found = {
        row.id: Briefing(as_business(row), {}, [], [])
        for row in tx.execute(select(business).where(business.c.id.in_(business_ids)))
    }
    for row in tx.execute(select(channel).where(channel.c.business_id.in_(business_ids))):
        found[row.business_id].channels[row.id] = as_channel(row)
    # A step that fell into a pause was due before it, so those that are over matter for as long.
    since = now.astimezone(UTC).date() - timedelta(days=1) - videos[0]
    for business_id, closed in pauses.of_businesses(tx, business_ids, since).items():
        found[business_id].pauses.extend(closed)
    for each in _open_posts(tx, business_ids, now, *videos):
        found[each.business_id].open_posts.append(each)
    return found


def _open_posts(
    tx: Connection, business_ids: Collection[int], now: datetime, ahead: timedelta, platforms: Collection[str]
) -> Iterable[Post]:
    midnight = datetime.combine(now.astimezone(UTC).date(), time())
    mine = and_(post.c.business_id.in_(business_ids), post.c.due_local >= midnight - BACK)
    still_open = and_(
        mine,
        post.c.due_local < midnight + max(AHEAD, ahead),
        post.c.status.in_(OPEN),
        or_(post.c.due_local < midnight + AHEAD, is_video(business_ids, platforms)),
    )
    rounds = and_(mine, post.c.due_local < midnight + AHEAD, post.c.purpose == Purpose.REPLYING.value)
    return (as_post(row) for row in tx.execute(select(post).where(or_(still_open, rounds))))
