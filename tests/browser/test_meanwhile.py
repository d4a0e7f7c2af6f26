"""Two windows, two people, one post: the second is told what the first did, and nothing is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import House, Visit, accessible
from planner.core.model import Post, Status
from planner.store.queries import posts


def move(page: Page) -> None:
    page.get_by_text("Auf einen anderen Tag verschieben").click()
    page.get_by_label("Neuer Tag und Uhrzeit").fill("2026-12-12T10:00")
    page.get_by_role("button", name="Verschieben", exact=True).click()


def skip(page: Page) -> None:
    page.locator("summary", has_text="Auslassen").click()
    page.get_by_label("Warum?").fill("Ofen kaputt")
    page.get_by_role("button", name="Diesmal auslassen").click()


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (move, "Morgen", "verschoben, auf den 12. Dezember 2026, 10:00 Uhr"),
        (move, "Auslassen", "verschoben, auf den 12. Dezember 2026, 10:00 Uhr"),
        (skip, "Morgen", "ausgelassen: „Ofen kaputt“"),
        (skip, "Erledigt", "hatte diesen Beitrag inzwischen ausgelassen"),
    ],
)
def test_the_second_is_told(visit: Visit, house: House, first: Callable[[Page], None], second: str, told: str) -> None:
    late = visit("/")
    card = late.locator("article.card.due").first
    number = int(card.get_attribute("data-post") or 0)
    quick = visit(f"/posts/{number}")
    first(quick)
    expect(quick).not_to_have_url(f"{house.url}/posts/{number}#move")
    quick.wait_for_load_state()
    there = _post(house, number)
    assert there.revision > 0
    card.get_by_role("button", name=f"{second}:").click()
    expect(late.get_by_text(told)).to_be_visible()
    accessible(late)
    if second == "Erledigt":
        assert _post(house, number).status is Status.POSTED
        late.get_by_role("button", name="Rückgängig").click()
        expect(late.get_by_text(told)).to_have_count(0)
        assert _post(house, number).skip_reason == "Ofen kaputt"
    else:
        assert _post(house, number) == there


def _post(house: House, number: int) -> Post:
    with house.database.read() as tx:
        return posts.get(tx, number)
