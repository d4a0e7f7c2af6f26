"""An update that makes a table anew to which others refer: done by a real start of the program, and no row is lost."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from faults.installation import MORNING, Installation
from planner.store import schema
from planner.store.database import Database
from planner.store.driver import sqlite3

# Parents of all there is: on SQLite, dropping them with foreign keys on would take every post and mail along.
ANEW = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None
def upgrade():
    for table in ("business", "channel", "cadence", "post"):
        with op.batch_alter_table(table, recreate="{recreate}") as batch:
            batch.alter_column("created_at", nullable=False)
"""
# The program of tomorrow, in which there is one step more.
TOMORROW = """
from pathlib import Path
from planner.store import schema
schema.STEPS, schema.HEAD = Path({steps!r}), "9999"
"""


def rows(installation: Installation) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    database = Database(installation.address)
    with database.read() as tx:
        names = set(inspect(tx).get_table_names()) - {"alembic_version"}
        found = {name: sorted(map(tuple, tx.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in names}
    database.close()
    return found


def tomorrow(tmp_path: Path, recreate: str) -> str:
    """The code that puts the program of tomorrow in place of this one."""
    steps = tmp_path / "steps"
    shutil.copytree(schema.STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    (steps / "versions" / "9999_tomorrow.py").write_text(ANEW.format(head=schema.HEAD, recreate=recreate))
    return TOMORROW.format(steps=str(steps))


@pytest.mark.full
def test_a_table_with_children_is_made_anew(installation: Installation, tmp_path: Path) -> None:
    assert installation.run(MORNING, "tick") == 0
    assert installation.run(MORNING, "done", "1") == 0
    assert installation.run(MORNING, "pause", "add", "--from", "2026-12-24", "--to", "2027-01-03") == 0
    before = rows(installation)
    assert all(before[name] for name in ("business", "channel", "cadence", "post", "pause", "outbox", "reminder"))
    sqlite = installation.address.startswith("sqlite")
    code = tomorrow(tmp_path, "always" if sqlite else "never")
    assert installation.sabotaged(code, MORNING, "post", "list") == 0
    assert rows(installation) == before
    assert installation.sabotaged(code, MORNING, "tick") == 0, "and it goes on from there"
    if sqlite:
        check_file(installation)


def check_file(installation: Installation) -> None:
    """The file is whole, and a copy was made of what it was."""
    file = Database(installation.address).file
    assert file is not None
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [copy.name for copy in (file.parent / "backups").glob("*9999*")]
