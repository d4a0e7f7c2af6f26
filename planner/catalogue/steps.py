"""The steps of making a video, from ``schedules/steps/video.toml``: their names, and how many days ahead each is."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from planner import resources
from planner.catalogue.platforms import platform_keys
from planner.catalogue.tomlfile import TomlFile, Within
from planner.core.steps import Step, Workflow
from planner.language import N_

LONGEST: Final = 90
_KEYS: Final = ("key", "name", "hint", "days")


@cache
def video() -> Workflow:
    """The steps of a video. Raises Problems."""
    return read_steps(resources.folder("schedules") / "steps" / "video.toml")


def read_steps(path: Path) -> Workflow:
    """A file of steps. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
    file.allow(file.data, ("platforms", "step"))
    named = file.take(file.data, "platforms", list, default=[]) or []
    for name in named:
        if name not in platform_keys():
            file.wrong("platforms", N_("“{value}” is no platform of the catalogue."), value=name)
    found = [_read(file, ("step", number), table) for number, table in enumerate(file.tables("step"))]
    steps = tuple(each for each in found if each)
    _check_order(file, steps)
    file.finish()
    return Workflow(frozenset(named), steps)


def _read(file: TomlFile, within: Within, table: dict[str, Any]) -> Step | None:
    file.allow(table, _KEYS, within)
    key = file.take(table, "key", str, within=within)
    if key is not None and not (key.isascii() and key.isidentifier()):
        file.wrong("key", N_("“{key}” must be a word of letters."), within=within, key="key")
    names, hints = (file.both(table, name, within) for name in ("name", "hint"))
    days = file.number(table, "days", within)
    if days is not None and days > LONGEST:
        file.wrong("days", N_("“{key}” must be {most} or less."), within=within, key="days", most=LONGEST)
    return None if key is None or days is None else Step(key, names, hints, days)


def _check_order(file: TomlFile, steps: tuple[Step, ...]) -> None:
    """Note steps that are out of order, twice there, or end on another day than the post's."""
    keys = [step.key for step in steps]
    for number, step in enumerate(steps):
        if step.key in keys[:number]:
            file.wrong("key", N_("“{value}” is there twice."), within=("step", number), value=step.key)
        if number and step.days > steps[number - 1].days:
            file.wrong("days", N_("a step cannot be due before the one above it."), within=("step", number))
    if len(steps) < 2 or steps[-1].days:
        file.wrong("step", N_("there must be two steps at least, and the last is the post itself: days = 0."))
