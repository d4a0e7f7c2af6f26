"""Submission by SMTP: TLS from the first byte or by STARTTLS, never a silent fall-back to plain text.

Replies are sorted by what they mean for the mail and for the way out (``core.retry``). The end of the data is
handled here by hand, since it is the one moment in which nobody knows whether a mail was taken (RFC 1047).
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, NoReturn

from planner.core.characters import one_line
from planner.core.discretion import without_secrets
from planner.core.retry import Failure
from planner.language import N_
from planner.notify import DeliveryFailed, Moments, Reply
from planner.notify.line import Line, TlsLine

Security = Literal["tls", "starttls", "none"]
_SILENT: Final = N_(
    "{name} says nothing. If that port takes TLS from the first byte (465 does), set smtp_security to tls."
)
_BROKEN: Final = N_("The line broke before the mail was sent: {reason}")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, for each reply, after the data (RFC 5321, 4.5.3.2), for the goodbye, and altogether."""

    connect: float = 30
    reply: float = 300
    data: float = 600
    goodbye: float = 5
    whole: float = 900


@dataclass(frozen=True)
class SmtpTransport:
    """How to reach the mail server. ``security`` "none" is for servers on the same machine only."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    timeouts: Timeouts = Timeouts()
    helo: str = "[127.0.0.1]"
    context: ssl.SSLContext | None = None

    needs_address: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def open(self) -> "SmtpSession":
        """Connect, secure the line, sign in. Raises DeliveryFailed with a sentence for people."""
        if self.security == "none" and not _is_here(self.host):
            reason = N_("{host} is not this machine. Without TLS the mails and the password could be read.")
            _fail(Failure.CONFIGURATION, reason, host=self.host)
        try:
            return SmtpSession(self._connected(), self.timeouts)
        except smtplib.SMTPException as error:
            if isinstance(error.__context__, TimeoutError) and self.security != "tls":
                _fail(Failure.CHANNEL, _SILENT, name=self.name)
            _refused(error, self._hidden)
        except ssl.SSLCertVerificationError as error:
            reason = N_("The certificate of {host} is not valid: {reason}. Check the server's name.")
            _fail(Failure.CONFIGURATION, reason, host=self.host, reason=error.verify_message)
        except ssl.SSLError as error:
            reason = N_("No TLS with {name} ({reason}). Port 465 takes TLS, port 587 takes STARTTLS.")
            _fail(Failure.CONFIGURATION, reason, name=self.name, reason=error.reason)
        except (socket.gaierror, UnicodeError):  # a name with an empty part is not even asked for
            reason = N_("The name {host} is not known. Check how it is spelt, and whether there is a network.")
            _fail(Failure.CHANNEL, reason, host=self.host)
        except TimeoutError:
            _fail(Failure.CHANNEL, N_("{name} does not answer. Check the port."), name=self.name)
        except OSError as error:
            reason = N_("{name} cannot be reached ({reason}). Check name and port.")
            _fail(Failure.CHANNEL, reason, name=self.name, reason=error.strerror or error)

    def _hidden(self, text: str) -> str:
        """What the server said about signing in, without what was said to it, which some repeat."""
        secret = f"\0{self.user}\0{self.password}"
        for known in (self.password, *(b64encode(each.encode()).decode("ascii") for each in (secret, self.password))):
            text = text.replace(known, "…") if self.password else text
        return text

    def _connected(self) -> Line | TlsLine:
        timeout, whole = self.timeouts.connect, self.timeouts.whole
        if self.security == "tls":
            secret = {"context": self._context()}
            return self._signed_in(TlsLine(whole, self.host, self.port, self.helo, timeout=timeout, **secret))
        return self._signed_in(Line(whole, self.host, self.port, self.helo, timeout=timeout))

    def _signed_in(self, smtp: Line | TlsLine) -> Line | TlsLine:
        try:
            with smtp.watch:
                if self.security == "starttls":
                    smtp.starttls(context=self._context())
                if self.user:
                    _sign_in(smtp, self.user, self.password)
                smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _context(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()


def _sign_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """As smtplib does; but that knows ASCII only, and passwords have umlauts (RFC 4616: UTF-8)."""
    if f"{user}{password}".isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    code, reply = smtp.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode("ascii"))
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, reply)


class SmtpSession:
    """A connection that takes one mail after the other."""

    def __init__(self, smtp: Line | TlsLine, timeouts: Timeouts) -> None:
        self._smtp = smtp
        self._timeouts = timeouts
        self._pipelines = smtp.has_extn("pipelining")

    def deliver(self, sender: str, recipient: str, mime: bytes, moments: Moments) -> Reply:
        """Hand over one mail to one recipient; see Session."""
        lines = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA")
        with self._smtp.watch:
            if self._pipelines:
                self._say(lines, moments.said)
                self._mine(moments.data_starts)
            else:
                self._say(lines[:1], moments.said)
                self._say(lines[1:2])
                self._mine(moments.data_starts)
                self._say(lines[2:])
            return self._data(mime, moments.all_out)

    def close(self) -> None:
        """QUIT, and do not mind the answer."""
        try:
            self._wait(self._timeouts.goodbye)
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()

    def _say(self, lines: Sequence[str], said: Callable[[], None] | None = None) -> None:
        """Say commands that must all be welcome, all of them before the first reply is read (RFC 2920)."""
        if any(mark in line for line in lines for mark in "\r\n"):
            raise ValueError(f"a command is one line: {lines}")
        try:
            self._wait(self._timeouts.reply)
            self._smtp.send("".join(f"{line}\r\n" for line in lines))
            if said:
                self._mine(said)
            replies = self._replies(len(lines))
            refused = next((n for n, (code, _text) in enumerate(replies) if not 200 <= code < 400), None)
            if refused is not None and replies[-1][0] == 354:  # it waits for a mail that must not come
                self._smtp.docmd(".")
        except (smtplib.SMTPException, OSError) as error:
            _fail(Failure.CHANNEL, _BROKEN, reason=error)
        if refused is not None:
            self._refuse(*replies[refused], at=lines[refused].split()[0])

    def _replies(self, count: int) -> list[tuple[int, bytes]]:
        """The next replies; those that came, if the server hangs up after a no."""
        replies: list[tuple[int, bytes]] = []
        try:
            for _ in range(count):
                replies.append(self._smtp.getreply())
        except smtplib.SMTPServerDisconnected:
            if all(code < 400 for code, _text in replies):
                raise
        return replies

    def _mine(self, moment: Callable[[], None]) -> None:
        try:
            moment()
        except BaseException:  # half a conversation is of no use to anybody
            self._smtp.close()
            raise

    def _data(self, mime: bytes, all_out: Callable[[], None]) -> Reply:
        try:
            self._wait(self._timeouts.data)
            self._smtp.send(_stuffed(mime))
            all_out()
            code, text = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._smtp.close()
            _fail(Failure.AMBIGUOUS, N_("No answer came after the mail ({reason})."), reason=error)
        if not 200 <= code < 300:
            self._refuse(code, text, at="end of data")
        return Reply(code, _words(text))

    def _refuse(self, code: int, text: bytes, *, at: str) -> NoReturn:
        failure = classify(code, _words(text), at)
        if failure is not Failure.AMBIGUOUS and code != 421:
            self._reset()
        message = N_("The server refused the sender: {reply}") if at == "MAIL" else N_("The server said no: {reply}")
        if code == 530:
            message = N_("The server wants a user name and a password first: {reply}")
        _fail(failure, message, code, reply=f"{code} {_words(text)}")

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()

    def _wait(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)


def classify(code: int, text: str, at: str) -> Failure:
    """What a refusal at a step ("MAIL", "RCPT", "DATA", "end of data") means (RFC 5321, RFC 3463)."""
    status = re.match(r"\s*([245])\.(\d{1,3})\.(\d{1,3})", text)
    subject = status[2] if status else ""
    if not 400 <= code < 600:
        return Failure.AMBIGUOUS if at == "end of data" else Failure.CHANNEL
    if code == 421:
        return Failure.CHANNEL
    if code < 500:
        return Failure.LATER
    if code in (530, 534, 535) or (subject == "7" and at != "end of data") or at == "MAIL":
        return Failure.CONFIGURATION
    if status and (status[2], status[3]) == ("2", "2"):
        return Failure.MAILBOX_FULL
    if at == "RCPT":
        return Failure.MAILBOX_FULL if code == 552 else Failure.ADDRESS
    return Failure.CONFIGURATION if subject == "7" else Failure.CONTENT


def _refused(error: smtplib.SMTPException, hidden: Callable[[str], str]) -> NoReturn:
    """Sort what smtplib raises while connecting, securing and signing in."""
    code = getattr(error, "smtp_code", None)
    said = hidden(_words(getattr(error, "smtp_error", b"")))
    match error:
        case smtplib.SMTPAuthenticationError():
            message = N_("User name or password was refused: {reply}")
            _fail(Failure.CONFIGURATION, message, code, reply=f"{code} {said}")
        case smtplib.SMTPNotSupportedError():
            message = N_("The server offers no STARTTLS or no sign-in. Use TLS on port 465, or another server.")
            _fail(Failure.CONFIGURATION, message)
        case smtplib.SMTPConnectError() | smtplib.SMTPResponseException():
            _fail(Failure.CHANNEL, N_("The server turned us away: {reply}"), code, reply=f"{code} {said}")
    _fail(Failure.CHANNEL, N_("The server closed the line: {reason}"), reason=error)


def _fail(failure: Failure, message: str, code: int | None = None, **values: object) -> NoReturn:
    raise DeliveryFailed(failure, message, code, **values)


def _stuffed(mime: bytes) -> bytes:
    """A mail as it goes over the line: leading dots doubled, the end marked (RFC 5321, 4.5.2)."""
    first = b"." if mime.startswith(b".") else b""
    return first + mime.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _words(text: bytes | str) -> str:
    """What a server said, as it may be kept and shown: some quote the addresses in a mail they refuse."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return without_secrets(" ".join(one_line(words).split()))[:300]


def _is_here(host: str) -> bool:
    """Whether a host is this machine by its name or address; no name is looked up for that."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
