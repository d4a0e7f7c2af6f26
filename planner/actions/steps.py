"""The steps of making a video: which come next, ticking one, and telling the calendar when their days have changed."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from planner.catalogue import steps as catalogue
from planner.core import localtime
from planner.core.agenda import Agenda
from planner.core.model import Business, Channel, Pause, Post
from planner.core.steps import NextStep, Placed, Workflow, next_steps, placed, ticked
from planner.errors import NotFound, Problems, UsageError
from planner.language import N_
from planner.store.queries import channels, pauses, posts

if TYPE_CHECKING:
    from planner.actions.posts import Change

log = logging.getLogger("planner.steps")

# A step that falls into a pause is due before it: posts are looked for this much further ahead than the first step.
_LONGEST_PAUSE: Final = timedelta(days=42)


class NoSuchStep(NotFound):
    message = N_("Post {id} has no step {step}. See “planner post show {id}” for those it has.")


class ThePostItself(UsageError):
    message = N_("The last step is the post itself: tick that off once it is published.")


@dataclass(frozen=True, slots=True)
class Making:
    """The steps of a post, in order, and on which local day they are looked at; empty if it is not made in steps."""

    steps: tuple[Placed, ...]
    today: date

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(each.done for each in self.steps)

    @property
    def next(self) -> Placed | None:
        """The first one that is not done; None once all are."""
        return next((each for each in self.steps if not each.done), None)


@cache
def video() -> Workflow:
    """The steps of a video; none, and a line in the log, if their file is broken: that keeps no mail from going out."""
    try:
        return catalogue.video()
    except Problems as problems:
        log.error("%s", problems)
        return Workflow(frozenset(), ())


def platforms() -> frozenset[str]:
    """The platforms whose posts are videos unless their kind of content says otherwise."""
    return video().platforms


def ahead() -> timedelta:
    """How far ahead posts may be due of which a step is due today."""
    return timedelta(days=video().lead) + _LONGEST_PAUSE


def fingerprint() -> str:
    """What the steps in feeds depend on besides rows; it is another when the file of steps is."""
    return repr([(each.key, each.days, each.names, each.hints) for each in video().steps])


def next_of(
    found: Iterable[Post], business: Business, there: Mapping[int, Channel], closed: Iterable[Pause], today: date
) -> list[NextStep]:
    """The next steps of posts on channels by their ids, the earliest first."""
    by_channel = {channel.id: channel.platform for channel in there.values()}
    return next_steps(found, video(), by_channel, business, list(closed), today)


def of_week(day: Agenda, business: Business, there: Mapping[int, Channel], closed: Iterable[Pause]) -> list[NextStep]:
    """The next steps of the posts ahead that are late, due, or come up within the days an agenda looks ahead."""
    last = day.today + timedelta(days=day.days_ahead)
    found = next_of(day.upcoming + day.later, business, there, closed, day.today)
    return [each for each in found if each.placed.day <= last]


def making_of(tx: Connection, post: Post, business: Business, channel: Channel, now: datetime) -> Making:
    """The steps of a post as they stand at ``now``; none if it is no video or is settled."""
    today = localtime.today(now, business.timezone)
    if not (post.open and video().is_for(post, channel.platform)):
        return Making((), today)
    closed = pauses.of_business(tx, business.id)
    return Making(placed(post, video(), business, closed), today)


def tick_step(tx: Connection, post_id: int, key: str, *, done: bool, now: datetime) -> "Change":
    """Tick a step and those before it, or take the tick of one away. Raises NoSuchStep, ThePostItself."""
    post = posts.get(tx, post_id)
    channel = channels.get(tx, post.business_id, post.channel_id)
    steps = video().steps if video().is_for(post, channel.platform) else ()
    if key not in {step.key for step in steps}:
        raise NoSuchStep(id=post_id, step=key)
    if key == steps[-1].key:
        raise ThePostItself

    def revise(there: tuple[str, ...]) -> tuple[str, ...]:
        return ticked(steps, there, key) if done else tuple(each for each in there if each != key)

    from planner.actions.posts import revise_steps  # with planning and its texts, which looking at a day has no use for

    return revise_steps(tx, post_id, revise, now=now)


def days_changed(tx: Connection, business: Business, since: date, now: datetime) -> None:
    """Stamp the videos due from a day on, after a pause there came, went or became shorter."""
    posts.restamp_videos(tx, business.id, platforms(), since, now)


def fields(making: Making, language: str) -> list[dict[str, Any]]:
    """The steps as JSON values, with stable names in a stable order."""
    return [
        {
            "step": each.step.key, "name": each.step.name(language), "day": each.day.isoformat(),
            "standing": each.standing(making.today).value,
        }
        for each in making.steps
    ]  # fmt: skip
