"""What the adviser goes by: its weights from ``schedules/advice.toml``, and the platforms' own files beside them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, Final

from planner import resources
from planner.catalogue.platforms import platform_keys
from planner.catalogue.portrait_file import PERIODS
from planner.catalogue.portraits import Kind, Portrait, Tier, portrait, readable
from planner.catalogue.presets import PresetCadence, preset, preset_keys, read_pillars
from planner.catalogue.tomlfile import ALONE, TomlFile, Within, read_clock
from planner.catalogue.trades import trade_keys
from planner.core.advice import Candidate, Criterion, Fit, Help, Helper, Pace, Rules, Share
from planner.core.model import Content, OnHoliday, Pillar, Purpose
from planner.core.rule import WEEKDAYS, parse_rule
from planner.errors import NoSuchPlatform, NoSuchTrade, PlannerError, Problems
from planner.language import N_

_COUNTED: Final = (*PERIODS, "regularly", "ever")
_CHANNEL_KEYS: Final = (
    "key", "lives_on", "even", "paces", "regular", "days", "time", "pillars", "without_figure", "countries", "trades",
)  # fmt: skip
_MOST_POINTS: Final = 3
_RULES: Final = {
    Pace.QUARTER: "FREQ=MONTHLY;INTERVAL=3;BYDAY=1{days}",
    Pace.TWO_MONTHS: "FREQ=MONTHLY;INTERVAL=2;BYDAY=1{days}",
    Pace.MONTH: "FREQ=MONTHLY;BYDAY=1{days}",
    Pace.FORTNIGHT: "FREQ=WEEKLY;INTERVAL=2;BYDAY={days}",
}
_OFTEN: Final = "FREQ=WEEKLY;BYDAY={days}"
_CONTENTS: Final = {
    Kind.TEXT: Content.TEXT, Kind.IMAGE: Content.PHOTO, Kind.VIDEO: Content.VIDEO, Kind.AUDIO: Content.AUDIO,
}  # fmt: skip
_KINDS: Final = {content: kind for kind, content in _CONTENTS.items()} | {Content.STORY: Kind.IMAGE}
_DAYS: Final = {Pace.TWICE: 2, Pace.THREE: 3, Pace.WEEKDAYS: 5}  # the others take one


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """What the adviser knows of a channel beside its platform's file; see schedules/advice.toml."""

    key: str
    lives_on: tuple[str, ...]
    even: str
    paces: tuple[Pace, ...]
    regular: Pace
    days: tuple[str, ...]
    time: time
    pillars: tuple[Pillar, ...]
    without_figure: int
    countries: frozenset[str]
    trades: frozenset[str]


@dataclass(frozen=True, slots=True)
class Advising:
    """Everything in the file: how it is judged, and the channels by their platform's key."""

    rules: Rules
    channels: Mapping[str, ChannelRules]


@cache
def advising() -> Advising:
    """The adviser's file of the installation. Raises Problems."""
    return read_advising(resources.folder("schedules") / "advice.toml")


@cache
def candidates() -> tuple[Candidate, ...]:
    """Every platform that can be read, as the adviser sees it. Raises Problems for the adviser's own file."""
    return tuple(_candidate(each, advising().channels.get(each.key)) for each in _platforms()[0])


def unreadable() -> tuple[tuple[str, ...], tuple[PlannerError, ...]]:
    """The keys of the platforms that are left out because their files are broken, and what is wrong in these."""
    found, wrong = _platforms()
    there = {each.key for each in found}
    return tuple(key for key in _platform_keys() if key not in there), wrong


@cache
def _platforms() -> tuple[tuple[Portrait, ...], tuple[PlannerError, ...]]:
    found, wrong = readable()
    return tuple(found), tuple(wrong)


def _portrait(key: str) -> Portrait | None:
    """The portrait of a platform; None if its file is broken, which is said where it is left out."""
    try:
        return portrait(key)
    except Problems:
        return None


def cadence(key: str, pace: Pace, trade: str, kind: str = "") -> PresetCadence:
    """The cadence of an advised channel: pillars, days and time as the trade's preset has them, else as usual.

    ``kind`` is the advised kind of content; empty leaves open what its posts are made of.
    """
    rules = advising().channels[key]
    there = preset(trade).cadences if trade in preset_keys() else ()
    posting = [each for each in there if each.purpose is Purpose.POSTING]
    usual = next((each for each in posting if each.platform == key), None)
    of_trade = [WEEKDAYS[day] for _nth, day in parse_rule(usual.rrule).byday] if usual else []
    days = list(dict.fromkeys([*of_trade, *rules.days]))[: _DAYS.get(pace, 1)]
    rrule = _RULES.get(pace, _OFTEN).format(days=",".join(sorted(days, key=WEEKDAYS.index)))
    pillars, at = (usual.pillars, usual.time) if usual else (rules.pillars, rules.time)
    content = _CONTENTS[Kind(kind)] if kind else None
    return PresetCadence(key, str(parse_rule(rrule)), at, pillars, OnHoliday.KEEP, {}, content=content)


