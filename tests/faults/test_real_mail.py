"""A digest on its way through a real mail transfer agent, and read by IMAP: it arrives once, and as it was written.

The way has no 8BITMIME, so that whatever is not seven-bit is written anew on it; two tests show that it bites. What
people may write is in test_real_words, refusals and many mails at once are in test_real_queue.
"""

import smtplib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import dkim
import pytest
from databases import Emptied
from notify.server import PEM

from faults.conftest import both
from faults.imap_answer import Fetched
from faults.letters import WRITTEN, Bakery, arrives_as_kept, content, parsed, words
from faults.post_office import PostOffice
from planner.core.model import Message

pytestmark = pytest.mark.full

TITLE = "Weihnachtsplätzchen 🎄 für Groß & Klein"
TEXT = "Süß, größer, 5 €:\n.\n..\nFrom me\n=20 bleibt\n" + "a" * 75 + ".b\nzum Schluß 👩‍🍳  "


@dataclass(frozen=True)
class Letter:
    """What was kept in the outbox, and what arrived."""

    recipient: str
    kept: Message
    arrived: Fetched


@pytest.fixture(scope="module", params=["wal", "postgresql"])
def letter(
    office: PostOffice, emptied: Emptied, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Letter]:
    """A digest with umlauts and emoji, handed over by STARTTLS with a password; from each kind of database."""
    home = tmp_path_factory.mktemp("letter") / "home"
    name = emptied.take()
    addresses = {"wal": f"sqlite:///{home / 'planner.db'}?journal=wal", "postgresql": emptied.server.format(name)}
    recipient = f"inhaberin.{request.param}.{home.parent.name}@example.org"  # again another one if it is made again
    bakery = Bakery(home, addresses[request.param], office, recipient, "starttls")
    bakery.set_up()
    post = ["post", "add", "1", "2026-12-01T10:00", "--title", TITLE, "--text", TEXT]
    assert bakery.run("2026-11-30T12:00", *post) == 0
    assert bakery.run("2026-11-30T12:00", "channel", "add", "instagram", "--name", "Schaufenster 🥨") == 0
    assert bakery.run("2026-11-30T12:00", "post", "add", "Schaufenster 🥨", "2026-12-01T11:00", "--title", TITLE) == 0
    kept = bakery.send()
    (arrived,) = office.mailbox(bakery.recipient)
    yield Letter(bakery.recipient, kept, arrived)
    emptied.give_back(name)


@both
@pytest.mark.parametrize(("door", "protocol"), [("plain", "ESMTP"), ("starttls", "ESMTPSA"), ("tls", "ESMTPSA")])
def test_a_digest_arrives_once_by_every_door(
    office: PostOffice, tmp_path: Path, database_address: str, door: str, protocol: str
) -> None:
    recipient = f"{door}.{database_address.partition(':')[0]}@example.org"
    bakery = Bakery(tmp_path / "home", database_address, office, recipient, door)
    bakery.set_up()
    kept = bakery.send()
    assert bakery.states() == [("sent", 0)]
    (arrived,) = office.mailbox(bakery.recipient)
    assert office.accepted()[kept.message_id] == 1
    arrives_as_kept(arrived, kept)
    assert f" with {protocol} id " in words(parsed(arrived.data).get_all("Received")[-1])


def test_headers_and_body_are_those_that_were_kept(letter: Letter) -> None:
    arrives_as_kept(letter.arrived, letter.kept)
    message, written = parsed(letter.arrived.data), parsed(letter.kept.mime)
    assert {name: message.get_all(name) for name in WRITTEN} == {name: [written[name]] for name in WRITTEN}
    assert message["Return-Path"] == "<planner@example.org>"
    assert message["Delivered-To"] == letter.recipient


