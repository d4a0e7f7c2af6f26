"""How fast digests go out, against a bare smtplib loop that sends the same bytes to the same sink."""

import smtplib
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
from planner.store.database import Database
from planner.store.queries import outbox
from planner.store.schema import prepare

BUSINESSES = 2000
START = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
MORNING = datetime(2026, 12, 1, 7, 0, 5, tzinfo=UTC)
SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Taken:
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
    """2,000 digests by the planner (claim, write, freeze, four commits' worth), then the same bytes bare."""
    with tempfile.TemporaryDirectory() as folder, sink() as port:
        database = _filled(Path(folder))
        bare: list[float] = []
        sender = Sender(
            database,
            SmtpTransport("127.0.0.1", port, "none"),
            Composer(Links(["k" * 43], "https://planner.example.org"), "Planner <planner@example.org>", ["k" * 43]),
            lambda: MORNING,
            "bench",
        )
        _warm_up(sender)
        planner = seconds(lambda: _deliver(sender))
        with database.read() as tx:
            mails = [(m.recipient, m.mime or b"") for m in outbox.recent(tx, None, BUSINESSES)]
        assert len(mails) == BUSINESSES
        assert all(mime for _, mime in mails)
        bare = [seconds(lambda: _bare(port, mails)) for _ in range(3)]
        database.close()
    reference = sorted(bare)[1]
    ratio = reference / planner
    detail = f"{BUSINESSES / planner:.0f} / {BUSINESSES / reference:.0f} mails a second, {len(mails[0][1])} bytes each"
    yield Result("deliver 2,000 digests / bare smtplib loop (rate)", ratio, "≥ 0.5", ratio >= 0.5, detail)


@contextmanager
def sink() -> Iterator[int]:
    """A mail server on loopback, in a process of its own, that takes everything; its port."""
    with subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True) as process:
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


def _bare(port: int, mails: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for recipient, mime in mails:
            smtp.sendmail("planner@example.org", [recipient], mime)
