"""How long after its day a post is made: the days between planned and posted, and what they say together.

A delay counts local calendar days, from the day a post was due (one moved to tomorrow is due tomorrow) to the day it
was made. Paused days do not count, so a post due in the holidays and made on the first day after them is on its day.
Made before its day it is early, a negative delay: counted apart, and not as if it had been on its day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from typing import Final

from planner.core import localtime
from planner.core.consistency import Counted, paused
from planner.core.model import Pause, Window

SOON: Final = 2  # days later that are no reason to worry


@dataclass(frozen=True, slots=True)
class Delays:
    """The delays of some posts, sorted: ``count`` in all, and how many of them were how late.

    ``usual`` is the median in days, of an even number the smaller of the two in the middle; None without any post.
    """

    count: int = 0
    early: int = 0
    same_day: int = 0
    soon: int = 0
    later: int = 0
    usual: int | None = None


def delay(due: date, made: date, channel_id: int, pauses: Sequence[Pause]) -> int:
    """The days from a due day to the one on which a post was made; paused ones do not count."""
    if made <= due:
        return (made - due).days
    closed = [p for p in pauses if p.channel_id in (None, channel_id) and p.first <= made and p.last >= due]
    if not closed:
        return (made - due).days
    days = (due + timedelta(days=n) for n in range((made - due).days + 1))
    return max(sum(not paused(day, channel_id, closed) for day in days) - 1, 0)


def delays(posts: Iterable[Counted], days: Window[date], pauses: Sequence[Pause], timezone: str) -> Delays:
    """The delays of the posts that were made on local days of a half-open window."""
    instants = localtime.instants(days, timezone)
    found = [
        delay(post.due_local.date(), localtime.today(post.posted_at, timezone), post.channel_id, pauses)
        for post in posts
        if post.posted_at and post.posted_at in instants
    ]
    if not found:
        return Delays()
    return Delays(
        count=len(found),
        early=sum(each < 0 for each in found),
        same_day=found.count(0),
        soon=sum(0 < each <= SOON for each in found),
        later=sum(each > SOON for each in found),
        usual=median_low(found),
    )
