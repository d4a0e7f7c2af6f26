"""Today and the month ask the database at most six questions, after a year as after ten."""

from sqlalchemy import event

from bench.years import CHANNELS, fill
from web.conftest import Planner

MOST = 6
PAGES = {
    "today": "/businesses/1",
    "home": "/",
    "month": "/businesses/1/calendar/2026-12/month",
    "a month of long ago": "/businesses/1/calendar/2018-03/month",
    "a month of one channel": "/businesses/1/calendar/2026-12/month?channel=4",
}


def asked(page: Planner, path: str) -> list[str]:
    """Every statement of a look at a page, whatever it does; the first look of an hour notes the session besides."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    page.browser.get(path)
    event.listen(page.database.engine, "before_cursor_execute", note)
    answer = page.browser.get(path)
    event.remove(page.database.engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return [one for one in statements if not one.startswith(("PRAGMA", "BEGIN"))]


def test_as_many_questions_after_ten_years_as_after_one(page: Planner) -> None:
    counts: dict[int, dict[str, int]] = {}
    for years in (1, 10):
        fill(page.database, years)
        found = {name: asked(page, path) for name, path in PAGES.items()}
        for name, statements in found.items():
            assert 1 < len(statements) <= MOST, (name, years, statements)
        counts[years] = {name: len(statements) for name, statements in found.items()}
    assert counts[1] == counts[10]


def test_there_are_ten_years_of_them(page: Planner) -> None:
    """What the questions are counted over."""
    fill(page.database, 10)
    with page.database.read() as tx:
        count, first = tx.exec_driver_sql("SELECT count(*), min(due_local) FROM post WHERE uid LIKE 'bench-%%'").one()
    assert (count, str(first)[:4]) == (CHANNELS * 10 * 104, "2016")
    assert "Brot des Monats" in page.browser.get(PAGES["a month of long ago"]).text
