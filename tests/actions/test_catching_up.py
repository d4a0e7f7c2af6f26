"""After a miss, in the tables: advice, what applying it does, and rhythms that are offered, taken and declined."""

from datetime import date, timedelta

import pytest

from actions.conftest import Shop, utc
from planner.actions import catching_up as verbs
from planner.actions import posts
from planner.actions.cadences import end_cadence
from planner.actions.catching_up import CatchUp, NoOffer, Offer
from planner.actions.overview import Summary, summary_of
from planner.actions.pauses import close
from planner.core.catching_up import Step
from planner.core.friendly import pile_words
from planner.core.ladder import Size
from planner.core.model import Content, OnHoliday, Pillar, Status
from planner.core.weeks import Week
from planner.store.queries import cadences

TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"
STEADY = [Pillar.TIP, Pillar.QUESTION, Pillar.TEAM]


@pytest.fixture
def weekly(shop: Shop) -> Shop:
    """Google on Tuesdays at nine from 1 December 2026 on."""
    shop.cadence(TUESDAYS, "2026-12-01T09:00", pillars=STEADY, on_holiday=OnHoliday.BEFORE)
    return shop


def found(shop: Shop, now: str) -> CatchUp:
    with shop.database.read() as tx:
        return verbs.catch_up_of(tx, shop.business_in(tx), utc(now))


def summary(shop: Shop, week: Week, now: str) -> Summary:
    with shop.database.read() as tx:
        return summary_of(tx, shop.business_in(tx), week, utc(now))


def advised(shop: Shop, now: str) -> list[tuple[str, str]]:
    return [(f"{each.post.due_local:%m-%d}", each.step.value) for each in found(shop, now).advice]


def offers(shop: Shop, now: str) -> list[tuple[str, str, str, int]]:
    return [(str(each.size), str(each.rule), str(each.first), each.weeks) for each in found(shop, now).offers]


def done_on_time(shop: Shop, until: str) -> None:
    for post in shop.posts():
        if post.due_local.date() <= date.fromisoformat(until) and post.open:
            with shop.database.write() as tx:
                posts.complete(tx, post.id, now=post.due_at)


def answer(shop: Shop, verb: str, now: str) -> Offer:
    with shop.database.write() as tx:
        if verb == "take":
            return verbs.take_offer(tx, shop.business_in(tx), shop.channel, texts=shop.texts, now=utc(now))
        return verbs.decline_offer(tx, shop.business_in(tx), shop.channel, now=utc(now))


def test_advice_for_what_slipped(weekly: Shop) -> None:
    assert advised(weekly, "2026-12-01T12:00") == []
    assert advised(weekly, "2026-12-03T12:00") == [("12-01", "post")]
    assert advised(weekly, "2026-12-21T12:00") == [("12-01", "drop"), ("12-08", "move"), ("12-15", "move")]
    days = [str(each.day) for each in found(weekly, "2026-12-21T12:00").advice if each.day]
    assert days == ["2026-12-24", "2026-12-23"], "the newer one comes first"


def test_the_summary_of_each_week_says_the_same(weekly: Shop) -> None:
    moment = "2026-12-21T12:00"
    whole = {each.post.id: each for each in found(weekly, moment).advice}
    for week in (50, 51):
        shown = summary(weekly, Week(2026, week), moment)
        for post in (*shown.missed, *shown.older):
            assert shown.advice[post.id] == whole[post.id]


def test_a_pause_is_no_day_to_move_to(weekly: Shop) -> None:
    with weekly.database.write() as tx:
        close(tx, weekly.business_in(tx), date(2026, 12, 23), date(2026, 12, 26), now=weekly.now)
    days = [str(each.day) for each in found(weekly, "2026-12-21T12:00").advice if each.day]
    assert days == ["2026-12-28", "2026-12-27"]


def test_applying_moves_and_drops_and_leaves_at_most_two(weekly: Shop) -> None:
    now = "2026-12-21T12:00"
    shown = found(weekly, now)
    with weekly.database.write() as tx:
        applied = verbs.apply_advice(tx, shown, now=utc(now))
    assert [each.step for each in applied] == [Step.DROP, Step.MOVE, Step.MOVE]
    assert [weekly.post(each.post.id).status for each in applied] == [Status.SKIPPED, Status.PLANNED, Status.PLANNED]
    assert [f"{weekly.post(each.post.id).due_local:%m-%d %H:%M}" for each in applied[1:]] == [
        "12-24 09:00", "12-23 09:00"
    ]  # fmt: skip
    assert advised(weekly, now) == []


def test_who_never_posts_and_taps_each_morning_has_never_more_than_two_open(shop: Shop) -> None:
    """Three channels, six posts a week, nine weeks in which nothing is made: after the tap two old ones stand open."""
    shop.cadence("FREQ=WEEKLY;BYDAY=MO,TH", "2026-12-01T09:00")
    for platform in ("whatsapp", "instagram"):
        shop.cadence("FREQ=WEEKLY;BYDAY=TU,SA", "2026-12-01T11:00", channel=shop.add_channel(platform))
    worst = 0
    for day in range(63):
        now = utc("2026-12-02T07:00") + timedelta(days=day)
        with shop.database.write() as tx:
            before = verbs.catch_up_of(tx, shop.business_in(tx), now)
            verbs.apply_advice(tx, before, now=now)
            after = verbs.catch_up_of(tx, shop.business_in(tx), now)
        assert len(after.advice) <= 2
        assert {each.step for each in after.advice} <= {Step.POST}
        assert not pile_words(after.advice, str)
        worst = max(worst, len(before.advice))
    assert worst > 2, "or nothing was tried"


