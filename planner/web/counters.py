"""How long titles and texts are, against what their platform takes: in sentences, and as what counter.js needs to say
the same while somebody types.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from babel.numbers import format_decimal

from planner.catalogue import Platform
from planner.core import wording
from planner.core.characters import some_lines
from planner.core.counting import Counts
from planner.language import N_, translations

_PLAIN: Final = N_("%(count)s characters")
_WITHIN: Final = N_("%(count)s of %(limit)s characters")
_OVER: Final = {
    "text": N_("%(over)s characters too many: %(platform)s takes %(limit)s, this text has %(count)s."),
    "title": N_("%(over)s characters too many: %(platform)s takes %(limit)s in a title, this one has %(count)s."),
}
_WAYS: Final = {
    Counts.UTF16: N_("An emoji counts as two or more."),
    Counts.BYTES: N_("An umlaut counts as two, an emoji as four or more."),
    Counts.EMOJI_BYTES: N_("An emoji counts as four or more."),
    Counts.LINKS: N_("A link counts as 23."),
    Counts.WEIGHTED: N_("A link counts as 23, an emoji as two."),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The length of a title or a text in a sentence."""

    words: str
    too_long: bool


def measured(platform: Platform, field: str, value: str, language: str) -> Measured:
    """How long a ``title`` or ``text`` is; no words for a title where the platform has no limit for it."""
    limit, way = _rule(platform, field)
    if field == "title" and limit is None:
        return Measured("", too_long=False)
    found = wording.length(some_lines(value), limit, way)
    numbers = {name: format_decimal(getattr(found, name) or 0, locale=language) for name in ("count", "limit", "over")}
    template = _OVER[field] if found.over else _PLAIN if limit is None else _WITHIN
    words = translations(language).gettext(template) % {**numbers, "platform": platform.name(language)}
    return Measured(words, found.over > 0)


def too_long(platform: Platform, title: str, text: str, language: str) -> list[str]:
    """What is too long of a post, in sentences."""
    found = (measured(platform, field, value, language) for field, value in (("title", title), ("text", text)))
    return [each.words for each in found if each.too_long]


def live(platform: Platform, field: str, language: str) -> dict[str, str]:
    """The attributes by which counter.js counts a field; numbers stand in braces."""
    limit, way = _rule(platform, field)
    speak: Callable[[str], str] = translations(language).gettext
    blanks = {"count": "{count}", "limit": "{limit}", "over": "{over}", "platform": platform.name(language)}
    return {
        "data-limit": str(limit or ""),
        "data-counts": way.value,
        "data-plain": speak(_PLAIN) % blanks if field == "text" else "",
        "data-within": speak(_WITHIN) % blanks,
        "data-over": speak(_OVER[field]) % blanks,
    }


def way(platform: Platform, language: str) -> str:
    """What is peculiar about how a platform counts texts; nothing where nothing is."""
    words = _WAYS.get(platform.text_counts) if platform.text_limit else None
    return translations(language).gettext(words) if words else ""


def _rule(platform: Platform, field: str) -> tuple[int | None, Counts]:
    """At most how much of what. Titles are counted in UTF-16 units, which no platform was found to count above."""
    return (platform.title_limit, Counts.UTF16) if field == "title" else (platform.text_limit, platform.text_counts)
