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
from email import message_from_bytes

import forked
import pytest
from notify.server import Mail, MailServer

from faults.installation import AFTER_THE_LEASE, LATER, MORNING, Installation
from planner.store.database import Database
from planner.store.queries import businesses, outbox

PAST_THE_LEASE = timedelta(minutes=21)


def killing(installation: Installation, then: str) -> Callable[[], str]:
    def answer() -> str:
        installation.kill()
        return then

    return answer


@pytest.mark.parametrize(
    ("step", "copies", "repeats"),
    [
        ("greeting", 1, 0),  # claimed and connected, nothing said
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


def test_killed_after_the_claim_before_connecting(installation: Installation) -> None:
    code = f"from planner.notify.smtp import SmtpTransport; SmtpTransport.open = {DIES}"
    assert installation.sabotaged(code, MORNING, "tick") == -signal.SIGKILL
    assert installation.states() == [("leased", 0)]
    assert installation.run(MORNING, "tick") == 0, "the lease still holds: nobody else may send"
    assert installation.states() == [("leased", 0)]
    assert installation.server.connections == 0
    for now in (AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
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


@pytest.mark.long
@pytest.mark.parametrize(("count", "most"), [(200, 8), pytest.param(1000, 200, marks=pytest.mark.full)])
def test_many_mails_and_many_kills_at_random(installation: Installation, count: int, most: int) -> None:
    """Killed again and again after a random number of mails: none lost, doubles only by kills in the gap, all counted.

    In the gap fell a kill after which the table says that a mail's data began, though the server took that very mail
    from that very process.
    """
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**9))
    print(f"FAULT_SEED={seed} repeats this run")
    dice, server = random.Random(seed), installation.server
    _owe(installation, count)
    now = datetime.fromisoformat(MORNING)
    copies: dict[str, list[Mail]] = {}
    kills = gaps = 0
    while kills < most:
        taken, now = len(server.taken), now + PAST_THE_LEASE
        target = taken + dice.randint(0, (count - len(copies)) // (most - kills))
        process = installation.start(now.isoformat(), "tick")
        watcher = threading.Thread(target=_kill_at, args=(process, server, target, dice.choice([0, 0.002, 0.005])))
        watcher.start()
        code = process.wait(120)
        watcher.join()
        server.wait_for_silence()
        arrived = _sorted(server.taken[taken:], copies)
        if code == 0:  # what is left was in the hands of who was killed before, and is freed now
            assert len(copies) < count, "too few mails for so many kills"
            continue
        assert code == -signal.SIGKILL
        kills += 1
        gaps += bool(_begun(installation) & arrived)
    taken = len(server.taken)
    assert [installation.run((now + n * PAST_THE_LEASE).isoformat(), "tick") for n in (1, 2)] == [0, 0]
    _sorted(server.taken[taken:], copies)
    doubles = len(server.taken) - len(copies)
    print(f"{kills} kills, {gaps} of them in the gap; {count} mails, {doubles} doubles")
    assert len(copies) == count
    assert all(mail == mails[0] for mails in copies.values() for mail in mails), "byte for byte"
    assert doubles <= gaps
    told = json.loads(installation.said(LATER, "outbox", "--limit", "10000", "--json"))
    rows = {row["message_id"]: row for row in told["messages"]}
    assert rows.keys() == copies.keys()
    assert {row["state"] for row in rows.values()} == {"sent"}
    assert [name for name, row in rows.items() if len(copies[name]) - 1 > row["repeats"]] == []
    assert told["counts"]["ambiguous"] == len([row for row in rows.values() if row["repeats"]])
    assert sum(row["repeats"] for row in rows.values()) <= kills


def _sorted(mails: list[Mail], copies: dict[str, list[Mail]]) -> set[str]:
    """Put mails to their copies; which they are."""
    found = set()
    for mail in mails:
        identity = str(message_from_bytes(mail.data)["Message-ID"])
        copies.setdefault(identity, []).append(mail)
        found.add(identity)
    return found


def _begun(installation: Installation) -> set[str]:
    """The mails of which the table says that their data began, and not how that ended."""
    database = Database(installation.address)
    with database.read() as tx:
        rows = tx.exec_driver_sql("SELECT message_id FROM outbox WHERE state = 'data_started'").all()
    database.close()
    return {row.message_id for row in rows}


def _kill_at(process: forked.Process, server: MailServer, target: int, pause: float) -> None:
    while process.poll() is None:
        if len(server.taken) >= target:
            server.over.wait(pause)
            process.kill()
            return
        server.over.wait(0.001)


def _owe(installation: Installation, count: int) -> None:
    """So many mails that are due in the morning, and none but those."""
    switched_off = ("--digest", "no", "--nudge-time", "off", "--summary", "no")
    assert installation.run("2026-11-30T12:00", "business", "set", *switched_off) == 0
    now = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    database = Database(installation.address)
    with database.write() as tx:
        business = businesses.every(tx)[0]
        for number in range(count):
            outbox.add(
                tx, key=f"test:{business.id}:{number}", kind="test", business_id=business.id, recipient=business.email,
                local_date=now.date(), due_at=now, expires_at=now + timedelta(days=30), next_try_at=now,
                state="pending", created_at=now,
            )  # fmt: skip
    database.close()
