"""A line that breaks anywhere: a proxy on loopback passes so many bytes to the mail server and then cuts it."""

import socket
from pathlib import Path

import pytest
from notify.server import serving

from faults.cable import Cable, Cut
from faults.conftest import both
from faults.installation import LATER, MORNING, Installation


class Cutting(Cable):
    """A proxy whose first line is cut after so many bytes to the server; the others hold."""

    def __init__(self, port: int, after: int) -> None:
        self.left = after
        super().__init__(lambda: socket.create_connection(("127.0.0.1", port)))

    def said(self, line: int, piece: bytes) -> bytes:
        if line:
            return piece
        if len(piece) >= self.left:
            raise Cut(piece[: self.left])
        self.left -= len(piece)
        return piece


@both
@pytest.mark.parametrize(("after", "repeats"), [(3, 0), (30, 0), (60, 0), (95, 1), (2000, 1)])
def test_a_line_that_breaks_anywhere_loses_nothing(
    tmp_path: Path, database_address: str, after: int, repeats: int
) -> None:
    """In the greeting, the envelope, the mail itself: what was not taken goes out later, and nothing is there twice.

    Cut within the mail (after 95 bytes it has begun), the planner cannot know whether it was taken, and says so.
    """
    with serving() as server, Cutting(server.port, after) as proxy:
        installation = Installation(tmp_path / "home", database_address, server)
        installation.environ["PLANNER_SMTP_PORT"] = str(proxy.port)
        installation.set_up()
        installation.run(MORNING, "tick")
        assert server.taken == []
        assert installation.run(LATER, "tick") == 0
        assert len(server.taken) == 1
        assert installation.states() == [("sent", repeats)]
