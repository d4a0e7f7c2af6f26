"""The daemon: ticks that never raise, late ones woken, and requests that never end."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from notify.server import serving
from processes import health, started, until
from sqlalchemy import event, insert, select, update

from planner import catalogue, config
from planner.actions import plan, remind
from planner.actions.health import troubles
from planner.actions.set_up import NewBusiness, set_up
from planner.clockwatch import ClockWatch
from planner.core.model import Business
from planner.daemon import Daemon, transport_of
from planner.links import Links
from planner.notify.folder import FolderTransport
from planner.notify.ping import PingFailed, ping
from planner.notify.smtp import SmtpTransport
from planner.render import PostTexts
from planner.store import tables
from planner.store.database import Database
from planner.store.queries import businesses, heartbeats, outbox
from planner.ticks import Tick, every

KEY = {"PLANNER_SECRET_KEY": "k" * 40}


def settings_of(home: Path, **given: Any) -> config.Settings:
    return config.load(KEY, home, **given)


@pytest.fixture
def moment(now: datetime) -> list[datetime]:
    """The clock's hand: its only entry is the present."""
    return [now]


@pytest.fixture
def daemon(database: Database, tmp_path: Path, moment: list[datetime]) -> Daemon:
    """Its steady clock goes with the one on the wall, as through a laptop's sleep."""
    return started_anew(database, tmp_path, moment)


def started_anew(database: Database, home: Path, moment: list[datetime]) -> Daemon:
    settings = settings_of(home)
    links, watch = Links(settings.keys(), "http://planner.test"), ClockWatch(lambda: moment[0].timestamp())
    return Daemon(database, settings, links, PostTexts(), lambda: moment[0], clock_watch=watch)


def found(daemon: Daemon, now: datetime, name: str = "Bäckerei", **given: str) -> Business:
    """A bakery; it asks for its mails at eight."""
    wanted = NewBusiness(name=name, timezone="Europe/Berlin", language="de", email="chef@example.org", **given)
    with daemon.database.write() as tx:
        return set_up(tx, wanted, catalogue.preset("core-trio"), PostTexts(), now)


def beats(daemon: Daemon) -> dict[str, heartbeats.Heartbeat]:
    with daemon.database.read() as tx:
        return {beat.tick: beat for beat in heartbeats.every(tx)}


# --- ticks ----------------------------------------------------------------------------------------------


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
    daemon._expect_beats()
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


# --- settings to parts ----------------------------------------------------------------------------------


def test_the_way_out_is_what_the_settings_say(tmp_path: Path) -> None:
    assert isinstance(transport_of(settings_of(tmp_path)), FolderTransport)
    given = settings_of(tmp_path, smtp_host="smtp.example.org", smtp_security="tls", smtp_user="u", smtp_password="p")
    assert transport_of(given) == SmtpTransport("smtp.example.org", 465, "tls", "u", "p")


def wrong(daemon: Daemon) -> list[str]:
    with daemon.database.read() as tx:
        return [trouble.sentence() for trouble in troubles(tx, daemon.clock())]


def sent(daemon: Daemon) -> list[str]:
    """The local dates of the digests that went out, in that order."""
    with daemon.database.read() as tx:
        found = [each for each in outbox.recent(tx, None, 100) if each.kind == "digest" and each.sent_at]
    return [f"{each.local_date:%m-%d}" for each in sorted(found, key=lambda each: each.id)]


@pytest.mark.parametrize("step", [timedelta(days=3653), timedelta(days=2), timedelta(days=-2)])
def test_a_clock_thrown_about_holds_everything_and_says_so(
    daemon: Daemon, moment: list[datetime], now: datetime, step: timedelta
) -> None:
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = now + step
    assert daemon.run_once() == {"plan": 0, "mail": 0, "reap": 0, "maintenance": 0}
    jumped = f"The clock has jumped to {now + step:%Y-%m-%d}"
    assert any(jumped in sentence for sentence in wrong(daemon)), wrong(daemon)
    moment[0] = now + timedelta(days=1)  # set right again: Tuesday's mail goes out
    seconds[0] = 86_400
    assert daemon.run_once()["mail"] == 1
    assert beats(daemon)["mail"].error == ""


