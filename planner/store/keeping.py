"""Which copies lie in a folder, which of them stay, and how one gets there: whole, or not at all.

Nightly ones stay for seven days and four weeks, of those made for an occasion (a migration, a restore) the last four.
Nothing is cleared away before a newer one was made and looked over.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from planner.errors import PlannerError
from planner.language import N_

DAYS: Final = 7
WEEKS: Final = 4
OCCASIONS: Final = 4
SQLITE: Final = ".db"
ARCHIVE: Final = ".json.gz"
BESIDE: Final = ("-wal", "-shm", "-journal")
PART: Final = ".part"
_ENDINGS: Final = r"(\.db|\.json\.gz)"
_NIGHTLY: Final = re.compile(rf"planner-(\d{{4}}-\d{{2}}-\d{{2}}){_ENDINGS}")
_OCCASION: Final = rf"-(?:(before-restore|broken)|(before)-\d{{4}}-from-\d{{4}})(?:-\d+)?{_ENDINGS}"
_BEGUN: Final = re.compile(r".+\.\d+\.part(-\w+)?")
_LEFT_BEHIND: Final = timedelta(days=2)


class NotACopy(PlannerError):
    message = N_("{file} is not a whole copy of a planner's database: {reason}. Nothing was changed. Name another one.")


class CopyFailed(PlannerError):
    message = N_("{file} could not be written: {reason}. Make room, or name another place.")


class IsThere(PlannerError):
    message = N_("{file} is there already. Name another file, or move that one away.")


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """A file to write into, which becomes the target when the block ends well; readable by its owner alone.

    Raises IsThere, and CopyFailed for whatever the disk says.
    """
    if target.exists():
        raise IsThere(file=target)
    part = part_of(target)
    try:
        make_private(part)
        yield part
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        part.replace(target)
    except OSError as error:
        raise CopyFailed(file=target, reason=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """The name of a file that is being made, by this process; who is killed leaves it to ``tidy``."""
    return target.with_name(f"{target.name}.{os.getpid()}{PART}")


def make_private(file: Path) -> None:
    """An empty file that its owner alone can read. Raises OSError."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))


def nightly_name(day: date, ending: str) -> str:
    """What the copy of a day is called."""
    return f"planner-{day}{ending}"


def make_folder(folder: Path) -> None:
    """Make the folder of the copies if it is not there. Raises CopyFailed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CopyFailed(file=folder, reason=error.strerror or error) from error


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """A name in the folder that nothing has yet."""
    names = (f"{stem}{ending}" if n == 1 else f"{stem}-{n}{ending}" for n in count(1))
    return next(path for name in names if not (path := folder / name).exists())


def newest(folder: Path, ending: str, until: date = date.max) -> Path | None:
    """The latest nightly copy of that kind, of a day or an earlier one."""
    found = [day for day, of in _nightly(_names(folder)) if of == ending and day <= until]
    return folder / nightly_name(max(found), ending) if found else None


def tidy(folder: Path, stem: str, today: date | None = None) -> None:
    """Clear away the copies whose time is over: of those for an occasion the ones whose names begin with ``stem``, and
    on a day the nightly ones.
    """
    nightly = superfluous(_names(folder), today) if today else []
    for name in [*nightly, *_old_occasions(folder, stem)]:
        for path in (folder / name, *(folder / (name + ending) for ending in BESIDE)):
            with suppress(FileNotFoundError):
                path.unlink()


def clear_left_behind(folder: Path, stem: str, now: float) -> None:
    """Clear away what a process that was killed had begun to write two days ago or earlier.

    ``now`` is a moment of the disk's own clock, the time of a file just written: another process may be at work beside
    us, and ours may have been told another day.
    """
    for name in _names(folder):
        with suppress(FileNotFoundError):
            if (
                name.startswith(stem)
                and _BEGUN.fullmatch(name)
                and now - (folder / name).stat().st_mtime > _LEFT_BEHIND.total_seconds()
            ):
                (folder / name).unlink()


def superfluous(names: Iterable[str], today: date) -> list[str]:
    """Of the files in a folder the nightly copies that are neither of the last days nor the last of a recent week.

    Each kind of database counts by itself: whoever moved to another keeps the last copies of the one before. One of a
    later day, which a clock that ran ahead had made, takes nobody's place, and is left alone until its day has come.
    """
    found = [(day, of) for day, of in _nightly(names) if day <= today]
    gone = []
    for ending in (SQLITE, ARCHIVE):
        days = sorted((day for day, of in found if of == ending), reverse=True)
        weeks: dict[tuple[int, int], date] = {}
        for day in days:
            weeks.setdefault(day.isocalendar()[:2], day)
        kept = {*days[:DAYS], *list(weeks.values())[:WEEKS]}
        gone += [nightly_name(day, ending) for day in days if day not in kept]
    return gone


def _old_occasions(folder: Path, stem: str) -> list[str]:
    """The copies made for each kind of occasion, but for the last ones; what a person put there has other names."""
    ours = re.compile(re.escape(stem) + _OCCASION)
    kinds: dict[tuple[str | None, ...], list[tuple[float, str]]] = {}
    for name in _names(folder):
        if found := ours.fullmatch(name):
            kinds.setdefault(found.groups(), []).append(((folder / name).stat().st_mtime, name))
    return [name for names in kinds.values() for _made, name in sorted(names)[:-OCCASIONS]]


def _nightly(names: Iterable[str]) -> Iterator[tuple[date, str]]:
    for name in names:
        if found := _NIGHTLY.fullmatch(name):
            with suppress(ValueError):  # 2026-99-99 is no day
                yield date.fromisoformat(found[1]), found[2]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
