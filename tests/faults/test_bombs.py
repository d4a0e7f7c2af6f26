"""What is meant to keep the planner busy for ever: refused at once, and everybody else is served meanwhile."""

import re
import socket
import time
from pathlib import Path

import pytest
from notify.server import MailServer
from test_daemon import health, started, until

from faults.installation import MORNING, Installation

# In short: much longer than a refusal takes, much shorter than what is asked for would.
SHORT = 10
BOMBS = {
    "every second": "FREQ=SECONDLY",
    "no such day": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "a leap day that is the first Monday": "FREQ=YEARLY;INTERVAL=97;BYMONTH=2;BYMONTHDAY=29;BYDAY=1MO",
    "a huge step": "FREQ=DAILY;INTERVAL=999999999",
    "very many": "FREQ=DAILY;COUNT=999999999999",
    "thousands of days": "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 20_000),
    "every part at once": "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=" + ",".join(map(str, range(1, 367))),
    "numbers without end": "FREQ=DAILY;INTERVAL=" + "9" * 50_000,
}


@pytest.mark.full
@pytest.mark.parametrize("database_address", ["wal"], indirect=True)
@pytest.mark.parametrize("rule", BOMBS.values(), ids=BOMBS.keys())
def test_a_rule_without_end_is_refused_at_once(installation: Installation, rule: str) -> None:
    for words in (("cadence", "add", "1", "--rrule", rule), ("cadence", "preview", "--rrule", rule)):
        begun = time.monotonic()
        assert installation.run(MORNING, *words, "--start", "2026-12-01T09:00") == 2
        assert time.monotonic() - begun < SHORT
    assert installation.said(MORNING, "cadence", "list", "--json").count('"rrule"') == 3, "the three it began with"


def request(port: int, sent: bytes, more: bytes = b"", seconds: float = SHORT) -> bytes:
    """The first line of what comes back; ``more`` is sent again and again until something does."""
    end = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        try:
            line.sendall(sent)
            line.settimeout(0.05)
            while time.monotonic() < end:
                try:
                    return line.recv(4096).partition(b"\r\n")[0]
                except TimeoutError:
                    line.sendall(more)
        except (BrokenPipeError, ConnectionResetError):
            return b"closed"
    return b"nothing"


def memory(pid: int) -> int:
    """What a process has at the most needed, in MB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


@pytest.mark.full
def test_requests_without_end_are_refused_at_once(tmp_path: Path, sqlite_address: str, server: MailServer) -> None:
    installation = Installation(tmp_path / "home", sqlite_address, server)
    post = b"POST /sign-in HTTP/1.1\r\nHost: planner.test\r\n"
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    asked = {
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n": b"",
        b"GET / HTTP/1.1\r\n": b"X-More: " + b"x" * 4000 + b"\r\n",
        post + form + b"Content-Length: 9999999999\r\n\r\n": b"x" * 65_536,
        post + form + b"Transfer-Encoding: chunked\r\n\r\n": b"10000\r\n" + b"x" * 65_536 + b"\r\n",
        post + form + b"Content-Length: 200000\r\n\r\n" + b"a=1&" * 50_000: b"",
    }
    with started(tmp_path / "home", **installation.settings) as (process, port):
        until(lambda: health(port)[0] == 200)
        before = memory(process.pid)
        for sent, more in asked.items():
            said = request(port, sent, more)
            assert said == b"closed" or re.match(rb"HTTP/1\.[01] 4\d\d ", said), (sent[:60], said)
            assert health(port)[0] == 200
        assert memory(process.pid) - before < 30
        # Somebody who drips one letter at a time takes a place, and not the others'.
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(post + form + b"Content-Length: 50\r\n\r\na")
            assert health(port)[0] == 200
