"""Somebody outside who hears while all is well, and whose alarm is our silence."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from daemons import beats, daemon, moment, settings_of, wrong

from planner.daemon import Daemon
from planner.notify.ping import PingFailed, ping
from planner.store.queries import outbox

__all__ = ["daemon", "moment"]  # the fixtures


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
