"""A feed of five hundred events: after one change against building it all, and unchanged; beside Radicale."""

import base64
import http.client
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event, insert

from bench.homes import NOW, fill, fresh_database
from bench.measure import Result, seconds
from planner.actions.feeds import FeedReader, content_of, new_feed
from planner.actions.posts import edit
from planner.core.model import Feed
from planner.ical import Content, FeedWriter
from planner.links import Links
from planner.render import PostTexts
from planner.store import tables
from planner.store.database import Database
from planner.store.queries import businesses

EVENTS = 500
SECONDS = 3.0


def results() -> Iterator[Result]:
    """One change since, and requests a second of an unchanged feed."""
    with fresh_database() as database:
        fill(database, 1)
        _add_posts(database)
        with database.write() as tx:
            feed, secret = new_feed(tx, businesses.get(tx, 1), now=NOW)
        with database.read() as tx:
            content = content_of(tx, feed, NOW)
        assert len(content.posts) == EVENTS
        yield _after_one_change(database, feed)
        yield from _unchanged(database, secret, content)


def _add_posts(database: Database) -> None:
    rows = [
        {
            "uid": f"post-{n}@bench.invalid", "business_id": 1, "channel_id": n % 3 + 1,
            "due_local": NOW.replace(tzinfo=None), "due_at": NOW, "pillar": "tip", "title": f"Beitrag Nummer {n}",
            "text": "Ein Text von üblicher Länge. " * 12, "hint": "Ein Foto und zwei Sätze.", "status": "planned",
            "created_at": NOW, "updated_at": NOW,
        }
        for n in range(EVENTS)
    ]  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(tables.post), rows)


def _after_one_change(database: Database, feed: Feed) -> Result:
    """Reading the rows and writing the bytes, on both sides; ours remembers, the other one begins from nothing."""
    reader, writer = FeedReader(), _writer()

    def ours() -> None:
        with database.read() as tx:
            writer.write(reader.content_of(tx, feed, NOW))

    def everything() -> None:
        with database.read() as tx:
            _writer().write(content_of(tx, feed, NOW))

    ours()
    spent, whole = [], []
    for number in range(9):
        with database.write() as tx:
            edit(tx, 1, title=f"Neu {number}", now=NOW)
        spent.append(seconds(ours))
        whole.append(seconds(everything))
    warm, cold = statistics.median(spent), statistics.median(whole)
    return Result(
        "feed of 500 events, all read and built with icalendar / one post changed since", cold / warm, "≥ 20",
        cold >= 20 * warm, f"{cold * 1000:.0f} ms / {warm * 1000:.2f} ms",
    )  # fmt: skip


def _writer() -> FeedWriter:
    return FeedWriter(lambda n: f"http://planner.test/posts/{n}")


def _unchanged(database: Database, secret: str, content: Content) -> Iterator[Result]:
    from planner.web import create_app
    from planner.web.site import Site

    site = Site(database, Links(["k" * 40], "http://planner.test"), PostTexts(), lambda: NOW)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: _note(statements, given[2]))
    client = create_app(site).test_client()
    path = f"/feeds/{secret}.ics"
    tag = client.get(path).headers["ETag"]
    built, statements[:] = site.feed_writer.built, []
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    built = site.feed_writer.built - built
    yield Result("unchanged feed, conditional GET: queries", len(statements), "1, and no event built",
                 len(statements) == 1 and not built, f"{built} events built", unit="queries")  # fmt: skip
    with _served(site) as port:
        ours = _rate(port, path, {"If-None-Match": tag})
        full = _rate(port, path, {})
    body = site.feed_writer.write(content)
    with _radicale(body) as port:
        theirs = _rate(port, "/bench/plan/", {"Authorization": "Basic " + base64.b64encode(b"bench:").decode()})
    yield Result("unchanged feed fetched whole, requests a second / Radicale's for the same calendar", full / theirs,
                 "beside it", full >= theirs, f"{full:.0f}/s / {theirs:.1f}/s")  # fmt: skip
    yield Result("unchanged feed asked for by its ETag / fetched whole (rate)", ours / full, "for comparison",
                 None, f"{ours:.0f}/s / {full:.0f}/s")  # fmt: skip


def _note(statements: list[str], statement: str) -> None:
    if statement != "BEGIN":
        statements.append(statement)


@contextmanager
def _served(site: object) -> Iterator[int]:
    from waitress.server import create_server

    from planner.web import create_app

    server = create_server(create_app(site), host="127.0.0.1", port=0, threads=8)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.task_dispatcher.shutdown(timeout=2)
    server.close()
    thread.join(2)


@contextmanager
def _radicale(body: bytes) -> Iterator[int]:
    """Radicale of its own environment, holding the same calendar."""
    python = _radicale_python()
    with TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [str(python), "-m", "radicale", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none",
                   "--storage-filesystem-folder", folder, "--logging-level", "error"]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            headers = {
                "Content-Type": "text/calendar",
                "Authorization": "Basic " + base64.b64encode(b"bench:").decode(),
            }
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("PUT", "/bench/plan/", body, headers)
            answer = connection.getresponse()
            assert answer.status in (201, 204), answer.read()[:300]
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _radicale_python() -> Path:
    folder = Path(__file__).parents[1] / ".venv-radicale"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "radicale>=3.5"], check=True)
        (folder / "ready").touch()
    return python


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not come up")


def _rate(port: int, path: str, headers: dict[str, str]) -> float:
    """Requests a second over four connections for a few seconds."""
    counts: list[int] = []
    end = time.perf_counter() + SECONDS

    def ask() -> None:
        connection, count = http.client.HTTPConnection("127.0.0.1", port), 0
        while time.perf_counter() < end:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (200, 304), answer.status
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS
