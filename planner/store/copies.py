"""The copies that the planner makes by itself, of whichever database: every night, and before it changes much."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from planner.store import backup, keeping, packed
from planner.store.keeping import ARCHIVE, SQLITE

if TYPE_CHECKING:
    from planner.store.database import Database


def ending(database: "Database") -> str:
    """How the names of a database's copies end."""
    return SQLITE if database.is_sqlite else ARCHIVE


def copy(database: "Database", target: Path) -> dict[str, int]:
    """A checked copy of a database of this program's revision; its rows by table.

    Raises IsThere, CopyFailed; NotACopy if the original itself is broken.
    """
    return backup.copy(database.file, target) if database.file else packed.copy(database, target)


def nightly(database: "Database", day: date) -> Path | None:
    """The copy of a day, if it is not there yet; older ones are cleared away. None too if there is no folder for it."""
    if database.copies is None:
        return None
    target = database.copies / keeping.nightly_name(day, ending(database))
    if target.exists():
        return None
    keeping.make_folder(database.copies)
    copy(database, target)
    made = target.stat().st_mtime
    keeping.clear_left_behind(database.copies, "", made)
    if database.file:
        keeping.clear_left_behind(database.file.parent, database.file.name, made)
    tidy(database, day)
    return target


def before_migration(database: "Database", step: str) -> Path | None:
    """A copy of a database before a migration touches it; an earlier copy is not overwritten.

    None if there is no folder for it.
    """
    if database.copies is None:
        return None
    keeping.make_folder(database.copies)
    target = keeping.free_name(database.copies, f"{_stem(database)}-before-{step}", ending(database))
    if database.file:
        backup.copy(database.file, target)
    else:
        packed.copy(database, target, old=True)
    tidy(database)
    return target


def before_restore(database: "Database", *, old: bool) -> Path | None:
    """A copy of what is there before something else takes its place; ``old``: its tables are not this program's.

    None if there is nothing, or no folder for it. Nothing is cleared away yet: it may be what is being put back.
    """
    if database.copies is None:
        return None
    if database.file:
        return backup.set_aside(database.file, database.copies)
    keeping.make_folder(database.copies)
    target = keeping.free_name(database.copies, f"{_stem(database)}-before-restore", ARCHIVE)
    packed.copy(database, target, old=old)
    return target


def tidy(database: "Database", today: date | None = None) -> None:
    """Clear away the copies of a database whose time is over; the nightly ones only where the day is known."""
    if database.copies:
        keeping.tidy(database.copies, _stem(database), today)


def newest(database: "Database", until: date = date.max) -> Path | None:
    """The latest nightly copy of a database, of a day or an earlier one."""
    return keeping.newest(database.copies, ending(database), until) if database.copies else None


def day_of(nightly: Path) -> date:
    """The day that a nightly copy is of."""
    return date.fromisoformat(nightly.name.removeprefix("planner-")[:10])


def _stem(database: "Database") -> str:
    return database.file.stem if database.file else "planner"