def test_without_the_tap_the_pile_is_named(weekly: Shop) -> None:
    there = found(weekly, "2026-12-21T12:00").advice
    assert pile_words(there, str) == (
        "3 old posts stand open, and two at a time are enough. Settle the oldest first; as advised, 0 stay for today."
    )
    assert (there[0].step, there[0].post.due_local.day) == (Step.DROP, 1), "the oldest"
    assert pile_words(there[1:], str) == ""


def test_only_what_was_shown_is_applied(weekly: Shop) -> None:
    now = "2026-12-21T12:00"
    shown = found(weekly, now)
    oldest = shown.advice[0].post.id
    with weekly.database.write() as tx:
        assert [each.post.id for each in verbs.apply_advice(tx, shown, only={oldest}, now=utc(now))] == [oldest]
    assert len(found(weekly, now).advice) == 2


def test_after_three_weeks_below_goal_a_smaller_rhythm_is_offered(weekly: Shop) -> None:
    assert offers(weekly, "2026-12-20T12:00") == []
    assert offers(weekly, "2026-12-21T12:00") == [("smaller", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-22", 3)]
    assert [each.size for each in summary(weekly, Week(2026, 51), "2026-12-21T12:00").offers] == [Size.SMALLER]
    assert summary(weekly, Week(2026, 50), "2026-12-21T12:00").offers == ()


def test_taking_it_ends_one_cadence_and_begins_the_other(weekly: Shop) -> None:
    taken = answer(weekly, "take", "2026-12-21T12:00")
    with weekly.database.read() as tx:
        before, after = cadences.of_business(tx, weekly.id)
    assert (before.id, str(before.end)) == (taken.cadence.id, "2026-12-22 00:00:00")
    assert (after.rrule, str(after.dtstart)) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-22 09:00:00")
    assert (after.pillars, after.on_holiday) == (before.pillars, OnHoliday.BEFORE)
    assert weekly.days()[:6] == ["12-01", "12-08", "12-15", "12-22", "01-05", "01-19"]
    assert offers(weekly, "2026-12-21T12:00") == []
    assert offers(weekly, "2027-01-18T12:00") == [], "two weeks of the new one, of which one owed something"
    with pytest.raises(NoOffer):
        answer(weekly, "take", "2026-12-21T12:00")


def test_the_other_rhythm_is_made_of_the_same(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-12-01T09:00", pillars=STEADY, content=Content.VIDEO)
    answer(shop, "take", "2026-12-21T12:00")
    with shop.database.read() as tx:
        assert [each.content for each in cadences.of_business(tx, shop.id)] == [Content.VIDEO] * 2


def test_the_new_rhythm_is_judged_by_its_own_weeks(weekly: Shop) -> None:
    answer(weekly, "take", "2026-12-21T12:00")
    assert offers(weekly, "2027-01-24T12:00") == []
    assert offers(weekly, "2027-01-25T12:00") == [("smaller", "FREQ=MONTHLY;BYDAY=1TU", "2027-02-02", 3)]


def test_declined_it_comes_again_after_eight_weeks(weekly: Shop) -> None:
    answer(weekly, "decline", "2026-12-21T12:00")
    assert offers(weekly, "2026-12-21T12:00") == []
    assert offers(weekly, "2027-02-14T12:00") == []
    assert [each[0] for each in offers(weekly, "2027-02-15T12:00")] == ["smaller"]
    with pytest.raises(NoOffer):
        answer(weekly, "decline", "2026-12-21T12:00")


def test_after_eight_weeks_at_goal_a_larger_one_is_offered(shop: Shop) -> None:
    shop.cadence("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-01T09:00", pillars=STEADY)
    shop.plan(utc("2027-03-01T12:00"))
    done_on_time(shop, "2027-03-09")
    assert offers(shop, "2027-03-14T12:00") == []
    assert offers(shop, "2027-03-15T12:00") == [("larger", "FREQ=WEEKLY;BYDAY=TU", "2027-03-23", 8)]


def test_never_more_often_than_is_recommended(shop: Shop) -> None:
    """Once a week is what is recommended for Google at most."""
    shop.cadence(TUESDAYS, "2026-12-01T09:00", pillars=STEADY)
    done_on_time(shop, "2027-02-01")
    assert offers(shop, "2027-02-02T12:00") == []


def test_a_pause_breaks_no_run_and_is_none(weekly: Shop) -> None:
    with weekly.database.write() as tx:
        close(tx, weekly.business_in(tx), date(2026, 12, 7), date(2026, 12, 20), now=weekly.now)
    assert offers(weekly, "2026-12-28T12:00") == []
    assert [each[3] for each in offers(weekly, "2027-01-04T12:00")] == [3]


def test_of_several_cadences_the_busiest_becomes_smaller(shop: Shop) -> None:
    shop.cadence("FREQ=MONTHLY;BYDAY=1FR", "2026-12-01T09:00", pillars=STEADY)
    shop.cadence("FREQ=WEEKLY;BYDAY=MO,TH", "2026-12-01T09:00", pillars=STEADY)
    assert offers(shop, "2026-12-21T12:00") == [("smaller", "FREQ=WEEKLY;BYDAY=MO", "2026-12-24", 3)]


def test_an_ended_cadence_is_not_made_smaller(weekly: Shop) -> None:
    with weekly.database.write() as tx:
        (there,) = cadences.of_business(tx, weekly.id)
        end_cadence(tx, weekly.business_in(tx), there.id, date(2027, 2, 1), now=weekly.now)
    assert offers(weekly, "2026-12-21T12:00") == []
