"""Mails and feeds by command: one pass of the daemon's work, the outbox, calendar addresses, the look-over."""

import hashlib
from pathlib import Path
from typing import Any

import icalendar
from inside import rows

from cli.program import Planner, german
from planner.store.driver import sqlite3


def test_a_morning_on_which_something_is_due_writes_one_mail(planner: Planner, home: Path) -> None:
    assert planner("tick", "--json", now="2026-11-03T08:01").json["mail"] == 1
    assert planner("tick", "--json", now="2026-11-03T08:02").json["mail"] == 0
    [mail] = (home / "mail").glob("*.eml")
    assert b"baker@example.org" in mail.read_bytes()
    sent = [each for each in planner("outbox", "list", "--json").json["messages"] if each["state"] == "sent"]
    assert [(each["key"], each["recipient"]) for each in sent] == [("digest:1:2026-11-03", "baker@example.org")]
    assert "sent" in planner("outbox", "list").out
    assert planner("outbox").out == planner("outbox", "list").out
    assert planner("outbox", "--json", "--limit", "1").json == planner("outbox", "list", "--json", "--limit", "1").json
    assert "retry" in planner("outbox", "--help").out
    assert planner("outbox", "nonsense").code == 2


def test_three_months_of_mornings_keep_planning(planner: Planner) -> None:
    for month in ("2026-12", "2027-01", "2027-02"):
        answer = planner("tick", now=f"{month}-01T07:00")
        assert (answer.code, answer.err) == (0, "")
    days = [int(post["due"][8:10]) for post in planner("month", "2027-04", "--json").json]
    assert days == [1, 6, 7, 8, 13, 15, 20, 22, 27, 29]


def test_a_tick_that_fails_says_so_by_exit_code(planner: Planner, home: Path) -> None:
    with sqlite3.connect(home / "planner.db") as database:
        database.execute("UPDATE cadence SET rrule = 'FREQ=NEVER'")
    database.close()
    answer = planner("tick", now="2026-12-03T08:01")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "plan" in answer.err
    assert planner("status", now="2026-12-03T08:02").code == 1


def test_status_knows_of_a_folder_no_mail_gets_into(planner: Planner, home: Path) -> None:
    (home / "mail").write_text("a file where the folder of mails should be", encoding="utf-8")
    planner("tick", now="2026-11-03T08:01")
    assert planner("status", now="2026-11-03T08:01").code == 1
    (home / "mail").unlink()
    planner("tick", now="2026-11-03T08:30")
    assert planner("status", now="2026-11-03T08:30").code == 0


def test_a_waiting_mail_is_dropped_and_sent_after_all(planner: Planner, home: Path) -> None:
    """The mail server is away, so the morning's mail waits; dropped it stays, retried it goes out."""
    away = {"PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_PORT": "1", "PLANNER_SMTP_SECURITY": "none"}
    planner("tick", now="2026-11-03T08:01", **away)
    mail = str(morning(planner)["id"])
    assert morning(planner)["state"] == "pending"
    assert planner("outbox", "drop", mail).code == 0
    assert "nothing was changed" in planner("outbox", "drop", mail).out
    planner("tick", now="2026-11-03T08:30")
    assert not (home / "mail").exists()
    assert planner("outbox", "retry", mail, now="2026-11-03T08:31").code == 0
    planner("tick", now="2026-11-03T08:32")
    assert morning(planner)["state"] == "sent"
    assert len(list((home / "mail").glob("*.eml"))) == 1


def test_what_was_stored_is_said_in_the_language_of_the_terminal(planner: Planner, home: Path) -> None:
    away = {"PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_PORT": "1", "PLANNER_SMTP_SECURITY": "none"}
    planner("tick", now="2026-11-02T08:01")  # Monday's mails
    planner("tick", now="2026-11-03T08:01", **away)
    at = ("--home", str(home), "--now", "2026-11-03T08:01")
    assert "127.0.0.1:1 ist nicht erreichbar" in german(*at, "status").out
    listed = german(*at, "outbox", "list").out
    assert all(word in listed for word in ("Morgenmail", "wartet", "nicht erreichbar"))
    assert "cannot be reached" in morning(planner)["error"]


def morning(planner: Planner) -> dict[str, Any]:
    """The mail of Tuesday 3 November."""
    found: list[dict[str, Any]] = planner("outbox", "list", "--json").json["messages"]
    return next(each for each in found if each["key"] == "digest:1:2026-11-03")


def test_a_feed_is_shown_once_and_stored_hashed(planner: Planner, home: Path) -> None:
    answer = planner("feed", "new", "--channel", "WhatsApp", "--alarm", "30")
    secret = answer.out.split("/feeds/")[1].removesuffix(".ics\n")
    dump = "\n".join(rows(home / "planner.db"))
    assert secret not in dump
    assert hashlib.sha256(secret.encode()).hexdigest().upper() in dump.upper()
    [feed] = planner("feed", "list", "--json").json
    assert (feed["channel"], feed["alarm_minutes"], feed["revoked"]) == ("WhatsApp", 30, None)
    assert secret not in planner("feed", "list").out
    assert planner("feed", "revoke", str(feed["id"])).code == 0
    assert planner("feed", "list", "--json").json[0]["revoked"] is not None


def test_an_exported_calendar_holds_the_posts(planner: Planner, tmp_path: Path) -> None:
    file = tmp_path / "out.ics"
    assert planner("feed", "export", str(file), "--channel", "YouTube").code == 0
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    starts = [event.decoded("dtstart").isoformat() for event in calendar.walk("VEVENT")]
    assert starts[:3] == ["2026-11-04T16:00:00+00:00", "2026-12-02T16:00:00+00:00", "2027-01-06T16:00:00+00:00"]
    assert planner("feed", "export", "-", "--channel", "YouTube").out.encode() == file.read_bytes()


def test_the_doctor_looks_over_and_sends(planner: Planner, home: Path) -> None:
    assert planner("doctor", "--json").json["database"].startswith(str(home / "planner.db"))
    assert planner("doctor", "--send-test-mail").code == 0
    assert len(list((home / "mail").glob("*.eml"))) == 1


def test_the_doctor_says_what_is_wrong_with_the_way_out(planner: Planner) -> None:
    answer = planner("doctor", "--send-test-mail", PLANNER_SMTP_HOST="127.0.0.1", PLANNER_SMTP_PORT="1",
                     PLANNER_SMTP_SECURITY="none")  # fmt: skip
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "127.0.0.1" in answer.err


def test_status_before_the_daemon_ran(planner: Planner) -> None:
    answer = planner("status", "--json")
    assert (answer.code, answer.json["ok"], len(answer.json["reasons"])) == (1, False, 1)


def test_the_password_ends_sessions(planner: Planner) -> None:
    assert planner("password", typed="three or four words\nthree or four words\n").code == 0
    assert planner("password", typed="three or four words\nanother\n").code in (1, 2, 130)
