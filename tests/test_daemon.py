"""The daemon: ticks that never raise, and what each of them does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from daemons import KEY, beats, daemon, found, moment, settings_of, wrong
from notify.server import serving
from sqlalchemy import event, insert, select

from planner import config
from planner.daemon import Daemon, transport_of
from planner.notify.folder import FolderTransport
from planner.notify.smtp import SmtpTransport
from planner.store import tables
from planner.store.queries import businesses
from planner.ticks import Tick

__all__ = ["daemon", "moment"]  # the fixtures


def test_one_pass_of_every_tick(daemon: Daemon, moment: list[datetime], tmp_path: Path) -> None:
    found(daemon, moment[0] - timedelta(days=1))
    tuesday = moment[0] = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)  # 08:30 in Berlin: Google's post is due
    did = daemon.run_once()
    assert (list(did), did["mail"]) == (["plan", "mail", "reap", "maintenance"], 1)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    assert {name: (beat.beat_at, beat.error) for name, beat in beats(daemon).items()} == dict.fromkeys(
        did, (tuesday, "")
    )
    assert daemon.run_once()["mail"] == 0, "twice is once"


def test_a_tick_that_raises_is_noted_and_the_next_one_runs(
    daemon: Daemon, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_now: datetime) -> int:
        raise RuntimeError("no flour\n[parameters: secret]")

    assert daemon.run_tick(Tick("bake", 10, broken)) == 0
    assert beats(daemon)["bake"].error == "RuntimeError: no flour"
    assert "tick bake failed" in caplog.text
    assert daemon.run_tick(Tick("bake", 10, lambda _now: 3)) == 3
    assert beats(daemon)["bake"].error == ""


def test_not_even_a_database_that_is_gone_makes_a_tick_raise(daemon: Daemon, caplog: pytest.LogCaptureFixture) -> None:
    with daemon.database.write() as tx:
        tx.exec_driver_sql("DROP TABLE heartbeat")
        tx.exec_driver_sql("DROP TABLE used_link")
    assert daemon.run_once()["maintenance"] == 0
    assert "tick maintenance failed" in caplog.text
    assert "cannot note its beat" in caplog.text


def test_the_silence_of_a_tick_that_never_ran_counts_from_the_start(daemon: Daemon, moment: list[datetime]) -> None:
    daemon.plan()
    planned = moment[0]
    moment[0] += timedelta(seconds=5)
    daemon.expect_beats()
    assert {name: beat.beat_at for name, beat in beats(daemon).items()} == {
        "plan": planned, "mail": moment[0], "reap": moment[0], "maintenance": moment[0]
    }  # fmt: skip


def test_new_zone_rules_move_the_instants_and_not_the_wall_times(daemon: Daemon, now: datetime) -> None:
    business = found(daemon, now, tzdata="1999.1")
    with daemon.database.write() as tx:
        tx.exec_driver_sql("UPDATE post SET due_at = created_at")
    daemon.run_once()
    with daemon.database.read() as tx:
        wrong = tx.exec_driver_sql("SELECT count(*) FROM post WHERE due_at = created_at").scalar()
        assert (wrong, businesses.get(tx, business.id).tzdata != "1999.1") == (0, True)


@pytest.mark.parametrize("database_address", ["wal"], indirect=True)
def test_a_tick_with_nothing_due_looks_things_up_by_index(daemon: Daemon, now: datetime) -> None:
    # PostgreSQL rightly scans small tables; its indexes are the same.
    found(daemon, now)
    daemon.run_once()
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((given[2], given[3]))

    event.listen(daemon.database.engine, "before_cursor_execute", note)
    for tick in daemon.ticks()[:3]:
        daemon.run_tick(tick)
    event.remove(daemon.database.engine, "before_cursor_execute", note)
    small = ("transport", "CONSTANT", "(subquery-1)")  # a way out is a row; an empty list is none
    scans = []
    with daemon.database.read() as tx:
        for statement, values in asked:
            if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
                for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                    if row[3].startswith("SCAN") and row[3].split()[1] not in small:
                        scans.append(f"{row[3]}: {statement}")
    assert asked
    assert not scans


def test_the_way_out_is_what_the_settings_say(tmp_path: Path) -> None:
    assert isinstance(transport_of(settings_of(tmp_path)), FolderTransport)
    given = settings_of(tmp_path, smtp_host="smtp.example.org", smtp_security="tls", smtp_user="u", smtp_password="p")
    assert transport_of(given) == SmtpTransport("smtp.example.org", 465, "tls", "u", "p")


def test_one_tick_that_is_late_is_named(daemon: Daemon, moment: list[datetime], now: datetime) -> None:
    found(daemon, now)
    daemon.run_once()
    moment[0] = now + timedelta(minutes=2)
    assert wrong(daemon) == [
        "The tick “mail” has not run for 2 min.", "The tick “plan” has not run for 2 min.",
    ]  # fmt: skip


def test_a_part_of_the_maintenance_that_fails_does_not_keep_the_others_from_their_work(
    daemon: Daemon, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that cannot be made, zone rules that cannot be read: what is old is cleared away, and both are said."""
    found(daemon, now, tzdata="1999.1")
    with daemon.database.write() as tx:
        tx.execute(insert(tables.used_link).values(nonce="old", used_at=now - timedelta(days=99)))

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Daemon, "_copy", full)
    assert daemon.run_once()["maintenance"] == 0
    assert "No space left on device" in beats(daemon)["maintenance"].error
    with daemon.database.read() as tx:
        assert tx.execute(select(tables.used_link)).first() is None
        assert businesses.every(tx)[0].tzdata != "1999.1"


def test_another_way_out_from_the_next_tick_on(daemon: Daemon, moment: list[datetime], tmp_path: Path) -> None:
    found(daemon, moment[0] - timedelta(days=1))
    moment[0] = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
    with serving() as server:
        wanted = config.change(
            tmp_path, KEY, {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        )
        daemon.adopt(wanted)
        assert daemon.settings.smtp_host == ""  # not while a tick may be at work
        assert daemon.run_once()["mail"] == 1
        assert [mail.recipient for mail in server.taken] == ["chef@example.org"]
    assert daemon.settings is wanted
    assert not (tmp_path / "mail").exists()
    daemon.adopt(config.change(tmp_path, KEY, {"smtp_host": ""}))
    moment[0] = datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert daemon.run_once()["mail"] == 1
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
