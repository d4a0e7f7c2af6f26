"""The choice of a business, for somebody who looks after many."""

import html
import re

import pytest

from planner.store.queries import businesses
from web.conftest import Planner, on_sqlite

pytestmark = on_sqlite


@pytest.fixture
def many(planner: Planner) -> Planner:
    """A hundred and twenty businesses: the bakery, and 119 salons."""
    planner.sign_in()
    with planner.database.write() as tx:
        for n in range(119):
            businesses.add(
                tx, name=f"Salon {n:03} & <Co>", timezone="Europe/Berlin", language="de", created_at=planner.now
            )
    return planner


def names(page: Planner, query: str = "") -> list[str]:
    return re.findall(r'<a href="/businesses/\d+">([^<]*)</a>', page.browser.get(f"/{query}").text)


def test_businesses_come_by_name_fifty_a_page(many: Planner) -> None:
    pages = [names(many, query) for query in ("", "?page=2", "?page=3", "?page=4")]
    assert [len(each) for each in pages] == [50, 50, 20, 0]
    assert [name for each in pages for name in each] == sorted(name for each in pages for name in each)
    assert 'rel="next"' not in many.browser.get("/?page=3").text


def test_a_part_of_a_name_finds_them_and_goes_on_to_the_next_page(many: Planner) -> None:
    assert names(many, "?name=ON+01") == [f"Salon {n:03} &amp; &lt;Co&gt;" for n in range(10, 20)]
    text = many.browser.get("/?name=%26+%3C").text
    (following,) = re.findall(r'rel="next" href="/([^"]*)"', text)
    assert names(many, html.unescape(following))[0] == "Salon 050 &amp; &lt;Co&gt;"
    assert names(many, "?name=%25") == [], "a sign that means anything to the database means itself"
    assert "Kein Betrieb hat das im Namen." in many.browser.get("/?name=zzz").text


@pytest.mark.parametrize("query", ["?page=0", "?page=-3", "?page=x", "?page=99999999999999999999", "?page=%C2%B2"])
def test_a_page_nobody_can_read_is_the_first(many: Planner, query: str) -> None:
    assert len(names(many, query)) == 50


def test_a_few_businesses_need_no_search(planner: Planner) -> None:
    planner.sign_in()
    with planner.database.write() as tx:
        businesses.add(tx, name="Salon", timezone="Europe/Berlin", language="de", created_at=planner.now)
    assert "<form action" not in planner.browser.get("/").text
    assert len(names(planner)) == 2
