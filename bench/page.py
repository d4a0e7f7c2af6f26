"""What the page costs: the server's time, the first look, a tap on Done, and what Lighthouse says on a phone."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import event

from bench.bakery import NOW, build
from bench.line import Line, await_worker, first_view
from bench.measure import Result
from bench.serve import CHROMIUM, PHONE, House, ordinary_window, served
from bench.years import CHANNELS, fill
from planner.actions.access import sign_in

PAGES = (
    "/businesses/1",
    "/businesses/1/calendar/2026-11/month",
    "/businesses/1/consistency",
    "/businesses/1/weeks/2026-W48",
)
LIGHTHOUSE = "lighthouse@13"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100}
DONE_MS, SERVER_MS, STATEMENTS = 200, 40, 6
REQUESTS, KILOBYTES = 6, 60
LOOKS, SLOWER = 60, 4


def results() -> Iterator[Result]:
    """The server's time first, then the tap, then Lighthouse where npm is at hand."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "planner.db"
        build(file, "de")
        for years in (1, 10):
            with served(file) as house:
                fill(house.database, years)
                yield from _server(house, years)
        with served(file) as house:
            yield from _first(house)
            yield from _tap(house)
            yield from _lighthouse(house, Path(folder))


def _server(house: House, years: int) -> Iterator[Result]:
    """Without the network: the application alone, asked in this process."""
    browser = house.app.test_client()
    with house.database.write() as tx:
        browser.set_cookie("planner", sign_in(tx, now=NOW), domain="127.0.0.1")
    for path in PAGES:
        times, statements = _look(house, browser, path)
        p95, what = statistics.quantiles(times, n=20)[-1] * 1e3, _name(path)
        name = f"{what}, {CHANNELS} channels, {years} year(s) of posts"
        yield Result(f"{name}: server time, p95", p95, f"≤ {SERVER_MS} ms", p95 <= SERVER_MS, "", unit="ms")
        yield Result(f"{name}: SQL statements", statements, f"≤ {STATEMENTS}", statements <= STATEMENTS, "", unit="")


def _name(path: str) -> str:
    what = path.rsplit("/", 1)[-1]
    return "today" if what == "1" else "a week's summary" if what.startswith("20") else what


def _look(house: House, browser: FlaskClient, path: str) -> tuple[list[float], int]:
    """The seconds of each look, and the most statements of one, whatever they do."""
    statements: list[str] = []

    def note(*given: object) -> None:
        if not str(given[2]).startswith(("PRAGMA", "BEGIN")):
            statements.append(str(given[2]))

    browser.get(path, base_url="http://127.0.0.1")  # the first look of an hour notes the session besides
    event.listen(house.database.engine, "before_cursor_execute", note)
    times, most = [], 0
    for _ in range(LOOKS):
        statements.clear()
        begun = time.perf_counter()
        answer = browser.get(path, base_url="http://127.0.0.1")
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.status
        most = max(most, len(statements))
    event.remove(house.database.engine, "before_cursor_execute", note)
    return times, most


def _first(house: House) -> Iterator[Result]:
    """What the first look at Today costs the line: all that page, service worker and browser ask the server for."""
    from playwright.sync_api import sync_playwright

    line = Line(house.app)
    with sync_playwright() as playwright, ordinary_window(playwright.chromium, house) as page:
        found = first_view(line, page, "/businesses/1")
    line.close()
    size, paths = sum(each.size for each in found) / 1000, ", ".join(each.path for each in found)
    yield Result("first look at Today: requests", len(found), f"≤ {REQUESTS}", len(found) <= REQUESTS, paths, unit="")
    yield Result("first look at Today: on the line", size, f"≤ {KILOBYTES} KB", size <= KILOBYTES, "", unit="KB")


def _window(browser: Browser, house: House) -> Page:
    """A phone's window of its own, signed in."""
    context = browser.new_context(base_url=house.url, **PHONE)
    context.add_cookies([{"name": "planner", "value": house.secret(), "url": house.url}])
    return context.new_page()


_WATCH = """
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.interactionId) sessionStorage.next = Math.max(Number(sessionStorage.next ?? 0), entry.duration);
}).observe({ type: "event", durationThreshold: 16 });
addEventListener("pointerup", () => (sessionStorage.tapped = Date.now()));
"""


def _tap(house: House) -> Iterator[Result]:
    """From the tap on Done to the next paint, and to the first paint of the day without that post.

    The service worker is there, and the form goes through it, as on a phone from the first look on.
    """
    from playwright.sync_api import sync_playwright

    next_paint, new_day = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(5):
            page = _window(browser, house)
            page.goto("/businesses/1")
            await_worker(page)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.evaluate(_WATCH)
            page.locator("form[action$='/done'] button").first.click()
            page.wait_for_selector(".changed")
            next_paint.append(page.evaluate("Number(sessionStorage.next ?? 16)"))
            new_day.append(page.evaluate(
                "performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime"
                " - Number(sessionStorage.tapped)"
            ))  # fmt: skip
            page.locator("form[action='/undo'] button").click()
            page.context.close()
        browser.close()
    worst, what = max(next_paint), f"tap on Done, CPU {SLOWER} times slower"
    yield Result(f"{what}: next paint", worst, f"< {DONE_MS} ms", worst < DONE_MS, "the longest of 5", unit="ms")
    yield Result(f"{what}: the new day is painted", statistics.median(new_day), "", None, "median of 5", unit="ms")


def _lighthouse(house: House, folder: Path) -> Iterator[Result]:
    if not shutil.which("npm"):
        print("Lighthouse was left out: there is no npm.")
        return
    subprocess.run(
        ["npm", "install", "--no-fund", "--no-audit", "--force", "--silent", LIGHTHOUSE], cwd=folder, check=True
    )
    for path in PAGES:
        scores = _scores(house, folder, path)
        for name, least in LEAST.items():
            met = scores[name] >= least
            yield Result(f"Lighthouse, phone, {path}: {name}", scores[name], f"≥ {least}", met, "", unit="")


def _scores(house: House, folder: Path, path: str) -> dict[str, float]:
    cookie = json.dumps({"Cookie": f"planner={house.secret()}"})
    command = [
        "node", "node_modules/lighthouse/cli/index.js", house.url + path, "--quiet", "--output=json",
        f"--only-categories={','.join(LEAST)}", "--chrome-flags=--headless=new --no-sandbox", "--extra-headers", cookie,
    ]  # fmt: skip
    environ = {**os.environ, "CHROME_PATH": CHROMIUM}
    said = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True).stdout
    return {name: each["score"] * 100 for name, each in json.loads(said)["categories"].items()}
