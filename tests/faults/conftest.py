"""What every fault is let loose on: an installation with one business, on each kind of database."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from notify.server import MailServer, serving

from faults.installation import Installation

if TYPE_CHECKING:
    from faults.post_office import PostOffice


every_database = pytest.mark.parametrize(
    "database_address", ["wal", pytest.param("delete", marks=pytest.mark.full), "postgresql"], indirect=True
)
both = pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as running:
        yield running


@pytest.fixture
def installation(tmp_path: Path, database_address: str, server: MailServer) -> Installation:
    """Set up on Monday 30 November 2026 at noon; its first digest is owed on Tuesday at eight."""
    found = Installation(tmp_path / "home", database_address, server)
    found.set_up()
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes; making one takes root."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, text=True)
    assert made.returncode == 0, f"A disk that can be filled is missing; mounting a tmpfs takes root: {made.stderr}"
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture(scope="session")
def office() -> Iterator["PostOffice"]:
    """A post office that every test of a worker shares; each test has an address of its own."""
    from faults.post_office import post_office

    with post_office() as opened:
        yield opened
