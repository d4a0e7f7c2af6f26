"""Answering reviews and messages in a real browser: begun in the editor, ticked off on Today, for anybody."""

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from bench import bakery
from bench.serve import DESKTOP, PHONE, House
from browser.conftest import Visit, accessible, fits
from planner.actions.cadences import add_cadence
from planner.core.model import Post, Purpose, Window
from planner.links import Links, Verb
from planner.render import PostTexts
from planner.store.queries import businesses, cadences, channels, posts

NEW = "/businesses/1/channels/1/cadences/new"
TITLE = "Bewertungen und Nachrichten beantworten"
TODAY = Window(date(2026, 12, 1), date(2026, 12, 2))


@pytest.fixture
def rounds(house: House) -> list[Post]:
    """Google and WhatsApp are answered every day since a week, and nothing was ticked off."""
    with house.database.write() as tx:
        there = {each.platform: each for each in channels.of_business(tx, 1)}
        for platform in ("gbp", "whatsapp"):
            add_cadence(
                tx, businesses.get(tx, 1), there[platform], "FREQ=DAILY", datetime(2026, 11, 24, 17),
                purpose=Purpose.REPLYING, texts=PostTexts(), now=bakery.NOW - timedelta(days=7),
            )  # fmt: skip
        return [post for post in posts.due_between(tx, 1, TODAY) if post.is_round]


@pytest.mark.full
@pytest.mark.parametrize("window", [PHONE, {**DESKTOP, "color_scheme": "dark"}])
def test_anybody_can_use_it(visit: Visit, house: House, rounds: list[Post], window: dict[str, object]) -> None:
    mail = Links(["k" * 40], house.url).action(Verb.DONE, rounds[0], bakery.NOW, rounds[1:])
    over = f"/posts/{rounds[0].id - 1}"
    for path in ("/", f"/posts/{rounds[0].id}", over, f"{NEW}?purpose=replying&time=17:00&start=2026-12-01&how=days",
                 "/businesses/1/channels/1", "/businesses/1/consistency", "/businesses/1/calendar/2026-12/month",
                  mail.removeprefix(house.url)):  # fmt: skip
        page = visit(path, size=window)
        accessible(page)
        fits(page)


@pytest.mark.full
def test_the_editor_shows_what_belongs_to_answering(visit: Visit, house: House) -> None:
    page = visit(NEW, size=DESKTOP)
    topics, hint = page.get_by_text("Themen der Reihe nach"), page.get_by_text("Hier wird nichts veröffentlicht")
    expect(topics).to_be_visible()
    expect(hint).to_be_hidden()
    page.get_by_role("radio", name=TITLE).check()
    expect(topics).to_be_hidden()
    expect(hint).to_be_visible()
    expect(page.get_by_label("Und an einem Feiertag?").locator("option")).to_have_text(
        ["Trotzdem beantworten", "Auslassen"]
    )
    page.get_by_role("radio", name="Etwas veröffentlichen").check()
    expect(page.get_by_label("Und an einem Feiertag?").locator("option")).to_have_count(4)
    page.get_by_role("radio", name=TITLE).check()
    expect(page.get_by_label("Und an einem Feiertag?").locator("option")).to_have_count(2)
    page.get_by_role("button", name="Mit diesem Rhythmus beginnen").click()
    expect(page.get_by_role("heading", name=f"{TITLE}: ")).to_be_visible()
    with house.database.read() as tx:
        assert cadences.of_business(tx, 1)[-1].purpose is Purpose.REPLYING


def test_without_scripts_too(visit: Visit, house: House) -> None:
    page = visit(NEW, scripts=False)
    page.get_by_role("radio", name=TITLE).check()
    page.get_by_role("button", name="Mit diesem Rhythmus beginnen").click()
    expect(page.get_by_role("heading", name=f"{TITLE}: ")).to_be_visible()


@pytest.mark.usefixtures("rounds")
def test_ticked_off_on_today(phone: Page) -> None:
    phone.reload()
    expect(phone.get_by_text("Letztes Mal, Montag, 30. November, wurde nicht abgehakt.")).to_have_count(2)
    phone.get_by_role("button", name=f"Erledigt: {TITLE} (WhatsApp)").click()
    expect(phone.get_by_text(f"Erledigt: {TITLE}", exact=True)).to_be_visible()
    expect(phone.get_by_role("button", name=f"Erledigt: {TITLE} (WhatsApp)")).to_have_count(0)
    phone.get_by_role("button", name="Rückgängig").click()
    expect(phone.get_by_role("button", name=f"Erledigt: {TITLE} (WhatsApp)")).to_be_visible()


@pytest.mark.usefixtures("rounds")
@pytest.mark.parametrize("month", ["2026-11", "2026-12"], ids=["six weeks", "answered every day"])
def test_a_month_stays_one_sheet_of_paper(visit: Visit, month: str) -> None:
    page = visit(f"/businesses/1/calendar/{month}/month", size=DESKTOP)
    assert page.locator(".answer").count() >= 7
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


@pytest.mark.usefixtures("rounds")
def test_the_quiet_line_of_a_month_leads_to_its_day(visit: Visit) -> None:
    page = visit("/businesses/1/calendar/2026-12/month", size=PHONE)
    page.locator("[data-day='2026-12-05']").get_by_role("link", name=f"{TITLE}: Google-Unternehmensprofil,").click()
    expect(page).to_have_url(re.compile("/calendar/2026-W49/week#day-2026-12-05$"))
    expect(page.locator("#day-2026-12-05 .entry")).to_have_count(2)
