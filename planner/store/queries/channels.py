"""Channels of a business."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from planner.core.model import Channel, Pause
from planner.errors import NoSuchChannel
from planner.store.queries import businesses
from planner.store.rows import as_channel
from planner.store.tables import channel, pause

_PAUSE: Final = ("id", "channel_id", "first", "last", "reason")


def add(tx: Connection, *, business_id: int, platform: str, name: str, created_at: datetime) -> Channel:
    """Store a channel; the name must be free (see ``named``)."""
    values = {"business_id": business_id, "platform": platform, "name": name, "created_at": created_at}
    key = tx.execute(insert(channel).values(**values)).inserted_primary_key
    businesses.touch(tx, business_id)
    return Channel(id=key[0] if key else 0, **values)  # type: ignore[arg-type]


def rename(tx: Connection, renamed: Channel, name: str) -> Channel:
    """Give a channel another name, which must be free."""
    tx.execute(update(channel).where(channel.c.id == renamed.id).values(name=name))
    businesses.touch(tx, renamed.business_id)
    return get(tx, renamed.business_id, renamed.id)


def remove_all(tx: Connection, business_id: int) -> None:
    """Remove the channels of a business with their cadences, posts, pauses and feeds."""
    tx.execute(delete(channel).where(channel.c.business_id == business_id))
    businesses.touch(tx, business_id)


def remove(tx: Connection, removed: Channel) -> None:
    """Remove a channel with its cadences, posts, pauses and feeds."""
    tx.execute(delete(channel).where(channel.c.id == removed.id))
    businesses.touch(tx, removed.business_id)


def of_business(tx: Connection, business_id: int, *, held: bool = False) -> list[Channel]:
    """The channels of a business, in the order they were added.

    With ``held`` another who wants them held waits until this transaction ends, so that what is decided by looking at
    them, or at what belongs to them, is decided once. Reading them and adding posts to them goes on meanwhile.
    """
    statement = select(channel).where(channel.c.business_id == business_id).order_by(channel.c.id)
    if held:  # on SQLite whoever may write is alone anyway
        statement = statement.with_for_update(key_share=True)
    return [as_channel(row) for row in tx.execute(statement)]


def with_pauses(tx: Connection, business_id: int, since: date) -> tuple[dict[int, Channel], list[Pause]]:
    """The channels of a business by id, and its pauses that reach ``since``, in one statement."""
    closed = (pause.c.business_id == channel.c.business_id) & (pause.c.last >= since)
    statement = (
        select(channel, *(pause.c[name].label(f"pause_{name}") for name in _PAUSE))
        .join(pause, closed, isouter=True)
        .where(channel.c.business_id == business_id)
        .order_by(channel.c.id, pause.c.first, pause.c.id)
    )
    there: dict[int, Channel] = {}
    pauses: dict[int, Pause] = {}
    for row in tx.execute(statement):
        values = dict(row._mapping)
        told = {name: values.pop(f"pause_{name}") for name in _PAUSE}
        there[row.id] = Channel(**values)
        if told["id"] is not None:
            pauses[told["id"]] = Pause(business_id=business_id, **told)
    return there, list(pauses.values())


def get(tx: Connection, business_id: int, channel_id: int) -> Channel:
    """A channel of a business by id. Raises NoSuchChannel."""
    statement = select(channel).where(channel.c.business_id == business_id, channel.c.id == channel_id)
    if (row := tx.execute(statement).first()) is None:
        raise NoSuchChannel(name=channel_id)
    return as_channel(row)


def named(tx: Connection, business_id: int, name: str) -> Channel:
    """A channel by what a person calls it: id, name (any case) or platform. Raises NoSuchChannel."""
    there = of_business(tx, business_id)
    wanted = name.strip().casefold()
    for names in ([str(c.id) for c in there], [c.name.casefold() for c in there], [c.platform for c in there]):
        if names.count(wanted) == 1:
            return there[names.index(wanted)]
    raise NoSuchChannel(name=name)


def by_ids(tx: Connection, channel_ids: set[int]) -> dict[int, Channel]:
    """Channels of any businesses, by id."""
    found = tx.execute(select(channel).where(channel.c.id.in_(channel_ids)))
    return {row.id: as_channel(row) for row in found}
