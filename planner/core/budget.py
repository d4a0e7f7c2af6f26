"""What rhythms that stay take of the minutes of a week beside what is advised, and what would keep it within them.

The least worth gives way first: it becomes smaller where that is enough, else it ends. On an advised channel the
advised rhythm takes the place of one that takes more. So if all of it is done, no more is taken than may be planned.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from planner.core import ladder
from planner.core.advice import WEEKS
from planner.core.model import Cadence, Channel, Purpose, Window
from planner.core.recurrence import explicit, parse_rule, slots
from planner.core.rounds import TITLE
from planner.core.rule import Rule
from planner.core.spoken import Speak, in_words
from planner.errors import RuleRefused
from planner.language import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A rhythm that goes on: minutes a piece, None where its platform's file does not say; pieces in 52 weeks.

    ``worth`` is the score of its channel, ``as_advised`` whether it is what is advised there.
    """

    cadence: Cadence
    channel: Channel
    piece: int | None
    pieces: int
    worth: int
    as_advised: bool = False

    @property
    def minutes(self) -> int:
        """Minutes a week, rounded up; 0 where nobody knows."""
        return _a_week(self.piece or 0, self.pieces)


class How(StrEnum):
    """What becomes of rhythms that take too much: they end, become smaller, or what is advised takes their place."""

    END = "end"
    SMALLER = "smaller"
    ADVISED = "advised"


@dataclass(frozen=True, slots=True)
class Change:
    """What would be done with rhythms of one channel, and how many minutes a week that saves.

    ``rule`` is the smaller one, ``first`` its first day (local).
    """

    how: How
    kept: tuple[Kept, ...]
    saves: int
    rule: Rule | None = None
    first: date | None = None

    @property
    def channel(self) -> Channel:
        """The channel it is about."""
        return self.kept[0].channel


@dataclass(frozen=True, slots=True)
class Budget:
    """What stays, the minutes that begin beside it, and those that may be planned, all a week; and what would help."""

    kept: tuple[Kept, ...]
    added: int
    usable: int
    changes: tuple[Change, ...] = ()

    @property
    def staying(self) -> int:
        """Minutes of what stays."""
        return sum(each.minutes for each in self.kept)

    @property
    def taken(self) -> int:
        """Minutes of everything."""
        return self.staying + self.added

    @property
    def over(self) -> int:
        """How many minutes it is more than may be planned; 0 if it is not."""
        return max(0, self.taken - self.usable)

    @property
    def unknown(self) -> tuple[Channel, ...]:
        """The channels of which nobody knows the minutes."""
        return tuple(dict.fromkeys(each.channel for each in self.kept if each.piece is None))


def pieces(cadence: Cadence, start: datetime, timezone: str) -> int:
    """How many slots a cadence gives in the 52 weeks from a naive local moment; none if its rule cannot be read."""
    try:
        return sum(1 for _slot in slots(cadence, Window(start, start + timedelta(weeks=WEEKS)), (), timezone))
    except RuleRefused:
        return 0


def budget(
    kept: Sequence[Kept], added: int, usable: int, advised: Mapping[int, int], start: datetime, timezone: str
) -> Budget:
    """What it comes to, and what would keep it within the minutes; ``advised`` are those of advised channels by id."""
    found = Budget(tuple(kept), added, usable)
    over, changes = found.over, []
    for change in _possible(found.kept, over, advised, start, timezone):
        if over <= 0:
            break
        if change.how is How.END and (smaller := _small_enough(change.kept[0], over, start, timezone)):
            change = smaller
        changes.append(change)
        over -= change.saves
    return replace(found, changes=tuple(changes))


def _possible(
    kept: Sequence[Kept], over: int, advised: Mapping[int, int], start: datetime, timezone: str
) -> Iterable[Change]:
    """What could be done, the least worth first: outside of the advice an end, on its channels what is advised."""
    ordered = sorted(kept, key=lambda each: (each.worth, -each.minutes, each.cadence.id))
    for each in (one for one in ordered if one.channel.id not in advised and one.minutes):
        yield Change(How.END, (each,), each.minutes)
    for channel in dict.fromkeys(each.channel for each in ordered if each.channel.id in advised):
        there = [each for each in ordered if each.channel.id == channel.id]
        others = tuple(each for each in there if not each.as_advised)
        begins = advised[channel.id] if len(others) == len(there) else 0  # where one is as advised, nothing begins
        if (saves := sum(each.minutes for each in others) - begins) > 0:
            yield Change(How.ADVISED, others, saves)


def _small_enough(kept: Kept, over: int, start: datetime, timezone: str) -> Change | None:
    """The largest of the smaller rhythms that saves as much as is over; None if none does."""
    if kept.cadence.purpose is Purpose.REPLYING:
        return None
    tomorrow = datetime.combine(start.date() + timedelta(days=1), time())
    ahead = Window(tomorrow, tomorrow + timedelta(weeks=WEEKS))
    first = next(iter(slots(kept.cadence, ahead, (), timezone)), None)
    wanted: Rule | None = explicit(parse_rule(kept.cadence.rrule), kept.cadence.dtstart.date())
    while first is not None and wanted is not None and wanted.freq != "YEARLY":
        if (wanted := ladder.smaller(wanted, first.date())) is None:
            break
        count = pieces(replace(kept.cadence, rrule=str(wanted)), start, timezone)
        saves = kept.minutes - _a_week(kept.piece or 0, count)
        if saves >= over:
            return Change(How.SMALLER, (kept,), saves, wanted, first.date())
    return None


def _a_week(piece: int, count: int) -> int:
    return -(-piece * count // WEEKS)


_STAYS = N_("What stays takes {staying} minutes a week, all together {taken} of the {usable} that may be planned.")
_TAKES = N_("All rhythms together take {taken} of the {usable} minutes a week that may be planned.")
_OVER = N_("That is {over} more than you can keep up. To come back within them:")
_UNKNOWN = N_("How long {channels} takes is not known; it is not counted.")
_CHANGES = {
    How.END: N_("end {channel} ({now}; {saves} minutes a week)"),
    How.SMALLER: N_("make {channel} smaller: {rhythm}, not {now} ({saves} minutes a week less)"),
    How.ADVISED: N_("{channel} as advised, not {now} ({saves} minutes a week less)"),
}


def told(found: Budget, speak: Speak) -> list[str]:
    """What it comes to, in sentences; nothing where nothing stays. The last one leads to the changes, if any."""
    if not found.kept:
        return []
    words = _STAYS if found.added else _TAKES
    said = [speak(words).format(staying=found.staying, taken=found.taken, usable=found.usable)]
    if found.unknown:
        said.append(speak(_UNKNOWN).format(channels=", ".join(each.name for each in found.unknown)))
    return [*said, speak(_OVER).format(over=found.over)] if found.over else said


def change_words(change: Change, speak: Speak) -> str:
    """A change in words: what is, and what would be."""
    now = "; ".join(_rhythm(each.cadence, speak) for each in change.kept)
    smaller = change.rule and (in_words(change.rule, speak) or str(change.rule))
    words = speak(_CHANGES[change.how])
    return words.format(channel=change.channel.name, now=now, rhythm=smaller or "", saves=change.saves)


def _rhythm(cadence: Cadence, speak: Speak) -> str:
    try:
        words = in_words(explicit(parse_rule(cadence.rrule), cadence.dtstart.date()), speak)
    except RuleRefused:
        words = None
    return (
        f"{speak(TITLE)}, {words or cadence.rrule}" if cadence.purpose is Purpose.REPLYING else words or cadence.rrule
    )
