"""Channels, rhythms and pauses in a real browser: a preview that follows, with scripts and without, by keyboard."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.serve import DESKTOP, PHONE, House, served
from browser.conftest import SIZES, Visit, accessible, accessible_in_the_dark, fits
from planner.core.model import Cadence
from planner.store.queries import cadences, pauses

BASE = "/businesses/1"
NEW = f"{BASE}/channels/2/cadences/new"
ASKED = f"{NEW}?words=jeden+zweiten+Dienstag+um+9&time=09:00&start=2026-12-01&how=week&day=1"
ANSWERS = (
    ASKED.removeprefix(f"{BASE}/"),
    "channels/2/cadences/new?how=date&time=09:00&start=2026-12-01&date=31",
    "channels/2/cadences/new?how=weekday&time=09:00&start=2026-12-01&words=nie&pillar=offer&rule=X",
)
PAGES = (
    "channels", "channels/new", "channels/1", "channels/1/end", "channels/2/cadences/new", "cadences/1/change",
    "cadences/1/end", "pauses", *ANSWERS,
)  # fmt: skip


@pytest.fixture
def english(bakeries: Callable[[str], Path], tmp_path: Path) -> Iterator[House]:
    """The bakery in English."""
    file = tmp_path / "english.db"
    shutil.copy(bakeries("en"), file)
    with served(file) as running:
        yield running


def stored(house: House) -> list[Cadence]:
    with house.database.read() as tx:
        return cadences.of_business(tx, 1)


def choose(page: Page, how: str) -> None:
    page.get_by_role("radio", name=how).check()


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True)


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
def test_anybody_can_use_it(visit: Visit, size: dict[str, object]) -> None:
    """The editor as it answers; its plain pages, and those about it, are looked at by test_every_page.py."""
    page = visit(size=size)
    for path in ANSWERS:
        page.goto(f"{BASE}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        accessible(page)
        accessible_in_the_dark(page)
        fits(page)


@pytest.mark.full
def test_nothing_is_wider_than_a_small_phone(visit: Visit) -> None:
    page = visit(f"{BASE}/more", size={**PHONE, "viewport": {"width": 320, "height": 640}})
    for path in PAGES:
        page.goto(f"{BASE}/{path}")
        fits(page)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_preview_follows_what_is_chosen(visit: Visit, house: House, size: dict[str, object]) -> None:
    page = visit(f"{BASE}/more", size=size)
    page.get_by_role("link", name="Kanäle und Rhythmen").click()
    page.get_by_role("link", name="Rhythmus hinzufügen: WhatsApp").click()
    preview, dates = page.locator("#preview-heading"), page.locator("#preview .dates li")
    choose(page, "Jede Woche")
    box(page, "Dienstag").uncheck()
    box(page, "Freitag").check()
    if size == PHONE:
        expect(page.locator("#glance")).to_have_text("Jeden Freitag um 09:00 → Freitag, 4. Dezember, 09:00")
        expect(page.locator("#glance")).to_be_in_viewport()
    expect(preview).to_have_text("Jeden Freitag um 09:00")
    expect(dates.first).to_contain_text("Freitag, 4. Dezember, 09:00")
    expect(page.locator("#preview")).to_contain_text("Pause: kein Beitrag (Betriebsferien)")
    expect(page.locator("#preview")).not_to_contain_text("Feiertag")
    expect(page.get_by_role("button", name="Vorschau")).to_be_hidden()
    choose(page, "Jeden Monat an einem Datum")
    expect(box(page, "Freitag")).to_be_hidden()
    box(page, "6").check()
    expect(preview).to_have_text("Am 6. des Monats um 09:00")
    expect(page.locator("#preview")).to_contain_text("Mittwoch, 6. Januar 2027, 09:00 Feiertag: Heilige Drei Könige")
    page.get_by_label("Um wie viel Uhr?").fill("07:30")
    expect(preview).to_have_text("Am 6. des Monats um 07:30")
    expect(page.locator("#told")).to_contain_text("Am 6. des Monats um 07:30. Sonntag, 6. Dezember, 07:30")
    assert len(stored(house)) == 3
    page.reload()
    expect(preview).to_have_text("Am 6. des Monats um 07:30")
    page.get_by_role("button", name="Mit diesem Rhythmus beginnen").click()
    expect(page.get_by_role("status")).to_have_text("Hinzugefügt.")
    made = stored(house)[-1]
    assert (made.rrule, f"{made.dtstart:%H:%M}") == ("FREQ=MONTHLY;BYMONTHDAY=6", "07:30")
    page.go_back()
    expect(page.get_by_label("Um wie viel Uhr?")).to_have_value("07:30")


@pytest.mark.full
def test_a_sentence_with_two_meanings(visit: Visit, house: House) -> None:
    page = visit(NEW)
    page.get_by_label("In eigenen Worten").press_sequentially("jeden zweiten Dienstag um 9", delay=15)
    expect(page.locator("#preview-heading")).to_have_text("Was davon meinen Sie?")
    expect(page.locator(".meaning h3")).to_have_text(
        ["Alle 2 Wochen am Dienstag um 09:00", "Am zweiten Dienstag im Monat um 09:00"]
    )
    expect(page.locator(".meaning").first.locator(".dates li:not(.paused)")).to_have_count(5)
    expect(page.get_by_text("Wie oft?")).to_be_hidden()
    page.get_by_role("link", name="Diesen nehmen: Am zweiten Dienstag").click()
    expect(page.locator("#how-weekday")).to_be_checked()
    expect(box(page, "zweiten")).to_be_checked()
    page.get_by_role("button", name="Mit diesem Rhythmus beginnen").click()
    expect(page.get_by_role("heading", name="Am zweiten Dienstag im Monat um 09:00")).to_be_visible()
    assert stored(house)[-1].rrule == "FREQ=MONTHLY;BYDAY=2TU"


@pytest.mark.full
def test_a_sentence_and_a_rule_set_the_choices(visit: Visit) -> None:
    page = visit(NEW, size=DESKTOP)
    words = page.get_by_label("In eigenen Worten")
    words.fill("Mo, Mi 8:30")
    expect(page.locator("#preview-heading")).to_have_text("Jeden Montag und Mittwoch um 08:30")
    expect(box(page, "Mittwoch")).to_be_checked()
    expect(page.get_by_label("Um wie viel Uhr?")).to_have_value("08:30")
    expect(words).to_have_value("Mo, Mi 8:30")
    words.fill("wenn ich mag")
    expect(page.get_by_text("„wenn“ war nicht zu verstehen.")).to_be_visible()
    accessible(page)
    choose(page, "Alle zwei Wochen")  # whoever goes on with the choices has done with the sentence
    expect(words).to_have_value("")
    expect(page.locator("#preview-heading")).to_have_text("Alle 2 Wochen am Montag und Mittwoch um 08:30")
    expect(page.get_by_text("„wenn“ war nicht zu verstehen.")).to_have_count(0)
    page.get_by_text("Die Regel selbst (RRULE)").click()
    rule = page.get_by_label("Wiederholungsregel nach RFC 5545")
    expect(rule).to_have_value("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE")
    rule.fill("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=6")
    expect(page.locator("#how-rule")).to_be_checked()
    expect(page.locator("#preview")).to_contain_text("Montag, 6. Dezember 2027")
    rule.fill("FREQ=HOURLY")
    expect(page.locator("#rule-error")).to_contain_text("schreiben Sie FREQ=DAILY")


def test_all_of_it_without_scripts(visit: Visit, house: House) -> None:
    page = visit(NEW, scripts=False)
    page.get_by_label("In eigenen Worten").fill("jeden zweiten Freitag um halb neun")
    page.get_by_role("button", name="So verstehen").click()
    page.get_by_role("link", name="Diesen nehmen: Alle 2 Wochen am Freitag").click()
    expect(page.locator("#how-fortnight")).to_be_checked()
    page.get_by_label("Erster Tag").fill("2026-12-10")
    page.get_by_role("button", name="Vorschau").click()
    expect(page.locator("#preview .dates li").first).to_contain_text("Freitag, 11. Dezember, 08:30")
    page.get_by_text("Themen der Reihe nach").click()
    page.get_by_label("Thema Nummer 1", exact=True).select_option(label="Team")
    page.get_by_label("Thema Nummer 2", exact=True).select_option(label="Tipp")
    page.get_by_role("button", name="Mit diesem Rhythmus beginnen").click()
    expect(page.get_by_role("status")).to_have_text("Hinzugefügt.")
    made = stored(house)[-1]
    assert (made.rrule, made.pillars) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", ("team", "tip"))


def test_changing_and_ending(visit: Visit, house: House) -> None:
    page = visit(f"{BASE}/channels/1")
    page.get_by_role("link", name="Ändern: Jeden Dienstag um 09:00").click()
    choose(page, "Alle zwei Wochen")
    expect(page.locator("#preview-heading")).to_have_text("Alle 2 Wochen am Dienstag um 09:00")
    page.get_by_label("Ab diesem Tag").fill("2026-12-15")
    expect(page.locator("#preview")).to_contain_text("Er endet vor Dienstag, 15. Dezember.")
    expect(page.locator("#preview .dates li").first).to_contain_text("15. Dezember")
    page.get_by_role("button", name="Ab diesem Tag ändern").click()
    expect(page.get_by_text("endet am Dienstag, 15. Dezember")).to_be_visible()
    page.get_by_role("link", name="Beenden: Alle 2 Wochen am Dienstag um 09:00").click()
    page.get_by_label("Der erste Tag ohne ihn").fill("2026-12-15")
    page.get_by_role("button", name="Für diesen Tag zeigen").click()
    assert stored(house)[-1].end is None
    page.get_by_role("button", name="Diesen Rhythmus beenden").click()
    expect(page.get_by_role("status")).to_have_text("Beendet.")
    assert stored(house)[-1].end is not None


@pytest.mark.full
def test_the_second_of_two_is_told(visit: Visit, house: House) -> None:
    mine, yours = visit(f"{BASE}/cadences/1/change"), visit(f"{BASE}/cadences/1/change", size=DESKTOP)
    for page, clock in ((mine, "08:00"), (yours, "10:00")):
        page.get_by_label("Um wie viel Uhr?").fill(clock)
        page.get_by_role("button", name="Ab diesem Tag ändern").click()
    expect(mine.get_by_role("status")).to_have_text("Gespeichert.")
    expect(yours.get_by_role("alert")).to_contain_text("Dieser Rhythmus ist schon beendet worden")
    expect(yours.get_by_label("Um wie viel Uhr?")).to_have_value("10:00")
    assert len(stored(house)) == 4


def press_to(page: Page, label: str) -> None:
    """Tab until the control of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText") == label:
            return
    pytest.fail(f"Tab never came to {label}")


