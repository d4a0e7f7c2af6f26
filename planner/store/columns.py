"""Column types that keep the two kinds of time apart, the same on SQLite and PostgreSQL.

``Instant`` takes and gives aware UTC datetimes and refuses naive ones; ``WallTime`` takes and gives naive
local ones and refuses aware ones. SQLAlchemy's own type would drop an offset silently on SQLite.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive value raises ValueError before it reaches the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A naive local datetime. An aware value raises ValueError before it reaches the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"a wall time has no zone: {value!r}")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value


@lru_cache(maxsize=16_384)
def instant_text(value: datetime) -> str:
    """An instant as SQLAlchemy keeps it in SQLite, for rows that go past SQLAlchemy; refuses a naive one, too."""
    if value.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=16_384)
def wall_text(value: datetime) -> str:
    """A wall time as SQLAlchemy keeps it in SQLite, for rows that go past SQLAlchemy; refuses an aware one, too."""
    if value.tzinfo is not None:
        raise ValueError(f"a wall time has no zone: {value!r}")
    return value.isoformat(" ", "microseconds")
