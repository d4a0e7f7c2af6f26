"""Reading a platform's whole file: every table checked, everything wrong in it listed."""

from collections.abc import Callable
from datetime import time
from math import isfinite
from pathlib import Path
from typing import Any, Final, TypeVar

from planner.catalogue.platforms import platform_of
from planner.catalogue.portraits import (
    RULE_OF_THUMB,
    AgeShare,
    Answering,
    Criterion,
    Effort,
    Expiry,
    Fact,
    Feed,
    Frequency,
    Kind,
    Limit,
    Portrait,
    Reply,
    Score,
    Source,
    Tier,
    Trap,
)
from planner.catalogue.tomlfile import ALONE, TomlFile, Within, is_name, read_clock
from planner.core.rule import WEEKDAYS
from planner.language import LANGUAGES, N_

Table = dict[str, Any]
T = TypeVar("T")

SOURCE_KINDS: Final = ("platform", "standard", "statistics", "publisher", RULE_OF_THUMB)
UNITS: Final = ("%", "people", "businesses")
PERIODS: Final = ("day", "week", "month")
_SOURCE_KEYS: Final = ("kind", "says", "address", "year")
_OF: Final = ("compose", "text_limit", "types")
_YEARS: Final = range(1990, 2100)
_MOST_POINTS: Final = 3


