"""A test mail: through the outbox like every other, but at once and only once, with the reason if it fails."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection

from planner.actions.deliver import Sender
from planner.core import localtime
from planner.core.model import Business, Message, MessageKind, MessageState
from planner.errors import NoAddress
from planner.notify import Reply
from planner.store.queries import outbox


def send_test(sender: Sender, business: Business) -> Reply:
    """Send a test mail to the business and say what the other side answered.

    Raises NoAddress, and DeliveryFailed whose sentence says what is wrong. If it gets through, a way out that was
    resting and an address that had refused mail are in use again.
    """
    if not business.email and sender.transport.needs_address:
        raise NoAddress(name=business.name)
    key = f"{MessageKind.TEST}:{business.id}:{uuid4().hex}"

    def take(tx: Connection, now: datetime) -> Sequence[Message]:
        outbox.forgive(tx, business.email)
        _add(tx, key, business, now)
        return outbox.claim_key(tx, key, sender.owner, now)

    return sender.deliver_now(take)


def _add(tx: Connection, key: str, business: Business, now: datetime) -> None:
    outbox.add(
        tx,
        key=key,
        kind=MessageKind.TEST.value,
        business_id=business.id,
        recipient=business.email,
        local_date=localtime.today(now, business.timezone),
        due_at=now,
        expires_at=now + timedelta(hours=1),
        next_try_at=now,
        state=MessageState.PENDING.value,
        created_at=now,
    )
