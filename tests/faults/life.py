"""An installation that lives a whole life in real processes, and remembers all that it wrote and all its secrets."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import forked
from notify.server import MailServer
from processes import health, until
from sqlalchemy import text

from planner.store.database import Database

BASE = "http://planner.test"
PING = "ping-geheim-11"


@dataclass
class Answer:
    """What came back, with the path that was asked for."""

    path: str
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Life:
    """An installation, all that it has written, and all the secrets that are known of it."""

    home: Path
    address: str
    server: MailServer
    written: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    port: int = 0
    cookie: str = ""

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
        return {
            **kept, "PLANNER_HOME": str(self.home), "PLANNER_DATABASE_URL": self.address, "PLANNER_LANGUAGE": "en",
            "PLANNER_BASE_URL": BASE, "PLANNER_DEBUG": "1", "PLANNER_PING_URL": f"http://127.0.0.1:9/{PING}",
            "PLANNER_SMTP_PORT": str(self.server.port),
        }  # fmt: skip

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "planner", "--now", *words]

    def run(self, now: str, *words: str, code: int = 0, typed: str = "", **environ: str) -> str:
        """One call of the program; what it prints is kept."""
        environ = {**self.environ, **environ}
        if typed:
            done = subprocess.run(
                self.command(now, *words), env=environ, input=typed, capture_output=True, encoding="utf-8", timeout=60,
                check=False,
            )  # fmt: skip
            found, printed, told = done.returncode, done.stdout, done.stderr
        else:
            out, err = self.home.parent / "run-out", self.home.parent / "run-err"
            found = forked.start(["--now", now, *words], environ, out, err).wait(60)
            printed, told = out.read_text("utf-8"), err.read_text("utf-8")
        self.written[f"{len(self.written)} {' '.join(words[:2])}"] = printed + told
        assert found == code, printed + told
        return printed

    @contextmanager
    def started(self, now: str) -> Iterator[None]:
        """The daemon; what it prints and logs is kept."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        out, err = self.home.parent / "out", self.home.parent / "err"
        words = ["--now", now, "start", "--host", "127.0.0.1", "--port", str(self.port)]
        process = forked.start(words, self.environ, out, err)
        try:
            until(lambda: health(self.port)[0] != 0)
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0, err.read_text()
        finally:
            process.kill()
            process.wait()
            self.written["start, printed"], self.written["start, logged"] = out.read_text(), err.read_text()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """A request with the session's cookie, if there is one; what comes back is kept."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            given["Cookie"] = f"planner={self.cookie}"
        if form is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request(method, path.removeprefix(BASE), urlencode(form) if form is not None else None, given)
            came = line.getresponse()
            answer = Answer(path, came.status, came.headers, came.read().decode("utf-8", "replace"))
        finally:
            line.close()
        self.answers.append(answer)
        return answer

    def sign_in(self, path: str, form: dict[str, str]) -> None:
        """Get a session; its secret and that of its forms are known from then on."""
        answer = self.ask("POST", path, form)
        assert answer.status == 303, answer.text
        self.cookie = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
        self.note("session", self.cookie)
        self.note("csrf", self.csrf())

    def csrf(self) -> str:
        return self.ask("GET", "/sessions").text.split('name="csrf" value="')[1].split('"')[0]

    def note(self, name: str, secret: str) -> None:
        assert len(secret) > 8
        self.secrets[f"{len(self.secrets)} {name}"] = secret

    def database(self, *statements: str) -> Any:
        """Another hand at the database; what the last statement gives."""
        database = Database(self.address)
        with database.write() as tx:
            found = [tx.execute(text(each)) for each in statements][-1]
            rows = found.all() if found.returns_rows else None
        database.close()
        return rows
