"""What commands share: the home, the database, the business, the moment. Read once, at the door."""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planner import config
from planner.core import localtime
from planner.core.model import Business
from planner.errors import BadDate, BadTime, NoSuchBusiness, NothingHere, WhichBusiness

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.store.database import Database


@dataclass
class App:
    """The global options, and what follows from them."""

    home: str | None = None
    database_url: str | None = None
    business: str | None = None
    now: str | None = None

    @cached_property
    def settings(self) -> config.Settings:
        """The settings in force."""
        return self.settings_with()

    def settings_with(self, **given: object) -> config.Settings:
        """The settings in force with some given on the command line."""
        home = Path(self.home) if self.home else None
        return config.load(os.environ, home, database_url=self.database_url, **given)

    @cached_property
    def database(self) -> "Database":
        """The database, brought up to date if it is older. Raises NothingHere if there is none yet."""
        from planner.store import schema
        from planner.store.database import Database

        database = Database(self.settings.database_url)
        if database.file is not None and not database.file.exists():
            raise NothingHere(home=self.settings.home)
        with database.read() as tx:
            current = schema.is_current(tx)
        if not current:
            with database.read() as tx:
                if schema.is_empty(tx):
                    raise NothingHere(home=self.settings.home)
            schema.prepare(database)
        return database

    def moment(self, timezone: str = "UTC") -> datetime:
        """The present instant: what --now says (wall time of ``timezone`` unless it has an offset), or the clock."""
        if self.now is None:
            return datetime.now(UTC)
        given = parse_moment(self.now)
        return given.astimezone(UTC) if given.tzinfo else localtime.instant(given, timezone)

    def chosen(self, tx: "Connection") -> Business:
        """The business that is meant. Raises WhichBusiness, NoSuchBusiness, NothingHere."""
        from planner.store.queries import businesses

        there = businesses.every(tx)
        if not there:
            raise NothingHere(home=self.settings.home)
        if self.business:
            wanted = self.business.casefold()
            found = [b for b in there if wanted in (b.name.casefold(), str(b.id))]
            if len(found) != 1:
                raise NoSuchBusiness(name=self.business)
            return found[0]
        if len(there) > 1:
            raise WhichBusiness(known=", ".join(b.name for b in there))
        return there[0]


def parse_moment(text: str) -> datetime:
    """A date (midnight) or date and time, with or without an offset. Raises BadTime."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadTime(text=text[:40]) from error


def parse_wall(text: str) -> datetime:
    """A naive local date and time. Raises BadTime for one with an offset, too."""
    moment = parse_moment(text)
    if moment.tzinfo is not None:
        raise BadTime(text=text[:40])
    return moment


def parse_day(text: str) -> date:
    """A day of the calendar. Raises BadDate."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadDate(text=text[:40]) from error
