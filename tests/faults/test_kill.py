"""kill -9 at chosen moments of a real process of the program, counted at the receiver and compared with the table.

The mail server kills the sender when the conversation is where the test wants it. Then a second process runs after
the lease is over. Nothing is lost; a second copy is possible only after the dot, byte for byte the same.
"""

import json
import os
import random
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import forked
import pytest
from notify.server import MailServer, serving

from faults.installation import AFTER_THE_LEASE, LATER, MORNING, Installation
from planner.store.database import Database
from planner.store.queries import businesses, outbox


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


DIES = "lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)"
PART_OF_IT = """
import smtplib
send = smtplib.SMTP.send
def dies(self, words):
    if isinstance(words, str):  # a command
        return send(self, words)
    self.sock.sendall(words[: len(words) * PERCENT // 100])
    os.kill(os.getpid(), signal.SIGKILL)
smtplib.SMTP.send = dies
"""


@pytest.mark.parametrize("percent", [1, 50, 99])  # the dot is in what is missing
def test_killed_in_the_middle_of_a_mail(installation: Installation, percent: int) -> None:
    """The server has a part, without a dot, and drops it; nobody here knows that, so it counts as perhaps taken."""
    server = installation.server
    assert installation.sabotaged(PART_OF_IT.replace("PERCENT", str(percent)), MORNING, "tick") == -signal.SIGKILL
    assert server.said[-1] == "DATA"
    assert server.taken == []
    assert installation.states() == [("data_started", 0)]
    for now in (AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    assert len(server.taken) == 1
    assert server.taken[0].data.rstrip().endswith(b"--")
    assert installation.states() == [("sent", 1)]


def test_killed_after_the_mail_was_planned(installation: Installation) -> None:
    code = f"from planner.actions.deliver import Sender; Sender.deliver_due = {DIES}"
    assert installation.sabotaged(code, MORNING, "tick") == -signal.SIGKILL
    assert installation.states() == [("pending", 0)]
    assert installation.run(MORNING, "tick") == 0
    assert len(installation.server.taken) == 1
    assert installation.states() == [("sent", 0)]


def test_killed_after_the_yes_before_it_is_written_down(installation: Installation) -> None:
    """The one gap nobody can close (RFC 1047): the same bytes once more, and counted."""
    code = f"from planner.actions.outcome import Outcome; Outcome.taken = {DIES}"
    assert installation.sabotaged(code, MORNING, "tick") == -signal.SIGKILL
    assert len(installation.server.taken) == 1
    for now in (AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    first, second = installation.server.taken
    assert first == second
    assert installation.states() == [("sent", 1)]
    assert json.loads(installation.said(LATER, "outbox", "list", "--json"))["counts"]["ambiguous"] == 1


def test_two_planners_on_one_database_send_one_mail(installation: Installation) -> None:
    both = [installation.start(MORNING, "tick") for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(installation.server.taken) == 1
    assert installation.states() == [("sent", 0)]


SENDER = """
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


@pytest.mark.parametrize(("count", "most"), [(200, 8), pytest.param(1000, 200, marks=pytest.mark.full)])
def test_many_mails_and_many_kills_at_random(database_address: str, count: int, most: int) -> None:
    """Killed again and again after a random number of mails: none lost, doubles at most one a kill."""
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**9))
    print(f"FAULT_SEED={seed} repeats this run")
    dice = random.Random(seed)
    _fill(database_address, count)
    with serving() as server:
        kills = minutes = 0
        while kills < most:
            arrived = len({mail.recipient for mail in server.taken})
            target = len(server.taken) + dice.randint(0, (count - arrived) // (most - kills))
            words = [database_address, str(server.port), f"p{kills}", str(minutes)]
            process = forked.start(words, os.environ, code=SENDER)
            pause = dice.choice([0, 0.002, 0.005])
            watcher = threading.Thread(target=_kill_at, args=(process, server, target, pause))
            watcher.start()
            code = process.wait(120)
            watcher.join()
            minutes += 21
            kills += code == -signal.SIGKILL
            assert code == -signal.SIGKILL or len({mail.recipient for mail in server.taken}) < count, "too few mails"
        last = forked.start([database_address, str(server.port), "last", str(minutes)], os.environ, code=SENDER)
        assert last.wait(120) == 0
        by_recipient: dict[str, set[bytes]] = {}
        for mail in server.taken:
            by_recipient.setdefault(mail.recipient, set()).add(mail.data)
    doubles = len(server.taken) - len(by_recipient)
    print(f"{kills} kills, {count} mails, {doubles} doubles")
    assert len(by_recipient) == count
    assert all(len(versions) == 1 for versions in by_recipient.values())
    assert doubles <= kills
    database = Database(database_address)
    with database.read() as tx:
        rows = outbox.recent(tx, None, 5000)
    database.close()
    assert {row.state.value for row in rows} == {"sent"}
    assert sum(row.repeats for row in rows) >= doubles


def _kill_at(process: forked.Process, server: MailServer, target: int, pause: float) -> None:
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
                local_date=now.date(), due_at=now, expires_at=now + timedelta(days=30), next_try_at=now,
                state="pending", created_at=now,
            )  # fmt: skip
    database.close()
