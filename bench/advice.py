"""What advice costs, with the catalogue read before and with every file of it read anew."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.measure import Result, in_turns
from planner.actions.advise import advice_for, first_weeks
from planner.catalogue import advising
from planner.catalogue.portraits import portrait
from planner.core.advice import Ages, Answers, Customers, Helper
from planner.core.model import Business
from planner.render import PostTexts

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
ANSWERS = Answers(
    trade="bakery", customers=Customers.BOTH, ages=tuple(Ages), country="DE", region="BY",
    likes=("text", "image", "video", "audio"), minutes=600, helper=Helper.FILMER,
)  # fmt: skip
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
    yield _row("advice, every file read anew, in processor time", statistics.median(_anew() for _ in range(21)))


def _anew() -> float:
    """Seconds of the processor: many small files, whose reading a busy disk or neighbour would drown."""
    for kept in (advising.candidates, advising.advising, portrait):
        kept.cache_clear()
    start = time.process_time()
    advice_for(ANSWERS)
    return time.process_time() - start


def _row(what: str, seconds: float) -> Result:
    return Result(what, seconds * 1000, "≤ 50", seconds <= MOST, "26 platforms, 600 minutes", "ms")
