"""What is said about posts that slipped and rhythms that do not fit, in the words of a friend."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

from planner.core.catching_up import MOST_OPEN, Advice, Reason, Step
from planner.core.ladder import Size
from planner.core.spoken import Speak
from planner.language import N_

_WORDS: Final = {
    (Step.POST, Reason.FITS): N_("Post it now; it still makes sense."),
    (Step.MOVE, Reason.NEAR): N_("Move it to {day}: the next post on this channel is near."),
    (Step.MOVE, Reason.ENOUGH): N_("Move it to {day}: one old post a day on a channel is enough."),
    (Step.MOVE, Reason.PAUSED): N_("Move it to {day}: there is a pause today."),
    (Step.DROP, Reason.STALE): N_("Drop it: its moment has passed."),
    (Step.DROP, Reason.TOO_MANY): N_("Drop it: two old posts at a time are enough."),
    (Step.DROP, Reason.FULL): N_("Drop it: the coming week is full."),
}
_PILE: Final = N_(
    "{open} old posts stand open, and two at a time are enough. Settle the oldest first; "
    "as advised, {left} stay for today."
)
_OFFERS: Final = {
    Size.SMALLER: N_(
        "{channel}: {weeks} weeks in a row below the goal. A smaller rhythm that is kept does more: {rhythm}."
    ),
    Size.LARGER: N_("{channel}: {weeks} weeks in a row at the goal. If you like, more often: {rhythm}."),
}


def advice_words(advice: Advice, speak: Speak, day: Callable[[date], str]) -> str:
    """A sentence for a post; ``day`` writes a day as the reader is used to."""
    return speak(_WORDS[advice.step, advice.reason]).format(day=advice.day and day(advice.day))


def pile_words(advice: Collection[Advice], speak: Speak) -> str:
    """What to say of more old posts than should stand open at a time, going by the advice for each; else nothing."""
    if len(advice) <= MOST_OPEN:
        return ""
    left = sum(each.step is Step.POST for each in advice)
    return speak(_PILE).format(open=len(advice), left=left)


def offer_words(size: Size, channel: str, weeks: int, rhythm: str, speak: Speak) -> str:
    """A sentence for a rhythm that is offered."""
    return speak(_OFFERS[size]).format(channel=channel, weeks=weeks, rhythm=rhythm)
