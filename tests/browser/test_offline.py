"""Without network Today can be read, and what is ticked off is sent when the network is back."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import House
from planner.core.model import Post, Status
from planner.store.queries import posts


@pytest.fixture
def kept(phone: Page) -> Page:
    """Today, once it is kept for times without network."""
    phone.evaluate("navigator.serviceWorker.ready")
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.reload()
    phone.wait_for_function("caches.match('/').then(Boolean)")
    return phone


def due(house: House, page: Page) -> Post:
    number = page.locator("[data-post]").first.get_attribute("data-post")
    with house.database.read() as tx:
        return posts.get(tx, int(number or 0))


def test_today_can_be_read(kept: Page) -> None:
    title = kept.locator("h3").first.inner_text()
    expect(kept.locator("#offline")).to_be_hidden()
    kept.context.set_offline(True)
    kept.reload()
    expect(kept.locator("h3").first).to_have_text(title)
    expect(kept.locator("#offline")).to_be_visible()


def test_done_is_sent_when_the_network_is_back(kept: Page, house: House) -> None:
    post = due(house, kept)
    kept.context.set_offline(True)
    kept.get_by_role("button", name="Erledigt:").first.click()
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_visible()
    assert due(house, kept).status is Status.PLANNED
    kept.context.set_offline(False)
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_hidden()
    with house.database.read() as tx:
        assert posts.get(tx, post.id).status is Status.POSTED


def test_what_the_planner_refuses_is_told_and_not_kept(kept: Page, house: House) -> None:
    kept.context.set_offline(True)
    kept.get_by_role("button", name="Auslassen:").first.click()
    expect(kept.get_by_text("Wartet auf das Netz")).to_be_visible()
    with house.database.write() as tx:
        tx.exec_driver_sql("UPDATE post SET status = 'posted', revision = revision + 1")
    kept.context.set_offline(False)
    expect(kept.locator("#offline")).to_contain_text("ging nicht durch")
    assert kept.evaluate("indexedDB.databases().then((all) => all.length)") == 1
    kept.reload()
    expect(kept.locator("#offline")).to_be_hidden()


def test_signing_out_forgets_what_was_kept(kept: Page) -> None:
    kept.goto("/businesses/1/more")
    kept.get_by_role("button", name="Abmelden").click()
    expect(kept.get_by_role("heading", name="Anmelden")).to_be_visible()
    assert kept.evaluate("caches.keys()") == []
    assert kept.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_another_page_is_no_dead_end(kept: Page) -> None:
    kept.context.set_offline(True)
    kept.get_by_role("link", name="Kalender").click()
    expect(kept.locator("#offline")).to_be_visible()
    expect(kept.get_by_role("button", name="Erledigt:").first).to_be_visible()
