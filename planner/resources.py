"""Where the data files lie: inside the package when installed, beside it in a checkout.

The wheel carries ``schedules/`` and ``templates/`` within ``planner/`` (force-include in pyproject.toml); in
a checkout or an editable install they stay at the top level, where people look for them.
"""

import errno
import os
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).resolve().parent
LARGEST: Final = 16 * 1024  # bytes; half as much again as the longest file of ours


@cache
def folder(name: str) -> Path:
    """The folder ``schedules`` or ``templates``. Raises FileNotFoundError if the installation lacks it."""
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (found := parent / name).is_dir():
            return found
    raise FileNotFoundError(f"the installation lacks its {name}/ folder; install planner again")


def small_text(file: Path) -> str:
    """The text of a file that people write: UTF-8, without the mark that editors on Windows begin it with.

    Raises OSError, also for a file of more than LARGEST bytes, and UnicodeDecodeError. The time to read TOML grows
    with the square of its length.
    """
    with file.open("rb") as source:
        data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
    return data.decode("utf-8-sig").replace("\r\n", "\n")
