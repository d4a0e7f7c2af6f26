"""How much the first look at Today costs a phone: requests and bytes on the line, before anything is kept."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser

from bench.line import Line, await_kept, await_worker, first_view
from bench.serve import House, ordinary_window
from browser.conftest import Visit
from planner.actions import posts
from planner.store.queries import businesses, channels

MOST_BYTES, MOST_REQUESTS = 60_000, 6


def test_the_first_look_is_light(visit: Visit, house: House) -> None:
    """Everything the server is asked counts: page, files, manifest, and the service worker with all it fetches."""
    page = visit("about:blank")
    line = Line(house.app)
    found = first_view(line, page, "/")
    line.close()
    assert "/sw.js" in {each.path for each in found}, "the service worker is part of it"
    assert len(found) <= MOST_REQUESTS, found
    assert line.size <= MOST_BYTES, found
    print(f"{len(found)} requests, {line.size / 1000:.1f} KB: {found}")


@pytest.mark.full
def test_the_first_look_is_light_in_an_ordinary_window(chromium: Browser, house: House) -> None:
    """Tests have private windows, where the browser does not ask for the manifest."""
    line = Line(house.app)
    with ordinary_window(chromium.browser_type, house) as page:
        found = first_view(line, page, "/")
    line.close()
    assert {"/sw.js", "/manifest.webmanifest"} <= {each.path for each in found}
    assert len(found) <= MOST_REQUESTS, found
    assert line.size <= MOST_BYTES, found


def test_the_second_look_is_the_page_alone(visit: Visit, house: House) -> None:
    """What carries its hash in the address is kept; the browser asks whether the worker is still the same."""
    page = visit("/")
    await_worker(page)
    await_kept(page)  # what the first look asked for may come late
    line = Line(house.app)
    found = {each.path for each in first_view(line, page, "/")}
    line.close()
    assert "/" in found
    assert found <= {"/", "/sw.js"}


def test_the_first_look_is_light_with_a_full_week_ahead(visit: Visit, house: House) -> None:
    """Sixteen more, of five hundred characters: six channels with two a week bring twelve. Pages are not compressed."""
    with house.database.write() as tx:
        business, now = businesses.get(tx, 1), house.moment[0]
        there = channels.of_business(tx, 1)
        for n in range(16):
            due = datetime(2026, 12, 2, 10) + timedelta(hours=8 * n)
            posts.add(tx, business, there[n % 3], due, title=f"Beitrag {n}", text="Brot und Zeit. " * 33, now=now)
    page = visit("about:blank")
    line = Line(house.app)
    found = first_view(line, page, "/")
    line.close()
    assert page.locator(".coming article").count() >= 16
    assert len(found) <= MOST_REQUESTS, found
    assert line.size <= MOST_BYTES, found
    assert [each.path for each in found].count("/") == 1
    assert "/businesses/1" not in {each.path for each in found}, "the worker keeps what was shown"
    print(f"{len(found)} requests, {line.size / 1000:.1f} KB: {found}")
