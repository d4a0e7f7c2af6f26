"""Settings and messages in a browser, with scripts or none."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench import bakery
from bench.serve import House
from browser.conftest import Visit
from planner import config
from planner.daemon import transport_of
from planner.store.queries import businesses, outbox
from planner.web.installation import Installation


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
