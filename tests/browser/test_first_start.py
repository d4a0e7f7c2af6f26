"""From the first start to a subscribed calendar and a first Done, by somebody who has never seen it: a real planner.

How long it takes a person is printed (``pytest -s``) by the model of ``bench/pace.py``; asserted is what was counted.
"""

import urllib.request
from pathlib import Path

import icalendar
import pytest
from notify.server import serving
from playwright.sync_api import Browser, expect

from bench.serve import PHONE
from bench.walk import MAIL, NAME, PASSWORD, first_start, walk
from browser.conftest import accessible, fits
from planner.language import translations


@pytest.mark.parametrize(("language", "scripts"), [("de", True), ("de", False), ("en", True)])
def test_from_first_start_to_a_first_done(chromium: Browser, tmp_path: Path, language: str, scripts: bool) -> None:
    _ = translations(language).gettext
    options = {**PHONE, "locale": "de-DE" if language == "de" else "en-GB", "java_script_enabled": scripts}
    window = chromium.new_context(**options)
    page = window.new_page()
    page.set_default_timeout(10_000)
    seen: list[str] = []

    def looked_at(name: str) -> None:
        seen.append(name)
        fits(page)
        if scripts:
            accessible(page)

    with serving() as server, first_start(tmp_path / "home", language) as link:
        walked = walk(page, link, language, server.port, looked_at if scripts else seen.append)
        assert [mail.recipient for mail in server.taken] == [MAIL], "the mail server was tried before it was kept"
        calendar = icalendar.Calendar.from_ical(urllib.request.urlopen(walked.address, timeout=10).read())
        events = calendar.walk("VEVENT")
        assert len(events) >= 25
        # Its text begins with the sign of what became of it; only the first one is done.
        assert sum(str(event["SUMMARY"]).startswith("✓") for event in events) == 1
        page.get_by_role("link", name=_("More")).click()
        page.get_by_role("link", name=_("Calendar subscription")).click()
        expect(page.get_by_text("Python-urllib")).to_be_visible()  # the calendar program that fetched it
    window.close()
    steps = [f"step-{number}" for number in range(1, 8)]
    assert seen == ["sign-in", *steps[:5], "questions", "advice", *steps[5:], "address", "due", "done"]


# Name, trade, region, address, the password twice: a sign-in, six steps that are kept, two lists opened. By the advice
# its questions and its answer come on top, by way of one link.
COSTS = {False: (9, 6, 8), True: (11, 6, 10)}


@pytest.mark.parametrize(
    ("language", "advised"),
    [
        ("de", False),
        pytest.param("en", False, marks=pytest.mark.full),
        pytest.param("en", True, marks=pytest.mark.full),
    ],
)
def test_what_the_set_up_costs_a_person(
    chromium: Browser, tmp_path: Path, language: str, advised: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody for whom a mail server is named already, as whoever runs the planner does; no script runs."""
    window = chromium.new_context(**PHONE, locale="de-DE" if language == "de" else "en-GB", java_script_enabled=False)
    page = window.new_page()
    with first_start(tmp_path / "home", language, PLANNER_SMTP_HOST="mail.example.org") as link:
        walked = walk(page, link, language, advised=advised)
    window.close()
    with capsys.disabled():
        by = "advice" if advised else "preset"
        print(f"\n{walked.set_up.told(f'set up by {by}, {language}')}\n{walked.whole.told('and to the first Done')}")
    done = walked.set_up
    assert (done.taps, done.fields, done.pages) == COSTS[advised]
    assert done.characters == len(NAME) + len(MAIL) + 2 * len(PASSWORD)
    assert (walked.whole.taps, walked.whole.fields) == (done.taps + 3, done.fields)


@pytest.mark.full
def test_the_set_up_can_be_left(chromium: Browser, tmp_path: Path) -> None:
    """Home leads to it, until somebody says later; then a card on Today leads back."""
    window = chromium.new_context(**PHONE, locale="en-GB", java_script_enabled=False)
    page = window.new_page()
    with first_start(tmp_path / "home", "en") as link:
        page.goto(link)
        home = page.url.split("/sign-in")[0]
        page.get_by_role("button", name="Sign in here").click()
        expect(page).to_have_url(f"{home}/businesses/1/welcome/name")
        page.goto(home)
        expect(page).to_have_url(f"{home}/businesses/1/welcome/name")
        page.get_by_role("link", name="Pass over").click()
        page.get_by_role("button", name="Later, to Today").click()
        expect(page).to_have_url(f"{home}/businesses/1")
        page.goto(home)
        expect(page).to_have_url(f"{home}/")
        page.get_by_role("link", name="Set it up in two minutes").click()
        expect(page.get_by_text("Set-up, step 1 of 7")).to_be_visible()
    window.close()
