"""A sender beside a real mail server on loopback; what was taken is counted at the receiver and compared."""

import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.policy import default

from notify.server import MailServer, serving

from actions.conftest import MORNING, Shop
from planner.actions.compose import Composer
from planner.actions.deliver import Delivered, Sender
from planner.core.model import Message, MessageKind
from planner.links import Links
from planner.notify import Transport
from planner.notify.smtp import SmtpTransport, Timeouts
from planner.store.queries import businesses, outbox

KEYS = ["k" * 43]
TIMEOUTS = Timeouts(connect=5, reply=5, data=0.5, goodbye=1, whole=30)


@dataclass
class Post_Office:  # noqa: N801
    """A sender at work beside its mail server; the clock stands until it is moved."""

    shop: Shop
    server: MailServer
    now: datetime = MORNING
    owner: str = "one"
    transport: Transport | None = None
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        transport = self.transport or SmtpTransport("127.0.0.1", self.server.port, "none", timeouts=TIMEOUTS)
        composer = Composer(Links(KEYS, "https://planner.test"), "Planner <planner@example.org>", KEYS)
        self.sender = Sender(self.shop.database, transport, composer, lambda: self.now, self.owner)

    def deliver(self, after: timedelta = timedelta(0), **options: object) -> Delivered:
        self.now += after
        return self.sender.deliver_due(**options)  # type: ignore[arg-type]

    def reap(self, after: timedelta = timedelta(0)) -> tuple[int, int]:
        self.now += after
        with self.shop.database.write() as tx:
            return outbox.reap(tx, self.now)

    @property
    def rows(self) -> list[Message]:
        with self.shop.database.read() as tx:
            return sorted(outbox.recent(tx, None, 5000), key=lambda message: message.id)

    @property
    def row(self) -> Message:
        (only,) = self.rows
        return only

    @property
    def resting_until(self) -> datetime | None:
        with self.shop.database.read() as tx:
            return outbox.way_out(tx, self.sender.transport.name)[1]

    def texts(self) -> list[str]:
        found = []
        for mail in self.server.taken:
            body = email.message_from_bytes(mail.data, policy=default).get_body(("plain",))  # type: ignore[attr-defined]
            found.append(body.get_content())
        return found


@contextmanager
def open_(shop: Shop, **script: list[str]) -> Iterator[Post_Office]:
    with serving(script=script) as server:
        yield Post_Office(shop, server)


def more_businesses(shop: Shop, count: int) -> None:
    """Businesses with a test mail each, oldest first, due now."""
    with shop.database.write() as tx:
        for number in range(count):
            each = businesses.add(
                tx, name=f"Shop {number}", timezone="Europe/Berlin", language="en",
                email=f"shop{number}@example.org", created_at=shop.now,
            )  # fmt: skip
            outbox.add(
                tx, key=f"test:{each.id}:x", kind=MessageKind.TEST.value, business_id=each.id, recipient=each.email,
                local_date=MORNING.date(), due_at=MORNING, expires_at=MORNING + timedelta(hours=12),
                next_try_at=MORNING, state="pending", created_at=MORNING,
            )  # fmt: skip
