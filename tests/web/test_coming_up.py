"""What Today says of the days ahead, and what can be done with it there."""

from datetime import date, datetime

import pytest

from planner.actions import pauses
from planner.actions.posts import edit
from planner.store.queries import businesses
from web.conftest import Planner
from web.test_today import section


@pytest.mark.parametrize(("verb", "due"), [("tomorrow", "2026-12-02"), ("later", "2026-12-09")])
def test_what_comes_up_is_put_onto_tomorrow_or_a_day_later(page: Planner, verb: str, due: str) -> None:
    post = page.post("2026-12-08")
    answer = page.send(f"/posts/{post.id}/{verb}", due=post.due_local.isoformat())
    assert page.again(post).due_local == datetime.fromisoformat(f"{due}T09:00")
    undo = page.browser.get(answer.headers["Location"]).text.split('name="undo" value="')[1].split('"')[0]
    page.send("/undo", undo=undo)
    assert page.again(post).due_local == post.due_local


def test_a_day_later_passes_over_days_that_are_closed(page: Planner) -> None:
    post = page.post("2026-12-03")
    with page.database.write() as tx:
        pauses.add_pause(tx, page.business, date(2026, 12, 4), date(2026, 12, 6), now=page.now)
    page.send(f"/posts/{post.id}/later", due=post.due_local.isoformat())
    assert page.again(post).due_local.date() == date(2026, 12, 7)


def test_a_text_as_long_as_a_book_does_not_weigh_on_the_day(page: Planner) -> None:
    post = page.post("2026-12-08")
    for length, there in ((2000, True), (2001, False)):
        with page.database.write() as tx:
            edit(tx, post.id, text="x" * length, now=page.now)
        coming = section(page.browser.get("/").text, "Die nächsten sieben Tage")
        assert ("x" * length in coming) is there
        assert ("Er steht auf der Seite des Beitrags" in coming) is not there


def test_the_day_of_the_only_business_says_whose_it_is(page: Planner) -> None:
    """What the service worker keeps it by: one visit serves both addresses."""
    answer = page.browser.get("/")
    assert answer.headers["Content-Location"] == "/businesses/1"
    assert answer.text == page.browser.get("/businesses/1").text
    with page.database.write() as tx:
        businesses.add(tx, name="Café Huber", timezone="Europe/Vienna", language="en", created_at=page.now)
    assert "Content-Location" not in page.browser.get("/").headers
