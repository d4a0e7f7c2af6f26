"""Copies of a SQLite file: whole, checked, put back while others look on; what is no copy changes nothing."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import with_journal

from planner.actions.set_up import NewBusiness, set_up
from planner.catalogue import preset
from planner.errors import DatabaseTooNew
from planner.render import PostTexts
from planner.store import backup, copies, schema
from planner.store.database import Database
from planner.store.driver import sqlite3
from planner.store.keeping import CopyFailed, IsThere, NotACopy
from planner.store.queries import businesses
from planner.store.restore import restore
from store.conftest import REVISIONS
from store.test_schema import fill as fill_as_the_first_planner_did

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@pytest.fixture(params=["delete", "wal"])
def database(request: pytest.FixtureRequest, sqlite_address: str) -> Iterator[Database]:
    """A bakery's database, in each journal mode."""
    database = Database(with_journal(sqlite_address, request.param))
    with database.write() as tx:
        set_up(tx, NewBusiness(name="Bakery", timezone="Europe/Berlin", language="en"), preset("core-trio"),
               PostTexts(), NOW)  # fmt: skip
    yield database
    database.close()


def file_of(database: Database) -> Path:
    assert database.file is not None
    return database.file


def folder_of(database: Database) -> Path:
    assert database.copies is not None
    return database.copies


def as_it_is(_tx: object) -> None:
    """Nothing is changed in what is put back."""


def put_back(copy: Path, file: Path) -> Path | None:
    """What was kept of the file."""
    with closing(Database(f"sqlite:///{file}")) as there:
        return restore(copy, there, as_it_is)[0]


def rename(database: Database, name: str) -> None:
    with database.write() as tx:
        businesses.change(tx, 1, name=name)


def name_in(database: Database) -> str:
    with database.read() as tx:
        return businesses.get(tx, 1).name


def test_a_copy_holds_every_row_and_is_private(database: Database, tmp_path: Path) -> None:
    rename(database, "Bakery & Sons")
    rows = backup.copy(file_of(database), tmp_path / "copy.db")
    assert rows == backup.check(tmp_path / "copy.db")[1]
    assert (rows["business"], rows["channel"], rows["cadence"]) == (1, 3, 3)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(tmp_path / "copy.db") as copied:
        assert copied.execute("SELECT name FROM business").fetchone() == ("Bakery & Sons",)
        assert copied.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    copied.close()


