"""The dates a rhythm gives, as a page shows them: what falls into a pause, and what on a public holiday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from planner.core.forecast import Ahead, ahead
from planner.core.model import Business, Cadence, OnHoliday, Pause
from planner.core.rule import Rule
from planner.feastdays import Holidays

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A date to come, and the public holiday it is, or gives way to."""

    ahead: Ahead
    holiday: str


def dates(
    business: Business, cadence: Cadence, since: datetime, pauses: Sequence[Pause], number: int = SHOWN
) -> list[Line]:
    """The next dates of a cadence from a naive local moment on, and between them those that get no post."""
    holidays = Holidays.of(business)
    found = ahead(cadence, since, pauses, business.timezone, number, holidays=holidays)
    return [Line(each, holidays.name(each.holiday or each.due.date())) for each in found]


def imagined(
    business: Business,
    channel_id: int,
    rule: Rule,
    dtstart: datetime,
    on_holiday: OnHoliday,
    exdates: tuple[date, ...],
    now: datetime,
) -> Cadence:
    """A cadence that nobody has begun yet, to look at its dates."""
    return Cadence(
        id=0, business_id=business.id, channel_id=channel_id, dtstart=dtstart, rrule=str(rule), on_holiday=on_holiday,
        exdates=exdates, created_at=now,
    )  # fmt: skip
