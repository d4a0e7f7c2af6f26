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
from planner.core.counting import Counts
from planner.errors import NoSuchPlatform
from planner.language import N_

_BLANKS: Final = ("text", "title")
KEYS: Final = (
    "name", "core", "tier", "reason", "content", "types", "compose", "text_limit", "text_counts", "title_limit",
    "score", "feed", "fact", "age", "limit", "trap", "expiry", "frequency", "effort", "reply", "answering", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform: its names by language, where a post is begun, and how long its text may be.

    ``compose`` is a link with ``{text}`` and ``{title}`` where the platform takes them; None if there is none.
    ``text_limit`` is in what the platform counts, ``text_counts``; a ``title_limit`` in UTF-16 units. None where no
    figure with a source was found.
    """

    key: str
    names: Mapping[str, str]
    core: bool
    compose: str | None
    text_limit: int | None
    text_counts: Counts = Counts.CHARACTERS
    title_limit: int | None = None

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
    counts = file.one_of(file.data, "text_counts", list(Counts), default=Counts.CHARACTERS) or Counts.CHARACTERS
    for value in re.findall(r"\{(.*?)\}", compose or ""):
        if value not in _BLANKS:
            file.wrong("compose", N_("“compose” may hold {{text}} and {{title}}, not “{value}”."), value=value)
    limit, title_limit = (_limit(file, key) for key in ("text_limit", "title_limit"))
    return Platform(file.path.stem, names, core, compose, limit, Counts(counts), title_limit)


def _limit(file: TomlFile, key: str) -> int | None:
    found: int | None = file.take(file.data, key, int, default=None)
    if found is not None and found < 1:
        file.wrong(key, N_("“{key}” must be {least} or more."), key=key, least=1)
    return found
