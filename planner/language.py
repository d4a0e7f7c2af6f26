"""The languages the program speaks, and the marker for sentences that are translated later.

English is the language of the source; the catalogues lie in ``planner/locale``. Which language a person
gets is decided by the shells (environment) or by the business; nothing here reads either.
"""

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "de")
DEFAULT: Final = "en"

_LOCALE = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a sentence for the catalogues where it is written; it is translated where it is said."""
    return message


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; an unknown language gets the English of the source."""
    return gettext.translation("planner", _LOCALE, languages=[language], fallback=True)


def choose(wanted: Iterable[str]) -> str:
    """The first language of ``wanted`` (``de_AT.UTF-8``, ``de-CH``, ``en``) that the program speaks."""
    for name in wanted:
        base = name.replace("-", "_").split("_")[0].split(".")[0].lower()
        if base in LANGUAGES:
            return base
    return DEFAULT
