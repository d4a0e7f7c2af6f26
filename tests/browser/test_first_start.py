"""From the first start to a subscribed calendar and a first Done, by somebody who has never seen it: a real planner."""

import urllib.request
from pathlib import Path

import icalendar
import pytest
from notify.server import serving
from playwright.sync_api import Browser, expect

from bench.serve import PHONE
from bench.walk import MAIL, first_start, walk
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
        address = walk(page, link, language, server.port, looked_at if scripts else seen.append)
        assert [mail.recipient for mail in server.taken] == [MAIL], "the mail server was tried before it was kept"
        calendar = icalendar.Calendar.from_ical(urllib.request.urlopen(address, timeout=10).read())
        events = calendar.walk("VEVENT")
        assert len(events) >= 25
        # Its text begins with the sign of what became of it; only the first one is done.
        assert sum(str(event["SUMMARY"]).startswith("✓") for event in events) == 1
        page.get_by_role("link", name=_("More")).click()
        page.get_by_role("link", name=_("Calendar subscription")).click()
        expect(page.get_by_text("Python-urllib")).to_be_visible()  # the calendar program that fetched it
    window.close()
    steps = [f"step-{number}" for number in range(1, 7)]
    assert seen == ["today", *steps[:5], "advice", steps[5], "address", "due", "done"]
