"""The daemon's pulse: which tick was heard of when, which is to be woken, which never comes back."""

import logging
import math
import time
from collections.abc import Callable, Iterable
from typing import Final

from planner.ticks import Tick

log = logging.getLogger("planner.daemon")

_LATE: Final = 3  # intervals


class Pulse:
    """Kept by ``steady``, seconds that nobody can set; the ticks' threads note, one thread looks."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._heard: dict[str, float] = {}
        self._alarms: dict[str, float] = {}
        self._woken: dict[str, float] = {}

    def hear(self, name: str) -> None:
        """Here it is."""
        self._heard[name] = self._steady()

    def silence(self, name: str) -> float:
        """For how many seconds it was not heard of; without end, if never."""
        return self._steady() - self._heard.get(name, -math.inf)

    def wake(self, name: str, after: float = 0) -> None:
        """It is due in so many seconds, whatever its interval says."""
        self._alarms[name] = self._steady() + after

    def begin(self, name: str) -> None:
        """It is at work, so nobody need wake it."""
        self._alarms.pop(name, None)

    def look(self, ticks: Iterable[Tick], wake: Callable[[str], None]) -> Tick | None:
        """Wake who is due or late, each once; the first that has been silent for so long that it counts as hung."""
        for tick in ticks:
            if self._alarms.get(tick.name, math.inf) <= self._steady():
                self._alarms.pop(tick.name, None)
                wake(tick.name)
            heard, silent = self._heard.get(tick.name, -math.inf), self.silence(tick.name)
            if silent > tick.hung_after:
                log.error("tick %s has not come back for %.0f seconds; giving up", tick.name, silent)
                return tick
            if silent > tick.seconds * _LATE and self._woken.get(tick.name) != heard:
                self._woken[tick.name] = heard
                log.warning("tick %s is late by %.0f seconds; waking it", tick.name, silent - tick.seconds)
                wake(tick.name)  # after a clock set back
        return None
