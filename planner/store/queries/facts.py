"""Facts about this installation: its id, the password's hash."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from planner.store.tables import fact


def get(tx: Connection, name: str) -> str | None:
    """The value of a fact, or None."""
    found: str | None = tx.execute(select(fact.c.value).where(fact.c.name == name)).scalar()
    return found


def put(tx: Connection, name: str, value: str, *, keep: bool = False) -> str:
    """Write a fact; with ``keep`` one that is there stays. The value that holds now."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(fact).values(name=name, value=value)
    if keep:
        tx.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
    else:
        tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
    return get(tx, name) or value
