"""How long the ideas last: the slots a week of the cadences of today, against the ideas that fit them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from planner.core.model import Cadence, Purpose, Window
from planner.core.recurrence import slots
from planner.errors import RuleRefused

WEEKS: Final = 52


@dataclass(frozen=True, slots=True)
class Runway:
    """For how many weeks every slot finds an idea; None when no cadence asks for any.

    ``first`` are the channels that run out by then while others still have ideas; none if all end together.
    """

    weeks: Fraction | None
    first: tuple[int, ...] = ()


def pace(cadences: Iterable[Cadence], start: datetime, timezone: str) -> dict[int, Fraction]:
    """The slots a week of each channel, over the year from a naive local moment; pauses are left aside.

    A rule that cannot be read counts for nothing, and neither do rounds of answering: they use up no idea.
    """
    ahead = Window(start, start + timedelta(weeks=WEEKS))
    found: dict[int, Fraction] = {}
    for cadence in (each for each in cadences if each.purpose is Purpose.POSTING):
        try:
            count = sum(1 for _slot in slots(cadence, ahead, (), timezone))
        except RuleRefused:
            continue
        if count:
            found[cadence.channel_id] = found.get(cadence.channel_id, Fraction(0)) + Fraction(count, WEEKS)
    return found


def runway(per_week: Mapping[int, Fraction], ideas: Mapping[int | None, int]) -> Runway:
    """How long ideas last, counted by the channel they are for (None for any).

    A channel uses up its own first, then those for any; the first slot without an idea is the end.
    """
    if not per_week:
        return Runway(None)
    # When each channel has used up its own, in order; from there on it draws on those for any.
    alone = sorted((ideas.get(channel, 0) / rate, rate, channel) for channel, rate in per_week.items())
    left, drawing, since = Fraction(ideas.get(None, 0)), Fraction(0), Fraction(0)
    for place, (until, rate, _channel) in enumerate(alone):
        if (until - since) * drawing > left:
            return Runway(since + left / drawing, tuple(channel for _until, _rate, channel in alone[:place]))
        left -= (until - since) * drawing
        drawing, since = drawing + rate, until
    return Runway(since + left / drawing)
