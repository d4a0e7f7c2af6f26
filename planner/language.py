"""The languages the program speaks, and the marker for sentences that are translated later.

English is the language of the source; the catalogues lie in ``planner/locale``. Which language a person
gets is decided by the shells (environment) or by the business; nothing here reads either.
"""

import gettext
import os
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Final

LANGUAGES: Final = ("en", "de")
DEFAULT: Final = "en"

_LOCALE: Final = os.path.join(os.path.dirname(__file__), "locale")  # pathlib would double the time to import this
_BLANK: Final = re.compile(r"\{(\w+)\}")


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a sentence for the catalogues where it is written; it is translated where it is said."""
    return message


MONTHS: Final = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def day_in_words(day: date, translate: Callable[[str], str]) -> str:
    """A day as people write it, in the language of ``translate`` (a gettext function): 31 December 2026."""
    month = translate(MONTHS[day.month - 1])
    return translate(N_("{day} {month} {year}")).format(day=day.day, month=month, year=f"{day.year:04}")


def catalogues() -> str:
    """The folder of the compiled catalogues."""
    return _LOCALE


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; an unknown language gets the English of the source."""
    return gettext.translation("planner", _LOCALE, languages=[language], fallback=True)


def kept(message: str, **values: object) -> str:
    """A sentence as it is stored, to be said later in whatever language: on a line of its own, its values below."""
    import json

    return f"{message}\n{json.dumps({name: str(value) for name, value in values.items()}, ensure_ascii=False)}"


def said(stored: str, translate: Callable[[str], str] = str) -> str:
    """A stored sentence in the language of ``translate`` (a gettext function); other text as it is."""
    message, values = parts(stored)
    if values is None:
        return stored
    # Not str.format: what is stored may hold braces that mean nothing, or ask for a billion blanks.
    return _BLANK.sub(lambda blank: str(values.get(blank[1], blank[0])), translate(message))


def parts(stored: str) -> tuple[str, dict[str, object] | None]:
    """The message of a stored sentence and its values; None for other text."""
    import json

    message, _newline, written = stored.partition("\n")
    try:
        values = json.loads(written) if message else None
    except (ValueError, RecursionError):
        values = None
    return message, values if isinstance(values, dict) else None


def choose(wanted: Iterable[str]) -> str:
    """The first language of ``wanted`` (``de_AT.UTF-8``, ``de-CH``, ``en``) that the program speaks."""
    for name in wanted:
        base = name.replace("-", "_").split("_")[0].split(".")[0].lower()
        if base in LANGUAGES:
            return base
    return DEFAULT
