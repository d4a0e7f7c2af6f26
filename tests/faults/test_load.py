"""Very many mails in one minute, a running planner, people at the page and on the command line meanwhile."""

from pathlib import Path

import pytest

from bench.load import drain


@pytest.mark.full
@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
def test_many_mails_due_in_one_minute(tmp_path: Path, database_address: str) -> None:
    """Ten thousand here; ``make bench`` lets a hundred thousand loose and says how quick that was."""
    done = drain(tmp_path, database_address, 10_000)
    assert (done.arrived, done.copies) == (10_000, 10_000)
    assert done.commands_failed == 0
    assert done.memory <= 150
    print(
        f"{10_000 / done.took:.0f} mails a second, {done.memory:.0f} MB, page {done.idle:.3f} s, then {done.busy:.3f} s"
    )