def kind_of(content: Content | None) -> str:
    """The kind of content whose effort a rhythm is counted with; empty where it says none, or one without effort."""
    return _KINDS[content].value if content in _KINDS else ""


def rounds(key: str, number: int) -> PresetCadence | None:
    """The cadence for so many rounds of answering a week on a channel; None where none are offered."""
    found = _portrait(key)
    offered = found.answering if found else None
    if offered is None or not number:
        return None
    rule = str(parse_rule(replace(offered, days=offered.days[:number]).rrule))
    return PresetCadence(key, rule, offered.time, (), OnHoliday.SKIP, {}, Purpose.REPLYING)


def _candidate(found: Portrait, rules: ChannelRules | None) -> Candidate:
    """A platform without rules of its own is judged, and then left out as uninteresting."""
    own: dict[str, Any] = {"lives_on": tuple(found.content)}
    if rules is not None:
        own = {name: getattr(rules, name) for name in ("without_figure", "even", "paces", "regular")}
        own.update(lives_on=rules.lives_on or tuple(found.content), countries=rules.countries, trades=rules.trades)
    return Candidate(
        key=found.key, core=found.platform.core, worth=rules is not None, reason=found.reason,
        size=found.score.size, local=found.score.local, online=found.score.online,
        shares=tuple(Share(each.first, each.last, each.share, each.per) for each in found.ages),
        efforts={each.content.value: (each.least, each.most) for each in found.efforts},
        rounds=len(found.answering.days) if found.answering else 0,
        round_minutes=found.answering.minutes if found.answering else 0, **own,
    )  # fmt: skip


# --- the file -------------------------------------------------------------------------------------------------


@cache
def _platform_keys() -> tuple[str, ...]:
    """The keys of all platforms; the folder is looked through once, not for every line of the file."""
    return tuple(platform_keys())


