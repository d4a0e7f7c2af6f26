"""The backup as a download: whole, named by its day, and nothing left behind."""

import io
import sqlite3
import tempfile
from pathlib import Path

import pytest

from planner.store import archive
from planner.store.database import Database
from planner.web import backup
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/settings/backup"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies are made on the way."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def test_a_whole_copy(planner: Planner, folder: Path, tmp_path: Path, sqlite_template: Path) -> None:
    planner.sign_in()
    answer = planner.send(PATH)
    ending = "db" if planner.database.is_sqlite else "json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="planner-2026-11-30.{ending}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    if ending == "db":
        file = tmp_path / "copy.db"
        file.write_bytes(answer.data)
        with sqlite3.connect(file) as rows:
            assert rows.execute("SELECT name FROM business").fetchall() == [("Bäckerei Sonnenschein",)]
            assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    else:
        empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        (tmp_path / "empty.db").write_bytes(sqlite_template.read_bytes())
        with empty.write() as tx:
            assert archive.read(tx, io.StringIO(answer.data.decode()))["business"] == 1
        empty.close()
    answer.close()
    assert list(folder.iterdir()) == []


@on_sqlite
def test_everything_as_json(planner: Planner, folder: Path, tmp_path: Path, sqlite_template: Path) -> None:
    """It can be read in elsewhere, and nothing of it is left behind."""
    planner.sign_in()
    assert 'value="json"' in planner.browser.get(PATH).text
    answer = planner.send(PATH, kind="json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="planner-2026-11-30.json"'
    assert answer.content_type == "application/json"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    (tmp_path / "empty.db").write_bytes(sqlite_template.read_bytes())
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with empty.write() as tx:
        assert archive.read(tx, io.StringIO(answer.data.decode()))["business"] == 1
    empty.close()
    answer.close()
    assert list(folder.iterdir()) == []


@on_sqlite
def test_one_at_a_time_and_again_afterwards(planner: Planner, folder: Path) -> None:
    planner.sign_in()
    assert backup._one_at_a_time.acquire(blocking=False)
    busy = planner.send(PATH)
    assert (busy.status_code, 'role="alert"' in busy.text) == (503, True)
    backup._one_at_a_time.release()
    for _ in range(2):
        answer = planner.send(PATH)
        assert answer.status_code == 200
        answer.close()


@on_sqlite
def test_a_browser_that_hangs_up_leaves_nothing(planner: Planner, folder: Path) -> None:
    planner.sign_in()
    answer = planner.browser.post(PATH, data={"csrf": planner.csrf}, buffered=False)
    next(iter(answer.iter_encoded()))
    answer.close()
    assert list(folder.iterdir()) == []


@on_sqlite
def test_no_room_is_said(planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from planner.store import copies
    from planner.store.keeping import CopyFailed

    def full(*_: object) -> None:
        raise CopyFailed(file="planner.db", reason="No space left on device")

    planner.sign_in()
    monkeypatch.setattr(copies, "copy", full)
    answer = planner.send(PATH)
    assert answer.status_code == 500
    assert "No space left on device" in answer.text


@on_sqlite
def test_only_by_the_button_of_who_is_signed_in(planner: Planner) -> None:
    assert planner.browser.post(PATH).status_code == 303
    planner.sign_in()
    assert planner.browser.post(PATH).status_code == 403
    page = planner.browser.get(PATH)
    assert "Content-Disposition" not in page.headers
    assert "planner restore" in page.text
