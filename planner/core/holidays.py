"""Where a slot's post is due when the slot falls on a public holiday: there, a day before or after, or nowhere.

The slot stays what it is (its local start is its identity, RFC 5545 RECURRENCE-ID, and the week it is owed in);
only the due moment moves, by whole days. Which days are holidays is told by whoever asks.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from planner.core.consistency import paused
from planner.core.model import Cadence, OnHoliday, Pause
from planner.core.recurrence import is_skipped

FARTHEST: Final = 7  # days; what has no room in a week is turned round, and stays if there is none either
_STEP: Final = {OnHoliday.BEFORE: -1, OnHoliday.AFTER: 1}


@dataclass(frozen=True, slots=True)
class Placed:
    """A slot and where its post is due, both naive local; the time of day is the same."""

    slot: datetime
    due: datetime


def placed(
    cadence: Cadence,
    slots: Iterable[datetime],
    holidays: Container[date],
    pauses: Sequence[Pause] = (),
    timezone: str = "UTC",
    *,
    earliest: date = date.min,
) -> Iterator[Placed]:
    """The cadence's slots with their due moments, in order; one that a holiday leaves out is not there.

    No due day but the slot's own lies before ``earliest``: a post begun today cannot be due yesterday. Both columns
    ascend, so that the order in which posts were given their pillars is that in which they are due.
    """
    for slot in slots:
        if cadence.on_holiday is OnHoliday.KEEP or slot.date() not in holidays:
            yield Placed(slot, slot)
        elif cadence.on_holiday is not OnHoliday.SKIP:
            day = _near(cadence, slot.date(), holidays, pauses, timezone, earliest)
            yield Placed(slot, datetime.combine(day, slot.time()))


def _near(
    cadence: Cadence,
    day: date,
    holidays: Container[date],
    pauses: Sequence[Pause],
    timezone: str,
    earliest: date,
) -> date:
    """The nearest working day on the wanted side, at most a week away; else on the other side; else the day itself."""
    step = _STEP[cadence.on_holiday]
    for days in (*range(step, step * (FARTHEST + 1), step), *range(-step, -step * (FARTHEST + 1), -step)):
        near = day + timedelta(days=days)
        open_then = near not in holidays and not paused(near, cadence.channel_id, pauses)
        if near >= earliest and open_then and not is_skipped(near, timezone):
            return near
    return day
