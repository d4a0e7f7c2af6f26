"""What an IMAP server answers to FETCH, taken apart (RFC 9051, 7.5.2): the mail itself and what the server makes of it.

Python's imaplib hands answers on as they come, so the lists in them are read here: words, quoted strings, literals,
brackets. The decoded parts are the server's own work (BINARY, RFC 3516), and not Python's.
"""

import imaplib
import re
from dataclasses import dataclass
from email.header import decode_header, make_header
from typing import Any

TOKEN = re.compile(rb'\s*(?:(?P<mark>[()])|"(?P<quoted>(?:\\.|[^"\\])*)"|~?\{(?P<size>\d+)\}\r\n|(?P<word>[^\s()"{]+))')
ITEMS = "(RFC822.SIZE BODY.PEEK[] ENVELOPE BODYSTRUCTURE BINARY.PEEK[1] BINARY.PEEK[2])"


@dataclass(frozen=True)
class Envelope:
    """The header as the server understands it; encoded words are decoded."""

    date: str
    subject: str
    sender: list[tuple[str, str]]
    to: list[tuple[str, str]]
    message_id: str


@dataclass(frozen=True)
class Part:
    """A part of a multipart mail as the server understands it; ``size`` and ``lines`` are those before decoding."""

    kind: str
    charset: str
    encoding: str
    size: int
    lines: int
    content: str


@dataclass(frozen=True)
class Fetched:
    """A mail of two parts as an IMAP client gets it."""

    data: bytes
    size: int
    envelope: Envelope
    subtype: str
    boundary: str
    parts: list[Part]


def selected(imap: imaplib.IMAP4) -> int:
    """How many mails the inbox holds now."""
    done, answer = imap.select(readonly=True)
    assert done == "OK", answer
    return int(answer[0] or 0)


def fetch(imap: imaplib.IMAP4, number: int) -> Fetched:
    """A mail by its number."""
    done, answer = imap.fetch(str(number), ITEMS)
    assert done == "OK", answer
    values = read(b"".join(piece if isinstance(piece, bytes) else b"\r\n".join(piece) for piece in answer))[1]
    items = dict(zip(values[::2], values[1::2], strict=True))
    first, second, subtype, parameters = items["BODYSTRUCTURE"][:4]
    return Fetched(
        data=items["BODY[]"].encode("latin-1"),
        size=int(items["RFC822.SIZE"]),
        envelope=_envelope(items["ENVELOPE"]),
        subtype=subtype,
        boundary=_pairs(parameters)["boundary"],
        parts=[_part(first, items["BINARY[1]"]), _part(second, items["BINARY[2]"])],
    )


def read(answer: bytes) -> list[Any]:
    """The words, strings and lists of an answer; NIL is None, a byte is a letter (Latin-1)."""
    stack: list[list[Any]] = [[]]
    position = 0
    while found := TOKEN.match(answer, position):
        position = found.end()
        if found["mark"] == b"(":
            stack.append([])
        elif found["mark"] == b")":
            stack[-2].append(stack.pop())
        elif found["size"]:
            stack[-1].append(answer[position : position + int(found["size"])].decode("latin-1"))
            position += int(found["size"])
        elif found["quoted"] is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", found["quoted"]).decode("latin-1"))
        else:
            stack[-1].append(None if found["word"] == b"NIL" else found["word"].decode("latin-1"))
    assert position == len(answer), answer[position:][:80]
    return stack[0]


def _envelope(found: list[Any]) -> Envelope:
    date, subject, sender, _sender, _reply_to, to, _cc, _bcc, _in_reply_to, message_id = found
    return Envelope(date, _decoded(subject), _addresses(sender), _addresses(to), message_id)


def _addresses(found: list[list[str | None]]) -> list[tuple[str, str]]:
    return [(_decoded(name or ""), f"{mailbox}@{host}") for name, _route, mailbox, host in found]


def _decoded(text: str) -> str:
    return str(make_header(decode_header(text)))


def _part(found: list[Any], content: str) -> Part:
    kind, subtype, parameters, _id, _description, encoding, size, lines = found[:8]
    decoded = content.encode("latin-1").decode("utf-8")
    return Part(f"{kind}/{subtype}", _pairs(parameters)["charset"], encoding, int(size), int(lines), decoded)


def _pairs(flat: list[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))
