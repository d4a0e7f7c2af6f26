"""Settings and messages in a browser, with scripts or none."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.serve import House
from browser.conftest import Visit
from planner.store.queries import businesses

pytestmark = pytest.mark.usefixtures("furnished")


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
