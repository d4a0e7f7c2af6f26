"""Platforms as every post needs them: their names, where a post is begun, how long its text may be.

The rest of a platform's file, the facts by which it is judged, is read by ``planner.catalogue.portraits`` and only when
somebody asks for it; what is wrong there keeps no mail from going out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from planner import resources
from planner.catalogue.tomlfile import TomlFile
from planner.errors import NoSuchPlatform
from planner.language import N_

_BLANKS: Final = ("text", "title")
KEYS: Final = (
    "name", "core", "tier", "reason", "content", "types", "compose", "text_limit", "score", "feed",
    "fact", "age", "limit", "trap", "expiry", "frequency", "effort", "reply", "answering", "source",
)  # fmt: skip


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
    """What every post needs of a platform's file. Raises Problems with everything wrong in that."""
    file = TomlFile(path)
    found = platform_of(file)
    file.finish()
    return found


def platform_of(file: TomlFile) -> Platform:
    """The platform in an open file; problems are noted there."""
    file.allow(file.data, KEYS)
    names = file.words(file.data, "name")
    core = file.take(file.data, "core", bool, default=False)
    compose = file.take(file.data, "compose", str, default=None)
    limit = file.take(file.data, "text_limit", int, default=None)
    for value in re.findall(r"\{(.*?)\}", compose or ""):
        if value not in _BLANKS:
            file.wrong("compose", N_("“compose” may hold {{text}} and {{title}}, not “{value}”."), value=value)
    if limit is not None and limit < 1:
        file.wrong("text_limit", N_("“{key}” must be {least} or more."), key="text_limit", least=1)
    return Platform(file.path.stem, names, core, compose, limit)
