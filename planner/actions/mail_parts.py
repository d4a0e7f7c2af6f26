"""What mails show, as their templates take it: a post, a step of a video, the rounds of answering of a day."""

from dataclasses import dataclass
from datetime import date

from planner.core import wording
from planner.core.model import Post


@dataclass(frozen=True, slots=True)
class Item:
    """A post as a mail shows it."""

    post: Post
    channel: str
    platform: str
    compose: str | None
    prefilled: bool
    done: str
    tomorrow: str
    skip: str
    page: str
    advice: str = ""

    @property
    def gaps(self) -> list[str]:
        """What its text still waits for, in square brackets."""
        return wording.gaps(self.post.text)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of answering of a day as a mail shows them: one line for all, with one tick for all.

    ``why`` says how soon an answer is expected on the first of them of which that is known, ``unticked`` on which days
    the last round of a channel was not ticked off, with the channels' names.
    """

    title: str
    channels: tuple[str, ...]
    why: str
    unticked: tuple[tuple[str, date], ...]
    done: str
    tomorrow: str
    skip: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of making a video as a mail shows it; ``page`` is where it is ticked off."""

    name: str
    title: str
    channel: str
    day: date
    late: bool
    page: str
