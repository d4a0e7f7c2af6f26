"""Posts put together for looking at them: what is due, still open and coming up; by day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from planner.core import localtime
from planner.core.consistency import paused, standing
from planner.core.model import Pause, Post, Standing, Window
from planner.core.rounds import Round, rounds_of


@dataclass(frozen=True, slots=True)
class Agenda:
    """A day's look at the posts, each part in due order: ``still_open`` are late or missed, oldest first.

    ``later`` are the open ones past the days looked ahead, as far as they were given. Rounds of answering stand apart,
    those of the day alone: what is over is not owed, and what comes needs no preparing.
    """

    today: date
    due: tuple[Post, ...]
    still_open: tuple[Post, ...]
    upcoming: tuple[Post, ...]
    done: tuple[Post, ...]
    later: tuple[Post, ...] = ()
    days_ahead: int = 0
    rounds: tuple[Round, ...] = ()


def agenda(posts: Iterable[Post], today: date, grace_days: int, days_ahead: int, *, timezone: str = "UTC") -> Agenda:
    """Sort posts into a day's agenda; ``upcoming`` reaches ``days_ahead`` days past today.

    ``done`` are the posts due today that were posted or skipped, and those posted today in ``timezone``.
    """
    due, still_open, done = [], [], []
    upcoming: list[Post] = []
    later: list[Post] = []
    last = today + timedelta(days=days_ahead)
    ordered = sorted(posts, key=lambda post: (post.due_local, post.id))
    for post in ordered:
        where = standing(post, today, grace_days)
        if post.is_round and post.open:
            continue
        if where is Standing.DUE:
            due.append(post)
        elif where in (Standing.LATE, Standing.MISSED):
            still_open.append(post)
        elif where is Standing.UPCOMING:
            (upcoming if post.due_local.date() <= last else later).append(post)
        elif today in (post.due_local.date(), post.posted_at and localtime.today(post.posted_at, timezone)):
            done.append(post)
    rounds = rounds_of(ordered, today)
    return Agenda(today, tuple(due), tuple(still_open), tuple(upcoming), tuple(done), tuple(later), days_ahead, rounds)


def by_day(posts: Iterable[Post]) -> dict[date, list[Post]]:
    """The posts of each local day, in due order; days without any are not there."""
    days: dict[date, list[Post]] = {}
    for post in sorted(posts, key=lambda post: (post.due_local, post.id)):
        days.setdefault(post.due_local.date(), []).append(post)
    return days


def free_day(post: Post, still_open: Iterable[Post], days: Window[date], pauses: Collection[Pause]) -> date | None:
    """The first local day of a window on which no open post is due on the post's channel, and it is not paused."""
    taken = {each.due_local.date() for each in still_open if each.channel_id == post.channel_id and not each.is_round}
    for n in range((days.end - days.start).days):
        day = days.start + timedelta(days=n)
        if day not in taken and not paused(day, post.channel_id, pauses):
            return day
    return None
