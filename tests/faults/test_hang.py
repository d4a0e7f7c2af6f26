"""A tick that never comes back: health says so, the process ends so that whoever keeps it starts it anew."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from notify.server import MailServer
from test_daemon import health, until

from faults.installation import MORNING, Installation
from faults.post_office import free_ports

# The program with ticks of a second each, and one of them that hangs while a certain file is there.
HANGING = """
import sys, threading
from dataclasses import replace
from pathlib import Path
from planner import daemon
from planner.cli import main
usual, plan = daemon.Daemon.ticks, daemon.Daemon._plan
def hangs(self, now):
    while Path(sys.argv[1]).exists():
        threading.Event().wait(0.1)
    return plan(self, now)
daemon.Daemon._plan = hangs
daemon.Daemon.ticks = lambda self: tuple(replace(tick, seconds=1, patience=1) for tick in usual(self))
main(sys.argv[2:])
"""


@pytest.mark.full
@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
def test_a_tick_that_hangs_ends_the_process(installation: Installation, server: MailServer, tmp_path: Path) -> None:
    hook, (port,) = tmp_path / "hang", free_ports(1)
    start = [sys.executable, "-c", HANGING, str(hook), "--now", MORNING, "start", "--host", "127.0.0.1"]
    command, environ = [*start, "--port", str(port)], {**os.environ, **installation.environ}
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            until(lambda: health(port)[0] == 200 and len(server.taken) == 1)
            hook.touch()
            until(lambda: health(port)[0] == 503, 6)  # three intervals of a second, and some to look
            assert process.poll() is None, "health says so before"
            _, said = process.communicate(timeout=30)
            assert process.returncode == 70
            assert "tick plan has not come back" in said
        finally:
            process.kill()
    hook.unlink()
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: health(port)[0] == 200)
        finally:
            process.kill()
    assert len(server.taken) == 1, "what was said is not said again"
