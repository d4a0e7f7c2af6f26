"""Public holidays in the editor of a rhythm, pauses that are told, and the mix on Consistency."""

import re
from datetime import date

import pytest

from planner.actions import posts
from planner.actions.pauses import add_pause
from planner.core.model import OnHoliday, Pause, Pillar, Window
from planner.store.queries import businesses, cadences
from planner.store.queries import posts as rows
from web.conftest import Planner
from web.editing import MAKE, NEW, look, preview, send

PAUSES = "/businesses/1/pauses"


@pytest.mark.parametrize(
    ("on_holiday", "words"),
    [
        ("keep", "Freitag, 25. Dezember, 08:30 Feiertag: Erster Weihnachtstag"),
        ("before", "Donnerstag, 24. Dezember, 08:30 statt Freitag, 25. Dezember: Erster Weihnachtstag"),
        ("after", "Sonntag, 27. Dezember, 08:30 statt Freitag, 25. Dezember: Erster Weihnachtstag"),
        ("skip", "Freitag, 25. Dezember Feiertag, kein Beitrag: Erster Weihnachtstag"),
    ],
)
def test_the_preview_shows_what_a_holiday_does(page: Planner, on_holiday: str, words: str) -> None:
    assert words in preview(look(page, NEW, on_holiday=on_holiday))


def test_a_rhythm_that_gives_way(page: Planner) -> None:
    assert send(page, MAKE, on_holiday="before").status_code == 303
    with page.database.read() as tx:
        made = cadences.of_business(tx, 1)[-1]
    assert made.on_holiday is OnHoliday.BEFORE
    html = page.browser.get(f"/businesses/1/channels/{made.channel_id}").text
    assert "An Feiertagen: Am Tag davor veröffentlichen" in html
    assert 'value="before" selected' in page.browser.get(f"/businesses/1/cadences/{made.id}/change").text


def test_what_nobody_offers_is_refused(page: Planner) -> None:
    answer = send(page, MAKE, on_holiday="yesterday")
    assert answer.status_code == 400


def shut(page: Planner) -> Pause:
    with page.database.write() as tx:
        return add_pause(
            tx, businesses.get(tx, 1), date(2026, 12, 24), date(2027, 1, 6), reason="Ferien", now=page.now
        ).pause


def test_a_pause_is_told_with_one_tap(page: Planner) -> None:
    pause = shut(page)
    html = page.browser.get(PAUSES).text
    assert "„Geschlossen von … bis …“ am Mittwoch, 23. Dezember" in html
    assert "„Wir sind wieder da“ am Donnerstag, 7. Januar" in html
    assert page.send(f"{PAUSES}/{pause.id}/tell", channel="1").headers["Location"] == f"{PAUSES}?said=added"
    told = page.post("2026-12-23")
    assert (told.pillar, told.title) == (
        Pillar.LOCAL, "Geschlossen von Donnerstag, 24. Dezember bis Mittwoch, 6. Januar"
    )  # fmt: skip
    page.send(f"{PAUSES}/{pause.id}/tell", channel="1")
    with page.database.read() as tx:
        assert len(rows.made_of(tx, 1, "closing/")) == 2
    html = page.browser.get(PAUSES).text
    assert f'<a href="/posts/{told.id}">' in html
    assert '<option value="1">' not in html.split('class="tell"')[1].split("</form>")[0]


def test_a_pause_or_channel_that_is_not_there(page: Planner) -> None:
    assert page.send(f"{PAUSES}/{shut(page).id}/tell", channel="99").status_code == 404
    assert page.send(f"{PAUSES}/99/tell", channel="1").status_code == 404


def test_the_mix_of_the_month(page: Planner) -> None:
    html = page.browser.get("/businesses/1/consistency").text
    assert re.search(r"Dezember 2026: Gespräch \d+ · Nützliches \d+ · Werbung \d+", html)
    assert "Dieser Monat hält sich daran." in html
    with page.database.write() as tx:
        december = rows.due_between(tx, 1, Window(date(2026, 12, 1), date(2027, 1, 1)))
        for each in december[:3]:
            posts.edit(tx, each.id, now=page.now, pillar=Pillar.OFFER)
    html = page.browser.get("/businesses/1/consistency").text
    assert f"Viel Werbung: 3 von {len(december)} Beiträgen im Dezember." in html
