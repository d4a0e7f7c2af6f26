"""Settings, messages and set-up in a browser: for anybody, on a phone and on a desktop, with scripts or none."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench import bakery
from bench.serve import DESKTOP, PHONE, House
from browser.conftest import Visit, accessible, fits
from planner import config
from planner.daemon import transport_of
from planner.store.queries import businesses, outbox
from planner.web.installation import Installation
from planner.web.welcome import STEPS

PAGES = (
    "subscriptions", "messages", "messages/1", "messages/preview/digest", "messages/preview/nudge", "messages/test",
    "settings", "settings/business", "settings/mails", "settings/planning", "settings/mail-server", "settings/password",
    "settings/backup", "platforms", "platforms/whatsapp", *(f"welcome/{step}" for step in STEPS),
)  # fmt: skip
WINDOWS = [
    pytest.param({**PHONE, "color_scheme": "light"}, id="phone, light"),
    pytest.param({**DESKTOP, "color_scheme": "dark"}, id="desktop, dark"),
]


@pytest.fixture
def house(house: House, tmp_path: Path) -> House:
    """The bakery with settings that can be changed, and a mail that was given up."""
    settings = config.load({"PLANNER_SECRET_KEY": "k" * 40}, tmp_path / "home")
    config.make_home(settings.home)
    installation = Installation(settings, transport_of, lambda _: None, {})
    object.__setattr__(house.app.extensions["planner"], "installation", installation)
    object.__setattr__(house.app.extensions["planner"], "mail_folder", str(settings.mail_folder))
    with house.database.write() as tx:
        outbox.add(
            tx, key="digest:1:2026-11-30", kind="digest", business_id=1, recipient="chef@baeckerei.example",
            local_date=bakery.NOW.date(), due_at=bakery.NOW, expires_at=bakery.NOW, next_try_at=bakery.NOW,
            state="dead", error="550 5.1.1 nobody of that name", created_at=bakery.NOW,
            mime=b"Subject: Heute\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + b"W" * 300,
        )  # fmt: skip
    return house


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("path", PAGES)
def test_anybody_can_use_it(visit: Visit, path: str, window: dict[str, object]) -> None:
    page = visit(f"/businesses/1/{path}", size=window)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    accessible(page)
    fits(page)


@pytest.mark.parametrize("window", WINDOWS)
def test_anybody_can_see_where_they_are_signed_in(visit: Visit, window: dict[str, object]) -> None:
    page = visit("/sessions", size=window)
    accessible(page)
    fits(page)
    assert page.get_by_role("link", name="Wo Sie angemeldet sind").count() == 0  # it is this page


def test_nothing_is_wider_than_a_small_phone(visit: Visit) -> None:
    small = {**PHONE, "viewport": {"width": 360, "height": 740}}
    page = visit("/businesses/1/settings", size=small)
    for path in PAGES:
        page.goto(f"/businesses/1/{path}")
        fits(page)


def test_another_country_brings_its_regions(visit: Visit, house: House) -> None:
    page = visit("/businesses/1/settings/business")
    expect(page.get_by_role("button", name="Regionen dieses Landes zeigen")).to_be_hidden()
    page.get_by_label("Land (für die Feiertage)").select_option("CH")
    page.get_by_label("Region").select_option(label="Zürich")
    expect(page.get_by_label("Zeitzone")).to_have_value("Europe/Zurich")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Zürich, Schweiz")).to_be_visible()
    with house.database.read() as tx:
        assert (businesses.get(tx, 1).country, businesses.get(tx, 1).region) == ("CH", "ZH")


def test_another_country_without_scripts(visit: Visit) -> None:
    page = visit("/businesses/1/settings/business", scripts=False)
    page.get_by_label("Land (für die Feiertage)").select_option("AT")
    page.get_by_role("button", name="Regionen dieses Landes zeigen").click()
    page.get_by_label("Region").select_option(label="Wien")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Wien, Österreich")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_enter_in_a_field_saves(visit: Visit, scripts: bool) -> None:
    page = visit("/businesses/1/settings/business", scripts=scripts)
    page.get_by_label("Wie heißt der Betrieb?").fill("Café Mokka")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Gespeichert.")
    expect(page.get_by_role("heading", name="Café Mokka")).to_be_visible()


def test_a_mail_that_was_given_up_is_sent_again(visit: Visit) -> None:
    page = visit("/businesses/1/messages")
    page.get_by_role("link", name="550 5.1.1 nobody of that name").click()
    page.get_by_role("button", name="Noch einmal senden").click()
    expect(page.get_by_role("status")).to_have_text("Sie geht innerhalb einer Minute noch einmal hinaus.")
    expect(page.get_by_role("button", name="Jetzt senden")).to_be_visible()


def test_the_backup_arrives(visit: Visit) -> None:
    page = visit("/businesses/1/settings/backup")
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Sicherung herunterladen").click()
    assert arriving.value.suggested_filename == "planner-2026-12-01.db"
    assert Path(arriving.value.path()).read_bytes().startswith(b"SQLite format 3")


def test_a_password_and_still_signed_in(visit: Visit) -> None:
    page = visit("/businesses/1/settings/password")
    page.get_by_label("Neues Passwort").fill("drei Brötchen bitte")
    page.get_by_label("Das neue noch einmal").fill("drei Brötchen bitte")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status")).to_have_text("Gespeichert.")
