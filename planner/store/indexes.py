"""The partial indexes. They stand apart because naming a dialect's option imports that dialect, which costs the command
line 30 ms; only migrations and the test that compares them with the tables need to know.
"""

from sqlalchemy import ColumnElement, Index

from planner.store.tables import outbox, post


def _partial(name: str, *columns: ColumnElement[object], where: ColumnElement[bool]) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


_partial("ix_post_open", post.c.business_id, post.c.due_local, where=post.c.status.in_(("planned", "drafted")))
_partial("ix_outbox_pending", outbox.c.next_try_at, where=outbox.c.state == "pending")
_partial("ix_outbox_ready", outbox.c.ready_at, where=outbox.c.state == "pending")
_partial("ix_outbox_lost", outbox.c.business_id, outbox.c.lost_at, where=outbox.c.lost_at.is_not(None))
_partial("ix_outbox_leased", outbox.c.lease_until, where=outbox.c.lease_until.is_not(None))
