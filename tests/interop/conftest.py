"""Other people's calendar programs as judges, in an environment of their own.

They need another python-dateutil than the planner, so they live in ``.venv-judges``, made on first use and kept
(git-ignored). A judge that cannot be had fails its tests: nothing the README promises is skipped.
"""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

JUDGES = ("ical==14.3.1", "khal==0.14.1", "recurring-ical-events==3.8.2", "vdirsyncer==0.21.0")
ROOT = Path(__file__).parents[2]


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Only one process at a time, however many workers there are."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def judges() -> Path:
    """The folder with the judges' programs, its ``python`` among them."""
    folder = ROOT / ".venv-judges"
    wanted = "\n".join(JUDGES)
    ready = folder / "ready"
    with alone(ROOT / ".venv-judges.lock"):
        if not ready.exists() or ready.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            python = str(folder / "bin" / "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *JUDGES], check=True)
            ready.write_text(wanted)
    return folder / "bin"
