"""The language of the terminal, from the command line or its environment, and the two functions that speak it."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from planner.language import LANGUAGES, choose, translations

_TAKE_A_VALUE: Final = ("--home", "--database-url", "--business", "--now")


def terminal_language(environ: Mapping[str, str], arguments: Sequence[str] = ()) -> str:
    """--language first, then PLANNER_LANGUAGE, then what the system's programs go by."""
    names = ("PLANNER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return _asked_for(arguments) or choose(environ[name] for name in names if environ.get(name))


def _asked_for(arguments: Sequence[str]) -> str | None:
    """The value of the global --language. Looked up before Click parses, because help is written on import.

    What comes after the command's name is the command's own: ``init --language`` is about the business.
    """
    words = iter(arguments)
    for word in words:
        name, _equals, value = word.partition("=")
        if name == "--language":
            value = value or next(words, "")
            return value if value in LANGUAGES else None
        if word in _TAKE_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return None
    return None


LANGUAGE = terminal_language(os.environ, sys.argv[1:])
_ = translations(LANGUAGE).gettext
ngettext = translations(LANGUAGE).ngettext