def test_a_copy_made_while_others_write_is_one_moment(database: Database, tmp_path: Path) -> None:
    """Two rows always change together; in no copy do they differ."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.write() as tx:
                businesses.change(tx, 1, name=f"n{number}", country=f"n{number}")

    rename(database, "n0")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            backup.copy(file_of(database), tmp_path / f"copy{number}.db")
    finally:
        stop.set()
        writer.join()
    seen = set()
    for number in range(10):
        with sqlite3.connect(tmp_path / f"copy{number}.db") as copied:
            name, country = copied.execute("SELECT name, country FROM business").fetchone()
        copied.close()
        assert country in (name, "")
        seen.add(name)
    assert len(seen) > 1, "nothing was written meanwhile"


def test_what_is_there_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(IsThere):
        backup.copy(file_of(database), tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_copy_that_cannot_be_written_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(CopyFailed, match="No such file or directory"):
        backup.copy(file_of(database), tmp_path / "gone" / "copy.db")
    assert not list(tmp_path.glob("**/*.part"))


def test_going_back_shows_in_connections_that_are_open(database: Database, tmp_path: Path) -> None:
    backup.copy(file_of(database), tmp_path / "copy.db")
    rename(database, "Wrong")
    assert name_in(database) == "Wrong"
    kept, _none = restore(tmp_path / "copy.db", database, as_it_is)
    assert name_in(database) == "Bakery"
    rename(database, "Bakery again")
    assert name_in(database) == "Bakery again"
    assert kept is not None
    with sqlite3.connect(kept) as before:
        assert before.execute("SELECT name FROM business").fetchone() == ("Wrong",)
    before.close()


def test_going_back_on_another_machine(database: Database, tmp_path: Path) -> None:
    backup.copy(file_of(database), tmp_path / "copy.db")
    there = tmp_path / "there" / "planner.db"
    there.parent.mkdir()
    there.with_name("planner.db-wal").write_bytes(b"left by another database")
    assert put_back(tmp_path / "copy.db", there) is None
    assert backup.check(there) == backup.check(tmp_path / "copy.db")
    assert there.stat().st_mode & 0o777 == 0o600
    assert not there.with_name("planner.db-wal").exists()


@pytest.mark.parametrize("rest", [b"", b"SQLite format 3\x00 and then nonsense" * 100])
def test_a_broken_database_is_set_aside(database: Database, tmp_path: Path, rest: bytes) -> None:
    backup.copy(file_of(database), tmp_path / "copy.db")
    broken = tmp_path / "broken" / "planner.db"
    broken.parent.mkdir()
    broken.write_bytes(rest)
    kept = put_back(tmp_path / "copy.db", broken)
    assert (kept.read_bytes() if kept else b"") == rest
    assert backup.check(broken) == backup.check(tmp_path / "copy.db")


def test_a_copy_of_a_newer_planner_is_refused(database: Database, tmp_path: Path) -> None:
    copied = tmp_path / "copy.db"
    backup.copy(file_of(database), copied)
    with sqlite3.connect(copied) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(DatabaseTooNew):
        restore(copied, database, as_it_is)
    assert name_in(database) == "Bakery"


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _blot(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    for page in range(4, len(whole) // 4096, 3):
        whole[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    file.write_bytes(whole)


def _orphan(file: Path) -> None:
    with sqlite3.connect(file) as rows:
        rows.execute("UPDATE channel SET business_id = 77")
    rows.close()


def _other(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as rows:
        rows.execute("CREATE TABLE recipe (id INTEGER)")
    rows.close()


@pytest.mark.parametrize("spoil", [_cut, _blot, _orphan, _other, Path.unlink, lambda file: file.write_text("no copy")])
def test_what_is_no_whole_copy_changes_nothing(database: Database, tmp_path: Path, spoil: object) -> None:
    copied = tmp_path / "copy.db"
    backup.copy(file_of(database), copied)
    spoil(copied)  # type: ignore[operator]
    with pytest.raises(NotACopy):
        restore(copied, database, as_it_is)
    assert name_in(database) == "Bakery"
    assert not folder_of(database).exists()


def test_nightly_copies_are_made_once_a_day(database: Database) -> None:
    made = copies.nightly(database, date(2026, 11, 30))
    assert made is not None
    assert copies.nightly(database, date(2026, 11, 30)) is None
    assert copies.newest(database) == made
    assert backup.check(made)[1]["business"] == 1


def test_seven_days_and_four_weeks_are_kept(database: Database) -> None:
    """Sixty nights up to Monday 30 November 2026; other files in the folder are not ours to remove."""
    folder = folder_of(database)
    folder.mkdir()
    for name in ("planner-before-0002-from-0001.db", "planner-2026-09-01.db.txt", "planner-2026-99-99.txt"):
        (folder / name).touch()
    copies.nightly(database, date(2026, 10, 2))
    for back in range(58, 0, -1):
        shutil.copy(folder / "planner-2026-10-02.db", folder / f"planner-{date(2026, 11, 30) - timedelta(back)}.db")
    copies.nightly(database, date(2026, 11, 30))
    left = sorted(path.name[8:18] for path in folder.glob("planner-2026-??-??.db"))
    assert left == [
        "2026-11-15", "2026-11-22",  # the Sundays of two weeks; of the other two weeks the newest are among the days
        "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30",
    ]  # fmt: skip
    assert len(list(folder.iterdir())) == len(left) + 3


def test_of_copies_made_for_an_occasion_the_last_four_are_kept(database: Database, tmp_path: Path) -> None:
    """By when they were made, each kind for itself; a copy that is just being put back is not cleared away under it."""
    folder = folder_of(database)
    folder.mkdir()
    made = copies.nightly(database, date(2026, 11, 30))
    assert made is not None
    for number in range(1, 6):
        for name in (f"planner-before-restore-{number}.db", f"planner-before-0002-from-0001-{number}.db"):
            shutil.copy(made, folder / name)
            os.utime(folder / name, (number, number))
    shutil.copy(made, folder / "planner-broken.db")
    (folder / "planner-broken.db-wal").touch()
    (folder / "planner-before-restore-1.txt").touch()
    restore(folder / "planner-before-restore-1.db", database, as_it_is)
    assert sorted(path.name for path in folder.iterdir()) == [
        "planner-2026-11-30.db",
        *(f"planner-before-0002-from-0001-{number}.db" for number in (2, 3, 4, 5)),
        "planner-before-restore-1.txt",
        *(f"planner-before-restore-{number}.db" for number in (3, 4, 5)),
        "planner-before-restore.db",
        "planner-broken.db",
        "planner-broken.db-wal",
    ]


def test_what_a_person_put_into_the_folder_stays(database: Database) -> None:
    """However much its name looks like one of ours."""
    folder = folder_of(database)
    folder.mkdir()
    names = [
        f"{stem}{number}.db"
        for number in ("", *(f"-{n}" for n in range(2, 8)))
        for stem in ("mine-before-restore", "planner-before", "planner-before-friday", "x-before", "x-broken",
                     "planner-before-the-tax-office-from-home", "my-planner-broken", "x-before-0002-from-0001")
    ]  # fmt: skip
    for name in names:
        (folder / name).touch()
    copies.nightly(database, date(2026, 11, 30))
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, "planner-2026-11-30.db"])


def test_what_was_begun_and_left_is_cleared_away_after_two_days(database: Database) -> None:
    home, folder = file_of(database).parent, folder_of(database)
    folder.mkdir()
    begun = [folder / "planner-2026-11-20.db.77.part", home / "planner.db.77.part", home / "planner.db.77.part-journal"]
    others = [folder / "planner-2026-11-29.db.78.part", home / "planner.db.78.part", home / "other.db.77.part"]
    for path in [*begun, *others]:
        path.touch()
    for path in [*begun, others[-1]]:
        os.utime(path, (0, time.time() - 3 * 86400))
    for path in others[:-1]:
        os.utime(path, (0, time.time() - 86400))
    copies.nightly(database, NOW.date())
    assert [path.exists() for path in begun] == [False] * 3
    assert [path.exists() for path in others] == [True] * 3


def test_going_back_to_an_earlier_planners_copy_makes_no_copy_of_the_copy(tmp_path: Path) -> None:
    old, file = tmp_path / "old.db", tmp_path / "home" / "planner.db"
    with closing(Database(f"sqlite:///{old}")) as earlier:
        with earlier.write() as tx:
            schema.upgrade(tx, REVISIONS[0])
        fill_as_the_first_planner_did(earlier)
    file.parent.mkdir()
    before = old.read_bytes()
    assert put_back(old, file) is None
    with closing(Database(f"sqlite:///{file}")) as there, there.read() as tx:
        assert schema.is_current(tx)
        assert businesses.get(tx, 1).name == "Bäckerei"
    assert old.read_bytes() == before
    assert {path.name for path in file.parent.iterdir()} <= {"planner.db", "planner.db-queue"}
