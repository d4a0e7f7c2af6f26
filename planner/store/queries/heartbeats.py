"""The last beat of each tick: what /healthz and the status command go by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from planner.store.tables import heartbeat
from planner.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When a tick last ran, how often it should, and what went wrong in it, if anything."""

    tick: str
    beat_at: datetime
    interval_seconds: int
    error: str


def beat(tx: Connection, tick: str, now: datetime, interval_seconds: int, error: str = "") -> None:
    """Note that a tick has run."""
    values = {"beat_at": now, "interval_seconds": interval_seconds, "error": error[:300]}
    statement = insert_into(tx, heartbeat).values(tick=tick, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["tick"], set_=values))


def expect(tx: Connection, tick: str, now: datetime, interval_seconds: int) -> None:
    """Count the silence of a tick that has never run from now on."""
    values = {"tick": tick, "beat_at": now, "interval_seconds": interval_seconds, "error": ""}
    tx.execute(insert_into(tx, heartbeat).values(values).on_conflict_do_nothing())


def forget_others(tx: Connection, ticks: Collection[str]) -> None:
    """Forget the ticks that there are no more: a setting that is gone is no silence."""
    tx.execute(heartbeat.delete().where(heartbeat.c.tick.not_in(ticks)))


def every(tx: Connection) -> list[Heartbeat]:
    """The last beat of every tick, by name."""
    rows = tx.execute(select(heartbeat).order_by(heartbeat.c.tick))
    return [Heartbeat(row.tick, row.beat_at, row.interval_seconds, row.error) for row in rows]
