"""The next dates of a cadence, with those that fall into a pause: what a person is shown before choosing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from planner.core.localtime import real_wall
from planner.core.model import Cadence, Pause, Window
from planner.core.recurrence import YEARS_TO_FIRE, slots

MOST: Final = 2000  # daily for as long as a pause may be


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date to come: when it is due on the wall clock. Of one inside a pause, how many in a row, and the last."""

    due: datetime
    pause: Pause | None = None
    count: int = 1
    last: datetime | None = None


def ahead(cadence: Cadence, since: datetime, pauses: Sequence[Pause], timezone: str, number: int = 5) -> list[Ahead]:
    """The next ``number`` dates from ``since`` (naive local) on that get a post, and the paused ones between them."""
    window = Window(since, since + timedelta(days=366 * YEARS_TO_FIRE))
    found: list[Ahead] = []
    for slot in islice(slots(cadence, window, (), timezone), MOST):
        due = real_wall(slot, timezone)
        pause = _pause_of(cadence, slot, pauses)
        if pause is None:
            found.append(Ahead(due))
            number -= 1
        elif found and found[-1].pause == pause:
            found[-1] = replace(found[-1], count=found[-1].count + 1, last=due)
        else:
            found.append(Ahead(due, pause, last=due))
        if number == 0:
            break
    return found


def next_date(cadence: Cadence, since: datetime, pauses: Sequence[Pause], timezone: str) -> datetime | None:
    """The next date that gets a post; None if there is none any more."""
    return next((each.due for each in ahead(cadence, since, pauses, timezone, 1) if each.pause is None), None)


def _pause_of(cadence: Cadence, slot: datetime, pauses: Sequence[Pause]) -> Pause | None:
    return next(
        (
            pause
            for pause in pauses
            if pause.first <= slot.date() <= pause.last and pause.channel_id in (None, cadence.channel_id)
        ),
        None,
    )
