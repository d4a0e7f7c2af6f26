"""How things are timed here: in turns, so that a busy machine hurts both sides alike, and by the median."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Compiled modules are kept, as they are for everybody else; the warm-up writes them.
_ENVIRON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: ``value`` in ``unit`` beside its bar; ``met`` says which side of it, None without one."""

    what: str
    value: float
    bar: str
    met: bool | None
    detail: str
    unit: str = "×"

    def row(self) -> str:
        """The line as Markdown."""
        met = {True: "yes", False: "**no**", None: "–"}[self.met]
        return f"| {self.what} | {self.value:.2f} {self.unit} | {self.bar} | {met} | {self.detail} |"


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_turns(*actions: Callable[[], object], rounds: int = 7) -> list[float]:
    """The median wall time of each action, run one after the other ``rounds`` times, after one warm-up."""
    for action in actions:
        action()
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for kept, action in zip(times, actions, strict=True):
            kept.append(seconds(action))
    return [statistics.median(kept) for kept in times]


def process(*arguments: str, **environ: str) -> Callable[[], object]:
    """A call of this Python as a fresh process, output thrown away."""
    command: Sequence[str] = [sys.executable, *arguments]

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**_ENVIRON, **environ})

    return run