def at_eight_thirty(day: int) -> datetime:
    """In Berlin, in December 2026; the first is a Tuesday."""
    return datetime(2026, 12, day, 7, 30, tzinfo=UTC)


def test_what_a_clock_that_ran_ahead_took_for_handled_is_owed_again_on_its_day(
    daemon: Daemon, moment: list[datetime], now: datetime, tmp_path: Path
) -> None:
    """The planner was off when the clock went to Friday, so it sent Friday's mail; then it is Tuesday again."""
    found(daemon, now)
    daemon.run_once()
    moment[0] = at_eight_thirty(4)
    late = started_anew(daemon.database, tmp_path, moment)
    late.run_once()
    assert sent(late) == ["12-04"], "nobody can tell that from a planner that was off"
    moment[0] = at_eight_thirty(1)
    late = started_anew(daemon.database, tmp_path, moment)
    assert late.run_once()["mail"] == 0
    assert "already worked at 2026-12-04T07:30" in " ".join(wrong(late))
    started_anew(daemon.database, tmp_path, moment).trust_clock()  # somebody says that it is right now
    for day in range(1, 8):
        moment[0] = at_eight_thirty(day)
        late.run_once()
        assert wrong(late) == []
        late.run_once()
    assert sent(late) == ["12-04", "12-01", "12-02", "12-03", "12-04", "12-05", "12-06", "12-07"]
    with late.database.read() as tx:
        summaries = [each.state.value for each in outbox.recent(tx, None, 100) if each.kind == "summary"]
    assert summaries == ["sent"]


def test_a_clock_that_ran_ahead_by_hours_and_is_set_back_doubles_nothing(
    daemon: Daemon, moment: list[datetime], now: datetime
) -> None:
    """From ten in the evening to nine in the morning, and back: the mail came early, and once."""
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    evening = datetime(2026, 12, 1, 21, tzinfo=UTC)
    moment[0] = evening
    daemon.run_once()
    moment[0] = evening + timedelta(hours=11)
    daemon.run_once()
    assert sent(daemon) == ["12-02"]
    moment[0] = evening
    for hours in range(40):
        moment[0], seconds[0] = evening + timedelta(hours=hours), hours * 3600.0
        daemon.run_once()
    assert sent(daemon) == ["12-02", "12-03"]


def test_what_a_clock_that_ran_ahead_put_off_is_tried_now(
    daemon: Daemon, moment: list[datetime], now: datetime, tmp_path: Path
) -> None:
    """A mail tried under the false clock, a way out that rests until then, a lease of a sender that died."""
    found(daemon, now)
    daemon.run_once()
    ahead = datetime(2026, 12, 5, 7, tzinfo=UTC)
    moment[0] = at_eight_thirty(1)
    with daemon.database.write() as tx:
        remind.remind(tx, at_eight_thirty(1))
        (row,) = outbox.claim(tx, "gone", ahead, 1)
        outbox.set_way_out(tx, "folder", failures=1, reason="no", paused_until=ahead)
    daemon = started_anew(daemon.database, tmp_path, moment)
    daemon.run_once()
    moment[0] += outbox.LEASE + timedelta(minutes=1)
    daemon.run_once()  # the reaper comes after the mails
    daemon.run_once()
    assert sent(daemon) == ["12-01"]
    with daemon.database.write() as tx:
        outbox.retry(tx, row, ahead, ahead + timedelta(hours=12))
    daemon = started_anew(daemon.database, tmp_path, moment)
    assert daemon.run_once()["mail"] == 1


