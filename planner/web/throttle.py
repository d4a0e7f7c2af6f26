"""Slowing down whoever guesses: after a few failures the next try has to wait longer and longer."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

FREE: Final = 5
LONGEST: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(days=1)
_REMEMBERED: Final = 10_000


class Throttle:
    """Counts failures by name (an address, an account), in memory; never locks anybody out for good."""

    def __init__(self, free: int = FREE, longest: timedelta = LONGEST) -> None:
        """After ``free`` failures the pauses double from two seconds up to ``longest``."""
        self._free = free
        self._longest = longest
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, who: str, now: datetime) -> timedelta:
        """How long this one has to wait before its next try; nothing if it may try now."""
        with self._lock:
            return self._wait(who, now)

    def admit(self, who: str, now: datetime) -> timedelta:
        """The same; a try that may be made counts as failed until ``succeeded`` says otherwise.

        Counted before it is made, so that many at the same moment are not all the first.
        """
        with self._lock:
            left = self._wait(who, now)
            if not left:
                self._count(who, now)
            return left

    def failed(self, who: str, now: datetime) -> None:
        """Note a failure."""
        with self._lock:
            self._count(who, now)

    def succeeded(self, who: str) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures.pop(who, None)

    def _known(self, who: str, now: datetime) -> tuple[int, datetime]:
        count, last = self._failures.get(who, (0, now))
        return (0, now) if now - last > FORGOTTEN_AFTER else (count, last)

    def _wait(self, who: str, now: datetime) -> timedelta:
        count, last = self._known(who, now)
        if count < self._free:
            return timedelta()
        pause = min(self._longest, timedelta(seconds=2 ** min(count - self._free + 1, 12)))
        return max(timedelta(), min(pause, last + pause - now))  # a clock set back makes nobody wait longer

    def _count(self, who: str, now: datetime) -> None:
        count, _ = self._known(who, now)
        self._failures.pop(who, None)
        self._failures[who] = (count + 1, now)
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)
