"""Databases of a PostgreSQL, used again by the next test: copying the migrated one takes forty times as long.

A database is given out again only if nobody is connected to it, its tables are the very ones that were copied (by the
transaction that made each row of the catalogue), and it is small. Its rows are deleted and their room is given back, so
that rows lie in the order in which they are added, as in a new one. Any other database is dropped.
"""

import time
from itertools import count
from typing import Final

import psycopg
from psycopg import Connection, sql

TEMPLATE: Final = "template_planner"
_VERSION: Final = "alembic_version"  # the one table that has a row from the beginning
_LARGE: Final = 30_000_000  # bytes; a new one has 8 million
_NAMES: Final = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s ORDER BY relname
"""
_FIRST_OF_OURS: Final = 16384  # object identifiers below belong to PostgreSQL
_STATE: Final = "SELECT (SELECT version_num FROM alembic_version), " + ", ".join(
    f"(SELECT md5(string_agg(x.{key}::text || ' ' || x.xmin::text, ',' ORDER BY x.{key}, x.xmin::text))"
    f" FROM {catalogue} x WHERE x.{key} >= {_FIRST_OF_OURS})"
    for catalogue, key in [
        ("pg_class", "oid"), ("pg_attribute", "attrelid"), ("pg_attrdef", "oid"), ("pg_constraint", "oid"),
        ("pg_index", "indexrelid"), ("pg_trigger", "oid"), ("pg_type", "oid"), ("pg_proc", "oid"),
        ("pg_namespace", "oid"),
    ]
)  # fmt: skip


def administer(server: str, statement: str) -> None:
    """Do something to a server; ``server`` is an address with braces where the database's name belongs."""
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


class Emptied:
    """The databases of a server that nobody uses just now."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.free: list[str] = []
        self.numbers = count()
        with self._open(TEMPLATE) as template:
            self.state = template.execute(_STATE).fetchone()
            assert not _filled(template), "only what is empty in the beginning can be emptied"

    def take(self) -> str:
        """The name of a migrated database without rows."""
        if self.free:
            return self.free.pop()
        name = f"test_{next(self.numbers)}"
        administer(self.server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return name

    def give_back(self, name: str) -> None:
        if self._emptied(name):
            self.free.append(name)
        else:
            administer(self.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _emptied(self, name: str) -> bool:
        """Whether it is as new."""
        try:
            with self._open(name) as database:
                if not _left_alone(database) or not self._untouched(database):
                    return False
                _empty(database)
        except psycopg.Error:  # renamed, closed to connections, its version gone
            return False
        return True

    def _untouched(self, database: Connection) -> bool:
        settings = "SELECT count(*) FROM pg_db_role_setting"
        size = "SELECT pg_database_size(current_database())"
        return (
            database.execute(_STATE).fetchone() == self.state
            and database.execute(settings).fetchone() == (0,)
            and (database.execute(size).fetchone() or (0,))[0] < _LARGE
        )

    def _open(self, name: str) -> Connection:
        return psycopg.connect(self.server.format(name), autocommit=True)


def _left_alone(database: Connection) -> bool:
    """Whether all others have hung up; a server takes a moment to notice."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(20):
        if database.execute(others).fetchone() == (0,):
            return True
        time.sleep(0.005)
    return False


def _empty(database: Connection) -> None:
    database.execute("SET session_replication_role = replica")  # no rows are left that could refer to others
    filled = _filled(database)
    for name in filled:
        database.execute(_of("DELETE FROM {}", name))
    for name in filled:
        database.execute(_of("VACUUM {}", name))
    for (name,) in database.execute(_NAMES, ["S"]).fetchall():
        database.execute("SELECT setval(%s::regclass, 1, false)", [name])


def _filled(database: Connection) -> list[str]:
    """The tables that have rows."""
    tables = [name for (name,) in database.execute(_NAMES, ["r"]) if name != _VERSION]
    return [name for name in tables if database.execute(_of("SELECT 1 FROM {} LIMIT 1", name)).fetchone()]


def _of(statement: str, name: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(name))
