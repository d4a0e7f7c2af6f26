"""A third of a month's posts is conversation and a third useful: how many that are, and which kind a month lacks.

Of few posts a part is rounded down, in favour of the month: of two none has to be either, of three one of each.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from planner.core.model import Mix

THIRD: Final = 3


def least(total: int) -> int:
    """How many of so many posts have to be conversation, and how many useful."""
    return total // THIRD


class Months:
    """What the local months of a business hold so far, all channels together. Asked for every post that is planned."""

    def __init__(self, there: Iterable[tuple[datetime, Mix]] = ()) -> None:
        """``there`` are posts: when they are due (naive local), and their kind."""
        self._counted: dict[tuple[int, int], list[int]] = {}  # conversation, what is useful, all
        for due, mix in there:
            self.put(due, mix)

    def put(self, due: datetime, mix: Mix) -> None:
        """Take note of a post."""
        counted = self._of(due)
        counted[2] += 1
        if mix is Mix.DIALOGUE:
            counted[0] += 1
        elif mix is Mix.VALUE:
            counted[1] += 1

    def lacks(self, due: datetime, mix: Mix) -> Mix | None:
        """The kind of which a month would hold too little with one more post of ``mix``; None if of neither."""
        dialogue, value, total = self._of(due)
        wanted = least(total + 1)
        if dialogue < wanted and dialogue + (mix is Mix.DIALOGUE) < wanted:
            return Mix.DIALOGUE
        if value < wanted and value + (mix is Mix.VALUE) < wanted:
            return Mix.VALUE
        return None

    def _of(self, due: datetime) -> list[int]:
        key = due.year, due.month
        if (counted := self._counted.get(key)) is None:
            counted = self._counted[key] = [0, 0, 0]
        return counted
