"""Forms that make something, remembered by what made each unique: one that is sent twice makes it once.

A second tap comes while the first one is still being worked on; it waits for it, and is led to where the first one was.
"""

import threading
from collections import OrderedDict
from typing import Final

_PATIENCE: Final = 60.0  # seconds; a test mail may take that long, nothing else does


class SentForms:
    """Where forms led to, by their keys. Safe to share between threads."""

    def __init__(self, keep: int = 1000) -> None:
        """``keep`` is how many forms are remembered."""
        self._keep = keep
        self._led: OrderedDict[str, str] = OrderedDict()
        self._running: set[str] = set()
        self._changed = threading.Condition()

    def begin(self, key: str) -> str | None:
        """Where the form of this key led to; None for the first one, which has to be ended."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._running, _PATIENCE)
            if key in self._led:
                return self._led[key]
            self._running.add(key)
            return None

    def end(self, key: str, to: str | None) -> None:
        """Note where a form led to; None if it was refused and may come again."""
        with self._changed:
            self._running.discard(key)
            if to is not None:
                self._led[key] = to
            if len(self._led) > self._keep:
                self._led.popitem(last=False)
            self._changed.notify_all()
