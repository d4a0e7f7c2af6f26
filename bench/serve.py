"""The page of the demonstration bakery on a free port of this machine: for browser tests, measurements and pictures."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserType, Page

from bench import bakery
from planner.actions.access import sign_in
from planner.links import Links
from planner.render import PostTexts
from planner.store.database import Database
from planner.web import create_app
from planner.web.site import Site

CHROMIUM = "/usr/bin/chromium"
# The same without the window around the page, which costs twice as much as the page; where it is packaged.
_SHELL = "/usr/bin/chromium-headless-shell"
HEADLESS = _SHELL if Path(_SHELL).exists() else CHROMIUM
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}


@dataclass
class House:
    """A served bakery: its address, its database, and its clock, which stands still until it is set."""

    url: str
    database: Database
    moment: list[datetime]
    app: Flask

    def secret(self) -> str:
        """The secret of a new session."""
        with self.database.write() as tx:
            return sign_in(tx, now=self.moment[0])


@contextmanager
def served(file: Path, home: str = "") -> Iterator[House]:
    """The app on a free port of this machine, by the server that the daemon uses."""
    from waitress.server import create_server

    database = Database(f"sqlite:///{file}?journal=delete")
    moment = [bakery.NOW]
    site = Site(database, Links(["k" * 40], home or "http://127.0.0.1"), PostTexts(), lambda: moment[0], None)
    app = create_app(site)
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=4)
    url = f"http://127.0.0.1:{server.effective_port}"
    object.__setattr__(site, "links", Links(["k" * 40], home or url))
    closing = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:  # the loop may be waiting for what is closed below
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield House(url, database, moment, app)
    finally:
        closing.set()
        server.close()
        thread.join(5)
        database.close()


@contextmanager
def ordinary_window(chromium: BrowserType, house: House) -> Iterator[Page]:
    """A phone's window, signed in, as somebody has it: not a private one, which asks for less (no manifest)."""
    with tempfile.TemporaryDirectory() as profile:
        args = ["--no-sandbox", "--disable-gpu"]
        context = chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=args, base_url=house.url, locale="de-DE", **PHONE
        )
        context.add_cookies([{"name": "planner", "value": house.secret(), "url": house.url}])
        yield context.pages[0]
        context.close()