def test_a_broken_business_does_not_keep_the_clock_from_being_set_right(
    daemon: Daemon, moment: list[datetime], now: datetime, tmp_path: Path
) -> None:
    """Its date is the one that lies beyond; the other one gets what is owed to it, and what is broken is said."""
    bad, good = found(daemon, now), found(daemon, now, "Konditorei")
    daemon.run_once()
    moment[0] = at_eight_thirty(4)
    started_anew(daemon.database, tmp_path, moment).run_once()
    moment[0] = at_eight_thirty(1)
    late = started_anew(daemon.database, tmp_path, moment)
    late.trust_clock()
    with late.database.write() as tx:
        tx.execute(update(tables.business).where(tables.business.c.id == bad.id).values(timezone="Not/AZone"))
    assert late.run_once()["mail"] == 1
    with late.database.read() as tx:
        mails = [each for each in outbox.recent(tx, None, 100) if each.kind == "digest" and each.sent_at]
    assert [(each.business_id, each.local_date.day) for each in mails if each.local_date.day == 1] == [(good.id, 1)]
    moment[0] = at_eight_thirty(2) + timedelta(hours=1)
    late.run_once()
    assert any("Not/AZone" in sentence or "Bäckerei" in sentence for sentence in wrong(late)), wrong(late)


def test_a_held_clock_is_said_once_and_first(daemon: Daemon, moment: list[datetime], now: datetime) -> None:
    """Before the first tick has seen it everything seems late at once, which is one sentence, too."""
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = now + timedelta(days=3)
    assert wrong(daemon) == [
        "By the clock nothing has run for 4320 min: the daemon stands still, or the clock was set."
    ]
    daemon.run_once()
    (sentence,) = wrong(daemon)
    assert sentence.startswith("The clock has jumped to 2026-12-03T08:30+00:00, by more than twelve hours.")
    moment[0] = now + timedelta(seconds=10)
    seconds[0] = 10.0
    daemon.run_once()
    assert wrong(daemon) == []


def test_one_tick_that_is_late_is_named(daemon: Daemon, moment: list[datetime], now: datetime) -> None:
    found(daemon, now)
    daemon.run_once()
    moment[0] = now + timedelta(minutes=2)
    assert wrong(daemon) == [
        "The tick “mail” has not run for 2 min.", "The tick “plan” has not run for 2 min.",
    ]  # fmt: skip


def test_what_a_person_named_is_not_compared_and_lets_nothing_go(
    daemon: Daemon, moment: list[datetime], now: datetime
) -> None:
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = at_eight_thirty(4)
    daemon.run_once()
    beside = Daemon(daemon.database, daemon.settings, daemon.links, PostTexts(), lambda: at_eight_thirty(1), given=True)
    assert beside.run_once()["mail"] == 1
    daemon.run_once()
    assert wrong(daemon)[0].startswith("The clock has jumped")


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


class Switch(BaseHTTPRequestHandler):
    """A dead man's switch: it counts who reports."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200 if self.path == "/well" else 500)
        self.end_headers()

    def log_message(self, *_words: object) -> None: ...


@pytest.fixture
def switch() -> Iterator[tuple[str, list[str]]]:
    """Its address, and what was asked of it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Switch) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", server.asked  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def test_somebody_outside_hears_while_all_is_well(daemon: Daemon, switch: tuple[str, list[str]], now: datetime) -> None:
    address, asked = switch
    daemon.settings = settings_of(daemon.settings.home, ping_url=f"{address}/well")
    daemon.run_once()
    assert asked == ["/well"]
    with daemon.database.write() as tx:
        outbox.set_way_out(tx, "smtp.example:587", failures=1, reason="535", paused_until=now)
    assert daemon.run_once()["ping"] == 0
    assert asked == ["/well"], "a planner whose mails do not get out is not well"


def test_a_switch_that_is_told_no_more_is_no_silence(
    daemon: Daemon, switch: tuple[str, list[str]], moment: list[datetime]
) -> None:
    home = daemon.settings.home
    daemon.settings = settings_of(home, ping_url=f"{switch[0]}/well")
    daemon.run_once()
    assert "ping" in beats(daemon)
    daemon.settings = settings_of(home)
    moment[0] += timedelta(hours=1)
    daemon.run_once()
    assert wrong(daemon) == []


