"""The counters in a real browser: the same figures as the server's, for every platform's way of counting."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect
from strings_to_count import ROWS

from bench.serve import DESKTOP, House
from browser.conftest import Visit, accessible, fits
from planner.actions import posts
from planner.actions.channels import add_channel
from planner.core.counting import Counts
from planner.core.model import Post
from planner.store.queries import businesses

_COUNTED = """async (rows) => {
  const { count } = await import("/static/counting.js");
  return rows.map(([text, way]) => count(text, way));
}"""


def test_the_same_table_as_the_server_s(visit: Visit) -> None:
    page = visit("/")
    counted = page.evaluate(_COUNTED, [[text, way] for text, way, _ in ROWS])
    wrong = {(text, way.value): (length, found) for (text, way, length), found in zip(ROWS, counted, strict=True)
             if length != found}  # fmt: skip
    assert wrong == {}
    assert {way for _, way, _ in ROWS} == set(Counts)


def on(house: House, platform: str) -> Post:
    """A post on a new channel of a platform."""
    with house.database.write() as tx:
        business, now = businesses.get(tx, 1), house.moment[0]
        channel = add_channel(tx, business, platform, f"Mein {platform}", now=now)
        return posts.add(tx, business, channel, datetime(2026, 12, 1, 10), title="x", text="x", now=now)


@pytest.mark.parametrize(
    ("platform", "text", "said"),
    [
        ("bluesky", "👨‍👩‍👧‍👦 Brot", "6 von 300 Zeichen"),
        ("x", "Brot: https://example.org/ein/langer/weg 🥐", "32 von 280 Zeichen"),
        ("youtube", "Brötchen", "9 von 5.000 Zeichen"),
        ("threads", "👍", "4 von 500 Zeichen"),
    ],
)
def test_it_counts_as_the_platform_does_and_as_the_server_will(
    visit: Visit, house: House, platform: str, text: str, said: str
) -> None:
    page = visit(f"/posts/{on(house, platform).id}", size=DESKTOP)
    page.get_by_label("Text", exact=True).fill(text)
    expect(page.locator("#text-hint")).to_have_text(said)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_have_text("Gespeichert.")
    expect(page.locator("article.card .hint", has_text=said)).to_be_visible()


def test_a_title_is_counted_where_it_has_a_limit(visit: Visit, house: House) -> None:
    page = visit(f"/posts/{on(house, 'youtube').id}")
    title, hint = page.get_by_label("Titel"), page.locator("#title-hint")
    expect(hint).to_have_text("1 von 100 Zeichen")
    title.fill("t" * 101)
    expect(hint).to_have_text(re.compile("^1 Zeichen zu viel: YouTube erlaubt im Titel 100"))
    expect(page.locator("#text-said")).to_have_text(re.compile("^1 Zeichen zu viel"))
    accessible(page)
    fits(page)
    page = visit(f"/posts/{on(house, 'gbp').id}")
    expect(page.locator("#title-hint")).to_have_count(0)


def test_a_new_post_is_counted_for_the_channel_that_is_chosen(visit: Visit, house: House) -> None:
    on(house, "bluesky")
    page = visit("/businesses/1/posts/new")
    page.get_by_label("Kanal").select_option(label="YouTube")
    page.get_by_label("Text zum Posten").fill("ä" * 200 + "👨‍👩‍👧‍👦")
    page.get_by_label("Titel").fill("t" * 120)
    expect(page.locator("#text-count")).to_have_text("425 von 5.000 Zeichen")
    expect(page.locator("#title-count")).to_have_text(re.compile("^20 Zeichen zu viel: YouTube"))
    accessible(page)
    fits(page)
    page.get_by_label("Kanal").select_option(label="Mein bluesky")
    expect(page.locator("#text-count")).to_have_text("201 von 300 Zeichen")
    expect(page.locator("#title-count")).to_have_text("")
    page.get_by_label("Text zum Posten").fill("x" * 301)
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.locator(".notice.added")).to_contain_text("1 Zeichen zu viel: Bluesky erlaubt 300")


def test_without_scripts_the_answer_warns(visit: Visit, house: House) -> None:
    on(house, "bluesky")
    page = visit("/businesses/1/posts/new", scripts=False)
    page.get_by_label("Kanal").select_option(label="Mein bluesky")
    page.get_by_label("Titel").fill("Zu lang")
    page.get_by_label("Text zum Posten").fill("🥐" * 305)
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.locator(".notice.added")).to_contain_text("5 Zeichen zu viel: Bluesky erlaubt 300")
    page.get_by_role("link", name="Zu lang").first.click()
    expect(page.locator("article.card .too-long")).to_contain_text("5 Zeichen zu viel")
    expect(page.locator("#text-hint")).to_contain_text("5 Zeichen zu viel")
