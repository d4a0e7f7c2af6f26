"""Betriebsferien: what disappears, what stays, and what comes back."""

from datetime import date

import pytest

from actions.conftest import Shop, local, utc
from planner.actions import pauses as verbs
from planner.actions import posts
from planner.actions.cadences import end_cadence
from planner.actions.pauses import Paused
from planner.core.model import Channel, Pause
from planner.errors import BackwardsRange, NoSuchPause
from planner.store.queries import cadences, pauses

TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"


def pause(shop: Shop, first: str, last: str, channel: Channel | None = None) -> Paused:
    with shop.database.write() as tx:
        return verbs.add_pause(
            tx, shop.business_in(tx), date.fromisoformat(first), date.fromisoformat(last), channel=channel, now=shop.now
        )


def resume(shop: Shop, paused: Pause, now: str = "2026-11-30T09:00") -> int:
    with shop.database.write() as tx:
        return verbs.remove_pause(tx, shop.business_in(tx), paused.id, texts=shop.texts, now=utc(now))[1]


def test_both_days_belong_to_a_pause(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY;COUNT=5", "2026-11-30T09:00")
    assert pause(shop, "2026-12-01", "2026-12-03").removed == 3
    assert shop.days() == ["11-30", "12-04"]


def test_a_pause_of_one_day(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY;COUNT=3", "2026-11-30T23:59")
    pause(shop, "2026-12-01", "2026-12-01")
    assert shop.days() == ["11-30", "12-02"]


def test_what_somebody_worked_on_stays_and_is_told(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY;COUNT=4", "2026-11-30T09:00")
    drafted, done, moved = (shop.on(day) for day in ("2026-11-30", "2026-12-01", "2026-12-02"))
    with shop.database.write() as tx:
        posts.edit(tx, drafted.id, now=shop.now, title="Advent")
        posts.complete(tx, done.id, now=shop.now)
        posts.move(tx, moved.id, local("2027-01-15T09:00"), now=shop.now)
    paused = pause(shop, "2026-11-30", "2026-12-03")
    assert paused.removed == 1
    assert [post.id for post in paused.kept] == [drafted.id], "posted is done, moved is out of the way"
    assert shop.days() == ["11-30", "12-01", "01-15"]


def test_an_illness_noted_afterwards(shop: Shop) -> None:
    """Two posts of last week that nobody touched are no misses any more."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU,TH", "2026-11-30T09:00")
    pause(shop, "2026-11-30", "2026-12-06")
    assert shop.days()[0] == "12-08"


def test_a_pause_of_one_channel(shop: Shop) -> None:
    other = shop.add_channel("whatsapp")
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    shop.cadence(TUESDAYS, "2026-11-30T11:00", channel=other)
    mine = shop.posts()[0]
    with shop.database.write() as tx:
        posts.edit(tx, mine.id, now=shop.now, title="bleibt")
    paused = pause(shop, "2026-12-01", "2026-12-08", channel=other)
    assert (paused.removed, paused.kept) == (2, ())
    assert shop.days()[:4] == ["12-01", "12-08", "12-15", "12-15"]


def test_beyond_the_horizon_the_pause_is_there_when_its_time_comes(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    assert pause(shop, "2027-03-08", "2027-03-14").removed == 0
    for week in ("2026-12-07", "2026-12-14"):
        shop.plan(utc(f"{week}T08:00"))
    assert shop.days()[-2:] == ["03-02", "03-16"]


@pytest.mark.parametrize("moment", ["2026-11-30T09:00", "2026-12-20T09:00"], ids=["before", "afterwards"])
def test_taken_away_its_posts_come_back_past_ones_too(shop: Shop, moment: str) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    before = shop.days()
    paused = pause(shop, "2026-12-01", "2026-12-14").pause
    assert shop.days() == before[2:]
    assert resume(shop, paused, moment) == 2
    assert shop.days() == before
    with shop.database.read() as tx:
        assert pauses.of_business(tx, shop.id) == []


def test_what_had_stayed_does_not_come_twice(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    before = shop.days()
    with shop.database.write() as tx:
        posts.edit(tx, shop.posts()[0].id, now=shop.now, title="bleibt")
    paused = pause(shop, "2026-12-01", "2026-12-14").pause
    assert resume(shop, paused) == 1
    assert shop.days() == before


def test_another_pause_over_the_same_days_still_holds(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY;COUNT=5", "2026-11-30T09:00")
    first = pause(shop, "2026-11-30", "2026-12-02").pause
    pause(shop, "2026-12-02", "2026-12-03")
    assert resume(shop, first) == 2
    assert shop.days() == ["11-30", "12-01", "12-04"]


def test_nothing_comes_back_from_before_the_cadence_was_made(shop: Shop) -> None:
    """Its first date is in January, but it was made on 30 November: there never were posts to come back."""
    shop.cadence(TUESDAYS, "2026-01-06T09:00")
    before = shop.days()
    assert resume(shop, pause(shop, "2026-02-01", "2026-02-28").pause) == 0
    assert shop.days() == before


def test_nothing_comes_back_from_an_ended_cadence(shop: Shop) -> None:
    cadence = shop.cadence(TUESDAYS, "2026-11-30T09:00")
    paused = pause(shop, "2026-12-01", "2026-12-14").pause
    with shop.database.write() as tx:
        end_cadence(tx, shop.business_in(tx), cadence.id, date(2026, 12, 8), now=shop.now)
    assert resume(shop, paused) == 1
    assert shop.days() == ["12-01"]


def test_coming_back_does_not_plan_further_than_was_planned(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    before = shop.days()
    assert resume(shop, pause(shop, "2026-12-01", "2027-12-31").pause) == 14
    assert shop.days() == before
    with shop.database.read() as tx:
        (cadence,) = cadences.of_business(tx, shop.id)
    assert (cadence.planned_until, cadence.position) == (local("2027-03-08T00:00"), 14)


def test_a_range_the_wrong_way_round(shop: Shop) -> None:
    with pytest.raises(BackwardsRange, match="2 December 2026 to 1 December 2026"):
        pause(shop, "2026-12-02", "2026-12-01")


def test_one_that_is_not_there(shop: Shop) -> None:
    with pytest.raises(NoSuchPause, match="7"), shop.database.write() as tx:
        verbs.remove_pause(tx, shop.business_in(tx), 7, texts=shop.texts, now=shop.now)
