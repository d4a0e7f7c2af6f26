"""A mail server that does as it is told, one connection a thread, and keeps what it took.

``script`` says for a step ("greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "end", "RSET", "QUIT") what
comes back, one after the other and then as usual again. A mail counts as taken when its dot has come, unless what
comes back refuses it. What comes out of order is refused; DATA without a recipient unless the script lets that pass.
"""

import contextlib
import io
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PEM = Path(__file__).parent / "localhost.pem"
USUAL = {
    "greeting": "220 here",
    "EHLO": "250 here",
    "STARTTLS": "220 go on",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}

CLOSE = "(close)"
HANG = "(hang)"
DRIP = "(drip)"

Answer = str | Callable[[], str]


@dataclass
class Mail:
    """What was taken."""

    sender: str
    recipient: str
    data: bytes


@dataclass
class MailServer:
    """A running server."""

    script: dict[str, list[Answer]] = field(default_factory=dict)
    offers: list[str] = field(default_factory=list)
    implicit_tls: bool = False
    taken: list[Mail] = field(default_factory=list)
    connections: int = 0
    talking: int = 0
    said: list[str] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lines: io.BufferedReader | None = None

    def answer(self, step: str) -> str:
        """What is to come back at a step."""
        waiting = self.script.get(step)
        found = waiting.pop(0) if waiting else USUAL.get(step, "250 ok")
        return found() if callable(found) else found

    def lying_there(self) -> bytes:
        """What has come after the line that is being answered."""
        return self.lines.peek() if self.lines else b""

    def wait_for(self, count: int) -> None:
        """Until so many mails were taken."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.taken) >= count, 30)

    def wait_for_silence(self) -> None:
        """Until nobody talks to it: what a process that was killed had said is read to its end."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self.talking, 30)

    @contextmanager
    def talk(self) -> Iterator[None]:
        """While somebody talks to it."""
        with self._changed:
            self.connections += 1
            self.talking += 1
        try:
            yield
        finally:
            with self._changed:
                self.talking -= 1
                self._changed.notify_all()

    def take(self, mail: Mail) -> None:
        with self._changed:
            self.taken.append(mail)
            self._changed.notify_all()

    _changed: threading.Condition = field(default_factory=threading.Condition)


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


def trusting_context() -> ssl.SSLContext:
    """A client's context that trusts this server's certificate."""
    return ssl.create_default_context(cafile=str(PEM))


@contextmanager
def serving(**options: object) -> Iterator[MailServer]:
    """A server on a free port of loopback."""
    server = MailServer(**options)  # type: ignore[arg-type]
    server.script = {step: list(answers) for step, answers in server.script.items()}

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                server.talk(),
                contextlib.suppress(OSError),
                contextlib.closing(_Conversation(server, self.request)) as conversation,
            ):
                conversation.hold()

    class Threaded(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Threaded(("127.0.0.1", 0), Handler) as listening:
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            listening.shutdown()
            thread.join()


class _Conversation:
    def __init__(self, server: MailServer, sock: socket.socket) -> None:
        self.server = server
        self.sock = server_context().wrap_socket(sock, server_side=True) if server.implicit_tls else sock
        self.lines = self.sock.makefile("rb")
        self.sender = self.recipient = ""

    def close(self) -> None:
        self.lines.close()
        self.sock.close()

    def hold(self) -> None:
        if not self.say("greeting"):
            return
        while line := self.lines.readline():
            self.server.lines = self.lines
            words = line.decode("utf-8", "replace").strip()
            self.server.said.append(words)
            verb = words.split(":")[0].split(" ")[0].upper()
            if verb == "MAIL":
                self.sender = self.recipient = ""
            if (verb == "RCPT" and not self.sender) or (
                verb == "DATA" and not self.recipient and not self.server.script.get("DATA")
            ):
                self.send("503 5.5.1 out of order")
                continue
            if not self.say(verb) or verb == "QUIT":
                return
            if verb in ("MAIL", "RCPT") and self.last.startswith("2"):
                address = words.partition("<")[2].partition(">")[0]
                self.sender, self.recipient = (address, "") if verb == "MAIL" else (self.sender, address)
            if verb == "STARTTLS":
                self.lines.close()
                self.sock = server_context().wrap_socket(self.sock, server_side=True)
                self.lines = self.sock.makefile("rb")
            if verb == "DATA" and self.last.startswith("354") and not self.data():
                return

    def data(self) -> bool:
        """Read up to the dot; False if the line is to be closed."""
        got = []
        while (line := self.lines.readline()) != b".\r\n":
            if not line:
                return False
            got.append(line[1:] if line.startswith(b"..") else line)
        if not self.recipient:
            return self.send("554 5.5.1 no valid recipient")
        mail = Mail(self.sender, self.recipient, b"".join(got))
        answer = self.server.answer("end")
        if answer[0] not in "45":
            self.server.take(mail)
        return self.send(answer)

    def say(self, step: str) -> bool:
        return self.send(self.server.answer(step), step)

    def send(self, answer: str, step: str = "") -> bool:
        self.last = answer
        if answer == HANG:
            self.server.over.wait(60)
            return False
        if answer == DRIP:
            while not self.server.over.wait(0.05):
                self.sock.sendall(b"250-wait\r\n")
            return False
        if answer.endswith(CLOSE):
            self.sock.sendall(answer.removesuffix(CLOSE).encode())
            return False
        if step == "EHLO" and self.server.offers and answer.startswith("250"):
            answer = "\r\n".join(["250-here", *(f"250-{offer}" for offer in self.server.offers[:-1]),
                                  f"250 {self.server.offers[-1]}"])  # fmt: skip
        self.sock.sendall(answer.encode() + b"\r\n")
        return True
