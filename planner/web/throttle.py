"""Slowing down whoever guesses: after a few failures from an address the next try has to wait longer and longer."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

FREE: Final = 5
LONGEST: Final = timedelta(minutes=15)
_REMEMBERED: Final = 10_000


class Throttle:
    """Counts failures by address, in memory; never locks anybody out for good."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, who: str, now: datetime) -> timedelta:
        """How long this address has to wait before its next try; nothing if it may try now."""
        with self._lock:
            count, last = self._failures.get(who, (0, now))
        if count < FREE:
            return timedelta()
        pause = min(LONGEST, timedelta(seconds=2 ** min(count - FREE + 1, 12)))
        return max(timedelta(), last + pause - now)

    def failed(self, who: str, now: datetime) -> None:
        """Note a failure."""
        with self._lock:
            count, _ = self._failures.pop(who, (0, now))
            self._failures[who] = (count + 1, now)
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, who: str) -> None:
        """Forget the failures of an address."""
        with self._lock:
            self._failures.pop(who, None)
