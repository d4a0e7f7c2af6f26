"""Days that matter to a business, like Mother's Day: from a rule and a year to a date, and whom each is meant for.

Public holidays, which close shops, are looked up elsewhere; an occasion is a reason to say something, and knows how
many days ahead that has to be begun.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter

from planner.core.model import Pillar, Window

# Whoever has not said where it is sees what all of these keep.
GERMAN_SPEAKING: Final = frozenset({"DE", "AT", "CH"})
# {{ product }} in a text, as in the prompts.
SLOT: Final = re.compile(r"\{\{ *(\w+) *\}\}")
_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same day every year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth such weekday of a month (0 is Monday); a negative one counts from its end.

    Where that is ``not_easter`` days after Easter Sunday, as the Friday after Ascension Day, it is a week earlier.
    """

    month: int
    weekday: int
    nth: int
    not_easter: int | None = None


@dataclass(frozen=True, slots=True)
class WeekdayBefore:
    """The nth such weekday (0 is Monday) before a day, which does not count itself."""

    month: int
    day: int
    weekday: int
    nth: int


@dataclass(frozen=True, slots=True)
class FromEaster:
    """So many days after Easter Sunday of the western churches; negative ones lie before it."""

    days: int


Rule = Fixed | NthWeekday | WeekdayBefore | FromEaster


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A day that matters. ``plus`` days are added to what the rule gives; ``lead`` is when to begin, in days ahead.

    Without ``countries`` (ISO 3166) it is kept everywhere, without ``trades`` it matters to all. ``regions`` (as DE-NW,
    ISO 3166-2) are those of a country that keep it; of a country without any, all do. By language ``ideas`` say what to
    post, ``texts`` are ready to be posted but for their slots, and ``hints`` are for the owner: what could be added.
    """

    key: str
    names: Mapping[str, str]
    rule: Rule
    plus: int
    countries: frozenset[str]
    trades: frozenset[str]
    lead: int
    pillar: Pillar
    ideas: Mapping[str, str]
    texts: Mapping[str, str]
    hints: Mapping[str, str]
    regions: frozenset[str] = frozenset()

    def on(self, year: int) -> date:
        """Its date, by a rule of that year."""
        return _date(self.rule, year) + timedelta(days=self.plus)

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return self.names.get(language) or self.names["en"]

    def idea(self, language: str) -> str:
        """What to post, in a few words of a language."""
        return self.ideas.get(language) or self.ideas["en"]

    def text(self, language: str, words: Mapping[str, str]) -> str:
        """A text to post in a language, each of its slots filled with the word of that name."""
        text = self.texts.get(language) or self.texts["en"]
        return SLOT.sub(lambda slot: words[slot[1]], text)

    def mark(self, day: date) -> str:
        """What tells this year's from last year's: mothers-day-2027. ``day`` is the one it falls on."""
        return f"{self.key}-{day.year}"

    def hint(self, language: str) -> str:
        """How to go about it, in a language."""
        return self.hints.get(language) or self.hints["en"]

    def is_for(self, country: str, trade: str, region: str = "") -> bool:
        """Whether it is kept in a country and its region, and matters to a trade; each may be empty, for not said."""
        here = not self.countries or (country in self.countries if country else self.countries >= GERMAN_SPEAKING)
        return here and self._is_in(country, region) and (not self.trades or trade in self.trades)

    def _is_in(self, country: str, region: str) -> bool:
        keeping = [each for each in self.regions if each.startswith(f"{country}-")]
        return not region or not keeping or f"{country}-{region}" in keeping


def between(occasions: Iterable[Occasion], days: Window[date]) -> list[tuple[date, Occasion]]:
    """The occasions on local days of a half-open window, in order."""
    years = range(days.start.year, days.end.year + 1)
    found = [(there, each) for each in occasions for year in years if (there := each.on(year)) in days]
    return sorted(found, key=lambda pair: (pair[0], pair[1].key))


def _date(rule: Rule, year: int) -> date:
    match rule:
        case Fixed(month, day):
            return date(year, month, day)
        case NthWeekday(month, weekday, nth, not_easter):
            found = _nth_weekday(year, month, weekday, nth)
            clashes = not_easter is not None and found == easter(year) + timedelta(days=not_easter)
            return found - timedelta(days=_A_WEEK) if clashes else found
        case WeekdayBefore(month, day, weekday, nth):
            eve = date(year, month, day) - timedelta(days=1)
            return eve - timedelta(days=(eve.weekday() - weekday) % _A_WEEK + (nth - 1) * _A_WEEK)
        case FromEaster(days):
            return easter(year) + timedelta(days=days)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % _A_WEEK + (nth - 1) * _A_WEEK)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % _A_WEEK + (-nth - 1) * _A_WEEK)
