"""How fast digests go out, against a bare smtplib loop that sends the same bytes to the same sink."""

import gc
import smtplib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Result, seconds
from planner.actions import remind
from planner.actions.compose import Composer
from planner.actions.deliver import Sender
from planner.actions.set_up import NewBusiness, set_up
from planner.catalogue import preset
from planner.links import Links
from planner.notify.smtp import SmtpTransport
from planner.render import PostTexts
from planner.store.database import Database, wal_is_safe
from planner.store.driver import sqlite3
from planner.store.queries import outbox
from planner.store.schema import prepare

BUSINESSES = 2000
# Past that day's hour: nobody has missed a mail when the next one is due, so none tells of another.
START = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
MORNING = datetime(2026, 12, 1, 7, 0, 5, tzinfo=UTC)
SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Taken:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], *sys.argv[1:], responses[-1]]
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taken(), hostname="sink", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def results() -> Iterator[Result]:
    """2,000 digests by the planner (claim, write, freeze, one commit a mail), then the same bytes bare.

    The sink takes commands in groups, as Postfix, Exim and the big providers do; once more with one that does not. The
    third loop, bare but for one row made durable a mail, says what the promise alone costs: a mail is written down as
    sent before the next one goes out.
    """
    with tempfile.TemporaryDirectory() as folder, sink("250-PIPELINING") as port:
        planner, mails = _planner(Path(folder), port)
        loops = [
            (seconds(lambda: _bare(port, mails)), seconds(lambda: _bare(port, mails, _Notebook(Path(folder)))))
            for _ in range(3)
        ]
    bare, noted = (statistics.median(times) for times in zip(*loops, strict=True))
    detail = f"{_rate(planner)} / {_rate(bare)} mails a second, {len(mails[0][1])} bytes each"
    yield Result(
        "deliver 2,000 digests / bare smtplib loop (rate)", bare / planner, "≥ 0.5", bare >= planner / 2, detail
    )
    detail = (
        f"{_rate(noted)} / {_rate(bare)} mails a second: what one durable commit a mail leaves of it, writing nothing"
    )
    yield Result("smtplib loop and a bare SQLite commit a mail / bare loop (rate)", bare / noted, "for comparison",
                 None, detail)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, sink() as port:
        planner, mails = _planner(Path(folder), port)
        bare = statistics.median(seconds(lambda: _bare(port, mails)) for _ in range(3))
    detail = f"{_rate(planner)} / {_rate(bare)} mails a second"
    yield Result("the same, to a server without PIPELINING (rate)", bare / planner, "for comparison", None, detail)


def _rate(spent: float) -> str:
    return f"{BUSINESSES / spent:.0f}"


def _planner(folder: Path, port: int) -> tuple[float, list[tuple[str, bytes]]]:
    """Seconds for all digests, and what was sent to whom."""
    database = _filled(folder)
    links = Links(["k" * 43], "https://planner.example.org")
    composer = Composer(links, "Planner <planner@example.org>", ["k" * 43])
    sender = Sender(database, SmtpTransport("127.0.0.1", port, "none"), composer, lambda: MORNING, "bench")
    _warm_up(sender)
    gc.collect()
    gc.freeze()  # as the daemon does
    spent = seconds(lambda: _deliver(sender))
    with database.read() as tx:
        mails = [(m.recipient, m.mime or b"") for m in outbox.recent(tx, None, BUSINESSES)]
    database.close()
    assert len(mails) == BUSINESSES
    assert all(mime for _, mime in mails)
    return spent, mails


@contextmanager
def sink(*offers: str) -> Iterator[int]:
    """A mail server on loopback, in a process of its own, that takes everything; its port."""
    with subprocess.Popen([sys.executable, "-c", SINK, *offers], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _filled(folder: Path) -> Database:
    """A database of 2,000 businesses with a digest each, due now."""
    database = Database(f"sqlite:///{folder}/planner.db")
    prepare(database)
    texts, trio = PostTexts(), preset("core-trio")
    with database.write() as tx:
        for number in range(BUSINESSES):
            wanted = NewBusiness(
                name=f"Bäckerei {number}", timezone="Europe/Berlin", language="de", email=f"b{number}@example.org"
            )
            set_up(tx, wanted, trio, texts, START)
    more = True
    while more:
        with database.write() as tx:
            more = remind.remind(tx, MORNING).more
    return database


def _warm_up(sender: Sender) -> None:
    """Send one mail, so that templates and connections of the pool are there on both sides."""
    sender.deliver_due(limit=1)


def _deliver(sender: Sender) -> None:
    sent = 1
    while sent < BUSINESSES:
        sent += sender.deliver_due(limit=BUSINESSES).sent


def _bare(port: int, mails: list[tuple[str, bytes]], notebook: "_Notebook | None" = None) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number, (recipient, mime) in enumerate(mails):
            smtp.sendmail("planner@example.org", [recipient], mime)
            if notebook:
                notebook.note(number)


class _Notebook:
    """The least that makes a row durable, with the journal the planner uses."""

    def __init__(self, folder: Path) -> None:
        self._rows = sqlite3.connect(folder / "notebook.db", isolation_level=None)
        journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
        self._rows.execute(f"PRAGMA journal_mode={journal}")
        self._rows.execute("PRAGMA synchronous=FULL")
        self._rows.execute("CREATE TABLE IF NOT EXISTS sent (number INTEGER)")

    def note(self, number: int) -> None:
        self._rows.execute("INSERT INTO sent VALUES (?)", [number])
