"""Copies of a SQLite file: made and put back while the planner runs, and trusted only after a look inside.

A copy is a whole database in one file, readable by its owner alone. It is made under a read lock, so that its rows
can be counted against the original's; putting one back goes through SQLite, so that a running planner sees either the
old data or the new. PostgreSQL has pg_dump; ``archive`` writes either database as JSON.
"""

import os
import re
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final

from planner.errors import DatabaseTooNew, PlannerError
from planner.language import N_
from planner.store.driver import sqlite3

DAYS: Final = 7
WEEKS: Final = 4
_NIGHTLY: Final = re.compile(r"planner-(\d{4}-\d{2}-\d{2})\.db")
_BESIDE: Final = ("-wal", "-shm", "-journal")


class NotACopy(PlannerError):
    message = N_("{file} is not a whole copy of a planner's database: {reason}. Nothing was changed. Name another one.")


class CopyFailed(PlannerError):
    message = N_("{file} could not be written: {reason}. Make room, or name another place.")


class IsThere(PlannerError):
    message = N_("{file} is there already. Name another file, or move that one away.")


class NoFile(PlannerError):
    message = N_("This planner's data is in PostgreSQL. Copy it with pg_dump, or write it as JSON: planner export FILE")
    exit_code = 2


def folder_of(file: Path) -> Path:
    """Where the copies of a database are kept."""
    return file.parent / "backups"


def copy(file: Path, target: Path) -> dict[str, int]:
    """A checked copy of a SQLite file; its rows by table. The target is there whole or not at all.

    Raises IsThere, CopyFailed; NotACopy if the original itself is broken.
    """
    if target.exists():
        raise IsThere(file=target)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        rows = _filled(file, part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise CopyFailed(file=target, reason=error.strerror or error) from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise NotACopy(file=file, reason=error) from error
        raise CopyFailed(file=target, reason=error) from error
    finally:
        part.unlink(missing_ok=True)
    return rows


def _filled(file: Path, part: Path) -> dict[str, int]:
    with closing(_open(file)) as source, closing(sqlite3.connect(part)) as target:
        source.execute("BEGIN")
        before = _counts(source)  # takes the read lock that holds until the copy is made
        source.backup(target)
        source.rollback()
        target.execute("PRAGMA journal_mode=DELETE")  # or the copy of a file with WAL would need two more beside it
    rows = check(part)[1]
    if rows != before:
        raise NotACopy(file=file, reason=N_("its rows changed while it was copied"))
    return rows


def check(file: Path) -> tuple[str, dict[str, int]]:
    """The schema revision of a copy, and its rows by table. Raises NotACopy unless it is whole."""
    if not file.is_file():
        raise NotACopy(file=file, reason=N_("there is no such file"))
    try:
        with closing(_open(file)) as rows:
            told = rows.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if told != "ok":
                raise NotACopy(file=file, reason=told.splitlines()[0])
            if orphan := rows.execute("PRAGMA foreign_key_check").fetchone():
                raise NotACopy(file=file, reason=f"a row of {orphan[0]} belongs to nothing")
            revision = rows.execute("SELECT version_num FROM alembic_version").fetchone()
            if revision is None:
                raise NotACopy(file=file, reason=N_("it has no revision"))
            return revision[0], _counts(rows)
    except sqlite3.Error as error:
        raise NotACopy(file=file, reason=error) from error


def restore(source: Path, file: Path, known: Iterable[str]) -> Path | None:
    """Put a copy in the place of a database; the copy made of what was there, if that could be read.

    ``known`` are the revisions this program can use. Raises NotACopy, DatabaseTooNew, CopyFailed, and leaves the
    database as it is.
    """
    revision, rows = check(source)
    if revision not in known:
        raise DatabaseTooNew(revision=revision)
    kept = _set_aside(file)
    try:
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(_open(source)) as copied, closing(sqlite3.connect(file)) as target:
            copied.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise CopyFailed(file=file, reason=error) from error
    if check(file)[1] != rows:
        raise CopyFailed(file=file, reason=N_("not all rows arrived"))
    return kept


def _set_aside(file: Path) -> Path | None:
    """A copy of what is there; what cannot be read is moved out of the way, with what SQLite left beside it."""
    if not file.exists() or file.stat().st_size == 0:
        _remove_beside(file)
        return None
    folder = folder_of(file)
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        kept = _free(folder, f"{file.stem}-before-restore", ".db")
        copy(file, kept)
    except NotACopy:
        kept = _free(folder, f"{file.stem}-broken", ".db")
        file.replace(kept)
        _remove_beside(file)
    return kept


def _remove_beside(file: Path) -> None:
    for ending in _BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def before_migration(file: Path, step: str) -> Path:
    """A copy of a database before a migration touches it; an earlier copy is not overwritten."""
    folder = folder_of(file)
    folder.mkdir(mode=0o700, exist_ok=True)
    target = _free(folder, f"{file.stem}-before-{step}", ".db")
    copy(file, target)
    return target


def nightly(file: Path, day: date) -> Path | None:
    """The copy of a day if it is not there yet; of older ones seven daily and four weekly are kept."""
    folder = folder_of(file)
    target = folder / f"planner-{day}.db"
    if target.exists():
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    copy(file, target)
    for name in superfluous(path.name for path in folder.iterdir()):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    return target


def superfluous(names: Iterable[str]) -> list[str]:
    """Of the files in a folder the nightly copies that are neither of the last days nor the last of a recent week."""
    days = {date.fromisoformat(found[1]): name for name in names if (found := _NIGHTLY.fullmatch(name))}
    newest = sorted(days, reverse=True)
    weeks: dict[tuple[int, int], date] = {}
    for day in newest:
        weeks.setdefault(day.isocalendar()[:2], day)
    kept = {*newest[:DAYS], *list(weeks.values())[:WEEKS]}
    return [name for day, name in days.items() if day not in kept]


def newest(file: Path) -> Path | None:
    """The latest nightly copy of a database."""
    folder = folder_of(file)
    names = sorted(path.name for path in folder.iterdir() if _NIGHTLY.fullmatch(path.name)) if folder.is_dir() else []
    return folder / names[-1] if names else None


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


def _counts(rows: sqlite3.Connection) -> dict[str, int]:
    tables = rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: rows.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608


def _free(folder: Path, stem: str, ending: str) -> Path:
    names = (f"{stem}{ending}" if n == 1 else f"{stem}-{n}{ending}" for n in count(1))
    return next(path for name in names if not (path := folder / name).exists())
