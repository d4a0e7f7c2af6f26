"""Copies by command: made and put back while the planner lives, moved to another home, and no mail said twice."""

import gzip
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.program import Answer, Planner, german, run
from planner.actions import access
from planner.store.database import Database
from planner.store.driver import sqlite3


def mails(home: Path) -> list[str]:
    return sorted(file.name for file in (home / "mail").glob("*.eml"))


def test_going_back_never_sends_an_old_mail_again(planner: Planner, home: Path, tmp_path: Path) -> None:
    """Copied on Tuesday at seven, the morning's mail goes out at eight, put back at nine: silence until Thursday."""
    copy = str(tmp_path / "copy.db")
    planner("tick", now="2026-11-03T07:00")
    assert planner("backup", copy, now="2026-11-03T07:00").code == 0
    planner("tick", now="2026-11-03T08:01")
    assert len(mails(home)) == 1
    answer = planner("restore", "--yes", copy, now="2026-11-03T09:00")
    assert (answer.code, answer.err) == (0, "")
    for now in ("2026-11-03T09:01", "2026-11-03T18:00", "2026-11-04T07:59"):
        planner("tick", now=now)
    assert len(mails(home)) == 1
    planner("tick", now="2026-11-05T08:01")
    assert len(mails(home)) == 2


def test_a_mail_that_waited_in_the_copy_is_not_sent(planner: Planner, home: Path, tmp_path: Path) -> None:
    away = {"PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_PORT": "1", "PLANNER_SMTP_SECURITY": "none"}
    copy = str(tmp_path / "copy.db")
    planner("tick", now="2026-11-02T08:01")
    mondays = mails(home)
    planner("tick", now="2026-11-03T08:01", **away)
    planner("backup", copy, now="2026-11-03T08:01")
    answer = planner("restore", "--yes", copy, now="2026-11-03T08:02")
    assert "1 mail that waited in the copy is not sent" in answer.out
    planner("tick", now="2026-11-03T08:30")
    assert mails(home) == mondays
    [morning] = [m for m in planner("outbox", "list", "--json").json["messages"] if m["key"] == "digest:1:2026-11-03"]
    assert (morning["state"], "came back from a copy" in morning["error"]) == ("suppressed", True)


def test_who_was_signed_out_since_the_copy_stays_out(planner: Planner, home: Path, tmp_path: Path) -> None:
    copy, moment = str(tmp_path / "copy.db"), datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
    with closing(Database(f"sqlite:///{home / 'planner.db'}")) as database:
        with database.write() as tx:
            lost = access.sign_in(tx, now=moment)
        planner("backup", copy)
        planner("session", "end")
        assert planner("restore", "--yes", copy, now="2026-11-03T09:00").code == 0
        with database.read() as tx:
            assert not access.signed_in(tx, lost, now=moment)


@pytest.mark.parametrize("spoilt", ["timezone = 'Nowhere/Land'", "digest_time = 'early'"])
def test_a_copy_with_a_broken_business_is_put_back(planner: Planner, home: Path, tmp_path: Path, spoilt: str) -> None:
    """When the rest of the data is needed is no time to refuse; its own mails do not come twice either."""
    copy = tmp_path / "copy.db"
    planner("business", "add", "Zimmer", "--timezone", "Europe/Berlin", now="2026-11-03T07:00")
    planner("backup", str(copy), now="2026-11-03T07:00")
    with closing(sqlite3.connect(copy)) as rows:
        rows.execute(f"UPDATE business SET {spoilt} WHERE name = 'Zimmer'")
        rows.commit()
    answer = planner("restore", "--yes", str(copy), now="2026-11-03T09:00")
    assert (answer.code, answer.err) == (0, "")
    assert planner("tick", now="2026-11-03T09:01").code == 0
    assert mails(home) == []
    assert planner("tick", now="2026-11-05T09:01").code == 1
    assert "Zimmer cannot be written" in planner("status", now="2026-11-05T09:01").out
    assert len(mails(home)) == 1, "the other one has its mail"


