"""Opening a database and its transactions: SQLite by default, PostgreSQL by address.

Writers on SQLite begin IMMEDIATE, so a read never has to be upgraded to a write and fail at once, and queue up at a
turnstile; readers begin plain. WAL is used only on a SQLite without the WAL-reset fault (fixed in 3.51.3, 3.50.7,
3.44.6), else the rollback journal; an address may name one (``sqlite:////home/planner.db?journal=delete``). Aware
instants and naive wall times are kept apart by the column types.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from planner.errors import (
    BrokenDatabase,
    DatabaseBusy,
    DatabaseUnreachable,
    HomeNotWritable,
    NotADatabase,
    PlannerError,
    UsageError,
)
from planner.language import N_
from planner.store import keeping
from planner.store.driver import sqlite3
from planner.store.turnstile import Turnstile

BUSY_TIMEOUT_MS: Final = 10_000
_WRITE: Final = {"planner_write": True}


class UnknownJournal(UsageError):
    message = N_("There is no journal {journal} for a database. Write journal=wal or journal=delete, or leave it out.")


class UnsafeJournal(UsageError):
    message = N_(
        "SQLite {version} can damage a database with the journal wal. "
        "Leave journal=wal out of the database's address, or use a newer SQLite."
    )


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether a SQLite of this version may use WAL with several writers (sqlite.org/wal.html, WAL-reset)."""
    backported = {(3, 44): 6, (3, 50): 7}
    if (line := version[:2]) in backported:
        return version[2] >= backported[line]
    return version >= (3, 51, 3)


def without_password(address: str | URL) -> str:
    """A database's address as it may be shown; libpq takes passwords in the query, too."""
    url = make_url(address)
    hidden = dict.fromkeys(url.query.keys() & {"password", "sslpassword"}, "hidden")
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


class Database:
    """A database by its address; ``read()`` and ``write()`` give transactions as connections."""

    def __init__(self, address: str | URL, copies: Path | None = None) -> None:
        """Connects when it is first used. Raises UnknownJournal, UnsafeJournal.

        ``copies`` is the folder for copies of a PostgreSQL, of which the planner else makes none by itself; those of a
        SQLite file lie beside it.
        """
        self.url = _with_driver(make_url(address))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.journal = _journal(self.url) if self.is_sqlite else ""
        self._turnstile = Turnstile(self.url.database or "", BUSY_TIMEOUT_MS / 1000) if self.is_sqlite else None
        self.copies = self.file.parent / "backups" if self.file else copies
        self.engine = _sqlite_engine(self.url, self._turnstile) if self._turnstile else _postgresql_engine(self.url)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for a database elsewhere."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @property
    def where(self) -> str:
        """The address without its password, for people."""
        return str(self.file) if self.file else without_password(self.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; closed without trace."""
        with self._errors(), self.engine.connect() as tx, tx.begin():
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write: committed when the block ends, undone when it raises."""
        with self._errors(), self.engine.connect().execution_options(**_WRITE) as tx, tx.begin():
            yield tx

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:  # what a pragma raises at connecting is not wrapped
            if told := self._told(error):
                raise told from error
            raise

    def _told(self, error: DBAPIError | sqlite3.Error) -> PlannerError | None:
        """What a person can do something about, in words; None for a fault of ours."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        reason = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        kinds = _sqlite_kinds(cause) if self.is_sqlite else _postgresql_kinds(error)
        for kind, raised in kinds.items():
            if raised and kind is NotADatabase and (copy := self._last_copy()):
                return BrokenDatabase(where=self.where, copy=copy)
            if raised:
                return kind(where=self.where, reason=reason, home=self.file and self.file.parent)
        return None

    def _last_copy(self) -> Path | None:
        return keeping.newest(self.copies, keeping.SQLITE) if self.is_sqlite and self.copies else None

    def use_journal(self) -> None:
        """Give the SQLite file its journal mode, which stays; to WAL only if nobody else is at the file just now.

        Not done at connecting: a file that turns out to be somebody else's is left as it is.
        """
        if not self.is_sqlite:
            return
        with self._errors(), closing(self.engine.raw_connection()) as connection:
            try:
                connection.cursor().execute(f"PRAGMA journal_mode={self.journal}")
            except sqlite3.OperationalError as error:
                if self.journal != "WAL" or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        if self._turnstile:
            self._turnstile.close()


def _sqlite_kinds(cause: BaseException | None) -> dict[type[PlannerError], bool]:
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest tells more than is needed
    return {
        NotADatabase: code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT),
        DatabaseBusy: code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
        HomeNotWritable: code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL),
        DatabaseUnreachable: code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR),
    }


def _postgresql_kinds(error: Exception) -> dict[type[PlannerError], bool]:
    """By SQLSTATE: 40 and 55 are conflicts with somebody else; no state at all: nobody was reached."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    # Without a statement it is the connecting that failed, perhaps for an option of the address.
    away = not state and (isinstance(error, OperationalError) or getattr(error, "statement", "") is None)
    return {
        DatabaseBusy: state[:2] in ("40", "55"),
        DatabaseUnreachable: away or state[:2] in ("08", "28", "3D", "53", "57"),
    }


def _with_driver(url: URL) -> URL:
    """Addresses people copy from providers say postgres:// or postgresql://; the driver is psycopg 3."""
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _journal(url: URL) -> str:
    """The journal mode an address asks for; if it asks for none, WAL where it is sound."""
    sound = wal_is_safe(sqlite3.sqlite_version_info)
    wanted = str(url.query.get("journal", "wal" if sound else "delete")).upper()
    if wanted not in ("WAL", "DELETE"):
        raise UnknownJournal(journal=wanted)
    if wanted == "WAL" and not sound:
        raise UnsafeJournal(version=sqlite3.sqlite_version)
    return wanted


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


def _sqlite_engine(url: URL, turnstile: Turnstile) -> Engine:
    engine = create_engine(
        url.difference_update_query(["journal"]),
        module=sqlite3,
        hide_parameters=True,  # an error names its statement in the log, and must not name a mail with its links
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "do_connect")
    def create(*_: Any) -> None:
        if url.database and "uri" not in url.query:
            _make_private(Path(url.database))

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}",
                       "journal_size_limit=67108864"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("planner_write"):
            connection.exec_driver_sql("BEGIN")
            return
        with turnstile.turn():
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_private(file: Path) -> None:
    """Create the file readable by its owner alone, before SQLite would create it with the umask."""
    if os.path.exists(file):  # not Path.exists, which raises on a name that is too long
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise HomeNotWritable(home=str(file.parent), reason=error.strerror or str(error)) from error
