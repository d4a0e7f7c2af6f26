"""A real browser before the real app: Debian's Chromium by Playwright, the demonstration bakery, a phone and a desktop.

A test takes ``phone`` or ``desktop`` (a page that is signed in, in German), or ``visit`` for another language, for no
scripts, or for two people. Every page that a test has open may not have written an error on its console.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from bench import bakery
from bench.serve import DESKTOP, HEADLESS, PHONE, House, served
from planner import config
from planner.daemon import transport_of
from planner.store.queries import outbox
from planner.web.installation import Installation

# Each page is looked at on both by test_every_page.py; what a page may look like besides, quickly on a phone.
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop", marks=pytest.mark.full)]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def bakeries(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of the bakery in a language; made once, to be copied."""
    made: dict[str, Path] = {}

    def get(language: str) -> Path:
        if language not in made:
            made[language] = tmp_path_factory.mktemp("bakery") / f"{language}.db"
            bakery.build(made[language], language)
        return made[language]

    return get


@pytest.fixture
def house(bakeries: Callable[[str], Path], tmp_path: Path) -> Iterator[House]:
    """The bakery in German."""
    file = tmp_path / "planner.db"
    shutil.copy(bakeries("de"), file)
    with served(file) as running:
        yield running


@pytest.fixture
def furnished(house: House, tmp_path: Path) -> House:
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process; each test has windows of its own in it."""
    assert Path(HEADLESS).exists(), "There is no Chromium. “make test” installs it (Debian: chromium-headless-shell)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=HEADLESS, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    """``visit("/path", size=PHONE, scripts=True, signed_in=True)``: a window of its own on a page of the bakery.

    At the end no page may have complained on its console.
    """
    complaints: list[str] = []
    with ExitStack() as windows:

        def open_window(
            path: str = "/", *, size: dict[str, Any] = PHONE, scripts: bool = True, signed_in: bool = True, **more: Any
        ) -> Page:
            options = {"locale": "de-DE", "java_script_enabled": scripts, "base_url": house.url, **size, **more}
            context: BrowserContext = windows.enter_context(chromium.new_context(**options))
            if signed_in:
                context.add_cookies([{"name": "planner", "value": house.secret(), "url": house.url}])
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("console", lambda message: _note(message, complaints))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(path)
            return page

        yield open_window
    assert complaints == []


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if "the server responded with a status of 40" in message.text:  # a form that is shown again
        return
    if message.type in ("error", "warning") and "ERR_INTERNET_DISCONNECTED" not in message.text:
        complaints.append(message.text)


@pytest.fixture
def phone(visit: Visit) -> Page:
    """Today, on a phone, in German."""
    return visit("/", size=PHONE)


@pytest.fixture
def desktop(visit: Visit) -> Page:
    """Today, on a desktop, in German."""
    return visit("/", size=DESKTOP)


def accessible(page: Page) -> None:
    """Fail with what axe finds on a page against WCAG 2.2 AA."""
    _judged(page, {"type": "tag", "values": WCAG})


def accessible_in_the_dark(page: Page) -> None:
    """Fail with what can be read in the light only; nothing but the colours is different."""
    page.emulate_media(color_scheme="dark")
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")  # colours may fade over
    _judged(page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")


def _judged(page: Page, rules: dict[str, Any]) -> None:
    """By axe, which is not asked to describe what is in order: that takes most of its time."""
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def fits(page: Page) -> None:
    """Nothing on the page is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
