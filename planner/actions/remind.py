"""Reminders: when each mail is next owed, and putting what is owed into the outbox.

Nothing is sent here. A row of the outbox is made once a local date (its key says so), whatever becomes of the
hour, the zone or the clock; after a time away there is one mail and not one for every day.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from planner.actions import broken, steps
from planner.actions.broken import CannotWrite
from planner.core import localtime, reminders
from planner.core.agenda import agenda
from planner.core.consistency import paused
from planner.core.model import Business, MessageKind, MessageState
from planner.core.reminders import Digest, Occurrence
from planner.language import N_, kept
from planner.store.queries import briefings, businesses, outbox
from planner.store.queries import reminders as rows
from planner.store.queries.briefings import Briefing

log = logging.getLogger("planner.remind")

_AGAIN_AFTER_ERROR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many mails were put into the outbox, whether there is more to look at, and what went wrong."""

    added: int
    more: bool
    errors: tuple[CannotWrite, ...] = ()


def schedule(tx: Connection, business: Business, now: datetime) -> None:
    """Write down when each mail is next owed; also after the hour, the zone or a switch has changed.

    A date that was handled stays handled. A mail switched on now begins with its next hour.
    """
    known = rows.of_business(tx, business.id)
    for kind in reminders.SCHEDULED:
        before = known.get(kind)
        handled = before.day - timedelta(days=1) if before else None
        rows.put(tx, business.id, kind, reminders.next_after(kind, business, handled, now))


def remind(tx: Connection, now: datetime, *, limit: int = 200) -> Reminded:
    """Put the mails that are owed by ``now`` into the outbox, and note when each is owed next.

    A business whose data is broken is noted, asked about again in an hour, and does not hold up the others.
    """
    due = rows.due(tx, now, limit)
    if not due:
        return Reminded(0, more=False)
    found = briefed(tx, {business_id for business_id, _, _ in due}, now)
    added, errors = 0, []
    broken.mended(tx, [f"{kind}:{business_id}" for business_id, kind, _ in due])
    for business_id, kind, since in due:
        briefing = found[business_id]
        try:
            if isinstance(briefing, Exception):
                raise briefing
            added += _remind_one(tx, briefing, kind, since.day, now)
        except DBAPIError:
            raise
        except Exception as error:  # one broken business must not hold up the others
            rows.postpone(tx, business_id, kind, now + _AGAIN_AFTER_ERROR)
            log.error("the %s of business %s cannot be decided", kind, business_id, exc_info=error)
            name = businesses.name_of(tx, business_id)
            errors.append(CannotWrite(business=name, reason=broken.reason(error)))
            broken.note(tx, f"{kind}:{business_id}", errors[-1])
    return Reminded(added, len(due) == limit, tuple(errors))


def briefed(tx: Connection, business_ids: Iterable[int], now: datetime) -> dict[int, Briefing | Exception]:
    """The briefings of businesses; if one cannot be read, its error stands in its place."""
    wanted = sorted(business_ids)
    try:
        return dict(briefings.of(tx, wanted, now, (steps.ahead(), steps.platforms())))
    except (ValueError, LookupError, TypeError) as error:
        if len(wanted) == 1:
            return {wanted[0]: error}
        return {key: value for each in wanted for key, value in briefed(tx, [each], now).items()}


def owed_to(briefing: Briefing, kind: MessageKind, now: datetime) -> Digest | None:
    """What a digest or nudge would hold at ``now``; None if nothing is owed or it is switched off."""
    business = briefing.business
    today = localtime.today(now, business.timezone)
    day = agenda(briefing.open_posts, today, business.grace_days, reminders.DAYS_AHEAD)
    if kind is MessageKind.DIGEST:
        making = steps.next_of(day.upcoming + day.later, business, briefing.channels, briefing.pauses, today)
        return reminders.digest(day, business, briefing.pauses, making) if business.digest_on else None
    return reminders.nudge(day, briefing.pauses) if business.nudge_time else None


def _remind_one(tx: Connection, briefing: Briefing, kind: MessageKind, since: date, now: datetime) -> int:
    business = briefing.business
    owed = reminders.latest(kind, business, since, now)
    made = 0
    if owed and now < reminders.expires(kind, business, owed) and _is_owed(briefing, kind, now):
        if kind is MessageKind.DIGEST and since < owed.day:
            _note_time_away(tx, business, since, now)
        made = _put(tx, business, kind, owed, now)
    handled = owed.day if owed else since - timedelta(days=1)
    rows.put(tx, business.id, kind, reminders.next_after(kind, business, handled, now))
    return made


def _is_owed(briefing: Briefing, kind: MessageKind, now: datetime) -> bool:
    """Whether there is something to say; whether a week has anything to sum up is seen when it is written."""
    if kind is not MessageKind.SUMMARY:
        return owed_to(briefing, kind, now) is not None
    return not paused(localtime.today(now, briefing.business.timezone), None, briefing.pauses)


def _put(tx: Connection, business: Business, kind: MessageKind, owed: Occurrence, now: datetime) -> int:
    late = now - owed.at > timedelta(minutes=15)
    return outbox.add(
        tx,
        key=reminders.key(kind, business.id, owed.day),
        kind=kind.value,
        business_id=business.id,
        recipient=business.email,
        local_date=owed.day,
        due_at=owed.at,
        expires_at=reminders.expires(kind, business, owed),
        next_try_at=reminders.not_at_night(business, owed.at, now) if late else owed.at,
        state=MessageState.PENDING.value,
        created_at=now,
    )


def _note_time_away(tx: Connection, business: Business, day: date, now: datetime) -> None:
    """A row for the first day that passed while nobody was here, closed at once: the next mail tells of it."""
    midnight = localtime.instant(datetime.combine(day, business.digest_time), business.timezone)
    outbox.add(
        tx,
        key=reminders.key(MessageKind.DIGEST, business.id, day),
        kind=MessageKind.DIGEST.value,
        business_id=business.id,
        recipient=business.email,
        local_date=day,
        due_at=midnight,
        expires_at=midnight,
        next_try_at=midnight,
        state=MessageState.EXPIRED.value,
        error=kept(N_("The planner was not running.")),
        lost_at=now,
        created_at=now,
    )
