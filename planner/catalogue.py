"""The catalogue: platforms and presets from ``schedules/``, files that a shop owner's nephew can edit.

A file is read when it is asked for, and only that one. A broken one is an error that lists everything wrong in
it, with file, line and key, so that it can be mended in one go.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from planner import resources
from planner.core.model import Pillar
from planner.core.recurrence import parse_rule
from planner.core.rotation import check_pillars
from planner.errors import NoSuchPlatform, NoSuchPreset, PlannerError, Problems, UsageError
from planner.language import LANGUAGES, N_, translations


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
    """

    key: str
    names: Mapping[str, str]
    core: bool
    compose: str | None
    prefills: bool
    text_limit: int | None

    def name(self, language: str) -> str:
        """What the platform is called in a language."""
        return self.names.get(language) or self.names["en"]

    def compose_link(self, text: str, title: str = "") -> str | None:
        """Where to begin a post, with the text filled in where the platform allows it (RFC 3986)."""
        if self.compose is None:
            return None
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
    if name.endswith(".toml") and Path(name).is_file():
        return read_preset(Path(name))
    raise NoSuchPreset(name=name, known=", ".join(preset_keys()))


def read_platform(path: Path) -> Platform:
    """A platform file. Raises Problems with everything wrong in it."""
    file = _File(path)
    names = file.words("name")
    file.allow(file.data, ("name", "core", "compose", "prefills", "text_limit", "source"))
    core = file.take(file.data, "core", bool, default=False)
    compose = file.take(file.data, "compose", str, default=None)
    prefills = file.take(file.data, "prefills", bool, default=False)
    limit = file.take(file.data, "text_limit", int, default=None)
    for number, source in enumerate(file.tables("source")):
        file.allow(source, ("fact", "address", "year", "kind"), "source", number)
        address = file.take(source, "address", str, within=("source", number))
        if address is not None and not address.startswith(("https://", "http://")):
            file.wrong("address", N_("“address” must begin with https://."), within=("source", number))
    file.finish()
    return Platform(path.stem, names, core, compose, prefills, limit)


def read_preset(path: Path) -> Preset:
    """A preset file. Raises Problems with everything wrong in it."""
    file = _File(path)
    titles = file.words("title")
    file.allow(file.data, ("title", "cadence"))
    tables = file.tables("cadence")
    if not tables:
        file.wrong("title", N_("there is no [[cadence]] in it; add at least one."))
    cadences = [_read_cadence(file, number, table) for number, table in enumerate(tables)]
    file.finish()
    return Preset(path.stem, titles, tuple(cadence for cadence in cadences if cadence))


def _read_cadence(file: "_File", number: int, table: dict[str, Any]) -> PresetCadence | None:
    within = ("cadence", number)
    file.allow(table, ("platform", "rrule", "time", "pillars", "name"), *within)
    key = file.take(table, "platform", str, within=within)
    rrule = file.take(table, "rrule", str, within=within)
    clock = file.take(table, "time", str, within=within)
    names = file.take(table, "pillars", list, default=[], within=within)
    called = file.take(table, "name", dict, default={}, within=within)
    if key is not None and key not in platform_keys():
        file.wrong("platform", NoSuchPlatform(name=key, known=", ".join(platform_keys())), within=within)
    if rrule is not None:
        file.tried("rrule", within, lambda: parse_rule(rrule))
    at = _clock(clock) if clock is not None else None
    if clock is not None and at is None:
        file.wrong("time", N_("“{value}” is not a time; write it like 09:00."), within=within, value=clock)
    unknown = [name for name in names if name not in list(Pillar)]
    for name in unknown:
        known = ", ".join(Pillar)
        file.wrong(
            "pillars", N_("“{value}” is no pillar; there are {known}."), within=within, value=name, known=known
        )
    pillars = None if unknown else file.tried("pillars", within, lambda: check_pillars([Pillar(n) for n in names]))
    if key is None or rrule is None or at is None or pillars is None:
        return None
    return PresetCadence(key, rrule, at, pillars, called)


