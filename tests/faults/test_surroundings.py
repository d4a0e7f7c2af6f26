"""What the machine does to a running planner: full disk, broken file, database gone for a moment, sleep, odd settings.

Real processes of the program against a real mail server on loopback; mails are counted where they arrive.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from databases import Emptied
from notify.server import serving
from processes import health, started, until

from faults.installation import AFTER_THE_LEASE, LATER, MORNING, Installation
from planner.store.database import Database

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


on_sqlite = pytest.mark.parametrize("database_address", ["wal", "delete"], indirect=True)


def file_of(installation: Installation) -> Path:
    file = Database(installation.address).file
    assert file is not None
    return file


@on_sqlite
def test_on_a_full_disk_nothing_is_sent_and_nothing_is_lost(installation: Installation) -> None:
    """Files may not grow past a size: what is to be sent cannot be kept, so it is not sent."""
    room = (
        40_000 if installation.address.endswith("=wal") else file_of(installation).stat().st_size
    )  # a WAL begins anew, beside the file
    command = [sys.executable, "-m", "planner", "--now", MORNING, "tick"]
    full = subprocess.run(
        command, env=installation.environ, stderr=subprocess.PIPE, check=False, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    assert full.returncode != 0, "a tick that could not write says so"
    assert "Traceback" not in full.stderr
    assert installation.server.taken == []
    for now in (AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    assert len(installation.server.taken) == 1
    assert installation.states() == [("sent", 0)]


@on_sqlite
@pytest.mark.parametrize("spoilt", [b"", b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 50_000])
def test_a_broken_database_sends_nothing_and_is_left_as_it_is(installation: Installation, spoilt: bytes) -> None:
    file = file_of(installation)
    file.write_bytes(spoilt)
    assert installation.run(MORNING, "tick") == 1
    assert file.read_bytes() == spoilt
    assert installation.server.taken == []


@on_sqlite
def test_a_database_that_is_gone_is_not_made_anew(installation: Installation) -> None:
    file_of(installation).unlink()
    assert installation.run(MORNING, "tick") == 1
    assert not file_of(installation).exists()


def test_a_broken_row_does_not_stop_the_others(installation: Installation) -> None:
    for name in ("Maier", "Schmid"):
        words = ("--timezone", "Europe/Berlin", "--email", f"{name.lower()}@example.org")
        assert installation.run("2026-11-30T12:00", "business", "add", name, *words) == 0
    database = Database(installation.address)
    with database.write() as tx:
        tx.exec_driver_sql("UPDATE business SET timezone = 'Nowhere/At_All' WHERE name = 'Maier'")
    database.close()
    assert installation.run(MORNING, "tick") == 1, "somebody is told"
    assert {mail.recipient for mail in installation.server.taken} == {"chef@example.org", "schmid@example.org"}
    assert installation.run(MORNING, "status") == 1
    assert "Maier" in installation.said(MORNING, "status")


@pytest.mark.full
def test_a_daemon_that_was_stopped_over_the_hour_sends_one_mail(installation: Installation, tmp_path: Path) -> None:
    """As a closed laptop does: it stands still from before eight until after, and then goes on."""
    home = tmp_path / "home"
    with started(home, "--now", "2026-12-01T07:59:57", **installation.settings) as (process, port):
        until(lambda: health(port)[0] == 200)
        process.send_signal(signal.SIGSTOP)
        pause = threading.Event()
        pause.wait(5)
        assert installation.server.taken == []
        process.send_signal(signal.SIGCONT)
        until(lambda: len(installation.server.taken) == 1)
        pause.wait(1)
    assert len(installation.server.taken) == 1
    assert installation.states() == [("sent", 0)]


@pytest.mark.full
def test_a_daemon_whose_postgresql_goes_away_again_and_again_sends_one_mail(
    tmp_path: Path, postgres: str, postgres_address: str
) -> None:
    with serving() as server:
        installation = Installation(tmp_path / "home", postgres_address, server)
        installation.set_up()
        name = postgres_address.split("///")[1].partition("?")[0]
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with (
            psycopg.connect(postgres.format("postgres"), autocommit=True) as admin,
            started(tmp_path / "home", "--now", "2026-12-01T07:59:55", **installation.settings) as (
                _process,
                port,
            ),
        ):
            until(lambda: health(port)[0] == 200)
            for _ in range(20):
                admin.execute(cut, [name])
                threading.Event().wait(0.2)
            until(lambda: len(server.taken) == 1, 40)
            until(lambda: health(port)[0] == 200, 60)
        assert len(server.taken) == 1
        assert installation.states() == [("sent", 0)]


@pytest.fixture
def two_postgresqls(emptied: Emptied) -> Iterator[list[str]]:
    """The addresses of two databases for planners that have none yet."""
    names = [emptied.take() for _ in range(2)]
    yield [emptied.server.format(name) for name in names]
    for name in names:
        emptied.give_back(name)


@pytest.mark.full
@pytest.mark.parametrize(
    "kind", ["wal", *(pytest.param(kind, marks=pytest.mark.full) for kind in ("delete", "postgresql"))]
)
def test_odd_surroundings_change_nothing(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    """Another hash seed, another zone of the machine, no language, an open umask: the same plan, private files."""
    plans = []
    odd = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "PGTZ": "Asia/Kathmandu", "LANG": "C", "LC_ALL": "C"}
    homes = [tmp_path / "usual", tmp_path / "odd"]
    if kind == "postgresql":
        addresses = request.getfixturevalue("two_postgresqls")
    else:
        addresses = [f"sqlite:///{home}/planner.db?journal={kind}" for home in homes]
    for home, address, surroundings in zip(homes, addresses, ({}, odd), strict=True):
        environ = {**surroundings, "PLANNER_DATABASE_URL": address}
        words = ["--name", "Huber", "--timezone", "Europe/Berlin", "--language", "de", "--country", "DE"]
        at_noon(home, environ, "init", "--yes", *words)
        posts = json.loads(at_noon(home, environ, "month", "2026-12", "--json"))
        plans.append([{name: value for name, value in post.items() if name != "uid"} for post in posts])
        private = [home, home / "secret.key", *([] if kind == "postgresql" else [home / "planner.db"])]
        assert [file.stat().st_mode & 0o077 for file in private] == [0] * len(private)
    assert plans[0] == plans[1] != []


def at_noon(home: Path, odd: dict[str, str], *words: str) -> str:
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    done = subprocess.run(
        [sys.executable, "-m", "planner", "--home", str(home), "--now", "2026-11-30T12:00", *words],
        env={**kept, **odd}, check=True, capture_output=True, encoding="utf-8", preexec_fn=lambda: os.umask(0),
    )  # fmt: skip
    return done.stdout
