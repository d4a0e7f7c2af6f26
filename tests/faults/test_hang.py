"""A tick that never comes back: whoever asks is told, then the process ends, and started anew it goes on.

The program's own intervals are cut to a tenth, and it hangs where the test says, by a module that Python loads first.
"""

import time
from pathlib import Path

import pytest
from notify.server import MailServer
from processes import health, started, until

from faults.installation import Installation
from planner.process import HUNG, STOP_WITHIN

pytestmark = pytest.mark.full

HOOK = """
import threading
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from planner.daemon import Daemon

ticks, here = Daemon.ticks, Path(__file__).parent

def hanging(daemon, tick):
    def work(now):
        if (here / tick.name).exists():
            with daemon.database.write() if (here / "writing").exists() else nullcontext():
                (here / "hangs").touch()
                threading.Event().wait()
        count = tick.work(now)
        (here / f"{tick.name} has run").touch()
        return count
    return replace(tick, seconds=max(1, tick.seconds // 10), patience=0, work=work)

Daemon.ticks = lambda daemon: tuple(hanging(daemon, tick) for tick in ticks(daemon))
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("tick", "seconds", "where"),
    [("plan", 3, "later"), ("mail", 1, "later"), ("mail", 1, "at its first run"), ("mail", 1, "writing")],
    ids=["plan", "mail", "first", "writing"],
)
def test_a_tick_that_hangs(
    installation: Installation, server: MailServer, tmp_path: Path, tick: str, seconds: int, where: str
) -> None:
    """Health says so within three of its intervals; after ten the process ends, and nothing has been lost."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(HOOK)
    if where == "at its first run":
        (hook / tick).touch()
    elif where == "writing":
        (hook / "writing").touch()
    settings = installation.settings
    with started(tmp_path / "home", "--now", "2026-12-01T07:55", PYTHONPATH=str(hook), **settings) as (process, port):
        if where != "at its first run":
            until((hook / f"{tick} has run").exists)
            until(lambda: health(port)[0] == 200)
            (hook / tick).touch()
        until((hook / "hangs").exists)
        begun = time.monotonic()
        until(lambda: health(port)[0] == 503)
        assert time.monotonic() - begun < 3 * seconds + 1.5
        assert any(tick in reason for reason in health(port)[1]["reasons"])
        assert process.wait(60) == HUNG
        took = time.monotonic() - begun
        assert 9 * seconds - 1 < took < 10 * seconds + STOP_WITHIN + 3
    log = (tmp_path / "log").read_text()
    assert f"tick {tick} has not come back" in log
    assert "Traceback" not in log or where == "writing", "the other ticks cannot write then"
    with started(tmp_path / "home", "--now", "2026-12-01T07:59:55", **settings) as (process, port):
        until(lambda: health(port)[0] == 200)
        until(lambda: len(server.taken) == 1)
        until(lambda: installation.states() == [("sent", 0)])
        assert process.poll() is None
