"""Whether the clock on the wall can be believed: a wrong one must not plan, remind, or call months missed.

A clock that a dead battery set to 1970, or somebody to next week, is held against one that only counts on; at the start
of a process, when there is nothing to count from, against the moment at which the planner last worked. Steps of some
hours are followed (a machine that kept local time as UTC is set right by as much), as is the sleep of a laptop, in
which the steady clock counts on. A clock that went forward while the planner was off cannot be told from a planner that
was off for so long, and is believed.
"""

import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from planner.errors import PlannerError
from planner.language import N_

log = logging.getLogger("planner.clock")

RELEASED: Final = datetime(2026, 1, 1, tzinfo=UTC)
TOO_FAR: Final = timedelta(hours=12)
A_LITTLE: Final = timedelta(minutes=10)
_WORTH_A_WORD: Final = timedelta(minutes=2)


class ClockWrong(PlannerError):
    message = N_("The clock says {now}, which cannot be. Nothing is planned or sent until it is set right.")


class ClockJumped(PlannerError):
    message = N_(
        "The clock has jumped to {now}, by more than twelve hours. Nothing is planned or sent until it is set right; "
        "if it is right now, say so with “planner tick --trust-clock”."
    )


class ClockBehind(PlannerError):
    message = N_(
        "The clock says {now}, but the planner has already worked at {last}. Nothing is planned or sent until it is "
        "set right; if it is right now, say so with “planner tick --trust-clock”."
    )


def steady() -> float:
    """Seconds that only ever count on, also while the machine sleeps (on Windows ``time.monotonic`` does)."""
    if (boot := getattr(time, "CLOCK_BOOTTIME", None)) is not None:
        return time.clock_gettime(boot)
    if sys.platform == "darwin":  # its time.monotonic stands still in sleep, this one does not
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def _never() -> None:
    return None


class ClockWatch:
    """Watches one clock for one process, beginning with the first moment it is shown and can believe."""

    def __init__(self, count: Callable[[], float] = steady) -> None:
        self._count = count
        self._last: tuple[datetime, float] | None = None

    def check(self, now: datetime, noted: Callable[[], datetime | None] = _never) -> bool:
        """Whether what was written before may be of a clock that ran ahead: at the first moment, and after a step back.

        ``noted`` tells when the planner last worked or a person said that the clock is right; it is asked only when
        that matters. Raises ClockWrong, ClockBehind, ClockJumped for a moment that cannot be believed; the next one is
        asked about anew.
        """
        told = now.isoformat(timespec="minutes")
        if now < RELEASED:
            raise ClockWrong(now=told)
        counted = self._count()
        if self._last is None:
            last = noted()
            if last is not None and last - now > A_LITTLE:
                raise ClockBehind(now=told, last=last.isoformat(timespec="minutes"))
            step, begins = timedelta(), True
        else:
            step, begins = now - self._last[0] - timedelta(seconds=counted - self._last[1]), False
        if abs(step) > TOO_FAR and not _is_near(noted(), now):
            raise ClockJumped(now=told)
        if abs(step) > _WORTH_A_WORD:
            log.warning("the clock was set by %s", step)
        self._last = now, counted
        return begins or step < -_WORTH_A_WORD


def _is_near(noted: datetime | None, now: datetime) -> bool:
    return noted is not None and abs(noted - now) < A_LITTLE
