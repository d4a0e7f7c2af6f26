"""Digests that go by a real post office: who sends them, and how the mail that was kept compares with what arrived."""

import email
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from notify.server import PEM

from faults.imap_answer import Fetched
from faults.installation import MORNING, Installation
from faults.post_office import PASSWORD, PostOffice
from planner.core.model import Message
from planner.store.database import Database
from planner.store.queries import outbox

ON_THE_WAY = ["Return-Path", "Delivered-To", "Received", "Received", "Received"]  # Dovecot's own, then Postfix's
WRITTEN = [
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Content-Type",
]  # fmt: skip


class Bakery(Installation):
    """An installation whose mail goes through a door of the post office; its owner reads German."""

    def __init__(self, home: Path, address: str, office: PostOffice, recipient: str, door: str = "plain") -> None:
        super().__init__(home, address, office)  # type: ignore[arg-type]
        self.recipient = recipient
        signed_in = {"PLANNER_SMTP_USER": "planner@example.org", "PLANNER_SMTP_PASSWORD": PASSWORD}
        self.environ |= {
            "PLANNER_SMTP_HOST": "localhost",
            "PLANNER_SMTP_PORT": str(getattr(office, door)),
            "PLANNER_SMTP_SECURITY": "none" if door == "plain" else door,
            "PLANNER_MAIL_FROM": "Bäckerei Größe 🥨 <planner@example.org>",
            "SSL_CERT_FILE": str(PEM),
            **({} if door == "plain" else signed_in),
        }

    def set_up(self) -> None:
        words = ["--name", "Bäckerei Größe 🥨", "--timezone", "Europe/Berlin", "--language", "de"]
        assert self.run("2026-11-30T12:00", "init", "--yes", *words, "--email", self.recipient) == 0

    def kept(self) -> Message:
        """The one digest as the outbox keeps it."""
        (found,) = self.digests()
        return found

    def send(self) -> Message:
        """The digest of the first morning, told to go twice."""
        for _ in range(2):
            assert self.run(MORNING, "tick") == 0
        return self.kept()

    def messages(self) -> list[Message]:
        """All rows of the outbox."""
        database = Database(self.address)
        with database.read() as tx:
            found = outbox.recent(tx, None, 5000)
        database.close()
        return found


def parsed(data: bytes) -> EmailMessage:
    """A mail as Python reads it, without a defect."""
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def content(message: EmailMessage, kind: str) -> str:
    """The text or the HTML as Python decodes it."""
    body = message.get_body((kind,))
    assert body is not None
    found: str = body.get_content()
    return found


def words(text: str) -> str:
    """A header's text whatever was folded."""
    return " ".join(text.split())


def arrives_as_kept(fetched: Fetched, kept: Message) -> None:
    """Byte by byte what was kept, below the lines that the post put on top; Python and Dovecot read the same."""
    assert kept.mime is not None
    top = fetched.data.removesuffix(kept.mime)
    assert fetched.data == top + kept.mime
    assert fetched.size == len(fetched.data)
    message = parsed(fetched.data)
    assert [*message.keys()] == ON_THE_WAY[: len(parsed(top + b"\r\n").keys())] + WRITTEN
    seven_bits_and_short_lines(fetched.data)
    both_agree_on_the_header(fetched, message)
    both_agree_on_the_parts(fetched, message)


def seven_bits_and_short_lines(data: bytes) -> None:
    """Any server can pass such a mail on as it is (RFC 5321, 4.5.3.1.6; RFC 5322, 2.1.1)."""
    assert data.isascii()
    assert b"\0" not in data
    assert max(len(line) for line in data.split(b"\r\n")) < 998
    rest = data.replace(b"\r\n", b"")
    assert b"\r" not in rest
    assert b"\n" not in rest


def both_agree_on_the_header(fetched: Fetched, message: EmailMessage) -> None:
    """ENVELOPE says what Python's parser says."""
    seen = fetched.envelope
    assert words(seen.subject) == words(str(message["Subject"]))
    assert seen.date == message["Date"]
    assert seen.message_id == message["Message-ID"]
    older = BytesHeaderParser().parsebytes(fetched.data)  # the newer makes two words of one that is folded within
    for found, name in ((seen.sender, "From"), (seen.to, "To")):
        shown, address = parseaddr(words(older[name]))
        assert found == [(str(make_header(decode_header(shown))), address)]


def both_agree_on_the_parts(fetched: Fetched, message: EmailMessage) -> None:
    """BODYSTRUCTURE and the parts as Dovecot decodes them are what Python makes of them; the text comes first."""
    assert (fetched.subtype, fetched.boundary) == ("alternative", message.get_boundary())
    assert [part.kind for part in fetched.parts] == ["text/plain", "text/html"]
    for seen, part in zip(fetched.parts, message.iter_parts(), strict=True):
        assert (seen.charset, seen.encoding) == ("utf-8", "quoted-printable")
        assert seen.content.replace("\r\n", "\n") == part.get_content().replace("\r\n", "\n")
