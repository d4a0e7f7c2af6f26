"""How much memory an idle planner keeps."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Result

BAR = 90.0
IDLE = 15


def results() -> Iterator[Result]:
    """Resident memory of ``planner start`` after fifteen idle seconds and a few requests."""
    if not Path("/proc/self/status").exists():
        return
    with TemporaryDirectory() as home:
        command = [sys.executable, "-m", "planner", "--home", home, "start", "--host", "127.0.0.1", "--port", "0"]
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ)
        try:
            time.sleep(IDLE)
            used = _resident(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
    yield Result("resident memory of an idle `planner start`", used, f"≤ {BAR:.0f} MB", used <= BAR, f"after {IDLE} s",
                 unit="MB")  # fmt: skip


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")
