"""What time does to us: sleep, days without power, a clock thrown about, a zone changed on the day."""

import json
import os
import signal
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import forked
import pytest
from notify.server import MailServer
from processes import health, started, until

from faults.installation import AFTER_THE_LEASE, LATER, MORNING, Installation
from planner.store.database import Database
from planner.store.queries import heartbeats

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), Path("missing"))

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
both = pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)


@both
def test_days_without_power_end_in_one_mail_that_says_so(installation: Installation, server: MailServer) -> None:
    """From Tuesday morning to Friday noon, then over a week end: never a pile, never yesterday's today."""
    assert installation.run(MORNING, "tick") == 0
    assert installation.run("2026-12-04T12:00", "tick") == 0
    assert len(server.taken) == 2
    assert b"Friday" in server.taken[1].data
    assert b"No mail reached you" in server.taken[1].data
    assert installation.run("2026-12-07T10:00", "tick") == 0
    kinds = sorted("summary" if b"Week 49" in mail.data else "digest" for mail in server.taken[2:])
    assert kinds in (["digest", "summary"], ["summary"])


@both
def test_what_comes_late_waits_for_the_end_of_the_night(installation: Installation, server: MailServer) -> None:
    """Power is back at eleven at night; nobody is woken, and in the morning there is one mail."""
    assert installation.run("2026-12-01T23:00", "tick") == 0
    assert server.taken == []
    assert installation.run("2026-12-02T08:00", "tick") == 0
    assert len([mail for mail in server.taken if b"digest" in mail.data]) == 1


@both
def test_a_post_done_between_planning_and_sending_is_not_in_the_mail(
    installation: Installation, server: MailServer
) -> None:
    installation.environ["PLANNER_SMTP_PORT"] = "1"
    assert installation.run(MORNING, "tick") == 0
    assert [state for state, _repeats in installation.states()] == ["pending"]
    listed = installation.said(MORNING, "post", "list", "--from", "2026-12-01", "--to", "2026-12-02", "--json")
    for post in json.loads(listed):
        assert installation.run(MORNING, "done", str(post["id"])) == 0
    installation.environ["PLANNER_SMTP_PORT"] = str(server.port)
    assert installation.run(LATER, "tick") == 0
    assert server.taken == []
    assert installation.states() == [("superseded", 0)]


@both
@pytest.mark.parametrize("change", [("--timezone", "Pacific/Kiritimati"), ("--timezone", "Pacific/Pago_Pago")])
def test_a_zone_changed_on_the_day_gives_no_second_mail_of_a_date(
    installation: Installation, server: MailServer, change: tuple[str, str]
) -> None:
    assert installation.run(MORNING, "tick") == 0
    assert installation.run(MORNING, "business", "set", *change) == 0
    for hour in range(9, 24, 2):
        assert installation.run(f"2026-12-01T{hour:02}:30", "tick") == 0
    dates = [message.local_date for message in installation.digests()]
    assert len(dates) == len(set(dates))


@both
@pytest.mark.parametrize(
    ("step", "copies"), [("RCPT", 1), ("DATA", 2)], ids=["before the data", "after the data began"]
)
def test_who_wakes_up_after_his_lease_changes_nothing(
    installation: Installation, server: MailServer, step: str, copies: int
) -> None:
    """Put to sleep in the middle of sending; another sends after the lease; then the sleeper goes on."""
    answers = {"RCPT": "250 ok", "DATA": "354 go on"}

    def sleeps() -> str:
        assert installation.process is not None
        installation.process.send_signal(signal.SIGSTOP)
        return answers[step]

    server.script[step] = [sleeps]
    sleeper = installation.start(MORNING, "tick")
    until(lambda: not server.script[step])
    for now in (AFTER_THE_LEASE, LATER):
        assert installation.run(now, "tick") == 0
    assert len(server.taken) == 1
    sleeper.send_signal(signal.SIGCONT)
    assert sleeper.wait(60) == 0
    assert len(server.taken) == copies
    assert len({mail.data for mail in server.taken}) == 1
    assert [state for state, _repeats in installation.states()] == ["sent"]


