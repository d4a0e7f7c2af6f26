"""The queue of writers: nobody is shut out by one who writes on and on, and nothing but the order depends on it."""

import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from planner.store.database import Database
from planner.store.turnstile import Turnstile

BUSY = """
import sys, time
from sqlalchemy import text
from planner.store.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
while True:
    with database.write() as tx:
        tx.execute(text("INSERT INTO turn DEFAULT VALUES"))
        time.sleep(0.02)
"""
COUNT = text("SELECT count(*) FROM turn")


@pytest.fixture(params=["wal", "delete"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path}/planner.db?journal={request.param}")
    found.use_journal()
    with found.write() as tx:
        tx.execute(text("CREATE TABLE turn (id INTEGER PRIMARY KEY)"))
    yield found
    found.close()


@contextmanager
def busy_process(address: str) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", BUSY, address], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()


@contextmanager
def busy_thread(database: Database) -> Iterator[None]:
    done, begun = threading.Event(), threading.Event()

    def write() -> None:
        while not done.is_set():
            with database.write() as tx:
                tx.execute(text("INSERT INTO turn DEFAULT VALUES"))
                begun.set()
                done.wait(0.02)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(10)
        yield
    finally:
        done.set()
        thread.join()


def turns_missed(database: Database) -> int:
    """How many others went first, in twenty writes."""
    missed = 0
    for _ in range(20):
        with database.read() as tx:
            before = tx.execute(COUNT).scalar_one()
        with database.write() as tx:
            missed += tx.execute(COUNT).scalar_one() - before
    return missed


def test_whoever_writes_on_and_on_lets_another_process_in(database: Database) -> None:
    # He who has the lock ends, and perhaps one more had asked: two each time, not the hundreds of a lottery.
    with busy_process(database.url.render_as_string()):
        assert turns_missed(database) <= 40


def test_whoever_writes_on_and_on_lets_another_thread_in(database: Database) -> None:
    with busy_thread(database):
        assert turns_missed(database) <= 40


def test_somebody_stuck_in_the_turnstile_costs_patience_and_no_more(tmp_path: Path) -> None:
    turnstile = Turnstile(str(tmp_path / "planner.db"), patience=0.05)
    with open(tmp_path / "planner.db-queue", "w") as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        with turnstile.turn():
            pass
    turnstile.close()


def test_somebody_stuck_in_the_turnstile_does_not_keep_it_from_closing(tmp_path: Path) -> None:
    """A daemon whose tick hangs closes its database and ends."""
    turnstile = Turnstile(str(tmp_path / "planner.db"), 10)
    inside, over = threading.Event(), threading.Event()

    def stuck() -> None:
        with turnstile.turn():
            inside.set()
            over.wait(10)

    thread = threading.Thread(target=stuck)
    thread.start()
    assert inside.wait(10)
    begun = time.monotonic()
    turnstile.close()
    assert time.monotonic() - begun < 3
    over.set()
    thread.join()
    turnstile.close()


def test_a_folder_that_takes_no_file_leaves_the_order_to_sqlite(tmp_path: Path) -> None:
    (tmp_path / "planner.db-queue").mkdir()
    turnstile = Turnstile(str(tmp_path / "planner.db"), patience=0.05)
    with turnstile.turn():
        pass
    turnstile.close()
