"""Every action is a form: Today, messages, channels in a browser that runs no script."""

from datetime import date, datetime
from pathlib import Path

import pytest
from notify.server import serving
from playwright.sync_api import Page, expect

from bench.serve import House
from browser.conftest import Visit
from planner import config
from planner.core.model import MessageState, Post, Status
from planner.daemon import transport_of
from planner.store.queries import channels, outbox, posts
from planner.web.installation import Installation

BASE = "/businesses/1"


@pytest.fixture
def today(visit: Visit) -> Page:
    return visit("/", scripts=False)


def first(page: Page, house: House) -> Post:
    """The first post of the day as it is stored."""
    number = int(page.locator("article").first.get_attribute("data-post") or 0)
    with house.database.read() as tx:
        return posts.get(tx, number)


def stored(house: House, post: Post) -> Post:
    with house.database.read() as tx:
        return posts.get(tx, post.id)


def test_done_with_its_address_and_taken_back(today: Page, house: House) -> None:
    post = first(today, house)
    today.get_by_role("button", name="Erledigt:").first.click()
    today.get_by_text("Wo ist er zu sehen?").click()
    today.get_by_label("Adresse des Beitrags").fill("https://example.org/brot")
    today.get_by_role("button", name="Adresse hinzufügen").click()
    expect(today.get_by_role("status")).to_contain_text("Erledigt")
    assert (stored(house, post).status, stored(house, post).link) == (Status.POSTED, "https://example.org/brot")
    today.get_by_role("button", name="Rückgängig").click()
    expect(today.get_by_role("button", name="Erledigt:").first).to_be_visible()
    assert stored(house, post).link != "https://example.org/brot"


def test_tomorrow_and_taken_back(today: Page, house: House) -> None:
    post = first(today, house)
    today.get_by_role("button", name="Morgen:").first.click()
    expect(today.get_by_role("status")).to_contain_text("2. Dezember")
    assert stored(house, post).due_local.date() == date(2026, 12, 2)
    today.get_by_role("button", name="Rückgängig").click()
    expect(today.get_by_role("button", name="Morgen:").first).to_be_visible()
    assert stored(house, post).due_local == post.due_local == datetime(2026, 12, 1, 9)


def test_skipped_for_a_reason(today: Page, house: House) -> None:
    post = first(today, house)
    today.get_by_role("button", name="Auslassen:").first.click()
    today.get_by_role("button", name="Keine Zeit").click()
    expect(today.get_by_role("status")).to_contain_text("Ausgelassen")
    assert (stored(house, post).status, stored(house, post).skip_reason) == (Status.SKIPPED, "Keine Zeit")


def test_the_text_is_there_to_be_marked(today: Page) -> None:
    card = today.locator("article").first
    expect(card.locator(".text")).to_be_visible()
    expect(card.get_by_role("button", name="Kopieren")).to_have_count(0)


def test_a_mail_sent_again_and_then_not(visit: Visit, house: House, furnished: House) -> None:
    page = visit(f"{BASE}/messages", scripts=False)
    page.get_by_role("link", name="550 5.1.1 nobody of that name").click()
    page.get_by_role("button", name="Noch einmal senden").click()
    expect(page.get_by_role("status")).to_have_text("Sie geht innerhalb einer Minute noch einmal hinaus.")
    page.get_by_role("button", name="Nicht senden").click()
    expect(page.get_by_role("status")).to_have_text("Sie wird nicht gesendet.")
    with house.database.read() as tx:
        assert [each.state for each in outbox.recent(tx, 1, 5)] == [MessageState.SUPPRESSED]


@pytest.mark.full
def test_tomorrow_s_mail_and_a_test_mail(visit: Visit, house: House, tmp_path: Path) -> None:
    with serving() as server:
        environ = {
            "PLANNER_SECRET_KEY": "k" * 40, "PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_PORT": str(server.port),
            "PLANNER_SMTP_SECURITY": "none",
        }  # fmt: skip
        installation = Installation(config.load(environ, tmp_path / "home"), transport_of, lambda _: None, environ)
        object.__setattr__(house.app.extensions["planner"], "installation", installation)
        page = visit(f"{BASE}/messages", scripts=False)
        page.get_by_role("link", name="Die Morgenmail von morgen").click()
        expect(page.locator("pre.mail")).to_contain_text("Bäckerei Sonnenschein")
        page.get_by_role("link", name="← Nachrichten").click()
        page.get_by_role("link", name="Testmail senden").click()
        page.get_by_label("Wohin?").fill("chef@baeckerei.example")
        page.get_by_role("button", name="Testmail senden").click()
        expect(page.get_by_role("status")).to_contain_text("Die Testmail ist hinaus.")
        assert [mail.recipient for mail in server.taken] == ["chef@baeckerei.example"]


@pytest.mark.full
def test_a_channel_added_renamed_and_removed(visit: Visit, house: House) -> None:
    page = visit(f"{BASE}/channels", scripts=False)
    page.get_by_role("link", name="Kanal hinzufügen").click()
    page.get_by_role("button", name="Telegram").click()
    page.locator("summary", has_text="Umbenennen").click()
    page.get_by_label("Wie soll dieser Kanal heißen?").fill("Stammkunden")
    page.get_by_role("button", name="Umbenennen").click()
    expect(page.get_by_role("heading", name="Stammkunden", level=1)).to_be_visible()
    with house.database.read() as tx:
        assert "Stammkunden" in {each.name for each in channels.of_business(tx, 1)}
    page.locator("summary", has_text="Hier nicht mehr posten").click()
    page.get_by_role("button", name="Diesen Kanal entfernen").click()
    expect(page.get_by_role("status")).to_have_text("Entfernt.")
    with house.database.read() as tx:
        assert "Stammkunden" not in {each.name for each in channels.of_business(tx, 1)}


def test_all_rhythms_of_a_channel_ended(visit: Visit) -> None:
    page = visit(f"{BASE}/channels/2", scripts=False)
    page.locator("summary", has_text="Hier nicht mehr posten").click()
    page.get_by_role("link", name="Für immer").click()
    page.get_by_label("Der erste Tag ohne").fill("2026-12-08")
    page.get_by_role("button", name="Alle beenden").click()
    expect(page.get_by_role("status")).to_have_text("Beendet.")
    expect(page.get_by_text("endet am Dienstag, 8. Dezember")).to_be_visible()
