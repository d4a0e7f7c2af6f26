"""Characters that do something instead of being something: control characters, and marks that turn the direction.

In a mail's header or a line of a calendar they begin something new; on a page or a terminal they make words look like
other words. German and English need none of them.
"""

import re
from typing import Final

# C0 and C1, the line and paragraph separators, embeddings, overrides and isolates of direction (UAX 9).
_TURNING: Final = "\u202a-\u202e\u2066-\u2069"
_ON_A_LINE: Final = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_TURNING}\ud800-\udfff]+")
_IN_A_TEXT: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_TURNING}\ud800-\udfff]")
_BREAK: Final = re.compile("\r\n?|[\u2028\u2029]")


def one_line(text: str) -> str:
    """Text as it may stand on one line; a blank for what was there instead."""
    return _ON_A_LINE.sub(" ", text).strip()


def some_lines(text: str) -> str:
    """Text of several lines, without what does something, and without lone surrogates."""
    return _IN_A_TEXT.sub("", _BREAK.sub("\n", text))
