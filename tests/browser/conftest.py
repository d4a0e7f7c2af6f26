"""A real browser before the real app: Debian's Chromium by Playwright, the demonstration bakery, a phone and a desktop.

A test takes ``phone`` or ``desktop`` (a page that is signed in, in German), or ``visit`` for another language, for no
scripts, or for two people. Every page that a test has open may not have written an error on its console.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from browser import bakery
from planner.actions.access import sign_in
from planner.links import Links
from planner.render import PostTexts
from planner.store.database import Database
from planner.web import create_app
from planner.web.site import Site

CHROMIUM = "/usr/bin/chromium"
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass
class House:
    """A served bakery: its address, its database, and its clock, which stands still until it is set."""

    url: str
    database: Database
    moment: list[datetime]

    def secret(self) -> str:
        """The secret of a new session."""
        with self.database.write() as tx:
            return sign_in(tx, now=self.moment[0])


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


@contextmanager
def served(file: Path, home: str = "") -> Iterator[House]:
    """The app on a free port of this machine, by the server that the daemon uses."""
    from waitress.server import create_server

    database = Database(f"sqlite:///{file}?journal=delete")
    moment = [bakery.NOW]
    server: Any = None
    site = Site(database, Links(["k" * 40], home or "http://127.0.0.1"), PostTexts(), lambda: moment[0], None)
    server = create_server(create_app(site), host="127.0.0.1", port=0, threads=4)
    url = f"http://127.0.0.1:{server.effective_port}"
    object.__setattr__(site, "links", Links(["k" * 40], home or url))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield House(url, database, moment)
    finally:
        server.close()
        thread.join(5)
        database.close()


@pytest.fixture
def house(bakeries: Callable[[str], Path], tmp_path: Path) -> Iterator[House]:
    """The bakery in German."""
    file = tmp_path / "planner.db"
    shutil.copy(bakeries("de"), file)
    with served(file) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process; each test has windows of its own in it."""
    assert Path(CHROMIUM).exists(), "There is no Chromium. “make test” installs it on Debian (package chromium)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
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
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> None:
    """Nothing on the page is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
