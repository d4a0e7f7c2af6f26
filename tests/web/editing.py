"""Filling in the editor of a rhythm, and reading what it says."""

import re
from datetime import date, datetime

from werkzeug.test import TestResponse

from planner.core.model import Cadence, Window
from planner.store.queries import cadences
from planner.store.queries import posts as rows
from web.conftest import Planner

NEW = "/businesses/1/channels/2/cadences/new"
MAKE = "/businesses/1/channels/2/cadences"
GOOGLE = "/businesses/1/cadences/1"
BLANK = {"words": "", "heard": "", "rule": "", "was": ""}
FRIDAYS = {**BLANK, "how": "week", "day": ["4"], "every": "1", "time": "08:30", "start": "2026-12-01", "until": ""}
TODAY = date(2026, 12, 1)


def look(page: Planner, path: str, **values: object) -> str:
    answer = page.browser.get(path, query_string={**FRIDAYS, **values})
    assert answer.status_code == 200
    return answer.text


def send(page: Planner, path: str, **values: object) -> TestResponse:
    return page.browser.post(path, data={"csrf": page.csrf, **FRIDAYS, **values})


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def preview(html: str) -> str:
    return text(html.split('id="preview-heading"')[1].split("</section>")[0]).removeprefix(' class="name">')


def stored(page: Planner) -> list[Cadence]:
    with page.database.read() as tx:
        return cadences.of_business(tx, 1)


def due(page: Planner, cadence_id: int) -> list[datetime]:
    with page.database.read() as tx:
        found = rows.due_between(tx, 1, Window(date(2026, 1, 1), date(2028, 1, 1)))
    return [post.due_local for post in found if post.cadence_id == cadence_id]
