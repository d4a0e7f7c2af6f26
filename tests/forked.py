"""Processes of the program that are forked from one that has imported its parts, as a start costs half a second else.

They are processes like any other: of their own memory, environment and files, killed and stopped by signals. Only the
command line is imported anew in each, since it looks at the environment for its language. Who asks for surroundings
that an interpreter reads at its own start (a zone, a library, an option of Python) gets a new interpreter instead, and
so does everybody where nothing can be forked.
"""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing import connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

PROGRAM = "from planner.cli import main\nmain(sys.argv[1:])"
PARTS = (
    "alembic.command", "flask", "icalendar", "jinja2", "planner.actions.set_up", "planner.actions.test_mail",
    "planner.daemon", "planner.ical", "planner.notify.folder", "planner.notify.smtp", "planner.render",
    "planner.store.schema", "planner.zonerules", "psycopg", "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite", "tzdata",
)  # fmt: skip
_READ_AT_START = ("LC_", "LD_", "PYTHON", "TZ")


class Process(Protocol):
    """What the tests do with a process; ``subprocess.Popen`` is one."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, number: int) -> None: ...
    def kill(self) -> None: ...


class Forked:
    """A process that was forked; its exit code is negative if a signal ended it."""

    def __init__(self, process: BaseProcess) -> None:
        self.process = process
        self.lock = threading.Lock()  # a mail server's thread may wait for it as well
        process.start()
        assert process.pid is not None
        self.pid: int = process.pid

    def poll(self) -> int | None:
        with self.lock:
            return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        connection.wait([self.process.sentinel], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("planner", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    words: Sequence[str],
    environ: Mapping[str, str],
    output: Path | None = None,
    errors: Path | None = None,
    *,
    code: str = PROGRAM,
) -> Process:
    """Run ``code``, with ``sys`` at hand and these words as arguments.

    What it prints goes to a file, or nowhere; its errors to a file, or to where those of this process go.
    """
    if "forkserver" in multiprocessing.get_all_start_methods() and _like_ours(environ):
        given = (code, [*words], {**environ}, os.getcwd(), str(output or os.devnull), str(errors or ""))
        return Forked(_forks().Process(target=_become, args=given, daemon=True))
    command = [sys.executable, "-c", f"import sys\n{code}", *words]
    with open(output or os.devnull, "wb") as out, open(errors or os.devnull, "wb") as err:
        return subprocess.Popen(command, env=environ, stdout=out, stderr=err if errors else None)


def _forks() -> ForkServerContext:
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(list(PARTS))
    return made


def _like_ours(environ: Mapping[str, str]) -> bool:
    """Whether an interpreter would start with these variables as this one did."""

    def read_at_start(each: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in each.items() if name.startswith(_READ_AT_START)}

    return read_at_start(environ) == read_at_start(os.environ)


def _become(code: str, words: list[str], environ: dict[str, str], folder: str, output: str, errors: str) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    for number, name in ((1, output), (2, errors)):
        if name:
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, number)
            os.close(file)
    sys.argv = ["planner", *words]
    exec(compile(code, "<planner>", "exec"), {"__name__": "__main__", "sys": sys})


@atexit.register
def _kill() -> None:
    """Before multiprocessing waits for what a failed test left behind, perhaps stopped."""
    for process in multiprocessing.active_children():
        if process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)
