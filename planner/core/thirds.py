"""A third of a month's posts is conversation and a third useful: how many that are, and which kind a month lacks.

Of few posts a part is rounded down, in favour of the month: of two none has to be either, of three one of each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from planner.core.model import Mix

THIRD: Final = 3
KINDS: Final = (Mix.DIALOGUE, Mix.VALUE)  # those of which there has to be a third


def least(total: int) -> int:
    """How many of so many posts have to be conversation, and how many useful."""
    return total // THIRD


class Months:
    """What the local months of a business hold so far, all channels together."""

    def __init__(self, there: Iterable[tuple[datetime, Mix]] = ()) -> None:
        """``there`` are posts: when they are due (naive local), and their kind."""
        self._counted: dict[tuple[int, int], Counter[Mix]] = defaultdict(Counter)
        for due, mix in there:
            self.put(due, mix)

    def put(self, due: datetime, mix: Mix) -> None:
        """Take note of a post."""
        self._counted[due.year, due.month][mix] += 1

    def lacks(self, due: datetime, mix: Mix) -> Mix | None:
        """The kind of which a month would hold too little with one more post of ``mix``; None if of neither."""
        counted = self._counted[due.year, due.month]
        wanted = least(counted.total() + 1)
        return next((kind for kind in KINDS if counted[kind] + (kind is mix) < wanted), None)
