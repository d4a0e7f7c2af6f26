"""Everything in a database as one JSON file, and back: to move from SQLite to PostgreSQL or the other way.

One row a line, tables in the order in which they refer to each other, times in ISO 8601 (instants with their
offset, wall times without), bytes in base64; at the end how many rows each table has. Reading takes all or nothing.
``archive_lines`` reads the same without holding all of it.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any, Final, TextIO, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Time,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError

from planner.errors import PlannerError
from planner.language import N_
from planner.store.columns import Instant, WallTime
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


def write(tx: Connection, out: TextIO, tables: Sequence[Table] | None = None) -> dict[str, int]:
    """Write all rows; how many of each table. The transaction sees one moment (``one_moment``).

    ``tables`` are the program's, unless the database is of another revision (``as_they_stand``).
    """
    counts: dict[str, int] = {}
    out.write(f'{{"planner": {FORMAT}, "schema": "{_revision(tx)}", "tables": {{')
    for number, table in enumerate(metadata.sorted_tables if tables is None else tables):
        out.write(f'{"," if number else ""}\n"{table.name}": [')
        counts[table.name] = 0
        for row in _rows(tx, table):
            out.write("\n" if not counts[table.name] else ",\n")
            json.dump(row, out, ensure_ascii=False, separators=(",", ":"))
            counts[table.name] += 1
        out.write("]")
    out.write(f'\n}}, "rows": {json.dumps(counts)}}}\n')
    return counts


def one_moment(tx: Connection, *, old: bool = False) -> None:
    """Let a transaction that has not begun to read see one moment of all tables, whatever others do meanwhile.

    ``old`` says that the tables are not those of this program; then somebody else sees to it that they stay.
    """
    if tx.dialect.name != "postgresql":  # SQLite does so anyway
        return
    tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    if not old:  # a table made anew by somebody who restores would look empty
        tx.execute(text(f"LOCK TABLE {names()} IN ACCESS SHARE MODE"))


def counted(tx: Connection, tables: Sequence[Table] | None = None) -> dict[str, int]:
    """How many rows each table has."""
    wanted = metadata.sorted_tables if tables is None else tables
    return {table.name: tx.execute(select(func.count()).select_from(table)).scalar_one() for table in wanted}


def names() -> str:
    """The tables of this program for a statement of SQL, always in the same order."""
    return ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)


def as_they_stand(tx: Connection) -> list[Table]:
    """The tables of a PostgreSQL of whatever revision, in the order in which they refer to each other."""
    found = MetaData()
    found.reflect(bind=tx)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def read(tx: Connection, source: TextIO) -> dict[str, int]:
    """Read all rows into an empty database; how many of each table. Raises NotAnArchive, NotEmpty."""
    if any(counted(tx).values()):
        raise NotEmpty
    tables = _tables(source, _revision(tx))
    return {table.name: fill(tx, table, tables[table.name]) for table in metadata.sorted_tables}


def fill(tx: Connection, table: Table, rows: Any) -> int:
    """Add the rows of an archive to an empty table; how many. Raises NotAnArchive."""
    count = 0
    for some in _batches(_values(table, rows)):
        try:
            tx.execute(insert(table), some)
        except (IntegrityError, DataError) as error:
            raise NotAnArchive(reason=f"{table.name}: {str(error.orig).splitlines()[0]}") from error
        count += len(some)
    _continue_numbers(tx, table)
    return count


def _batches(values: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(values)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _revision(tx: Connection) -> str:
    return str(tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _rows(tx: Connection, table: Table) -> Iterator[dict[str, Any]]:
    key = list(table.primary_key.columns)
    found = tx.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*key))
    for row in found:
        yield {name: _told(value) for name, value in row._mapping.items()}


def _told(value: Any) -> Any:
    match value:
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
        case date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode("ascii")
    return value


def _tables(source: TextIO, revision: str) -> dict[str, list[dict[str, Any]]]:
    try:
        found = json.loads(_whole(source))
    except (ValueError, RecursionError) as error:
        raise NotAnArchive(reason=f"it is no JSON ({error})") from error
    if not isinstance(found, dict) or found.get("planner") != FORMAT or not isinstance(found.get("tables"), dict):
        raise NotAnArchive(reason=N_("it was not written by “planner export”"))
    if found.get("schema") != revision:
        raise OtherRelease(revision=found.get("schema"), head=revision)
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
    if isinstance(rows, str | dict) or not isinstance(rows, Iterable):
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
        case Instant() | DateTime(timezone=True):  # the latter as they stand
            return _instant
        case WallTime() | DateTime():
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
