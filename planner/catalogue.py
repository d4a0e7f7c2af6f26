"""The catalogue: platforms and presets from ``schedules/``, files that a shop owner's nephew can edit.

A file is read when it is asked for, and only that one. A broken one is an error that lists everything wrong in
it, with file, line and key, so that it can be mended in one go.
"""

import os.path
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from planner import resources
from planner.core.model import Pillar
from planner.core.recurrence import check_fires, parse_rule
from planner.core.rotation import check_pillars
from planner.errors import NoSuchPlatform, NoSuchPreset, PlannerError, Problems, UsageError
from planner.language import LANGUAGES, N_

T = TypeVar("T")
Within = tuple[str, int] | None  # a table [[name]] and which one of them, from 0

_BLANKS: Final = ("text", "title")
_KINDS: Final = ("platform", "standard", "rule of thumb")
_MOST: Final = 40
_A_START: Final = date(2024, 1, 1)  # of a leap year, so that 29 February comes


class BadFile(UsageError):
    message = N_("{file}, line {line}: {problem}")

    def __init__(self, file: str, line: int, problem: str, **values: object) -> None:
        self.problem = problem
        super().__init__(file=file, line=line, problem=problem, **values)

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """File and line, and the problem in the language of ``translate``."""
        inner = self.values.get("cause")
        problem = (
            inner.sentence(translate)
            if isinstance(inner, PlannerError)
            else translate(self.problem).format(**{k: v for k, v in self.values.items() if k != "problem"})
        )
        return translate(self.message).format(**{**self.values, "problem": problem})


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform: its names by language, where a post is begun, and how long its text may be.

    ``compose`` is a link with ``{text}`` and ``{title}`` where the platform takes them; None if there is none.
    ``text_limit`` counts characters; None where no figure with a source was found.
    """

    key: str
    names: Mapping[str, str]
    core: bool
    compose: str | None
    text_limit: int | None

    @property
    def prefills(self) -> bool:
        """Whether the link brings the text along; if not, the owner copies it first."""
        return self.compose is not None and "{text}" in self.compose

    def name(self, language: str) -> str:
        """What the platform is called in a language."""
        return self.names.get(language) or self.names["en"]

    def compose_link(self, text: str, title: str = "") -> str | None:
        """Where to begin a post, with the text filled in where the platform allows it (RFC 3986).

        In a mail line breaks are CRLF (RFC 6068, section 5).
        """
        if self.compose is None:
            return None
        if self.compose.startswith("mailto:"):
            text = re.sub(r"\r\n?|\n", "\r\n", text)
        return self.compose.replace("{text}", quote(text, safe="")).replace("{title}", quote(title, safe=""))


@dataclass(frozen=True, slots=True)
class PresetCadence:
    """A cadence of a preset; ``names`` call its channel, else the platform does."""

    platform: str
    rrule: str
    time: time
    pillars: tuple[Pillar, ...]
    names: Mapping[str, str]

    def channel_name(self, language: str) -> str:
        """What its channel is called in a language."""
        return self.names.get(language) or platform(self.platform).name(language)


@dataclass(frozen=True, slots=True)
class Preset:
    """Cadences to begin with."""

    key: str
    titles: Mapping[str, str]
    cadences: tuple[PresetCadence, ...]


def platform_keys() -> list[str]:
    """The keys of all platforms."""
    return sorted(file.stem for file in (resources.folder("schedules") / "platforms").glob("*.toml"))


def preset_keys() -> list[str]:
    """The names of all presets."""
    return sorted(file.stem for file in (resources.folder("schedules") / "presets").glob("*.toml"))


@cache
def platform(key: str) -> Platform:
    """The platform of a key. Raises NoSuchPlatform, Problems."""
    if key not in platform_keys():
        raise NoSuchPlatform(name=key, known=", ".join(platform_keys()))
    return read_platform(resources.folder("schedules") / "platforms" / f"{key}.toml")


def preset(name: str) -> Preset:
    """The preset of a name, or the one in a file if the name is a path. Raises NoSuchPreset, Problems."""
    if name in preset_keys():
        return read_preset(resources.folder("schedules") / "presets" / f"{name}.toml")
    if os.path.isfile(name):  # not Path.is_file, which raises on a name that is too long
        return read_preset(Path(name))
    raise NoSuchPreset(name=name, known=", ".join(preset_keys()))


def read_platform(path: Path) -> Platform:
    """A platform file. Raises Problems with everything wrong in it."""
    file = _File(path)
    file.allow(file.data, ("name", "core", "compose", "text_limit", "source"))
    names = file.words(file.data, "name")
    core = file.take(file.data, "core", bool, default=False)
    compose = file.take(file.data, "compose", str, default=None)
    limit = file.take(file.data, "text_limit", int, default=None)
    for value in re.findall(r"\{(.*?)\}", compose or ""):
        if value not in _BLANKS:
            file.wrong("compose", N_("“compose” may hold {{text}} and {{title}}, not “{value}”."), value=value)
    if limit is not None and limit < 1:
        file.wrong("text_limit", N_("“{key}” must be 1 or more."), key="text_limit")
    for number, source in enumerate(file.tables("source")):
        _check_source(file, ("source", number), source)
    file.finish()
    return Platform(path.stem, names, core, compose, limit)


def _check_source(file: "_File", within: Within, table: dict[str, Any]) -> None:
    """Where a figure comes from: for people who read the file, so nothing of it is kept."""
    file.allow(table, ("fact", "address", "year", "kind"), within)
    file.take(table, "fact", str, within=within)
    file.take(table, "year", int, default=None, within=within)
    address = file.take(table, "address", str, within=within)
    kind = file.take(table, "kind", str, within=within)
    if address is not None and not address.startswith(("https://", "http://")):
        file.wrong("address", N_("“address” must begin with https://."), within=within)
    if kind is not None and kind not in _KINDS:
        known = ", ".join(_KINDS)
        file.wrong(
            "kind", N_("“{value}” is no kind of source; there are: {known}."), within=within, value=kind, known=known
        )


def read_preset(path: Path) -> Preset:
    """A preset file. Raises Problems with everything wrong in it."""
    file = _File(path)
    file.allow(file.data, ("title", "cadence"))
    titles = file.words(file.data, "title")
    if not file.data.get("cadence"):
        file.wrong("cadence", N_("there is no [[cadence]] in it; add at least one."))
    found = [_read_cadence(file, ("cadence", number), table) for number, table in enumerate(file.tables("cadence"))]
    file.finish()
    return Preset(path.stem, titles, tuple(cadence for cadence in found if cadence))


def _read_cadence(file: "_File", within: Within, table: dict[str, Any]) -> PresetCadence | None:
    file.allow(table, ("platform", "rrule", "time", "pillars", "name"), within)
    key = file.take(table, "platform", str, within=within)
    if key is not None and key not in platform_keys():
        file.wrong("platform", NoSuchPlatform(name=key, known=", ".join(platform_keys())), within=within)
    rrule = file.take(table, "rrule", str, within=within)
    if rrule is not None:
        file.tried("rrule", within, lambda: _check_rule(rrule))
    clock = file.take(table, "time", str, within=within)
    at = _clock(clock) if clock is not None else None
    if clock is not None and at is None:
        file.wrong("time", N_("“{value}” is not a time; write it like 09:00."), within=within, value=clock)
    pillars = _read_pillars(file, within, table)
    names = file.words(table, "name", within, needed=False)
    if key is None or rrule is None or at is None or pillars is None:
        return None
    return PresetCadence(key, rrule, at, pillars, names)


def _check_rule(text: str) -> None:
    """Raise RuleRefused if no start could make it fire; one that is over (UNTIL) is found when it is used."""
    check_fires(replace(parse_rule(text), until=None), datetime.combine(_A_START, time()))


def _read_pillars(file: "_File", within: Within, table: dict[str, Any]) -> tuple[Pillar, ...] | None:
    named = file.take(table, "pillars", list, default=[], within=within)
    if named is None:
        return None
    unknown = [name for name in named if name not in list(Pillar)]
    for name in unknown:
        problem = N_("“{value}” is no pillar; there are {known}.")
        file.wrong("pillars", problem, within=within, value=name, known=", ".join(Pillar))
    return None if unknown else file.tried("pillars", within, lambda: check_pillars([Pillar(n) for n in named]))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _clock(text: str) -> time | None:
    found = re.fullmatch("([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    return time(int(found[1]), int(found[2])) if found else None


_TYPES: Final = {
    str: N_("“{key}” must be text in quotes."), int: N_("“{key}” must be a whole number."),
    bool: N_("“{key}” must be true or false."), list: N_("“{key}” must be a list in […]."),
    dict: N_("“{key}” must be a table like {{ en = \"…\", de = \"…\" }}."),
}  # fmt: skip


class _File:
    """A TOML file while it is read: its data, and the problems found so far with their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[PlannerError] = []
        try:
            self.text = resources.small_text(path)
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = _line_in_message(str(error)) or len(self.text.splitlines())
            raise Problems([BadFile(path.name, line, N_("this is not TOML: {reason}"), reason=error)]) from error
        except UnicodeDecodeError as error:
            raise Problems([BadFile(path.name, 1, N_("it is not text in UTF-8; save it as that."))]) from error
        except (ValueError, RecursionError) as error:  # tomllib's own for an endless number, a thousand brackets
            raise Problems([BadFile(path.name, 1, N_("this is not TOML: {reason}"), reason=error)]) from error
        except OSError as error:
            reason = error.strerror or error
            raise Problems([BadFile(path.name, 1, N_("it cannot be read: {reason}"), reason=reason)]) from error
        self.rows = list(_rows(self.text))

    def wrong(self, key: str, problem: str | PlannerError, /, *, within: Within = None, **values: object) -> None:
        """Note a problem with a key."""
        line = self._line(key, within)
        if isinstance(problem, PlannerError):
            self.problems.append(BadFile(self.path.name, line, "", cause=problem))
        else:
            self.problems.append(BadFile(self.path.name, line, problem, **values))

    def tried(self, key: str, within: Within, read: Callable[[], T]) -> T | None:
        """What ``read`` gives; None, and its error noted, if it refuses."""
        try:
            return read()
        except PlannerError as error:
            self.wrong(key, error, within=within)
            return None

    def take(self, table: dict[str, Any], key: str, kind: type, default: Any = ..., within: Within = None) -> Any:
        """The value of a key; if it is missing the default; else None, and the problem noted."""
        if key not in table:
            if default is not ...:
                return default
            self.wrong(key, N_("“{key}” is missing."), within=within, key=key)
            return None
        value = table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(key, _TYPES[kind], within=within, key=key)
            return None
        return value

    def words(
        self, table: dict[str, Any], key: str, within: Within = None, *, needed: bool = True
    ) -> Mapping[str, str]:
        """A table of names by language; if needed, English at least."""
        found = self.take(table, key, dict, default=... if needed else {}, within=within)
        if found is None:
            return {"en": ""}
        if not all(name in LANGUAGES and _is_name(text) for name, text in found.items()):
            problem = N_("“{key}” takes a text for each of {known}, and nothing else.")
            self.wrong(key, problem, within=within, key=key, known=", ".join(LANGUAGES))
        if needed and "en" not in found:
            self.wrong(key, N_("“{key}” needs an English text (en)."), within=within, key=key)
        return dict(found)

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The tables ``[[key]]``."""
        found = self.data.get(key, [])
        if isinstance(found, list) and len(found) > _MOST:  # to try out a rule takes a tenth of a second
            self.wrong(key, N_("there are more than {most} “{key}” in it."), key=key, most=_MOST)
            return []
        if isinstance(found, list) and all(isinstance(table, dict) for table in found):
            return found
        self.wrong(key, N_("write “{key}” as tables: [[{key}]]."), key=key)
        return []

    def allow(self, table: Mapping[str, Any], known: tuple[str, ...], within: Within = None) -> None:
        """Note every key that is not known, with the one that may have been meant."""
        for key in table:
            if key in known:
                continue
            if near := get_close_matches(key, known, 1):
                problem = N_("“{key}” is not known; did you mean “{near}”?")
                self.wrong(key, problem, within=within, key=key, near=near[0])
            else:
                self.wrong(key, N_("“{key}” is not known."), within=within, key=key)

    def finish(self) -> None:
        """Raise Problems if there were any, in the order of their lines."""
        if self.problems:
            raise Problems(sorted(self.problems, key=lambda problem: int(str(problem.values["line"]))))

    def _line(self, key: str, within: Within) -> int:
        """The line of a key, or of its table, or the first; looked for in the text, as tomllib does not tell."""
        if within is None:
            found = [number for number, table, _, name in self.rows if table == key or (not table and name == key)]
            return found[0] if found else 1
        inside = [(number, name) for number, table, index, name in self.rows if (table, index) == within]
        if not inside:
            return self._line(within[0], None)
        return next((number for number, name in inside if name == key), inside[0][0])


def _rows(text: str) -> Iterator[tuple[int, str, int, str]]:
    """Of every line that names something: its number, the table it is in and which one of that name, its key."""
    table, seen = "", Counter[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.fullmatch(r"\s*(\[\[?)([\w.-]+)\]\]?\s*(#.*)?", line):
            table, _, inner = header[2].partition(".")
            seen[table] += header[1] == "[[" and not inner
            yield number, table, seen[table] - 1, inner
        elif named := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[.=]", line):
            yield number, table, seen[table] - 1, named[1]


def _line_in_message(message: str) -> int | None:
    """tomllib says where in its sentence: (at line 3, column 5), or (at end of document)."""
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else None
