"""What advice costs, with the catalogue read and as the first question of a process."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bench.measure import Result, in_turns, process
from planner.actions.advise import advice_for, first_weeks
from planner.core.advice import Ages, Answers, Customers, Helper
from planner.core.model import Business
from planner.render import PostTexts

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
ANSWERS = Answers(
    trade="bakery", customers=Customers.BOTH, ages=tuple(Ages), country="DE", region="BY",
    likes=("text", "image", "video", "audio"), minutes=600, helper=Helper.FILMER,
)  # fmt: skip
_FIRST = "from planner.core.advice import Answers; from planner.actions.advise import advice_for; advice_for(Answers())"
MOST = 0.05  # seconds


def results() -> Iterator[Result]:
    """The advice alone; with its first four weeks; and all in a process that has read nothing, against its imports."""
    business = Business(
        id=1, name="B", timezone="Europe/Berlin", language="de", country="DE", region="BY", trade="bakery",
        created_at=NOW,
    )  # fmt: skip
    texts = PostTexts()
    alone, shown = in_turns(
        lambda: advice_for(ANSWERS), lambda: first_weeks(business, advice_for(ANSWERS), texts, NOW), rounds=51
    )
    yield _row("advice", alone)
    yield _row("advice with its first four weeks", shown)
    imports, first = in_turns(process("-c", "import planner.actions.advise"), process("-c", _FIRST), rounds=11)
    detail = f"{first * 1000:.0f} ms / {imports * 1000:.0f} ms: 26 files of platforms, and the adviser's, are read"
    yield Result("the first advice of a process / importing what it needs", first / imports, "–", None, detail)


def _row(what: str, seconds: float) -> Result:
    return Result(what, seconds * 1000, "≤ 50", seconds <= MOST, "26 platforms, 600 minutes", "ms")
