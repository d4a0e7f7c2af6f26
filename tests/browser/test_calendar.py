"""The calendar before somebody's eyes and thumbs."""

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE, Visit, accessible, fits

VIEWS = ["2026-12/month", "2026-W49/week", "2026-12/list"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("view", VIEWS)
def test_anybody_can_use_it(visit: Visit, size: dict[str, object], view: str) -> None:
    page = visit(f"/businesses/1/calendar/{view}", size=size)
    accessible(page)
    fits(page)
    page.emulate_media(color_scheme="dark")
    accessible(page)


def test_a_post_is_added_without_scripts(visit: Visit) -> None:
    page = visit("/businesses/1/calendar", scripts=False)
    page.get_by_role("link", name="Samstag, 5. Dezember: Beitrag hinzufügen").click()
    page.get_by_label("Titel").fill("Stollen")
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.get_by_role("status").first).to_contain_text("Hinzugefügt")
    expect(page.locator('[data-day="2026-12-05"]')).to_contain_text("Stollen")


def test_it_fits_the_smallest_phones(visit: Visit) -> None:
    fits(visit("/businesses/1/calendar", size={**PHONE, "viewport": {"width": 360, "height": 640}}))
