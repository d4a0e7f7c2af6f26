"""Days that come up for a business: when each is to be begun, and what becomes of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions.conftest import Shop, utc
from planner.actions import occasions as verbs
from planner.actions.ideas import edit_idea, remove_idea
from planner.actions.occasions import Coming, NoSuchOccasion
from planner.core.model import Pillar, Window
from planner.store.queries import businesses, ideas

MORNING = utc("2027-04-27T07:00")  # twelve days before Mother's Day


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    with shop.database.write() as tx:
        businesses.change(tx, shop.id, country="DE", trade="bakery")
    return shop


def coming(shop: Shop, now: object = MORNING, days: int = 60) -> list[Coming]:
    with shop.database.read() as tx:
        _counts, taken = ideas.counts(tx, shop.id)
        return verbs.coming(shop.business_in(tx), taken, now, days=days)  # type: ignore[arg-type]


def found(shop: Shop, key: str, now: object = MORNING) -> Coming:
    return next(each for each in coming(shop, now) if each.occasion.key == key)


def test_in_twelve_days_is_mothers_day_begin_now(bakery: Shop) -> None:
    day = found(bakery, "mothers-day")
    assert (day.day, day.in_days, day.begin, day.is_time) == (date(2027, 5, 9), 12, date(2027, 4, 18), True)
    early = found(bakery, "mothers-day", day.begin and utc("2027-04-17T12:00"))
    assert (early.in_days, early.is_time) == (22, False), "three weeks are enough"
    assert found(bakery, "mothers-day", utc("2027-04-18T12:00")).is_time


def test_the_day_itself_is_the_last_by_the_clock_of_the_business(bakery: Shop) -> None:
    assert found(bakery, "mothers-day", utc("2027-05-09T21:59")).in_days == 0
    assert "mothers-day" not in [each.occasion.key for each in coming(bakery, utc("2027-05-09T22:00"))]


def test_days_are_those_of_country_and_trade_in_order(bakery: Shop) -> None:
    keys = [each.occasion.key for each in coming(bakery, days=40)]
    assert keys == [
        "may-day", "german-bread-day", "fathers-day-de", "mothers-day", "whitsun", "mill-day", "neighbours-day",
        "childrens-day",
    ]  # fmt: skip
    swiss = replace(bakery.business, country="CH", trade="hairdresser")
    there = verbs.days_of(swiss, Window(date(2027, 5, 1), date(2027, 6, 7)))
    assert [each.key for _, each in there] == ["may-day", "mothers-day", "whitsun", "fathers-day-ch"]


@pytest.mark.parametrize(("region", "kept"), [("NW", True), ("HH", False), ("", True)])
def test_carnival_comes_up_where_it_is_kept(bakery: Shop, region: str, kept: bool) -> None:
    with bakery.database.write() as tx:
        businesses.change(tx, bakery.id, region=region)
    keys = [each.occasion.key for each in coming(bakery, utc("2027-01-20T12:00"), days=30)]
    assert "ash-wednesday" in keys
    assert ("rose-monday" in keys) is kept


def test_an_idea_is_made_of_one_with_its_hint_to_be_filled_in(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        made = verbs.take(tx, bakery.business_in(tx), "german-bread-day", MORNING)
    assert (made.title, made.pillar) == ("Ein Brot und seine Geschichte", Pillar.BEHIND_THE_SCENES)
    assert made.text == "[Ein Brot vom Teig bis zur Theke. Wer hat das Rezept mitgebracht?]"
    day = found(bakery, "german-bread-day")
    assert (day.has_idea, day.is_time) == (True, False)
    assert not found(bakery, "mothers-day").has_idea
    with bakery.database.write() as tx:
        edited = {"title": "Unser Roggenbrot", "text": "", "pillar": Pillar.TIP, "channel_id": None}
        edit_idea(tx, bakery.business_in(tx), made.id, **edited)  # type: ignore[arg-type]
    assert found(bakery, "german-bread-day").has_idea, "by whatever name"
    with bakery.database.write() as tx:
        remove_idea(tx, bakery.business_in(tx), made.id)
    assert found(bakery, "german-bread-day").is_time


def test_next_year_it_is_time_again(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        verbs.take(tx, bakery.business_in(tx), "mothers-day", MORNING)
        assert len(ideas.backlog(tx, bakery.id)) == 1
    assert found(bakery, "mothers-day", MORNING + timedelta(days=365)).is_time


@pytest.mark.parametrize("key", ["", "fathers-day-ch", "coffee-machine-day"])
def test_a_day_that_is_none_of_its_own(bakery: Shop, key: str) -> None:
    with pytest.raises(NoSuchOccasion), bakery.database.write() as tx:
        verbs.take(tx, bakery.business_in(tx), key, MORNING)
