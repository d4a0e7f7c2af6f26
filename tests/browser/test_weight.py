"""How much the first look at Today costs a phone: requests and bytes on the line, before anything is kept."""

from playwright.sync_api import Page

from browser.conftest import Visit

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
