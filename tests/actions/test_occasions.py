"""Days that come up for a business: when each is to be begun, and what becomes of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions.conftest import Shop, local, utc
from actions.test_mails import text_of, written
from planner.actions import occasions as verbs
from planner.actions import remind
from planner.actions.ideas import add_idea, edit_idea, put_into_post, put_onto_day, remove_idea
from planner.actions.occasions import Coming, NoSuchOccasion
from planner.core.model import Idea, MessageKind, Pillar, Status, Window
from planner.core.wording import gaps
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


def test_an_idea_is_made_of_one_with_a_text_in_the_words_of_the_trade(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        made = verbs.take(tx, bakery.business_in(tx), "german-bread-day", MORNING)
    assert (made.title, made.pillar) == ("Ein Brot und seine Geschichte", Pillar.BEHIND_THE_SCENES)
    assert "je nachdem, wer in der Backstube steht." in made.text
    assert made.text.endswith("\n\nWelches Brot schmeckt für euch nach Kindheit?")
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


def test_a_post_made_of_it_has_the_text_and_what_may_be_added(bakery: Shop) -> None:
    bakery.cadence("FREQ=WEEKLY;BYDAY=TU", "2027-05-04T09:00", now=MORNING)
    slot = bakery.on("2027-05-04")
    with bakery.database.write() as tx:
        business = bakery.business_in(tx)
        mothers, bread = (verbs.take(tx, business, key, MORNING) for key in ("mothers-day", "german-bread-day"))
        put_into_post(tx, business, mothers.id, slot.id, now=MORNING)
        put_onto_day(tx, business, bread.id, bakery.channel, local("2027-05-05T10:00"), now=MORNING)
    for day, idea, hint in (
        ("2027-05-04", mothers, "Was man schenken, backen oder gemeinsam machen kann"),
        ("2027-05-05", bread, "Ein Brot vom Teig bis zur Theke."),
    ):
        post = bakery.on(day)
        assert (post.title, post.text, post.status) == (idea.title, idea.text, Status.DRAFTED)
        assert post.hint.startswith(hint)
        assert gaps(post.text) == []


def test_the_mail_of_the_morning_has_its_text_and_no_gap(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        business = bakery.business_in(tx)
        idea = verbs.take(tx, business, "german-bread-day", MORNING)
        put_onto_day(tx, business, idea.id, bakery.channel, local("2027-05-05T10:00"), now=MORNING)
        remind.schedule(tx, businesses.change(tx, bakery.id, email="chef@example.org"), MORNING)
    said = text_of(written(bakery, MessageKind.DIGEST, "2027-05-05T07:00"))
    assert idea.text in said
    assert "Hinweis: Ein Brot vom Teig bis zur Theke." in said
    assert "Noch auszufüllen" not in said


def test_a_day_that_is_no_longer_in_the_files_leaves_its_idea(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        business = bakery.business_in(tx)
        idea = add_idea(tx, business, title="Tag des Krapfens", occasion="doughnut-day-2027", now=MORNING)
        placed = put_onto_day(tx, business, idea.id, bakery.channel, local("2027-05-05T10:00"), now=MORNING)
    assert placed.after.hint == ""


def test_of_two_taps_at_once_one_makes_the_idea(bakery: Shop) -> None:
    def tap() -> Idea:
        with bakery.database.write() as tx:
            return verbs.take(tx, bakery.business_in(tx), "mothers-day", MORNING)

    with ThreadPoolExecutor(1) as other:
        with bakery.database.write() as tx:
            first = verbs.take(tx, bakery.business_in(tx), "mothers-day", MORNING)
            second = other.submit(tap)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result(timeout=30) == first
    with bakery.database.read() as tx:
        assert ideas.backlog(tx, bakery.id) == [first]
