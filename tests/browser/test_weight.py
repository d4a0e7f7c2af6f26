"""How much the first look at Today costs a phone: requests and bytes on the line, before anything is kept."""

from bench.line import Line, await_worker, first_view
from bench.serve import House
from browser.conftest import Visit

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


def test_the_second_look_is_the_page_alone(visit: Visit, house: House) -> None:
    """What carries its hash in the address is kept; the browser asks whether the worker is still the same."""
    page = visit("/")
    await_worker(page)
    line = Line(house.app)
    found = {each.path for each in first_view(line, page, "/")}
    line.close()
    assert "/" in found
    assert found <= {"/", "/sw.js"}
