"""What a tick costs when nothing is due: the same with a thousand posts as with a million."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, update

from bench.homes import NOW, fill, fresh_database
from bench.measure import Result, in_turns
from planner import config
from planner.daemon import Daemon
from planner.links import Links
from planner.render import PostTexts
from planner.store import tables
from planner.store.database import Database

FEW, MANY, CHUNK = 1_000, 1_000_000, 50_000


def results() -> Iterator[Result]:
    """All four ticks of the daemon, on the two tables in turns."""
    with fresh_database() as small, fresh_database() as large, TemporaryDirectory() as home:
        daemons = [_daemon(small, FEW, Path(home)), _daemon(large, MANY, Path(home))]
        few, many = in_turns(*(lambda d=d: d.run_once() for d in daemons), rounds=21)
    yield Result("a tick with nothing due, 1,000,000 posts / 1,000 posts", many / few, "≤ 2", many <= 2 * few,
                 f"{many * 1000:.2f} ms / {few * 1000:.2f} ms (all four ticks)")  # fmt: skip


def _daemon(database: Database, count: int, home: Path) -> Daemon:
    fill(database, 100)
    with database.write() as tx:
        tx.execute(update(tables.cadence).values(plan_at=NOW + timedelta(days=7)))
    for first in range(0, count, CHUNK):
        with database.write() as tx:
            tx.execute(insert(tables.post), [_post(n) for n in range(first, min(first + CHUNK, count))])
    settings = config.load({}, home)
    return Daemon(database, settings, Links(settings.keys(), "http://planner.test"), PostTexts(), lambda: NOW)


def _post(number: int) -> dict[str, object]:
    due = NOW + timedelta(hours=number % 20_000 - 10_000)
    return {
        "uid": f"post-{number}@bench.invalid", "business_id": number % 100 + 1, "channel_id": number % 300 + 1,
        "due_local": due.replace(tzinfo=None), "due_at": due, "pillar": "tip", "title": "Tipp", "text": "Text",
        "status": "planned", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
