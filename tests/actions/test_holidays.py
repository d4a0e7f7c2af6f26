"""Cadences that give way to public holidays, in the tables: due days, goals, and what follows a change."""

from datetime import date

import pytest

from actions.conftest import Shop, utc
from planner.actions import pauses as closing
from planner.actions import posts
from planner.actions.consistency import history_of
from planner.actions.set_up import change_business
from planner.core.model import OnHoliday, Pillar
from planner.core.weeks import Week
from planner.store.queries import cadences
from planner.store.queries import pauses as all_pauses

CHRISTMAS = Week(2026, 52)  # Monday, 21 December, to Sunday; the 25th and 26th are holidays


@pytest.fixture
def bavarian(shop: Shop) -> Shop:
    settle_in(shop, "DE", "BY")
    return shop


def settle_in(shop: Shop, country: str, region: str, now: str = "2026-11-30T09:00") -> None:
    with shop.database.write() as tx:
        change_business(tx, shop.business_in(tx), {"country": country, "region": region}, now=utc(now), tzdata="2026.1")


def fridays(shop: Shop, on_holiday: OnHoliday) -> None:
    shop.cadence("FREQ=WEEKLY;BYDAY=FR", "2026-12-18T09:00", on_holiday=on_holiday)


def around_christmas(shop: Shop) -> list[tuple[str, str]]:
    return [
        (f"{post.slot:%m-%d}", f"{post.due_local:%m-%d}")
        for post in shop.posts()
        if post.slot and date(2026, 12, 17) < post.slot.date() < date(2027, 1, 5)
    ]


def goal(shop: Shop, week: Week = CHRISTMAS) -> int:
    with shop.database.read() as tx:
        found = history_of(tx, shop.business_in(tx), week, date(2027, 1, 4))
    return found.weeks[shop.channel.id][-1].goal


@pytest.mark.parametrize(
    ("on_holiday", "due", "owed"),
    [
        (OnHoliday.KEEP, [("12-18", "12-18"), ("12-25", "12-25"), ("01-01", "01-01")], 1),
        (OnHoliday.BEFORE, [("12-18", "12-18"), ("12-25", "12-24"), ("01-01", "12-31")], 1),
        (OnHoliday.AFTER, [("12-18", "12-18"), ("12-25", "12-27"), ("01-01", "01-02")], 1),
        (OnHoliday.SKIP, [("12-18", "12-18")], 0),
    ],
)
def test_a_slot_on_a_holiday(bavarian: Shop, on_holiday: OnHoliday, due: list[tuple[str, str]], owed: int) -> None:
    fridays(bavarian, on_holiday)
    assert around_christmas(bavarian) == due
    assert goal(bavarian) == owed
    with bavarian.database.read() as tx:
        assert cadences.of_business(tx, bavarian.id)[0].on_holiday is on_holiday


def test_the_goal_stays_in_the_week_of_the_slot(bavarian: Shop) -> None:
    """Easter Monday 2027 is 29 March; due on Saturday before (Good Friday is a holiday, Sunday none in Bavaria)."""
    bavarian.cadence(
        "FREQ=WEEKLY;BYDAY=MO", "2027-03-22T09:00", on_holiday=OnHoliday.BEFORE, now=utc("2027-03-15T09:00")
    )
    (moved,) = [post for post in bavarian.posts() if post.slot and post.slot.date() == date(2027, 3, 29)]
    assert moved.due_local.date() == date(2027, 3, 28)
    assert goal(bavarian, Week.of(date(2027, 3, 29))) == 1


def test_planning_again_doubles_nothing(bavarian: Shop) -> None:
    fridays(bavarian, OnHoliday.BEFORE)
    before = bavarian.posts()
    bavarian.plan(utc("2026-12-07T09:00"))
    after = bavarian.posts()
    assert after[: len(before)] == before
    assert len({post.slot for post in after}) == len(after)


def test_another_country_moves_what_nobody_touched(shop: Shop) -> None:
    fridays(shop, OnHoliday.AFTER)
    assert ("12-25", "12-25") in around_christmas(shop)
    touched = shop.on("2027-01-01")
    with shop.database.write() as tx:
        posts.edit(tx, touched.id, now=shop.now, title="Prosit")
    sequence = shop.on("2026-12-25").sequence
    settle_in(shop, "DE", "BY")
    assert around_christmas(shop) == [("12-18", "12-18"), ("12-25", "12-27"), ("01-01", "01-01")]
    assert shop.on("2026-12-27").sequence == sequence + 1
    assert shop.on("2026-12-27").revision == 0
    settle_in(shop, "", "")
    assert around_christmas(shop) == [("12-18", "12-18"), ("12-25", "12-25"), ("01-01", "01-01")]


def test_what_was_left_out_comes_back_with_another_country(bavarian: Shop) -> None:
    fridays(bavarian, OnHoliday.SKIP)
    assert around_christmas(bavarian) == [("12-18", "12-18")]
    settle_in(bavarian, "", "")
    assert around_christmas(bavarian) == [("12-18", "12-18"), ("12-25", "12-25"), ("01-01", "01-01")]
    settle_in(bavarian, "DE", "BY")
    assert around_christmas(bavarian) == [("12-18", "12-18")]


def test_a_pause_is_given_way_to_and_taken_back(bavarian: Shop) -> None:
    fridays(bavarian, OnHoliday.BEFORE)
    with bavarian.database.write() as tx:
        shut = closing.close(
            tx, bavarian.business_in(tx), date(2026, 12, 23), date(2026, 12, 24), now=bavarian.now
        ).pause
    assert ("12-25", "12-22") in around_christmas(bavarian)
    with bavarian.database.write() as tx:
        closing.remove_pause(tx, bavarian.business_in(tx), shut.id, texts=bavarian.texts, now=bavarian.now)
        assert not all_pauses.of_business(tx, bavarian.id)
    assert ("12-25", "12-24") in around_christmas(bavarian)


def test_the_usual_is_to_keep(shop: Shop) -> None:
    made = shop.cadence("FREQ=WEEKLY;BYDAY=FR", "2026-12-18T09:00", pillars=[Pillar.TIP])
    assert made.on_holiday is OnHoliday.KEEP
