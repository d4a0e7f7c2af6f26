"""How long the command line takes to answer, against importing what it stands on, and without the catalogue."""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Final

from bench.measure import Result, in_turns, process

# A day's agenda, with steps of a video that come from nowhere; then, all else being loaded, those of the catalogue.
_READ: Final = """
import importlib, sys, time, types
from contextlib import redirect_stdout, suppress
from io import StringIO
from planner.cli import main
from planner.core.steps import Workflow
steps = types.ModuleType("planner.catalogue.steps")
steps.video = lambda: Workflow(frozenset(), ())
sys.modules[steps.__name__] = steps
with redirect_stdout(StringIO()), suppress(SystemExit):
    main(sys.argv[1:])
assert "planner.catalogue.tomlfile" not in sys.modules
del sys.modules[steps.__name__]
start = time.process_time()
assert importlib.import_module(steps.__name__).video().steps
print(time.process_time() - start)
"""
_ROUNDS: Final = 21
_MOST: Final = 0.01  # seconds


def results() -> Iterator[Result]:
    """``planner --help`` and ``planner today`` for a business with a year of posts."""
    click = process("-c", "import click")
    click_and_sqlalchemy = process("-c", "import click, sqlalchemy")
    with tempfile.TemporaryDirectory() as home:
        start = process("-m", "planner", "--home", home, "--now", "2026-01-01T08:00", "init", "--yes")
        start()
        for month in range(1, 13):
            process("-m", "planner", "--home", home, "--now", f"2026-{month:02}-15T07:00", "tick")()
        today = process("-m", "planner", "--home", home, "--now", "2026-12-15T08:00", "today")
        base, helped, base2, shown = in_turns(
            click, process("-m", "planner", "--help"), click_and_sqlalchemy, today, rounds=11
        )
        reading = _reading("--home", home, "--now", "2026-12-15T08:00", "today")
    yield Result("`planner --help` / `import click`", helped / base, "≤ 1.5", helped <= 1.5 * base,
                 f"{helped * 1000:.0f} ms / {base * 1000:.0f} ms")  # fmt: skip
    yield Result("`planner today`, a year of posts / `import click, sqlalchemy`", shown / base2, "≤ 1.6",
                 shown <= 1.6 * base2, f"{shown * 1000:.0f} ms / {base2 * 1000:.0f} ms")  # fmt: skip
    yield Result("reading the catalogue for `planner today`, in processor time", reading * 1000, "≤ 10",
                 reading <= _MOST, "importing what reads it, and the steps of a video", "ms")  # fmt: skip


def _reading(*words: str) -> float:
    """Seconds of the processor that a command spends on the catalogue: importing what reads it, and reading it.

    Taken within a process that has loaded all else: the whole process takes fifty times as long, and on a busy machine
    the difference of two such drowns.
    """
    command = [sys.executable, "-c", _READ, *words]
    done = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(_ROUNDS)]
    return statistics.median(float(seconds) for seconds in done)
