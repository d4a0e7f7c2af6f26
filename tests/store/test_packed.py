"""Copies of a PostgreSQL: whole, read back, put back all at once; old ones brought up to date, what is none refused."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from databases import Emptied
from sqlalchemy import insert, select, text

from planner.actions.set_up import NewBusiness, set_up
from planner.catalogue import preset
from planner.errors import DatabaseTooNew
from planner.render import PostTexts
from planner.store import archive, copies, packed, schema
from planner.store.database import Database
from planner.store.keeping import CopyFailed, IsThere, NotACopy
from planner.store.queries import businesses
from planner.store.restore import restore
from planner.store.tables import metadata
from store.conftest import REVISIONS
from store.test_archive import exported, fill
from store.test_schema import fill as fill_as_the_first_planner_did

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
# The first and the last are among the quick tests, what lies between among the slow.
ENDS = [REVISIONS[0], *(pytest.param(each, marks=pytest.mark.full) for each in REVISIONS[1:-1]), REVISIONS[-1]]


@pytest.fixture
def database(postgres_address: str, tmp_path: Path) -> Iterator[Database]:
    """A bakery's database in PostgreSQL, whose copies have a folder."""
    opened = Database(postgres_address, tmp_path / "home" / "backups")
    with opened.write() as tx:
        set_up(tx, NewBusiness(name="Bakery", timezone="Europe/Berlin", language="en"), preset("core-trio"),
               PostTexts(), NOW)  # fmt: skip
    yield opened
    opened.close()


def as_it_is(_tx: object) -> None:
    """Nothing is changed in what is put back."""


def rename(database: Database, name: str) -> None:
    with database.write() as tx:
        businesses.change(tx, 1, name=name)


def name_in(database: Database) -> str:
    with database.read() as tx:
        return businesses.get(tx, 1).name


def test_a_copy_holds_every_row_and_is_private(database: Database, tmp_path: Path) -> None:
    before = exported(database)
    rows = packed.copy(database, tmp_path / "copy")
    assert packed.check(tmp_path / "copy") == (schema.HEAD, rows)
    assert (rows["business"], rows["channel"], rows["cadence"]) == (1, 3, 3)
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert gzip.decompress((tmp_path / "copy").read_bytes()).decode() == before
    with pytest.raises(IsThere):
        packed.copy(database, tmp_path / "copy")
    with pytest.raises(CopyFailed):
        packed.copy(database, tmp_path / "gone" / "copy")


def test_going_back_shows_in_connections_that_are_open(database: Database, tmp_path: Path) -> None:
    packed.copy(database, tmp_path / "copy")
    before = exported(database)
    rename(database, "Wrong")
    with closing(Database(database.url)) as other:
        assert name_in(other) == "Wrong"
        kept, _none = restore(tmp_path / "copy", database, as_it_is)
        assert name_in(other) == "Bakery"
        with other.write() as tx:
            made = set_up(tx, NewBusiness(name="Two", timezone="Europe/Berlin", language="en"), preset("core-trio"),
                          PostTexts(), NOW)  # fmt: skip
        assert made.id == 2, "numbers go on behind what came"
        restore(tmp_path / "copy", database, as_it_is)
    assert exported(database) == before
    assert kept is not None
    assert '"Wrong"' in gzip.decompress(kept.read_bytes()).decode()
    assert kept.name == "planner-before-restore.json.gz"


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_every_kind_of_value_comes_back(empty: Database, tmp_path: Path) -> None:
    schema.prepare(empty)
    fill(empty)
    before = exported(empty)
    packed.copy(empty, tmp_path / "copy")
    with empty.write() as tx:
        tx.execute(text(f"TRUNCATE {archive.names()}"))
    restore(tmp_path / "copy", empty, as_it_is)
    assert exported(empty) == before