def read_portrait(path: Path) -> Portrait:
    """A platform's file, all of it. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
    platform = platform_of(file)
    tier, kinds, score = _tier(file), _content(file), _score(file)
    portrait = Portrait(
        platform=platform,
        tier=tier,
        reason=file.both(file.data, "reason"),
        content=kinds,
        types=_types(file),
        score=score,
        feed=_feed(file),
        facts=_each(file, "fact", ("criterion", "text", "figure", "unit", "scope"), _fact),
        ages=_each(file, "age", ("from", "to", "share", "per", "scope"), _age),
        limits=_each(file, "limit", ("what", "value"), _limit),
        traps=_each(file, "trap", ("text",), _trap),
        expiries=_each(file, "expiry", ("what", "after", "days"), _expiry),
        frequencies=_each(file, "frequency", ("what", "min", "max", "per"), _frequency),
        efforts=_each(file, "effort", ("content", "min", "max"), _effort),
        replies=_each(file, "reply", ("text", "figure", "unit", "scope"), _reply),
        answering=_answering(file),
        sources=dict(_each(file, "source", ("of",), _source_of)),
    )
    if "effort" not in file.data:
        file.wrong("effort", N_("there is no [[effort]] in it; add one for each kind of content."))
    if "answering" in file.data and "reply" not in file.data:
        file.wrong("answering", N_("rounds of answering need a reason: add a [[reply]] that says what people expect."))
    file.finish()
    return portrait


def _each(
    file: TomlFile, name: str, keys: tuple[str, ...], read: Callable[[TomlFile, Within, Table, Source], T]
) -> tuple[T, ...]:
    """What ``read`` makes of every table ``[[name]]``."""
    found = []
    for number, table in enumerate(file.tables(name)):
        within = (name, number)
        file.allow(table, (*keys, *_SOURCE_KEYS), within)
        found.append(read(file, within, table, _source(file, within, table)))
    return tuple(found)


def _source(file: TomlFile, within: Within, table: Table) -> Source:
    kind = file.one_of(table, "kind", SOURCE_KINDS, within) or RULE_OF_THUMB
    missing = ... if kind != RULE_OF_THUMB else None  # a fact has to say who says so, and where
    says = file.phrase(table, "says", within, default=missing)
    address = file.address(table, "address", within, default=missing)
    year = file.take(table, "year", int, default=None, within=within)
    if year is not None and year not in _YEARS:
        file.wrong("year", N_("“{key}” must be a year like 2026."), within=within, key="year")
    if address is not None and says is None and "says" not in table:
        file.wrong("says", N_("“{key}” is missing."), within=within, key="says")
    return Source(kind, says, address, year)


def _fact(file: TomlFile, within: Within, table: Table, source: Source) -> Fact:
    criterion = file.one_of(table, "criterion", list(Criterion), within) or Criterion.SIZE
    return Fact(Criterion(criterion), file.both(table, "text", within), *_counted(file, within, table), source)


def _counted(file: TomlFile, within: Within, table: Table) -> tuple[float | None, str | None, str]:
    """The number in a statement, what it counts, and where; without a number the others may be left out."""
    figure = _figure(file, within, table)
    unit = file.one_of(table, "unit", UNITS, within, default=None if figure is None else ...)
    scope = file.phrase(table, "scope", within, default="" if figure is None else ...) or ""
    return figure, unit, scope


def _figure(file: TomlFile, within: Within, table: Table) -> float | None:
    figure = table.get("figure")
    if figure is None:
        return None
    if isinstance(figure, bool) or not isinstance(figure, int | float) or not isfinite(figure):
        file.wrong("figure", N_("“{key}” must be a number."), within=within, key="figure")
        return None
    return figure


def _age(file: TomlFile, within: Within, table: Table, source: Source) -> AgeShare:
    first = file.number(table, "from", within) or 0
    last = file.number(table, "to", within, least=first, default=None)
    share = file.number(table, "share", within) or 0
    if share > 100:
        file.wrong("share", N_("“{key}” must be a share in percent, 100 at most."), within=within, key="share")
    per = file.one_of(table, "per", (*PERIODS, "regularly", "ever"), within) or "ever"
    return AgeShare(first, last, share, per, file.phrase(table, "scope", within) or "", source)


def _limit(file: TomlFile, within: Within, table: Table, source: Source) -> Limit:
    value = table.get("value")
    if not (isinstance(value, int) and not isinstance(value, bool)) and not is_name(value):
        file.wrong("value", N_("“{key}” must be a whole number, or a few words in quotes."), within=within, key="value")
    return Limit(file.both(table, "what", within), value or "", source)


def _trap(file: TomlFile, within: Within, table: Table, source: Source) -> Trap:
    return Trap(file.both(table, "text", within), source)


def _expiry(file: TomlFile, within: Within, table: Table, source: Source) -> Expiry:
    days = file.number(table, "days", within, least=1, default=None)
    return Expiry(file.both(table, "what", within), file.both(table, "after", within), days, source)


def _frequency(file: TomlFile, within: Within, table: Table, source: Source) -> Frequency:
    least = file.number(table, "min", within, least=1) or 1
    most = file.number(table, "max", within, least=least, default=None)
    per = file.one_of(table, "per", PERIODS, within) or "week"
    return Frequency(file.both(table, "what", within), least, most, per, source)


def _effort(file: TomlFile, within: Within, table: Table, source: Source) -> Effort:
    content = file.one_of(table, "content", list(Kind), within) or Kind.TEXT
    least = file.number(table, "min", within, least=1) or 1
    return Effort(Kind(content), least, file.number(table, "max", within, least=least) or least, source)


def _reply(file: TomlFile, within: Within, table: Table, source: Source) -> Reply:
    return Reply(file.both(table, "text", within), *_counted(file, within, table), source)


def _answering(file: TomlFile) -> Answering | None:
    table = file.take(file.data, "answering", dict, default=None)
    if table is None:
        return None
    within = ("answering", ALONE)
    file.allow(table, ("days", "time", "minutes", *_SOURCE_KEYS), within)
    days = file.take(table, "days", list, within=within) or []
    if any(day not in WEEKDAYS for day in days) or len(set(days)) != len(days) or (not days and "days" in table):
        problem = N_("“{key}” must name some of {known}, and nothing else.")
        file.wrong("days", problem, within=within, key="days", known=", ".join(WEEKDAYS))
    clock = file.take(table, "time", str, within=within)
    at = read_clock(clock) if clock is not None else None
    if clock is not None and at is None:
        file.wrong("time", N_("“{value}” is not a time; write it like 09:00."), within=within, value=clock)
    minutes = file.number(table, "minutes", within, least=1) or 1
    return Answering(tuple(map(str, days)), at or time(), minutes, _source(file, within, table))


def _source_of(file: TomlFile, within: Within, table: Table, source: Source) -> tuple[str, Source]:
    return file.one_of(table, "of", _OF, within) or "", source


def _tier(file: TomlFile) -> Tier:
    return Tier(file.one_of(file.data, "tier", list(Tier)) or Tier.UNINTERESTING)


def _content(file: TomlFile) -> tuple[Kind, ...]:
    named = file.take(file.data, "content", list) or []
    unknown = [name for name in named if name not in list(Kind)]
    if unknown or not named:
        problem = N_("“{key}” must name some of {known}, and nothing else.")
        file.wrong("content", problem, key="content", known=", ".join(Kind))
    return tuple(Kind(name) for name in named if name not in unknown)


def _types(file: TomlFile) -> dict[str, tuple[str, ...]]:
    """The native kinds of posts: a list for each language, all of the same length."""
    given = file.take(file.data, "types", dict) or {}
    lists = [given.get(language) for language in LANGUAGES]
    well = all(isinstance(names, list) and names and all(is_name(name) for name in names) for names in lists)
    if not well or set(given) != set(LANGUAGES) or len({len(names) for names in given.values()}) != 1:
        problem = N_("“{key}” needs a list for each of {known}, all of the same length.")
        file.wrong("types", problem, key="types", known=", ".join(LANGUAGES))
        return dict.fromkeys(LANGUAGES, ())
    return {language: tuple(names) for language, names in given.items()}


def _score(file: TomlFile) -> Score:
    table = file.take(file.data, "score", dict)
    if table is None:
        return Score(0, 0, 0, {"en": ""})
    within = ("score", ALONE)
    file.allow(table, ("size", "local", "online", "why"), within)
    size, local, online = (_points(file, within, table, key) for key in ("size", "local", "online"))
    return Score(size, local, online, file.both(table, "why", within))


def _points(file: TomlFile, within: Within, table: Table, key: str) -> int:
    points = file.number(table, key, within) or 0
    if points > _MOST_POINTS:
        file.wrong(key, N_("“{key}” must be 0, 1, 2 or 3."), within=within, key=key)
    return points


def _feed(file: TomlFile) -> Feed | None:
    table = file.take(file.data, "feed", dict, default=None)
    if table is None:
        return None
    within = ("feed", ALONE)
    file.allow(table, ("url", "format", "note", *_SOURCE_KEYS), within)
    url = file.address(table, "url", within, blanks=True) or ""
    kind = file.phrase(table, "format", within) or ""
    return Feed(url, kind, file.words(table, "note", within, needed=False), _source(file, within, table))
