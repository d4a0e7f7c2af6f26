"""Daemons on a database of their own, with a clock whose hand a test sets."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from planner import catalogue, config
from planner.actions.health import troubles
from planner.actions.set_up import NewBusiness, set_up
from planner.clockwatch import ClockWatch
from planner.core.model import Business
from planner.daemon import Daemon
from planner.links import Links
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import heartbeats, outbox

KEY = {"PLANNER_SECRET_KEY": "k" * 40}


def settings_of(home: Path, **given: Any) -> config.Settings:
    return config.load(KEY, home, **given)


@pytest.fixture
def moment(now: datetime) -> list[datetime]:
    """The clock's hand: its only entry is the present."""
    return [now]


@pytest.fixture
def daemon(database: Database, tmp_path: Path, moment: list[datetime]) -> Daemon:
    """Its steady clock goes with the one on the wall, as through a laptop's sleep."""
    return started_anew(database, tmp_path, moment)


def started_anew(database: Database, home: Path, moment: list[datetime]) -> Daemon:
    settings = settings_of(home)
    links, watch = Links(settings.keys(), "http://planner.test"), ClockWatch(lambda: moment[0].timestamp())
    return Daemon(database, settings, links, PostTexts(), lambda: moment[0], clock_watch=watch)


def found(daemon: Daemon, now: datetime, name: str = "Bäckerei", **given: str) -> Business:
    """A bakery; it asks for its mails at eight."""
    wanted = NewBusiness(name=name, timezone="Europe/Berlin", language="de", email="chef@example.org", **given)
    with daemon.database.write() as tx:
        return set_up(tx, wanted, catalogue.preset("core-trio"), PostTexts(), now)


def beats(daemon: Daemon) -> dict[str, heartbeats.Heartbeat]:
    with daemon.database.read() as tx:
        return {beat.tick: beat for beat in heartbeats.every(tx)}


def wrong(daemon: Daemon) -> list[str]:
    with daemon.database.read() as tx:
        return [trouble.sentence() for trouble in troubles(tx, daemon.clock())]


def sent(daemon: Daemon) -> list[str]:
    """The local dates of the digests that went out, in that order."""
    with daemon.database.read() as tx:
        found = [each for each in outbox.recent(tx, None, 100) if each.kind == "digest" and each.sent_at]
    return [f"{each.local_date:%m-%d}" for each in sorted(found, key=lambda each: each.id)]


def at_eight_thirty(day: int) -> datetime:
    """In Berlin, in December 2026; the first is a Tuesday."""
    return datetime(2026, 12, day, 7, 30, tzinfo=UTC)
