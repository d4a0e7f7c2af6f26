"""What the months of businesses hold already, for planning to keep their mix."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from planner.core.model import Mix, Pillar, Purpose, Status, Window
from planner.store.tables import post


def kinds(
    tx: Connection, business_ids: Collection[int], window: Window[datetime]
) -> dict[int, list[tuple[datetime, Mix]]]:
    """When posts of a naive local window are due (naive local) and of which kind, by business.

    Skipped ones do not count, nor do rounds of answering.
    """
    found: dict[int, list[tuple[datetime, Mix]]] = {}
    statement = select(post.c.business_id, post.c.due_local, post.c.pillar).where(
        post.c.business_id.in_(business_ids),
        post.c.due_local >= window.start,
        post.c.due_local < window.end,
        post.c.status != Status.SKIPPED.value,
        post.c.purpose == Purpose.POSTING.value,
    )
    for business_id, due_local, pillar in tx.execute(statement):
        found.setdefault(business_id, []).append((due_local, Pillar(pillar).mix))
    return found
