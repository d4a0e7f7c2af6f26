"""Mails as bytes, read back by another hand: Python's parser, and by eye."""

import email
import re
import time
from datetime import datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.model import Mail
from planner.errors import BadAddress
from planner.notify.message import build, check_address, envelope

MOMENT = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def built(subject: str = "Heute", text: str = "Hallo\n", html: str = "<p>Hallo</p>", **options: object) -> bytes:
    given = {
        "sender": "Bäckerei Huber <planner@example.org>", "recipient": "chef@example.org", "language": "de",
        "message_id": "<0123@example.org>", "moment": MOMENT, "unsubscribe": "https://x.example/unsubscribe/abc",
        "list_id": "digest.example.org",
    }  # fmt: skip
    return build(Mail(subject, text, html), **{**given, **options})  # type: ignore[arg-type]


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def test_the_headers_say_what_the_mail_is() -> None:
    message = parsed(built())
    assert {name: str(message[name]) for name in message.keys()} == {  # noqa: SIM118
        "From": "Bäckerei Huber <planner@example.org>",
        "To": "chef@example.org",
        "Subject": "Heute",
        "Date": "Tue, 01 Dec 2026 08:00:00 +0100",
        "Message-ID": "<0123@example.org>",
        "MIME-Version": "1.0",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "de",
        "List-Unsubscribe": "<https://x.example/unsubscribe/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "Planner <digest.example.org>",
        "Content-Type": 'multipart/alternative; boundary="=_0123"',
    }
    assert "List-Unsubscribe" not in parsed(built(unsubscribe=None))


def test_text_comes_before_html_and_both_come_back_whole() -> None:
    text = "Größe: 5 €\n\n.\nFrom me\n=20 stays\ntrailing  \n" + "lang " * 60
    message = parsed(built(text=text, html="<p>ä</p>\n" + "<b>x</b>" * 200))
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    assert part(message, "plain") == text
    assert part(message, "html") == "<p>ä</p>\n" + "<b>x</b>" * 200


@settings(max_examples=100, deadline=None)
@given(
    subject=st.text(max_size=200),
    text=st.text(max_size=300),
    name=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60),
)
def test_whatever_people_write_the_lines_are_short_and_the_headers_hold(subject: str, text: str, name: str) -> None:
    quoted = name.replace("\\", "").replace('"', "")
    data = built(subject=subject, text=text, sender=f'"{quoted}" <planner@example.org>')
    assert data.isascii()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    message = parsed(data)
    assert len(message.keys()) == 13
    assert re.sub(r"\s+", "", str(message["To"])) == "chef@example.org"


@pytest.mark.parametrize(
    "nasty",
    ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\rBcc: x", "a\x00b", "a\u2028Bcc: x", "\u202egnp.exe"],
)
def test_no_header_can_be_broken_into(nasty: str) -> None:
    message = parsed(built(subject=nasty))
    assert "Bcc" not in message
    assert not re.search(r"[\x00-\x1f\u2028\u202e]", str(message["Subject"]))
    with pytest.raises(BadAddress):
        check_address(f"chef@example.org{nasty}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chef@example.org", "chef@example.org"),
        ("  chef@example.org ", "chef@example.org"),
        ("chef@bäckerei.example", "chef@xn--bckerei-5wa.example"),
        ("o'neil+post@mail.example.co.uk", "o'neil+post@mail.example.co.uk"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_addresses_that_travel(text: str, expected: str) -> None:
    assert check_address(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "chef", "@example.org", "chef@", "jörg@example.org", "a b@example.org", "chef@exa mple.org", "chef@-",
     "a@b..c",
     "chef@straße.example", f"{'x' * 65}@example.org", f"a@{'x' * 64}.example", "a@b@c", "chef@example.org, eve@x.org"],
)  # fmt: skip
def test_addresses_that_do_not_are_refused_at_entry(text: str) -> None:
    with pytest.raises(BadAddress):
        check_address(text)


def test_the_bare_address_of_a_sender() -> None:
    assert envelope("Bäckerei Huber <planner@bäckerei.example>") == "planner@xn--bckerei-5wa.example"
    assert parsed(built(sender="Huber <planner@bäckerei.example>"))["From"] == "Huber <planner@xn--bckerei-5wa.example>"


ADDRESSES = st.text('aZ0.-@ß\u00e4\u3002 <>"\n\u200d', max_size=30) | st.emails() | st.text(max_size=30)


@settings(max_examples=200, deadline=None)
@given(ADDRESSES)
def test_any_text_is_an_address_that_travels_or_none(text: str) -> None:
    try:
        address = check_address(text)
    except BadAddress as refused:
        assert refused.exit_code == 2
    else:
        assert check_address(address) == address
        assert re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address)


@settings(max_examples=100, deadline=None)
@given(ADDRESSES.map(lambda text: f"{text} <p@example.org>") | ADDRESSES | st.text(max_size=400))
def test_any_sender_makes_a_from_line_or_is_refused(sender: str) -> None:
    try:
        data = built(sender=sender)
    except BadAddress:
        return
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert len(parsed(data).keys()) == 13
    assert str(parsed(data)["From"]).count("@") >= 1


def test_the_long_name_of_a_sender_is_written_in_words_that_are_not_too_long() -> None:
    name = "Bäckerei Sonnenschein und Töchter, Inhaberin Ägidia Öllerer-Überreiter"
    data = built(sender=f'"{name}" <planner@example.org>')
    line = data.split(b"\r\nTo:")[0].removeprefix(b"From: ").decode("ascii")
    words = re.findall(r"=\?utf-8\?[^ ?]*\?[^ ?]*\?=", line)
    assert len(words) > 1
    assert all(len(word) <= 75 for word in words)
    assert str(make_header(decode_header(line))) == f"{name} <planner@example.org>"


@pytest.mark.parametrize("letter", ["x", "ö", "🥨", "Größe "])
@pytest.mark.parametrize("length", [5, 12, 17, 24, 45, 200])
def test_encoded_words_and_their_lines_are_short(letter: str, length: int) -> None:
    """75 letters a word and 76 a line are the most (RFC 2047, 2)."""
    name = (letter * length)[:290].strip()
    data = built(subject=letter * length, sender=f"Ä{name} <planner@example.org>")
    lines = [line for line in data.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n") if "=?" in line]
    assert max(len(line) for line in lines) <= 76
    assert max(len(word) for line in lines for word in re.findall(r"=\?[^ ]*\?=", line)) <= 75
    first = data.split(b"\r\nTo:")[0].removeprefix(b"From: ").decode("ascii")
    assert str(make_header(decode_header(first))) == f"Ä{name} <planner@example.org>"


def test_a_sender_with_broken_bytes_is_sent_without_them() -> None:
    assert b"\r\nTo:" in built(sender="B\udcff <planner@example.org>")


@pytest.mark.parametrize("text", ["a@" + "ä" * 100_000, "a@" + "a." * 100_000, "a" * 100_000 + "@example.org"])
def test_an_endless_address_costs_nothing(text: str) -> None:
    began = time.process_time()
    with pytest.raises(BadAddress):
        check_address(text)
    assert time.process_time() - began < 0.2
