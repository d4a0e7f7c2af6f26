"""The backlog: ideas that wait, and which post one became. An idea is open while it has no post."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from planner.core.model import Idea, Pillar
from planner.errors import NotFound, PlannerError
from planner.language import N_
from planner.store.rows import as_idea
from planner.store.tables import idea

_IN_ORDER = case({pillar.value: place for place, pillar in enumerate(Pillar)}, value=idea.c.pillar)


class NoSuchIdea(NotFound):
    message = N_("There is no idea {id}. See “planner idea list” for the ones there are.")


class IdeaChangedMeanwhile(PlannerError):
    """Somebody else changed, used or removed the idea between reading and writing."""

    message = N_("Somebody else has changed this idea in the meantime. Nothing of yours is lost: both are below.")
    http_status = 409


def add(tx: Connection, **values: Any) -> Idea:
    """Store an idea."""
    key = tx.execute(insert(idea).values(**values)).inserted_primary_key
    return get(tx, values["business_id"], key[0] if key else 0)


def get(tx: Connection, business_id: int, idea_id: int) -> Idea:
    """An idea of a business by id, used or not. Raises NoSuchIdea."""
    row = tx.execute(select(idea).where(idea.c.business_id == business_id, idea.c.id == idea_id)).first()
    if row is None:
        raise NoSuchIdea(id=idea_id)
    return as_idea(row)


def backlog(tx: Connection, business_id: int, *, skip: int = 0, limit: int | None = None) -> list[Idea]:
    """The open ideas, by pillar, in each the latest first."""
    wanted = select(idea).where(_open(business_id)).order_by(_IN_ORDER, idea.c.id.desc()).offset(skip).limit(limit)
    return [as_idea(row) for row in tx.execute(wanted)]


def counts(tx: Connection, business_id: int) -> tuple[list[tuple[int | None, Pillar, int]], set[str]]:
    """How many open ideas there are, by channel (None for any) and pillar; and of which occasions any was made."""
    waits = idea.c.post_id.is_(None).label("waits")
    wanted = select(idea.c.channel_id, idea.c.pillar, idea.c.occasion, waits, func.count().label("number"))
    wanted = wanted.where(idea.c.business_id == business_id, waits | (idea.c.occasion != ""))
    rows = tx.execute(wanted.group_by(idea.c.channel_id, idea.c.pillar, idea.c.occasion, waits)).all()
    found = Counter[tuple[int | None, Pillar]]()
    for row in rows:
        if row.waits:
            found[row.channel_id, Pillar(row.pillar)] += row.number
    return [(*where, number) for where, number in found.items()], {row.occasion for row in rows if row.occasion}


def of_occasion(tx: Connection, business_id: int, occasion: str) -> Idea | None:
    """The idea made of a day of a year, used or not."""
    wanted = select(idea).where(idea.c.business_id == business_id, idea.c.occasion == occasion).limit(1)
    row = tx.execute(wanted).first()
    return as_idea(row) if row else None


def any_lately(tx: Connection, business_id: int, since: datetime) -> bool:
    """Whether ideas are in use: one of one's own waits, or since an instant one was written down or became a post.

    One of a day, as advice lays them in, counts only once it became a post.
    """
    own = (idea.c.occasion == "") & idea.c.post_id.is_(None)
    lately = (idea.c.created_at >= since) & ((idea.c.occasion == "") | idea.c.post_id.is_not(None))
    in_use = own | lately
    wanted = select(idea.c.id).where(idea.c.business_id == business_id, in_use).limit(1)
    return tx.execute(wanted).first() is not None


def change(tx: Connection, before: Idea, **values: Any) -> Idea:
    """Change an idea as it was read. Raises IdeaChangedMeanwhile if it is no longer like that."""
    same = (idea.c.id == before.id) & (idea.c.revision == before.revision)
    changed = tx.execute(update(idea).where(same).values(**values, revision=before.revision + 1))
    if changed.rowcount != 1:
        raise IdeaChangedMeanwhile
    return get(tx, before.business_id, before.id)


def remove(tx: Connection, removed: Idea) -> None:
    """Take an idea away for good."""
    tx.execute(delete(idea).where(idea.c.id == removed.id))


def _open(business_id: int) -> Any:
    return (idea.c.business_id == business_id) & idea.c.post_id.is_(None)
