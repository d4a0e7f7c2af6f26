"""The command line as people use it: words in, exit code and text out, on a real home.

``run`` goes through ``main`` in this process, so that exit codes and sentences are the real ones; what needs a
process of its own (start, pipes, imports) makes one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

os.environ["PLANNER_LANGUAGE"] = "en"  # before the command line is imported: it takes its language from there

from planner.cli import main

FOUNDED = "2026-11-01T08:00"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*words: str, typed: str | None = None, environ: Mapping[str, str | None] | None = None) -> Answer:
    """One call of the program."""
    cleared = {name: None for name in os.environ if name.startswith("PLANNER_")}
    code: Any = 0
    with CliRunner().isolation(typed, {**cleared, "COLUMNS": None, **(environ or {})}) as (out, err, _both):
        try:
            main(list(words))
        except SystemExit as stop:
            code = stop.code
        return Answer(code, out.getvalue().decode(), err.getvalue().decode())


def german(*words: str) -> Answer:
    """One call in a process of its own, which speaks German."""
    command = [sys.executable, "-m", "planner", "--language", "de", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


Planner = Callable[..., Answer]


def number(planner: Planner, channel: str, day: str) -> str:
    """The id of a channel's post on a day."""
    found = planner("post", "list", "--from", day, "--to", "2027-12-31", "--json").json
    return next(str(post["id"]) for post in found if post["due"].startswith(day) and channel in post["channel"])