@pytest.mark.parametrize("path", ["{}/ill", "http://127.0.0.1:1/geheim"])
def test_a_ping_that_does_not_get_through_is_no_trouble(
    daemon: Daemon, switch: tuple[str, list[str]], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    daemon.settings = settings_of(daemon.settings.home, ping_url=path.format(switch[0]))
    assert daemon.run_once()["ping"] == 0
    assert beats(daemon)["ping"].error == ""
    assert "did not get through" in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("drip", [b"H", b"HTTP/1.1 200 OK\r\n" + b"X"])
def test_a_switch_that_drips_is_cut_off(
    daemon: Daemon, drip: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A byte every tenth of a second, each of them within the time-out of a socket."""
    monkeypatch.setattr("planner.daemon._PING_SECONDS", 1)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _address = server.accept()
            with line, suppress(OSError):
                line.sendall(drip)
                while not ended.wait(0.1):
                    line.sendall(b"x")

        thread = threading.Thread(target=serve)
        thread.start()
        daemon.settings = settings_of(daemon.settings.home, ping_url=f"http://127.0.0.1:{server.getsockname()[1]}/")
        begun = time.monotonic()
        daemon.run_once()
        took = time.monotonic() - begun
        ended.set()
        thread.join(10)
    assert 1 <= took < 8
    assert "the ping did not get through: TimeoutError" in caplog.text


def test_a_switch_that_sends_us_on_to_a_line_that_cannot_be_cut_is_not_followed() -> None:
    """Dripping there, it would hold the tick up until the daemon takes it for hung."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as elsewhere:

        def serve() -> None:
            line, _address = server.accept()
            with line:
                line.recv(4096)
                there = f"ftp://127.0.0.1:{elsewhere.getsockname()[1]}/x"
                line.sendall(f"HTTP/1.1 302 on\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode())

        threading.Thread(target=serve, daemon=True).start()
        elsewhere.settimeout(0)
        with pytest.raises(PingFailed, match="URLError"):
            ping(f"http://127.0.0.1:{server.getsockname()[1]}/", 5)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_a_clock_thrown_forward_by_decades_is_not_caught_up_tick_by_tick() -> None:
    """Every ten seconds of fifty years would be a hundred and fifty million moments in a list."""
    start = datetime(1976, 1, 1, tzinfo=UTC)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    trigger = every(10)
    assert trigger.get_next_fire_time(None, now) == now
    assert trigger.get_next_fire_time(start, now) == now + timedelta(seconds=10)
    assert trigger.get_next_fire_time(now, now) == now + timedelta(seconds=10)
    assert trigger.get_next_fire_time(now + timedelta(seconds=1), now) == now + timedelta(seconds=11)


# --- watching -------------------------------------------------------------------------------------------


class Alarm:
    """What the watch sees of the scheduler."""

    def __init__(self) -> None:
        self.woken: list[str] = []

    def modify_job(self, name: str, next_run_time: datetime) -> None:
        assert next_run_time.tzinfo is not None
        self.woken.append(name)


class Looks:
    """An event that lets the watch look so many times and then stops it."""

    def __init__(self, times: int) -> None:
        self._left = times

    def wait(self, _seconds: float) -> bool:
        self._left -= 1
        return self._left < 0


def test_a_late_tick_is_woken_once(daemon: Daemon) -> None:
    alarm = Alarm()
    long_ago = time.monotonic() - 40  # more than three intervals of the mail tick, of no other
    daemon._beats = {tick.name: long_ago for tick in daemon.ticks()}
    daemon.stopping = Looks(2)  # type: ignore[assignment]
    assert daemon._watch(alarm) == 0
    assert alarm.woken == ["mail"]


def test_a_tick_that_failed_is_woken_before_its_hour_comes_round(daemon: Daemon) -> None:
    at, alarm = time.monotonic(), Alarm()
    daemon._beats = {tick.name: at for tick in daemon.ticks()}
    daemon._wake = {"maintenance": at - 1, "plan": at + 25}
    daemon.stopping = Looks(2)  # type: ignore[assignment]
    assert daemon._watch(alarm) == 0
    assert alarm.woken == ["maintenance"]


def test_when_a_held_clock_is_right_every_tick_is_woken_whose_beat_may_be_of_the_false_time(
    daemon: Daemon, moment: list[datetime], now: datetime
) -> None:
    """An hourly tick that ended under the false clock, having begun before: it would seem late for an hour."""
    alarm, seconds = Alarm(), [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = datetime(1971, 1, 1, tzinfo=UTC)
    plan, mail, _reap, maintenance = daemon.ticks()
    daemon.run_tick(mail)
    daemon._beat(maintenance.name, maintenance.seconds)
    moment[0], seconds[0] = now + timedelta(seconds=20), 20.0
    daemon.run_tick(mail)
    assert wrong(daemon) != []
    daemon.stopping = Looks(2)  # type: ignore[assignment]
    assert daemon._watch(alarm) == 0
    assert alarm.woken == ["plan", "mail", "reap", "maintenance"]
    daemon.stopping = threading.Event()
    for tick in (plan, maintenance):
        daemon.run_tick(tick)
    assert wrong(daemon) == []


@pytest.mark.parametrize(
    ("name", "silent", "code"), [("mail", 900, 0), ("mail", 1000, 70), ("plan", 299, 0), ("plan", 301, 70)]
)
def test_a_tick_that_never_comes_back_ends_the_process(daemon: Daemon, name: str, silent: int, code: int) -> None:
    at = time.monotonic()
    daemon._beats = {tick.name: at - (silent if tick.name == name else 0) for tick in daemon.ticks()}
    daemon.stopping = Looks(1)  # type: ignore[assignment]
    assert daemon._watch(Alarm()) == code


CHUNK = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
ENDLESS = {
    "a long address": (b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
    "headers without end": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Y: z\r\n" * 6_000, b"431"),
    "a gigabyte announced": (b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n", b"413"),
    "chunks without end": (
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK * 11,
        b"413",
    ),
    "a NUL": (b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\0b\r\n\r\n", b"400"),
    "no HTTP": (b"\0\xff\r\n\r\n", b"400"),
}


def test_a_request_without_end_is_cut_short(tmp_path: Path) -> None:
    """Refused by what it says or by what has come so far; waitress alone would keep a gigabyte on the disk."""
    with started(tmp_path / "home") as (_process, port):
        until(lambda: health(port)[0] == 200)
        answers = {name: _answer(port, request) for name, (request, _status) in ENDLESS.items()}
        assert health(port)[0] == 200
    assert answers == {name: status for name, (_request, status) in ENDLESS.items()}


def _answer(port: int, request: bytes) -> bytes:
    """The status that a request is answered with, before or after all of it was sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        with suppress(ConnectionError):
            line.sendall(request)
        return line.recv(100).split()[1]


def test_many_mails_to_a_slow_server_are_no_tick_that_hangs(daemon: Daemon) -> None:
    daemon._beats["mail"] = time.monotonic() - 900
    assert daemon._between_mails() is False
    assert time.monotonic() - daemon._beats["mail"] < 60
    first = beats(daemon)["mail"]
    assert daemon._between_mails() is False
    assert beats(daemon)["mail"] == first, "once in ten seconds is enough"
    daemon.stopping.set()
    assert daemon._between_mails() is True


@pytest.mark.parametrize("part", ["plan", "remind"])
def test_many_rounds_are_no_tick_that_hangs(
    daemon: Daemon, moment: list[datetime], monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """A first plan, or a morning's mails, of many businesses on a slow machine: each round takes a minute."""
    since, rounds = [time.monotonic()], [0]
    silences = []

    def slow(*_given: object) -> Any:
        silences.append(since[0] - daemon._beats[name])
        since[0] += 60
        rounds[0] += 1
        more = rounds[0] < 20
        return plan.Planned(1, more) if part == "plan" else remind.Reminded(1, more)

    name = "plan" if part == "plan" else "mail"
    monkeypatch.setattr("planner.daemon.time.monotonic", lambda: since[0])
    monkeypatch.setattr(*((plan, "plan_ahead") if part == "plan" else (remind, "remind")), slow)
    tick = {tick.name: tick for tick in daemon.ticks()}[name]
    daemon.run_tick(tick)
    assert daemon.faults == {}
    assert (rounds[0], max(silences) <= 60) == (20, True), silences


# --- settings changed on the page -------------------------------------------------------------------------


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
