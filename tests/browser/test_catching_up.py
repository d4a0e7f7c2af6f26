"""Catching up, telling of a pause and giving way to holidays, before somebody's eyes and thumbs."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, SIZES, House, Visit, accessible, accessible_in_the_dark, fits

HERE = "/businesses/1/catch-up"


@pytest.fixture
def late(house: House) -> House:
    """It is Monday, 21 December: three weeks in which nobody did anything."""
    house.moment[0] = datetime(2026, 12, 21, 8, 30, tzinfo=UTC)
    return house


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", [HERE, "/businesses/1/weeks/2026-W51", "/businesses/1/pauses"])
def test_anybody_can_use_it(late: House, visit: Visit, size: dict[str, Any], path: str) -> None:
    page = visit(path, size=size)
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_one_tap_follows_the_advice_and_one_takes_the_rhythm(late: House, visit: Visit, scripts: bool) -> None:
    page = visit("/", scripts=scripts)
    page.get_by_role("link", name="Was ein Freund damit machen würde").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nachholen")
    slipped = page.locator("article[data-post]").count()
    assert slipped > 2
    page.get_by_role("button", name="verschieben oder fallen lassen wie geraten").tap()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")
    expect(page.locator("article[data-post]")).to_have_count(1)
    offer = page.locator("article.offer").filter(has_text="Google-Unternehmensprofil")
    expect(offer).to_contain_text("3 Wochen in Folge unter dem Ziel")
    offer.get_by_role("button", name="Diesen Rhythmus nehmen").tap()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")
    expect(offer).to_have_count(0)
    page.goto("/businesses/1/channels/1")
    expect(page.get_by_role("heading", name="Alle 2 Wochen am Dienstag um 09:00")).to_be_visible()


def test_people_are_told_of_a_pause(visit: Visit) -> None:
    page = visit("/businesses/1/pauses")
    page.get_by_label("Bescheid sagen auf").select_option(label="WhatsApp")
    page.get_by_role("button", name="Beiträge anlegen zu: Betriebsferien").tap()
    expect(page.get_by_text("Das sagen diese Beiträge:")).to_be_visible()
    page.get_by_role("link", name="Geschlossen von Donnerstag, 24. Dezember bis Sonntag, 3. Januar").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Geschlossen von Donnerstag, 24. Dezember")


def test_the_preview_follows_what_a_holiday_does(visit: Visit) -> None:
    """Good Friday 2027 is 26 March; the day before is no holiday in Bavaria."""
    page = visit("/businesses/1/channels/2/cadences/new", size=DESKTOP)
    page.get_by_label("In eigenen Worten").fill("jeden Freitag um 9:00")
    page.get_by_label("In eigenen Worten").press("Tab")
    expect(page.locator("#preview-heading")).to_have_text("Jeden Freitag um 09:00")
    page.locator("#start").fill("2027-03-20")
    page.locator("#start").press("Tab")
    page.get_by_label("Und an einem Feiertag?").select_option("before")
    expect(page.locator("#preview .dates")).to_contain_text("statt Freitag, 26. März 2027: Karfreitag")
    accessible(page)
