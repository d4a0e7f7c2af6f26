"""How much the first look at Today costs a phone: requests and bytes on the line, before anything is kept."""

from datetime import datetime, timedelta

from playwright.sync_api import Page

from bench.serve import House
from browser.conftest import Visit
from planner.actions import posts
from planner.store.queries import businesses, channels

MOST_BYTES, MOST_REQUESTS = 60_000, 6


def first_view(page: Page, path: str) -> dict[str, int]:
    """What came over the line, by address: headers and bodies as they were sent, compressed."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    line.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    line.on(
        "Network.loadingFinished",
        lambda event: sizes.update(
            {names.get(event["requestId"], event["requestId"]): int(event["encodedDataLength"])}
        ),
    )
    page.goto(path, wait_until="networkidle")
    return sizes


def test_the_first_look_is_light(visit: Visit) -> None:
    page = visit("/sign-in", signed_in=True)
    sizes = first_view(page, "/")
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    print(f"{len(sizes)} requests, {sum(sizes.values()) / 1000:.1f} KB: {sizes}")


def test_the_first_look_is_light_with_a_full_week_ahead(visit: Visit, house: House) -> None:
    """Sixteen more, of five hundred characters: six channels with two a week bring twelve. Pages are not compressed."""
    with house.database.write() as tx:
        business, now = businesses.get(tx, 1), house.moment[0]
        there = channels.of_business(tx, 1)
        for n in range(16):
            due = datetime(2026, 12, 2, 10) + timedelta(hours=8 * n)
            posts.add(tx, business, there[n % 3], due, title=f"Beitrag {n}", text="Brot und Zeit. " * 33, now=now)
    page = visit("/sign-in", signed_in=True)
    sizes = first_view(page, "/")
    assert page.locator(".coming article").count() >= 16
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    print(f"{len(sizes)} requests, {sum(sizes.values()) / 1000:.1f} KB: {sizes}")
