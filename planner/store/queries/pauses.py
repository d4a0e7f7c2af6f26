"""Pauses of a business or a channel; both days belong to a pause."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from planner.core.model import Pause
from planner.errors import NoSuchPause
from planner.store.queries import businesses
from planner.store.rows import as_pause
from planner.store.tables import pause


def add(tx: Connection, *, business_id: int, channel_id: int | None, first: date, last: date, reason: str) -> Pause:
    """Store a pause."""
    values = {
        "business_id": business_id,
        "channel_id": channel_id,
        "first": first,
        "last": last,
        "reason": reason,
    }
    key = tx.execute(insert(pause).values(**values)).inserted_primary_key
    businesses.touch(tx, business_id)
    return Pause(id=key[0] if key else 0, **values)  # type: ignore[arg-type]


def get(tx: Connection, business_id: int, pause_id: int) -> Pause:
    """A pause of a business by id. Raises NoSuchPause."""
    statement = select(pause).where(pause.c.business_id == business_id, pause.c.id == pause_id)
    if (row := tx.execute(statement).first()) is None:
        raise NoSuchPause(id=pause_id)
    return as_pause(row)


def of_business(tx: Connection, business_id: int, *, since: date | None = None) -> list[Pause]:
    """The pauses of a business in order; with ``since`` only those that reach that day."""
    statement = select(pause).where(pause.c.business_id == business_id).order_by(pause.c.first, pause.c.id)
    if since is not None:
        statement = statement.where(pause.c.last >= since)
    return [as_pause(row) for row in tx.execute(statement)]


def over(tx: Connection, business_id: int, before: date, *, skip: int, limit: int) -> list[Pause]:
    """The pauses of a business whose last day is before a day, the latest first."""
    wanted = (pause.c.business_id == business_id) & (pause.c.last < before)
    latest = pause.c.first.desc(), pause.c.id.desc()
    return [
        as_pause(row) for row in tx.execute(select(pause).where(wanted).order_by(*latest).offset(skip).limit(limit))
    ]


def of_businesses(tx: Connection, business_ids: Iterable[int], since: date) -> dict[int, list[Pause]]:
    """The pauses that reach ``since``, by business."""
    found: dict[int, list[Pause]] = {}
    statement = select(pause).where(pause.c.business_id.in_(list(business_ids)), pause.c.last >= since)
    for row in tx.execute(statement):
        found.setdefault(row.business_id, []).append(as_pause(row))
    return found


def shorten(tx: Connection, shortened: Pause, last: date) -> None:
    """Let a pause end on another day, which still belongs to it."""
    tx.execute(update(pause).where(pause.c.id == shortened.id).values(last=last))
    businesses.touch(tx, shortened.business_id)


def remove(tx: Connection, removed: Pause) -> None:
    """Take a pause away."""
    tx.execute(delete(pause).where(pause.c.id == removed.id))
    businesses.touch(tx, removed.business_id)
