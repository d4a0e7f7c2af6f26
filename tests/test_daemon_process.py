"""The daemon as a process: where it listens, whom it believes, and that it stops in time."""

import signal
import socket
import threading
import time
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from processes import health, started, until

from planner import catalogue
from planner.actions.set_up import NewBusiness, set_up
from planner.errors import CannotListen, PortInUse
from planner.listening import listen
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.driver import sqlite3


def test_a_port_in_use() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortInUse, match=str(port)):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8420), ("no-such-host.invalid", 8420)])
def test_an_address_that_is_not_ours(host: str, port: int) -> None:
    with pytest.raises(CannotListen, match=host):
        listen(host, port)


@pytest.mark.parametrize(("listed", "believed"), [("10.9.8.7", False), ("127.0.0.0/8, 10.9.8.7", True)])
def test_only_a_listed_proxy_is_believed(tmp_path: Path, listed: str, believed: bool) -> None:
    """Through the real server, which has a mind of its own about such headers."""
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6, 203.0.113.7", "X-Forwarded-Host": "evil.test"}
    with started(tmp_path / "home", PLANNER_TRUSTED_PROXIES=listed) as (_process, port):
        until(lambda: health(port)[0] == 200)
        request = urllib.request.Request(f"http://127.0.0.1:{port}/sign-in", headers=said)
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert ("Strict-Transport-Security" in answer.headers) is believed
            assert "evil.test" not in answer.read().decode() + str(answer.headers)


def test_a_request_of_a_gigabyte_is_refused_before_it_is_there(tmp_path: Path) -> None:
    with started(tmp_path / "home") as (_process, port):
        until(lambda: health(port)[0] == 200)
        for head in ("Content-Length: 1000000000", "Transfer-Encoding: chunked"):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                asked = f"POST /a/x HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n{head}\r\n\r\n"
                line.sendall(asked.encode())
                with suppress(OSError):  # it hangs up on who goes on talking
                    for _ in range(20):
                        line.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
                assert line.recv(100).startswith(b"HTTP/1.1 413"), head
        assert health(port)[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_runs_and_stops_in_order(tmp_path: Path, number: signal.Signals) -> None:
    home = tmp_path / "home"
    with started(home) as (process, port):
        until(lambda: health(port)[0] == 200)
        process.send_signal(number)
        begun = time.monotonic()
        code = process.wait(10)
        took = time.monotonic() - begun
    log = (tmp_path / "log").read_text()
    assert (code, "Traceback" in log) == (0, False), log
    assert took < 5, log
    with sqlite3.connect(home / "planner.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


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


@pytest.mark.full
def test_a_mail_server_that_hangs_does_not_keep_the_daemon_from_stopping(tmp_path: Path) -> None:
    """It says hello, takes the mail, and never answers its end: the time-out would be ten minutes."""
    home = tmp_path / "home"
    reached = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_hang, args=(server, reached), daemon=True).start()
        database = prepared(home)
        with database.write() as tx:
            wanted = NewBusiness(name="B", timezone="Europe/Berlin", language="de", email="chef@example.org")
            set_up(tx, wanted, catalogue.preset("core-trio"), PostTexts(), datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
        mail = {
            "PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_PORT": str(server.getsockname()[1]),
            "PLANNER_SMTP_SECURITY": "none", "PLANNER_MAIL_FROM": "Planner <planner@example.org>",
        }  # fmt: skip
        with started(home, "--now", "2026-12-01T08:30", **mail) as (process, _port):
            assert reached.wait(30), (tmp_path / "log").read_text()
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            assert process.wait(15) == 0
            assert time.monotonic() - begun < 10.5
    with database.read() as tx:
        states = [row[0] for row in tx.exec_driver_sql("SELECT state FROM outbox")]
    database.close()
    assert states == ["data_started"], "nobody knows whether it was taken: the reaper decides, and never loses it"


def prepared(home: Path) -> Database:
    from planner.store.schema import prepare

    home.mkdir()
    database = Database(f"sqlite:///{home / 'planner.db'}")
    prepare(database)
    return database


def _hang(server: socket.socket, reached: threading.Event) -> None:
    line, _ = server.accept()
    with line, line.makefile("rwb") as talk:
        replies = {b"EHLO": b"250 8BITMIME", b"MAIL": b"250 ok", b"RCPT": b"250 ok", b"DATA": b"354 go"}
        talk.write(b"220 hello\r\n")
        talk.flush()
        while word := talk.readline()[:4]:
            talk.write(replies.get(word, b"250 ok") + b"\r\n")
            talk.flush()
            if word == b"DATA":
                reached.set()
                while talk.readline():
                    pass