def test_what_is_changed_on_the_way_is_there_with_the_rest_or_not_at_all(database: Database, tmp_path: Path) -> None:
    packed.copy(database, tmp_path / "copy")
    rename(database, "Now")

    def breaks(tx: object) -> None:
        with closing(Database(database.url)) as other, other.read() as look:
            look.execute(text("SET lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                look.execute(text("SELECT name FROM business"))
        raise OverflowError

    with pytest.raises(OverflowError):
        restore(tmp_path / "copy", database, breaks)
    assert name_in(database) == "Now"


def test_who_reads_all_meanwhile_sees_one_moment(database: Database, tmp_path: Path) -> None:
    """A table made anew looks empty to who began before: so going back waits until he is through."""
    packed.copy(database, tmp_path / "copy")
    going_back = threading.Thread(target=restore, args=(tmp_path / "copy", database, as_it_is))
    with closing(Database(database.url)) as other, other.read() as tx:
        archive.one_moment(tx)
        going_back.start()
        going_back.join(1)
        assert going_back.is_alive()
        counts = archive.counted(tx)
    going_back.join(60)
    assert not going_back.is_alive()
    assert counts == packed.check(tmp_path / "copy")[1]


def test_going_back_on_another_machine(database: Database, emptied: Emptied, tmp_path: Path) -> None:
    packed.copy(database, tmp_path / "copy")
    name = emptied.take()
    with closing(Database(emptied.server.format(name))) as there:
        with there.write() as tx:
            tx.execute(text("DROP SCHEMA public CASCADE"))
            tx.execute(text("CREATE SCHEMA public"))
        assert restore(tmp_path / "copy", there, as_it_is) == (None, None)
        assert exported(there) == exported(database)
    emptied.give_back(name)


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
@pytest.mark.parametrize("revision", ENDS)
def test_a_copy_of_an_earlier_planner_is_brought_up_to_date(empty: Database, tmp_path: Path, revision: str) -> None:
    """The one made before a migration, too; and over a database of whatever revision."""
    empty.copies = tmp_path / "backups"
    with empty.write() as tx:
        schema.upgrade(tx, revision)
    fill_as_the_first_planner_did(empty)
    packed.copy(empty, tmp_path / "copy", old=True)
    assert packed.check(tmp_path / "copy")[0] == revision
    with empty.write() as tx:
        tx.execute(text("UPDATE business SET name = 'Wrong'"))
    restore(tmp_path / "copy", empty, as_it_is)  # over the same revision
    assert name_in(empty) == "Bäckerei"
    rename(empty, "Wrong again")
    restore(tmp_path / "copy", empty, as_it_is)  # over today's
    with empty.read() as tx:
        assert schema.is_current(tx)
        counts = {name: count for name, count in archive.counted(tx).items() if count}
    assert counts == {"business": 1, "channel": 1, "cadence": 1, "pause": 1, "post": 2}
    assert name_in(empty) == "Bäckerei"


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_before_a_migration_there_is_a_copy_that_can_be_put_back(empty: Database, tmp_path: Path) -> None:
    empty.copies = tmp_path / "backups"
    with empty.write() as tx:
        schema.upgrade(tx, REVISIONS[0])
    fill_as_the_first_planner_did(empty)
    made = schema.prepare(empty)
    assert made == tmp_path / "backups" / f"planner-before-{schema.HEAD}-from-{REVISIONS[0]}.json.gz"
    assert packed.check(made)[0] == REVISIONS[0]
    with empty.write() as tx:
        tx.execute(text("DELETE FROM post"))
    restore(made, empty, as_it_is)
    with empty.read() as tx:
        assert archive.counted(tx)["post"] == 2


def _text(change: Callable[[str], str]) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(gzip.compress(change(gzip.decompress(file.read_bytes()).decode()).encode()))


def _without_a_row(whole: str) -> str:
    lines = whole.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith('"channel"'))
    return "".join([*lines[: at + 1], *lines[at + 2 :]])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-200]),
        lambda file: file.write_bytes(file.read_bytes()[:300] + b"\0" * 50 + file.read_bytes()[350:]),
        lambda file: file.write_text("no copy"),
        lambda file: file.write_bytes(b"\xff\xfe" * 100),
        Path.unlink,
        _text(_without_a_row),
        _text(lambda whole: whole.replace('"business_id":1', '"business_id":77', 1)),
        _text(lambda whole: whole[: len(whole) // 2]),
        _text(lambda whole: whole.replace('"name":"Bakery"', '"name":')),
        _text(lambda whole: json.dumps(json.loads(whole))),
        _text(lambda whole: ""),
    ],
)
def test_what_is_no_whole_copy_changes_nothing(
    database: Database, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    packed.copy(database, tmp_path / "copy")
    before = exported(database)
    spoil(tmp_path / "copy")
    with pytest.raises(NotACopy):
        restore(tmp_path / "copy", database, as_it_is)
    assert exported(database) == before
    assert not (tmp_path / "home").exists()


def test_what_only_the_database_can_see_undoes_all(database: Database, tmp_path: Path) -> None:
    packed.copy(database, tmp_path / "copy")
    before = exported(database)
    _text(lambda whole: whole.replace('"grace_days":2', '"grace_days":"two"'))(tmp_path / "copy")
    with pytest.raises(NotACopy, match="row 1 of business"):
        restore(tmp_path / "copy", database, as_it_is)
    assert exported(database) == before


def test_a_copy_of_a_newer_planner_is_refused(database: Database, tmp_path: Path) -> None:
    packed.copy(database, tmp_path / "copy")
    _text(lambda whole: whole.replace(f'"schema": "{schema.HEAD}"', '"schema": "9999"'))(tmp_path / "copy")
    before = exported(database)
    with pytest.raises(DatabaseTooNew):
        restore(tmp_path / "copy", database, as_it_is)
    assert exported(database) == before


def test_nightly_copies_are_made_once_a_day_and_cleared_away(database: Database) -> None:
    assert database.copies is not None
    days = [date(2026, 11, 1 + number) for number in range(20)]
    for day in days:
        assert copies.nightly(database, day) is not None
    assert copies.nightly(database, days[-1]) is None
    assert copies.newest(database) == database.copies / "planner-2026-11-20.json.gz"
    left = sorted(path.name[8:18] for path in database.copies.iterdir())
    assert left == ["2026-11-01", "2026-11-08", *(f"2026-11-{day}" for day in range(14, 21))]


def test_thousands_of_rows_are_written_and_read_piece_by_piece(database: Database, tmp_path: Path) -> None:
    address = metadata.tables["address"]
    many = [{"address": f"a{number}@example.org", "failed_at": NOW} for number in range(5000)]
    with database.write() as tx:
        tx.execute(insert(address), many)
    assert packed.copy(database, tmp_path / "copy")["address"] == 5000
    restore(tmp_path / "copy", database, as_it_is)
    with database.read() as tx:
        assert len(tx.execute(select(address.c.address)).all()) == 5000
