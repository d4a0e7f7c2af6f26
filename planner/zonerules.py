"""Which zone rules hold: those of the system, or those of the package ``tzdata``; the newer ones.

Governments change clocks on short notice. A server may be years behind, a program may be as well. Whoever names a
folder by PYTHONTZPATH has chosen; else releases like 2026a are compared, and a system that does not name its own (as
Windows, which has none) counts as older.
"""

import io
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

# A release is a year and a letter, which are in order as text; “unknown” or “trunk”, of who built his own, is none.
_NAMED: Final = {name: re.compile(before + r"([12][0-9]{3}[a-z]{1,2})\b")
                 for name, before in (("tzdata.zi", "# version "), ("+VERSION", ""))}  # fmt: skip
_STEP: Final = timedelta(hours=6)
_SYSTEM: Final = tuple(Path(folder) for folder in zoneinfo.TZPATH)


@cache
def system_release() -> str:
    """The release of the system's rules, as their files say; empty if they do not."""
    return release_of(_SYSTEM)


def release_of(folders: Iterable[Path]) -> str:
    """The release that the first of some folders with rules names; empty if none does."""
    for folder in folders:
        for name, pattern in _NAMED.items():
            try:
                with (folder / name).open(encoding="ascii", errors="replace") as file:
                    found = pattern.match(file.readline(80))
            except OSError:
                continue
            if found:
                return found[1]
    return ""


def package_release() -> str:
    """The release of the rules in the package; empty if it is not installed."""
    try:
        import tzdata  # type: ignore[import-untyped]
    except ImportError:
        return ""
    return str(tzdata.IANA_VERSION)


def settle(environ: Mapping[str, str]) -> None:
    """Take the newer rules for this process, before the first zone is asked for."""
    if not environ.get("PYTHONTZPATH") and package_release() >= system_release():
        zoneinfo.reset_tzpath(to=())


def release() -> str:
    """The release of the rules this process has taken."""
    return (system_release() if zoneinfo.TZPATH else package_release()) or "unknown"


def disagreement(name: str, start: datetime, years: int = 5) -> datetime | None:
    """From when on the two sets of rules differ for a zone, to six hours; None if they agree or one has no such zone.

    ``start`` is an instant; the instant given back is in UTC.
    """
    system, package = _of_system(name), _of_package(name)
    if system is None or package is None:
        return None
    moments = (start.astimezone(UTC) + _STEP * n for n in range(years * 366 * 4))
    return next((at for at in moments if at.astimezone(system).utcoffset() != at.astimezone(package).utcoffset()), None)


class _Whole(io.BytesIO):
    """Rules that end with an error: where a file was cut short, zoneinfo reads its end for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes. Raises ValueError if there are fewer."""
        found = super().read(size)
        if size is not None and len(found) < size:
            raise ValueError
        return found


def _of_system(name: str) -> ZoneInfo | None:
    for folder in _SYSTEM:
        try:
            return ZoneInfo.from_file(_Whole((folder / name).read_bytes()), name)
        except (OSError, ValueError, AssertionError):  # zoneinfo asserts that a line of rules ends
            continue
    return None


def _of_package(name: str) -> ZoneInfo | None:
    from importlib import resources

    try:
        rules = resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()
        return ZoneInfo.from_file(_Whole(rules), name)
    except (ImportError, OSError, ValueError, AssertionError):
        return None
