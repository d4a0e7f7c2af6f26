"""Tab and Enter alone: Today, the first start, messages, channels. Wherever the focus goes, it is seen."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.serve import DESKTOP, House
from bench.walk import first_start, walk
from browser.conftest import Visit
from browser.keys import KeyboardHand, Keys
from planner.core.model import MessageState, Status
from planner.store.queries import channels, outbox, posts

BASE = "/businesses/1"


def done_is_undone(page: Page, keys: Keys) -> None:
    """What a key did stands on top of the next page, three stops from its beginning."""
    keys.past_the_tabs()
    keys.press(page.get_by_role("button", name="Rückgängig"))
    expect(page.get_by_role("button", name="Erledigt:").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_today(visit: Visit, house: House, scripts: bool) -> None:
    page = visit("/", size=DESKTOP, scripts=scripts)
    keys = Keys(page)
    card = page.locator("article").first
    number = int(card.get_attribute("data-post") or 0)
    for verb, told in (("Erledigt:", "Erledigt:"), ("Morgen:", "2. Dezember"), ("Auslassen:", "Ausgelassen:")):
        keys.press(card.get_by_role("button", name=verb))
        expect(page.get_by_role("status")).to_contain_text(told)
        done_is_undone(page, keys)
    keys.press(card.get_by_role("button", name="Auslassen:"))
    keys.press(page.get_by_role("button", name="Keine Zeit"))
    expect(page.get_by_role("button", name="Keine Zeit")).to_have_count(0)
    with house.database.read() as tx:
        post = posts.get(tx, number)
    assert (post.status, post.skip_reason, post.due_local.date()) == (
        Status.SKIPPED, "Keine Zeit", date(2026, 12, 1),
    )  # fmt: skip


@pytest.mark.full
def test_from_the_first_start_to_the_first_done(chromium: Browser, tmp_path: Path) -> None:
    window = chromium.new_context(**DESKTOP, locale="de-DE")
    page = window.new_page()
    page.set_default_timeout(10_000)
    with first_start(tmp_path / "home", "de", PLANNER_SMTP_HOST="mail.example.org") as link:
        walked = walk(page, link, "de", by=KeyboardHand)
    window.close()
    assert walked.address.endswith(".ics")


@pytest.mark.full
@pytest.mark.usefixtures("furnished")
def test_messages(visit: Visit, house: House) -> None:
    page = visit(f"{BASE}/messages", size=DESKTOP)
    keys = Keys(page)
    keys.press(page.get_by_role("link", name="550 5.1.1 nobody of that name"))
    keys.press(page.get_by_role("button", name="Noch einmal senden"))
    expect(page.get_by_role("status")).to_have_text("Sie geht innerhalb einer Minute noch einmal hinaus.")
    keys.press(page.get_by_role("button", name="Nicht senden"))
    expect(page.get_by_role("status")).to_have_text("Sie wird nicht gesendet.")
    with house.database.read() as tx:
        assert [each.state for each in outbox.recent(tx, 1, 5)] == [MessageState.SUPPRESSED]
    keys.press(page.get_by_role("link", name="← Nachrichten"))
    keys.press(page.get_by_role("link", name="Testmail senden"))
    keys.fill(page.get_by_label("Wohin?"), "niemand")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "to", "what is wrong has the focus"


@pytest.mark.usefixtures("furnished")
def test_a_test_mail_that_is_refused_begins_at_its_field(visit: Visit) -> None:
    """Without scripts of ours, as the browser's own check is passed over."""
    page = visit(f"{BASE}/messages/test", size=DESKTOP)
    page.locator("form.stack").evaluate("(form) => { form.noValidate = true; }")
    keys = Keys(page)
    keys.fill(page.get_by_label("Wohin?"), "niemand")
    page.keyboard.press("Enter")
    expect(page.locator("#to-error")).to_be_visible()
    expect(page.get_by_label("Wohin?")).to_be_focused()


@pytest.mark.full
def test_channels(visit: Visit, house: House) -> None:
    page = visit(f"{BASE}/channels", size=DESKTOP)
    keys = Keys(page)
    keys.press(page.get_by_role("link", name="Kanal hinzufügen"))
    keys.press(page.get_by_role("button", name="Telegram"))
    expect(page.get_by_role("heading", name="Telegram", level=1)).to_be_visible()
    keys.press(page.locator("summary", has_text="Umbenennen"))
    keys.fill(page.get_by_label("Wie soll dieser Kanal heißen?"), "Stammkunden")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stammkunden", level=1)).to_be_visible()
    keys.press(page.locator("summary", has_text="Hier nicht mehr posten"))
    keys.press(page.get_by_role("button", name="Diesen Kanal entfernen"))
    expect(page.get_by_role("status")).to_have_text("Entfernt.")
    with house.database.read() as tx:
        assert "Stammkunden" not in {each.name for each in channels.of_business(tx, 1)}
