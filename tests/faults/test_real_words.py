"""Whatever people write, or a database holds: through a real mail transfer agent, and read by Dovecot and by Python.

The words stand where each kind of text stands in a mail: the channel's name in the subject, the business's name, the
title and the text in both parts, the sender's name in From. What the program's own doors refuse is put into the
database, where another version of it, or a hand, may have left it.
"""

from pathlib import Path

import pytest
from sqlalchemy import update

from faults.conftest import both
from faults.installation import MORNING
from faults.letters import Bakery, arrives_as_kept, content, parsed, words
from faults.post_office import PostOffice
from planner.core.characters import one_line
from planner.store.database import Database
from planner.store.tables import business, channel, post

pytestmark = [pytest.mark.full, both]

EVE = "eve@example.org"
UNPRINTABLE = {
    "crlf": f"Teig\r\nBcc: {EVE}\r\n\r\nfremde Worte",
    "lf": f"Teig\nBcc: {EVE}\n.\nRCPT TO:<{EVE}>",
    "cr": f"Teig\rBcc: {EVE}",
    "dot": "Teig\r\n.\r\nQUIT\r\n",
    "nul": "Te\0ig",
    "controls": "Te\x01\x07\x08\x1b[31m\x7f\x85ig\x9b",
    "bidi": "Teig \u202egnp.exe\u2066 \u2069\u200f\u061c",
    "separators": f"Teig\u2028Bcc: {EVE}\u2029X: y\x0bz\x0c",
}
LONG = {"long": "ö" * 10_000, "long-word": "x" * 10_000, "long-words": "Teig " * 2_000, "long-emoji": "🥨" * 10_000}
PRINTABLE = {
    "emoji": "👩‍👩‍👧‍👦🥨🇩🇪 👩‍🍳" * 5,
    "spaces": "5\u00a0€, Zucker\u00adbäcker",
    "scripts": "שלום עולם مرحبا 你好 Здравствуй e\u0301",
    "encoded": f"=?utf-8?q?Teig=0D=0ABcc=3A_{EVE}?=",
    "markup": '"Teig" <eve@example.org>, & <b>fett</b>; {{ 7 * 7 }} %s =20',
}


@pytest.fixture
def bakery(office: PostOffice, tmp_path: Path, database_address: str, request: pytest.FixtureRequest) -> Bakery:
    """Set up, with an address of its own."""
    name = request.node.name.partition("[")[2].rstrip("]") or "words"
    found = Bakery(tmp_path / "home", database_address, office, f"{name}@example.org")
    found.set_up()
    return found


@pytest.mark.parametrize("said", [*UNPRINTABLE.values(), *LONG.values()], ids=[*UNPRINTABLE, *LONG])
def test_what_lies_in_the_database_breaks_into_no_header(office: PostOffice, bakery: Bakery, said: str) -> None:
    database = Database(bakery.address)
    if "\0" in said and not database.is_sqlite:
        said = said.replace("\0", "\x02")  # PostgreSQL keeps no NUL
    with database.write() as tx:
        tx.execute(update(business).values(name=said))
        tx.execute(update(channel).where(channel.c.id == 1).values(name=said))
        tx.execute(update(post).values(title=said, text=said))
    database.close()
    says_it_in_subject_and_text(office, bakery, said)


@pytest.mark.parametrize("said", PRINTABLE.values(), ids=PRINTABLE.keys())
def test_what_people_type_arrives(office: PostOffice, bakery: Bakery, said: str) -> None:
    now = "2026-11-30T12:00"
    assert bakery.run(now, "business", "set", "--name", said) == 0
    assert bakery.run(now, "channel", "add", "instagram", "--name", said) == 0
    due = "2026-12-01T08:30"
    assert bakery.run(now, "post", "add", said, due, "--title", said, "--text", said) == 0
    says_it_in_subject_and_text(office, bakery, said)


@pytest.mark.parametrize(
    "said", [*UNPRINTABLE.values(), LONG["long"]], ids=[f"typed-{name}" for name in [*UNPRINTABLE, "long"]]
)
def test_what_is_no_line_is_refused_where_it_is_typed(bakery: Bakery, said: str) -> None:
    if "\0" in said:
        said = said.replace("\0", "\x02")  # no system passes a NUL to a program
    now = "2026-11-30T12:00"
    for command in (
        ["business", "set", "--name", said],
        ["channel", "add", "instagram", "--name", said],
        ["post", "add", "1", "2026-12-01T10:00", "--title", said],
        ["business", "set", "--email", f"{EVE}{said}"],
    ):
        assert bakery.run(now, *command) == 2, command


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Müller, Söhne & Töchter – Bäckerei am Mühlbach in Größenwöhrden 🥨", id="from-long"),
        pytest.param('Huber, "der Bäcker"', id="from-quotes"),
        pytest.param("O'Brien (Café) [x]", id="from-brackets"),
        pytest.param("x" * 290, id="from-word"),
    ],
)
def test_a_sender_is_shown_as_it_was_set(office: PostOffice, bakery: Bakery, name: str) -> None:
    quoted = name.replace("\\", r"\\").replace('"', r"\"")
    bakery.environ["PLANNER_MAIL_FROM"] = f'"{quoted}" <planner@example.org>'
    kept = bakery.send()
    (arrived,) = office.mailbox(bakery.recipient)
    arrives_as_kept(arrived, kept)
    assert arrived.envelope.sender == [(name, "planner@example.org")]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(f"nasty@example.org\r\nRCPT TO:<{EVE}>", id="to-command"),
        pytest.param(f"nasty@example.org>\r\nBcc: {EVE}", id="to-header"),
        pytest.param(f"nasty@example.org, {EVE}", id="to-list"),
        pytest.param(f"{'x' * 10_000}@example.org", id="to-long"),
        pytest.param("nas\0ty@example.org", id="to-nul"),
        pytest.param("\u202eeve@example.org", id="to-bidi"),
        pytest.param("🥨@example.org", id="to-emoji"),
    ],
)
def test_an_address_that_is_none_gets_no_mail_and_nobody_else_does(
    office: PostOffice, bakery: Bakery, address: str
) -> None:
    database = Database(bakery.address)
    if "\0" in address and not database.is_sqlite:
        address = address.replace("\0", "\x02")
    with database.write() as tx:
        tx.execute(update(business).values(email=address))
    database.close()
    before = office.accepted().total()
    bakery.run(MORNING, "tick")
    assert bakery.kept().state == "dead"
    assert "BadAddress" in bakery.kept().error
    assert office.accepted().total() == before
    assert office.mailbox(EVE, 0) == []


def says_it_in_subject_and_text(office: PostOffice, bakery: Bakery, said: str) -> None:
    """One mail for one person, its header whole, the words in subject and text; Dovecot and Python read the same."""
    kept = bakery.send()
    (arrived,) = office.mailbox(bakery.recipient)
    assert office.accepted()[kept.message_id] == 1
    arrives_as_kept(arrived, kept)
    assert words(one_line(said)) in words(arrived.envelope.subject)
    assert words(said) in words(content(parsed(arrived.data), "plain"))
    assert one_line(arrived.envelope.subject) == arrived.envelope.subject
    assert office.mailbox(EVE, 0) == []
