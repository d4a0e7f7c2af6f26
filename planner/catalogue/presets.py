"""Presets: cadences to begin with, from ``schedules/presets``, or from a file of one's own."""

import os.path
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

from planner import resources
from planner.catalogue.platforms import platform, platform_keys
from planner.catalogue.tomlfile import TomlFile, Within, read_clock
from planner.core.model import Content, OnHoliday, Pillar, Purpose
from planner.core.recurrence import check_fires, parse_rule
from planner.core.rotation import check_pillars
from planner.errors import NoSuchPlatform, NoSuchPreset
from planner.language import N_

_A_START: Final = date(2024, 1, 1)  # of a leap year, so that 29 February comes


@dataclass(frozen=True, slots=True)
class PresetCadence:
    """A cadence of a preset; ``names`` call its channel, else the platform does.

    ``content`` is what its posts are made of, None leaves it open. One that replies has neither pillars nor that.
    """

    platform: str
    rrule: str
    time: time
    pillars: tuple[Pillar, ...]
    on_holiday: OnHoliday
    names: Mapping[str, str]
    purpose: Purpose = Purpose.POSTING
    content: Content | None = None

    def channel_name(self, language: str) -> str:
        """What its channel is called in a language."""
        return self.names.get(language) or platform(self.platform).name(language)


@dataclass(frozen=True, slots=True)
class Preset:
    """Cadences to begin with."""

    key: str
    titles: Mapping[str, str]
    cadences: tuple[PresetCadence, ...]


def preset_keys() -> list[str]:
    """The names of all presets."""
    return sorted(file.stem for file in (resources.folder("schedules") / "presets").glob("*.toml"))


def preset(name: str) -> Preset:
    """The preset of a name, or the one in a file if the name is a path. Raises NoSuchPreset, Problems."""
    if name in preset_keys():
        return _own(name)
    if os.path.isfile(name):  # not Path.is_file, which raises on a name that is too long
        return read_preset(Path(name))
    raise NoSuchPreset(name=name, known=", ".join(preset_keys()))


@cache
def _own(name: str) -> Preset:
    return read_preset(resources.folder("schedules") / "presets" / f"{name}.toml")


def read_preset(path: Path) -> Preset:
    """A preset file. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
    file.allow(file.data, ("title", "cadence"))
    titles = file.words(file.data, "title")
    if not file.data.get("cadence"):
        file.wrong("cadence", N_("there is no [[cadence]] in it; add at least one."))
    found = [_read_cadence(file, ("cadence", number), table) for number, table in enumerate(file.tables("cadence"))]
    file.finish()
    return Preset(path.stem, titles, tuple(cadence for cadence in found if cadence))


def _read_cadence(file: TomlFile, within: Within, table: dict[str, Any]) -> PresetCadence | None:
    file.allow(table, ("platform", "rrule", "time", "pillars", "on_holiday", "name", "purpose", "content"), within)
    key = file.take(table, "platform", str, within=within)
    if key is not None and key not in platform_keys():
        file.wrong("platform", NoSuchPlatform(name=key, known=", ".join(platform_keys())), within=within)
    rrule = file.take(table, "rrule", str, within=within)
    if rrule is not None:
        file.tried("rrule", within, lambda: _check_rule(rrule))
    clock = file.take(table, "time", str, within=within)
    at = read_clock(clock) if clock is not None else None
    if clock is not None and at is None:
        file.wrong("time", N_("“{value}” is not a time; write it like 09:00."), within=within, value=clock)
    purpose, pillars, content = _read_use(file, within, table)
    on_holiday = file.take(table, "on_holiday", str, default="keep", within=within)
    if on_holiday is not None and on_holiday not in list(OnHoliday):
        problem = N_("“{value}” is not known; write one of {known}.")
        file.wrong("on_holiday", problem, within=within, value=on_holiday, known=", ".join(OnHoliday))
        on_holiday = None
    if purpose is Purpose.REPLYING and on_holiday in (OnHoliday.BEFORE, OnHoliday.AFTER):
        file.wrong("on_holiday", N_("rounds of answering do not move; write keep or skip."), within=within)
    names = file.words(table, "name", within, needed=False)
    if key is None or rrule is None or at is None or pillars is None or on_holiday is None:
        return None
    return PresetCadence(key, rrule, at, pillars, OnHoliday(on_holiday), names, purpose, content)


def _read_use(
    file: TomlFile, within: Within, table: dict[str, Any]
) -> tuple[Purpose, tuple[Pillar, ...] | None, Content | None]:
    """What a cadence is for, its pillars, and what its posts are made of; None for pillars that are wrong."""
    purpose = Purpose(file.one_of(table, "purpose", list(Purpose), within, default=None) or Purpose.POSTING)
    content = file.one_of(table, "content", list(Content), within, default=None)
    if purpose is Purpose.POSTING:
        return purpose, read_pillars(file, within, table), Content(content) if content else None
    for name in ("pillars", "content"):
        if name in table:
            problem = N_("rounds of answering publish nothing; leave “{key}” out.")
            file.wrong(name, problem, within=within, key=name)
    return purpose, (), None


def _check_rule(text: str) -> None:
    """Raise RuleRefused if no start could make it fire; one that is over (UNTIL) is found when it is used."""
    check_fires(replace(parse_rule(text), until=None), datetime.combine(_A_START, time()))


def read_pillars(file: TomlFile, within: Within, table: dict[str, Any]) -> tuple[Pillar, ...] | None:
    """The pillars of a cadence in an open file, the usual ones if none are named; None, and the problem noted."""
    named = file.take(table, "pillars", list, default=[], within=within)
    if named is None:
        return None
    unknown = [name for name in named if name not in list(Pillar)]
    for name in unknown:
        problem = N_("“{value}” is no pillar; there are {known}.")
        file.wrong("pillars", problem, within=within, value=name, known=", ".join(Pillar))
    return None if unknown else file.tried("pillars", within, lambda: check_pillars([Pillar(n) for n in named]))
