"""Everything in a database as one JSON file, and back: to move from SQLite to PostgreSQL or the other way.

One row a line, tables in the order in which they refer to each other, times in ISO 8601 (instants with their
offset, wall times without), bytes in base64. Reading takes all or nothing.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any, Final, TextIO, TypeVar

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, Time, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from planner.errors import PlannerError
from planner.language import N_
from planner.store.columns import Instant, WallTime
from planner.store.schema import HEAD
from planner.store.tables import metadata

T = TypeVar("T", datetime, time)

FORMAT: Final = 1
LARGEST: Final = 2**30  # characters; an installation of a hundred thousand businesses has fewer
_AT_ONCE: Final = 500


class NotAnArchive(PlannerError):
    message = N_("This file cannot be read in: {reason}. Nothing was changed.")


class OtherRelease(NotAnArchive):
    message = N_(
        "This file is of another release (revision {revision}, this program has {head}). Write and read it with the "
        "same release. Nothing was changed."
    )


class NotEmpty(PlannerError):
    message = N_("There is a business here already. Everything is read into an empty planner: name another home.")


def write(tx: Connection, out: TextIO) -> dict[str, int]:
    """Write all rows; how many of each table. The transaction must not have begun to read."""
    if tx.dialect.name == "postgresql":  # one view of all tables, as SQLite gives anyway
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    counts: dict[str, int] = {}
    out.write(f'{{"planner": {FORMAT}, "schema": "{HEAD}", "tables": {{')
    for number, table in enumerate(metadata.sorted_tables):
        out.write(f'{"," if number else ""}\n"{table.name}": [')
        counts[table.name] = 0
        for row in _rows(tx, table):
            out.write("\n" if not counts[table.name] else ",\n")
            json.dump(row, out, ensure_ascii=False, separators=(",", ":"))
            counts[table.name] += 1
        out.write("]")
    out.write("\n}}\n")
    return counts


def read(tx: Connection, source: TextIO) -> dict[str, int]:
    """Read all rows into an empty database; how many of each table. Raises NotAnArchive, NotEmpty."""
    if any(tx.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables):
        raise NotEmpty
    tables = _tables(source)
    counts = {}
    for table in metadata.sorted_tables:
        values = list(_values(table, tables[table.name]))
        try:
            for start in range(0, len(values), _AT_ONCE):
                tx.execute(insert(table), values[start : start + _AT_ONCE])
        except (IntegrityError, DataError) as error:
            raise NotAnArchive(reason=f"{table.name}: {str(error.orig).splitlines()[0]}") from error
        counts[table.name] = len(values)
        _continue_numbers(tx, table)
    return counts


def _rows(tx: Connection, table: Table) -> Iterator[dict[str, Any]]:
    key = list(table.primary_key.columns)
    found = tx.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*key))
    for row in found:
        yield {name: _told(value) for name, value in row._mapping.items()}


def _told(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode("ascii")
    return value


def _tables(source: TextIO) -> dict[str, list[dict[str, Any]]]:
    try:
        found = json.loads(_whole(source))
    except (ValueError, RecursionError) as error:
        raise NotAnArchive(reason=f"it is no JSON ({error})") from error
    if not isinstance(found, dict) or found.get("planner") != FORMAT or not isinstance(found.get("tables"), dict):
        raise NotAnArchive(reason=N_("it was not written by “planner export”"))
    if found.get("schema") != HEAD:
        raise OtherRelease(revision=found.get("schema"), head=HEAD)
    tables: dict[str, list[dict[str, Any]]] = found["tables"]
    wanted = {table.name for table in metadata.sorted_tables}
    if tables.keys() != wanted:
        raise NotAnArchive(reason=f"its tables are not the planner's ({', '.join(sorted(tables.keys() ^ wanted))})")
    return tables


def _whole(source: TextIO) -> str:
    text = source.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise NotAnArchive(reason=N_("it is too large"))
    return text


def _values(table: Table, rows: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(rows, list):
        raise NotAnArchive(reason=f"{table.name} is no list")
    readers = {column.name: _reader(column) for column in table.columns}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or row.keys() != readers.keys():
            raise NotAnArchive(reason=f"row {number} of {table.name} has other columns")
        try:
            yield {name: None if value is None else readers[name](value) for name, value in row.items()}
        except (ValueError, TypeError, OverflowError) as error:
            raise NotAnArchive(reason=f"row {number} of {table.name}: {error}") from error


def _reader(column: "Column[Any]") -> Callable[[Any], Any]:
    match column.type:
        case Instant():
            return _instant
        case WallTime():
            return lambda value: _without_offset(datetime.fromisoformat(value))
        case Date():
            return date.fromisoformat
        case Time():
            return lambda value: _without_offset(time.fromisoformat(value))
        case LargeBinary():
            return lambda value: b64decode(value, validate=True)
    kind = column.type.python_type
    return lambda value: _as(kind, value)


def _instant(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no offset")
    return moment.astimezone(UTC)


def _without_offset(value: T) -> T:
    if value.tzinfo is not None:
        raise ValueError(f"{value.isoformat()} has an offset")
    return value


def _as(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind or (kind is int and not -(2**31) <= value < 2**31):
        raise ValueError(f"{str(value)[:40]!r} is not of the kind {kind.__name__}")
    if kind is str:
        value.encode()  # half of a surrogate pair is a ValueError, too
        if "\0" in value:
            raise ValueError("a text holds a NUL")
    return value


def _continue_numbers(tx: Connection, table: Table) -> None:
    """Let PostgreSQL number the next row after the last one read in; SQLite does so by itself."""
    if tx.dialect.name != "postgresql" or "id" not in table.columns:
        return
    highest = tx.execute(select(func.max(table.c.id))).scalar()
    if highest is not None:
        tx.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))
