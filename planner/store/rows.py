"""Rows to values of the core, one function a table. Values to rows is written where it is needed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from planner.core.model import (
    Business,
    Cadence,
    Channel,
    Content,
    Feed,
    FeedKind,
    Idea,
    Message,
    MessageKind,
    MessageState,
    OnHoliday,
    Pause,
    Pillar,
    Post,
    Purpose,
    Status,
    ToDo,
)

Row = Any


def as_business(row: Row) -> Business:
    return Business(**row._mapping)


def as_channel(row: Row) -> Channel:
    return Channel(**row._mapping)


def as_pause(row: Row) -> Pause:
    return Pause(**row._mapping)


def as_cadence(row: Row) -> Cadence:
    return Cadence(
        id=row.id,
        business_id=row.business_id,
        channel_id=row.channel_id,
        dtstart=row.dtstart,
        rrule=row.rrule,
        exdates=tuple(date.fromisoformat(day) for day in row.exdates.split(",") if day),
        pillars=tuple(Pillar(name) for name in row.pillars.split(",") if name),
        end=row.end,
        planned_until=row.planned_until,
        position=row.position,
        on_holiday=OnHoliday(row.on_holiday),
        purpose=Purpose(row.purpose),
        content=Content(row.content) if row.content else None,
        created_at=row.created_at,
    )


def as_post(row: Row) -> Post:
    values = dict(row._mapping)
    values["purpose"] = Purpose(values["purpose"])
    values["pillar"] = Pillar(values["pillar"]) if values["purpose"] is Purpose.POSTING else None
    values["status"] = Status(values["status"])
    values["content"] = Content(values["content"]) if values["content"] else None
    values["checklist"] = _as_checklist(values["checklist"]) if values["checklist"] else ()
    values["steps"] = tuple(values["steps"].split(",")) if values["steps"] else ()
    return Post(**values)


def _as_checklist(lines: str) -> tuple[ToDo, ...]:
    return tuple(ToDo(line[2:], line.startswith("x ")) for line in lines.split("\n"))


def checklist_text(checklist: Iterable[ToDo]) -> str:
    """A checklist as its column keeps it."""
    return "\n".join(f"{'x' if each.done else '-'} {each.words}" for each in checklist)


def as_idea(row: Row) -> Idea:
    values = dict(row._mapping)
    values["pillar"] = Pillar(values["pillar"])
    return Idea(**values)


def as_feed(row: Row) -> Feed:
    values = dict(row._mapping)
    values.pop("secret_hash")
    values["kind"] = FeedKind(values["kind"])
    return Feed(**values)


def as_message(row: Row) -> Message:
    values = dict(row._mapping)
    del values["mime_sha256"], values["created_at"]
    values["kind"] = MessageKind(values["kind"])
    values["state"] = MessageState(values["state"])
    return Message(**values)
