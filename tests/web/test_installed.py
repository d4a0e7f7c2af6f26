"""What a phone is told when it takes the page among its apps, and how files are sent."""

import gzip
import re

import pytest

from planner.web import assets
from web.conftest import Planner, on_sqlite


@on_sqlite
def test_the_manifest_names_pictures_that_are_there(planner: Planner) -> None:
    found = planner.browser.get("/manifest.webmanifest", headers={"Accept-Language": "de"})
    assert (found.mimetype, found.json["lang"], found.json["display"]) == (
        "application/manifest+json",
        "de",
        "standalone",
    )
    for icon in found.json["icons"]:
        assert planner.browser.get(icon["src"]).mimetype == icon["type"]


@on_sqlite
def test_the_service_worker_may_look_after_every_page_and_is_asked_for_anew(planner: Planner) -> None:
    found = planner.browser.get("/sw.js")
    assert found.mimetype == "text/javascript"
    assert found.headers["Cache-Control"] == "no-cache"
    packed = planner.browser.get("/sw.js", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == found.data
    again = planner.browser.get("/sw.js", headers={"If-None-Match": found.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@on_sqlite
def test_a_file_is_sent_packed_and_kept_for_ever_by_its_hash(planner: Planner) -> None:
    address = assets.address("planner.css")
    plain = planner.browser.get(address)
    packed = planner.browser.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in plain.headers["Cache-Control"]
    assert "Accept-Encoding" in plain.headers["Vary"]


@on_sqlite
def test_a_file_under_another_hash_is_not_kept_for_ever(planner: Planner) -> None:
    for query in ("", "?v=00000000"):
        found = planner.browser.get(f"/static/planner.css{query}")
        assert "immutable" not in found.headers["Cache-Control"]
        again = planner.browser.get("/static/planner.css", headers={"If-None-Match": found.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@on_sqlite
@pytest.mark.parametrize("name", ["calendar.js", "ideas.js"])
def test_what_a_script_imports_is_named_by_its_hash_too(planner: Planner, name: str) -> None:
    imported = re.findall(r'from "([^"]+)"', planner.browser.get(assets.address(name)).text)
    assert imported == [assets.address("drag.js")]
    assert "immutable" in planner.browser.get(imported[0]).headers["Cache-Control"]


@on_sqlite
@pytest.mark.parametrize("name", ["nothing.css", "../site.py", "__pycache__/x.pyc", "planner.css/..", "%00.css"])
def test_nothing_else_is_sent(planner: Planner, name: str) -> None:
    assert planner.browser.get(f"/static/{name}").status_code == 404


def test_a_page_that_names_a_file_that_is_not_there_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        assets.address("nothing.css")
