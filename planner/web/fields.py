"""What somebody wrote into a form: read field by field, kept as it was typed, and what is wrong said at its field."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, time
from typing import Final, TypeVar

from flask import request

from planner.core.characters import one_line
from planner.errors import BadClock, BadDate, PlannerError, UsageError
from planner.language import N_

T = TypeVar("T")
_LONGEST: Final = 200
_LONGEST_SECRET: Final = 1000
_YEARS: Final = range(1990, 2100)


class Missing(UsageError):
    message = N_("This must not stay empty.")


class TooLong(UsageError):
    message = N_("This is too long: at most {longest} characters.")


class NoNumber(UsageError):
    message = N_("Write a whole number from {low} to {high}.")


class NotOffered(UsageError):
    message = N_("Choose one of the list.")


class Form:
    """The form of the request; ``typed`` is what was in its fields, ``errors`` the sentences by field."""

    def __init__(self, speak: Callable[[str], str], values: Mapping[str, str] | None = None) -> None:
        """``speak`` is the gettext function of who reads the errors; ``values`` are the form if it was not sent."""
        self._speak = speak
        self._values = request.form if values is None else values
        self.typed: dict[str, str] = {}
        self.errors: dict[str, str] = {}

    def _line(self, name: str) -> str:
        return one_line(self._values.get(name, ""))

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.errors

    def wrong(self, name: str, error: PlannerError) -> None:
        """Note what is wrong with a field; the first that is found stays."""
        self.errors.setdefault(name, error.sentence(self._speak))

    def needed(self, name: str) -> None:
        """Note that a field must not stay empty."""
        self.wrong(name, Missing())

    def tried(self, name: str, read: Callable[[], T]) -> T | None:
        """What ``read`` gives; None, and its error noted at the field, if it refuses."""
        try:
            return read()
        except PlannerError as error:
            self.wrong(name, error)
            return None

    def line(self, name: str, *, longest: int = _LONGEST, needed: bool = False) -> str:
        """A few words on one line."""
        text = self.typed[name] = self._line(name)
        if needed and not text:
            self.wrong(name, Missing())
        if len(text) > longest:
            self.wrong(name, TooLong(longest=longest))
        return text

    def secret(self, name: str) -> str:
        """A password as it was typed; it is not kept to be shown again."""
        self.typed[name] = ""
        text = self._values.get(name, "")
        if len(text) > _LONGEST_SECRET:
            self.wrong(name, TooLong(longest=_LONGEST_SECRET))
        return text

    def one_of(self, name: str, known: Collection[str]) -> str:
        """What was chosen from a list."""
        text = self.typed[name] = self._line(name)
        if text not in known:
            self.wrong(name, NotOffered())
        return text

    def tick(self, name: str) -> bool:
        """Whether a box is ticked."""
        self.typed[name] = "yes" if self._line(name) else ""
        return bool(self.typed[name])

    def clock(self, name: str) -> time | None:
        """A time of day; None if it cannot be read."""
        text = self.typed[name] = self._line(name)[:20]
        return self.tried(name, lambda: read_clock(text))

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """A day of the calendar; None if it cannot be read, or nothing stands there and nothing needs to."""
        text = self.typed[name] = self._line(name)[:20]
        return self.tried(name, lambda: read_day(text)) if text or needed else None

    def number(self, name: str, low: int, high: int, *, needed: bool = True) -> int | None:
        """A whole number; None if it cannot be read, or nothing stands there and nothing needs to."""
        text = self.typed[name] = self._line(name)[:20]
        if not text and not needed:
            return None
        if re.fullmatch("[0-9]{1,6}", text) is None or not low <= int(text) <= high:
            self.wrong(name, NoNumber(low=low, high=high))
            return None
        return int(text)


def read_day(text: str) -> date:
    """A day as browsers send it, 2026-12-01, of the years a planner can be asked about. Raises BadDate."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(text=text) from error
    if day.year not in _YEARS:
        raise BadDate(text=text)
    return day


def read_clock(text: str) -> time:
    """A time of day as browsers send it, 08:00, perhaps with seconds. Raises BadClock."""
    found = re.fullmatch("([01]?[0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?", text)
    if found is None:
        raise BadClock(text=text)
    return time(int(found[1]), int(found[2]))
