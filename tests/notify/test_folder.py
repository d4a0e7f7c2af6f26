"""Mails as files: whole or not at all, for the owner's eyes only, once however often they come."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from planner.core.model import Mail
from planner.core.retry import Failure
from planner.notify import DeliveryFailed, NobodyListens
from planner.notify.folder import FolderTransport
from planner.notify.message import build


def mime(subject: str) -> bytes:
    return build(
        Mail(subject, "text\n", "<p>html</p>"), sender="p@example.org", recipient="a@example.org",
        message_id="<1@example.org>", moment=datetime(2026, 12, 1, 8, 0, tzinfo=UTC), language="de", unsubscribe=None,
    )  # fmt: skip


def write(folder: Path, data: bytes) -> Path:
    session = FolderTransport(folder).open()
    reply = session.deliver("p@example.org", "a@example.org", data, NobodyListens())
    session.close()
    return Path(reply.text)


def test_a_mail_becomes_a_file_of_its_day(tmp_path: Path) -> None:
    os.umask(0o000)
    try:
        file = write(tmp_path / "mail", mime("one"))
    finally:
        os.umask(0o022)
    assert file.read_bytes() == mime("one")
    assert file.name.startswith("2026-12-01-080000-")
    assert file.suffix == ".eml"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_mail_again_is_the_same_file_and_another_is_another(tmp_path: Path) -> None:
    assert write(tmp_path, mime("one")) == write(tmp_path, mime("one")) != write(tmp_path, mime("two"))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is here")
    with pytest.raises(DeliveryFailed) as caught:
        FolderTransport(tmp_path / "mail").open()
    assert caught.value.failure is Failure.CONFIGURATION
    assert str(tmp_path / "mail") in caught.value.sentence()


def test_a_folder_that_goes_away_leaves_nothing_behind(tmp_path: Path) -> None:
    session = FolderTransport(tmp_path / "mail").open()
    (tmp_path / "mail").rmdir()
    with pytest.raises(DeliveryFailed) as caught:
        session.deliver("p@example.org", "a@example.org", mime("one"), NobodyListens())
    assert caught.value.failure is Failure.CHANNEL
