"""Today, as its owner sees it: what to post now, one thumb, no typing."""

import pytest
from playwright.sync_api import Page, expect

from bench.serve import PHONE
from browser.conftest import SIZES, Visit, accessible, accessible_in_the_dark, fits


@pytest.mark.parametrize("size", SIZES)
def test_anybody_can_use_it(visit: Visit, size: dict[str, object]) -> None:
    page = visit("/", size=size)
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)


def test_done_and_taken_back(phone: Page) -> None:
    phone.get_by_role("button", name="Erledigt:").first.click()
    expect(phone.get_by_role("status")).to_contain_text("Erledigt")
    phone.get_by_role("button", name="Rückgängig").click()
    expect(phone.get_by_role("button", name="Erledigt:").first).to_be_visible()


def test_without_scripts(visit: Visit) -> None:
    page = visit("/", scripts=False)
    page.get_by_role("button", name="Erledigt:").first.click()
    expect(page.get_by_role("status")).to_contain_text("Erledigt")


def test_what_a_text_still_waits_for_is_said_before_it_is_copied(phone: Page) -> None:
    card = phone.locator("article").first
    card.get_by_role("heading").get_by_role("link").click()
    phone.get_by_label("Text", exact=True).fill("[Wort] heißt: [Erklärung]. Wer kennt es?")
    phone.get_by_role("button", name="Speichern").click()
    phone.goto("/")
    card.get_by_role("link", name="Noch auszufüllen: [Wort], [Erklärung]").click()
    phone.get_by_label("Text", exact=True).fill("Das versteht man nur hier: „Krapfen“.")
    phone.get_by_role("button", name="Speichern").click()
    phone.goto("/")
    expect(card).to_contain_text("Krapfen")
    expect(card).not_to_contain_text("Noch auszufüllen")


_LINES = """(font) => {
  const heading = document.querySelector("h1");
  heading.style.fontFamily = font;
  const broken = [];
  for (const language of ["de", "en-GB"])
    for (let day = 0; day < 366; day += 1) {
      const date = new Date(2028, 0, 1 + day);
      const words = { weekday: "long", day: "numeric", month: "long" };
      heading.textContent = new Intl.DateTimeFormat(language, words).format(date);
      if (heading.getBoundingClientRect().height > 1.3 * parseFloat(getComputedStyle(heading).fontSize))
        broken.push(heading.textContent);
    }
  return broken;
}"""


@pytest.mark.parametrize("width", [320, 360, 390])
def test_the_day_stands_on_one_line_in_the_widest_font(visit: Visit, width: int) -> None:
    page = visit("/", size={**PHONE, "viewport": {"width": width, "height": 740}})
    for font in ("DejaVu Sans", "Verdana, Liberation Sans", "system-ui"):
        assert page.evaluate(_LINES, font) == []
