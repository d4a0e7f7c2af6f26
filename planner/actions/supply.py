"""What is left to post: how long ideas and drafts last, and what could be written down before they are used up.

Said once a week, and only to who has written down an idea before: every slot has a suggested text anyway.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from planner import catalogue
from planner.actions import occasions
from planner.actions.plan import season
from planner.core import localtime, runway
from planner.core.model import Business, Mix, Pillar, Purpose, Window
from planner.core.weeks import Week
from planner.errors import PlannerError
from planner.render import PostTexts
from planner.store.queries import cadences, ideas, posts

ENOUGH: Final = 2  # weeks
SUGGESTED: Final = 3
_LONGEST_LEAD: Final = 60  # days
_AROUND: Final = timedelta(days=70)


@dataclass(frozen=True, slots=True)
class Supply:
    """That ideas and drafts last for less than two weeks: the whole weeks, and titles of what would fit now."""

    weeks: int
    suggestions: tuple[str, ...]


def running_out(tx: Connection, business: Business, texts: PostTexts, now: datetime) -> Supply | None:
    """What to say of the supply at ``now``; None if it lasts, nothing asks for it, or ideas were never used."""
    if not ideas.any_ever(tx, business.id):
        return None
    start = localtime.wall(now, business.timezone)
    counted, taken = ideas.counts(tx, business.id)
    left = Counter[int | None](posts.drafted(tx, business.id, start))
    for channel_id, _pillar, count in counted:
        left[channel_id] += count
    active = [
        each for each in cadences.of_business(tx, business.id, active_on=start) if each.purpose is Purpose.POSTING
    ]
    weeks = runway.runway(runway.pace(active, start, business.timezone), left).weeks
    if weeks is None or weeks >= ENOUGH:
        return None
    channel_ids = {cadence.channel_id for cadence in active}
    near = posts.neighbours(tx, sorted(channel_ids), Window(start - _AROUND, start + _AROUND))
    used = {post.prompt for line in near.values() for post in line}
    kept = {pillar for _channel_id, pillar, _count in counted}
    found = [*_of_days(business, taken, now), *_of_prompts(business, texts, kept, used, start)]
    return Supply(int(weeks), tuple(dict.fromkeys(found))[:SUGGESTED])


def fields(supply: Supply | None) -> dict[str, Any] | None:
    """The same as JSON values."""
    return {"weeks": supply.weeks, "suggestions": list(supply.suggestions)} if supply else None


def _of_days(business: Business, taken: set[str], now: datetime) -> Iterator[str]:
    """Ideas for the days that should be begun by now, the next one first."""
    with suppress(PlannerError):  # a broken file of days keeps no mail from going out
        for each in occasions.coming(business, taken, now, days=_LONGEST_LEAD):
            if each.is_time:
                yield each.occasion.idea(business.language)


def _of_prompts(
    business: Business, texts: PostTexts, kept: set[Pillar], used: set[str], start: datetime
) -> Iterator[str]:
    """Titles of suggested texts that are not planned already; another one each week, promotion never.

    Pillars of which no idea waits come first.
    """
    turn, now = Week.of(start.date()).number, season(start)
    pillars = [pillar for pillar in Pillar if pillar.mix is not Mix.PROMOTION]
    words = catalogue.trade_words(business.trade, business.language, now)
    turned = pillars[turn % len(pillars) :] + pillars[: turn % len(pillars)]
    for pillar in sorted(turned, key=lambda each: each in kept):
        free = [prompt for prompt in texts.prompts(business.language)[pillar] if prompt not in used]
        if not free:
            continue
        with suppress(PlannerError):
            _prompt, text = texts.write_or_next(
                free[turn % len(free)], language=business.language, business=business.name, platform="", season=now,
                **words,
            )  # fmt: skip
            yield text.title
