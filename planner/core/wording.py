"""The words of a post, looked at: how long they are, which gaps they still have, and a mark to know them again by."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from planner.core.counting import Counts, count
from planner.core.model import Post

# [Place], but neither [a link](https://…) nor half a text between two brackets.
_GAP: Final = re.compile(r"\[[^\[\]\n]{1,80}\](?!\()")


@dataclass(frozen=True, slots=True)
class Length:
    """How many characters a text has, and how many its platform takes; None where that is not known."""

    count: int
    limit: int | None

    @property
    def over(self) -> int:
        """How many characters are too many."""
        return max(0, self.count - self.limit) if self.limit is not None else 0


def length(text: str, limit: int | None, way: Counts = Counts.CHARACTERS) -> Length:
    """The length of a text as its platform counts it (core.counting); a line break is one character."""
    return Length(count(text, way), limit)


def gaps(text: str) -> list[str]:
    """What is still to be filled in: the words in square brackets, with them, each once."""
    return list(dict.fromkeys(_GAP.findall(text)))


def mark(post: Post) -> str:
    """A mark of what a person edits of a post: another when any of it, or whether it is settled, has changed."""
    said = (post.title, post.text, post.pillar or "", post.content or "", post.notes, post.link, post.status)
    return sha256("\x00".join(said).encode()).hexdigest()[:16]
