"""Rules and requests without end: refused in little time and memory, by real processes, and the others go on.

A command gets three seconds of processor time and a gigabyte of addresses from the kernel, however busy the machine is.
"""

import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from processes import health, started, until
from sqlalchemy import update

from faults.installation import MORNING, Installation
from planner.store.database import Database
from planner.store.tables import cadence
from planner.web.punctual import MOST_OPEN, WHOLE_WITHIN

pytestmark = [pytest.mark.full, pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")]

ENOUGH_SECONDS, ENOUGH_BYTES = 3, 2**30
ENDLESS = {
    "every second": "FREQ=SECONDLY",
    "every minute": "FREQ=MINUTELY;COUNT=3",
    "every second by hand": "FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1,2;BYSECOND=0,1,2",
    "no interval": "FREQ=DAILY;INTERVAL=0",
    "interval of a million": "FREQ=YEARLY;INTERVAL=1000000",
    "the thirtieth of February": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "the same, by the month": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30,31",
    "a Monday in the sixth week of a month": "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1,2,3",
    "a place that no set has": "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;BYSETPOS=366",
    "a billion times": "FREQ=DAILY;COUNT=1000000000",
    "a number of many digits": "FREQ=DAILY;COUNT=" + "9" * 5_000,
    "a long list": "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 30_000),
    "many parts": "FREQ=DAILY;" + "WKST=MO;" * 10_000,
    "nothing but equals signs": "=" * 100_000,
}
# What may be asked for and is much: all days of a century, and the last place in every year.
GREAT = {
    "every day for a century": ("FREQ=DAILY", 40_177),
    "all days of the year": (
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1,366", 110,
    ),
    "once in three hundred years": ("FREQ=YEARLY;INTERVAL=366", 1),
}  # fmt: skip


def bounded(installation: Installation, now: str, *words: str) -> tuple[int, str]:
    """Exit code and words of a command that may not take much; what takes more is killed by the kernel."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (ENOUGH_SECONDS, ENOUGH_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (ENOUGH_BYTES, ENOUGH_BYTES))

    command = [sys.executable, "-m", "planner", "--now", now, *words]
    done = subprocess.run(
        command, env=installation.environ, capture_output=True, text=True, timeout=60, check=False, preexec_fn=limits
    )
    return done.returncode, done.stdout + done.stderr


# Databases cannot make a difference: a rule is read before anything is asked of them.
@pytest.mark.parametrize("database_address", ["wal"], indirect=True)
def test_rules_without_end_are_refused_on_the_command_line(installation: Installation) -> None:
    for name, rule in ENDLESS.items():
        for words in (("cadence", "preview"), ("cadence", "add", "1")):
            code, said = bounded(installation, MORNING, *words, f"--rrule={rule}", "--start", "2026-12-01T09:00")
            assert (code, "Traceback" in said) == (2, False), (name, said[-500:])
            assert len(said) < 1000, name


@pytest.mark.parametrize("database_address", ["wal"], indirect=True)
def test_much_that_may_be_asked_for_comes_in_time(installation: Installation) -> None:
    span = ("--from", "1990-01-01", "--to", "2100-01-01")
    for name, (rule, lines) in GREAT.items():
        words = ("cadence", "preview", "--rrule", rule, "--start", "1990-01-01T09:00", *span)
        code, said = bounded(installation, MORNING, *words)
        assert (code, len(said.splitlines())) == (0, lines), (name, said[-500:])
    assert (
        bounded(installation, MORNING, "cadence", "add", "1", "--rrule", "FREQ=DAILY", "--start", "1990-01-01T09:00")[0]
        == 0
    )
    assert bounded(installation, MORNING, "tick")[0] == 0


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYDAY=MO;BYSETPOS=2"])
def test_a_rule_without_end_in_the_database_does_not_stop_the_others(installation: Installation, rule: str) -> None:
    """As an import, another release or a hand may have left it."""
    words = ("--timezone", "Europe/Berlin", "--email", "maier@example.org")
    assert installation.run("2026-11-30T12:00", "business", "add", "Maier", *words) == 0
    database = Database(installation.address)
    with database.write() as tx:
        tx.execute(update(cadence).where(cadence.c.business_id == 1).values(rrule=rule, plan_at=None))
        tx.exec_driver_sql("UPDATE cadence SET plan_at = created_at, planned_until = dtstart WHERE business_id = 1")
    database.close()
    code, said = bounded(installation, MORNING, "tick")
    assert code in (0, 1), said
    assert "Traceback" not in said
    assert "maier@example.org" in {mail.recipient for mail in installation.server.taken}


LONG = b"x" * 30_000
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
PARTS = b"".join(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' for _ in range(4_000))
REQUESTS = {
    "a form of very many fields": (b"POST", b"/sign-in", FORM, b"a=&" * 60_000, b"403"),
    "very many parts": (
        b"POST",
        b"/sign-in",
        b"Content-Type: multipart/form-data; boundary=b\r\n",
        PARTS + b"--b--",
        b"413",
    ),
    "parts without end": (b"POST", b"/sign-in", b"Content-Type: multipart/form-data; boundary=b\r\n", PARTS, b"413"),
    "a boundary without end": (
        b"POST",
        b"/sign-in",
        b"Content-Type: multipart/form-data; boundary=" + LONG + b"\r\n",
        b"",
        b"403",
    ),
    "one field of a quarter megabyte": (b"POST", b"/sign-in", FORM, b"password=" + b"x" * 260_000, b"403"),
    "percent signs": (b"POST", b"/sign-in", FORM, b"password=" + b"%" * 260_000, b"403"),
    "a bomb in gzip": (
        b"POST",
        b"/sign-in",
        FORM + b"Content-Encoding: gzip\r\n",
        b"\x1f\x8b" + b"\0" * 200_000,
        b"403",
    ),
    "many languages": (b"GET", b"/sign-in", b"Accept-Language: " + b"xx-yy;q=0.1," * 2_500 + b"\r\n", b"", b"200"),
    "many cookies": (b"GET", b"/", b"Cookie: " + b"planner=a; " * 2_700 + b"\r\n", b"", b"303"),
    "many ranges": (b"GET", b"/static/planner.css", b"Range: bytes=" + b"0-0," * 7_000 + b"1-1\r\n", b"", b"200"),
    "many tags": (b"GET", b"/static/planner.css", b"If-None-Match: " + b'"a",' * 7_000 + b'"b"\r\n', b"", b"200"),
    "many proxies": (b"GET", b"/sign-in", b"X-Forwarded-For: " + b"1.1.1.1, " * 3_000 + b"1.1.1.1\r\n", b"", b"200"),
    "a long path": (b"GET", b"/a" * 14_000, b"", b"", b"404"),
    "a long link": (b"GET", b"/a/" + LONG, b"", b"", b"404"),
    "a long query": (b"GET", b"/sign-in?" + b"a=b&" * 7_000, b"", b"", b"200"),
    "a feed that is none": (b"GET", b"/feeds/" + LONG + b".ics", b"", b"", b"404"),
}


def test_oversized_requests_are_answered_at_once(tmp_path: Path) -> None:
    """Each in less than two seconds; meanwhile and afterwards memory stays where it was."""
    with started(tmp_path / "home", PLANNER_TRUSTED_PROXIES="127.0.0.1") as (process, port):
        until(lambda: health(port)[0] == 200)
        answers, slow = {}, {}
        for name, (verb, path, head, body, _status) in REQUESTS.items():
            begun = time.monotonic()
            answers[name] = answer(port, verb, path, head, body)
            if (took := time.monotonic() - begun) > 2:
                slow[name] = took
        assert health(port)[0] == 200
        assert highest(process.pid) < 200, "megabytes"
    assert answers == {name: status for name, (*_request, status) in REQUESTS.items()}
    assert slow == {}
    assert "Traceback" not in (tmp_path / "log").read_text()


def answer(port: int, verb: bytes, path: bytes, head: bytes, body: bytes) -> bytes:
    """The status that a request is answered with. Wrong passwords come from different places."""
    if verb == b"POST":
        head += b"X-Forwarded-For: 203.0.113.%d\r\nContent-Length: %d\r\n" % (len(body) % 250, len(body))
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        with suppress(ConnectionError):
            line.sendall(b"%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n%s" % (verb, path, head, body))
        return line.recv(100).split()[1]


def highest(pid: int) -> float:
    """The most memory a process has had, in megabytes."""
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


BEGINNINGS = {
    "nothing": b"",
    "a request line": b"GET / HTTP/1.1\r\n",
    "half a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half a body": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n",
    "a chunk": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
}


@contextmanager
def crowd(port: int, count: int, beginning: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have begun a request."""
    with ExitStack() as stack:
        lines = []
        for _ in range(count):
            lines.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)))
            with suppress(ConnectionError):
                lines[-1].sendall(beginning)
        yield lines


