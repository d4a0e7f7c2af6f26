"""What is owed to whom, and when: morning digest, evening nudge, Monday summary.

Each is owed once a local date, and its key says so: ``digest:3:2026-10-25``. When it is owed next is local time
first: a changed hour or zone only moves the instant, and a date that was handled is never handled again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from planner.core import localtime
from planner.core.agenda import Agenda
from planner.core.consistency import paused, standing
from planner.core.model import Business, MessageKind, Pause, Post, Standing
from planner.core.rounds import Round
from planner.core.steps import NextStep
from planner.core.weeks import Week

SCHEDULED: Final = (MessageKind.DIGEST, MessageKind.NUDGE, MessageKind.SUMMARY)
DAYS_AHEAD: Final = 3
OLD_SHOWN: Final = 10
MISSED_ASKED_FOR: Final = timedelta(days=14)
_DIGEST_LIFE: Final = timedelta(hours=12)
_SUMMARY_LIFE: Final = timedelta(hours=48)
_SHORTEST_LIFE: Final = timedelta(minutes=30)
_END_OF_DAY: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """When a kind of mail is owed: the local date it belongs to, and the instant it is due."""

    day: date
    at: datetime


def next_after(kind: MessageKind, business: Business, handled: date | None, now: datetime) -> Occurrence | None:
    """The first occurrence after the local date ``handled``, and not before today; None if switched off.

    Today's occurrence counts although its hour has passed: it was not handled yet. For a mail that begins now
    (``handled`` is None) it does not: nobody wants the morning's mail on the afternoon of a first start.
    """
    clock = _clock(kind, business)
    if clock is None:
        return None
    today = localtime.today(now, business.timezone)
    day = today if handled is None else max(today, handled + timedelta(days=1))
    if handled is None and _at(day, clock, business) <= now:
        day += timedelta(days=1)
    if kind is MessageKind.SUMMARY:
        day += timedelta(days=-day.weekday() % 7)
    elif not _is_shown(day, business):
        day += timedelta(days=1)
    return Occurrence(day, _at(day, clock, business))


def latest(kind: MessageKind, business: Business, since: date, now: datetime) -> Occurrence | None:
    """The last occurrence on or after the local date ``since`` whose hour has come; None if none has.

    After a time away it is the only one of many that may still be said.
    """
    clock = _clock(kind, business)
    if clock is None:
        return None
    day = localtime.today(now, business.timezone)
    if kind is MessageKind.SUMMARY:
        day -= timedelta(days=day.weekday())
    if _at(day, clock, business) > now:
        day -= timedelta(days=7 if kind is MessageKind.SUMMARY else 1)
        if kind is not MessageKind.SUMMARY and not _is_shown(day, business):
            day -= timedelta(days=1)
    return Occurrence(day, _at(day, clock, business)) if day >= since else None


def key(kind: MessageKind, business_id: int, day: date) -> str:
    """The outbox key of a mail of a local date; a summary is named after the week it tells of."""
    what = Week.of(day).plus(-1) if kind is MessageKind.SUMMARY else day
    return f"{kind}:{business_id}:{what}"


def expires(kind: MessageKind, business: Business, occurrence: Occurrence) -> datetime:
    """When a mail is stale: a digest twelve hours on and two hours before midnight, a summary after two days."""
    if kind is MessageKind.SUMMARY:
        return occurrence.at + _SUMMARY_LIFE
    evening = _at(occurrence.day + timedelta(days=1), time(), business) - _END_OF_DAY
    return max(min(occurrence.at + _DIGEST_LIFE, evening), occurrence.at + _SHORTEST_LIFE)


def not_at_night(business: Business, due_at: datetime, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into.

    The hour an owner chose for a mail is never quiet: a mail due in quiet hours may also be late in them.
    """
    end = _end_of_quiet(business, moment)
    return moment if end is None or _end_of_quiet(business, due_at) is not None else end


@dataclass(frozen=True, slots=True)
class Digest:
    """What a morning mail holds: due today, still open (at most two in full, newest), coming up in three days.

    ``more_open`` counts the open ones not shown; ``steps`` are those of making a video that are due or late; ``rounds``
    of answering are one line together, however many.
    """

    today: date
    due: tuple[Post, ...]
    still_open: tuple[Post, ...]
    more_open: int
    upcoming: tuple[Post, ...]
    steps: tuple[NextStep, ...] = ()
    rounds: tuple[Round, ...] = ()


def digest(
    agenda: Agenda, business: Business, pauses: Sequence[Pause], steps: Sequence[NextStep] = ()
) -> Digest | None:
    """The digest of a day; None when nothing is owed.

    It is owed when something is due today, a round of answering too, or still open: late, or missed in the last two
    weeks; or when today is the day of a step that is not done. What comes up, and a step that stays late, is shown
    beside it but does not make a mail of its own. On a paused day nothing is owed; posts of a paused channel are left
    out.
    """
    today = agenda.today

    def mattering(posts: Sequence[Post]) -> list[Post]:
        return [post for post in posts if not paused(today, post.channel_id, pauses)]

    if paused(today, None, pauses):
        return None
    due = mattering(agenda.due)
    still = [
        post
        for post in mattering(agenda.still_open)
        if standing(post, today, business.grace_days) is Standing.LATE
        or today - post.due_local.date() <= MISSED_ASKED_FOR
    ]
    rounds = [each for each in agenda.rounds if not paused(today, each.post.channel_id, pauses)]
    making = [step for step in steps if not paused(today, step.post.channel_id, pauses)]
    if not due and not rounds and not still and not any(step.begins for step in making):
        return None
    last = today + timedelta(days=DAYS_AHEAD)
    upcoming = [post for post in mattering(agenda.upcoming) if post.due_local.date() <= last]
    return Digest(today, tuple(due), tuple(still[-OLD_SHOWN:]), max(0, len(still) - OLD_SHOWN), tuple(upcoming),
                  tuple(step for step in making if step.placed.day <= today), tuple(rounds))  # fmt: skip


def nudge(agenda: Agenda, pauses: Sequence[Pause]) -> Digest | None:
    """The evening's nudge: what was due today and is still open; None when nothing is. Answering is left in peace."""
    due = [post for post in agenda.due if not paused(agenda.today, post.channel_id, pauses)]
    return Digest(agenda.today, tuple(due), (), 0, ()) if due else None


def _is_shown(day: date, business: Business) -> bool:
    """Whether the zone has that date: who crosses the date line leaves one out (Samoa, 30 December 2011)."""
    return localtime.real_wall(datetime.combine(day, time(12)), business.timezone).date() == day


def _at(day: date, clock: time, business: Business) -> datetime:
    return localtime.instant(datetime.combine(day, clock), business.timezone)


def _end_of_quiet(business: Business, moment: datetime) -> datetime | None:
    local = localtime.wall(moment, business.timezone)
    start, end, clock = business.quiet_from, business.quiet_until, local.time()
    over_midnight = start > end
    quiet = clock >= start or clock < end if over_midnight else start <= clock < end
    if not quiet:
        return None
    return _at(local.date() + timedelta(days=over_midnight and clock >= start), end, business)


def _clock(kind: MessageKind, business: Business) -> time | None:
    match kind:
        case MessageKind.DIGEST:
            return business.digest_time if business.digest_on else None
        case MessageKind.NUDGE:
            return business.nudge_time
        case MessageKind.SUMMARY:
            return business.digest_time if business.summary_on else None
    return None
