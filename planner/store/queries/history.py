"""What happened to posts: written with every change, read by the post's page."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from planner.core.model import Deed, Event
from planner.store.tables import history


def add(tx: Connection, post_id: int, at: datetime, what: Deed, detail: str = "") -> None:
    """Note what somebody did with a post, at an instant."""
    tx.execute(insert(history).values(post_id=post_id, at=at, what=what.value, detail=detail))


def of_post(tx: Connection, post_id: int, *, skip: int = 0, limit: int = 100) -> list[Event]:
    """What was done with a post, the latest first."""
    wanted = select(history).where(history.c.post_id == post_id).order_by(history.c.id.desc())
    return [Event(row.at, Deed(row.what), row.detail) for row in tx.execute(wanted.offset(skip).limit(limit))]
