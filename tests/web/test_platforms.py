"""Platforms on the page: the overview by tier, one with facts apart from rules of thumb, reached from More."""

import html
import re
import shutil
from pathlib import Path

import pytest

from planner import resources
from planner.actions.channels import add_channel
from planner.catalogue import platform_keys
from planner.catalogue.portraits import portrait, portraits
from planner.store.queries import businesses
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/platforms"


@pytest.fixture
def signed_in(planner: Planner) -> Planner:
    planner.sign_in()
    return planner


def test_it_is_reached_from_more(signed_in: Planner) -> None:
    assert f'href="{PATH}"' in signed_in.browser.get("/businesses/1/more").text


def test_all_of_them_by_tier_with_the_reason(signed_in: Planner) -> None:
    answer = signed_in.browser.get(PATH)
    assert answer.status_code == 200
    headings = re.findall(r"<h2>(.*?)</h2>", answer.text)
    assert headings == ["Sehr interessant", "Interessant", "Uninteressant", "Nebeneinander"]
    assert re.findall(rf'href="{PATH}/(\w+)"', answer.text) == [each.key for each in portraits()]
    assert all(each.reason["de"] in answer.text for each in portraits())
    assert "Text 10–25 Min." in answer.text
    assert "Das alles sind Faustregeln" in answer.text


def test_what_has_no_source_is_said_to_be_our_own_judgement(signed_in: Planner) -> None:
    reason = portrait("gbp").reason["de"]
    for page in ("gbp", "compare?platform=gbp&platform=x"):
        shown = html.unescape(signed_in.browser.get(f"{PATH}/{page}").text)
        assert f'{reason} <span class="meta">(unsere eigene Einschätzung)</span>' in shown


def test_those_the_business_is_on_are_marked(signed_in: Planner) -> None:
    def mine() -> set[str]:
        page = signed_in.browser.get(PATH).text
        return set(re.findall(rf'href="{PATH}/(\w+)">[^<\n]*· genutzt', page))

    assert mine() == {"gbp", "whatsapp", "youtube"}
    with signed_in.database.write() as tx:
        add_channel(tx, businesses.get(tx, 1), "nebenan", "", now=signed_in.now)
    assert mine() == {"gbp", "whatsapp", "youtube", "nebenan"}


@pytest.mark.parametrize("key", platform_keys())
def test_everything_about_one(signed_in: Planner, key: str) -> None:
    answer = signed_in.browser.get(f"{PATH}/{key}")
    assert answer.status_code == 200
    page, found = answer.text.replace("&amp;", "&"), portrait(key)
    facts, thumb = page.split('<section class="panel" aria-labelledby="shelf-2">')
    assert found.reason["de"] in facts
    for fact in found.facts:
        shelf, other = (facts, thumb) if fact.source.is_fact else (thumb, facts)
        assert f"<li>{fact.text['de']}" in shelf
        assert f"<li>{fact.text['de']}" not in other
        if fact.source.address:
            assert f'href="{fact.source.address}" rel="noopener noreferrer"' in shelf
    assert "{" not in re.sub(r"<[^>]*>", "", page), "no blank left over"


def side_by_side(planner: Planner, *keys: str) -> str:
    query = "&".join(f"platform={key}" for key in keys)
    answer = planner.browser.get(f"{PATH}/compare?{query}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


@on_sqlite
@pytest.mark.parametrize("keys", [("gbp", "tiktok"), ("gbp", "whatsapp", "flickr")])
def test_side_by_side_by_what_they_are_judged_by(signed_in: Planner, keys: tuple[str, ...]) -> None:
    page = side_by_side(signed_in, *keys)
    rows = ["Größe und Beliebtheit", "Wer es nutzt", "Art des Dienstes und sein Nutzen", "Aufwand für ein Stück"]
    places = [page.index(f"<h2>{row}</h2>") for row in rows]
    assert places == sorted(places)
    for key in keys:
        found = portrait(key)
        assert found.reason["de"] in page
        assert f'<option value="{key}" selected>' in page, "so that one of them can be changed"
        for fact in found.facts:
            assert f"<li>{fact.text['de']}" in page
    assert page.count('<div class="beside">') >= len(rows)
    assert all(row.count('<div class="panel">') == len(keys) for row in page.split('<div class="beside">')[1:])


@on_sqlite
def test_it_is_reached_from_the_list_and_from_one_of_them_without_scripts(signed_in: Planner) -> None:
    page = signed_in.browser.get(PATH).text
    assert f'<form method="get" action="{PATH}/compare">' in page
    assert page.count('<select id="platform-') == 3
    assert f'href="{PATH}/compare?platform=gbp"' in signed_in.browser.get(f"{PATH}/gbp").text
    begun = side_by_side(signed_in, "gbp")
    assert '<option value="gbp" selected>' in begun
    assert 'role="alert"' not in begun


@on_sqlite
def test_too_few_and_too_many_to_compare(signed_in: Planner) -> None:
    for keys in (("", "", ""), ("gbp", "gbp", "")):
        page = side_by_side(signed_in, *keys)
        assert "mindestens zwei verschiedene" in page
        assert '<div class="beside">' not in page
    many = side_by_side(signed_in, "gbp", "whatsapp", "youtube", "tiktok")
    assert "die ersten drei" in many
    assert many.split('<div class="beside">')[1].count('<div class="panel">') == 3
    for key in ("fax", "../gbp"):
        assert signed_in.browser.get(f"{PATH}/compare?platform=gbp&platform={key}").status_code == 404


@on_sqlite
def test_a_broken_file_is_named_and_the_others_are_shown(
    signed_in: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules = Path(shutil.copytree(resources.folder("schedules"), tmp_path / "schedules"))
    with (schedules / "platforms" / "xing.toml").open("a") as file:
        file.write("\n[[fact]]\n")
    folders = {"schedules": schedules, "templates": resources.folder("templates")}
    monkeypatch.setattr(resources, "folder", folders.__getitem__)
    portrait.cache_clear()
    try:
        page = signed_in.browser.get(PATH)
        assert page.status_code == 200
        assert "xing.toml, Zeile" in page.text
        shown = re.findall(rf'href="{PATH}/(\w+)"', page.text)
        assert (len(shown), "xing" in shown) == (len(platform_keys()) - 1, False)
    finally:
        portrait.cache_clear()


def test_a_platform_that_is_not_there(signed_in: Planner) -> None:
    for key in ("fax", "..", "gbp.toml", "GBP"):
        assert signed_in.browser.get(f"{PATH}/{key}").status_code in (404, 308)
    assert signed_in.browser.get("/businesses/99/platforms").status_code == 404


def test_nobody_else_sees_it(planner: Planner) -> None:
    for path in (PATH, f"{PATH}/gbp", f"{PATH}/compare"):
        answer = planner.browser.get(path)
        assert answer.status_code == 303
        assert answer.location == f"/sign-in?to={path}"


def test_the_short_address_leads_there(signed_in: Planner) -> None:
    assert signed_in.browser.get("/platforms").location == PATH
    assert signed_in.browser.get("/platforms/gbp").location == f"{PATH}/gbp"