def test_both_parts_say_the_german_words(letter: Letter) -> None:
    """Decoded by Python and, apart from it, by Dovecot."""
    message = parsed(letter.arrived.data)
    for text in (content(message, "plain"), letter.arrived.parts[0].content):
        lines = text.splitlines()
        assert "HEUTE FÄLLIG" in lines
        assert TITLE in lines
        assert [line for line in TEXT.split("\n") if line.rstrip() not in map(str.rstrip, lines)] == []
    for html in (content(message, "html"), letter.arrived.parts[1].content):
        assert "Heute fällig" in html
        assert TITLE.replace("&", "&amp;") in html
        assert "zum Schluß 👩‍🍳" in html


@pytest.mark.parametrize(
    ("where", "text"),
    [("SUBJECT", "Schaufenster 🥨"), ("FROM", "Bäckerei Größe 🥨"), ("BODY", "zum Schluß 👩‍🍳"), ("BODY", TITLE)],
)
def test_the_server_finds_the_mail_by_its_words(office: PostOffice, letter: Letter, where: str, text: str) -> None:
    """It decodes subject, sender and body for itself to search them."""
    assert office.finds(letter.recipient, where, text) == 1
    assert office.finds(letter.recipient, where, "Schnürsenkel") == 0


@pytest.mark.parametrize("form", [b"simple", b"relaxed"])
def test_a_signature_over_the_mail_as_kept_holds_for_what_arrived(letter: Letter, form: bytes) -> None:
    """The simple form allows no change at all of what is signed (RFC 6376, 3.4)."""
    signature = signed(letter.kept.mime, form).removesuffix(letter.kept.mime)
    assert verified(signature + letter.arrived.data)
    assert not verified(signature + letter.arrived.data.replace(b"One-Click", b"One-click"))


def test_a_mail_that_a_provider_signs_and_passes_on_keeps_its_signature(office: PostOffice, letter: Letter) -> None:
    """As it goes in life: the first server signs, and the mail travels on, over all that the first put on top."""
    onward = letter.recipient.replace("inhaberin", "empfaenger")
    hand_over(office, onward, signed(letter.arrived.data, b"simple"))
    (arrived,) = office.mailbox(onward)
    assert verified(arrived.data)
    assert arrived.data.endswith(letter.kept.mime)


def test_on_this_way_a_mail_of_eight_bits_is_changed_and_its_signature_breaks(office: PostOffice) -> None:
    """The control: without 8BITMIME, a mail less careful than ours does not arrive as it was written."""
    careless = EmailMessage(policy=SMTP.clone(cte_type="8bit"))
    for name in ("From", "To"):
        careless[name] = "sorglos@example.org"
    careless["Subject"] = "sorglos"
    careless.set_content("Süß\n", cte="8bit")
    careless.add_alternative("<p>Süß</p>\n", subtype="html", cte="8bit")
    mail = signed(careless.as_bytes(), b"relaxed")
    assert verified(mail)
    hand_over(office, "sorglos@example.org", mail)
    (arrived,) = office.mailbox("sorglos@example.org")
    assert not verified(arrived.data)


def hand_over(office: PostOffice, recipient: str, mail: bytes) -> None:
    """Pass a mail on as another server would."""
    with smtplib.SMTP("127.0.0.1", office.plain, timeout=30) as smtp:
        smtp.sendmail("planner@example.org", [recipient], mail)


SIGNED = b"From To Subject Date Message-ID MIME-Version Content-Type List-Unsubscribe List-Unsubscribe-Post".split()


def signed(mail: bytes, form: bytes) -> bytes:
    """The mail below a DKIM signature over its body and the headers that RFC 8058 asks for."""
    names = [name for name in SIGNED if name.lower() + b":" in mail.lower()]
    signature = dkim.sign(
        mail, b"test", b"example.org", PEM.read_bytes(), canonicalize=(form, form), include_headers=names
    )
    return signature + mail


def verified(mail: bytes) -> bool:
    """Whether the signature on top holds, with the key that would lie in the DNS."""
    command = ["openssl", "pkey", "-in", str(PEM), "-pubout"]
    key = subprocess.run(command, capture_output=True, check=True).stdout
    record = b"v=DKIM1; k=rsa; p=" + b"".join(key.splitlines()[1:-1])
    return bool(dkim.verify(mail, dnsfunc=lambda _name, timeout=5: record))
