"""Bringing a database to the tables this program knows: build, migrate, or refuse in words.

An empty database is built by the same steps as an old one is brought up to date. Before an old one is touched it is
copied; foreign keys are off meanwhile, and no table may lose a row that the step did not mean to.
Alembic is imported only when there is something to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, inspect, text

from planner.errors import DatabaseTooNew, NotADatabase, PlannerError
from planner.language import N_
from planner.store.copies import before_migration

if TYPE_CHECKING:
    from planner.store.database import Database

HEAD: Final = "0009"
STEPS: Final = Path(__file__).parent / "migrations"
# Whoever has these and a revision is a planner, of today or of tomorrow; other programs use Alembic, too.
_OURS: Final = {"business", "cadence", "post"}
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


def prepare(database: "Database", *, keep: bool = True) -> Path | None:
    """Make the database ready for this program; the path of the copy made before a migration, if one was.

    No copy is made of what is one itself (``keep``). Raises DatabaseTooNew for one made by a newer planner,
    NotADatabase for one that is somebody else's, and leaves both as they are. Several processes may call it at once.
    """
    backup = _up_to_date(database, keep=keep)
    database.use_journal()
    return backup


def _up_to_date(database: "Database", *, keep: bool) -> Path | None:
    with database.read() as tx:
        if _check(tx, database.where) == HEAD:
            return None
    with _migrating(database) as tx:
        revision = _check(tx, database.where)
        if revision == HEAD:  # another process was quicker
            return None
        if revision and not database.is_sqlite:
            _hold_still(tx)
        backup = before_migration(database, f"{HEAD}-from-{revision}") if revision and keep else None
        before = _counts(tx)
        upgrade(tx)
        _compare(before, _counts(tx))
    return backup


def _check(tx: Connection, where: str) -> str | None:
    """The revision found: None when the database is empty."""
    revision = _revision(tx)
    tables = set(inspect(tx).get_table_names()) - {"alembic_version"}
    if (revision or tables) and not (revision and tables >= _OURS):
        raise NotADatabase(where=where)
    if revision and revision not in known():
        raise DatabaseTooNew(revision=revision)
    return revision


def _revision(tx: Connection) -> str | None:
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def known() -> set[str]:
    """The revisions this program can use: its own, and those it can bring up to date."""
    return {file.name.split("_")[0] for file in (STEPS / "versions").glob("[0-9]*.py")}


@contextmanager
def _migrating(database: "Database") -> Iterator[Connection]:
    """A write transaction that nobody else migrates in, with SQLite's foreign keys off around it."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                _wait_for_turn(connection)
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


def alone(tx: Connection, where: str) -> str | None:
    """Let nobody else migrate or write in a PostgreSQL until the transaction ends; its revision, None if it is empty.

    Raises what ``prepare`` raises.
    """
    _wait_for_turn(tx)
    revision = _check(tx, where)
    if revision:
        _hold_still(tx)
    return revision


def _wait_for_turn(tx: Connection) -> None:
    tx.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})


def _hold_still(tx: Connection) -> None:
    """Keep others from writing, so that a copy made now holds all there is; they may read."""
    names = ", ".join(f'"{name}"' for name in sorted(inspect(tx).get_table_names()))
    tx.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def upgrade(tx: Connection, revision: str = "head") -> None:
    """Take the steps up to a revision, in this transaction; an empty database is built."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    command.upgrade(config, revision)


def _counts(tx: Connection) -> dict[str, int]:
    tables = [table for table in inspect(tx).get_table_names() if table != "alembic_version"]
    return {table: tx.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() for table in tables}  # noqa: S608


def _compare(before: dict[str, int], after: dict[str, int]) -> None:
    for table, rows in before.items():
        if after.get(table, 0) < rows:
            raise MigrationLostRows(table=table, before=rows, after=after.get(table, 0))
