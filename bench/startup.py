"""How long the command line takes to answer, against importing the libraries it stands on."""

import tempfile
from collections.abc import Iterator

from bench.measure import Result, in_turns, process


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
    yield Result("`planner --help` / `import click`", helped / base, "≤ 1.5", helped <= 1.5 * base,
                 f"{helped * 1000:.0f} ms / {base * 1000:.0f} ms")  # fmt: skip
    yield Result("`planner today`, a year of posts / `import click, sqlalchemy`", shown / base2, "≤ 1.6",
                 shown <= 1.6 * base2, f"{shown * 1000:.0f} ms / {base2 * 1000:.0f} ms")  # fmt: skip
