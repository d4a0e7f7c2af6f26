"""kill -9 at chosen moments of a real process of the program, counted at the receiver and compared with the table.

The mail server kills the sender when the conversation is where the test wants it. Then a second process runs after
the lease is over. Nothing is lost; a second copy is possible only after the dot, byte for byte the same.
"""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from notify.server import MailServer, serving

from planner.store.database import Database
from planner.store.queries import businesses, outbox

MORNING, AFTER_THE_LEASE, LATER = "2026-12-01T08:00", "2026-12-01T08:21", "2026-12-01T08:45"


class Installation:
    """A home with one business and a database, and processes of the program that work on it."""

    def __init__(self, home: Path, address: str, server: MailServer) -> None:
        self.address, self.server = address, server
        self.process: subprocess.Popen[bytes] | None = None
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

    def start(self, now: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "planner", "--now", now, *words]
        self.process = subprocess.Popen(command, env=self.environ, stdout=subprocess.DEVNULL)
        return self.process

    def set_up(self) -> None:
        words = ["--name", "Huber", "--timezone", "Europe/Berlin", "--email", "chef@example.org"]
        assert self.run("2026-11-30T12:00", "init", "--yes", *words) == 0

    def run(self, now: str, *words: str) -> int:
        return self.start(now, *words).wait(60)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def states(self) -> list[tuple[str, int]]:
        database = Database(self.address)
        with database.read() as tx:
            found = [(m.state.value, m.repeats) for m in outbox.recent(tx, None, 5000) if m.kind == "digest"]
        database.close()
        return found


@pytest.fixture
def installation(tmp_path: Path, database_address: str) -> Iterator[Installation]:
    with serving() as server:
        found = Installation(tmp_path / "home", database_address, server)
        found.set_up()
        yield found


def killing(installation: Installation, then: str) -> Callable[[], str]:
    def answer() -> str:
        installation.kill()
        return then

    return answer


@pytest.mark.parametrize(
    ("step", "copies", "repeats"),
    [
        ("greeting", 1, 0),  # claimed, nothing said
        ("MAIL", 1, 0),
        ("RCPT", 1, 0),  # before the row says that its data begins
        ("DATA", 1, 1),  # after that; not a byte of the mail was said, but nobody can know
        ("end", 2, 1),  # after the dot, before the reply: the one gap (the kernel sends a mail it has to its end)
    ],
)
def test_a_sender_that_dies_loses_nothing(installation: Installation, step: str, copies: int, repeats: int) -> None:
    server = installation.server
    server.script[step] = [killing(installation, "250 ok")]
    assert installation.run(MORNING, "tick") == -signal.SIGKILL
    assert installation.run(MORNING, "tick") == 0  # the lease still holds: nobody else may send
    assert len(server.taken) == copies - 1
    assert installation.run(AFTER_THE_LEASE, "tick") == 0  # the lease is over: freed …
    assert installation.run(LATER, "tick") == 0  # … and sent
    assert len(server.taken) == copies
    assert len({mail.data for mail in server.taken}) == 1
    assert installation.states() == [("sent", repeats)]


def test_two_planners_on_one_database_send_one_mail(installation: Installation) -> None:
    both = [installation.start(MORNING, "tick") for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(installation.server.taken) == 1
    assert installation.states() == [("sent", 0)]


SENDER = """
import sys
from datetime import UTC, datetime, timedelta
from planner.actions.compose import Composer
from planner.actions.deliver import Sender
from planner.links import Links
from planner.notify.smtp import SmtpTransport
from planner.store.database import Database
from planner.store.queries import outbox
address, port, owner, minutes = sys.argv[1:]
database = Database(address)
now = datetime(2026, 12, 1, 7, 0, tzinfo=UTC) + timedelta(minutes=int(minutes))
composer = Composer(Links(["k"], "http://planner.test"), "planner@example.org", ["k"])
sender = Sender(database, SmtpTransport("127.0.0.1", int(port), "none"), composer, lambda: now, owner)
with database.write() as tx:
    outbox.reap(tx, now)
while sender.deliver_due().more:
    pass
"""


def test_many_mails_and_many_kills_at_random(database_address: str) -> None:
    """300 mails, killed again and again after a random number of them: none lost, doubles at most one a kill."""
    count, seed = 300, 20261201
    dice = random.Random(seed)
    _fill(database_address, count)
    with serving() as server:
        kills = minutes = 0
        while kills < 12:
            target = len(server.taken) + dice.randint(1, 25)
            command = [sys.executable, "-c", SENDER, database_address, str(server.port), f"p{kills}", str(minutes)]
            with subprocess.Popen(command) as process:
                pause = dice.choice([0, 0.002, 0.005])
                watcher = threading.Thread(target=_kill_at, args=(process, server, target, pause))
                watcher.start()
                code = process.wait(120)
                watcher.join()
            minutes += 21
            kills += code == -signal.SIGKILL
            if code == 0 and len({mail.recipient for mail in server.taken}) == count:
                break
        command = [sys.executable, "-c", SENDER, database_address, str(server.port), "last", str(minutes)]
        assert subprocess.run(command, timeout=120).returncode == 0
        by_recipient: dict[str, set[bytes]] = {}
        for mail in server.taken:
            by_recipient.setdefault(mail.recipient, set()).add(mail.data)
    doubles = len(server.taken) - len(by_recipient)
    print(f"{kills} kills, {count} mails, {doubles} doubles, seed {seed}")
    assert len(by_recipient) == count
    assert all(len(versions) == 1 for versions in by_recipient.values())
    assert doubles <= kills
    database = Database(database_address)
    with database.read() as tx:
        rows = outbox.recent(tx, None, 5000)
    database.close()
    assert {row.state.value for row in rows} == {"sent"}
    assert sum(row.repeats for row in rows) >= doubles


def _kill_at(process: subprocess.Popen[bytes], server: MailServer, target: int, pause: float) -> None:
    while process.poll() is None:
        if len(server.taken) >= target:
            server.over.wait(pause)
            process.kill()
            return
        server.over.wait(0.001)


def _fill(address: str, count: int) -> None:
    now = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    database = Database(address)
    with database.write() as tx:
        for number in range(count):
            each = businesses.add(
                tx, name=f"Shop {number}", timezone="UTC", language="en", email=f"s{number}@example.org",
                created_at=now,
            )  # fmt: skip
            outbox.add(
                tx, key=f"test:{each.id}:x", kind="test", business_id=each.id, recipient=each.email,
                local_date=now.date(), due_at=now, expires_at=now + timedelta(days=2), next_try_at=now,
                state="pending", created_at=now,
            )  # fmt: skip
    database.close()