def _clock(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


_TYPES: Final = {
    str: N_("text in quotes"), int: N_("a whole number"), bool: N_("true or false"),
    list: N_("a list in […]"), dict: N_("a table like { en = \"…\", de = \"…\" }"),
}  # fmt: skip


class _File:
    """A TOML file while it is read: its data, and the problems found so far with their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[PlannerError] = []
        try:
            self.text = path.read_text("utf-8")
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = _line_in_message(str(error))
            raise Problems([BadFile(path.name, line, N_("this is not TOML: {reason}"), reason=error)]) from error
        except (OSError, UnicodeDecodeError) as error:
            raise Problems([BadFile(path.name, 1, N_("it cannot be read: {reason}"), reason=error)]) from error

    def wrong(
        self,
        key: str,
        problem: str | PlannerError,
        /,
        *,
        within: tuple[str, int] | None = None,
        **values: object,
    ) -> None:
        """Note a problem with a key."""
        line = self._line(key, within)
        if isinstance(problem, PlannerError):
            self.problems.append(BadFile(self.path.name, line, "", cause=problem))
        else:
            self.problems.append(BadFile(self.path.name, line, problem, **values))

    def tried(self, key: str, within: tuple[str, int], read: Callable[[], Any]) -> Any:
        """What ``read`` gives; None, and its error noted, if it refuses."""
        try:
            return read()
        except PlannerError as error:
            self.wrong(key, error, within=within)
            return None

    def take(
        self,
        table: dict[str, Any],
        key: str,
        kind: type,
        default: Any = ...,
        within: tuple[str, int] | None = None,
    ) -> Any:
        """The value of a key; if it is missing the default; else None, and the problem noted."""
        if key not in table:
            if default is not ...:
                return default
            self.wrong(key, N_("“{key}” is missing."), within=within, key=key)
            return None
        value = table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = translations("en").gettext(_TYPES[kind])
            self.wrong(key, N_("“{key}” must be {wanted}."), within=within, key=key, wanted=wanted)
            return None
        return value

    def words(self, key: str) -> Mapping[str, str]:
        """A table of names by language, English at least."""
        found = self.take(self.data, key, dict)
        for language, name in (found or {}).items():
            if language not in LANGUAGES or not isinstance(name, str) or not name.strip():
                self.wrong(
                    key, N_("“{key}” takes a text for each of {known}."), key=key, known=", ".join(LANGUAGES)
                )
        if found is not None and "en" not in found:
            self.wrong(key, N_("“{key}” needs an English text (en)."), key=key)
        return found or {"en": ""}

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The tables ``[[key]]``."""
        found = self.data.get(key, [])
        if isinstance(found, list) and all(isinstance(table, dict) for table in found):
            return found
        self.wrong(key, N_("write “{key}” as tables: [[{key}]]."), key=key)
        return []

    def allow(self, table: Mapping[str, Any], known: tuple[str, ...], *within: Any) -> None:
        """Note every key that is not known, with the one that may have been meant."""
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, 1)
                advice = (
                    N_("“{key}” is not known; did you mean “{near}”?") if near else N_("“{key}” is not known.")
                )
                self.wrong(key, advice, within=within or None, key=key, near=near[0] if near else "")

    def finish(self) -> None:
        """Raise Problems if there were any, in the order of their lines."""
        if self.problems:
            raise Problems(sorted(self.problems, key=lambda problem: int(str(problem.values["line"]))))

    def _line(self, key: str, within: tuple[str, int] | None) -> int:
        """The line of a key, or of its table; looked for in the text, as tomllib does not tell."""
        lines = list(self._lines_of(within))
        for number, line in lines:
            if line.split("=")[0].strip().strip("\"'") == key or line.startswith(f"[[{key}]]"):
                return number
        return lines[0][0] if lines else 1

    def _lines_of(self, within: tuple[str, int] | None) -> Iterator[tuple[int, str]]:
        seen = -1
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if stripped.startswith("["):
                inside = stripped.startswith(f"[[{within[0]}]]") if within else False
                seen += inside
                if within is None or not inside:
                    if within is None:
                        yield number, stripped
                    continue
            if within is None or seen == within[1]:
                yield number, stripped


def _line_in_message(message: str) -> int:
    """tomllib says where in its sentence: (at line 3, column 5)."""
    after = message.partition("at line ")[2]
    digits = after.split(",")[0]
    return int(digits) if digits.isdigit() else 1
