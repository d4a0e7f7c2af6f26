"""A third of a month's posts is conversation, a third useful, and one in five advertises at most: how many that are.

Of few posts a part is rounded in favour of the month: of two none has to be conversation or useful, of three one of
each; and a single post may always advertise.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from planner.core.model import Mix

THIRD: Final = 3
FIFTH: Final = 5


def least(total: int) -> int:
    """How many of so many posts have to be conversation, and how many useful."""
    return total // THIRD


def most(total: int) -> int:
    """How many of so many posts may advertise."""
    return max(1, total // FIFTH)


class Months:
    """What the local months of a business hold so far, all channels together. Asked for every post that is planned."""

    def __init__(self, there: Iterable[tuple[datetime, Mix]] = ()) -> None:
        """``there`` are posts: when they are due (naive local), and their kind."""
        self._counted: dict[tuple[int, int], list[int]] = {}  # conversation, useful, promotion, all
        for due, mix in there:
            self.put(due, mix)

    def put(self, due: datetime, mix: Mix) -> None:
        """Take note of a post."""
        counted = self._of(due)
        counted[3] += 1
        if mix is Mix.DIALOGUE:
            counted[0] += 1
        elif mix is Mix.VALUE:
            counted[1] += 1
        else:
            counted[2] += 1

    def lacks(self, due: datetime, mix: Mix) -> Mix | None:
        """The kind of which a month would hold too little with one more post of ``mix``; None if of neither."""
        dialogue, value, _promotion, total = self._of(due)
        wanted = least(total + 1)
        if dialogue < wanted and dialogue + (mix is Mix.DIALOGUE) < wanted:
            return Mix.DIALOGUE
        if value < wanted and value + (mix is Mix.VALUE) < wanted:
            return Mix.VALUE
        return None

    def advertise(self, due: datetime) -> bool:
        """Whether a month may hold one post more that advertises."""
        _dialogue, _value, promotion, total = self._of(due)
        return promotion + 1 <= most(total + 1)

    def _of(self, due: datetime) -> list[int]:
        key = due.year, due.month
        if (counted := self._counted.get(key)) is None:
            counted = self._counted[key] = [0, 0, 0, 0]
        return counted
