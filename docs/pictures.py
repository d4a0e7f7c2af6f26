"""Make the pictures of the page and the icons: python -m docs.pictures (needs Chromium; ``make screenshots``).

They show the demonstration bakery on the morning of Tuesday, 1 December 2026, and a planner that was just started on
the Thursday after, so that only a change of the page changes them.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.bakery import build
from bench.serve import CHROMIUM, DESKTOP, PHONE, House, served
from bench.walk import first_start, walk
from planner.actions.ideas import add_idea
from planner.core.model import Pillar
from planner.store.queries import businesses

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
}
WALK = ("step-1", "step-5", "advice", "due", "done")

IDEAS = {
    "Why our sourdough rests for two days": Pillar.TIP,
    "Two minutes in the bakehouse at four in the morning": Pillar.BEHIND_THE_SCENES,
    "Which bread shall come back in spring?": Pillar.QUESTION,
    "Lea has finished her apprenticeship": Pillar.TEAM,
}


def have_ideas(house: House) -> None:
    """A backlog to look at."""
    with house.database.write() as tx:
        for title, pillar in IDEAS.items():
            add_idea(tx, businesses.get(tx, 1), title=title, pillar=pillar, now=house.moment[0])


def screenshots(browser: Browser, house: House) -> None:
    """Each page in its window, light."""
    for name, (path, size) in PAGES.items():
        context = browser.new_context(base_url=house.url, locale="en-GB", service_workers="block", **size)
        context.add_cookies([{"name": "planner", "value": house.secret(), "url": house.url}])
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        page.screenshot(path=IMAGES / f"{name}.png")
        context.close()


def first_steps(browser: Browser, folder: Path) -> None:
    """The walk of somebody who has never seen it; of where it passes by, what the tutorial shows."""
    context = browser.new_context(locale="en-GB", service_workers="block", **PHONE)
    page = context.new_page()

    def snapshot(name: str) -> None:
        if name in WALK:
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"walk-{name}.png")

    mail = {"PLANNER_SMTP_HOST": "mail.example.org", "PLANNER_SMTP_USER": "planner@example.org"}
    with first_start(folder / "home", "en", **mail) as link:
        walk(page, link, "en", snapshot=snapshot)
    context.close()


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
        with served(file) as house:
            have_ideas(house)
            screenshots(browser, house)
        first_steps(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