def drip(lines: list[socket.socket]) -> int:
    """A byte more on every connection; how many take it."""
    taken = 0
    for line in lines:
        with suppress(OSError):
            taken += line not in hung_up([line]) and line.send(b"x")
    return taken


def hung_up(lines: list[socket.socket]) -> list[socket.socket]:
    """Those that the other side has closed."""
    found = []
    for line in lines:
        line.setblocking(False)
        try:
            if line.recv(1, socket.MSG_PEEK) == b"":
                found.append(line)
        except BlockingIOError:
            continue
        except OSError:
            found.append(line)
    return found


def test_a_crowd_of_slow_connections_does_not_shut_the_page(tmp_path: Path) -> None:
    """More than are let in; each sends a byte now and then. Who comes is answered, and they are sent away in time."""
    with started(tmp_path / "home") as (process, port):
        until(lambda: health(port)[0] == 200)
        pause = threading.Event()
        begun = time.monotonic()
        with ExitStack() as stack:
            lines = []
            for beginning in BEGINNINGS.values():
                lines += stack.enter_context(crowd(port, MOST_OPEN // 3, beginning))
            assert len(lines) > MOST_OPEN
            while left := drip(lines):
                asked = time.monotonic()
                assert health(port)[0] == 200
                assert time.monotonic() - asked < 2
                assert time.monotonic() - begun < WHOLE_WITHIN + 15, f"{left} are still there"
                pause.wait(1)
            assert highest(process.pid) < 200, "megabytes"
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_who_asks_again_in_time_is_kept(tmp_path: Path) -> None:
    """One connection that asks again and again, with breaks shorter than it may wait, is kept."""
    with started(tmp_path / "home") as (_process, port):
        until(lambda: health(port)[0] == 200)
        with socket.create_connection(("127.0.0.1", port), 10) as line:
            for _ in range(3):
                line.sendall(b"HEAD /sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
                assert line.recv(65_536).startswith(b"HTTP/1.1 200")
                threading.Event().wait(WHOLE_WITHIN * 0.6)
            assert hung_up([line]) == []
