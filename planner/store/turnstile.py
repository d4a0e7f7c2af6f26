"""The queue of writers on SQLite, whose own lock goes to whoever happens to ask at the right moment.

A writer who waits tries again after ever longer sleeps (sqlite.org/c3ref/busy_timeout.html). So one who commits and
begins anew at once, as planning and sending do, can shut out everybody else for as long as that goes on. Therefore
every writer goes through a turnstile and stays in it until SQLite has given him the lock; whoever has just written
comes behind him. Threads wait for each other at a lock, processes at an ``flock`` of a file beside the database.

Nothing but the order depends on it. Where there is no ``flock``, or somebody got stuck in the turnstile, the order is
SQLite's.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PAUSE: Final = 0.002
_GOODBYE: Final = 1.0  # seconds; a daemon whose tick hangs in a transaction must be able to end


class Turnstile:
    """Lets the writers on one SQLite file ask for its lock one after the other; ``patience`` is in seconds."""

    def __init__(self, database: str, patience: float) -> None:
        self._path = f"{database}-queue"
        self._patience = patience
        self._threads = threading.Lock()
        self._file: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While the block runs nobody else is in the turnstile, unless he waited longer than the patience."""
        alone = self._threads.acquire(timeout=self._patience)
        try:
            queued = alone and self._lock()
            try:
                yield
            finally:
                if queued:
                    self._unlock()
        finally:
            if alone:
                self._threads.release()

    def close(self) -> None:
        """Let go of the file; the next turn opens it again. Whoever is in the turnstile for long keeps it."""
        if not self._threads.acquire(timeout=_GOODBYE):
            return
        try:
            if self._file is not None:
                os.close(self._file)
                self._file = None
        finally:
            self._threads.release()

    def _lock(self) -> bool:
        if fcntl is None:
            return False
        with suppress(OSError):  # no room, no right, no flock on this drive: then as SQLite has it
            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            for _ in range(int(self._patience / _PAUSE)):
                with suppress(BlockingIOError):
                    fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                time.sleep(_PAUSE)
        return False

    def _unlock(self) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
