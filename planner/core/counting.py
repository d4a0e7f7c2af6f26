"""How long a text is for a platform: each counts in a way of its own, and counting.js counts the same.

A link is what begins with http:// or https://; on X also a name below one of some usual endings, as it shortens those,
too. What people take for one character (a grapheme cluster, UAX 29) may be several code points: a family, a flag, é.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, Final


class Counts(StrEnum):
    """What a platform counts. Where none says how, it is code points.

    BYTES are those of UTF-8 (YouTube's descriptions, by its Data API); UTF16 code units (TikTok, by its Content Posting
    API; for Meta's, LinkedIn's and Pinterest's by Buffer, which posts there). EMOJI_BYTES is Threads: code points, but
    emoji by their bytes. LINKS is Mastodon: graphemes, a link as 23, of @name@server the name. WEIGHTED is X, by
    twitter-text: in NFC, a link as 23, an emoji as 2, what lies beyond the scripts of Europe and its neighbours as 2.
    """

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    UTF16 = "utf16"
    BYTES = "bytes"
    EMOJI_BYTES = "emoji-bytes"
    LINKS = "links"
    WEIGHTED = "weighted"


_LINK: Final = 23
_SHORT: Final = "x" * _LINK
# Spaces, quotes and brackets end an address; what only ends the sentence does not belong to it.
_IN: Final = r"""[^\x00-\x20"<>\x7f-\xa0\u2000-\u200b\u2028\u2029\u3000]"""
_END: Final = r"""[^\x00-\x20"<>\x7f-\xa0\u2000-\u200b\u2028\u2029\u3000.,;:!?'()\[\]“”‘’…]"""
_ENDINGS: Final = (
    "com|net|org|info|biz|eu|de|at|ch|li|it|fr|nl|uk|shop|online|store|berlin|hamburg|bayern|koeln|wien|tirol"
)
_ADDRESS: Final = f"https?://{_IN}*{_END}"
_BARE: Final = rf"(?<![A-Za-z0-9@._/-])(?:[A-Za-z0-9-]+\.)+(?:{_ENDINGS})(?![A-Za-z0-9@-])(?:/(?:{_IN}*{_END})?)?"
_ADDRESS_OR_NAME: Final = f"{_ADDRESS}|{_BARE}"
_MENTION: Final = r"(?<![A-Za-z0-9_/])@([A-Za-z0-9_]+)@[A-Za-z0-9.-]*[A-Za-z0-9]"
_LIGHT: Final = (range(4352), range(8192, 8206), range(8208, 8224), range(8242, 8248))


def count(text: str, way: Counts) -> int:
    """How long a text is, counted in that way; a line break is one character."""
    return _WAYS[way](text)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _graphemes(text: str) -> list[str]:
    found: list[str] = _patterns()[0].findall(text)
    return found


def _is_emoji(cluster: str) -> bool:
    return _patterns()[1].search(cluster) is not None


def _emoji_bytes(text: str) -> int:
    return sum(_bytes(each) if _is_emoji(each) else len(each) for each in _graphemes(text))


def _links(text: str) -> int:
    return len(_graphemes(re.sub(_MENTION, r"@\1", re.sub(_ADDRESS, _SHORT, text))))


def _weighted(text: str) -> int:
    shortened = re.sub(_ADDRESS_OR_NAME, _SHORT, unicodedata.normalize("NFC", text))
    return sum(2 if _is_emoji(each) else sum(map(_weight, each)) for each in _graphemes(shortened))


def _weight(character: str) -> int:
    return 1 if any(ord(character) in light for light in _LIGHT) else 2


@cache
def _patterns() -> tuple[Any, Any]:
    """A cluster, and what makes one an emoji: it is shown as one by itself, or is told to be."""
    import regex  # only here: most of what looks at a day counts nothing

    return regex.compile(r"\X"), regex.compile(r"\p{Emoji_Presentation}|\uFE0F")


_WAYS: Final[dict[Counts, Callable[[str], int]]] = {
    Counts.CHARACTERS: len,
    Counts.GRAPHEMES: lambda text: len(_graphemes(text)),
    Counts.UTF16: _utf16,
    Counts.BYTES: _bytes,
    Counts.EMOJI_BYTES: _emoji_bytes,
    Counts.LINKS: _links,
    Counts.WEIGHTED: _weighted,
}
