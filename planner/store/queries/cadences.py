"""Cadences, and which of them want planning."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from planner.core.model import Cadence, Content, OnHoliday, Pillar, Purpose
from planner.errors import NoSuchCadence, PlannerError
from planner.language import N_
from planner.store.queries import businesses
from planner.store.rows import as_cadence
from planner.store.tables import cadence, fact


def add(
    tx: Connection,
    *,
    business_id: int,
    channel_id: int,
    dtstart: datetime,
    rrule: str,
    exdates: Iterable[date],
    pillars: Iterable[Pillar],
    on_holiday: OnHoliday = OnHoliday.KEEP,
    purpose: Purpose = Purpose.POSTING,
    content: Content | None = None,
    now: datetime,
) -> Cadence:
    """Store a cadence; it wants planning at once."""
    values = {
        "business_id": business_id,
        "channel_id": channel_id,
        "dtstart": dtstart,
        "rrule": rrule,
        "exdates": _as_text(exdates),
        "pillars": ",".join(pillars),
        "on_holiday": on_holiday.value,
        "purpose": purpose.value,
        "content": content,
        "plan_at": now,
        "created_at": now,
    }
    key = tx.execute(insert(cadence).values(**values)).inserted_primary_key
    businesses.touch(tx, business_id)
    return get(tx, business_id, key[0] if key else 0)


def get(tx: Connection, business_id: int, cadence_id: int) -> Cadence:
    """A cadence of a business by id. Raises NoSuchCadence."""
    statement = select(cadence).where(cadence.c.business_id == business_id, cadence.c.id == cadence_id)
    if (row := tx.execute(statement).first()) is None:
        raise NoSuchCadence(id=cadence_id)
    return as_cadence(row)


def of_business(tx: Connection, business_id: int, *, active_on: datetime | None = None) -> list[Cadence]:
    """The cadences of a business; with ``active_on`` (naive local) only those not ended by then."""
    statement = select(cadence).where(cadence.c.business_id == business_id).order_by(cadence.c.id)
    if active_on is not None:
        statement = statement.where(or_(cadence.c.end.is_(None), cadence.c.end > active_on))
    return [as_cadence(row) for row in tx.execute(statement)]


def going_on(tx: Connection, business_id: int, noted: str) -> tuple[list[Cadence], dict[str, str]]:
    """The cadences of a business that have no end, and the facts whose names begin with ``noted``; in one question."""
    begins = (fact.c.name >= noted) & (fact.c.name < noted + "\U0010ffff")
    statement = (
        select(cadence, fact.c.name.label("fact"), fact.c.value.label("said"))
        .join(fact, begins, isouter=True)
        .where(cadence.c.business_id == business_id, cadence.c.end.is_(None))
        .order_by(cadence.c.id)
    )
    rows = list(tx.execute(statement))
    there = {row.id: row for row in rows}
    return [as_cadence(row) for row in there.values()], {row.fact: row.said for row in rows if row.fact is not None}


def set_exdates(tx: Connection, changed: Cadence, exdates: Iterable[date]) -> Cadence:
    """Let a cadence leave out these local days, and no others."""
    values = {"exdates": _as_text(exdates)}
    tx.execute(update(cadence).where(cadence.c.id == changed.id).values(**values))
    businesses.touch(tx, changed.business_id)
    return get(tx, changed.business_id, changed.id)


def _as_text(days: Iterable[date]) -> str:
    return ",".join(day.isoformat() for day in sorted(days))


def to_plan(tx: Connection, now: datetime, limit: int) -> list[Cadence]:
    """The cadences whose planning is wanted by ``now``, longest waiting first."""
    statement = select(cadence).where(cadence.c.plan_at <= now).order_by(cadence.c.plan_at, cadence.c.id)
    return [as_cadence(row) for row in tx.execute(statement.limit(limit))]


def postpone(tx: Connection, cadence_id: int, until: datetime) -> None:
    """Ask a cadence about its planning again at an instant."""
    tx.execute(update(cadence).where(cadence.c.id == cadence_id).values(plan_at=until))


def set_planned(tx: Connection, plans: Iterable[Mapping[str, Any]]) -> None:
    """Write down how far cadences are planned: rows of ``key, planned_until, plan_at, position``."""
    if rows := list(plans):
        statement = update(cadence).where(cadence.c.id == bindparam("key"))
        names = ("planned_until", "plan_at", "position")
        tx.execute(statement.values({name: bindparam(name) for name in names}), rows)


def want_planning(tx: Connection, business_id: int, now: datetime) -> None:
    """Have every cadence of a business that is not over planned again at the next chance."""
    running = (cadence.c.business_id == business_id) & cadence.c.plan_at.is_not(None)
    tx.execute(update(cadence).where(running).values(plan_at=now))


class EndedMeanwhile(PlannerError):
    """Somebody else ended or changed the cadence between reading and writing."""

    message = N_("Somebody else has just ended or changed this rhythm. Look at it again, then decide.")
    http_status = 409
    retry = True


def end(tx: Connection, ending: Cadence, moment: datetime) -> Cadence:
    """Let a cadence end at a naive local moment (outside of it). Planned as far as that, it needs no more planning.

    Raises EndedMeanwhile if its end is no longer the one that was read.
    """
    done = ending.planned_until is not None and ending.planned_until >= moment
    values = {"end": moment, **({"plan_at": None} if done else {})}
    same = (cadence.c.id == ending.id) & cadence.c.end.is_not_distinct_from(ending.end)
    if tx.execute(update(cadence).where(same).values(**values)).rowcount != 1:
        raise EndedMeanwhile
    businesses.touch(tx, ending.business_id)
    return get(tx, ending.business_id, ending.id)