def test_by_keyboard_alone(visit: Visit, house: House) -> None:
    page = visit(f"{BASE}/channels", size=DESKTOP)
    press_to(page, "Kanal hinzufügen")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("^Telegram")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Telegram", level=1)).to_be_visible()
    press_to(page, "Rhythmus hinzufügen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rhythmus hinzufügen", level=1)).to_be_visible()
    press_to(page, "In eigenen Worten")
    page.keyboard.type("Montag 8:00")
    page.keyboard.press("Enter")  # keeps nothing
    expect(page.locator("#preview-heading")).to_have_text("Jeden Montag um 08:00")
    assert len(stored(house)) == 3
    press_to(page, "Jede Woche")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#how-fortnight")).to_be_checked()
    press_to(page, "Freitag")
    page.keyboard.press("Space")
    expect(page.locator("#preview-heading")).to_have_text("Alle 2 Wochen am Montag und Freitag um 08:00")
    press_to(page, "Mit diesem Rhythmus beginnen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Hinzugefügt.")
    assert stored(house)[-1].rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_pause(visit: Visit, house: House, scripts: bool) -> None:
    page = visit(f"{BASE}/pauses", scripts=scripts)
    page.get_by_label("Wovon?").select_option(label="WhatsApp")
    page.get_by_label("Erster Tag").fill("2026-12-08")
    page.get_by_label("Letzter Tag").fill("2026-12-12")
    page.get_by_label("Warum?").fill("Neues Telefon")
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.get_by_role("heading", name="Neues Telefon")).to_be_visible()
    page.get_by_role("button", name="Beenden: Neues Telefon").click()
    expect(page.get_by_role("heading", name="Neues Telefon")).to_have_count(0)
    with house.database.read() as tx:
        assert len(pauses.of_business(tx, 1)) == 2


