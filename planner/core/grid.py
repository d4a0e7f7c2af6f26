"""What a calendar page shows: the days of a month or a week, in ISO weeks, and what comes before and after."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from planner.core.model import Window
from planner.core.weeks import Week
from planner.errors import BadMonth


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a calendar: a month or an ISO week, with the weeks it is drawn in.

    ``days`` are those it is about (half-open); the weeks may begin before and end after.
    """

    name: str
    days: Window[date]
    weeks: tuple[Week, ...]

    @property
    def shown(self) -> Window[date]:
        """All days that are drawn, half-open."""
        return Window(self.weeks[0].monday, self.weeks[-1].monday + timedelta(weeks=1))

    @property
    def is_month(self) -> bool:
        """Whether it is a month, and not a week."""
        return "W" not in self.name

    def before(self) -> "Sheet":
        """The month or week before."""
        return of_day(self.days.start - timedelta(days=1), month=self.is_month)

    def after(self) -> "Sheet":
        """The month or week after."""
        return of_day(self.days.end, month=self.is_month)


def of_day(day: date, *, month: bool) -> Sheet:
    """The month or the week in which a day lies."""
    if not month:
        week = Week.of(day)
        return Sheet(str(week), week.window, (week,))
    first = day.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1)
    count = (end - timedelta(days=1) - Week.of(first).monday).days // 7 + 1
    return Sheet(f"{first:%Y-%m}", Window(first, end), tuple(Week.of(first).plus(n) for n in range(count)))


def parse_sheet(text: str) -> Sheet:
    """The sheet written as 2026-12 or 2026-W49. Raises BadMonth, BadWeek."""
    if "W" in text.upper():
        return of_day(Week.parse(text).monday, month=False)
    found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    if not found or not (1970 <= int(found[1]) < 2199 and 1 <= int(found[2]) <= 12):
        raise BadMonth(text=text[:20])
    return of_day(date(int(found[1]), int(found[2]), 1), month=True)
