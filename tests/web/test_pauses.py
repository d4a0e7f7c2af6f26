"""Pauses on the page: adding, what stays inside them, ending one that is on, taking one away that is to come."""

from datetime import date

import pytest

from planner.actions import posts
from planner.actions.pauses import add_pause
from planner.core.model import Pause, Window
from planner.store.queries import businesses, channels, pauses
from planner.store.queries import posts as rows
from web.conftest import Planner, on_sqlite

LIST = "/businesses/1/pauses"
FORM = {"channel": "", "first": "2026-12-07", "last": "2026-12-13", "reason": "Umbau"}


def stored(page: Planner) -> list[Pause]:
    with page.database.read() as tx:
        return pauses.of_business(tx, 1)


def days(page: Planner) -> list[int]:
    """The days of posts from the 1st to the 20th of December."""
    with page.database.read() as tx:
        return [post.due_local.day for post in rows.due_between(tx, 1, Window(date(2026, 12, 1), date(2026, 12, 21)))]


def test_a_pause_of_the_business(page: Planner) -> None:
    assert days(page) == [1, 2, 3, 8, 10, 15, 17]
    with page.database.write() as tx:
        posts.edit(tx, page.post("2026-12-10").id, now=page.now, title="Wir bauen um")
    answer = page.send(LIST, **FORM)
    assert answer.headers["Location"] == f"{LIST}?said=added"
    html = page.browser.get(answer.headers["Location"]).text
    assert "Montag, 7. Dezember bis Sonntag, 13. Dezember 2026" in html
    assert "An diesem Beitrag hat jemand gearbeitet, also bleibt er:" in html
    assert "Wir bauen um" in html
    assert days(page) == [1, 2, 3, 10, 15, 17]
    assert "Umbau" in page.browser.get("/businesses/1/calendar/2026-12/month").text


@on_sqlite
def test_a_pause_over_new_year_says_both_years(page: Planner) -> None:
    page.send(LIST, **{**FORM, "first": "2026-12-24", "last": "2027-01-06"})
    assert "Donnerstag, 24. Dezember 2026 bis Mittwoch, 6. Januar 2027" in page.browser.get(LIST).text


def test_a_pause_of_one_channel_on_one_day(page: Planner) -> None:
    with page.database.read() as tx:
        whatsapp = next(each.id for each in channels.of_business(tx, 1) if each.platform == "whatsapp")
    assert f'value="{whatsapp}" selected' in page.browser.get(f"{LIST}?channel={whatsapp}").text
    page.send(LIST, channel=str(whatsapp), first="2026-12-10", last="", reason="")
    (made,) = stored(page)
    assert (made.channel_id, made.first, made.last) == (whatsapp, date(2026, 12, 10), date(2026, 12, 10))
    assert days(page) == [1, 2, 3, 8, 15, 17]
    html = page.browser.get(LIST).text
    assert "Donnerstag, 10. Dezember 2026" in html
    assert "WhatsApp" in html.split('class="panel"')[1].split("</li>")[0]


def test_the_same_form_twice_is_one_pause(page: Planner) -> None:
    assert [page.send(LIST, **FORM).status_code for _ in range(2)] == [303, 303]
    assert len(stored(page)) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first": ""}, "kein Tag des Kalenders"),
        ({"last": "2026-02-30"}, "kein Tag des Kalenders"),
        ({"last": "2026-12-01"}, "endet, bevor er beginnt: 7. Dezember 2026 bis 1. Dezember 2026."),
        ({"last": "2036-12-01"}, "vom 7. Dezember 2026 bis zum 1. Dezember 2036 ist zu lang; mehr als fünf Jahre"),
        ({"channel": "99"}, "Wählen Sie"),
        ({"reason": "x" * 201}, "höchstens 200"),
    ],
)
def test_what_cannot_be_meant_stays_typed(page: Planner, wrong: dict[str, str], sentence: str) -> None:
    answer = page.send(LIST, **{**FORM, **wrong})
    assert answer.status_code == 400
    assert sentence in answer.text
    for name in ("first", "last", "reason"):
        assert f'value="{({**FORM, **wrong})[name]}"' in answer.text
    assert stored(page) == []


def test_one_to_come_is_taken_away(page: Planner) -> None:
    page.send(LIST, **FORM)
    (made,) = stored(page)
    assert page.send(f"{LIST}/{made.id}/end").headers["Location"] == f"{LIST}?said=ended"
    assert stored(page) == []
    assert days(page) == [1, 2, 3, 8, 10, 15, 17]
    assert page.send(f"{LIST}/{made.id}/end").status_code == 303  # somebody else was quicker


def test_one_that_is_on_ends_and_was(page: Planner) -> None:
    """Back earlier from the holidays: from today on there are posts again, the days before stay a pause."""
    page.send(LIST, **FORM)
    page.at("2026-12-09T08:30")
    html = page.browser.get(LIST).text
    assert "zurzeit" in html
    assert "Beenden: ab heute wieder Beiträge" in html
    page.send(f"{LIST}/{stored(page)[0].id}/end")
    assert [(each.first, each.last) for each in stored(page)] == [(date(2026, 12, 7), date(2026, 12, 8))]
    assert days(page) == [1, 2, 3, 10, 15, 17]
    html = page.browser.get(LIST).text
    assert "Vergangene Pausen" in html
    assert "Zurzeit ist keine Pause" in html


@on_sqlite
def test_somebody_elses(page: Planner) -> None:
    assert page.send(LIST, **{**FORM, "csrf": "no"}).status_code == 403
    with page.database.write() as tx:
        made = add_pause(tx, businesses.get(tx, 1), date(2026, 12, 7), date(2026, 12, 8), now=page.now).pause
    assert page.send(f"/businesses/2/pauses/{made.id}/end").status_code == 404
    assert len(stored(page)) == 1
    assert page.browser.application.test_client().get(LIST).headers["Location"].startswith("/sign-in")
