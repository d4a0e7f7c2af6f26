"""A newer release meets an older database full of rows: a folder with this program and one step more, as processes.

The step makes tables anew which others refer to: on SQLite by copying, so that foreign keys, were they on, would take
children with them or cut them off; on PostgreSQL by writing the columns anew.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select

from faults.installation import MORNING, Installation
from planner.resources import folder
from planner.store import schema
from planner.store.database import Database
from planner.store.tables import metadata

pytestmark = [pytest.mark.full, pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")]

NEXT = "9999"
# post refers to cadence by ON DELETE SET NULL, to channel by CASCADE, as all the others do to business.
PARENTS = {"business": "name", "channel": "name", "cadence": "rrule", "post": "title"}
STEP = f"""
import os, signal
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = {NEXT!r}, {schema.HEAD!r}, None, None

def upgrade():
    for table, column in {PARENTS!r}.items():
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.Text(), existing_nullable=False, type_=sa.String(400))
            batch.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="red"))
        {{then}}
"""


def released(place: Path, then: str = "pass") -> list[str]:
    """The command of a newer release: after each table that its step makes anew it does what ``then`` says."""
    package = Path(schema.__file__).parent.parent
    shutil.copytree(package, place / "planner", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("schedules", "templates"):
        shutil.copytree(folder(name), place / name, dirs_exist_ok=True)
    store = place / "planner" / "store"
    text = (store / "schema.py").read_text("utf-8")
    assert f'HEAD: Final = "{schema.HEAD}"' in text
    (store / "schema.py").write_text(text.replace(f'"{schema.HEAD}"', f'"{NEXT}"'), "utf-8")
    (store / "migrations" / "versions" / f"{NEXT}_colours.py").write_text(STEP.replace("{then}", then), "utf-8")
    program = f"import sys; sys.path.insert(0, {str(place)!r}); from planner.cli import main; main(sys.argv[1:])"
    return [sys.executable, "-c", program]


@pytest.fixture
def lived_in(installation: Installation) -> Installation:
    """A second business, and rows in every table that a person or a tick fills."""
    both = ("--business", "Huber")
    words = ("--timezone", "America/Havana", "--email", "maier@example.org")
    assert installation.run("2026-11-30T12:00", "business", "add", "Maier", *words) == 0
    for command in (
        ("pause", "add", "--from", "2026-12-24", "--to", "2026-12-31", "--reason", "Weihnachten"),
        ("post", "add", "1", "2026-12-01T10:00", "--title", "Süß", "--text", "größer, 5 €"),
        ("feed", "new"),
        ("done", "1"),
        ("post", "skip", "2"),
    ):
        assert installation.run("2026-11-30T12:00", *both, *command) == 0, command
    assert installation.run(MORNING, "tick") == 0
    return installation


def rows(address: str) -> dict[str, list[dict[str, Any]]]:
    """Every value of every table, without the columns that a newer release added."""
    database = Database(address)
    with database.read() as tx:
        found = {
            table.name: [dict(row) for row in tx.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in metadata.sorted_tables
        }
    database.close()
    return found


def columns(address: str) -> dict[str, set[str]]:
    """Of every table the names of its columns, as they are."""
    database = Database(address)
    with database.read() as tx:
        found = {
            name: {column["name"] for column in inspect(tx).get_columns(name)} for name in inspect(tx).get_table_names()
        }
    database.close()
    return found


def week(installation: Installation) -> Any:
    """The first business's week as the program tells it: any command brings the database up to date first."""
    return json.loads(installation.said(MORNING, "--business", "Huber", "week", "--json"))


def test_tables_with_children_made_anew_keep_every_row(lived_in: Installation, tmp_path: Path) -> None:
    """Also what only refers to them: every value is as it was, and mails go out by the newer release alone."""
    older, newer = lived_in.program, released(tmp_path / "newer")
    before, told = rows(lived_in.address), week(lived_in)
    assert {name for name, found in before.items() if found} >= {*PARENTS, "pause", "feed", "outbox", "reminder"}
    assert sum(post["cadence_id"] is not None for post in before["post"]) > 20
    lived_in.program = newer
    assert week(lived_in) == told
    after = rows(lived_in.address)
    assert {name: len(found) for name, found in after.items()} == {name: len(found) for name, found in before.items()}
    assert after == before
    lived_in.program = older
    assert lived_in.run("2026-12-03T08:00", "tick") == 1, "it is too new for the older one"
    lived_in.program = newer
    assert len(lived_in.server.taken) == 1
    assert lived_in.run("2026-12-03T08:00", "tick") == 0
    assert len(lived_in.server.taken) == 2


def test_killed_while_tables_with_children_are_made_anew(lived_in: Installation, tmp_path: Path) -> None:
    """With two of them done and two to do: all is as it was, the older release goes on, and the newer begins again."""
    dies = "table == 'channel' and os.kill(os.getpid(), signal.SIGKILL)"
    older, newer = lived_in.program, released(tmp_path / "newer")
    lived_in.program = released(tmp_path / "dies", dies)
    before = columns(lived_in.address), rows(lived_in.address)
    assert lived_in.run(MORNING, "--business", "Huber", "week") == -signal.SIGKILL
    assert (columns(lived_in.address), rows(lived_in.address)) == before
    lived_in.program = older
    assert lived_in.run(MORNING, "tick") == 0
    lived_in.program, kept = newer, rows(lived_in.address)
    week(lived_in)
    assert rows(lived_in.address) == kept
    assert all("colour" in columns(lived_in.address)[table] for table in PARENTS)
