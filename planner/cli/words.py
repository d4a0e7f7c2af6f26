"""The language of the terminal, from its environment, and the two functions that speak it."""

import os
from collections.abc import Mapping

from planner.language import choose, translations


def terminal_language(environ: Mapping[str, str]) -> str:
    """PLANNER_LANGUAGE first, then what the system's programs go by."""
    names = ("PLANNER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return choose(environ[name] for name in names if environ.get(name))


LANGUAGE = terminal_language(os.environ)
_ = translations(LANGUAGE).gettext
ngettext = translations(LANGUAGE).ngettext
