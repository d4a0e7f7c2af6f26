"""Planning thirteen weeks for ten thousand cadences, against the bare expansion and a bare insert of the same rows.

And a year for a thousand businesses of all trades, with texts, against the same planning without any. Half of the posts
are videos: their steps are reckoned from the day of the post when somebody looks, so planning them takes nothing beside
the text.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from dateutil.rrule import rrulestr
from sqlalchemy import func, select, update

from bench.homes import NOW, fill, fresh_database
from bench.measure import Result, seconds
from planner import catalogue
from planner.actions import steps
from planner.actions.plan import plan_ahead
from planner.language import LANGUAGES
from planner.render import PostText, PostTexts
from planner.store import tables
from planner.store.database import Database
from planner.store.driver import sqlite3

BUSINESSES = 3334
ROUNDS = 3
OF_ALL_TRADES: Final = 1000
START, END = datetime(2026, 11, 30), datetime(2026, 11, 30) + timedelta(weeks=14)


def results() -> Iterator[Result]:
    """The better of three rounds of each, in turns."""
    ours, bare, rows = [], [], 0
    for _ in range(ROUNDS):
        with fresh_database() as database:
            fill(database, BUSINESSES)
            ours.append(seconds(lambda: _plan(database, PostTexts())))
            rows = _count(database)
            bare.append(_bare(database))
    yield Result(
        "plan 13 weeks for 10,000 cadences, SQLite / bare dateutil and one executemany",
        min(ours) / min(bare), "≤ 3", min(ours) <= 3 * min(bare),
        f"{min(ours):.2f} s / {min(bare):.2f} s, {rows} posts",
    )  # fmt: skip
    yield _with_texts()


class _NoTexts(PostTexts):
    """Posts are planned without being written."""

    def write_or_next(self, prompt: str, *, language: str, **values: str) -> tuple[str, PostText]:
        return prompt, _NOTHING


_NOTHING: Final = PostText("", "", "")


def _with_texts() -> Result:
    """The better of three rounds of each, in turns; one business after the other, none like the one before."""
    written, bare, rows, videos = [], [], 0, 0
    for _ in range(ROUNDS):
        for texts, taken in ((PostTexts(), written), (_NoTexts(), bare)):
            with fresh_database() as database:
                fill(database, OF_ALL_TRADES)
                _a_year_of_all_trades(database)
                taken.append(seconds(lambda: _plan(database, texts)))  # noqa: B023 - called at once
                rows, videos = _count(database), _videos(database)
    return Result(
        "plan a year with texts for 1,000 businesses of all trades / the same without texts",
        min(written) / min(bare), "≤ 3", min(written) <= 3 * min(bare),
        f"{min(written):.2f} s / {min(bare):.2f} s, {rows} posts, {videos} of them videos in steps",
    )  # fmt: skip


def _videos(database: Database) -> int:
    """How many of the posts are on a platform whose posts are made in steps."""
    post, channel = tables.post, tables.channel
    there = select(func.count()).select_from(post.join(channel, channel.c.id == post.c.channel_id))
    with database.read() as tx:
        return int(tx.execute(there.where(channel.c.platform.in_(steps.platforms()))).scalar_one())


def _a_year_of_all_trades(database: Database) -> None:
    trades = ["", *catalogue.trade_keys()]
    with database.write() as tx:
        for number in range(1, OF_ALL_TRADES + 1):
            values = {"trade": trades[number % len(trades)], "language": LANGUAGES[number % 2], "horizon_weeks": 52}
            tx.execute(update(tables.business).where(tables.business.c.id == number).values(**values))


def _plan(database: Database, texts: PostTexts) -> None:
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
