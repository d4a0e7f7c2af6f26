"""A mail as bytes: text and HTML side by side, on the seven-bit path, headers that cannot be broken into.

Built once, kept, and sent again byte for byte if need be (RFC 5322, 2045, 2369, 8058, 3834).
"""

import re
from binascii import b2a_qp
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.policy import default
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Final

from planner.core.characters import one_line
from planner.core.model import Mail
from planner.errors import BadAddress

CRLF: Final = "\r\n"
_LONGEST_SENDER: Final = 320
_LONGEST_LINE: Final = 76  # with encoded words in it; these have 75 letters at most (RFC 2047, 2)
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"


def check_address(text: str) -> str:
    """A bare address that can travel everywhere: an ASCII name, the domain in its ASCII form (RFC 5891).

    Raises BadAddress; also for names outside ASCII, which many servers do not take (RFC 6531).
    """
    name, at, domain = text.strip().rpartition("@")
    if len(domain) > 255:  # before the codec, whose work grows with the square of it
        raise BadAddress(address=text[:80])
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        # The codec is that of 2003, for which ß is ss: another domain. Whoever has such a one writes xn--….
        other = not domain.isascii() and ascii_domain.encode("ascii").decode("idna") != domain.lower()
    except UnicodeError as error:
        raise BadAddress(address=text[:80]) from error
    if (
        not at
        or other
        or not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", name)
        or not re.fullmatch(rf"{_LABEL}(\.{_LABEL})*", ascii_domain)
        or len(ascii_domain) > 255
    ):
        raise BadAddress(address=text[:80])
    return f"{name}@{ascii_domain}"


def envelope(sender: str) -> str:
    """The bare address inside ``Name <address>``. Raises BadAddress, also for one that fills a whole line."""
    if len(sender) > _LONGEST_SENDER:
        raise BadAddress(address=sender[:80])
    return check_address(parseaddr(sender)[1])


@lru_cache(maxsize=16)
def _from(sender: str) -> str:
    """The From line of ``Name <address>``, in ASCII. Raises BadAddress."""
    name, address = one_line(parseaddr(sender)[0]), envelope(sender)
    if name.isascii():
        return formataddr((name, address))
    # formataddr makes one encoded word of any length, of which RFC 2047 takes 75 letters.
    words = Header(name, "utf-8", _LONGEST_LINE, "From").encode(linesep=CRLF)
    last = f"From: {words}".rpartition(CRLF)[2]
    fits = len(f"{last} <{address}>") <= _LONGEST_LINE
    return f"{words}{'' if fits else CRLF} <{address}>"


def build(
    mail: Mail,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    moment: datetime,
    language: str,
    unsubscribe: str | None,
    list_id: str = "",
) -> bytes:
    """The whole message with CRLF line ends. ``sender`` may carry a name, ``recipient`` is a checked address.

    ``list_id`` is what mail programs sort by (RFC 2919), like ``digest.example.org``.
    """
    boundary = f"=_{message_id.strip('<>').split('@')[0]}"
    headers = [
        ("From", _from(sender)),
        ("To", recipient),
        ("Subject", _encoded(one_line(mail.subject))),
        ("Date", format_datetime(moment)),
        ("Message-ID", message_id),
        ("MIME-Version", "1.0"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),  # Exchange does not go by the line above
        ("Content-Language", language),
    ]
    if unsubscribe:
        headers += [
            ("List-Unsubscribe", f"<{unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    if list_id:
        headers.append(("List-Id", f"Planner <{list_id}>"))
    headers.append(("Content-Type", f'multipart/alternative; boundary="{boundary}"'))
    lines = [f"{name}: {value}" for name, value in headers]
    parts = [("plain", mail.text), ("html", mail.html)]
    body = b"".join(_part(boundary, kind, text) for kind, text in parts)
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body + f"--{boundary}--\r\n".encode("ascii")


def read(mime: bytes) -> Mail:
    """Subject, text and HTML of a message that ``build`` made."""
    found = message_from_bytes(mime, policy=default)
    text, html = (part.get_content() if (part := found.get_body((kind,))) else "" for kind in ("plain", "html"))
    return Mail(str(found["Subject"] or ""), text, html)


@lru_cache(maxsize=256)
def _encoded(subject: str) -> str:
    """A subject as encoded words (RFC 2047); many mails of a morning have the same."""
    return Header(subject, "utf-8", _LONGEST_LINE, "Subject").encode(linesep=CRLF)


def _part(boundary: str, kind: str, text: str) -> bytes:
    head = (
        f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = "\n".join(text.splitlines()).encode("utf-8", "replace")
    return head.encode("ascii") + b2a_qp(lines, istext=True).replace(b"\n", b"\r\n") + b"\r\n"
