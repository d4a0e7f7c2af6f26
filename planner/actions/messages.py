"""What a person does with a mail in the outbox: send it again, close it unsent; and see one before it is written."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.actions.compose import Composed, Composer
from planner.core import localtime
from planner.core.model import Business, Message, MessageKind, MessageState
from planner.core.reminders import Occurrence, expires, key, next_after
from planner.errors import UsageError
from planner.language import N_
from planner.store.queries import outbox

_LIFE: Final = timedelta(hours=12)
CAN_GO_AGAIN: Final = outbox.FINAL | {MessageState.PENDING}


class InHand(UsageError):
    message = N_("This mail is on its way just now. Look again in a few minutes.")
    http_status = 409


class NotWaiting(UsageError):
    message = N_("This mail does not wait any more; nothing was changed.")
    http_status = 409


def send_again(tx: Connection, business: Business, message_id: int, now: datetime) -> None:
    """Let a mail go out at once: a closed one again, a waiting one without waiting. Raises NoSuchMessage, InHand."""
    message = of_business(tx, business, message_id)
    if message.state not in CAN_GO_AGAIN:
        raise InHand
    outbox.retry(tx, message, now, now + _LIFE)


def close_unsent(tx: Connection, business: Business, message_id: int) -> None:
    """Close a mail that waits or did not get through without sending it. Raises NoSuchMessage, NotWaiting."""
    if not outbox.drop(tx, of_business(tx, business, message_id)):
        raise NotWaiting


def of_business(tx: Connection, business: Business, message_id: int) -> Message:
    """A mail of a business. Raises NoSuchMessage."""
    message = outbox.get(tx, message_id)
    if message.business_id != business.id:
        raise outbox.NoSuchMessage(id=message_id)
    return message


def coming(kind: MessageKind, business: Business, now: datetime) -> Occurrence | None:
    """The next mail of a kind: tomorrow's digest, this evening's nudge, Monday's summary; None if switched off."""
    today = localtime.today(now, business.timezone)
    return next_after(kind, business, today if kind is MessageKind.DIGEST else None, now)


def preview(tx: Connection, composer: Composer, business: Business, kind: MessageKind, coming: Occurrence) -> Composed:
    """A mail as it would be written at its hour if nobody did anything until then. Nothing is stored."""
    message = Message(
        id=0,
        key=key(kind, business.id, coming.day),
        kind=kind,
        business_id=business.id,
        recipient=business.email,
        local_date=coming.day,
        due_at=coming.at,
        expires_at=expires(kind, business, coming),
        next_try_at=coming.at,
        state=MessageState.PENDING,
    )
    (job,) = composer.brief(tx, [message], coming.at)
    return composer.write(job, coming.at)