def test_going_back_asks_first(planner: Planner, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    planner("backup", copy)
    planner("business", "set", "--name", "Other")
    assert planner("restore", copy, typed="n\n").code == 130
    assert planner("business", "show", "--json").json["name"] == "Other"
    assert planner("restore", copy, typed="y\n").code == 0
    assert planner("business", "show", "--json").json["name"] == "Bakery"


def test_moving_everything_to_another_home(planner: Planner, home: Path, tmp_path: Path) -> None:
    planner("done", "1", "--link", "https://example.org/1")
    file, there = tmp_path / "all.json", tmp_path / "there"
    assert planner("export", str(file)).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("--home", str(there), "--now", "2026-11-03T08:00", "import", str(file)).code == 0
    month = [planner("month", "2026-11", "--json").json]
    month += [run("--home", str(there), "--now", "2026-11-03T08:00", "month", "2026-11", "--json").json]
    assert month[0] == month[1]
    assert len(month[0]) == 9
    assert json.loads(planner("export", "-").out)["tables"]["post"][0]["link"] == "https://example.org/1"


def test_nothing_comes_in_twice_and_no_half(planner: Planner, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    planner("export", str(file))
    answer = planner("import", str(file))
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    file.write_text(file.read_text("utf-8")[:-200], "utf-8")
    answer = run("--home", str(tmp_path / "there"), "import", str(file))
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert run("--home", str(tmp_path / "there"), "business", "list", "--json").json == []


def test_the_daemon_copies_every_night(planner: Planner, home: Path) -> None:
    for now in ("2026-11-03T08:01", "2026-11-03T20:00", "2026-11-04T08:01"):
        planner("tick", now=now)
    copies = sorted(file.name for file in (home / "backups").iterdir())
    assert copies == ["planner-2026-11-03.db", "planner-2026-11-04.db"]
    told = planner("doctor", "--json", now="2026-11-04T09:00").json["copies"]
    assert told.startswith("planner-2026-11-04.db")


def test_a_broken_database_names_its_last_copy(planner: Planner, home: Path) -> None:
    planner("tick", now="2026-11-03T08:01")
    (home / "planner.db").write_bytes(b"not a database at all" * 1000)
    answer = planner("today")
    assert answer.code == 1
    assert str(home / "backups" / "planner-2026-11-03.db") in answer.err
    assert planner("restore", "--yes", str(home / "backups" / "planner-2026-11-03.db")).code == 0
    assert planner("today").code == 0


def test_the_data_of_a_newer_planner_stays_out(planner: Planner, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    planner("backup", str(copy))
    with sqlite3.connect(copy) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    answer = planner("restore", "--yes", str(copy))
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert planner("today").code == 0


def test_why_a_copy_is_refused_is_said_in_german_too(tmp_path: Path) -> None:
    answer = german("--home", str(tmp_path), "restore", "--yes", str(tmp_path / "nowhere.db"))
    assert (answer.code, "es gibt keine solche Datei" in answer.err) == (1, True), answer.err


def test_the_age_of_the_newest_copy(planner: Planner) -> None:
    assert "none yet" in planner("doctor", "--json").json["copies"]
    planner("tick", now="2026-11-03T08:01")
    assert planner("doctor", "--json", now="2026-11-05T08:01").json["copies"].endswith("2 days old")
    assert "3 days old: TOO OLD" in planner("doctor", "--json", now="2026-11-06T08:01").json["copies"]


def test_a_copy_of_a_clock_that_ran_ahead_is_no_copy_of_today(planner: Planner, home: Path) -> None:
    planner("tick", now="2026-11-06T08:01")
    told = planner("doctor", "--json", now="2026-11-03T08:01").json["copies"]
    assert (
        told == "none yet: the planner makes one every night while it runs; planner-2026-11-06.db was made by a clock "
        "that ran ahead, or the clock is behind now"
    )
    planner("tick", now="2026-11-03T08:01")
    told = planner("doctor", "--json", now="2026-11-03T08:02").json["copies"]
    assert told.startswith(
        f"planner-2026-11-03.db in {home / 'backups'}, 0 days old; planner-2026-11-06.db was made by"
    )


def test_a_copy_and_the_word_that_it_is_back_already_are_two_things(planner: Planner) -> None:
    for words in (["restore"], ["restore", "--in-place", "copy.db"]):
        answer = planner(*words)
        assert (answer.code, answer.err.count("\n")) == (2, 1)


def test_what_is_read_in_is_settled(planner: Planner, home: Path, tmp_path: Path) -> None:
    """Exported with a session and a mail that waits: the mail is closed, the session ended, and both are said."""
    away = {"PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_PORT": "1", "PLANNER_SMTP_SECURITY": "none"}
    file, there = str(tmp_path / "all.json"), str(tmp_path / "there")
    planner("tick", now="2026-11-02T08:01")
    planner("tick", now="2026-11-03T08:01", **away)
    with closing(Database(f"sqlite:///{home / 'planner.db'}")) as database, database.write() as tx:
        access.sign_in(tx, now=datetime(2026, 11, 3, 6, 0, tzinfo=UTC))
    planner("export", file)
    packed = tmp_path / "all.json.gz"
    packed.write_bytes(gzip.compress((tmp_path / "all.json").read_bytes()))
    for number, each in enumerate((file, str(packed))):
        answer = run("--home", there + str(number), "--now", "2026-11-03T09:00", "import", each)
        assert "1 mail that waited in it is not sent." in answer.out
        assert "Sessions ended: 1." in answer.out
        assert run("--home", there + str(number), "--now", "2026-11-03T09:01", "tick").code == 0
        assert mails(Path(there + str(number))) == []


@pytest.mark.full
def test_a_planner_in_postgresql_is_copied_and_put_back(postgres_address: str, tmp_path: Path) -> None:
    def planner(*words: str, now: str = "2026-11-03T08:00") -> Answer:
        answer = run("--home", str(tmp_path / "home"), "--database-url", postgres_address, "--now", now, *words)
        assert (answer.code, answer.err) == (0, "")
        return answer

    planner("init", "--yes", "--name", "Bakery", "--timezone", "Europe/Berlin", now="2026-11-01T08:00")
    for now in ("2026-11-03T08:01", "2026-11-03T20:00", "2026-11-04T08:01"):
        planner("tick", now=now)
    folder = tmp_path / "home" / "backups"
    assert sorted(file.name for file in folder.iterdir()) == [
        "planner-2026-11-03.json.gz", "planner-2026-11-04.json.gz",
    ]  # fmt: skip
    assert planner("doctor", "--json", now="2026-11-04T09:00").json["copies"].endswith("0 days old")
    copy = str(tmp_path / "copy")
    assert "Wrote" in planner("backup", copy).out
    before = planner("week", "--json").out
    planner("done", "1")
    planner("business", "set", "--name", "Other")
    answer = planner("restore", "--yes", copy)
    assert "is kept in" in answer.out
    assert planner("business", "show", "--json").json["name"] == "Bakery"
    assert planner("week", "--json").out == before
    refused = run("--home", str(tmp_path / "home"), "--database-url", postgres_address, "restore", "--yes", __file__)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
