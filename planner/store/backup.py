"""Copies of a SQLite file: made and put back while the planner runs, and trusted only after a look inside.

A copy is a whole database in one file, readable by its owner alone. It is made under a read lock, so that its rows
can be counted against the original's; putting one back goes through SQLite, so that a running planner sees either the
old data or the new, and whoever is killed meanwhile leaves one of them. ``packed`` does the same for PostgreSQL.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from planner.language import N_
from planner.store import keeping
from planner.store.driver import sqlite3
from planner.store.keeping import BESIDE, CopyFailed, NotACopy

_PATIENCE: Final = 30  # seconds: without a WAL who reads waits for a gap between those who write
_BROKEN: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def copy(file: Path, target: Path) -> dict[str, int]:
    """A checked copy of a SQLite file; its rows by table. The target is there whole or not at all.

    Raises IsThere, CopyFailed; NotACopy if the original itself is broken.
    """
    with keeping.written(target) as part, _told(file, target):
        return _filled(file, part)


@contextmanager
def _told(file: Path, target: Path) -> Iterator[None]:
    """What SQLite has to say about copying, in words."""
    try:
        yield
    except sqlite3.Error as error:
        if _is_broken(error):
            raise NotACopy(file=file, reason=error) from error
        raise CopyFailed(file=target, reason=error) from error


def _is_broken(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN


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


@contextmanager
def working_copy(source: Path, file: Path) -> Iterator[Path]:
    """A checked copy of a copy, beside the file whose place it shall take; gone when the block ends."""
    work = keeping.part_of(file)
    try:
        keeping.make_private(work)
        with _told(source, work):
            _filled(source, work)
        yield work
    except OSError as error:
        raise CopyFailed(file=work, reason=error.strerror or error) from error
    finally:
        for ending in ("", *BESIDE, "-queue"):
            work.with_name(work.name + ending).unlink(missing_ok=True)


def put_in_place(work: Path, file: Path) -> None:
    """Put what a working copy holds into a file, in one transaction of SQLite's. Raises CopyFailed.

    A file that SQLite does not take for one of its own is exchanged; a running planner then needs a new start.
    """
    try:
        if not file.exists() or file.stat().st_size == 0:
            _remove_beside(file)
            keeping.make_private(file)
        try:
            with closing(_open(work)) as copied, closing(sqlite3.connect(file, timeout=_PATIENCE)) as target:
                target.execute("PRAGMA schema_version")  # reads the first page; an error of a backup has no code
                copied.backup(target)
        except sqlite3.DatabaseError as error:
            if not _is_broken(error):
                raise
            _remove_beside(file)
            work.replace(file)
        check(file)
    except (OSError, sqlite3.Error, NotACopy) as error:
        raise CopyFailed(file=file, reason=error) from error


def set_aside(file: Path, folder: Path) -> Path | None:
    """A copy of what is there, before something else takes its place; None if there is nothing.

    What cannot be read is copied as it lies, with what SQLite left beside it. Raises CopyFailed.
    """
    if not file.exists() or file.stat().st_size == 0:
        return None
    keeping.make_folder(folder)
    kept = keeping.free_name(folder, f"{file.stem}-before-restore", keeping.SQLITE)
    try:
        copy(file, kept)
    except NotACopy:
        kept = keeping.free_name(folder, f"{file.stem}-broken", keeping.SQLITE)
        _copy_as_it_lies(file, kept)
    return kept


def _copy_as_it_lies(file: Path, kept: Path) -> None:
    with keeping.written(kept) as part:
        shutil.copyfile(file, part)
    for ending in BESIDE:
        if (beside := file.with_name(file.name + ending)).exists():
            with keeping.written(kept.with_name(kept.name + ending)) as part:
                shutil.copyfile(beside, part)


def _remove_beside(file: Path) -> None:
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE)


def _counts(rows: sqlite3.Connection) -> dict[str, int]:
    tables = rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: rows.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608
