"""Facts about this installation: its id, the password's hash, where its page was last to be found."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, and_, delete, or_, select

from planner.store.tables import fact
from planner.store.upsert import insert_into

ADDRESS: Final = "address"


def get(tx: Connection, name: str) -> str | None:
    """The value of a fact, or None."""
    found: str | None = tx.execute(select(fact.c.value).where(fact.c.name == name)).scalar()
    return found


def put(tx: Connection, name: str, value: str, *, keep: bool = False) -> str:
    """Write a fact; with ``keep`` one that is there stays. The value that holds now."""
    statement = insert_into(tx, fact).values(name=name, value=value)
    if keep:
        tx.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
    else:
        tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
    return get(tx, name) or value


def beginning(tx: Connection, prefix: str) -> dict[str, str]:
    """The facts whose names begin so."""
    rows = tx.execute(select(fact).where(fact.c.name >= prefix, fact.c.name < prefix + "\U0010ffff"))
    return {row.name: row.value for row in rows}


def named_or_beginning(tx: Connection, name: str, prefix: str) -> dict[str, str]:
    """The fact of a name, if there is one, and those whose names begin with a prefix; one question."""
    wanted = or_(fact.c.name == name, and_(fact.c.name >= prefix, fact.c.name < prefix + "\U0010ffff"))
    return {row.name: row.value for row in tx.execute(select(fact).where(wanted))}


def remove(tx: Connection, names: Collection[str]) -> None:
    """Forget facts."""
    if names:
        tx.execute(delete(fact).where(fact.c.name.in_(names)))