@pytest.mark.full
def test_in_english(visit: Visit, english: House) -> None:
    page = visit(NEW, base_url=english.url, signed_in=False, locale="en-GB")
    page.context.add_cookies([{"name": "planner", "value": english.secret(), "url": english.url}])
    page.goto(NEW)
    page.get_by_label("In your own words").fill("every second Tuesday at 9:00")
    expect(page.locator("#preview-heading")).to_have_text("Which of these do you mean?")
    expect(page.locator(".meaning h3")).to_have_text(
        ["Every 2 weeks on Tuesday at 09:00", "On the second Tuesday of the month at 09:00"]
    )
    accessible(page)
    page.get_by_role("link", name="This one: Every 2 weeks on Tuesday").click()
    expect(page.locator("#preview")).to_contain_text("Tuesday, 29 December pause: no post (Closed)")
    page.get_by_role("button", name="Begin this rhythm").click()
    expect(page.get_by_role("heading", name="Every 2 weeks on Tuesday at 09:00")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_is_wrong_with_a_form_is_in_sight(visit: Visit, scripts: bool) -> None:
    page = visit("/businesses/1/pauses", scripts=scripts)
    page.get_by_label("Erster Tag").fill("2027-02-24")
    page.get_by_label("Letzter Tag").fill("2027-02-20")
    page.get_by_role("button", name="Hinzufügen").click()
    wrong = page.get_by_text("Der Zeitraum endet, bevor er beginnt")
    expect(wrong).to_be_in_viewport(ratio=1)
    bar, said = page.locator("nav.tabs").bounding_box(), wrong.bounding_box()
    assert bar is not None
    assert said is not None
    assert said["y"] + said["height"] <= bar["y"]
    assert page.get_by_label("Letzter Tag").input_value() == "2027-02-20"
