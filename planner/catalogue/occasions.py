"""Days that matter to small businesses, from ``schedules/days``: Mother's Day, Advent, Black Friday."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from planner import resources
from planner.catalogue.tomlfile import TomlFile, Within
from planner.catalogue.trades import SLOTS, trade_keys
from planner.core.model import Pillar
from planner.core.occasions import SLOT, Fixed, FromEaster, NthWeekday, Occasion, Rule, WeekdayBefore
from planner.language import N_

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # as RFC 5545 calls them
_KEYS: Final = ("key", "name", "date", "countries", "regions", "trades", "lead", "pillar", "idea", "text", "hint")
WORDS: Final = ("business", "seasonal", *SLOTS)  # what a text of a day may take in
_A_SHORT_YEAR: Final = 2023
# By the names that stand in a date, without plus.
_RULES: Final[dict[frozenset[str], Callable[..., Rule]]] = {
    frozenset({"month", "day"}): Fixed,
    frozenset({"month", "weekday", "nth"}): NthWeekday,
    frozenset({"month", "weekday", "nth", "not_easter"}): NthWeekday,
    frozenset({"month", "day", "weekday", "before"}): lambda before, **on: WeekdayBefore(nth=before, **on),
    frozenset({"easter"}): lambda easter: FromEaster(easter),
}


@cache
def occasions() -> tuple[Occasion, ...]:
    """All days that matter, of all files. Raises Problems."""
    files = sorted((resources.folder("schedules") / "days").glob("*.toml"))
    return tuple(each for file in files for each in read_occasions(file))


def marked(mark: str) -> Occasion | None:
    """The day that an idea with such a mark (``Occasion.mark``) was made of; None if it is no longer in any file."""
    key = mark.rpartition("-")[0]
    return next((each for each in occasions() if each.key == key), None)


def read_occasions(path: Path) -> tuple[Occasion, ...]:
    """A file of days. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
    file.allow(file.data, ("day",))
    if not file.data.get("day"):
        file.wrong("day", N_("there is no [[day]] in it; add at least one."))
    found = [_read(file, ("day", number), table) for number, table in enumerate(file.tables("day"))]
    file.finish()
    return tuple(each for each in found if each)


def _read(file: TomlFile, within: Within, table: dict[str, Any]) -> Occasion | None:
    file.allow(table, _KEYS, within)
    key = file.take(table, "key", str, within=within)
    rule, plus = _read_date(file, within, table)
    names, ideas, hints = (file.words(table, name, within) for name in ("name", "idea", "hint"))
    texts = _read_texts(file, within, table)
    lead = file.take(table, "lead", int, within=within)
    if lead is not None and lead < 0:
        file.wrong("lead", N_("“{key}” must be 0 or more."), within=within, key="lead")
    pillar = _read_pillar(file, within, table)
    trades = _read_names(file, within, table, "trades")
    for name in trades - set(trade_keys()):
        file.wrong("trades", N_("“{value}” is no trade of the catalogue."), within=within, value=name)
    countries = _read_names(file, within, table, "countries")
    regions = _read_names(file, within, table, "regions")
    for name in sorted(each for each in regions if not _is_region_of(each, countries)):
        file.wrong(
            "regions", N_("“{value}” is no region of these countries; write it like DE-BY."), within=within, value=name
        )
    if key is None or rule is None or lead is None or pillar is None:
        return None
    return Occasion(
        key=key, names=names, rule=rule, plus=plus, countries=countries, trades=trades, lead=lead, pillar=pillar,
        ideas=ideas, texts=texts, hints=hints, regions=regions,
    )  # fmt: skip


def _read_texts(file: TomlFile, within: Within, table: dict[str, Any]) -> Mapping[str, str]:
    """The text by language; a problem noted for one that could not be posted as it stands."""
    texts = {name: text.strip() for name, text in file.words(table, "text", within, lines=True).items()}
    for text in filter(None, texts.values()):
        if set(SLOT.findall(text)) - set(WORDS) or set("{}") & set(SLOT.sub("", text)):
            problem = N_("“{key}” may hold in double braces only these words: {known}.")
            file.wrong("text", problem, within=within, key="text", known=", ".join(WORDS))
        if set("[]") & set(text):
            problem = N_("“{key}” has a gap in […]; what only the owner knows belongs into “hint”.")
            file.wrong("text", problem, within=within, key="text")
        if not text.endswith("?"):
            file.wrong("text", N_("“{key}” must end with a question to its readers."), within=within, key="text")
    return texts


def _read_date(file: TomlFile, within: Within, table: dict[str, Any]) -> tuple[Rule | None, int]:
    """The rule and the days to add; None, and the problem noted, for what is no date in every year."""
    given = file.take(table, "date", dict, within=within)
    if given is None:
        return None, 0
    values = {**given, "plus": given.get("plus", 0)}
    if "weekday" in values:
        values["weekday"] = _WEEKDAYS.index(values["weekday"]) if values["weekday"] in _WEEKDAYS else None
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values.values())
    plus = values.pop("plus")
    make = _RULES.get(frozenset(values))
    if make is None or not whole or not _comes_every_year(values) or abs(plus) > 366:
        file.wrong("date", N_("“date” is no day of every year; write it like the other days here."), within=within)
        return None, 0
    return make(**values), plus


def _comes_every_year(values: dict[str, int]) -> bool:
    month = values.get("month", 1)
    return (
        1 <= month <= 12
        and 1 <= values.get("day", 1) <= monthrange(_A_SHORT_YEAR, month)[1]
        and 1 <= abs(values.get("nth", 1)) <= 4
        and 1 <= values.get("before", 1) <= 52
        and abs(values.get("easter", 0)) <= 366
        and abs(values.get("not_easter", 0)) <= 366
    )


def _read_pillar(file: TomlFile, within: Within, table: dict[str, Any]) -> Pillar | None:
    named = file.take(table, "pillar", str, default=Pillar.SEASON.value, within=within)
    if named in list(Pillar):
        return Pillar(named)
    if named is not None:
        problem = N_("“{value}” is no pillar; there are {known}.")
        file.wrong("pillar", problem, within=within, value=named, known=", ".join(Pillar))
    return None


def _is_region_of(name: str, countries: frozenset[str]) -> bool:
    return bool(re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", name)) and name[:2] in countries


def _read_names(file: TomlFile, within: Within, table: dict[str, Any], key: str) -> frozenset[str]:
    found = file.take(table, key, list, default=[], within=within) or []
    if all(isinstance(name, str) for name in found):
        return frozenset(found)
    file.wrong(key, N_("“{key}” must be a list of names."), within=within, key=key)
    return frozenset()
