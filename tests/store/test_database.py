"""Opening databases: who may read them, who goes first, and what people are told when it does not work."""

import os
import socket
import stat
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import with_journal
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from planner.errors import (
    DatabaseBusy,
    DatabaseUnreachable,
    HomeNotWritable,
    NotADatabase,
    PlannerError,
    UsageError,
)
from planner.store.database import Database, wal_is_safe, without_password
from planner.store.driver import sqlite3
from planner.store.queries import businesses, facts
from planner.store.tables import business


class Stumbled(Exception):
    """What goes wrong in the middle of a transaction."""


def stumble(_done: object) -> None:
    raise Stumbled


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),  # Debian 12
        ((3, 44, 5), False),
        ((3, 44, 6), True),  # backported
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),  # backported
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_wal_is_used_only_where_its_reset_fault_is_mended(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_a_new_file_is_for_its_owner_alone_and_made_at_the_first_use(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "planner.db"
    database = Database(f"sqlite:///{file}")
    assert not file.parent.exists(), "naming a database makes nothing"
    with database.write() as tx:
        tx.execute(text("CREATE TABLE t (x)"))
    database.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_write_is_committed_and_a_failed_one_leaves_nothing(database: Database) -> None:
    with database.write() as tx:
        facts.put(tx, "kept", "1")
    with pytest.raises(Stumbled), database.write() as tx:
        stumble(facts.put(tx, "lost", "1"))
    with database.read() as tx:
        assert (facts.get(tx, "kept"), facts.get(tx, "lost")) == ("1", None)


def test_tables_made_in_a_failed_transaction_are_gone(database: Database) -> None:
    with pytest.raises(Stumbled), database.write() as tx:
        stumble(tx.execute(text("CREATE TABLE half (x INTEGER)")))
    with database.read() as tx, pytest.raises(Exception, match="half"):
        tx.execute(text("SELECT * FROM half"))


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as tx:
        tx.execute(
            text("INSERT INTO channel (business_id, platform, name, created_at) VALUES (99, 'gbp', 'x', :now)"),
            {"now": datetime(2026, 1, 1, tzinfo=UTC) if not database.is_sqlite else "2026-01-01 00:00:00"},
        )


def test_a_second_writer_waits_its_turn_instead_of_failing(database: Database) -> None:
    """Ten writers that read before they write: each sees what the one before has written."""

    def count_up() -> None:
        with database.write() as tx:
            if not database.is_sqlite:
                tx.execute(text("LOCK TABLE fact IN EXCLUSIVE MODE"))
            facts.put(tx, "n", str(int(facts.get(tx, "n") or 0) + 1))

    threads = [threading.Thread(target=count_up) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as tx:
        assert facts.get(tx, "n") == "10"


def test_a_reader_sees_nothing_of_an_unfinished_write(database: Database) -> None:
    with database.write() as tx:
        facts.put(tx, "n", "1")
        if not database.is_sqlite:
            with database.read() as other:
                assert facts.get(other, "n") is None
        else:
            assert database.file
            other_process = sqlite3.connect(f"file:{database.file}?mode=ro", uri=True)
            assert other_process.execute("SELECT count(*) FROM fact").fetchone() == (0,)
            other_process.close()


# --- what people are told --------------------------------------------------------------------------------


def told(address: str) -> PlannerError:
    database = Database(address)
    try:
        with pytest.raises(PlannerError) as error, database.write() as tx:
            tx.execute(text("CREATE TABLE t (x INTEGER)"))
    finally:
        database.close()
    return error.value


@pytest.mark.parametrize("content", [b"Dear diary, ", b"SQLite format 3\x00" + b"\xff" * 90], ids=["text", "torn"])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "planner.db"
    file.write_bytes(content * 100)
    error = told(f"sqlite:///{file}")
    assert isinstance(error, NotADatabase)
    assert (error.exit_code, str(file) in error.sentence()) == (1, True)
    assert file.read_bytes() == content * 100


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = told(f"sqlite:///{tmp_path}/file/planner.db")
    assert isinstance(error, HomeNotWritable)
    assert error.exit_code == 1


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "planner.db").mkdir()
    assert isinstance(told(f"sqlite:///{tmp_path}/planner.db"), DatabaseUnreachable)


def test_a_file_that_may_only_be_read(sqlite_address: str) -> None:
    file = sqlite_address.removeprefix("sqlite:///")
    error = told(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert isinstance(error, HomeNotWritable)
    assert "readonly" in error.sentence()


def test_a_full_disk(sqlite_address: str) -> None:
    """The last page that may be written is the last there is; what was there before stays."""
    database = Database(sqlite_address)
    with database.read() as tx:
        pages = tx.execute(text("PRAGMA page_count")).scalar_one()
        tx.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(HomeNotWritable, match="full"), database.write() as tx:
        facts.put(tx, "big", "x" * 100_000)
    with database.read() as tx:
        assert facts.get(tx, "big") is None
    database.close()


@pytest.mark.parametrize(("journal", "part"), [("truncate", "no journal TRUNCATE"), ("wal", "can damage")])
def test_a_journal_that_is_not_to_be_had(journal: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.store.database.sqlite3.sqlite_version_info", (3, 40, 1))
    with pytest.raises(UsageError, match=part):
        Database(f"sqlite:////nowhere/planner.db?journal={journal}")


def test_a_file_gets_its_journal_when_nobody_else_is_at_it(
    sqlite_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.database.BUSY_TIMEOUT_MS", 20)
    reader, other = Database(with_journal(sqlite_address, "delete")), Database(f"{sqlite_address}?journal=wal")

    def journal() -> str:
        other.use_journal()
        with other.read() as tx:
            return str(tx.execute(text("PRAGMA journal_mode")).scalar_one())

    with reader.read() as tx:
        tx.execute(text("SELECT count(*) FROM fact"))
        assert journal() == "delete"
    reader.close()
    assert journal() == "wal"
    other.close()


def test_somebody_who_never_lets_go(sqlite_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.store.database.BUSY_TIMEOUT_MS", 20)
    hog = sqlite3.connect(sqlite_address.removeprefix("sqlite:///"))
    hog.execute("BEGIN EXCLUSIVE")
    error = told(sqlite_address)
    hog.close()
    assert isinstance(error, DatabaseBusy)
    assert (error.exit_code, error.retry) == (1, True)


def test_a_postgresql_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = told(f"postgresql://planner:secret@127.0.0.1:{port}/planner")
    assert isinstance(error, DatabaseUnreachable)
    assert (error.exit_code, error.http_status, error.retry) == (1, 503, True)
    assert "secret" not in error.sentence()


def test_a_postgresql_address_with_an_option_that_cannot_be_used() -> None:
    database = Database("postgresql://127.0.0.1:1/x?connect_timeout=soon")
    with pytest.raises(DatabaseUnreachable, match="connect_timeout"), database.read():
        pass


def test_a_postgresql_without_that_database(postgres: str) -> None:
    error = told(postgres.format("nowhere"))
    assert isinstance(error, DatabaseUnreachable)
    assert "nowhere" in error.sentence()


def test_a_postgresql_conflict_is_not_called_unreachable(postgres_address: str) -> None:
    database = Database(postgres_address)
    with database.write() as tx:
        tx.execute(text("LOCK TABLE fact IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseBusy), database.write() as other:
            other.execute(text("LOCK TABLE fact IN SHARE MODE NOWAIT"))
    database.close()


def test_a_fault_of_ours_keeps_its_own_face(database: Database) -> None:
    with pytest.raises(Exception, match="nonsense") as error, database.read() as tx:
        tx.execute(text("SELECT nonsense FROM business"))
    assert not isinstance(error.value, PlannerError)


def test_a_lost_postgresql_connection_is_replaced(postgres_address: str) -> None:
    database = Database(postgres_address)
    with database.read() as tx:
        gone = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
    killer = Database(postgres_address)
    with killer.write() as tx:
        tx.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": gone})
    with database.read() as tx:
        assert facts.get(tx, "n") is None
    for opened in (database, killer):
        opened.close()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:secret@db.example.org/planner", "postgresql://me:***@db.example.org/planner"),
        ("postgresql:///planner?user=me&password=secret", "postgresql:///planner?password=hidden&user=me"),
        ("postgresql://h/planner?sslpassword=secret", "postgresql://h/planner?sslpassword=hidden"),
        ("sqlite:////home/me/planner.db", "sqlite:////home/me/planner.db"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert without_password(address) == shown


# --- the two kinds of time ---------------------------------------------------------------------------------

SUMMER = timezone(timedelta(hours=2))
WALL = datetime(2026, 7, 1, 8, 0)


def test_instants_come_back_as_the_same_instant_in_utc(database: Database) -> None:
    with database.write() as tx:
        kept = businesses.add(
            tx, name="x", timezone="Europe/Berlin", language="de", created_at=WALL.replace(tzinfo=SUMMER)
        )
    assert kept.created_at == datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
    assert kept.created_at.tzinfo is UTC


def test_a_naive_instant_is_refused_before_it_is_stored(database: Database) -> None:
    with pytest.raises(StatementError, match="an instant needs its zone"), database.write() as tx:
        businesses.add(tx, name="x", timezone="Europe/Berlin", language="de", created_at=WALL)
    with database.read() as tx:
        assert tx.execute(business.select()).all() == []


def test_a_file_address_names_the_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/planner.db")
    assert (database.file, database.where) == (tmp_path / "planner.db", str(tmp_path / "planner.db"))
    assert os.listdir(tmp_path) == []


def test_an_error_names_its_statement_and_not_what_was_in_it(database: Database) -> None:
    """The log shows it, and a frozen mail is full of links that act."""
    with pytest.raises(DBAPIError) as raised, database.write() as tx:
        tx.execute(text("SELECT :mime FROM nowhere"), {"mime": "http://x/a/token"})
    assert "nowhere" in str(raised.value)
    assert "token" not in str(raised.value)
