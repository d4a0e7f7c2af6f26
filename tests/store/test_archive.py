"""Everything as JSON and back, from either engine into the other, row for row; nonsense changes nothing."""

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, LargeBinary, String, Table, Time, insert, select

from planner.actions.set_up import NewBusiness, set_up
from planner.catalogue import preset
from planner.render import PostTexts
from planner.store import archive
from planner.store.archive import NotAnArchive, NotEmpty
from planner.store.columns import Instant, WallTime
from planner.store.database import Database
from planner.store.schema import prepare
from planner.store.tables import metadata

NOW = datetime(2026, 11, 30, 8, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def other(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the engine that ``database`` is not."""
    if database.is_sqlite:
        made = Database(request.getfixturevalue("postgres_address"))
    else:
        made = Database(f"sqlite:///{tmp_path}/other.db")
        prepare(made)
    yield made
    made.close()


def fill(database: Database) -> None:
    """A row in every table, each column with a value that is easily bent on the way, and one with as many NULLs."""
    with database.write() as tx:
        for table in metadata.sorted_tables:
            for number in (1, 2):
                tx.execute(insert(table).values({c.name: _value(table, c, number) for c in table.columns}))


def _value(table: Table, column: Any, number: int) -> Any:
    if column.foreign_keys or column.name == "id":
        return number
    if column.nullable and number == 2:
        return None
    match column.type:
        case Instant():
            return NOW + timedelta(microseconds=number)
        case WallTime():
            return datetime(2026, 10, 25, 2, 30, number)
        case Date():
            return date(2028, 2, 29)
        case Time():
            return time(23, 59, 59)
        case LargeBinary():
            return bytes(range(256))
        case Boolean():
            return number == 1
        case Integer():
            return 2**31 - 1
        case String(length=8):
            return f"de{number}"
    return f'“{table.name}”\n\t\\"{number}" 🥨 =1+1'


def exported(database: Database) -> str:
    out = io.StringIO()
    with database.read() as tx:
        archive.write(tx, out)
    return out.getvalue()


def imported(database: Database, text: str) -> dict[str, int]:
    with database.write() as tx:
        return archive.read(tx, io.StringIO(text))


def test_every_row_of_every_table_arrives_on_the_other_engine(database: Database, other: Database) -> None:
    fill(database)
    text = exported(database)
    assert set(imported(other, text).values()) == {2}
    assert exported(other) == text
    for table in metadata.sorted_tables:
        with database.read() as here, other.read() as there:
            question = select(table).order_by(*table.primary_key.columns)
            assert [tuple(r) for r in here.execute(question)] == [tuple(r) for r in there.execute(question)]


def test_the_planner_goes_on_numbering_behind_what_came(database: Database, other: Database) -> None:
    trio, texts = preset("core-trio"), PostTexts()
    with database.write() as tx:
        set_up(tx, NewBusiness(name="One", timezone="Europe/Berlin", language="en"), trio, texts, NOW)
    imported(other, exported(database))
    with other.write() as tx:
        made = set_up(tx, NewBusiness(name="Two", timezone="Europe/Berlin", language="en"), trio, texts, NOW)
    assert made.id == 2


def test_it_is_read_into_an_empty_planner_only(database: Database) -> None:
    fill(database)
    text = exported(database)
    with pytest.raises(NotEmpty):
        imported(database, text)
    assert exported(database) == text


def _drop_table(whole: dict[str, Any]) -> None:
    del whole["tables"]["post"]


def _set(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(whole: dict[str, Any]) -> None:
        at: Any = whole
        *names, last = path.split(".")
        for name in names:
            at = at[int(name) if name.isdigit() else name]
        at[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_drop_table, r"its tables are not the planner's \(post\)"),
        (_set("schema", "9999"), r"of another release \(revision 9999, this program has "),
        (_set("planner", 2), "not written by"),
        (_set("tables", []), "not written by"),
        (_set("tables.post", {}), "post is no list"),
        (_set("tables.post.0.nonsense", 1), "row 1 of post has other columns"),
        (_set("tables.post.1.due_at", "2026-12-01T09:00:00"), "row 2 of post: .*no offset"),
        (_set("tables.post.1.due_at", 7), "row 2 of post: "),
        (_set("tables.post.1.due_local", "2026-12-01T09:00:00+01:00"), "row 2 of post: .*has an offset"),
        (_set("tables.business.0.digest_time", "08:00:00+01:00"), "row 1 of business: .*has an offset"),
        (_set("tables.post.0.title", 5), "row 1 of post: '5' is not of the kind str"),
        (_set("tables.post.0.title", "a\0b"), "row 1 of post: a text holds a NUL"),
        (_set("tables.post.0.revision", 2**31), "row 1 of post: .*not of the kind int"),
        (_set("tables.post.0.edited", 1), "row 1 of post: .*not of the kind bool"),
        (_set("tables.outbox.0.mime", "%%%"), "row 1 of outbox: "),
        (_set("tables.post.0.title", "\ud800"), "row 1 of post: "),
        (_set("tables.post.1.id", 1), "post: UNIQUE constraint failed"),
        (_set("tables.post.0.channel_id", 99), "FOREIGN KEY constraint failed"),
        (_set("tables.pause.0.first", "2026-02-30"), "row 1 of pause: "),
    ],
)
@pytest.mark.parametrize("database_address", ["wal"], indirect=True)  # nothing here depends on the engine
def test_what_does_not_fit_is_named_and_nothing_is_read(
    database: Database, tmp_path: Path, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    fill(database)
    whole = json.loads(exported(database))
    change(whole)
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    prepare(empty)
    before = exported(empty)
    with pytest.raises(NotAnArchive, match=sentence):
        imported(empty, json.dumps(whole))
    assert exported(empty) == before
    empty.close()


@pytest.mark.parametrize("database_address", ["wal"], indirect=True)
@given(text=st.text() | st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(
    st.sampled_from(["planner", "schema", "tables", "post"]), x)).map(json.dumps))  # fmt: skip
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_does_any_harm(database: Database, text: str) -> None:
    with pytest.raises(NotAnArchive):
        imported(database, text)


class Undone(Exception):
    """Ends a transaction that must leave nothing."""


COLUMNS = [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns]
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([
    "2026-12-01", "2026-12-01T09:00", "2026-12-01T09:00+02:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00",
    "25:00", "08:00", "08:00+02:00", "24:00", "2026-W01-1", "QQ==", "Q", "", [], {}, 2**31, 2**31 - 1, 1e400,
])  # fmt: skip


@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
@given(where=st.sampled_from(COLUMNS), row=st.integers(0, 1), value=VALUES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_any_column_is_read_in_or_named(
    database: Database, filled: dict[str, Any], where: tuple[str, str], row: int, value: Any
) -> None:
    table, column = where
    whole = {**filled, "tables": {**filled["tables"]}}
    rows = whole["tables"][table] = [dict(each) for each in filled["tables"][table]]
    rows[row][column] = value
    with contextlib.suppress(Undone, NotAnArchive), database.write() as tx:
        archive.read(tx, io.StringIO(json.dumps(whole)))
        archive.write(tx, io.StringIO()) if database.is_sqlite else None
        raise Undone
    assert '"business": []' in exported(database), "all or nothing"


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An archive with two rows in every table."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("filled") / "planner.db")
    made = Database(f"sqlite:///{file}")
    fill(made)
    whole: dict[str, Any] = json.loads(exported(made))
    made.close()
    return whole


def test_a_file_without_end_is_not_read_to_its_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1000)
    with pytest.raises(NotAnArchive, match="too large"):
        imported(database, " " * 1001)
