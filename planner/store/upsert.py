"""INSERT … ON CONFLICT for the database at hand; each dialect is imported only where it is used."""

from typing import Any

from sqlalchemy import Connection, Table


def insert_into(tx: Connection, table: Table) -> Any:
    """An insert that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table)
