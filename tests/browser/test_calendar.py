"""The calendar before somebody's eyes and thumbs, and on paper."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE, SIZES, House, Visit, accessible, accessible_in_the_dark, fits
from planner.actions.posts import add
from planner.store.queries import businesses, channels

MONTH = "/businesses/1/calendar/2026-12/month"
VIEWS = ["2026-12/month", "2026-W50/week", "2026-12/list", "2030-01/month", "2030-01/list"]


@pytest.fixture
def crowd(house: House) -> None:
    """Six posts on Friday, 11 December, with words that are long and cannot be broken."""
    with house.database.write() as tx:
        for n in range(6):
            channel = channels.of_business(tx, 1)[n % 3]
            title = f"{n} Donaudampfschifffahrtsgesellschaftskapitänsmütze und {'W' * 120}"
            add(tx, businesses.get(tx, 1), channel, datetime(2026, 12, 11, 8 + n), title=title, now=house.moment[0])


@pytest.mark.full
@pytest.mark.parametrize("language", ["de", pytest.param("en", marks=pytest.mark.full)])
@pytest.mark.parametrize("size", SIZES)
def test_anybody_can_use_it(visit: Visit, house: House, crowd: None, size: dict[str, object], language: str) -> None:
    with house.database.write() as tx:
        businesses.change(tx, 1, language=language)
    page = visit(size=size, locale=language)
    for view in VIEWS:
        page.goto(f"/businesses/1/calendar/{view}?channel=1")
        page.goto(f"/businesses/1/calendar/{view}")
        accessible(page)
        accessible_in_the_dark(page)
        fits(page)
    page.locator("summary").click()
    accessible(page)
    fits(page)


def test_a_post_is_added_without_scripts(visit: Visit) -> None:
    page = visit("/businesses/1/calendar", scripts=False)
    page.get_by_role("link", name="Samstag, 5. Dezember: Beitrag hinzufügen").click()
    page.get_by_label("Titel").fill("Stollen")
    page.get_by_role("button", name="Hinzufügen").click()
    said = page.get_by_role("status").first
    expect(said).to_contain_text("Stollen ist geplant für Samstag, 5. Dezember")
    expect(page.locator('[data-day="2026-12-05"]')).to_contain_text("Stollen")
    said.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("status").first).to_contain_text("Entfernt")
    expect(page.locator('[data-day="2026-12-05"]')).not_to_contain_text("Stollen")


@pytest.mark.parametrize("view", ["2026-12/month", "2026-W49/week"])
def test_a_tap_anywhere_on_an_empty_day_adds(visit: Visit, view: str) -> None:
    page = visit(f"/businesses/1/calendar/{view}?channel=2")
    box = page.locator('[data-day="2026-12-05"]').bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    expect(page.get_by_label("Tag", exact=True)).to_have_value("2026-12-05")
    expect(page.get_by_label("Kanal")).to_have_value("2")


def test_it_fits_the_smallest_phones(visit: Visit, crowd: None) -> None:
    page = visit("/businesses/1/calendar", size={**PHONE, "viewport": {"width": 320, "height": 640}})
    for view in VIEWS:
        page.goto(f"/businesses/1/calendar/{view}")
        fits(page)


def test_a_channel_and_a_day_are_chosen_without_scripts(visit: Visit) -> None:
    page = visit(MONTH, scripts=False)
    page.get_by_text("Auswahl").click()
    page.get_by_label("Kanal").select_option("WhatsApp")
    page.get_by_label("Zu einem Tag").fill("2027-02-10")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Februar 2027")
    expect(page.locator("summary")).to_have_text("WhatsApp")
    page.get_by_role("link", name="Woche", exact=True).click()
    page.get_by_role("link", name="Heute").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Woche 49, 2026")
    expect(page.locator(".entry")).to_have_count(1)


def test_more_than_fit_lead_to_their_day(visit: Visit, crowd: None) -> None:
    page = visit(MONTH, size=DESKTOP)
    expect(page.locator('[data-day="2026-12-11"] .entry:visible')).to_have_count(3)
    page.get_by_role("link", name="+3 weitere: Freitag, 11. Dezember").click()
    expect(page.locator("#day-2026-12-11 .entry:visible")).to_have_count(6)
    expect(page.locator("#day-2026-12-11 h2")).to_be_in_viewport()


def test_a_standing_is_never_told_by_colour_alone(visit: Visit) -> None:
    page = visit("/businesses/1/calendar/2026-11/month", size=DESKTOP)
    there = {"missed": "✗", "posted": "✓", "skipped": "–"}
    for name, sign in there.items():
        first = page.locator(f".entry.{name}").first
        expect(first.locator(".entry-sign")).to_have_text(sign)
        words = page.locator(f".legend .{name}").inner_text().removeprefix(sign).strip()
        expect(first.get_by_role("link")).to_have_accessible_name(re.compile(rf"^\d\d:\d\d \S.*, {words} \S+"))


def paper(page: Page) -> None:
    page.emulate_media(media="print")


@pytest.mark.parametrize("month", ["2026-12", "2026-08"])
def test_a_month_is_one_sheet(visit: Visit, month: str) -> None:
    page = visit(f"/businesses/1/calendar/{month}/month", size=DESKTOP)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_a_month_on_paper(visit: Visit, crowd: None) -> None:
    page = visit(MONTH, size={"viewport": {"width": 1040, "height": 720}}, color_scheme="dark")
    paper(page)
    expect(page.locator('[data-day="2026-12-11"] .entry:visible')).to_have_count(6)
    for gone in (".tabs", ".cal-nav", ".cal-views", ".cal-find", ".more", "#told", ".grab", "main .hint"):
        expect(page.locator(f"{gone}:visible")).to_have_count(0)
    for there in ("h1", ".brand", ".legend", ".off-why"):
        expect(page.locator(there).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("view", ["2026-W50/week", "2026-12/list"])
def test_a_week_and_a_list_on_paper(visit: Visit, crowd: None, view: str) -> None:
    page = visit(f"/businesses/1/calendar/{view}", size={"viewport": {"width": 720, "height": 1040}})
    paper(page)
    expect(page.locator(".entry:visible").first).to_be_visible()
    expect(page.locator(".add:visible, .grab:visible, .cal-head nav:visible")).to_have_count(0)
    assert 1 <= page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 3


def test_the_print_button_prints(visit: Visit) -> None:
    page = visit(MONTH, size=DESKTOP)
    page.evaluate("window.print = () => (document.title = 'printed')")
    page.locator("summary").click()
    page.get_by_role("button", name="Drucken").click()
    expect(page).to_have_title("printed")
