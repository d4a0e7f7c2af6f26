"""The steps of making a video: on which local day each is due, and which is the next.

Days are reckoned from the day the post is due, so moving the post moves them. Stored is only which steps are done. The
last step is the post itself: its day is that of the post, and it is done when that is posted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from planner.core import localtime
from planner.core.model import Business, Content, Pause, Post, Status


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its key, names and hints by language, and how many days before the post it is due."""

    key: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    days: int

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return self.names.get(language) or self.names["en"]

    def hint(self, language: str) -> str:
        """How to go about it, in a language."""
        return self.hints.get(language) or self.hints["en"]


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps in order, and the platforms whose posts take them unless their kind of content is another.

    Without steps it is for nothing.
    """

    platforms: frozenset[str]
    steps: tuple[Step, ...]

    @property
    def lead(self) -> int:
        """How many days before a post its first step is due."""
        return self.steps[0].days if self.steps else 0

    def means(self, content: Content | None, platform: str) -> bool:
        """Whether a post of a kind of content, or of none that was said, is a video on a platform."""
        return content is Content.VIDEO or (content is None and platform in self.platforms)

    def is_for(self, post: Post, platform: str) -> bool:
        """Whether a post on a platform is made in these steps."""
        return bool(self.steps) and self.means(post.content, platform) and not post.is_round


class StepStanding(StrEnum):
    """Where a step stands on a day: done; else late, due, or not due yet."""

    DONE = "done"
    LATE = "late"
    DUE = "due"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Placed:
    """A step of a post on the local day it is due."""

    step: Step
    day: date
    done: bool

    def standing(self, today: date) -> StepStanding:
        """Where it stands on a local day."""
        if self.done:
            return StepStanding.DONE
        if self.day == today:
            return StepStanding.DUE
        return StepStanding.LATE if self.day < today else StepStanding.COMING


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step that is next for a post; ``begins`` says that today is the day of one that is not done."""

    post: Post
    placed: Placed
    begins: bool


def placed(post: Post, workflow: Workflow, business: Business, pauses: Collection[Pause]) -> tuple[Placed, ...]:
    """The steps of a post in order, none after the one that follows it.

    One that falls into a pause is due before it, but none before the post was there: what is planned late is due at
    once, or after the pause that is on then.
    """
    mine = [pause for pause in pauses if pause.channel_id in (None, post.channel_id)]
    due = post.due_local.date()
    first = min(due, _after(localtime.today(post.created_at, business.timezone), mine))
    *before, last = workflow.steps
    found = [
        Placed(step, max(first, _before(due - timedelta(days=step.days), mine)), step.key in post.steps)
        for step in before
    ]
    return (*found, Placed(last, due, post.status is Status.POSTED))


def next_step(post: Post, steps: Sequence[Placed], today: date) -> NextStep | None:
    """The first step that is not done; None once the post itself is what is due, or is settled."""
    if not post.open or post.due_local.date() <= today:
        return None
    left = [each for each in steps[:-1] if not each.done]
    return NextStep(post, left[0], any(each.day == today for each in left)) if left else None


def next_steps(
    posts: Iterable[Post],
    workflow: Workflow,
    platforms: Mapping[int, str],
    business: Business,
    pauses: Collection[Pause],
    today: date,
) -> list[NextStep]:
    """The next steps of posts that are made in these, the earliest first; ``platforms`` is by channel id."""
    mine = [post for post in posts if workflow.is_for(post, platforms[post.channel_id])]
    found = (next_step(post, placed(post, workflow, business, pauses), today) for post in mine)
    return sorted((each for each in found if each), key=lambda each: (each.placed.day, each.post.due_local))


def ticked(steps: Sequence[Step], done: Collection[str], key: str) -> tuple[str, ...]:
    """What is done once a step is: that one and those before it, for what was filmed was thought of first."""
    keys = [step.key for step in steps]
    return tuple(name for name in keys if name in done or keys.index(name) <= keys.index(key))


def _before(day: date, pauses: Collection[Pause]) -> date:
    """The last day that is not paused, up to a day."""
    while there := _covering(day, pauses):
        day = min(pause.first for pause in there) - timedelta(days=1)
    return day


def _after(day: date, pauses: Collection[Pause]) -> date:
    """The first day that is not paused, from a day on."""
    while there := _covering(day, pauses):
        day = max(pause.last for pause in there) + timedelta(days=1)
    return day


def _covering(day: date, pauses: Collection[Pause]) -> list[Pause]:
    return [pause for pause in pauses if pause.first <= day <= pause.last]
