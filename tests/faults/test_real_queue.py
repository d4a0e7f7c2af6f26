"""Refusals by a real mail transfer agent, and many mails over one line, each with its commands in one go (RFC 2920)."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faults.cable import Cable
from faults.conftest import both
from faults.installation import LATER, MORNING
from faults.letters import Bakery
from faults.post_office import PostOffice
from planner.store.database import Database
from planner.store.queries import businesses, outbox

pytestmark = pytest.mark.full

COUNT = 50


@both
def test_an_address_nobody_has_is_given_up_with_the_reason_in_words(
    office: PostOffice, tmp_path: Path, database_address: str
) -> None:
    bakery = Bakery(tmp_path / "home", database_address, office, "nobody.here@example.org")
    bakery.set_up()
    before = office.accepted().total()
    assert bakery.send().state == "dead"
    assert office.accepted().total() == before
    said = " ".join(bakery.said(LATER, "--language", "en", "outbox", "list", "--json").split())
    assert "The server said no: 550 5.1.1 <nobody.here@example.org>: Recipient address rejected" in said
    assert "User unknown" in said


@both
@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("all", set()),
        ("some", {0, 1, 24, 25, 49}),
        ("many-first", set(range(15))),  # Postfix hangs up after twenty errors, and each of these makes two
        ("many-later", set(range(20, 35))),
    ],
)
def test_fifty_mails_and_refusals_among_them(
    office: PostOffice, tmp_path: Path, database_address: str, name: str, unknown: set[int]
) -> None:
    """All over one line, as long as Postfix keeps it; each known address gets its mail once, the others a no."""
    name = f"{name}.{database_address.partition(':')[0]}"
    bakery = Bakery(tmp_path / "home", database_address, office, f"{name}@example.org")
    bakery.set_up()
    addresses = [f"{'nobody' if n in unknown else 'shop'}.{name}.{n}@example.org" for n in range(COUNT)]
    fill(bakery.address, addresses)
    lines = office.lines()
    with Overheard(office.plain) as line:
        bakery.environ["PLANNER_SMTP_PORT"] = str(line.port)
        assert bakery.run(MORNING, "tick") == 0
    rows = {message.recipient: message for message in bakery.messages() if message.kind == "test"}
    for n, address in enumerate(addresses):
        assert rows[address].state == ("dead" if n in unknown else "sent"), (n, rows[address].error)
        if n in unknown:
            assert "550 5.1.1" in rows[address].error
        else:
            (arrived,) = office.mailbox(address)
            assert arrived.data.endswith(rows[address].mime)
            assert office.accepted()[rows[address].message_id] == 1
    assert office.lines() - lines == (1 if len(unknown) < 10 else 2)
    assert_sent_in_one_go(line.pieces, [*addresses, bakery.recipient])


def assert_sent_in_one_go(said: list[bytes], addresses: list[str]) -> None:
    """The three commands of a mail came together, before any of them was answered."""
    for address in addresses:
        together = f"MAIL FROM:<planner@example.org>\r\nRCPT TO:<{address}>\r\nDATA\r\n".encode()
        assert any(piece.endswith(together) for piece in said), address


def fill(address: str, recipients: list[str]) -> None:
    """A business for each address, and a test mail that waits for it."""
    now = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    database = Database(address)
    with database.write() as tx:
        for recipient in recipients:
            each = businesses.add(
                tx, name=recipient, timezone="UTC", language="de", email=recipient, created_at=now, digest_on=False
            )
            outbox.add(
                tx, key=f"test:{each.id}:x", kind="test", business_id=each.id, recipient=recipient,
                local_date=now.date(), due_at=now, expires_at=now + timedelta(days=1), next_try_at=now,
                state="pending", created_at=now,
            )  # fmt: skip
    database.close()


class Overheard(Cable):
    """A proxy before the post office, and what was said to it, piece by piece."""

    def __init__(self, port: int) -> None:
        self.pieces: list[bytes] = []
        super().__init__(lambda: socket.create_connection(("127.0.0.1", port)))

    def said(self, line: int, piece: bytes) -> bytes:
        self.pieces.append(piece)
        return piece
