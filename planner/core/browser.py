"""Browsers, as people call them: which one on which system, by what it says of itself (User-Agent, RFC 9110, 10.1.5).

Only what tells one device of a person from another is kept: no version, no model.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from planner.language import N_

# The first that is found counts: Edge says that it is Chrome, too, and Chrome that it is Safari.
_NAMES: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = ("iPhone", "iPad", "Android", "CrOS", "Windows", "Macintosh", "Linux")
_WHERE: Final = {
    "iPhone": N_("on an iPhone"),
    "iPad": N_("on an iPad"),
    "Android": N_("on Android"),
    "CrOS": N_("on a Chromebook"),
    "Windows": N_("on Windows"),
    "Macintosh": N_("on a Mac"),
    "Linux": N_("on Linux"),
}
_UNKNOWN: Final = N_("Unknown browser")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Browser:
    """The name of a browser, and the system it runs on as the browser calls it; empty where it did not say."""

    name: str = ""
    system: str = ""

    def in_words(self, translate: Callable[[str], str]) -> str:
        """Like “Firefox on Android”, in the language of ``translate`` (a gettext function)."""
        where = translate(_WHERE[self.system]) if self.system in _WHERE else ""
        return f"{self.name or translate(_UNKNOWN)} {where}".strip()


def browser_of(agent: str) -> Browser:
    """The browser of a User-Agent; of a program that is none its first word."""
    name = next((known for piece, known in _NAMES if piece in agent), "")
    if not name and not agent.startswith("Mozilla/"):
        name = re.split(r"[/\s(]", agent, maxsplit=1)[0][:_LONGEST]
    return Browser(name, next((piece for piece in _SYSTEMS if piece in agent), ""))
