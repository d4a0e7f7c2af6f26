"""What every fault is let loose on: an installation with one business, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from notify.server import MailServer, serving

from faults.installation import Installation


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
