"""An installation under attack: a home, a database, a mail server, and real processes of the program."""

import os
import subprocess
import tempfile
from pathlib import Path

import forked
from notify.server import MailServer

from planner.core.model import Message
from planner.store.database import Database
from planner.store.queries import outbox

MORNING, AFTER_THE_LEASE, LATER = "2026-12-01T08:00", "2026-12-01T08:21", "2026-12-01T08:45"


class Installation:
    """A home with one business and a database, and processes of the program that work on it."""

    def __init__(self, home: Path, address: str, server: MailServer) -> None:
        self.home, self.address, self.server = home, address, server
        self.process: forked.Process | None = None
        self.program: list[str] | None = None  # another release of it, as a command
        self.environ = {
            **os.environ,
            "PLANNER_HOME": str(home),
            "PLANNER_DATABASE_URL": address,
            "PLANNER_SMTP_HOST": "127.0.0.1",
            "PLANNER_SMTP_PORT": str(server.port),
            "PLANNER_SMTP_SECURITY": "none",
            "PLANNER_MAIL_FROM": "planner@example.org",
            "PLANNER_BASE_URL": "http://planner.test",
        }

    @property
    def settings(self) -> dict[str, str]:
        """The planner's part of the environment."""
        return {name: value for name, value in self.environ.items() if name.startswith("PLANNER_")}

    def start(self, now: str, *words: str) -> forked.Process:
        self.process = self._started(["--now", now, *words])
        return self.process

    def set_up(self) -> None:
        words = ["--name", "Huber", "--timezone", "Europe/Berlin", "--email", "chef@example.org"]
        assert self.run("2026-11-30T12:00", "init", "--yes", *words) == 0

    def run(self, now: str, *words: str) -> int:
        return self.start(now, *words).wait(60)

    def said(self, now: str, *words: str) -> str:
        """What a command prints, whatever its exit code."""
        with tempfile.TemporaryDirectory() as folder:
            output, errors = Path(folder) / "output", Path(folder) / "errors"
            self._started(["--now", now, *words], output, errors).wait(60)
            return output.read_text("utf-8") + errors.read_text("utf-8")

    def _started(self, words: list[str], output: Path | None = None, errors: Path | None = None) -> forked.Process:
        if self.program is None:
            return forked.start(words, self.environ, output, errors)
        with open(output or os.devnull, "wb") as out, open(errors or os.devnull, "wb") as err:
            command = [*self.program, *words]
            return subprocess.Popen(command, env=self.environ, stdout=out, stderr=err if errors else None)

    def sabotaged(self, code: str, now: str, *words: str) -> int:
        """The exit code of the program with something in it broken first: ``code`` runs before the command does."""
        program = f"import os, signal\n{code}\n{forked.PROGRAM}"
        return forked.start(["--now", now, *words], self.environ, code=program).wait(120)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def digests(self) -> list[Message]:
        """The rows of the digests, the latest first."""
        database = Database(self.address)
        with database.read() as tx:
            found = [message for message in outbox.recent(tx, None, 5000) if message.kind == "digest"]
        database.close()
        return found

    def states(self) -> list[tuple[str, int]]:
        """Of each digest its state, and how often nobody could know whether it was taken."""
        return [(message.state.value, message.repeats) for message in self.digests()]


def fill(disk: Path) -> Path:
    """A file that takes all the room there is, and what has become free since."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as out:
        for size in (1 << 16, 1 << 12, 1):
            while True:
                try:
                    out.write(b"\0" * size)
                except OSError:
                    break
    return filler
