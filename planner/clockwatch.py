"""Whether the clock on the wall can be believed: a wrong one must not plan, remind, or call months missed.

A clock that a dead battery set to 1970, or somebody to next year, is held against one that only counts on. Small steps
are followed, as are the hours of a laptop that slept.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from planner.errors import PlannerError
from planner.language import N_

log = logging.getLogger("planner.clock")

RELEASED: Final = datetime(2026, 1, 1, tzinfo=UTC)
TOO_FAR: Final = timedelta(days=7)
_WORTH_A_WORD: Final = timedelta(minutes=2)


class ClockWrong(PlannerError):
    message = N_("The clock says {now}, which cannot be. Nothing is planned or sent until it is set right.")


class ClockJumped(PlannerError):
    message = N_(
        "The clock has jumped to {now}, more than a week. Nothing is planned or sent until it is set right; if it is "
        "right now, start the planner again."
    )


def steady() -> float:
    """Seconds that only ever count on; on Linux also while the machine sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class ClockWatch:
    """Watches one clock for one process, beginning with the first moment it is shown."""

    def __init__(self, count: Callable[[], float] = steady) -> None:
        self._count = count
        self._last: tuple[datetime, float] | None = None

    def check(self, now: datetime) -> None:
        """Raise ClockWrong, ClockJumped for a moment that cannot be believed; the next one is asked about anew."""
        if now < RELEASED:
            raise ClockWrong(now=now.isoformat(timespec="minutes"))
        counted = self._count()
        if self._last is not None:
            step = now - self._last[0] - timedelta(seconds=counted - self._last[1])
            if abs(step) > TOO_FAR:
                raise ClockJumped(now=now.isoformat(timespec="minutes"))
            if abs(step) > _WORTH_A_WORD:
                log.warning("the clock was set by %s", step)
        self._last = now, counted
