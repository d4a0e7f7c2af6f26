"""What is left to post: how long ideas and drafts last, and what could be written down before they are used up.

Every slot has a suggested text anyway. So who works with ideas is told when these run out, and who lives on what is
suggested when that begins to come again. Said once a week at most.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from planner import catalogue
from planner.actions import occasions
from planner.actions.plan import season
from planner.core import localtime, runway
from planner.core.model import Business, Cadence, Mix, Pillar, Purpose, Window
from planner.core.repeats import first_repeats
from planner.core.weeks import Week
from planner.errors import PlannerError
from planner.render import PostTexts
from planner.store.queries import cadences, channels, ideas, posts, suggestions

ENOUGH: Final = 2  # weeks
SUGGESTED: Final = 3
_LONGEST_LEAD: Final = 60  # days
_AROUND: Final = timedelta(days=70)
_LATELY: Final = timedelta(weeks=13)  # who wrote nothing down for that long lives on what is suggested
_PLANNED: Final = timedelta(weeks=53)


@dataclass(frozen=True, slots=True)
class Supply:
    """That ideas and drafts last for less than two weeks: the whole weeks, and titles of what would fit now.

    For who lives on suggested texts ``repeats`` are the channels on which these come again, and from which local day.
    """

    weeks: int
    suggestions: tuple[str, ...]
    repeats: tuple[tuple[str, date], ...] = ()


def running_out(tx: Connection, business: Business, texts: PostTexts, now: datetime) -> Supply | None:
    """What to say of the supply at ``now``; None if it lasts, or nothing asks for it."""
    start = localtime.wall(now, business.timezone)
    active = [
        each for each in cadences.of_business(tx, business.id, active_on=start) if each.purpose is Purpose.POSTING
    ]
    if not ideas.any_lately(tx, business.id, now - _LATELY):
        return _of_texts(tx, business, active, texts, start, now)
    counted, taken = ideas.counts(tx, business.id)
    left = Counter[int | None](posts.drafted(tx, business.id, start))
    for channel_id, _pillar, count in counted:
        left[channel_id] += count
    weeks = runway.runway(runway.pace(active, start, business.timezone), left).weeks
    if weeks is None or weeks >= ENOUGH:
        return None
    kept = {pillar for _channel_id, pillar, _count in counted}
    return Supply(int(weeks), _suggestions(tx, business, active, texts, (kept, taken), start, now))


def repeats_of(tx: Connection, business: Business, now: datetime) -> dict[int, date]:
    """From which local day on each channel's suggested texts come again, as far as posts are planned; by channel id."""
    start = localtime.wall(now, business.timezone)
    return first_repeats(suggestions.of_channels(tx, business.id, start + _PLANNED), start.date())


def _of_texts(
    tx: Connection, business: Business, active: Sequence[Cadence], texts: PostTexts, start: datetime, now: datetime
) -> Supply | None:
    """Said from two weeks before suggested texts come again on a channel to two weeks after: it is no reproach."""
    running = {cadence.channel_id for cadence in active}
    near = Window(start.date() - timedelta(weeks=ENOUGH), start.date() + timedelta(weeks=ENOUGH))
    found = {key: day for key, day in repeats_of(tx, business, now).items() if key in running and day in near}
    if not found:
        return None
    names = {key: channel.name for key, channel in channels.by_ids(tx, set(found)).items()}
    again = tuple(sorted(((names[key], day) for key, day in found.items()), key=lambda each: each[1]))
    taken = ideas.counts(tx, business.id)[1]
    left = max(0, (again[0][1] - start.date()).days // 7)
    return Supply(left, _suggestions(tx, business, active, texts, (set(), taken), start, now), again)


def _suggestions(
    tx: Connection,
    business: Business,
    active: Iterable[Cadence],
    texts: PostTexts,
    there: tuple[set[Pillar], set[str]],
    start: datetime,
    now: datetime,
) -> tuple[str, ...]:
    """Titles of what would fit now; ``there`` are the pillars of ideas that wait, and the days that have one."""
    channel_ids = {cadence.channel_id for cadence in active}
    near = posts.neighbours(tx, sorted(channel_ids), Window(start - _AROUND, start + _AROUND))
    used = {post.prompt for line in near.values() for post in line}
    kept, taken = there
    found = [*_of_days(business, taken, now), *_of_prompts(business, texts, kept, used, start)]
    return tuple(dict.fromkeys(found))[:SUGGESTED]


def fields(supply: Supply | None) -> dict[str, Any] | None:
    """The same as JSON values."""
    if supply is None:
        return None
    repeats = [{"channel": name, "from": day.isoformat()} for name, day in supply.repeats]
    return {"weeks": supply.weeks, "suggestions": list(supply.suggestions), "repeats": repeats}


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
