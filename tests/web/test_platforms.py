"""Platforms on the page: the overview by tier, one with facts apart from rules of thumb, reached from More."""

import re

import pytest

from planner.actions.channels import add_channel
from planner.catalogue import platform_keys
from planner.catalogue.portraits import portrait, portraits
from planner.store.queries import businesses
from web.conftest import Planner

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
    assert headings == ["Sehr interessant", "Interessant", "Uninteressant"]
    assert re.findall(rf'href="{PATH}/(\w+)"', answer.text) == [each.key for each in portraits()]
    assert all(each.reason["de"] in answer.text for each in portraits())
    assert "Text 10–25 Min." in answer.text


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


def test_a_platform_that_is_not_there(signed_in: Planner) -> None:
    for key in ("fax", "..", "gbp.toml", "GBP"):
        assert signed_in.browser.get(f"{PATH}/{key}").status_code in (404, 308)
    assert signed_in.browser.get("/businesses/99/platforms").status_code == 404


def test_nobody_else_sees_it(planner: Planner) -> None:
    for path in (PATH, f"{PATH}/gbp"):
        answer = planner.browser.get(path)
        assert answer.status_code == 303
        assert answer.location == f"/sign-in?to={path}"


def test_the_short_address_leads_there(signed_in: Planner) -> None:
    assert signed_in.browser.get("/platforms").location == PATH
    assert signed_in.browser.get("/platforms/gbp").location == f"{PATH}/gbp"
