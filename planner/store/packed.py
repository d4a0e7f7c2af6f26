"""Copies of a PostgreSQL: archives of one moment, packed, made while the planner runs and read back before they count.

Their rows are those of the tables as they stand, so that a copy made before a migration holds the tables from before.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TextIO

from planner.language import N_
from planner.store import archive, keeping
from planner.store.archive import NotAnArchive
from planner.store.archive_lines import Lines, References
from planner.store.keeping import CopyFailed, NotACopy

if TYPE_CHECKING:
    from planner.store.database import Database

_MAGIC: Final = b"\x1f\x8b"
_EFFORT: Final = 5  # of 9: half the time of the most for a few parts in a hundred of the size


def copy(database: "Database", target: Path, *, old: bool = False) -> dict[str, int]:
    """A checked copy of a PostgreSQL; its rows by table. The target is there whole or not at all.

    ``old`` says that its tables are not those of this program. Raises IsThere, CopyFailed.
    """
    with keeping.written(target) as part:
        with database.read() as tx, gzip.open(part, "wt", _EFFORT, encoding="utf-8", newline="\n") as out:
            archive.one_moment(tx, old=old)
            tables = archive.as_they_stand(tx) if old else None
            archive.write(tx, out, tables)
            there = archive.counted(tx, tables)
        if check(part)[1] != there:
            raise CopyFailed(file=target, reason=N_("not all rows arrived"))
    return there


def check(file: Path) -> tuple[str, dict[str, int]]:
    """The schema revision of a copy, and its rows by table, all of it read. Raises NotACopy."""
    with opened(file) as source:
        lines, references = Lines(source), References()
        for table, rows in lines.tables():
            for row in rows:
                references.see(table, row)
        return lines.revision, lines.counts


@contextmanager
def opened(file: Path) -> Iterator[TextIO]:
    """The text of an archive, packed or not. Raises NotACopy for what cannot be read, also while it is read."""
    if not file.is_file():
        raise NotACopy(file=file, reason=N_("there is no such file"))
    try:
        with file.open("rb") as source, text_of(source) as text:
            yield text
    except OSError as error:
        raise NotACopy(file=file, reason=error) from error
    except NotAnArchive as error:
        raise NotACopy(file=file, reason=error.values["reason"]) from error


@contextmanager
def text_of(source: BinaryIO) -> Iterator[TextIO]:
    """What a stream says as text, unpacked if it is packed. Raises NotAnArchive for bytes that are neither."""
    begin = source.read(len(_MAGIC))
    whole = io.BufferedReader(_Again(begin, source))
    plain = gzip.GzipFile(fileobj=whole) if begin == _MAGIC else whole
    try:
        yield io.TextIOWrapper(plain, encoding="utf-8", newline="\n")
    except (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise NotAnArchive(reason=str(error)) from error


class _Again(io.RawIOBase):
    """A stream of which the first bytes were looked at; standard input cannot go back."""

    def __init__(self, begin: bytes, rest: BinaryIO) -> None:
        self._begin, self._rest = begin, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        some = self._begin or self._rest.read(len(buffer))
        self._begin = b""
        buffer[: len(some)] = some
        return len(some)
