"""Bringing a database to the tables this program knows: build, migrate, or refuse in words.

An empty database is built by the same steps as an old one is brought up to date. Before an old SQLite file is
touched it is copied; foreign keys are off meanwhile, and no table may lose a row that the step did not mean to.
Alembic is imported only when there is something to do.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from planner.errors import DatabaseTooNew, NotADatabase, PlannerError
from planner.language import N_

if TYPE_CHECKING:
    from planner.store.database import Database

HEAD: Final = "0001"
_OURS: Final = "business"
# Any number will do, as long as every planner takes the same: two that start at once migrate one by one.
_LOCK: Final = 7_452_011


class MigrationLostRows(PlannerError):
    message = N_(
        "Bringing the database up to date would have lost rows of {table} ({before} before, {after} after). "
        "Nothing was changed. Please report this."
    )


def is_current(tx: Connection) -> bool:
    """Whether the database has exactly this program's tables; one cheap question, no Alembic."""
    return _revision(tx) == HEAD


def is_empty(tx: Connection) -> bool:
    """Whether there is no table at all yet."""
    return not inspect(tx).get_table_names()


def prepare(database: "Database") -> Path | None:
    """Make the database ready for this program; the path of the copy made before a migration, if one was.

    Raises DatabaseTooNew for one made by a newer planner, NotADatabase for one that is somebody else's, and
    leaves both as they are. Safe to be called by several processes at once.
    """
    with database.read() as tx:
        if (revision := _check(tx, database.where)) == HEAD:
            return None
    backup = _copy(database, revision) if revision and database.file else None
    with _migrating(database) as tx:
        if _check(tx, database.where) != HEAD:
            before = _counts(tx)
            _upgrade(tx)
            _compare(before, _counts(tx))
    return backup


def _check(tx: Connection, where: str) -> str | None:
    """The revision found: None when the database is empty."""
    revision = _revision(tx)
    if revision and revision not in _known():
        raise DatabaseTooNew(revision=revision)
    if revision is None and (tables := inspect(tx).get_table_names()) and tables != ["alembic_version"]:
        raise NotADatabase(where=where)
    return revision


def _revision(tx: Connection) -> str | None:
    try:
        if not inspect(tx).has_table("alembic_version"):
            return None
        found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and not isinstance(error.orig, sqlite3.OperationalError):
            raise NotADatabase(where="The file") from error
        raise
    return found


def _known() -> set[str]:
    steps = Path(__file__).parent / "migrations" / "versions"
    return {file.name.split("_")[0] for file in steps.glob("[0-9]*.py")}


@contextmanager
def _migrating(database: "Database") -> Iterator[Connection]:
    """A write transaction that nobody else migrates in, with SQLite's foreign keys off around it."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                yield connection
            return
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.execution_options(planner_write=True).begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise NotADatabase(where=database.where)
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _upgrade(tx: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def _counts(tx: Connection) -> dict[str, int]:
    tables = [table for table in inspect(tx).get_table_names() if table != "alembic_version"]
    return {table: tx.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() for table in tables}  # noqa: S608


def _compare(before: dict[str, int], after: dict[str, int]) -> None:
    for table, count in before.items():
        if after.get(table, 0) < count:
            raise MigrationLostRows(table=table, before=count, after=after.get(table, 0))


def _copy(database: "Database", revision: str) -> Path:
    """A checked copy of a SQLite file beside it, readable by its owner alone."""
    assert database.file  # noqa: S101 - asked by the caller
    folder = database.file.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{database.file.stem}-before-{HEAD}-from-{revision}.db"
    part = target.with_suffix(".part")
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    with sqlite3.connect(database.file) as source, sqlite3.connect(part) as copy:
        source.backup(copy)
        healthy = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    source.close()
    copy.close()
    if not healthy:
        raise NotADatabase(where=database.where)
    part.replace(target)
    return target
