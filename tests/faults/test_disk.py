"""What disks and other processes do to a running daemon's SQLite file: full, locked, gone, swapped, killed half-way."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from notify.server import MailServer
from processes import health, started, until

from faults.installation import MORNING, Installation, fill
from planner.store.driver import sqlite3

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="mounts and signals of POSIX"),
    pytest.mark.parametrize("journal", ["wal", "delete"]),
]


@pytest.mark.full
@pytest.mark.parametrize("moment", ["before", "at the yes"])
def test_a_full_disk_under_a_running_daemon(
    tmp_path: Path, small_disk: Path, server: MailServer, journal: str, moment: str
) -> None:
    """Before: nothing is sent. At the server's yes: it is remembered and not sent again. With room both end well."""
    installation = Installation(small_disk / "home", f"sqlite:///{small_disk}/planner.db?journal={journal}", server)
    installation.set_up()
    if moment == "at the yes":
        server.script["end"] = [lambda: (fill(small_disk), "250 ok")[1]]
    with started(tmp_path / "home", "--now", "2026-12-01T07:59:56", **installation.settings) as (process, port):
        until(lambda: health(port)[0] == 200)
        if moment == "before":
            fill(small_disk)
        else:
            until(lambda: len(server.taken) == 1)
        until(lambda: fill(small_disk) and "cannot note its beat" in (tmp_path / "log").read_text(), 60)
        assert len(server.taken) == (0 if moment == "before" else 1)
        (small_disk / "filler").unlink()
        until(lambda: health(port)[0] == 200, 90)
        until(lambda: installation.states() == [("sent", 0)], 60)
        assert process.poll() is None
    assert len(server.taken) == 1


LOCKS = """
import sys, time
from planner.store.driver import sqlite3
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.mark.long
@pytest.mark.full
@pytest.mark.parametrize("seconds", [60])
def test_another_process_holds_the_lock(tmp_path: Path, server: MailServer, journal: str, seconds: int) -> None:
    """The daemon waits, says that it is not well, and goes on by itself: the scheduler is not dead."""
    file = tmp_path / "planner.db"
    installation = Installation(tmp_path / "home", f"sqlite:///{file}?journal={journal}", server)
    installation.set_up()
    with started(tmp_path / "home", "--now", "2026-12-01T07:59:55", **installation.settings) as (process, port):
        until(lambda: health(port)[0] == 200)
        command = [sys.executable, "-c", LOCKS, str(file), str(seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hog:
            assert hog.stdout is not None
            assert hog.stdout.readline() == "held\n"
            assert hog.wait(seconds + 30) == 0
        until(lambda: len(server.taken) == 1, 60)
        until(lambda: health(port)[0] == 200, 60)
        assert process.poll() is None
    assert installation.states() == [("sent", 0)]
    assert len(server.taken) == 1


def test_the_folder_goes_away_under_a_running_daemon(tmp_path: Path, server: MailServer, journal: str) -> None:
    """Unplugged and back: no new empty database, nothing is lost, and the mail goes out once."""
    data, away = tmp_path / "data", tmp_path / "away"
    data.mkdir()
    installation = Installation(tmp_path / "home", f"sqlite:///{data}/planner.db?journal={journal}", server)
    installation.set_up()
    data.rename(away)
    assert installation.run(MORNING, "tick") == 1
    assert not (data / "planner.db").exists() or (data / "planner.db").stat().st_size == 0
    shutil.rmtree(data, ignore_errors=True)
    away.rename(data)
    assert installation.run(MORNING, "tick") == 0
    assert (len(server.taken), installation.states()) == (1, [("sent", 0)])


def test_what_another_database_left_behind_is_not_taken_in(tmp_path: Path, server: MailServer, journal: str) -> None:
    """A log of another file beside ours, as copying by hand leaves it: it is noticed, and going back removes it."""
    file = tmp_path / "planner.db"
    installation = Installation(tmp_path / "home", f"sqlite:///{file}?journal={journal}", server)
    installation.set_up()
    before, kept = installation.said(MORNING, "week", "--json"), tmp_path / "kept.db"
    assert installation.run(MORNING, "backup", str(kept)) == 0
    with closing(sqlite3.connect(tmp_path / "other.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE business (id INTEGER, name TEXT)")
        other.execute("INSERT INTO business VALUES (1, 'Somebody else')")
        shutil.copy(tmp_path / "other.db-wal", f"{file}-wal")
    assert installation.run(MORNING, "tick") == 1, "SQLite takes such a log for its own; what it yields is no planner"
    assert server.taken == []
    assert installation.run(MORNING, "restore", "--yes", str(kept)) == 0
    assert installation.said(MORNING, "week", "--json") == before
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert installation.run(MORNING, "tick") == 0


def test_killed_while_the_tables_are_brought_up_to_date(tmp_path: Path, server: MailServer, journal: str) -> None:
    """The step is there whole or not at all, and the next start does it."""
    file = tmp_path / "planner.db"
    installation = Installation(tmp_path / "home", f"sqlite:///{file}?journal={journal}", server)
    dies = "import planner.store.schema as s; s._compare = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    assert installation.sabotaged(dies, MORNING, "init", "--yes", "--name", "Huber") == -signal.SIGKILL
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    installation.set_up()
    assert installation.run(MORNING, "tick") == 0
    assert len(server.taken) == 1
