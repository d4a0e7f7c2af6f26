"""The next dates of a cadence, with those that a pause, a public holiday or its owner takes: what is shown of it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from planner.core.holidays import placed
from planner.core.localtime import real_wall
from planner.core.model import Cadence, Pause, Window
from planner.core.recurrence import YEARS_TO_FIRE, slots

MOST: Final = 2000  # daily for as long as a pause may be


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date to come: when it is due on the wall clock. Of one inside a pause, how many in a row, and the last.

    ``holiday`` is the day of the slot if that is a public holiday to which the cadence gives way; ``left_out`` says
    that there is no post for it then. ``excepted`` is a date that the cadence leaves out by itself.
    """

    due: datetime
    pause: Pause | None = None
    count: int = 1
    last: datetime | None = None
    holiday: date | None = None
    left_out: bool = False
    excepted: bool = False

    @property
    def gets_a_post(self) -> bool:
        """Whether a post is planned for it."""
        return self.pause is None and not self.left_out and not self.excepted

    @property
    def slot_day(self) -> date:
        """The local day of the slot, by which it can be left out, wherever its post is due."""
        return self.holiday or self.due.date()


def ahead(
    cadence: Cadence,
    since: datetime,
    pauses: Sequence[Pause],
    timezone: str,
    number: int = 5,
    *,
    holidays: Container[date] = (),
) -> list[Ahead]:
    """The next ``number`` dates from ``since`` (naive local) on that get a post, and the others between them."""
    window = Window(since, since + timedelta(days=366 * YEARS_TO_FIRE))
    found: list[Ahead] = []
    excepted = frozenset(cadence.exdates)
    for slot in islice(slots(replace(cadence, exdates=()), window, (), timezone), MOST):
        due = real_wall(slot, timezone)
        pause = _pause_of(cadence, slot, pauses)
        if pause is None and slot.date() in excepted:
            found.append(Ahead(due, excepted=True))
        elif pause is None:
            found.append(_dated(cadence, slot, pauses, timezone, holidays, since))
            number -= found[-1].gets_a_post
        elif found and found[-1].pause == pause:
            found[-1] = replace(found[-1], count=found[-1].count + 1, last=due)
        else:
            found.append(Ahead(due, pause, last=due))
        if number == 0:
            break
    return found


def next_date(
    cadence: Cadence, since: datetime, pauses: Sequence[Pause], timezone: str, holidays: Container[date] = ()
) -> datetime | None:
    """The next date that gets a post; None if there is none any more."""
    found = ahead(cadence, since, pauses, timezone, 1, holidays=holidays)
    return next((each.due for each in found if each.gets_a_post), None)


def _dated(
    cadence: Cadence,
    slot: datetime,
    pauses: Sequence[Pause],
    timezone: str,
    holidays: Container[date],
    since: datetime,
) -> Ahead:
    """A slot that no pause takes, and what a holiday makes of it."""
    where = next(placed(cadence, [slot], holidays, pauses, timezone, earliest=since.date()), None)
    if where is None:
        return Ahead(real_wall(slot, timezone), holiday=slot.date(), left_out=True)
    return Ahead(real_wall(where.due, timezone), holiday=slot.date() if where.due != slot else None)


def _pause_of(cadence: Cadence, slot: datetime, pauses: Sequence[Pause]) -> Pause | None:
    return next(
        (
            pause
            for pause in pauses
            if pause.first <= slot.date() <= pause.last and pause.channel_id in (None, cadence.channel_id)
        ),
        None,
    )
