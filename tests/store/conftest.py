"""A database with nothing in it, and the steps that build ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from planner.store import schema
from planner.store.database import Database

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(schema.STEPS)).walk_revisions()))]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it, once on each engine."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/planner.db")
    else:
        database = Database(request.getfixturevalue("postgres_address"))
        with database.write() as tx:
            tx.execute(text("DROP SCHEMA public CASCADE"))
            tx.execute(text("CREATE SCHEMA public"))
    yield database
    database.close()
