"""One business more, from the page: named here, the rest in its set-up."""

import pytest

from planner.store.queries import businesses, channels
from web.conftest import Planner, on_sqlite

PATH = "/businesses/new"
SALON = {"name": "Salon Haarscharf", "language": "en", "trade": "hairdresser"}


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in."""
    planner.sign_in()
    return planner


def test_it_is_added_and_its_set_up_goes_on(page: Planner) -> None:
    answer = page.send(PATH, **SALON)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/businesses/2/welcome/place")
    assert "step 2 of 7" in page.browser.get(answer.headers["Location"]).text
    with page.database.read() as tx:
        salon = businesses.get(tx, 2)
        there = {channel.name for channel in channels.of_business(tx, 2)}
    assert (salon.name, salon.language, salon.trade) == ("Salon Haarscharf", "en", "hairdresser")
    assert salon.timezone == "Europe/Berlin", "that of the bakery, until it is asked for"
    assert there == {"Google Business Profile", "WhatsApp", "YouTube"}
    choice = page.browser.get("/").text
    assert 'href="/businesses/2"' in choice
    assert f'href="{PATH}"' in choice


@on_sqlite
def test_two_taps_add_one(page: Planner) -> None:
    assert page.send(PATH, **SALON).status_code == 303
    again = page.send(PATH, **SALON)
    assert (again.status_code, 'id="name-error"' in again.text) == (400, True)
    assert 'value="Salon Haarscharf"' in again.text, "what was typed stays"
    with page.database.read() as tx:
        assert len(businesses.every(tx)) == 2


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"language": "fr"}, "language"),
        ({"trade": "x"}, "trade"),
    ],
)
def test_what_is_wrong_stands_at_its_field(page: Planner, wrong: dict[str, str], field: str) -> None:
    answer = page.send(PATH, **{**SALON, **wrong})
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (400, True)
    with page.database.read() as tx:
        assert len(businesses.every(tx)) == 1


@on_sqlite
def test_only_for_who_is_signed_in_and_from_our_page(planner: Planner) -> None:
    assert planner.browser.get(PATH).headers["Location"] == f"/sign-in?to={PATH}"
    assert planner.browser.post(PATH, data=SALON).status_code == 303
    planner.sign_in()
    assert planner.browser.post(PATH, data=SALON).status_code == 403
    with planner.database.read() as tx:
        assert len(businesses.every(tx)) == 1


@on_sqlite
def test_the_settings_lead_there(page: Planner) -> None:
    assert f'href="{PATH}"' in page.browser.get("/businesses/1/settings").text


@on_sqlite
def test_the_first_one_where_there_is_none(page: Planner) -> None:
    with page.database.write() as tx:
        tx.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in ("post", "cadence", "reminder", "channel", "business"):
            tx.exec_driver_sql(f"DELETE FROM {table}")
    assert f'href="{PATH}"' in page.browser.get("/").text
    assert page.send(PATH, **SALON).status_code == 303
    with page.database.read() as tx:
        (salon,) = businesses.every(tx)
    assert salon.timezone == "Europe/Berlin"
