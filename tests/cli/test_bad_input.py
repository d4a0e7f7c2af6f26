"""Bad input: one sentence on stderr, the exit code that fits, no traceback, and nothing half-written."""

import os
import socket
from pathlib import Path

import pytest
from inside import rows

from cli.program import Planner, number, run
from planner.cli import COMMANDS
from planner.store.driver import sqlite3

RULE = ("cadence", "add", "WhatsApp", "--start", "2026-12-01T09:00", "--rrule")
NOBODY = "postgresql://u:secret@127.0.0.1:1/x"
ROWS = {
    "a number no post has": (1, "4711", ("done", "4711")),
    "a number no database has": (2, "99999999999999999999", ("done", "99999999999999999999")),
    "no number": (2, "abc", ("done", "abc")),
    "one post that is there and one that is not": (1, "4711", ("done", "1", "4711")),
    "a channel that is not there": (1, "Fax", ("post", "add", "Fax", "2026-12-01T09:00", "--title", "x")),
    "30 February": (2, "2026-02-30", ("post", "add", "WhatsApp", "2026-02-30T09:00", "--title", "x")),
    "an hour of another zone": (2, "+05:00", ("post", "add", "WhatsApp", "2026-12-01T09:00+05:00", "--title", "x")),
    "no title": (2, "one line", ("post", "add", "WhatsApp", "2026-12-01T09:00", "--title", " ")),
    "a title of two lines": (2, "one line", ("post", "edit", "1", "--title", "a\nBcc: b")),
    "bytes that are no text": (2, "UTF-8", ("post", "edit", "1", "--title", "a\udcff")),
    "before the calendar": (2, "0001-01-01", ("post", "move", "1", "0001-01-01")),
    "a week too many": (2, "2026-W54", ("week", "2026-W54")),
    "a week that is no week": (2, "soon", ("summary", "--week", "soon")),
    "the last week of all": (2, "9999-W52", ("week", "9999-W52")),
    "a month too many": (2, "2026-13", ("month", "2026-13")),
    "the last month of all": (2, "9999-12", ("month", "9999-12")),
    "a business that is not there": (1, "nobody", ("--business", "nobody", "today")),
    "a now that is none": (2, "now-ish", ("--now", "now-ish", "today")),
    "a pause that ends before it begins": (2, "Swap", ("pause", "add", "--from", "2026-12-24", "--to", "2026-12-20")),
    "a pause of seven thousand years": (
        2, "five years", ("pause", "add", "--from", "2026-12-24", "--to", "8999-12-31")
    ),
    "31 November": (2, "2026-11-31", ("pause", "add", "--from", "2026-11-31", "--to", "2026-12-01")),
    "a pause that is not there": (1, "9", ("pause", "remove", "9")),
    "a rule that never fires": (2, "five years", (*RULE, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    "a rule for every hour": (2, "FREQ=DAILY", (*RULE, "FREQ=HOURLY")),
    "a rule all of whose dates are left out": (
        2, "left out", (*RULE, "FREQ=DAILY;COUNT=2", "--exdate", "2026-12-01", "--exdate", "2026-12-02")
    ),
    "a day without a time": (2, "2026-12-01", ("post", "add", "WhatsApp", "2026-12-01", "--title", "x")),
    "days the wrong way round": (2, "Swap", ("post", "list", "--from", "2026-12-05", "--to", "2026-12-01")),
    "a name that is taken": (2, "bakery", ("business", "add", "bakery")),
    "a mail server that is no name": (2, "smtp.example.org", ("init", "--yes", "--smtp-host", "bad host")),
    "a sender that is no address": (2, "foo", ("init", "--yes", "--mail-from", "foo")),
    "a cadence that is not there": (1, "77", ("cadence", "end", "77")),
    "a platform that is not there": (1, "fax", ("channel", "add", "fax")),
    "a feed that is not there": (1, "9", ("feed", "revoke", "9")),
    "a mail that is not there": (1, "9", ("outbox", "retry", "9")),
    "an unknown zone": (2, "Mars/Base", ("business", "set", "--timezone", "Mars/Base")),
    "a zone that leaves the folder": (2, "../etc", ("business", "set", "--timezone", "../etc/passwd")),
    "an unknown zone for a new business": (2, "Mars/Base", ("business", "add", "X", "--timezone", "Mars/Base")),
    "a Land that is not there": (2, "DE ZZ", ("business", "set", "--region", "ZZ")),
    "an address that is none": (2, "a b", ("business", "set", "--email", "a b")),
    "an address with a header in it": (2, "e-mail", ("business", "set", "--email", "a@example.org\nBcc: b")),
    "a quarter to twenty-five": (2, "24:45", ("business", "set", "--digest-time", "24:45")),
    "a trade that is not there": (1, "bakery", ("business", "set", "--trade", "chandler")),
    "nothing to set": (2, "--email", ("business", "set")),
    "a preset that is not there": (1, "core-trio", ("business", "add", "X", "--preset", "nope")),
    "a command that is not there": (2, "toady", ("toady",)),
    "an option that is not there": (2, "--jason", ("today", "--jason")),
    "a password that is too short": (2, "10", ("password", "--password", "short")),
    "a file that cannot be written": (1, "x.ics", ("feed", "export", "/dev/null/x.ics")),
    "a database of another kind": (2, "postgresql://", ("--database-url", "mysql://h/x", "today")),
    "a database with a port of letters": (2, "5432", ("--database-url", "postgresql://h:abc/x", "today")),
    "a database nobody answers for": (1, "127.0.0.1", ("--database-url", NOBODY, "today")),
}  # fmt: skip


def content(home: Path) -> list[str]:
    """Every row of the home's database, and its files."""
    return rows(home / "planner.db") + sorted(str(file) for file in home.rglob("*"))


@pytest.mark.parametrize("name", ROWS)
def test_bad_input(name: str, planner: Planner, home: Path) -> None:
    code, part, words = ROWS[name]
    before = content(home)
    answer = planner(*words)
    assert (answer.code, answer.out) == (code, "")
    assert part in answer.err
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert "secret" not in answer.err
    assert content(home) == before


def test_which_business_is_asked_when_there_are_two(planner: Planner) -> None:
    assert planner("business", "add", "Second").code == 0
    answer = planner("today")
    assert (answer.code, "Bakery" in answer.err, "Second" in answer.err) == (2, True, True)
    assert planner("--business", "second", "today").code == 0


def test_every_error_of_a_preset_at_once_with_line_and_key(planner: Planner, home: Path, tmp_path: Path) -> None:
    preset = tmp_path / "broken.toml"
    preset.write_text(
        'titel = "x"\n\n[[cadence]]\nplatform = "fax"\nrrule = "FREQ=HOURLY"\ntime = "25:00"\n', encoding="utf-8"
    )
    before = content(home)
    answer = planner("business", "add", "X", "--preset", str(preset))
    assert (answer.code, answer.out) == (2, "")
    for part in ("broken.toml", "titel", "fax", "FREQ=HOURLY", "25:00", "4", "5", "6"):
        assert part in answer.err
    assert content(home) == before


COMMANDS_THAT_LOOK = [("today",), ("week",), ("summary",), ("post", "list"), ("doctor",), ("status",), ("tick",)]


@pytest.mark.parametrize("command", COMMANDS_THAT_LOOK)
def test_nothing_is_made_where_nothing_is(command: tuple[str, ...], tmp_path: Path) -> None:
    home = tmp_path / "none"
    answer = run("--home", str(home), *command)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "planner start" in answer.err
    assert not home.exists()


@pytest.mark.parametrize("command", [("today",), ("init", "--yes"), ("start", "--port", "0")])
@pytest.mark.parametrize("kind", ["no database", "somebody else's", "a newer planner's"])
def test_a_database_that_is_not_ours_is_left_as_it_is(kind: str, command: tuple[str, ...], home: Path) -> None:
    file = home / "planner.db"
    if kind == "no database":
        file.write_bytes(b"Dear diary, " * 500)
    elif kind == "somebody else's":
        file.unlink()
        _execute(file, "CREATE TABLE diary (day TEXT)")
    else:
        _execute(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    answer = run("--home", str(home), *command)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "Nothing was touched" in answer.err
    assert file.read_bytes() == before


def _execute(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as database:
        database.execute(statement)
    database.close()


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = run("--home", str(tmp_path / "home"), "start", "--host", "127.0.0.1", "--port", port)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert port in answer.err
    assert list((tmp_path / "home").iterdir()) == []


@pytest.mark.parametrize("command", [("start", "--port", "0"), ("init", "--yes")])
def test_a_home_that_cannot_be_written(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    answer = run("--home", str(tmp_path / "file" / "home"), *command)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "--home" in answer.err


@pytest.mark.parametrize("words", [
    ("--timezone", "Mars/Base"), ("--email", "nobody"), ("--country", "XX"), ("--country", "DE", "--region", "ZZ"),
    ("--preset", "nope"), ("--name", ""), ("--smtp-host", "mail.example.org", "--smtp-security", "none"),
])  # fmt: skip
def test_init_refuses_before_it_writes(words: tuple[str, ...], tmp_path: Path) -> None:
    answer = run("--home", str(tmp_path / "home"), "init", "--yes", *words)
    assert (answer.code in (1, 2), answer.out, answer.err.count("\n")) == (True, "", 1)
    assert not (tmp_path / "home" / "planner.db").exists()
    assert not (tmp_path / "home" / "settings.toml").exists()


def test_a_fault_of_ours_is_a_sentence_unless_the_traceback_is_wanted(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COMMANDS, "today", ("no_such_module", "broken on purpose"))
    answer = planner("today")
    assert (answer.code, answer.out, answer.err.count("\n")) == (70, "", 1)
    assert "PLANNER_DEBUG=1" in answer.err
    with pytest.raises(ModuleNotFoundError):
        planner("today", PLANNER_DEBUG="1")


def test_giving_up_at_a_question(tmp_path: Path) -> None:
    answer = run("--home", str(tmp_path / "home"), "init", typed="")
    assert (answer.code, answer.err.strip().endswith("Stopped.")) == (130, True)
    assert not (tmp_path / "home" / "planner.db").exists()


def test_two_at_once_see_each_other(planner: Planner, home: Path) -> None:
    """A command waits for the writer before it, and then works on what that one left."""
    post = number(planner, "Google", "2026-11-03")
    assert planner("done", post).code == 0
    assert planner("post", "move", post, "tomorrow").code == 2
    assert os.stat(home / "planner.db").st_mode & 0o077 == 0
