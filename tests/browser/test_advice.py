"""Advice in a browser: asked, read and begun with, on a phone and on a desktop, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from bench import bakery
from bench.serve import DESKTOP, PHONE, House
from browser.conftest import Visit, accessible, fits
from planner.actions.cadences import add_cadence
from planner.actions.channels import add_channel
from planner.core import localtime
from planner.render import PostTexts
from planner.store.queries import businesses, cadences, channels

PATH = "/businesses/1/advice"
WINDOWS = [
    pytest.param({**PHONE, "color_scheme": "light"}, id="phone, light"),
    pytest.param({**DESKTOP, "color_scheme": "dark"}, id="desktop, dark", marks=pytest.mark.full),
]


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_questions_to_the_channels(visit: Visit, house: House, size: dict[str, object], scripts: bool) -> None:
    page = visit("/businesses/1/more", size=size, scripts=scripts)
    page.get_by_role("link", name="Beratung").click()
    expect(page.get_by_label("Was machen Sie?")).to_be_visible()
    fits(page)
    if scripts:
        accessible(page)
    page.get_by_label("Was machen Sie?").select_option("bakery")
    page.get_by_label("50 bis 69").check()
    page.get_by_label("Wie viele Minuten").fill("90")
    page.get_by_label("Wer hilft?").select_option("team")
    page.get_by_role("button", name="Beraten lassen").click()
    expect(page).to_have_url(re.compile(r"/advice\?.*minutes=90.*#advice$"))
    expect(page.get_by_role("heading", name="Die Empfehlung")).to_be_in_viewport()
    expect(page.get_by_text("Von 90 Minuten in der Woche dürfen 72 verplant werden")).to_be_visible()
    page.get_by_text(re.compile("Warum?.*von 100 Punkten")).first.click()
    expect(page.get_by_text("Publikum: 3 von 3").first).to_be_visible()
    page.get_by_text("Punkteblatt").click()
    fits(page)
    if scripts:
        accessible(page)
    page.get_by_role("button", name="So beginnen").click()
    expect(page.get_by_text("Die empfohlenen Kanäle und ihre Rhythmen sind eingerichtet.")).to_be_visible()
    with house.database.read() as tx:
        assert {channel.platform for channel in channels.of_business(tx, 1)} >= {"gbp", "whatsapp", "facebook"}


def test_going_back_to_the_questions_keeps_the_answers(visit: Visit) -> None:
    page = visit(f"{PATH}?trade=cafe&customers=both&ages_70%2B=yes&likes_audio=yes&minutes=45&helper=filmer")
    expect(page.get_by_label("Wie viele Minuten")).to_have_value("45")
    expect(page.get_by_label("70 und älter")).to_be_checked()
    expect(page.get_by_label("30 bis 49")).not_to_be_checked()
    expect(page.get_by_label("Audio")).to_be_checked()
    expect(page.get_by_label("Was machen Sie?")).to_have_value("cafe")
    page.get_by_role("link", name="WhatsApp").first.click()
    page.go_back()
    expect(page.get_by_label("Wer hilft?")).to_have_value("filmer")


@pytest.mark.parametrize("size", WINDOWS)
def test_what_is_too_much_is_made_to_fit(visit: Visit, house: House, size: dict[str, object]) -> None:
    """A note a day on X beside the advice: said with the ways to go on, on a phone, too; then it fits."""
    with house.database.write() as tx:
        business = businesses.get(tx, 1)
        there = add_channel(tx, business, "x", "X", now=bakery.NOW)
        start = localtime.wall(bakery.NOW, business.timezone)
        add_cadence(tx, business, there, "FREQ=DAILY", start, texts=PostTexts(), now=bakery.NOW)
    page = visit(f"{PATH}?trade=bakery&customers=local&likes_text=yes&minutes=60&helper=alone", size=size)
    expect(page.get_by_text("mehr, als durchzuhalten ist")).to_be_visible()
    expect(page.get_by_label("Lassen, was da ist")).to_be_checked()
    fits(page)
    accessible(page)
    page.get_by_label("Tun, was hier steht, damit es passt").check()
    page.get_by_role("button", name="So beginnen").click()
    expect(page.get_by_text("Die empfohlenen Kanäle und ihre Rhythmen sind eingerichtet.")).to_be_visible()
    expect(page.get_by_text("mehr, als durchzuhalten ist")).to_have_count(0)
    with house.database.read() as tx:
        running = cadences.of_business(tx, 1, active_on=localtime.wall(bakery.NOW, business.timezone))
    assert "FREQ=DAILY" not in {each.rrule for each in running}
