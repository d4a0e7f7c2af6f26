"""Very many mails in one minute, a running planner, people at the page and on the command line meanwhile."""

from pathlib import Path

import pytest

from bench.load import Drained, _rows, drain

ROOT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.full
@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
def test_many_mails_due_in_one_minute(tmp_path: Path, database_address: str) -> None:
    """Ten thousand here; ``make bench`` lets a hundred thousand loose and says how quick that was.

    How quick the page is is no matter of a test, since machines are busy: that it answers every time is one.
    """
    done = drain(tmp_path, database_address, 10_000)
    assert (done.arrived, done.copies) == (10_000, 10_000)
    assert done.overtaken == 0, "they go in the order in which they are due"
    assert done.looks >= 10, "somebody looked at the page all the while, and every time it was there"
    assert (done.commands >= 1, done.commands_failed) == (True, 0)
    assert 0 < done.memory <= 150
    print(
        f"{10_000 / done.took:.0f} mails a second, {done.memory:.0f} MB, page {done.idle:.3f} s, then {done.busy:.3f} s"
    )


@pytest.mark.parametrize("name", ["SQLite", "PostgreSQL"])
def test_every_bar_of_the_load_is_measured_and_in_the_reference(name: str) -> None:
    done = Drained(arrived=100_000, copies=100_000, took=250.0, idle=0.04, busy=0.06, memory=120.0)
    bare = {1: 1500.0, 4: 2800.0}
    rows = list(_rows(name, done, bare))
    page = (ROOT / "docs" / "reference" / "benchmarks.md").read_text("utf-8")
    assert [row.what for row in rows if f"| {row.what} |" not in page] == []
    assert [row.met for row in rows] == [True, None, None, True, True, True]

    def missed(**values: float) -> int:
        worse = Drained(**{**vars(done), **values})
        return [row.met for row in _rows(name, worse, bare)].count(False)

    assert missed(copies=100_001) == missed(arrived=99_999) == missed(memory=151) == missed(commands_failed=1) == 1
    assert missed(busy=0.21) == missed(idle=0.5, busy=1.01) == 1, "five times the idle page, and a second"
    assert missed(memory=0) == 1, "not measured is not met"
