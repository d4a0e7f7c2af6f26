"""The walk of an owner who has never seen the planner: from the first start to a subscribed calendar and a first Done.

A browser test takes it and looks at what came of it; the tutorial's pictures are taken on it. Everything is found by
the words that the owner reads, in either language.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from planner.language import translations

MORNING = "2026-12-03T07:30"
NAME, MAIL = "Café Mokka", "wirt@example.org"
_SIGN_IN = re.compile(r"http://\S+/sign-in/\S+")

Snapshot = Callable[[str], None]


@contextmanager
def first_start(home: Path, language: str, **settings: str) -> Iterator[str]:
    """``planner start`` on an empty home, on a Thursday morning: the link that signs in, as it is printed."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    environ = {**ours, "PLANNER_NOW": MORNING, "PLANNER_LANGUAGE": language, "TZ": "Europe/Berlin", **settings}
    command = [sys.executable, "-m", "planner", "--home", str(home), "start", "--host", "127.0.0.1", "--port", "0"]
    with (home.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            yield next(found[0] for line in process.stdout if (found := _SIGN_IN.search(line)))
        finally:
            process.terminate()
            process.communicate(timeout=20)


def walk(
    page: Page, link: str, language: str, smtp_port: int | None = None, snapshot: Snapshot = lambda _: None
) -> str:
    """Take it; the address of the calendar. With ``smtp_port`` a mail server of this machine is named on the way."""
    _ = translations(language).gettext

    def press(words: str) -> None:
        page.get_by_role("button", name=_(words), exact=True).click()

    def follow(words: str) -> None:
        page.get_by_role("link", name=_(words)).click()

    def arrived(name: str, sign: Locator) -> None:
        """A look at a page is taken when it is there: a click does not wait for what it leads to."""
        expect(sign).to_be_visible()
        snapshot(name)

    def step(number: int) -> None:
        words = _("Set-up, step %(number)s of %(steps)s") % {"number": number, "steps": 6}
        arrived(f"step-{number}", page.get_by_text(words))

    page.goto(link)
    press("Sign in here")
    arrived("today", page.get_by_role("link", name=_("Set it up in two minutes")))
    follow("Set it up in two minutes")
    page.get_by_label(_("What is the business called?")).fill(NAME)
    page.get_by_label(_("What do you do?")).select_option("cafe")
    step(1)
    press("Save and go on")
    page.get_by_label(_("Region")).select_option("BY")
    step(2)
    press("Save and go on")
    step(3)
    press("Save and go on")
    page.get_by_label(_("Where shall mails go?")).fill(MAIL)
    if smtp_port is not None:
        page.get_by_text(_("The mail server that sends them")).click()
        page.get_by_label(_("Mail server for sending")).fill("127.0.0.1")
        page.get_by_label(_("How the line is secured")).select_option("none")
        page.get_by_label(_("Port (empty for the usual one)")).fill(str(smtp_port))
        page.get_by_label(_("Sender of the mails")).fill(MAIL)
    step(4)
    press("Save and go on")
    step(5)
    follow("Take advice")
    press("Advise me")
    arrived("advice", page.get_by_role("button", name=_("Begin like this"), exact=True))
    press("Begin like this")
    step(6)
    press("Make the calendar address")
    address = page.locator("#address").inner_text()
    snapshot("address")
    follow("Done, to Today")
    done = page.get_by_role("button", name=f"{_('Done')}: ").first
    arrived("due", done)
    done.click()
    arrived("done", page.get_by_role("button", name=_("Undo")))
    return address
