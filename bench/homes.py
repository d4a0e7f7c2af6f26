"""Installations to measure on: many businesses with channels and cadences, made in bulk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from planner import zonerules
from planner.core.rotation import DEFAULT_PILLARS
from planner.store import tables
from planner.store.database import Database
from planner.store.schema import prepare

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
RULES = ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TH", "FREQ=WEEKLY;BYDAY=MO,FR")
PLATFORMS = ("gbp", "whatsapp", "youtube")


@contextmanager
def fresh_database() -> Iterator[Database]:
    """A migrated SQLite file in a folder of its own."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'planner.db'}")
        prepare(database)
        try:
            yield database
        finally:
            database.close()


def add_businesses(database: Database, count: int) -> None:
    """Businesses with nothing but a name and an address, numbered from 1."""
    rows = [
        {
            "id": n, "name": f"Business {n}", "timezone": "Europe/Berlin", "language": "de",
            "email": f"b{n}@example.org",
            "digest_on": True, "digest_time": time(8), "summary_on": True,
            "quiet_from": time(21), "quiet_until": time(7),
            "grace_days": 2, "horizon_weeks": 13, "created_at": NOW,
            "tzdata": max(zonerules.package_release(), zonerules.system_release()),
        }
        for n in range(1, count + 1)
    ]  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(tables.business), rows)


def fill(database: Database, businesses: int, *, channels: int = 3) -> None:
    """Businesses with a channel and a cadence a platform, none of them planned yet."""
    add_businesses(database, businesses)
    lines = [
        {
            "id": (n - 1) * channels + c + 1, "business_id": n, "platform": PLATFORMS[c], "name": PLATFORMS[c],
            "created_at": NOW,
        }
        for n in range(1, businesses + 1)
        for c in range(channels)
    ]  # fmt: skip
    cadences = [
        {
            "id": line["id"], "business_id": line["business_id"], "channel_id": line["id"],
            # People choose round hours: twenty of them, begun on one of twenty-eight days.
            "dtstart": datetime(2026, 11, 2, 8) + timedelta(days=line["id"] % 28, minutes=30 * (line["id"] % 20)),
            "rrule": RULES[PLATFORMS.index(line["platform"])],
            "pillars": ",".join(DEFAULT_PILLARS), "plan_at": NOW, "created_at": NOW,
        }
        for line in lines
    ]  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(tables.channel), lines)
        tx.execute(insert(tables.cadence), cadences)
