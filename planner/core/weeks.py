"""ISO weeks: Monday to Sunday, the week of a year's first Thursday is its first."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from planner.core.model import Window
from planner.errors import BadWeek

_YEARS = range(1970, 2200)  # beyond, the weeks before and after might leave the calendar that Python knows


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week; ``year`` is the ISO year, which differs from the calendar's around New Year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """The week written as 2026-W47. Raises BadWeek."""
        match = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip().upper())
        try:
            week = cls(int(match[1]), int(match[2])) if match else None
            if week and week.year in _YEARS and week.monday:
                return week
        except ValueError:
            pass
        raise BadWeek(text=text[:30])

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def window(self) -> Window[date]:
        """Its days, half-open: from its Monday to the next."""
        return Window(self.monday, self.monday + timedelta(days=7))

    def plus(self, weeks: int) -> "Week":
        """The week so many weeks later, or earlier."""
        return Week.of(self.monday + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"
