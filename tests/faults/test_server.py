"""What a mail server can do to us, put to real processes of the program; mails are counted where they arrive."""

import json
from datetime import datetime, timedelta

import pytest
from notify.server import CLOSE, DRIP, HANG, MailServer

from faults.conftest import every_database
from faults.installation import AFTER_THE_LEASE, LATER, MORNING, Installation

# Waiting is what the real limits are for: ten minutes after the data, fifteen in all. Here it is seconds.
HURRIED = """
import planner.daemon, planner.notify.smtp as smtp
planner.notify.smtp.SmtpTransport.timeouts = smtp.Timeouts(connect=2, reply=2, data=1, goodbye=1, whole={whole})
made = smtp.SmtpTransport.__init__
def hurried(self, *given, **named):
    made(self, *given, **{{**named, "timeouts": smtp.Timeouts(connect=2, reply=2, data=1, goodbye=1, whole={whole})}})
smtp.SmtpTransport.__init__ = hurried
"""
pytestmark = every_database


def every(minutes: int, hours: float, start: str = MORNING) -> list[str]:
    """Moments from ``start`` on."""
    first = datetime.fromisoformat(start)
    return [(first + timedelta(minutes=n)).isoformat() for n in range(0, int(hours * 60), minutes)]


def reason(installation: Installation, now: str) -> str:
    """What the status says, and that it does not call this well."""
    assert installation.run(now, "status") == 1
    return installation.said(now, "status")


def test_a_server_that_is_away_for_hours(installation: Installation, server: MailServer) -> None:
    """Six hours refused: nothing lost, no attempt counted, and the reason is said."""
    installation.environ["PLANNER_SMTP_PORT"] = "1"
    for now in every(60, 6):
        assert installation.run(now, "tick") == 0
    assert [(row.state, row.attempts) for row in installation.digests()] == [("pending", 0)]
    assert "127.0.0.1:1 cannot be reached" in reason(installation, "2026-12-01T13:59")
    installation.environ["PLANNER_SMTP_PORT"] = str(server.port)
    assert installation.run("2026-12-01T14:40", "tick") == 0
    assert (len(server.taken), installation.states()) == (1, [("sent", 0)])
    assert installation.run("2026-12-01T14:40", "status") == 0


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PLANNER_SMTP_HOST": "no-such-host.invalid", "PLANNER_SMTP_SECURITY": "starttls"}, "is not known"),
        ({"PLANNER_SMTP_SECURITY": "starttls"}, "offers no STARTTLS"),
        ({"PLANNER_SMTP_SECURITY": "starttls", "offers": "STARTTLS"}, "certificate"),
    ],
    ids=["no such name", "no STARTTLS", "a certificate nobody signed"],
)
def test_a_way_that_cannot_be_trusted_is_not_taken(
    installation: Installation, server: MailServer, environ: dict[str, str], words: str
) -> None:
    """The way out rests, in words, and not a byte of a mail is said in plain text."""
    server.offers = [environ["offers"]] if "offers" in environ else []
    installation.environ.update(environ)
    for now in every(15, 0.5):
        installation.run(now, "tick")
    assert words in reason(installation, "2026-12-01T08:30")
    assert installation.states() == [("pending", 0)]
    assert not any(line.upper().startswith("MAIL") for line in server.said)


def test_a_wrong_password_is_tried_four_times_an_hour_at_most(installation: Installation, server: MailServer) -> None:
    server.offers = ["AUTH PLAIN"]
    server.script["AUTH"] = ["535 5.7.8 wrong"] * 50
    installation.environ.update(PLANNER_SMTP_USER="me", PLANNER_SMTP_PASSWORD="geheim")
    for now in every(10, 1):
        installation.run(now, "tick")
    assert 2 <= server.connections <= 4
    assert "535" in reason(installation, "2026-12-01T08:59")
    assert "geheim" not in reason(installation, "2026-12-01T08:59")
    assert [(row.state, row.attempts) for row in installation.digests()] == [("pending", 0)]


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("greeting", "421 4.3.2 too busy"),
        ("MAIL", "451 4.3.0 try again"),
        ("RCPT", "450 4.2.0 greylisted"),
        ("DATA", "451 4.3.0 try again"),
        ("end", "451 4.3.0 try again"),
    ],
)
def test_who_asks_us_to_come_back_gets_one_copy_later(
    installation: Installation, server: MailServer, step: str, answer: str
) -> None:
    server.script[step] = [answer]
    for now in every(20, 1):
        assert installation.run(now, "tick") == 0
    assert (len(server.taken), installation.states()) == (1, [("sent", 0)])


def test_an_address_nobody_has_is_given_up_and_said(installation: Installation, server: MailServer) -> None:
    server.script["RCPT"] = ["550 5.1.1 no such user"]
    for now in every(20, 1):
        installation.run(now, "tick")
    assert installation.states() == [("dead", 0)]
    listed = json.loads(installation.said(LATER, "outbox", "list", "--json"))["messages"]
    assert "no such user" in next(row["error"] for row in listed if row["kind"] == "digest")


def test_a_sender_the_server_does_not_like_is_a_matter_for_a_person(
    installation: Installation, server: MailServer
) -> None:
    server.script["MAIL"] = ["550 5.7.1 not from here"] * 9
    installation.run(MORNING, "tick")
    assert "refused the sender" in reason(installation, MORNING)
    assert installation.states() == [("pending", 0)]


@pytest.mark.full
def test_a_full_mailbox_is_tried_until_the_mail_is_stale(installation: Installation, server: MailServer) -> None:
    server.script["RCPT"] = ["552 5.2.2 mailbox full"] * 99
    for now in every(60, 16):
        installation.run(now, "tick")
    assert installation.states() == [("expired", 0)]
    assert 5 <= server.connections <= 20
    assert server.taken == []


@pytest.mark.parametrize(("answer", "whole"), [(HANG, 30), (DRIP, 2)])
def test_silence_and_dripping_after_the_dot_end_and_the_others_go_on(
    installation: Installation, server: MailServer, answer: str, whole: int
) -> None:
    """Nobody knows about the first mail; the second goes out in the same pass, the first with the same bytes later."""
    words = ("--timezone", "Europe/Berlin", "--email", "maier@example.org")
    assert installation.run("2026-11-30T12:00", "business", "add", "Maier", *words) == 0
    server.script["end"] = [answer]
    assert installation.sabotaged(HURRIED.format(whole=whole), MORNING, "tick") == 0
    assert len({mail.recipient for mail in server.taken}) == 2
    for now in (AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    first = [mail for mail in server.taken if mail.recipient == server.taken[0].recipient]
    assert (len(server.taken), len(first)) == (3, 2)
    assert first[0] == first[1]
    assert sorted(installation.states()) == [("sent", 0), ("sent", 1)]


@pytest.mark.parametrize("answer", ["421 enough", "rubbish", CLOSE])
def test_what_comes_to_the_goodbye_changes_nothing(installation: Installation, server: MailServer, answer: str) -> None:
    server.script["QUIT"] = [answer]
    for now in (MORNING, AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    assert (len(server.taken), installation.states()) == (1, [("sent", 0)])


@pytest.mark.parametrize("answer", ["25" + CLOSE, "2" + CLOSE, "what?"])
def test_a_torn_answer_is_no_no(installation: Installation, server: MailServer, answer: str) -> None:
    """Nobody knows, so it goes out once more with the same bytes, and is counted; it is not given up."""
    server.script["end"] = [answer]
    for now in (MORNING, AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    first, second = server.taken
    assert first == second
    assert installation.states() == [("sent", 1)]
