"""Make the pictures of the page and the icons: python -m docs.pictures (needs Chromium; ``make screenshots``).

They show the demonstration bakery on the morning of Tuesday, 1 December 2026, and a planner that was just started on
the Thursday after, so that only a change of the page changes them.
"""

import socket
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench.bakery import build
from bench.serve import CHROMIUM, DESKTOP, PHONE, House, served
from bench.walk import first_start, walk
from planner import config
from planner.actions.feeds import new_feed
from planner.actions.ideas import add_idea
from planner.core.model import FeedKind, Pillar
from planner.daemon import transport_of
from planner.store.queries import businesses, channels, feeds, outbox
from planner.web.installation import Installation

IMAGES = Path(__file__).parent / "images"
STATIC = Path(__file__).parents[1] / "planner" / "web" / "static"
PAGES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "today-phone": ("/businesses/1", PHONE),
    "calendar-desktop": ("/businesses/1/calendar/2026-12/month", DESKTOP),
    "ideas-phone": ("/businesses/1/ideas", PHONE),
    "consistency-desktop": ("/businesses/1/consistency", DESKTOP),
    "consistency-phone": ("/businesses/1/consistency", PHONE),
    "calendar-phone": ("/businesses/1/calendar/2026-12/month", PHONE),
    "channel-phone": ("/businesses/1/channels/1", PHONE),
    "rhythm-desktop": ("/businesses/1/cadences/1/change", DESKTOP),
    "post-phone": ("/posts/14", PHONE),
    "subscriptions-phone": ("/businesses/1/subscriptions", PHONE),
    "messages-phone": ("/businesses/1/messages", PHONE),
    "mail-desktop": ("/businesses/1/messages/preview/digest", DESKTOP),
    "settings-phone": ("/businesses/1/settings", PHONE),
}
WALKED_AT = "http://planner.home"
WALK = (*(f"step-{number}" for number in range(1, 8)), "advice", "address", "due", "done")

IDEAS = {
    "Why our sourdough rests for two days": Pillar.TIP,
    "Two minutes in the bakehouse at four in the morning": Pillar.BEHIND_THE_SCENES,
    "Which bread shall come back in spring?": Pillar.QUESTION,
    "Lea has finished her apprenticeship": Pillar.TEAM,
}
# How many days ago each was due, and what became of it.
MAILS = (
    (0, "digest", "sent", ""),
    (1, "summary", "sent", ""),
    (3, "digest", "dead", "450 4.2.2 mailbox full"),
    (5, "digest", "sent", ""),
    (7, "digest", "sent", ""),
    (8, "summary", "sent", ""),
)


def have_ideas(house: House) -> None:
    """A backlog to look at."""
    with house.database.write() as tx:
        for title, pillar in IDEAS.items():
            add_idea(tx, businesses.get(tx, 1), title=title, pillar=pillar, now=house.moment[0])


def have_mails(house: House) -> None:
    """A mail server, the mails of a week, and one that did not get through and was answered since."""
    settings = config.load(
        {"PLANNER_SECRET_KEY": "k" * 40, "PLANNER_SMTP_HOST": "mail.example.org"}, Path("/var/lib/planner")
    )
    installation = Installation(settings, transport_of, lambda _: None, {})
    object.__setattr__(house.app.extensions["planner"], "installation", installation)
    with house.database.write() as tx:
        for back, kind, state, error in MAILS:
            due = house.moment[0].replace(hour=7, minute=0) - timedelta(days=back)
            outbox.add(
                tx, key=f"{kind}:1:{due:%Y-%m-%d}", kind=kind, business_id=1, recipient="chef@baeckerei.example",
                local_date=due.date(), due_at=due, expires_at=due, next_try_at=due, state=state, error=error,
                created_at=due, sent_at=due if state == "sent" else None,
            )  # fmt: skip


def have_calendars(house: House) -> None:
    """The owner's phone, and the desk of whoever helps."""
    now = house.moment[0]
    with house.database.write() as tx:
        bakery = businesses.get(tx, 1)
        channel = channels.of_business(tx, 1)[0]
        phone, _ = new_feed(tx, bakery, channel=None, kind=FeedKind.EVENT, alarm_minutes=30, now=now)
        desk, _ = new_feed(tx, bakery, channel=channel, kind=FeedKind.TODO, alarm_minutes=None, now=now)
        feeds.set_fetched(tx, phone.id, now - timedelta(minutes=12), "iOS/26.1 (23B85) dataaccessd/1.0")
        feeds.set_fetched(tx, desk.id, now - timedelta(hours=2), "Mozilla/5.0 Gecko Thunderbird/140.0")


def screenshots(browser: Browser, house: House) -> None:
    """Each page in its window, light."""
    for name, (path, size) in PAGES.items():
        context = browser.new_context(base_url=house.url, locale="en-GB", service_workers="block", **size)
        context.add_cookies([{"name": "planner", "value": house.secret(), "url": house.url}])
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        page.screenshot(path=IMAGES / f"{name}.png")
        context.close()


def first_steps(playwright: Playwright, folder: Path) -> None:
    """The walk of somebody who has never seen it; of where it passes by, what the tutorial shows.

    The planner is called as one at home may be; the secret in the address of the calendar is another one each time.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    rule = f"--host-resolver-rules=MAP {WALKED_AT.removeprefix('http://')}:80 127.0.0.1:{port}"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rule])
    context = browser.new_context(locale="en-GB", service_workers="block", **PHONE)
    page = context.new_page()

    def snapshot(name: str) -> None:
        if name in WALK:
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"walk-{name}.png")

    settings = {"PLANNER_SMTP_HOST": "mail.example.org", "PLANNER_BASE_URL": WALKED_AT}
    with first_start(folder / "home", "en", port, **settings) as link:
        walk(page, link, "en", snapshot=snapshot)
    browser.close()


def icons(browser: Browser) -> None:
    """The sizes phones want, from the one drawing: rounded, full to the edge for iPhones, and with room to be cut."""
    drawing = (STATIC / "icon.svg").read_text("utf-8")
    square = drawing.replace('rx="8" ', "")
    roomy = drawing.replace('viewBox="0 0 32 32"', 'viewBox="-5 -5 42 42"')
    roomy = roomy.replace('<rect width="32" height="32" rx="8"', '<rect x="-5" y="-5" width="42" height="42"')
    for name, size, source in (
        ("icon-192", 192, drawing),
        ("icon-512", 512, drawing),
        ("icon-180", 180, square),
        ("icon-maskable", 512, roomy),
    ):
        page = browser.new_page(viewport={"width": size, "height": size})
        page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{source}")
        page.screenshot(path=STATIC / f"{name}.png", omit_background=True)
        page.close()


def main() -> None:
    """All of them."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "planner.db"
        build(file, "en")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        icons(browser)
        with served(file, WALKED_AT) as house:
            have_ideas(house)
            have_mails(house)
            have_calendars(house)
            screenshots(browser, house)
        browser.close()
        first_steps(playwright, Path(folder))


if __name__ == "__main__":
    main()
