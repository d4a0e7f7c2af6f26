"""Run the benchmarks, print the table, and write it to docs/reference/benchmarks.md.

python -m bench            all of them
python -m bench feeds plan only these
"""

import importlib
import os
import platform
import sys
from pathlib import Path

from bench.measure import Result
from planner.store.driver import sqlite3

SUBJECTS = ("startup", "feeds", "plan", "delivery", "ticks", "memory", "page", "load", "advice")
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Every figure is a ratio against something measured in the same run, in turns, by the
median; single runs on a shared machine, so trust ratios, not milliseconds.

Measured with Python {python}, SQLite {sqlite}, {machine}.

| what | measured | bar | met | in detail |
|---|---|---|---|---|
"""


def main(subjects: list[str]) -> None:
    """Measure the named subjects; the page is written only when all were asked for."""
    results: list[Result] = []
    for subject in subjects or SUBJECTS:
        for result in importlib.import_module(f"bench.{subject}").results():
            print(result.row(), flush=True)
            results.append(result)
    if not subjects:
        machine = f"{platform.system()}, {os.cpu_count()} cores"
        head = HEAD.format(python=platform.python_version(), sqlite=sqlite3.sqlite_version, machine=machine)
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(head + "\n".join(result.row() for result in results) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
