"""When each kind of mail is next owed to a business: one row a business and kind."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from planner.core.model import MessageKind
from planner.core.reminders import Occurrence
from planner.store.tables import reminder
from planner.store.upsert import insert_into


def put(tx: Connection, business_id: int, kind: MessageKind, occurrence: Occurrence | None) -> None:
    """Write down when a kind is next owed; None takes it off the list."""
    if occurrence is None:
        mine = (reminder.c.business_id == business_id) & (reminder.c.kind == kind.value)
        tx.execute(delete(reminder).where(mine))
        return
    values = {"next_date": occurrence.day, "next_at": occurrence.at}
    statement = insert_into(tx, reminder).values(business_id=business_id, kind=kind.value, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["business_id", "kind"], set_=values))


def due(tx: Connection, now: datetime, limit: int) -> list[tuple[int, MessageKind, Occurrence]]:
    """What is owed by ``now``, longest waiting first: business, kind, occurrence."""
    columns = (reminder.c.business_id, reminder.c.kind, reminder.c.next_date, reminder.c.next_at)
    statement = select(*columns).where(reminder.c.next_at <= now).order_by(reminder.c.next_at, reminder.c.id)
    return [
        (row.business_id, MessageKind(row.kind), Occurrence(row.next_date, row.next_at))
        for row in tx.execute(statement.limit(limit).with_for_update(skip_locked=True))
    ]


def of_business(tx: Connection, business_id: int) -> dict[MessageKind, Occurrence]:
    """When each kind is next owed to a business."""
    rows = tx.execute(select(reminder).where(reminder.c.business_id == business_id))
    return {MessageKind(row.kind): Occurrence(row.next_date, row.next_at) for row in rows}


def postpone(tx: Connection, business_id: int, kind: MessageKind, until: datetime) -> None:
    """Ask about a kind again at an instant; its date stays."""
    mine = (reminder.c.business_id == business_id) & (reminder.c.kind == kind.value)
    tx.execute(update(reminder).where(mine).values(next_at=until))


def beyond(tx: Connection, daily: datetime, weekly: datetime) -> list[tuple[int, MessageKind]]:
    """The businesses and kinds next owed after an instant, which is another one for what comes once a week."""
    is_weekly = reminder.c.kind == MessageKind.SUMMARY.value
    far = (reminder.c.next_at > daily) & (~is_weekly | (reminder.c.next_at > weekly))
    rows = tx.execute(select(reminder.c.business_id, reminder.c.kind).where(far).order_by(reminder.c.id))
    return [(row.business_id, MessageKind(row.kind)) for row in rows]