def by(dial: Path) -> dict[str, str]:
    """Surroundings in which a process sees the time that is written in a file, while its steady clock counts on."""
    assert FAKETIME.exists(), "libfaketime is missing; make test-faults installs it"
    return {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(dial), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC",
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.full
@pytest.mark.parametrize(
    ("database_address", "step", "held"),
    [
        ("wal", timedelta(hours=1), False),
        ("wal", timedelta(days=3), True),
        ("wal", timedelta(days=3650), True),
        ("wal", timedelta(hours=-1), False),
        ("wal", timedelta(days=-1), True),
        ("wal", timedelta(days=-20_424), True),  # 1971
        # PostgreSQL has each way back, too: its copy takes so long that it ended under the false clock.
        ("delete", timedelta(hours=-1), False),
        ("delete", timedelta(days=3), True),
        ("postgresql", timedelta(hours=-1), False),
        ("postgresql", timedelta(days=3), True),
        ("postgresql", timedelta(days=-1), True),
        ("postgresql", timedelta(days=-20_424), True),
    ],
    indirect=["database_address"],
)
def test_a_clock_thrown_about_under_a_running_daemon(
    tmp_path: Path, database_address: str, server: MailServer, step: timedelta, held: bool
) -> None:
    """The ticks go on whatever it says; what cannot be is not believed, and nothing is sent twice."""
    installation = Installation(tmp_path / "home", database_address, server)
    installation.set_up()
    dial = tmp_path / "dial"
    dial.write_text("@2026-12-01 07:00:20\n")  # 08:00:20 in Berlin
    faked = by(dial)
    with started(tmp_path / "home", **installation.settings, **faked) as (process, port):
        until(lambda: len(server.taken) == 1, 60)
        moved = datetime(2026, 12, 1, 7, 0, 40) + step
        dial.write_text(f"@{moved:%Y-%m-%d %H:%M:%S}\n")
        if held:
            until(lambda: health(port)[0] == 503, 60)
            until(lambda: "The clock" in installation.said(MORNING, "status"), 60)
        else:
            until(lambda: abs(last_beat(installation) - moved) < timedelta(minutes=10), 60)
        assert process.poll() is None
        assert len(server.taken) == 1
        dial.write_text("@2026-12-01 07:02:20\n")
        until(lambda: health(port)[0] == 200, 150)
    assert len(server.taken) == 1


@pytest.mark.long
@pytest.mark.full
def test_a_clock_thrown_about_while_the_planner_is_off(
    tmp_path: Path, database_address: str, server: MailServer
) -> None:
    """Forward it is believed, and says Friday's mail; back on Tuesday all is held until somebody says that it is right.

    Then every date has its mail on its day, that of Friday too.
    """
    installation = Installation(tmp_path / "home", database_address, server)
    installation.set_up()
    dial = tmp_path / "dial"
    faked = by(dial)
    dial.write_text("@2026-12-04 07:00:20\n")
    with started(tmp_path / "home", **installation.settings, **faked) as (_process, port):
        until(lambda: len(server.taken) == 1, 60)
        until(lambda: health(port)[0] == 200, 60)
    dial.write_text("@2026-12-01 07:00:20\n")
    with started(tmp_path / "home", **installation.settings, **faked) as (process, port):
        until(lambda: health(port)[0] == 503, 60)
        until(lambda: "already worked at 2026-12-04" in installation.said(MORNING, "status"), 60)
        assert len(server.taken) == 1
        trusting = {**os.environ, **installation.settings, **faked}
        assert forked.start(["tick", "--trust-clock"], trusting).wait(60) == 0
        until(lambda: health(port)[0] == 200, 150)
        assert len(server.taken) == 2
        assert process.poll() is None
    for day in (2, 3, 4):
        dial.write_text(f"@2026-12-{day:02} 07:00:20\n")
        with started(tmp_path / "home", **installation.settings, **faked):
            until(lambda day=day: len(server.taken) == day + 1, 60)
            until(lambda day=day: installation.states()[:1] == [("sent", 0)], 60)
    days = ["Friday, 4", "Tuesday, 1", "Wednesday, 2", "Thursday, 3", "Friday, 4"]
    assert len(server.taken) == len(days)
    for mail, day in zip(server.taken, days, strict=True):
        assert f"{day} December".encode() in mail.data


@pytest.mark.long
@pytest.mark.full
def test_a_held_clock_is_let_go_by_nobody_but_a_person(
    tmp_path: Path, database_address: str, server: MailServer
) -> None:
    """Neither by a tick beside the daemon, nor by the daemon started anew; both go on when the clock is set right."""
    installation = Installation(tmp_path / "home", database_address, server)
    installation.set_up()
    dial = tmp_path / "dial"
    faked = by(dial)
    dial.write_text("@2026-12-01 07:00:20\n")
    beside = {**os.environ, **installation.settings, **faked}
    with started(tmp_path / "home", **installation.settings, **faked) as (_process, port):
        until(lambda: len(server.taken) == 1, 60)
        until(lambda: health(port)[0] == 200, 60)
        dial.write_text("@2026-12-04 07:00:40\n")
        until(lambda: says(port) == ["The clock has jumped to 2026-12-04"], 60)
        assert forked.start(["tick"], beside).wait(60) == 1
        assert says(port) == ["The clock has jumped to 2026-12-04"]
    with started(tmp_path / "home", **installation.settings, **faked) as (_process, port):
        until(lambda: health(port)[0] == 503, 60)
        assert forked.start(["tick"], beside).wait(60) == 1
        assert says(port) == ["The clock has jumped to 2026-12-04"]
        assert len(server.taken) == 1
        dial.write_text("@2026-12-01 07:02:20\n")
        until(lambda: health(port)[0] == 200, 150)
        assert forked.start(["tick"], beside).wait(60) == 0
    assert len(server.taken) == 1


def says(port: int) -> list[str]:
    """The beginnings of the daemon's reasons."""
    _status, answer = health(port)
    return [reason[: len("The clock has jumped to 2026-12-04")] for reason in (answer or {"reasons": []})["reasons"]]


def last_beat(installation: Installation) -> datetime:
    """When the mail tick last came round, by the daemon's clock, in UTC without saying so."""
    database = Database(installation.address)
    with database.read() as tx:
        beats = [beat.beat_at for beat in heartbeats.every(tx) if beat.tick == "mail"]
    database.close()
    return beats[0].replace(tzinfo=None) if beats else datetime(1970, 1, 1)


@pytest.mark.full
@both
def test_new_zone_rules_move_what_is_to_come(installation: Installation, tmp_path: Path) -> None:
    """A release by which Berlin lives as Tokyo does: the wall times stay, the instants follow at the next clean-up."""
    rules = tmp_path / "rules" / "Europe"
    rules.mkdir(parents=True)
    (rules / "Berlin").write_bytes(resources.files("tzdata.zoneinfo").joinpath("Asia", "Tokyo").read_bytes())
    (rules.parent / "tzdata.zi").write_text("# version 2031c\n")
    listing = ("post", "list", "--from", "2026-12-03", "--to", "2026-12-31", "--json")
    before = [datetime.fromisoformat(post["due"]) for post in json.loads(installation.said(MORNING, *listing))]
    installation.environ["PYTHONTZPATH"] = str(rules.parent)
    assert installation.run(MORNING, "tick") == 0
    after = [datetime.fromisoformat(post["due"]) for post in json.loads(installation.said(MORNING, *listing))]
    assert [due.replace(tzinfo=None) for due in after] == [due.replace(tzinfo=None) for due in before]
    assert {(one - other) for one, other in zip(before, after, strict=True)} == {timedelta(hours=8)}
    assert "rules of 2031c" in installation.said(MORNING, "doctor")
    assert "which differ from 2026-11-30 on" in installation.said(MORNING, "doctor")
