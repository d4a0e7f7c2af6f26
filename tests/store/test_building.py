"""Building the tables: they are those we speak of, however many begin at once, and what is not ours is left alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from inside import rows
from sqlalchemy import Connection, inspect, text

from planner.errors import DatabaseTooNew, NotADatabase
from planner.store import indexes, schema
from planner.store.database import Database
from planner.store.schema import prepare
from planner.store.tables import metadata
from store.conftest import REVISIONS


def names(tx: Connection) -> set[str]:
    return set(inspect(tx).get_table_names())


# --- building ------------------------------------------------------------------------------------------------


def test_the_steps_build_exactly_the_tables_we_speak_of(empty: Database) -> None:
    assert indexes.__doc__, "they belong to the metadata once imported"
    prepare(empty)
    with empty.read() as tx:
        # Of an empty string as a default Alembic thinks on SQLite that it is another one.
        options = {"compare_type": True, "compare_server_default": not empty.is_sqlite}
        context = MigrationContext.configure(tx, opts=options)
        differences = [each for each in compare_metadata(context, metadata) if "alembic_version" not in str(each)]
        assert differences == []


def test_partial_indexes_are_partial(empty: Database) -> None:
    """Alembic's comparison does not look at what an index leaves out."""
    prepare(empty)
    question = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
        if empty.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    with empty.read() as tx:
        made = {row[0]: row[1] for row in tx.execute(text(question))}
    for name in ("ix_post_open", "ix_outbox_pending", "ix_outbox_leased"):
        assert " WHERE " in made[name].upper(), name


def test_the_last_step_is_the_one_the_program_knows() -> None:
    assert REVISIONS[-1] == schema.HEAD
    assert set(REVISIONS) == schema.known()


def test_building_twice_changes_nothing(empty: Database) -> None:
    assert prepare(empty) is None
    with empty.read() as tx:
        assert schema.is_current(tx)
        before = names(tx)
    assert prepare(empty) is None
    with empty.read() as tx:
        assert names(tx) == before


def test_a_file_of_no_bytes_is_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "planner.db").touch()
    database = Database(f"sqlite:///{tmp_path}/planner.db")
    with database.read() as tx:
        assert schema.is_empty(tx)
    prepare(database)
    with database.read() as tx:
        assert not schema.is_empty(tx)
    database.close()
    assert not (tmp_path / "backups").exists()


def test_asking_whether_all_is_current_does_not_import_alembic(sqlite_address: str) -> None:
    program = (
        "import sys\n"
        "from planner.store.database import Database\n"
        "from planner.store.schema import is_current, prepare\n"
        f"database = Database({sqlite_address!r})\n"
        "with database.read() as tx:\n    assert is_current(tx)\n"
        "prepare(database)\n"
        "assert not {'alembic', 'mako'} & {name.split('.')[0] for name in sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_four_processes_that_start_at_once_all_find_a_database(empty: Database) -> None:
    address = empty.url.render_as_string(hide_password=False)
    program = (
        "from planner.store.database import Database\n"
        "from planner.store.schema import is_current, prepare\n"
        f"database = Database({address!r})\n"
        "prepare(database)\n"
        "with database.read() as tx:\n    assert is_current(tx)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert (process.returncode, complaint) == (0, "")


# --- what is not ours ----------------------------------------------------------------------------------------


def test_a_newer_database_is_left_as_it_is(database: Database) -> None:
    with database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '2031_far'"))
    before = rows(database.file) if database.file else []
    with pytest.raises(DatabaseTooNew, match="2031_far") as error:
        prepare(database)
    assert error.value.exit_code == 1
    if database.file:
        assert rows(database.file) == before
        assert not (database.file.parent / "backups").exists()


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE photos (id INTEGER)"],
        ["CREATE TABLE photos (id INTEGER)", "CREATE TABLE alembic_version (version_num VARCHAR(32))"],
        [
            "CREATE TABLE photos (id INTEGER)",
            "CREATE TABLE alembic_version (version_num VARCHAR(32))",
            "INSERT INTO alembic_version VALUES ('0001')",
        ],
        [
            "CREATE TABLE photos (id INTEGER)",
            "CREATE TABLE alembic_version (version_num VARCHAR(32))",
            "INSERT INTO alembic_version VALUES ('ae1027a6acf')",
        ],
    ],
    ids=["plain", "alembic-begun", "alembic-like-ours", "alembic"],
)
def test_a_database_of_another_program_is_left_as_it_is(empty: Database, statements: list[str]) -> None:
    with empty.write() as tx:
        for statement in statements:
            tx.execute(text(statement))
    with empty.read() as tx:
        before = names(tx)
    with pytest.raises(NotADatabase):
        prepare(empty)
    with empty.read() as tx:
        assert names(tx) == before


def test_a_first_step_that_was_cut_off_begins_again(empty: Database) -> None:
    """PostgreSQL and SQLite undo tables with their transaction; only Alembic's own empty table may stand."""
    with empty.write() as tx:
        tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    prepare(empty)
    with empty.read() as tx:
        assert schema.is_current(tx)
