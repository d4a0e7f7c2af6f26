"""When suggested texts begin to come again: the runway of who writes nothing down, and lives on what is suggested."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Suggested:
    """A post made of a suggested text: its channel, when it is due (naive local), the prompt, whether it was posted."""

    channel_id: int
    due_local: datetime
    prompt: str
    made: bool


def first_repeats(posts: Iterable[Suggested], today: date) -> dict[int, date]:
    """The local day of each channel's first post whose text that channel had before, by channel id.

    ``posts`` are in due order. What was due before today and never posted was seen by nobody, and does not count.
    """
    seen: set[tuple[int, str]] = set()
    found: dict[int, date] = {}
    for post in posts:
        day, text = post.due_local.date(), (post.channel_id, post.prompt)
        if day < today and not post.made:
            continue
        if text in seen:
            found.setdefault(post.channel_id, day)
        seen.add(text)
    return found
