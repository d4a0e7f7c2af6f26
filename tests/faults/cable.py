"""Lines on loopback between the planner and a server, which a test listens in on, silences or cuts."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

PIECE = 65_536


class Cut(Exception):
    """Raised where a piece would pass: ``last`` still does, then the line ends, on both sides."""

    def __init__(self, last: bytes) -> None:
        self.last = last


class Cable:
    """A port that leads to a server, for any number of lines, until it is closed; then nothing of it is left open.

    What passes is up to :meth:`said` and :meth:`answered`: here, everything. A subclass listens in or holds back.
    """

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._serve)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() alone does not
        self.hang_up()
        for thread in self._threads:
            thread.join(10)
        for each in (self._door, *self._ends):
            each.close()

    def said(self, line: int, piece: bytes) -> bytes:
        """What reaches the server of a piece the planner sent; lines are counted from 0."""
        return piece

    def answered(self, line: int, piece: bytes) -> bytes:
        """What reaches the planner of a piece the server sent."""
        return piece

    def hang_up(self) -> None:
        """Every line that is there ends."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _start(self, work: Callable[..., None], *words: object) -> None:
        self._threads.append(threading.Thread(target=work, args=words, daemon=True))
        self._threads[-1].start()

    def _serve(self) -> None:
        line = 0
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self._ends.append(client)
                server = self._connect()
                self._ends.append(server)
                self._start(self._pump, client, server, line, self.said)
                self._start(self._pump, server, client, line, self.answered)
                line += 1

    def _pump(
        self, source: socket.socket, target: socket.socket, line: int, passing: Callable[[int, bytes], bytes]
    ) -> None:
        with suppress(OSError):
            try:
                while piece := source.recv(PIECE):
                    target.sendall(passing(line, piece))
            except Cut as cut:
                target.sendall(cut.last)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
