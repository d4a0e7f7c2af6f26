"""The outbox: rows of mail, claimed with a lease, frozen, sent, and never forgotten.

Every change of a claimed row names its lease (owner and sequence) and says whether it still held: a late finisher
changes nothing. On PostgreSQL claims pass over each other's rows, on SQLite writers begin IMMEDIATE.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, exists, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from planner.core.model import Message, MessageState
from planner.errors import NotFound
from planner.language import N_
from planner.store.rows import as_message
from planner.store.tables import address, outbox, transport

LEASE: Final = timedelta(minutes=20)
_WAITING: Final = MessageState.PENDING.value
HELD: Final = (MessageState.LEASED.value, MessageState.DATA_STARTED.value)
FINAL: Final = frozenset(
    {
        MessageState.SENT,
        MessageState.DEAD,
        MessageState.EXPIRED,
        MessageState.SUPERSEDED,
        MessageState.SUPPRESSED,
    }
)


REFUSALS: Final = 2  # so often may an address refuse mail before it is sent none
_SEEN_TO: Final = {"lost_at": None, "alarming": False}


class NoSuchMessage(NotFound):
    message = N_("There is no message {id}. See “planner outbox” for the ones there are.")


def add(tx: Connection, **values: Any) -> bool:
    """Put a mail into the outbox; False if its key is there already. It may go from ``next_try_at`` on."""
    values.setdefault("ready_at", values["next_try_at"])
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(outbox).values(**values).on_conflict_do_nothing(index_elements=["key"])
    return tx.execute(statement.returning(outbox.c.id)).first() is not None


def get(tx: Connection, message_id: int) -> Message:
    """A message by id. Raises NoSuchMessage."""
    row = tx.execute(select(outbox).where(outbox.c.id == message_id)).first()
    if row is None:
        raise NoSuchMessage(id=message_id)
    return as_message(row)


def recent(tx: Connection, business_id: int | None, limit: int) -> list[Message]:
    """The newest messages, of one business or of all."""
    statement = select(outbox).order_by(outbox.c.due_at.desc(), outbox.c.id.desc()).limit(limit)
    if business_id is not None:
        statement = statement.where(outbox.c.business_id == business_id)
    return [as_message(row) for row in tx.execute(statement)]


def listed(tx: Connection, business_id: int, *, skip: int, limit: int) -> list[Message]:
    """The messages of a business without their bytes, newest first."""
    light = [column for column in outbox.c if column is not outbox.c.mime]
    newest = outbox.c.due_at.desc(), outbox.c.id.desc()
    statement = select(*light, null().label("mime")).where(outbox.c.business_id == business_id).order_by(*newest)
    return [as_message(row) for row in tx.execute(statement.offset(skip).limit(limit))]


def expire(tx: Connection, now: datetime) -> int:
    """Close the waiting mails that are stale; how many."""
    stale = (outbox.c.state == _WAITING) & (outbox.c.next_try_at <= now) & (outbox.c.expires_at <= now)
    gone = {"state": MessageState.EXPIRED.value, "mime": None, "lost_at": now, "alarming": True}
    return tx.execute(update(outbox).where(stale).values(**gone)).rowcount


def claim(tx: Connection, owner: str, now: datetime, limit: int) -> list[Message]:
    """Take up to ``limit`` waiting mails whose time has come, oldest first, with a lease."""
    ready = (
        select(outbox.c.id)
        .where(outbox.c.state == _WAITING, outbox.c.next_try_at <= now)
        .order_by(outbox.c.next_try_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = tx.execute(ready).scalars().all()
    if not ids:
        return []
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(ids), outbox.c.state == _WAITING)
        .values(
            state=MessageState.LEASED.value,
            lease_owner=owner,
            lease_until=now + LEASE,
            lease_seq=outbox.c.lease_seq + 1,
        )
        .returning(*outbox.c)
    )
    found = [as_message(row) for row in tx.execute(taken)]
    return sorted(found, key=lambda message: (message.next_try_at, message.id))


def waits(tx: Connection, now: datetime) -> bool:
    """Whether a mail's time has come; a question to one index."""
    ready = select(outbox.c.id).where(outbox.c.state == _WAITING, outbox.c.next_try_at <= now).limit(1)
    return tx.execute(ready).first() is not None


