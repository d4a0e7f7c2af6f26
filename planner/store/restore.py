"""Putting a copy in the place of a database: prepared aside, checked, and then there all at once.

What has to be changed in it before anybody may see it (``settle``: mails that wait, sessions) is changed on the way. So
a running planner sees the old data or the new, never a copy whose old mails it could send; and whoever is killed
meanwhile leaves one of them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, text

from planner.errors import DatabaseTooNew
from planner.store import archive, backup, copies, packed, schema
from planner.store.archive_lines import Lines
from planner.store.database import Database

T = TypeVar("T")


def check(database: Database, file: Path) -> None:
    """Raise NotACopy, DatabaseTooNew for what cannot be put in the place of a database."""
    revision, _rows = backup.check(file) if database.is_sqlite else packed.check(file)
    if revision not in schema.known():
        raise DatabaseTooNew(revision=revision)


def restore(source: Path, database: Database, settle: Callable[[Connection], T]) -> tuple[Path | None, T]:
    """Put a copy in the place of a database: the copy made of what was there if there was anything, and what
    ``settle`` gave.

    An older copy is brought up to date. Raises NotACopy, DatabaseTooNew, CopyFailed, and leaves the database as it is.
    """
    check(database, source)
    file = database.file
    kept, result = _into_file(source, database, file, settle) if file else _into_server(source, database, settle)
    copies.tidy(database)
    return kept, result


def _into_file(
    source: Path, database: Database, file: Path, settle: Callable[[Connection], T]
) -> tuple[Path | None, T]:
    with backup.working_copy(source, file) as work:
        result = _settled(work, settle)
        backup.check(work)
        kept = copies.before_restore(database, old=False)
        backup.put_in_place(work, file)
    database.use_journal()
    return kept, result


def _settled(work: Path, settle: Callable[[Connection], T]) -> T:
    """Bring a working copy up to date, and change in it what has to be changed."""
    ready = Database(URL.create("sqlite", database=str(work), query={"journal": "delete"}))
    try:
        schema.prepare(ready, keep=False)
        with ready.write() as tx:
            return settle(tx)
    finally:
        ready.close()


def _into_server(source: Path, database: Database, settle: Callable[[Connection], T]) -> tuple[Path | None, T]:
    """Make the tables anew, as they were when the copy was made, fill them, and bring them up to date: one transaction.

    Others who want to read or write meanwhile wait.
    """
    kept = None
    with database.write() as tx:
        revision = schema.alone(tx, database.where)
        if revision:
            kept = copies.before_restore(database, old=revision != schema.HEAD)
            tx.execute(text(f"DROP TABLE IF EXISTS {archive.names()}, alembic_version"))
        with packed.opened(source) as packed_text:
            lines = Lines(packed_text)
            schema.upgrade(tx, lines.revision)
            _fill(tx, lines)
        schema.upgrade(tx)
        return kept, settle(tx)


def _fill(tx: Connection, lines: Lines) -> None:
    tables = {table.name: table for table in archive.as_they_stand(tx)}
    for name, rows in lines.tables():
        if name not in tables:
            raise archive.NotAnArchive(reason=f"its tables are not the planner's ({name})")
        archive.fill(tx, tables.pop(name), rows)
    if tables:
        raise archive.NotAnArchive(reason=f"its tables are not the planner's ({', '.join(tables)})")
