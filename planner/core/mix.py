"""What a month is made of: conversation, something useful, advertising; and whether it tips over.

A third is conversation, a third useful, and of five posts one at most is advertising. Of few posts a part is rounded in
favour of the month: of four one may be advertising, and of four one has to be conversation and one useful.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from planner.core.consistency import standing
from planner.core.model import Mix, Post, Standing
from planner.core.spoken import Speak
from planner.core.thirds import least, most
from planner.language import MONTHS, N_

_NOT_MADE: Final = (Standing.SKIPPED, Standing.MISSED)


class Tilt(StrEnum):
    """How a month tips over."""

    PROMOTION = "promotion"
    DIALOGUE = "dialogue"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class MonthMix:
    """How many posts of a month are of each kind."""

    dialogue: int
    value: int
    promotion: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.dialogue + self.value + self.promotion

    @property
    def tilts(self) -> tuple[Tilt, ...]:
        """How it tips over: advertising above one in five, conversation or usefulness below a third; or not at all."""
        found = []
        if self.promotion > most(self.total):
            found.append(Tilt.PROMOTION)
        if self.dialogue < least(self.total):
            found.append(Tilt.DIALOGUE)
        if self.value < least(self.total):
            found.append(Tilt.VALUE)
        return tuple(found)


def month_mix(posts: Iterable[Post], month: date, today: date, grace_days: int) -> MonthMix:
    """The mix of the posts due in the month of a local day: made, or still to be made; not the skipped and missed.

    A round of answering is conversation, but no post: it has no pillar, and weighs nothing here.
    """
    kinds = [
        post.pillar.mix
        for post in posts
        if post.pillar is not None
        and (post.due_local.year, post.due_local.month) == (month.year, month.month)
        and standing(post, today, grace_days) not in _NOT_MADE
    ]
    return MonthMix(*(kinds.count(kind) for kind in (Mix.DIALOGUE, Mix.VALUE, Mix.PROMOTION)))


_TILTS: Final = {
    Tilt.PROMOTION: N_(
        "Much advertising: {promotion} of {total} posts in {month}. One in five is enough; give one another topic."
    ),
    Tilt.DIALOGUE: N_(
        "Little conversation: {dialogue} of {total} posts in {month}. Aim at a third; ask something, or thank somebody."
    ),
    Tilt.VALUE: N_(
        "Little that is useful: {value} of {total} posts in {month}. Aim at a third; give a tip, or show how you work."
    ),
}


def tilt_words(mix: MonthMix, month: date, speak: Speak) -> list[str]:
    """A sentence for each way in which the month of a day tips over."""
    name = speak(MONTHS[month.month - 1])
    return [
        speak(_TILTS[tilt]).format(
            month=name, promotion=mix.promotion, dialogue=mix.dialogue, value=mix.value, total=mix.total
        )
        for tilt in mix.tilts
    ]
