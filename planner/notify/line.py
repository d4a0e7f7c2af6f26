"""Connections to a mail server on which nothing takes for ever, however the other side drips."""

import contextlib
import smtplib
import socket
import threading
from typing import Any


class _Watch:
    """Cuts a line on which one thing takes longer than so many seconds in all.

    A server that drips is within every single time-out. One thread looks three times within the limit whether
    still the same thing is in hand; ``turn`` is odd while something is.
    """

    def __init__(self, smtp: smtplib.SMTP, seconds: float) -> None:
        self.turn = 0
        self._smtp = smtp
        self._closed = threading.Event()
        threading.Thread(target=self._look, args=(seconds / 3,), name="planner-smtp-limit", daemon=True).start()

    def __enter__(self) -> None:
        self.turn += 1

    def __exit__(self, *_error: object) -> None:
        self.turn += 1

    def close(self) -> None:
        """End the thread."""
        self._closed.set()

    def _look(self, pause: float) -> None:
        seen, times = 0, 0
        while not self._closed.wait(pause):
            seen, times = self.turn, times + 1 if self.turn == seen else 0
            if times == 3 and seen % 2:
                self._cut()

    def _cut(self) -> None:
        if (sock := self._smtp.sock) is not None:
            with contextlib.suppress(OSError):  # closed meanwhile
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # SSLSocket's own would pull TLS from under a reader


class Line(smtplib.SMTP):
    """A connection with a watch from its first moment."""

    def __init__(self, seconds: float, *args: Any, **options: Any) -> None:
        self.sock = None
        self.watch = _Watch(self, seconds)
        try:
            with self.watch:
                super().__init__(*args, **options)
        except BaseException:
            self.watch.close()
            raise

    def close(self) -> None:
        self.watch.close()
        super().close()


class TlsLine(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def __init__(self, seconds: float, *args: Any, **options: Any) -> None:
        self.sock = None
        self.watch = _Watch(self, seconds)
        try:
            with self.watch:
                super().__init__(*args, **options)
        except BaseException:
            self.watch.close()
            raise

    def close(self) -> None:
        self.watch.close()
        super().close()
