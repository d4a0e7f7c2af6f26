"""Which pillar and which prompt a slot gets: dialogue first, promotion seldom, nothing twice in a row.

A cadence's pillars rotate in their order; ``position`` counts the slots that were given one so far, so that
planning in two goes gives the same as planning at once. What already stands on the channel is looked at: of any
five posts in a row at most one is promotion, and no prompt follows itself. And what stands in the month, on all
channels: where promotion in turn would be more than one in five of it, another pillar takes its turn; and where the
pillar in turn would leave less than a third to conversation or to what is useful, one of those.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from planner.core.model import Mix, Pillar
from planner.core.thirds import FIFTH, Months
from planner.errors import UsageError
from planner.language import N_

DEFAULT_PILLARS: Final = (
    Pillar.QUESTION,
    Pillar.TIP,
    Pillar.THANKS,
    Pillar.BEHIND_THE_SCENES,
    Pillar.LOCAL,
    Pillar.SEASON,
    Pillar.TEAM,
    Pillar.BEFORE_AFTER,
    Pillar.OFFER,
)
PROMOTION_APART: Final = FIFTH


class TooMuchPromotion(UsageError):
    message = N_(
        "At most one post in five may be advertising, and dialogue comes before it. Besides offer or event "
        "name at least four other pillars, one of them question, thanks, team or local."
    )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A post that already stands on the channel."""

    due_local: datetime
    pillar: Pillar
    prompt: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a slot is given: its pillar and the key of its prompt."""

    slot: datetime
    pillar: Pillar
    prompt: str


def check_pillars(pillars: Sequence[Pillar]) -> tuple[Pillar, ...]:
    """The pillars in the order they rotate: as given, each once, promotion last.

    None given means the default. Raises TooMuchPromotion when promotion would come more than once in five, or
    without any dialogue before it.
    """
    wanted = tuple(dict.fromkeys(pillars)) or DEFAULT_PILLARS
    promotion = tuple(pillar for pillar in wanted if pillar.mix is Mix.PROMOTION)
    others = tuple(pillar for pillar in wanted if pillar.mix is not Mix.PROMOTION)
    dialogue = any(pillar.mix is Mix.DIALOGUE for pillar in others)
    if promotion and (len(others) < (PROMOTION_APART - 1) * len(promotion) or not dialogue):
        raise TooMuchPromotion
    return others + promotion


def assign(
    slots: Sequence[datetime],
    pillars: Sequence[Pillar],
    position: int,
    prompts: Mapping[Pillar, Sequence[str]],
    neighbours: Sequence[Neighbour] = (),
    *,
    offset: int = 0,
    months: Months | None = None,
) -> list[Choice]:
    """A pillar and a prompt for each slot of a cadence, in order.

    ``slots`` ascend; ``neighbours`` are the channel's posts around them, in due order. ``position`` counts
    the slots this cadence was given before. Each pillar needs at least three prompts for all promises to hold.
    ``offset`` is where a cadence begins in the lists of prompts, so that channels begun together do not say the same.
    ``months`` are those of the business, and take note of what is given.
    """
    line = _Line(neighbours)
    choices = []
    for number, slot in enumerate(slots, position):
        before, after = line.around(slot)
        pillar = _pillar(pillars, number, before, after)
        if months is not None:
            if pillar.mix is Mix.PROMOTION and not months.advertise(slot):
                pillar = _no_promotion(pillars, number, before[-1:])
            if (lacking := months.lacks(slot, pillar.mix)) is not None:
                pillar = _of_kind(pillars, number, lacking, before[-1:]) or pillar
            months.put(slot, pillar.mix)
        taken = {near.prompt for near in (before[-1:] + after[:1])}
        prompt = _prompt(prompts[pillar], number // len(pillars) + offset, taken)
        choices.append(Choice(slot, pillar, prompt))
        line.put(Neighbour(slot, pillar, prompt))
    return choices


def _pillar(pillars: Sequence[Pillar], number: int, before: Sequence[Neighbour], after: Sequence[Neighbour]) -> Pillar:
    pillar = pillars[number % len(pillars)]
    near = [*before, *after]
    if pillar.mix is not Mix.PROMOTION or all(post.pillar.mix is not Mix.PROMOTION for post in near):
        return pillar
    return _no_promotion(pillars, number, before[-1:])


def _no_promotion(pillars: Sequence[Pillar], number: int, before: Sequence[Neighbour]) -> Pillar:
    """What stands in for promotion: each of the others in turn, but neither the one before nor the next."""
    others = [other for other in pillars if other.mix is not Mix.PROMOTION]
    turn = number // len(pillars) % len(others)
    near = {pillars[(number + 1) % len(pillars)], *(post.pillar for post in before)}
    return next((other for other in others[turn:] + others[:turn] if other not in near), others[turn])


def _of_kind(pillars: Sequence[Pillar], number: int, mix: Mix, before: Sequence[Neighbour]) -> Pillar | None:
    """The next pillar of a kind in turn, if it can be neither the one before nor the one that comes next anyway."""
    turned = [pillars[(number + step) % len(pillars)] for step in range(len(pillars))]
    found = [pillar for pillar in turned if pillar.mix is mix]
    near = {*turned[1:2], *(post.pillar for post in before)}
    return next((pillar for pillar in found if pillar not in near), next(iter(found), None))


def _prompt(prompts: Sequence[str], turn: int, taken: set[str]) -> str:
    for step in range(len(prompts)):
        if (prompt := prompts[(turn + step) % len(prompts)]) not in taken:
            return prompt
    return prompts[turn % len(prompts)]


class _Line:
    """The channel's posts in due order: the ones that were there, and the ones just given."""

    def __init__(self, there: Sequence[Neighbour]) -> None:
        self._there = there
        self._dates = [post.due_local for post in there]
        self._given: list[Neighbour] = []

    def around(self, slot: datetime) -> tuple[list[Neighbour], list[Neighbour]]:
        """The four posts before and the four after a moment; what was just given all lies before."""
        reach = PROMOTION_APART - 1
        if not self._there:
            return self._given[-reach:], []
        at = bisect_left(self._dates, slot)
        before = list(self._there[max(0, at - reach) : at])
        if self._given:
            before = sorted(before + self._given[-reach:], key=lambda post: post.due_local)[-reach:]
        return before, list(self._there[at : at + reach])

    def put(self, post: Neighbour) -> None:
        self._given.append(post)
