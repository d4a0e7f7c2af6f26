"""Seeing what is owed, and putting it into the outbox: once a local date, whatever the clock did.

The table ``reminder`` says when each kind of mail is next owed, so a tick with nothing due asks one index. What
was missed while nobody was running is caught up with one mail, never with a pile.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.actions.overview import agenda_of, summary_of
from planner.core import localtime, reminders
from planner.core.model import Business, MessageKind, MessageState
from planner.core.reminders import SCHEDULED, Digest, Occurrence
from planner.core.weeks import Week
from planner.store.queries import businesses, outbox, pauses
from planner.store.queries import reminders as rows

_PUNCTUAL: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many mails were put into the outbox, and whether more may be owed."""

    added: int
    more: bool


def schedule(tx: Connection, business: Business, now: datetime) -> None:
    """Write down when each kind is next owed to a business: at its set-up, and after an hour or zone changed."""
    for kind in SCHEDULED:
        handled = rows.last_handled(tx, business.id, kind)
        rows.put(tx, business.id, kind, reminders.next_after(kind, business, handled, now))


def remind(tx: Connection, now: datetime, *, limit: int = 200) -> Reminded:
    """Put what is owed by ``now`` into the outbox, for at most ``limit`` businesses and kinds."""
    owed = rows.due(tx, now, limit)
    added = sum(_handle(tx, business_id, kind, occurrence, now) for business_id, kind, occurrence in owed)
    return Reminded(added, more=len(owed) == limit)


def digest_of(tx: Connection, business: Business, now: datetime) -> Digest | None:
    """What this morning's mail would hold at ``now``; None if nothing is owed."""
    today = localtime.today(now, business.timezone)
    agenda = agenda_of(tx, business, now)
    return reminders.digest(agenda, business, pauses.of_business(tx, business.id, since=today))


def nudge_of(tx: Connection, business: Business, now: datetime) -> Digest | None:
    """What this evening's nudge would hold at ``now``; None if nothing is owed."""
    today = localtime.today(now, business.timezone)
    return reminders.nudge(agenda_of(tx, business, now), pauses.of_business(tx, business.id, since=today))


def _handle(tx: Connection, business_id: int, kind: MessageKind, occurrence: Occurrence, now: datetime) -> bool:
    business = businesses.get(tx, business_id)
    today = localtime.today(now, business.timezone)
    day = _latest(kind, occurrence.day, today)
    if day > occurrence.day and kind is MessageKind.DIGEST:
        _note_absence(tx, business, occurrence, now)
    current = reminders.occurrence(kind, business, day)
    if current is None or current.at > now:
        rows.put(tx, business_id, kind, current)
        return False
    added = _owed(tx, kind, business, day, now) and _put(tx, kind, business, day, current.at, now)
    rows.put(tx, business_id, kind, reminders.next_after(kind, business, day, now))
    return added


def _latest(kind: MessageKind, day: date, today: date) -> date:
    """The newest date that is owed by today, when several went by."""
    if kind is MessageKind.SUMMARY:
        return day + timedelta(days=(today - day).days // 7 * 7)
    return max(day, today)


def _owed(tx: Connection, kind: MessageKind, business: Business, day: date, now: datetime) -> bool:
    match kind:
        case MessageKind.DIGEST:
            return digest_of(tx, business, now) is not None
        case MessageKind.NUDGE:
            return nudge_of(tx, business, now) is not None
    summary = summary_of(tx, business, Week.of(day).plus(-1), now)
    return any(line.this.goal or line.this.planned or line.this.posted for line in summary.channels)


def _put(
    tx: Connection, kind: MessageKind, business: Business, day: date, due_at: datetime, now: datetime
) -> bool:
    expires = reminders.expires(kind, business, day, due_at)
    late = now - due_at > _PUNCTUAL
    start = reminders.after_quiet(business, now) if late else due_at
    return outbox.add(
        tx,
        key=reminders.key(kind, business.id, day),
        kind=kind.value,
        business_id=business.id,
        recipient=business.email,
        local_date=day,
        due_at=due_at,
        expires_at=expires,
        next_try_at=start,
        state=(MessageState.PENDING if start < expires else MessageState.EXPIRED).value,
        created_at=now,
    )


def _note_absence(tx: Connection, business: Business, occurrence: Occurrence, now: datetime) -> None:
    """Leave a trace of the first morning nobody was running, so that the next digest can say so."""
    outbox.add(
        tx,
        key=reminders.key(MessageKind.DIGEST, business.id, occurrence.day),
        kind=MessageKind.DIGEST.value,
        business_id=business.id,
        recipient=business.email,
        local_date=occurrence.day,
        due_at=occurrence.at,
        expires_at=occurrence.at,
        next_try_at=occurrence.at,
        state=MessageState.EXPIRED.value,
        created_at=now,
    )
