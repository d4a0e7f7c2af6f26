"""A platform's portrait: what it is good for, by three criteria, and how anybody knows.

Everything in it has a source. What the platform itself says, what a public study counted or a publisher with a name
reports, with its year, is a fact; all else, our own judgement too, is a rule of thumb and is shown as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from typing import Final

from planner import resources
from planner.catalogue.platforms import Platform, platform_keys
from planner.errors import NoSuchPlatform, PlannerError, Problems

RULE_OF_THUMB: Final = "rule of thumb"


class Tier(StrEnum):
    """How much a platform is worth to a small business; the best first."""

    VERY_INTERESTING = "very interesting"
    INTERESTING = "interesting"
    UNINTERESTING = "uninteresting"


class Criterion(StrEnum):
    """What a platform is judged by, in this order."""

    SIZE = "size"
    AUDIENCE = "audience"
    USE = "use"


class Kind(StrEnum):
    """A kind of content somebody has to make."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is known from.

    ``kind``: platform (its own pages), standard, statistics (public bodies, and the media study of ARD and ZDF),
    publisher (a newspaper, an agency, a study at whoever made it), or rule of thumb. ``says`` is who says so;
    None, as ``address``, for our own judgement. ``year`` is that of the page or the count; None if it bears none.
    """

    kind: str
    says: str | None
    address: str | None
    year: int | None

    @property
    def is_fact(self) -> bool:
        """Whether what it says may be shown as a fact; a page without a year is none, whoever wrote it."""
        return self.kind != RULE_OF_THUMB and self.address is not None and self.year is not None


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement for one of the criteria. ``figure`` is the number in it, counted in ``unit``; both None without."""

    criterion: Criterion
    text: Mapping[str, str]
    figure: float | None
    unit: str | None
    scope: str
    source: Source


@dataclass(frozen=True, slots=True)
class AgeShare:
    """Of the people from ``first`` to ``last`` years (both included; None: no upper end), ``share`` percent use it.

    ``per``: at least once a day, week or month; regularly, where no more was said; or ever. ``scope`` is the country.
    """

    first: int
    last: int | None
    share: int
    per: str
    scope: str
    source: Source


@dataclass(frozen=True, slots=True)
class Limit:
    """What a post may hold at most, in the platform's own measure."""

    what: Mapping[str, str]
    value: int | str
    source: Source


@dataclass(frozen=True, slots=True)
class Trap:
    """What gets a post rejected, an account blocked, or its owner into trouble."""

    text: Mapping[str, str]
    source: Source


@dataclass(frozen=True, slots=True)
class Expiry:
    """When something disappears: in words, and in days where it can be counted."""

    what: Mapping[str, str]
    after: Mapping[str, str]
    days: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often somebody says one should post: ``least`` to ``most`` (None: no upper end) a day, week or month."""

    what: Mapping[str, str]
    least: int
    most: int | None
    per: str
    source: Source


@dataclass(frozen=True, slots=True)
class Effort:
    """Minutes to make one piece, from ``least`` to ``most``, everything from the idea to the posting included."""

    content: Kind
    least: int
    most: int
    source: Source


@dataclass(frozen=True, slots=True)
class Reply:
    """How soon people expect an answer, or what an answer does. ``figure`` as in a Fact; ``scope`` may be empty."""

    text: Mapping[str, str]
    figure: float | None
    unit: str | None
    scope: str
    source: Source


@dataclass(frozen=True, slots=True)
class Answering:
    """Rounds of answering as they are offered: weekdays (as in a rule), local time, minutes for one."""

    days: tuple[str, ...]
    time: time
    minutes: int
    source: Source

    @property
    def rrule(self) -> str:
        """The rule of such a cadence."""
        return f"FREQ=WEEKLY;BYDAY={','.join(self.days)}"

    @property
    def minutes_a_week(self) -> int:
        """What all rounds of a week take."""
        return self.minutes * len(self.days)


@dataclass(frozen=True, slots=True)
class Feed:
    """Where anybody may read what was published; ``{…}`` in the address is the account's own part."""

    url: str
    format: str
    note: Mapping[str, str]
    source: Source


@dataclass(frozen=True, slots=True)
class Score:
    """From 0 (none) to 3 (great): its size, its use for customers nearby, and for customers anywhere.

    Our judgement, with why; it weighs the facts, which were counted in different ways, so that they can be compared.
    """

    size: int
    local: int
    online: int
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything known about a platform. ``types`` are its native kinds of posts, by language, in the same order.

    ``feed`` is None if the public can read none. ``replies`` say why to answer soon, and are there if ``answering``
    offers rounds of it. ``sources`` says where values of the platform itself come from.
    """

    platform: Platform
    tier: Tier
    reason: Mapping[str, str]
    content: tuple[Kind, ...]
    types: Mapping[str, tuple[str, ...]]
    score: Score
    feed: Feed | None
    facts: tuple[Fact, ...]
    ages: tuple[AgeShare, ...]
    limits: tuple[Limit, ...]
    traps: tuple[Trap, ...]
    expiries: tuple[Expiry, ...]
    frequencies: tuple[Frequency, ...]
    efforts: tuple[Effort, ...]
    replies: tuple[Reply, ...]
    answering: Answering | None
    sources: Mapping[str, Source]

    @property
    def key(self) -> str:
        """The platform's key in the catalogue."""
        return self.platform.key

    def of(self, criterion: Criterion) -> list[Fact]:
        """What is said for a criterion, facts before rules of thumb."""
        found = [each for each in self.facts if each.criterion is criterion]
        return sorted(found, key=lambda each: not each.source.is_fact)


@cache
def portrait(key: str) -> Portrait:
    """The portrait of a platform. Raises NoSuchPlatform, Problems."""
    from planner.catalogue.portrait_file import read_portrait

    if key not in platform_keys():
        raise NoSuchPlatform(name=key, known=", ".join(platform_keys()))
    return read_portrait(resources.folder("schedules") / "platforms" / f"{key}.toml")


def portraits() -> list[Portrait]:
    """All of them, as ``readable`` orders them. Raises Problems.

    Problems holds what is wrong in every file, so that all can be mended in one go.
    """
    found, wrong = readable()
    if wrong:
        raise Problems(wrong)
    return found


def readable() -> tuple[list[Portrait], list[PlannerError]]:
    """Those whose files can be read: by tier, the core first, then by use to somebody with customers nearby.

    And what is wrong in the others: one broken file hides no other.
    """
    found: list[Portrait] = []
    wrong: list[PlannerError] = []
    for key in platform_keys():
        try:
            found.append(portrait(key))
        except Problems as problems:
            wrong += problems.errors
    tiers = list(Tier)
    ordered = sorted(found, key=lambda p: (tiers.index(p.tier), not p.platform.core, -p.score.local, p.key))
    return ordered, wrong