def read_advising(path: Path) -> Advising:
    """An adviser's file. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
    names = ("budget", "between", "least", "weights", "least_use", "shares", "helper", "channel", "fit")
    file.allow(file.data, names)
    for name, known in (("weights", tuple(Criterion)), ("least_use", ("core", "other")), ("shares", _COUNTED)):
        _allow_within(file, name, known)
    budget, between, least = (_percent(file, name) for name in ("budget", "between", "least"))
    weights = {name: _within(file, "weights", name) for name in Criterion}
    least_use = {name: _within(file, "least_use", name) for name in ("core", "other")}
    thresholds = {name: _three(file, name) for name in _COUNTED}
    helpers = dict(_helper(file, ("helper", number), table) for number, table in enumerate(file.tables("helper")))
    channels = [_channel(file, ("channel", number), table) for number, table in enumerate(file.tables("channel"))]
    fits = dict(_fit(file, ("fit", number), table) for number, table in enumerate(file.tables("fit")))
    _check_whole(file, helpers, {each.key for each in channels}, weights)
    file.finish()
    rules = Rules(
        budget=budget, between=between, least=least, weights=weights, least_use_core=least_use["core"],
        least_use_other=least_use["other"], thresholds=thresholds, helpers=helpers, fits=fits,
    )  # fmt: skip
    return Advising(rules, {each.key: each for each in channels})


def _check_whole(file: TomlFile, helpers: Collection[str], there: Collection[str], weights: Mapping[Any, int]) -> None:
    """Note what is missing altogether: a helper, a weight, a channel of a platform that is worth something."""
    for helper in (each for each in Helper if each not in helpers):
        file.wrong("helper", N_("“{value}” is missing."), value=helper)
    if not any(weights.values()):
        file.wrong("weights", N_("at least one of the weights must be more than 0."))
    for key in _platform_keys():
        if (found := _portrait(key)) is None:
            continue
        wanted = found.tier is not Tier.UNINTERESTING
        if wanted and key not in there:
            file.wrong("channel", N_("“{value}” is missing."), value=key)
        if not wanted and key in there:
            file.wrong("channel", N_("“{value}” is uninteresting by its own file, and is never advised."), value=key)


def _percent(file: TomlFile, key: str) -> int:
    found = file.number(file.data, key) or 0
    if found > 100:
        file.wrong(key, N_("“{key}” must be a share in percent, 100 at most."), key=key)
    return found


def _within(file: TomlFile, table: str, key: str) -> int:
    """A number of a table [name]."""
    return file.number(file.take(file.data, table, dict, default={}) or {}, key, (table, ALONE)) or 0


def _allow_within(file: TomlFile, name: str, known: tuple[str, ...]) -> None:
    """Note every key of a table [name] that is not known."""
    found = file.data.get(name)
    file.allow(found if isinstance(found, dict) else {}, known, (name, ALONE))


def _three(file: TomlFile, key: str) -> tuple[int, int, int]:
    inner = file.take(file.data, "shares", dict, default={}) or {}
    found = file.take(inner, key, list, within=("shares", ALONE)) or []
    if len(found) != _MOST_POINTS or any(type(each) is not int for each in found) or sorted(found) != found:
        file.wrong(key, N_("“{key}” must be three whole numbers that rise."), within=("shares", ALONE), key=key)
        return 0, 0, 0
    return found[0], found[1], found[2]


def _helper(file: TomlFile, within: Within, table: dict[str, Any]) -> tuple[Helper, Help]:
    file.allow(table, ("key", "extra", "brings"), within)
    key = file.one_of(table, "key", list(Helper), within) or Helper.ALONE
    extra = file.number(table, "extra", within) or 0
    if extra > 2:
        file.wrong("extra", N_("“{key}” must be 2 at most."), within=within, key="extra")
    return Helper(key), Help(extra, _names(file, within, table, "brings", list(Kind)))


def _channel(file: TomlFile, within: Within, table: dict[str, Any]) -> ChannelRules:
    file.allow(table, _CHANNEL_KEYS, within)
    key = _known(file, within, table, "key")
    paces = _names(file, within, table, "paces", list(Pace), needed=True) or (Pace.WEEK,)
    if list(paces) != [each for each in Pace if each in paces]:
        file.wrong("paces", N_("“{key}” must rise, each once."), within=within, key="paces")
    regular = file.one_of(table, "regular", paces, within) or paces[0]
    days = _names(file, within, table, "days", WEEKDAYS, needed=True)
    if days and len(days) < max(_DAYS.get(Pace(each), 1) for each in paces):
        file.wrong("days", N_("“{key}” names fewer days than the fastest pace takes."), within=within, key="days")
    clock = file.take(table, "time", str, within=within)
    at = read_clock(clock) if clock is not None else None
    if clock is not None and at is None:
        file.wrong("time", N_("“{value}” is not a time; write it like 09:00."), within=within, value=clock)
    without_figure = file.number(table, "without_figure", within) or 0
    if without_figure > _MOST_POINTS:
        file.wrong("without_figure", N_("“{key}” must be 3 at most."), within=within, key="without_figure")
    return ChannelRules(
        key=key, paces=tuple(map(Pace, paces)), regular=Pace(regular), days=days, time=at or time(),
        lives_on=_made(file, within, table, "lives_on", key), even=_even(file, within, table, key),
        pillars=read_pillars(file, within, table) or (), without_figure=without_figure,
        countries=_countries(file, within, table),
        trades=frozenset(_names(file, within, table, "trades", trade_keys())),
    )  # fmt: skip


def _countries(file: TomlFile, within: Within, table: dict[str, Any]) -> frozenset[str]:
    found = file.take(table, "countries", list, default=[], within=within) or []
    if all(isinstance(name, str) and re.fullmatch("[A-Z]{2}", name) for name in found):
        return frozenset(found)
    problem = N_("“{key}” must be a list of countries by their two letters, like DE.")
    file.wrong("countries", problem, within=within, key="countries")
    return frozenset()


def _made(file: TomlFile, within: Within, table: dict[str, Any], name: str, key: str) -> tuple[str, ...]:
    """Kinds of content whose effort the platform's own file knows."""
    found = _portrait(key) if key in _platform_keys() else None
    known = [each.content.value for each in found.efforts] if found else list(Kind)
    return _names(file, within, table, name, known)


def _even(file: TomlFile, within: Within, table: dict[str, Any], key: str) -> str:
    found = _made(file, within, {"even": [table["even"]]}, "even", key) if "even" in table else ()
    return found[0] if found else ""


def _fit(file: TomlFile, within: Within, table: dict[str, Any]) -> tuple[tuple[str, str], Fit]:
    file.allow(table, ("trade", "platform", "add", "why"), within)
    trade = file.take(table, "trade", str, within=within)
    if trade is not None and trade not in trade_keys():
        file.wrong("trade", NoSuchTrade(name=trade, known=", ".join(trade_keys())), within=within)
    key = _known(file, within, table, "platform")
    add = file.take(table, "add", int, within=within) or 0
    if not 1 <= abs(add) <= _MOST_POINTS:
        file.wrong("add", N_("“{key}” must be 1 to 3, or -1 to -3."), within=within, key="add")
    return (trade or "", key), Fit(add, file.both(table, "why", within))


def _known(file: TomlFile, within: Within, table: dict[str, Any], name: str) -> str:
    """The key of a platform."""
    key: str | None = file.take(table, name, str, within=within)
    if key is not None and key not in _platform_keys():
        file.wrong(name, NoSuchPlatform(name=key, known=", ".join(_platform_keys())), within=within)
    return key or ""


def _names(
    file: TomlFile, within: Within, table: dict[str, Any], key: str, known: Collection[str], *, needed: bool = False
) -> tuple[str, ...]:
    """A list of words out of those that are known."""
    found = file.take(table, key, list, default=... if needed else [], within=within) or []
    for value in (each for each in found if each not in known):
        problem = N_("“{key}” cannot be “{value}”; there are: {known}.")
        file.wrong(key, problem, within=within, key=key, value=value, known=", ".join(known))
    return tuple(each for each in found if each in known)
