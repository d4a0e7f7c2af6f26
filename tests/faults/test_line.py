"""A line that breaks anywhere: a proxy on loopback passes so many bytes to the mail server and then cuts it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from notify.server import serving

from faults.conftest import both
from faults.installation import LATER, MORNING, Installation


@contextmanager
def cutting(port: int, after: int) -> Iterator[int]:
    """The port of a proxy whose first line is cut after so many bytes to the server; the others hold."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=_serve, args=(door, port, after), daemon=True)
        thread.start()
        yield door.getsockname()[1]


def _serve(door: socket.socket, port: int, after: int) -> None:
    left: int | None = after
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=_pump, args=(server, client, None), daemon=True).start()
        threading.Thread(target=_pump, args=(client, server, left), daemon=True).start()
        left = None


def _pump(source: socket.socket, target: socket.socket, left: int | None) -> None:
    with source, target:
        with suppress(OSError):  # the other side was cut
            while data := source.recv(4096 if left is None else min(left, 4096)):
                target.sendall(data)
                if left is not None and (left := left - len(data)) == 0:
                    break
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


@both
@pytest.mark.parametrize(("after", "repeats"), [(3, 0), (30, 0), (60, 0), (95, 1), (2000, 1)])
def test_a_line_that_breaks_anywhere_loses_nothing(
    tmp_path: Path, database_address: str, after: int, repeats: int
) -> None:
    """In the greeting, the envelope, the mail itself: what was not taken goes out later, and nothing is there twice.

    Cut within the mail (after 95 bytes it has begun), the planner cannot know whether it was taken, and says so.
    """
    with serving() as server, cutting(server.port, after) as proxy:
        installation = Installation(tmp_path / "home", database_address, server)
        installation.environ["PLANNER_SMTP_PORT"] = str(proxy)
        installation.set_up()
        installation.run(MORNING, "tick")
        assert server.taken == []
        assert installation.run(LATER, "tick") == 0
        assert len(server.taken) == 1
        assert installation.states() == [("sent", repeats)]
