"""Consistency before somebody's eyes, ears and thumbs, and its figures against those of the command line."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.serve import served
from browser.conftest import DESKTOP, PHONE, SIZES, House, Visit, accessible, accessible_in_the_dark, fits

PICTURE, WEEK = "/businesses/1/consistency", "/businesses/1/weeks/2026-W48"
NARROW = {**PHONE, "viewport": {"width": 360, "height": 640}}


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", [PICTURE, f"{PICTURE}/2026-W40", WEEK, "/businesses/1/weeks/2026-W49"])
def test_anybody_can_use_it(visit: Visit, size: dict[str, Any], path: str) -> None:
    page = visit(path, size=size)
    accessible(page)
    accessible_in_the_dark(page)
    fits(page)


@pytest.mark.full
@pytest.mark.parametrize("path", [PICTURE, WEEK])
def test_in_english_too(bakeries: Callable[[str], Path], visit: Visit, path: str) -> None:
    with served(bakeries("en")) as house:
        for size in (PHONE, DESKTOP):
            page = visit("/sign-in", size=size, signed_in=False)
            page.context.add_cookies([{"name": "planner", "value": house.secret(), "url": house.url}])
            page.goto(house.url + path)
            expect(page.locator("html")).to_have_attribute("lang", "en")
            accessible(page)
            fits(page)


@pytest.mark.parametrize("path", [PICTURE, WEEK])
def test_it_fits_the_smallest_phones(visit: Visit, path: str) -> None:
    page = visit(path, size=NARROW)
    fits(page)
    tabs = page.locator(".tabs a")
    heights = {tabs.nth(n).bounding_box()["height"] for n in range(tabs.count())}  # type: ignore[index]
    assert len(heights) == 1, "a word that breaks makes its tab higher"
    assert tabs.evaluate_all("all => all.every((tab) => tab.scrollWidth <= tab.clientWidth)")


@pytest.mark.full
def test_a_phone_shows_the_last_quarter_and_scrolls_to_the_one_before(visit: Visit) -> None:
    page = visit(PICTURE, size=PHONE)
    weeks = page.locator(".numbers a")
    expect(weeks.nth(25)).to_be_in_viewport()
    expect(weeks.nth(14)).to_be_in_viewport()
    expect(weeks.nth(11)).not_to_be_in_viewport()
    weeks.nth(0).scroll_into_view_if_needed()
    expect(weeks.nth(0)).to_be_in_viewport()
    expect(page.locator(".whose strong").first).to_be_in_viewport()
    desktop = visit(PICTURE, size=DESKTOP)
    expect(desktop.locator(".numbers a").nth(0)).to_be_in_viewport()
    expect(desktop.locator(".numbers a").nth(25)).to_be_in_viewport()


def test_a_screen_reader_hears_a_table(visit: Visit) -> None:
    heard = visit(PICTURE, size=DESKTOP).get_by_role("table").aria_snapshot()
    assert re.match(r"""- '?table "Wochen nach Kanälen: was gepostet wurde, vom Ziel"'?:""", heard)
    assert re.search(r'columnheader "Woche 48, 23\.–29\. Nov\. 2026: 2 von 2 Zielen erreicht"', heard)
    line = heard.split('- rowheader "WhatsApp"')[1].split("- rowgroup")[0]
    cells = re.findall(r'- cell "([^"]*)"', line)
    assert len(cells) == 26
    assert cells[-7:] == [
        "Pause", "1/1 Ziel erreicht", "0/1 Ziel nicht erreicht", "1/1 Ziel erreicht", "1/1 Ziel erreicht",
        "1/1 Ziel erreicht", "0/1 läuft noch",
    ]  # fmt: skip


def test_the_keyboard_leads_from_week_to_week(visit: Visit) -> None:
    page = visit(PICTURE, size=DESKTOP)
    week = page.get_by_role("link", name="Woche 48, ")
    week.focus()
    words = week.evaluate("link => getComputedStyle(link, '::after').content")
    assert "Woche 48, 23.–29. Nov. 2026: 2 von 2 Zielen erreicht" in words
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{WEEK}$"))
    page.get_by_role("link", name="Woche davor").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("KW 47 2026")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(f"{PICTURE}$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("verb", ["Erledigt", "Auf morgen verlegen", "Fallen lassen"])
def test_one_tap_settles_what_slipped_and_one_takes_it_back(visit: Visit, scripts: bool, verb: str) -> None:
    page = visit("/", scripts=scripts)
    page.get_by_role("link", name="Kontinuität").tap()
    page.get_by_role("link", name="Was sich tun lässt").tap()
    expect(page.locator(".verdict")).to_have_text("1 Beitrag wartet auf Ihre Entscheidung.")
    page.get_by_role("button", name=f"{verb}: ").tap()
    expect(page.locator(".verdict")).to_have_text("Nichts wurde verpasst. Gut gemacht!")
    page.get_by_role("button", name="Rückgängig").tap()
    expect(page.locator(".verdict")).to_have_text("1 Beitrag wartet auf Ihre Entscheidung.")


def command_line(house: House, *words: str) -> Any:
    """What the program says of the same home, in a process of its own."""
    home = Path(house.database.engine.url.database or "").parent
    command = [sys.executable, "-m", "planner", "--home", str(home), "--now", "2026-12-01T09:30", *words]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def figures(page: Page, week: str) -> dict[str, dict[str, int]]:
    """What the page of a week says of each channel."""
    page.goto(f"/businesses/1/weeks/{week}")
    found = {}
    for card in page.locator(".card.channel").all():
        words = card.locator("dt").all_inner_texts()
        found[card.locator("h2").inner_text().split("\n")[0]] = dict(
            zip(words, map(int, card.locator("dd").all_inner_texts()), strict=True)
        )
    return found


@pytest.mark.full
def test_the_figures_are_those_of_the_command_line(visit: Visit, house: House) -> None:
    """Every week since the bakery began, by the page, by the picture, and by ``planner summary --json``."""
    page = visit(PICTURE, size=DESKTOP)
    names = {"Ziel": "goal", "geplant": "planned", "gepostet": "posted", "verspätet": "late", "verpasst": "missed",
             "ausgelassen": "skipped", "offen": "open"}  # fmt: skip
    rows = page.locator(".cells").all()
    cells = [row.locator("td").all_inner_texts() for row in rows]
    streak = int(page.locator(".streak strong").inner_text())
    for place, number in enumerate(range(36, 50), 12):
        week = f"2026-W{number}"
        said = command_line(house, "summary", "--week", week, "--json")
        shown = figures(page, week)
        assert len(shown) == len(said["channels"]) == 3
        for channel, drawn in zip(said["channels"], cells, strict=True):
            assert {names[key]: count for key, count in shown[channel["channel"]].items()} == {
                name: channel[name] for name in names.values()
            }, week
            if channel["goal"] or channel["posted"]:
                assert drawn[place].startswith(f"{channel['posted']}/{channel['goal']}"), week
        waiting = page.locator("[data-post]").count()
        assert waiting == len(said["missed"])
    assert said["streak"] == streak