_LEASE_HOLDS: Final = (
    (outbox.c.id == bindparam("held_id"))
    & (outbox.c.lease_owner == bindparam("held_owner"))
    & (outbox.c.lease_seq == bindparam("held_seq"))
)
# Built once: these two run for every single mail.
_START: Final = (
    update(outbox)
    .where(_LEASE_HOLDS, outbox.c.state != MessageState.PENDING.value)
    .values(
        state=MessageState.DATA_STARTED.value,
        lease_until=bindparam("until"),
        recipient=bindparam("to"),
        mime=bindparam("bytes"),
        message_id=bindparam("name"),
        mime_sha256=bindparam("sum"),
    )
)
_SENT: Final = (
    update(outbox)
    .where(_LEASE_HOLDS, outbox.c.state != MessageState.SENT.value)
    .values(
        state=MessageState.SENT.value,
        lease_until=None,
        attempts=bindparam("tries"),
        reply_code=bindparam("code"),
        reply_text=bindparam("said"),
        error="",
        sent_at=bindparam("moment"),
    )
)


def start_data(tx: Connection, message: Message, now: datetime) -> bool:
    """Note that the bytes of a mail are about to go out, and keep them to be sent again if need be.

    The lease begins anew. False if it is no longer ours.
    """
    values = {
        "until": now + LEASE,
        "to": message.recipient,
        "bytes": message.mime,
        "name": message.message_id,
        "sum": hashlib.sha256(message.mime or b"").hexdigest(),
    }
    return bool(tx.execute(_START, {**_lease(message), **values}).rowcount == 1)


def sent(tx: Connection, message: Message, code: int, said: str, moment: datetime) -> bool:
    """Note that a mail was taken. False if somebody else has claimed it since.

    That its lease ran out does not matter as long as nobody did.
    """
    values = {"tries": message.attempts + 1, "code": code, "said": said, "moment": moment}
    return bool(tx.execute(_SENT, {**_lease(message), **values}).rowcount == 1)


def finish(
    tx: Connection, message: Message, state: MessageState, lost_at: datetime | None = None, **values: Any
) -> bool:
    """Close a claimed mail unsent, for good. False if the lease is no longer ours.

    ``lost_at`` is now for one that should have got through; then somebody is to be told.
    """
    lost = {"lost_at": lost_at, "alarming": lost_at is not None}
    return _held(tx, message, {"state": state.value, "lease_until": None, **lost, **values})


def give_back(tx: Connection, message: Message, next_try_at: datetime, **values: Any) -> bool:
    """Let a claimed mail wait again until ``next_try_at``. False if the lease is no longer ours."""
    waiting = {"state": _WAITING, "lease_until": None, "next_try_at": next_try_at}
    return _held(tx, message, {**waiting, **values})


def reap(tx: Connection, now: datetime) -> tuple[int, int]:
    """Free the mails whose lease ran out: how many surely unsent, how many of which nobody knows.

    The latter will be sent again byte for byte, marked ambiguous.
    """
    over = outbox.c.lease_until <= now
    free = {"state": _WAITING, "lease_until": None, "next_try_at": now}
    unsent = update(outbox).where(over, outbox.c.state == MessageState.LEASED.value).values(**free)
    unknown = (
        update(outbox)
        .where(over, outbox.c.state == MessageState.DATA_STARTED.value)
        .values(**free, ambiguous=True, repeats=outbox.c.repeats + 1)
    )
    return tx.execute(unsent).rowcount, tx.execute(unknown).rowcount


def retry(tx: Connection, message: Message, now: datetime, expires_at: datetime) -> None:
    """Let a closed mail be sent again, as a person asked for; it is written afresh, and its address forgiven."""
    fresh = {"attempts": 0, "repeats": 0, "error": "", "ambiguous": False, **_SEEN_TO}
    values = {"state": _WAITING, "next_try_at": now, "ready_at": now, "expires_at": expires_at, **fresh}
    tx.execute(update(outbox).where(outbox.c.id == message.id).values(**values))
    forgive(tx, message.recipient)


def drop(tx: Connection, message: Message) -> bool:
    """Close a mail unsent, as a person asked for: one that waits, or that did not get through. False for any other."""
    open_ = or_(outbox.c.state == _WAITING, outbox.c.lost_at.is_not(None))
    values = {"state": MessageState.SUPPRESSED.value, "mime": None, **_SEEN_TO}
    return bool(tx.execute(update(outbox).where(outbox.c.id == message.id, open_).values(**values)).rowcount)


