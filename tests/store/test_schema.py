"""Migrating: old data survives every step, and a step that loses something is undone."""

import shutil
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from alembic.config import Config
from inside import rows
from sqlalchemy import text

from planner.errors import NotADatabase
from planner.store import schema
from planner.store.database import Database
from planner.store.schema import MigrationLostRows, prepare
from store.conftest import REVISIONS

MOMENT = "2026-11-30 08:30:00"


def fill(database: Database) -> None:
    """A business with a channel, a cadence, two posts and a pause, as the first planner wrote them."""
    values = {
        "now": MOMENT if database.is_sqlite else datetime.fromisoformat(MOMENT).replace(tzinfo=UTC),
        "slot": "2026-12-01 09:00:00" if database.is_sqlite else datetime(2026, 12, 1, 9, 0),
        "eight": "08:00:00.000000" if database.is_sqlite else time(8),
        "first": "2026-12-24" if database.is_sqlite else date(2026, 12, 24),
    }
    rows = (
        "INSERT INTO business (id, name, timezone, language, digest_on, digest_time, summary_on, quiet_from,"
        " quiet_until, grace_days, horizon_weeks, created_at)"
        " VALUES (1, 'Bäckerei', 'Europe/Berlin', 'de', true, :eight, true, :eight, :eight, 2, 13, :now)",
        "INSERT INTO channel (id, business_id, platform, name, created_at) VALUES (1, 1, 'gbp', 'Google', :now)",
        "INSERT INTO cadence (id, business_id, channel_id, dtstart, rrule, created_at)"
        " VALUES (1, 1, 1, :slot, 'FREQ=WEEKLY', :now)",
        "INSERT INTO pause (id, business_id, first, last) VALUES (1, 1, :first, :first)",
        "INSERT INTO post (id, uid, business_id, channel_id, cadence_id, slot, due_local, due_at, pillar, status,"
        " created_at, updated_at) VALUES (1, 'a', 1, 1, 1, :slot, :slot, :now, 'tip', 'posted', :now, :now)",
        "INSERT INTO post (id, uid, business_id, channel_id, due_local, due_at, pillar, status,"
        " created_at, updated_at) VALUES (2, 'b', 1, 1, :slot, :now, 'tip', 'planned', :now, :now)",
    )
    with database.write() as tx:
        for row in rows:
            tx.execute(text(row), values)


def counts(database: Database) -> dict[str, int]:
    with database.read() as tx:
        return {name: n for name, n in schema._counts(tx).items() if n}


@pytest.mark.parametrize("revision", REVISIONS)
def test_from_every_earlier_revision(empty: Database, revision: str) -> None:
    """Built as far as that revision, filled, brought up to date: all rows are there."""
    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(schema.STEPS))
    config.set_main_option("path_separator", "os")
    with empty.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, revision)
    fill(empty)
    prepare(empty)
    assert counts(empty) == {"business": 1, "channel": 1, "cadence": 1, "pause": 1, "post": 2}
    with empty.read() as tx:
        assert schema.is_current(tx)


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as it may be one day: a step further. The file of the step, to be written by the test."""
    steps = tmp_path / "100% new" / "migrations"
    shutil.copytree(schema.STEPS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "STEPS", steps)
    monkeypatch.setattr(schema, "HEAD", "9999")
    return steps / "versions" / "9999_tomorrow.py"


def step(what: str) -> str:
    return (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision, branch_labels, depends_on = '9999', {REVISIONS[-1]!r}, None, None\n"
        f"def upgrade():\n    {what}\n"
    )


# On SQLite this makes the table anew: with foreign keys on it would take the posts with it.
BATCH = (
    "with op.batch_alter_table('channel', recreate='auto') as batch:\n"
    "        batch.alter_column('name', new_column_name='title')"
)


@pytest.fixture
def filled(database: Database) -> Database:
    """A planner's database of today with a few rows."""
    fill(database)
    return database


def test_a_table_made_anew_keeps_what_refers_to_it(filled: Database, tomorrow: Path) -> None:
    before = counts(filled)
    tomorrow.write_text(step(BATCH))
    prepare(filled)
    assert counts(filled) == before
    with filled.read() as tx:
        assert tx.execute(text("SELECT title FROM channel")).scalar_one() == "Google"
        if filled.is_sqlite:
            assert tx.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_before_a_step_the_file_is_copied(filled: Database, tomorrow: Path) -> None:
    tomorrow.write_text(step(BATCH))
    backup = prepare(filled)
    if filled.file is None:
        assert backup is None
        return
    assert backup is not None
    assert backup.parent == filled.file.parent / "backups"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert any(line.startswith("channel: (1, 1, 'gbp', 'Google',") for line in rows(backup))
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]
    assert prepare(filled) is None, "nothing to do, nothing to copy"


def test_an_earlier_copy_is_not_overwritten(sqlite_address: str, tomorrow: Path) -> None:
    tomorrow.write_text(step(BATCH))
    database = Database(sqlite_address)
    fill(database)
    first = prepare(database)
    database.close()
    assert first is not None
    assert database.file is not None
    shutil.copy(first, database.file)  # somebody goes back to it, and comes again
    second = prepare(database)
    assert second is not None
    assert second != first
    assert rows(second) == rows(first)
    database.close()


def test_of_several_that_migrate_at_once_one_makes_the_copy(sqlite_address: str, tomorrow: Path) -> None:
    """And it is a copy of what was there before, not of what the quickest of them has made."""
    tomorrow.write_text(step(BATCH))
    database = Database(sqlite_address)
    fill(database)
    database.close()
    assert database.file is not None
    before = rows(database.file)
    program = (
        "from pathlib import Path\n"
        "from planner.store import schema\n"
        "from planner.store.database import Database\n"
        f"schema.STEPS, schema.HEAD = Path({str(schema.STEPS)!r}), '9999'\n"
        f"schema.prepare(Database({sqlite_address!r}))\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert (process.returncode, complaint) == (0, "")
    (backup,) = (database.file.parent / "backups").iterdir()
    assert rows(backup) == before


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("op.execute('DELETE FROM post WHERE id = 2')", MigrationLostRows),
        ("op.drop_table('pause')", MigrationLostRows),
        ("op.execute('INSERT INTO pause (id, nonsense) VALUES (2, 3)')", Exception),
    ],
    ids=["rows", "table", "mistake"],
)
def test_a_step_that_loses_something_is_undone(
    filled: Database, tomorrow: Path, what: str, error: type[Exception]
) -> None:
    before = counts(filled)
    tomorrow.write_text(step(what))
    with pytest.raises(error):
        prepare(filled)
    assert counts(filled) == before
    with filled.read() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == REVISIONS[-1]


def test_a_step_that_leaves_loose_ends_is_undone(sqlite_address: str, tomorrow: Path) -> None:
    """With foreign keys off SQLite would let a post point at a channel that is not there."""
    tomorrow.write_text(step("op.execute('UPDATE post SET channel_id = 77')"))
    database = Database(sqlite_address)
    fill(database)
    with pytest.raises(NotADatabase):
        prepare(database)
    with database.read() as tx:
        assert tx.execute(text("SELECT DISTINCT channel_id FROM post")).scalars().all() == [1]
    database.close()
