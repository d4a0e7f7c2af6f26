"""What commands share: the home, the database, the business, the moment. Read once, at the door."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from planner import config
from planner.core import characters, localtime
from planner.core.model import Business
from planner.core.weeks import Week
from planner.errors import (
    BadClock,
    BadDate,
    BadLine,
    BadSetting,
    BadTime,
    BadWeek,
    NoSuchBusiness,
    NothingHere,
    WhichBusiness,
)
from planner.language import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.links import Links
    from planner.store.database import Database


YEARS: Final = range(1970, 9000)  # away from the edges of the calendar, where a zone's offset would fall off
# A number that both databases can look up.
LONGEST_LINE: Final = 2000
_NAMED: Final = 20  # of many businesses, so many are named
ID: Final = click.IntRange(1, 2**31 - 1)


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

        address = self.settings.database_url
        path = address.removeprefix("sqlite:///").partition("?")[0]
        if address.startswith("sqlite:///") and not os.path.exists(path):  # opening it would make it
            raise NothingHere(home=self.settings.home)
        database = open_database(self.settings)
        try:
            with database.read() as tx:
                current = schema.is_current(tx)
                if not current and schema.is_empty(tx):
                    raise NothingHere(home=self.settings.home)
            if not current:
                schema.prepare(database)
        except BaseException:
            database.close()
            raise
        return database

    @cached_property
    def address(self) -> str:
        """How the page is reached: as the settings say, else as the daemon was last started."""
        from planner.store.queries import facts

        if any(self.settings.origins[name] != "default" for name in ("base_url", "host", "port")):
            return self.settings.address
        with self.database.read() as tx:
            return facts.get(tx, facts.ADDRESS) or self.settings.address

    @property
    def links(self) -> "Links":
        """What signs and reads links."""
        from planner.links import Links

        return Links(self.settings.keys(), self.address)

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "database" in self.__dict__:
            self.database.close()

    def moment(self, timezone: str) -> datetime:
        """The present instant: what --now says (wall time of ``timezone`` unless it has an offset), or the clock."""
        if self.now is None:
            return datetime.now(UTC)
        given = parse_moment(self.now)
        return given.astimezone(UTC) if given.tzinfo else localtime.instant(given, timezone)

    def clock(self, timezone: str) -> Callable[[], datetime]:
        """The present instant again and again: with --now, a clock that was set to it and goes on from there."""
        ahead = self.moment(timezone) - datetime.now(UTC) if self.now else timedelta()
        return lambda: datetime.now(UTC) + ahead

    def moment_here(self, tx: "Connection") -> datetime:
        """The present instant where no business is meant: --now is on the wall of the first one."""
        from planner.store.queries import businesses

        there = businesses.every(tx, limit=1)
        return self.moment(there[0].timezone if there else "UTC")

    def chosen(self, tx: "Connection") -> Business:
        """The business that is meant. Raises WhichBusiness, NoSuchBusiness, NothingHere."""
        from planner.store.queries import businesses

        there = businesses.every(tx, limit=_NAMED + 1)
        if not there:
            raise NothingHere(home=self.settings.home)
        if self.business:
            wanted = self.business.casefold()
            found = [key for key, name in businesses.names(tx) if wanted in (name.casefold(), str(key))]
            if len(found) != 1:
                raise NoSuchBusiness(name=self.business)
            return businesses.get(tx, found[0])
        if len(there) > 1:
            known = ", ".join(b.name for b in there[:_NAMED])
            raise WhichBusiness(known=known + (" …" if there[_NAMED:] else ""))
        return there[0]


def open_database(settings: config.Settings) -> "Database":
    """The database of the settings as it is. Raises BadSetting for an address that cannot be read."""
    from sqlalchemy.exc import ArgumentError

    from planner.store.database import Database

    try:
        return Database(settings.database_url, settings.home / "backups")
    except ImportError as error:
        reason = N_("PostgreSQL needs a part that is not installed: pip install “planner[postgresql]”.")
        raise BadSetting(name="database_url", value="…", reason=reason) from error
    except (ArgumentError, ValueError) as error:
        reason = N_("write it like postgresql://name:password@host:5432/planner.")
        raise BadSetting(name="database_url", value="…", reason=reason) from error


def parse_moment(text: str) -> datetime:
    """A date (midnight) or date and time, with or without an offset. Raises BadTime."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadTime(text=text[:40]) from error
    if moment.year not in YEARS:
        raise BadTime(text=text[:40])
    return moment


def parse_wall(text: str) -> datetime:
    """A naive local date and time. Raises BadTime for one with an offset or without a time, too."""
    moment = parse_moment(text)
    if moment.tzinfo is not None or ":" not in text:
        raise BadTime(text=text[:40])
    return moment


def parse_day(text: str) -> date:
    """A day of the calendar. Raises BadDate."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadDate(text=text[:40]) from error
    if day.year not in YEARS:
        raise BadDate(text=text[:40])
    return day


def parse_week(text: str) -> Week:
    """A week of the calendar. Raises BadWeek."""
    week = Week.parse(text)
    if week.monday.year not in YEARS:
        raise BadWeek(text=text[:40])
    return week


def parse_clock(text: str) -> time:
    """A time of day in hours and minutes. Raises BadClock."""
    if not re.fullmatch(r"\d{1,2}:\d{2}", text.strip()):
        raise BadClock(text=text[:20])
    try:
        hours, minutes = text.split(":")
        return time(int(hours), int(minutes))
    except ValueError as error:
        raise BadClock(text=text[:20]) from error


def one_line(_context: object, _option: object, value: str | None) -> str | None:
    """A callback for options that take a few words: trimmed, on one line, not endless. Raises BadLine."""
    if value is None:
        return None
    line = value.strip()  # not isprintable(): that knows no hard space, and no joiner inside an emoji
    if characters.one_line(line) != line or len(value) > LONGEST_LINE:
        raise BadLine(text=" ".join(value.split())[:40])
    return line


def some_words(context: object, option: object, value: str | None) -> str | None:
    """Like one_line, for what must not be empty."""
    words = one_line(context, option, value)
    if words == "":
        raise BadLine(text="")
    return words
