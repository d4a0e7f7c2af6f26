"""The backup as a download: a copy that was looked over, made when the button is pressed and gone when it was sent.

Of SQLite the database itself, of PostgreSQL everything as JSON; of SQLite that, too, if it is asked for. Either holds
all businesses. Nothing is read back here: see docs/decisions/0021-going-back-is-no-button.md.
"""

import os
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from planner.core import localtime
from planner.errors import PlannerError
from planner.language import N_
from planner.store import archive, copies
from planner.store.keeping import CopyFailed
from planner.store.queries import businesses
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("backup", __name__)
_PATH: Final = f"/businesses/<{NUMBER}:business_id>/settings/backup"
_one_at_a_time: Final = threading.Lock()


class AnotherRuns(PlannerError):
    message = N_("Another backup is being made just now. Try again in a moment.")
    http_status = 503
    retry = True


@pages.get(_PATH)
def form(business_id: int) -> Response:
    """What is in it, and the button."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    return business_page("settings_backup", business, "more", problem="", sqlite=site().database.is_sqlite)


@pages.post(_PATH)
def download(business_id: int) -> AnyResponse:
    """Make the copy and send it."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
    day = localtime.today(site().clock(), business.timezone)
    as_json = not site().database.is_sqlite or request.form.get("kind") == "json"
    with ExitStack() as until_sent:
        try:
            file = _made(until_sent, as_json=as_json)
        except PlannerError as error:
            problem = error.sentence(gettext(business.language))
            return business_page(
                "settings_backup", business, "more", error.http_status, problem=problem,
                sqlite=site().database.is_sqlite,
            )  # fmt: skip
        content = until_sent.enter_context(file.open("rb"))
        response = Response(FileWrapper(content, 65_536))  # read piece by piece, and closed at the end
        response.call_on_close(until_sent.pop_all().close)
    response.content_length = file.stat().st_size
    response.content_type = "application/json" if as_json else "application/vnd.sqlite3"
    response.headers["Content-Disposition"] = f'attachment; filename="planner-{day}{file.suffix}"'
    return response


def _made(until_sent: ExitStack, *, as_json: bool) -> Path:
    """A copy in a folder that only we can read and that goes with ``until_sent``. Raises AnotherRuns, CopyFailed."""
    if not _one_at_a_time.acquire(blocking=False):
        raise AnotherRuns
    try:
        folder = Path(until_sent.enter_context(tempfile.TemporaryDirectory(prefix="planner-")))
        return _written(folder / "planner.json") if as_json else _copied(folder)
    finally:
        _one_at_a_time.release()


def _copied(folder: Path) -> Path:
    copies.copy(site().database, folder / "planner.db")
    return folder / "planner.db"


def _written(file: Path) -> Path:
    try:
        opened = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as out, site().database.read() as tx:
            archive.one_moment(tx)
            archive.write(tx, out)
    except OSError as error:
        raise CopyFailed(file=file, reason=error.strerror or error) from error
    return file
