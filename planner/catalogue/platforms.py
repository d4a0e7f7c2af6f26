"""Platforms: their names, where a post is begun, how long its text may be; from ``schedules/platforms``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from planner import resources
from planner.catalogue.tomlfile import TomlFile, Within
from planner.errors import NoSuchPlatform
from planner.language import N_

_BLANKS: Final = ("text", "title")
_KINDS: Final = ("platform", "standard", "rule of thumb")


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


def platform_keys() -> list[str]:
    """The keys of all platforms."""
    return sorted(file.stem for file in (resources.folder("schedules") / "platforms").glob("*.toml"))


@cache
def platform(key: str) -> Platform:
    """The platform of a key. Raises NoSuchPlatform, Problems."""
    if key not in platform_keys():
        raise NoSuchPlatform(name=key, known=", ".join(platform_keys()))
    return read_platform(resources.folder("schedules") / "platforms" / f"{key}.toml")


def read_platform(path: Path) -> Platform:
    """A platform file. Raises Problems with everything wrong in it."""
    file = TomlFile(path)
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


def _check_source(file: TomlFile, within: Within, table: dict[str, Any]) -> None:
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
