"""Where the data files lie: inside the package when installed, beside it in a checkout.

The wheel carries ``schedules/`` and ``templates/`` within ``planner/`` (force-include in pyproject.toml); in
a checkout or an editable install they stay at the top level, where people look for them.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder ``schedules`` or ``templates``. Raises FileNotFoundError if the installation lacks it."""
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (found := parent / name).is_dir():
            return found
    raise FileNotFoundError(f"the installation lacks its {name}/ folder; install planner again")
