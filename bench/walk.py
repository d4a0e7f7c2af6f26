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
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bench.pace import Hand, Pace

MORNING = "2026-12-03T07:30"
NAME, MAIL, PASSWORD = "Café Mokka", "wirt@example.org", "drei Tassen Mokka"
STEPS = 7
_SIGN_IN = re.compile(r"http://\S+/sign-in/\S+")

Snapshot = Callable[[str], None]


@contextmanager
def first_start(home: Path, language: str, port: int = 0, **settings: str) -> Iterator[str]:
    """``planner start`` on an empty home, on a Thursday morning: the link that signs in, as it is printed."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    environ = {**ours, "PLANNER_NOW": MORNING, "PLANNER_LANGUAGE": language, "TZ": "Europe/Berlin", **settings}
    command = [
        sys.executable,
        "-m",
        "planner",
        "--home",
        str(home),
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (home.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            yield next(found[0] for line in process.stdout if (found := _SIGN_IN.search(line)))
        finally:
            process.terminate()
            process.communicate(timeout=20)


@dataclass(frozen=True, slots=True)
class Walked:
    """The address of the calendar, and what it took: until everything was set up, and until the first Done."""

    address: str
    set_up: Pace
    whole: Pace


def walk(
    page: Page, link: str, language: str, smtp_port: int | None = None, snapshot: Snapshot = lambda _: None,
    *, advised: bool = True, by: type[Hand] = Hand,
) -> Walked:  # fmt: skip
    """Take it. With ``smtp_port`` a mail server of this machine is named on the way; with ``advised`` the advice is
    taken on it, else the channels that are offered first. ``by`` is the hand that does it.
    """
    hand = by(page, language)
    _ = hand.speak

    def arrived(name: str, sign: Locator) -> None:
        """A look at a page is taken when it is there: a click does not wait for what it leads to."""
        expect(sign).to_be_visible()
        hand.arrived()
        snapshot(name)

    def step(number: int) -> None:
        words = _("Set-up, step %(number)s of %(steps)s") % {"number": number, "steps": STEPS}
        arrived(f"step-{number}", page.get_by_text(words))

    page.goto(link)
    arrived("sign-in", page.get_by_role("button", name=_("Sign in here"), exact=True))
    hand.press("Sign in here")
    _named(hand)
    step(1)
    hand.press("Save and go on")
    hand.choose("Region", "BY")
    step(2)
    hand.press("Save and go on")
    step(3)
    hand.press("Save and go on")
    hand.fill("Where shall mails go?", MAIL)
    if smtp_port is not None:
        _server(hand, smtp_port)
    step(4)
    hand.press("Save and go on")
    step(5)
    if advised:
        hand.follow("Take advice")
        arrived("questions", page.get_by_role("button", name=_("Advise me"), exact=True))
        hand.press("Advise me")
        arrived("advice", page.get_by_role("button", name=_("Begin like this"), exact=True))
        hand.press("Begin like this")
    else:
        hand.press("Save and go on")
    hand.fill("New password", PASSWORD)
    hand.fill("The new one again", PASSWORD)
    step(6)
    hand.press("Save and go on")
    step(7)
    set_up = hand.pace
    hand.press("Make the calendar address")
    address = page.locator("#address").inner_text()
    arrived("address", page.locator("#address"))
    hand.follow("Done, to Today")
    done = page.get_by_role("button", name=f"{_('Done')}: ").first
    arrived("due", done)
    hand.tap(done)
    arrived("done", page.get_by_role("button", name=_("Undo")))
    return Walked(address, set_up, hand.pace)


def _named(hand: Hand) -> None:
    hand.fill("What is the business called?", NAME)
    hand.choose("What do you do?", "cafe")


def _server(hand: Hand, port: int) -> None:
    """A mail server of this machine that takes everything, of somebody who knows what to write."""
    hand.tap(hand.page.get_by_text(hand.speak("The mail server that sends them")))
    hand.fill("Mail server for sending", "127.0.0.1")
    hand.choose("How the line is secured", "none")
    hand.fill("Port (empty for the usual one)", str(port))
    hand.fill("Sender of the mails", MAIL)
