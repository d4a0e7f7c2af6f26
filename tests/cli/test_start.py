"""Bringing the planner up as a process of its own: what it says, what it serves, and that it stops."""

import logging
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from inside import rows

from cli.program import run

LINK = re.compile(r"http://[^/\s]+(/\S*)")


@contextmanager
def started(
    home: Path, *words: str, language: str = "en", terminal: bool = True, said_all: Path | None = None
) -> Iterator[tuple[str, str]]:
    """A running ``planner start``: what it said, and its address on this machine. Stopped by SIGTERM.

    In a terminal, or with its output kept by another program, as journals do; all of it is in ``said_all`` then.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    read, write = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", "--home", str(home), *words, "start", "--host", "127.0.0.1", "--port", "0"],
        env={**kept, "PLANNER_LANGUAGE": language, "TZ": "Europe/Vienna"},
        stdout=write, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(write)
    patience = threading.Timer(30, process.kill)
    patience.start()
    out = os.fdopen(read, encoding="utf-8")
    said = ""
    try:
        while not re.search(r"^  3\. ", said, re.MULTILINE):
            line = out.readline()
            assert line, process.stderr and process.stderr.read()
            said += line
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address
        yield said, address.group()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        patience.cancel()
        process.kill()
        _, logged = process.communicate()
        if said_all:
            said_all.write_text(said + out.read() + logged, "utf-8")
        out.close()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as response:
        text: str = response.read().decode()
        return text


def made(home: Path) -> list[str]:
    """What the home holds that people made; not the daemon's own beats, nor the free port it was given."""
    return [line for line in rows(home / "planner.db") if "heartbeat: " not in line and "'address'" not in line]


def test_an_empty_home_becomes_a_running_planner_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with started(home, "--now", "2026-11-01T08:00") as (said, address):
        sign_in, feed = LINK.findall(said)
        assert (sign_in.startswith("/sign-in/"), feed.startswith("/feeds/")) == (True, True)
        assert str(home / "mail") in said
        assert "<form" in get(address + sign_in)
        # 1 November and thirteen weeks: 13 Tuesdays, 13 Thursdays, the Wednesdays 4 November, 2 December, 6 January;
        # planning goes a week beyond its horizon, so that it need not run daily.
        assert get(address + feed).count("BEGIN:VEVENT") in range(29, 33)
        assert '"ok":true' in get(address + "/healthz").replace(" ", "")
    words = ("--home", str(home), "--now", "2026-11-03T08:00")
    [business] = run(*words, "business", "list", "--json").json
    assert (business["name"], business["timezone"], business["language"]) == ("My business", "Europe/Vienna", "en")
    assert [(each["name"], len(each["cadences"])) for each in run(*words, "channel", "list", "--json").json] == [
        ("Google Business Profile", 1), ("WhatsApp", 1), ("YouTube", 1),
    ]  # fmt: skip
    assert [file.stat().st_mode & 0o077 for file in (home, home / "planner.db", home / "secret.key")] == [0, 0, 0]
    before = made(home)
    with started(home, "--now", "2026-11-01T08:10") as (said, _address):
        [sign_in_again] = LINK.findall(said)
        assert sign_in_again != sign_in
        assert "planner feed new" in said
    assert made(home) == before


@pytest.mark.full
def test_after_init_the_first_start_hands_out_a_feed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    at = ("--home", str(home), "--now", "2026-11-01T08:00")
    run(*at, "init", "--yes", "--name", "Huber", "--timezone", "Europe/Vienna",
        "--email", "eva@example.org")  # fmt: skip
    with started(home, "--now", "2026-11-01T08:10") as (said, address):
        [feed] = [path for path in LINK.findall(said) if path.startswith("/feeds/")]
        assert get(address + feed).count("BEGIN:VEVENT") in range(29, 33)
        assert "Huber (Europe/Vienna)" in said
        assert "Say who you are" not in said, "that was said already"
        made = run("--home", str(home), "feed", "new").out
        assert made.splitlines()[-1].startswith(f"{address}/feeds/"), "where the daemon can be reached"
    with started(home) as (said, _address):
        assert "planner feed new" in said


@pytest.mark.full
def test_where_a_journal_keeps_what_is_said_no_address_of_a_feed_is_in_it(tmp_path: Path) -> None:
    """The link signs in once, within a day; a feed's address would open it as long as the journal is kept."""
    home, journal = tmp_path / "home", tmp_path / "journal"
    with started(home, terminal=False, said_all=journal) as (said, address):
        [sign_in] = LINK.findall(said)
        assert sign_in.startswith("/sign-in/")
        assert "planner feed new" in said
        assert "Subscribe to the calendar address" not in said
        assert run("--home", str(home), "feed", "list", "--json").json == [], "none that nobody has ever seen"
        secret = run("--home", str(home), "feed", "new").out.split("/feeds/")[1].split(".ics")[0]
        assert get(f"{address}/feeds/{secret}.ics").startswith("BEGIN:VCALENDAR")
    assert "/feeds/" not in journal.read_text().replace("/feeds/…", "")
    assert secret not in journal.read_text()
    with started(home) as (said, _address):
        assert "/feeds/" not in said, "there is one by now"


def test_a_mail_server_without_an_address_to_write_to_is_said(tmp_path: Path) -> None:
    run("--home", str(tmp_path), "init", "--yes")
    way = {"PLANNER_SMTP_HOST": "smtp.example.org"}
    assert "planner business set --email" in run("--home", str(tmp_path), "doctor", environ=way).out


def test_whoever_writes_a_line_into_the_log_no_secret_address_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    from planner.cli.start import Discreet

    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(message)s"))
    library = logging.getLogger("library")
    library.addHandler(handler)
    try:
        raise ValueError("http://planner.test/unsubscribe/geheim")
    except ValueError:
        library.exception("Exception while serving %s", "/feeds/geheim.ics")
    finally:
        library.removeHandler(handler)
    written = capsys.readouterr().err
    assert ("geheim" in written, "/feeds/…" in written, "/unsubscribe/…" in written) == (False, True, True)
