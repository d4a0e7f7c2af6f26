"""Rows of the outbox that a clock which ran ahead made or put off."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, String, case, cast, update

from planner.core.model import MessageState
from planner.core.retry import LONGEST
from planner.store.queries.outbox import HELD, LEASE
from planner.store.tables import outbox, transport

_A_NIGHT: Final = timedelta(days=1)
_EARLY: Final = timedelta(hours=12)
_A_LITTLE: Final = timedelta(minutes=10)


def hasten(tx: Connection, now: datetime) -> None:
    """Let nothing wait longer than a clock that was right could have put it off: mails, leases, the way out."""
    waiting = (outbox.c.state == MessageState.PENDING.value) & (outbox.c.next_try_at > now + _A_NIGHT)
    owed = waiting & (outbox.c.due_at <= now)
    tx.execute(update(outbox).where(owed).values(next_try_at=now, ready_at=now))
    tx.execute(update(outbox).where(outbox.c.lease_until > now + LEASE).values(lease_until=now + LEASE))
    tx.execute(update(transport).where(transport.c.paused_until > now + LONGEST).values(paused_until=None))


def free_dates(tx: Connection, now: datetime, why: str) -> int:
    """Give the keys of mails that are due, or were made, in the future free, so that their dates are owed again.

    How many. One that went out keeps its key unless that was more than twelve hours early, one in somebody's hands in
    any case; one that waits is closed unsent.
    """
    made_ahead = (outbox.c.due_at > now + _A_LITTLE) | (outbox.c.created_at > now + _A_LITTLE)
    unsent = outbox.c.state.not_in([MessageState.SENT.value, *HELD]) & made_ahead
    early = (outbox.c.state == MessageState.SENT.value) & (outbox.c.due_at > now + _EARLY)
    waits = outbox.c.state == MessageState.PENDING.value
    freed = {
        "key": outbox.c.key + ":ahead:" + cast(outbox.c.id, String),
        "state": case((waits, MessageState.SUPERSEDED.value), else_=outbox.c.state),
        "error": case((waits, why), else_=outbox.c.error),
        "lost_at": None,
        "alarming": False,
    }
    return tx.execute(update(outbox).where(unsent | early).values(**freed)).rowcount
