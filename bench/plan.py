"""Planning thirteen weeks for ten thousand cadences, against the bare expansion and a bare insert of the same rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from bench.homes import NOW, fill, fresh_database
from bench.measure import Result, seconds
from planner.actions.plan import plan_ahead
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.driver import sqlite3

BUSINESSES = 3334
ROUNDS = 3
START, END = datetime(2026, 11, 30), datetime(2026, 11, 30) + timedelta(weeks=14)


def results() -> Iterator[Result]:
    """The better of three rounds of each, in turns."""
    ours, bare, rows = [], [], 0
    for _ in range(ROUNDS):
        with fresh_database() as database:
            fill(database, BUSINESSES)
            ours.append(seconds(lambda: _plan(database)))
            rows = _count(database)
            bare.append(_bare(database))
    yield Result(
        "plan 13 weeks for 10,000 cadences, SQLite / bare dateutil and one executemany",
        min(ours) / min(bare), "≤ 3", min(ours) <= 3 * min(bare),
        f"{min(ours):.2f} s / {min(bare):.2f} s, {rows} posts",
    )  # fmt: skip


def _plan(database: Database) -> None:
    texts = PostTexts()
    more = True
    while more:
        with database.write() as tx:
            more = plan_ahead(tx, texts, NOW).more


def _count(database: Database) -> int:
    with database.read() as tx:
        return int(tx.exec_driver_sql("SELECT count(*) FROM post").scalar_one())


def _bare(database: Database) -> float:
    """Seconds for the same dates by dateutil, and for the same rows into the emptied table by sqlite3 alone."""
    assert database.file
    connection = sqlite3.connect(database.file)
    connection.execute("PRAGMA synchronous=FULL")
    cadences = connection.execute("SELECT dtstart, rrule FROM cadence").fetchall()
    posts = connection.execute("SELECT * FROM post").fetchall()
    connection.execute("DELETE FROM post")
    connection.commit()

    def expand() -> None:
        for dtstart, rule in cadences:
            rrulestr(rule, dtstart=datetime.fromisoformat(dtstart)).between(START, END, inc=True)

    def insert() -> None:
        connection.executemany(f"INSERT INTO post VALUES ({','.join('?' * len(posts[0]))})", posts)
        connection.commit()

    taken = seconds(expand) + seconds(insert)
    connection.close()
    return taken
