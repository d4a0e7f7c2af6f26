"""A look inside a SQLite file, by the planner's SQLite: two in one process would not see each other's locks."""

from contextlib import closing
from pathlib import Path

from planner.store.driver import sqlite3


def rows(file: Path) -> list[str]:
    """Every table's statement and every row, as text."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = [name for name, sql in found if (sql or "").startswith("CREATE TABLE")]
        each = [f"{name}: {row!r}" for name in tables for row in database.execute(f'SELECT * FROM "{name}"')]
    return [f"{name}: {sql}" for name, sql in found] + each
