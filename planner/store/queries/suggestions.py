"""Which suggested texts the posts of a business were made of."""

from datetime import datetime

from sqlalchemy import Connection, select

from planner.core.model import Purpose, Status
from planner.core.repeats import Suggested
from planner.store.tables import post


def of_channels(tx: Connection, business_id: int, until: datetime) -> list[Suggested]:
    """The suggested texts of posts due before a naive local moment, in due order; not of those worked on or skipped."""
    statement = (
        select(post.c.channel_id, post.c.due_local, post.c.prompt, post.c.status)
        .where(
            post.c.business_id == business_id,
            post.c.purpose == Purpose.POSTING.value,
            post.c.due_local < until,
            post.c.prompt != "",
            post.c.edited.is_(False),
            post.c.status != Status.SKIPPED.value,
        )
        .order_by(post.c.due_local, post.c.id)
    )
    return [Suggested(*row[:3], made=row.status == Status.POSTED.value) for row in tx.execute(statement)]