def close_waiting(tx: Connection, why: str) -> int:
    """Close every mail that waits or is in somebody's hands, unsent; how many.

    Nobody owns them any more: in a copy a lease may have a number that its owner has come to since.
    """
    open_ = outbox.c.state.in_([_WAITING, *HELD])
    closed = {
        "state": MessageState.SUPPRESSED.value,
        "mime": None,
        "error": why,
        "lease_owner": "",
        "lease_until": None,
    }
    return tx.execute(update(outbox).where(open_).values(**closed, lease_seq=outbox.c.lease_seq + 1)).rowcount


def wipe(tx: Connection, before: datetime) -> int:
    """Forget the bytes of mails closed before an instant: they carry live links. How many."""
    old = outbox.c.mime.is_not(None) & (outbox.c.due_at < before) & outbox.c.state.in_([s.value for s in FINAL])
    return tx.execute(update(outbox).where(old).values(mime=None)).rowcount


def counts(tx: Connection) -> dict[str, int]:
    """How many mails are in each state, and how many went out twice (``ambiguous``)."""
    found = {row[0]: row[1] for row in tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))}
    repeated = select(func.count()).select_from(outbox).where(outbox.c.repeats > 0)
    return {**found, "ambiguous": tx.execute(repeated).scalar_one()}


def stuck(tx: Connection) -> tuple[datetime | None, bool]:
    """Since when the mail may go that has waited longest, however often it was tried (None: none waits); and whether
    mails were lost that nobody has seen to.
    """
    waiting = (outbox.c.state == _WAITING) & outbox.c.ready_at.is_not(None)
    oldest = select(outbox.c.ready_at).where(waiting).order_by(outbox.c.ready_at).limit(1).scalar_subquery()
    lost = exists().where(outbox.c.lost_at.is_not(None), outbox.c.alarming)
    row = tx.execute(select(oldest, lost)).one()
    return row[0], bool(row[1])


def _lease(message: Message) -> dict[str, Any]:
    return {"held_id": message.id, "held_owner": message.lease_owner, "held_seq": message.lease_seq}


def _held(tx: Connection, message: Message, values: Mapping[str, Any]) -> bool:
    mine = update(outbox).where(_LEASE_HOLDS, outbox.c.state.in_(HELD)).values(**values)
    return bool(tx.execute(mine, _lease(message)).rowcount == 1)


# --- the way out, and addresses that refused ------------------------------------------------------------


def way_out(tx: Connection, name: str) -> tuple[int, datetime | None, str]:
    """How often a transport failed in a row, until when it rests, and why."""
    row = tx.execute(select(transport).where(transport.c.name == name)).first()
    return (row.failures, row.paused_until, row.reason) if row else (0, None, "")


def failing(tx: Connection) -> list[tuple[str, datetime | None, str]]:
    """The transports that fail: name, resting until, reason."""
    rows = tx.execute(select(transport).where(transport.c.failures > 0))
    return [(row.name, row.paused_until, row.reason) for row in rows]


def set_way_out(tx: Connection, name: str, **values: Any) -> None:
    """Write down how a transport is doing."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(transport).values(name=name, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def end_rests(tx: Connection) -> None:
    """Let every way out that rests be tried at once: a person has seen to it."""
    tx.execute(update(transport).values(paused_until=None))


def works(tx: Connection, name: str, now: datetime) -> None:
    """Note that a transport works; faults of another that was set before concern nobody any more."""
    tx.execute(transport.delete().where(transport.c.name != name, transport.c.failures > 0))
    set_way_out(tx, name, failures=0, reason="", paused_until=None, last_sent_at=now)


def blame(tx: Connection, recipient: str, reason: str, now: datetime) -> None:
    """Note that an address refused mail for good."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(address).values(address=recipient, failures=1, reason=reason, failed_at=now)
    again = {"failures": address.c.failures + 1, "reason": reason, "failed_at": now}
    tx.execute(statement.on_conflict_do_update(index_elements=["address"], set_=again))


def refused(tx: Connection, recipients: Iterable[str]) -> dict[str, str]:
    """Of some addresses those that refused mail twice or more, with the reason."""
    wanted = address.c.address.in_(set(recipients))
    rows = tx.execute(select(address).where(wanted, address.c.failures >= REFUSALS))
    return {row.address: row.reason for row in rows}


def forgive(tx: Connection, recipient: str) -> None:
    """Forget the refusals of an address: it accepted mail, or its owner corrected it."""
    tx.execute(address.delete().where(address.c.address == recipient))
