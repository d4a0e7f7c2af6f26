"""Addresses of feeds and tokens of links that are none of ours: so many an hour from one address, then a short no.

They have 160 bits and more, so nobody finds one by guessing; this keeps whoever tries from costing anything. Whatever
was right once from an address stays right there: behind one router, or a proxy that is not listed, everybody has the
same address, and a guesser must not cost the others their calendar.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

FREE: Final = 60
ONE_BACK: Final = timedelta(seconds=10)
_REMEMBERED: Final = 10_000


class Guesses:
    """Counts wrong ones by address, in memory, and gives one back every ten seconds."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._right: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, who: str, now: datetime, key: str = "") -> bool:
        """Whether a look at what ``who`` brought is worth while; it counts as wrong until ``right`` says otherwise.

        ``key`` is the hash by which it would be known again.
        """
        with self._lock:
            if (who, key) in self._right:
                return True
            count, last = self._wrong.pop(who, (0.0, now))
            count = max(0.0, count - max(timedelta(), now - last) / ONE_BACK)
            admitted = count + 1 <= FREE
            self._wrong[who] = (count + 1 if admitted else count, now)
            _shorten(self._wrong)
            return admitted

    def right(self, who: str, key: str) -> None:
        """It was a right one: it will be known again, and counts no more."""
        with self._lock:
            if (who, key) in self._right:
                self._right.move_to_end((who, key))
                return
            self._right[who, key] = None
            _shorten(self._right)
            if who in self._wrong:
                count, last = self._wrong[who]
                self._wrong[who] = (max(0.0, count - 1), last)

    def knows(self, who: str, key: str) -> bool:
        """Whether it was right before."""
        with self._lock:
            return (who, key) in self._right

    def gone(self, who: str, key: str) -> None:
        """It was right and is no more: revoked."""
        with self._lock:
            self._right.pop((who, key), None)

    def __len__(self) -> int:
        return len(self._wrong) + len(self._right)


def _shorten(kept: "OrderedDict[str, tuple[float, datetime]] | OrderedDict[tuple[str, str], None]") -> None:
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)
