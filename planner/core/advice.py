"""Advice as values: what an owner answers, what is known of each platform, by which rules it is judged, what comes out.

Points run from 0 to 3 and are counted in tenths. How they come about is in adviser.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

WEEKS: Final = 52
FEWEST_MINUTES: Final = 10
MOST_MINUTES: Final = 2400
TENTHS: Final = 10
TOP: Final = 30  # three points
OLDEST: Final = 99


class Customers(StrEnum):
    """Where the customers are: they come by or are visited, are anywhere, or both."""

    LOCAL = "local"
    ONLINE = "online"
    BOTH = "both"


class Ages(StrEnum):
    """A group of ages, in years, both ends included."""

    YOUNG = "14-29"
    MIDDLE = "30-49"
    OLDER = "50-69"
    OLD = "70+"

    @property
    def span(self) -> tuple[int, int]:
        first, _, last = self.value.removesuffix("+").partition("-")
        return int(first), int(last or OLDEST)


class Helper(StrEnum):
    """Who helps: nobody, somebody who takes pictures and writes along, or somebody who can film and edit, too."""

    ALONE = "alone"
    TEAM = "team"
    FILMER = "filmer"


class Stay(StrEnum):
    """What becomes of rhythms that are there already: they stay, give way as far as it takes, or end."""

    LEAVE = "leave"
    FIT = "fit"
    END = "end"


class Pace(StrEnum):
    """How often a channel is posted to; slowest first."""

    QUARTER = "quarter"
    TWO_MONTHS = "two_months"
    MONTH = "month"
    FORTNIGHT = "fortnight"
    WEEK = "week"
    TWICE = "twice"
    THREE = "three"
    WEEKDAYS = "weekdays"

    @property
    def pieces(self) -> int:
        """Posts in a year of 52 weeks."""
        return _PIECES[self]


_PIECES: Final = {
    Pace.QUARTER: 4, Pace.TWO_MONTHS: 6, Pace.MONTH: 12, Pace.FORTNIGHT: 26, Pace.WEEK: 52, Pace.TWICE: 104,
    Pace.THREE: 156, Pace.WEEKDAYS: 260,
}  # fmt: skip


class Criterion(StrEnum):
    """What is weighed: three of the platform, and whether the owner likes to make what it lives on."""

    SIZE = "size"
    AUDIENCE = "audience"
    USE = "use"
    MAKING = "making"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an owner says. ``likes`` are kinds of content; no ``ages`` means all; ``minutes`` are those of a week."""

    trade: str = ""
    customers: Customers = Customers.LOCAL
    ages: tuple[Ages, ...] = ()
    country: str = ""
    region: str = ""
    likes: tuple[str, ...] = ("text", "image")
    minutes: int = 60
    helper: Helper = Helper.ALONE


@dataclass(frozen=True, slots=True)
class Share:
    """Of the people from ``first`` to ``last`` years (None: no end) ``percent`` are there, counted ``per`` that."""

    first: int
    last: int | None
    percent: int
    per: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of a platform. ``efforts`` are least and most minutes a piece, by kind of content.

    ``lives_on``: kinds one of which has to be made; ``even``: what it is made of if none of these is liked. ``paces``
    ascend. No ``countries`` or ``trades`` means any. ``reason`` is why it is worth what it is, by language. ``rounds``
    of answering a week are offered at most, of ``round_minutes`` each.
    """

    key: str
    core: bool = False
    worth: bool = True
    reason: Mapping[str, str] = field(default_factory=dict)
    size: int
    local: int
    online: int
    shares: tuple[Share, ...] = ()
    without_figure: int = 1
    efforts: Mapping[str, tuple[int, int]]
    lives_on: tuple[str, ...]
    even: str = ""
    paces: tuple[Pace, ...] = ()
    regular: Pace = Pace.WEEK
    rounds: int = 0
    round_minutes: int = 0
    countries: frozenset[str] = frozenset()
    trades: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """By how many points a trade makes a channel of more use, and why, by language."""

    add: int
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Help:
    """How many channels beside the core trio can be looked after, and which kinds of content are brought."""

    extra: int
    brings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How it is judged: percentages, weights, thresholds; see schedules/advice.toml."""

    budget: int
    between: int
    least: int
    weights: Mapping[Criterion, int]
    least_use_core: int
    least_use_other: int
    thresholds: Mapping[str, tuple[int, int, int]]
    helpers: Mapping[Helper, Help]
    fits: Mapping[tuple[str, str], Fit]


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence to be said in a language, and what fills it: numbers, kinds of content, or words by language."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the score sheet: points in tenths, 0 to 30 (40 where a trade lifts use), and how often they count."""

    criterion: Criterion
    points: int
    weight: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score sheet of a channel; ``total`` is of 100, rounded down."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        whole = sum(line.weight for line in self.lines) * TOP
        return min(100, sum(line.points * line.weight for line in self.lines) * 100 // whole)

    def points(self, criterion: Criterion) -> int:
        return next(line.points for line in self.lines if line.criterion is criterion)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A channel that is advised: what a piece is made of, its minutes, and how often. ``notes`` say what is special.

    ``rounds`` are those of answering in a week.
    """

    candidate: Candidate
    sheet: Sheet
    kind: str
    piece: int
    pace: Pace
    notes: tuple[Reason, ...] = ()
    rounds: int = 0

    @property
    def key(self) -> str:
        return self.candidate.key

    @property
    def minutes(self) -> int:
        """Minutes a week for posts, rounded up."""
        return self.minutes_at(self.pace)

    @property
    def answering(self) -> int:
        """Minutes a week for rounds of answering."""
        return self.rounds * self.candidate.round_minutes

    def minutes_at(self, pace: Pace) -> int:
        return -(-self.piece * pace.pieces // WEEKS)

    @property
    def faster(self) -> Pace | None:
        """The next pace up; None at the fastest."""
        paces = self.candidate.paces
        at = paces.index(self.pace) + 1
        return paces[at] if at < len(paces) else None

    @property
    def is_regular(self) -> bool:
        return self.pace.pieces >= self.candidate.regular.pieces


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A channel that is not advised, and why."""

    candidate: Candidate
    sheet: Sheet
    reason: Reason

    @property
    def key(self) -> str:
        return self.candidate.key


@dataclass(frozen=True, slots=True)
class Advice:
    """Channels in order, the core trio first; what is left out, the core first; minutes that may be planned a week."""

    channels: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    usable: int

    @property
    def minutes(self) -> int:
        """Minutes a week that the advised channels take, answering included."""
        return sum(each.minutes + each.answering for each in self.channels)
