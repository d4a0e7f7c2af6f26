"""Planning ahead: every slot once, thirteen weeks at any moment, whatever happened in between."""

import re
import threading
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from actions.conftest import Shop, local, utc
from planner.actions import broken, plan, posts, rederive
from planner.actions.set_up import change_business
from planner.core.model import Mix, Pillar, Status
from planner.errors import UnknownTimezone
from planner.store.queries import businesses, cadences, facts
from planner.store.tables import cadence

TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"
FOURTEEN_TUESDAYS = [
    "12-01", "12-08", "12-15", "12-22", "12-29", "01-05", "01-12", "01-19", "01-26", "02-02", "02-09", "02-16",
    "02-23", "03-02",
]  # fmt: skip


def test_a_new_cadence_is_planned_thirteen_weeks_and_one_ahead(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    assert shop.days() == FOURTEEN_TUESDAYS
    first = shop.posts()[0]
    assert (first.slot, first.due_local) == (local("2026-12-01T09:00"),) * 2
    assert first.due_at == utc("2026-12-01T08:00")
    assert (first.status, first.revision, first.sequence) == (Status.PLANNED, 0, 0)
    assert first.title
    assert first.text
    assert first.prompt.startswith(f"{first.pillar}/")


def test_a_slot_earlier_today_is_planned_too(shop: Shop) -> None:
    """It is half past nine: the post of eight o'clock is due today all the same."""
    shop.cadence("FREQ=WEEKLY;BYDAY=MO", "2026-11-30T08:00")
    assert shop.days()[0] == "11-30"


def test_nothing_of_the_past_is_planned(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-01-06T09:00")
    assert shop.days() == FOURTEEN_TUESDAYS


def test_planning_again_adds_nothing_until_the_spare_week_is_used_up(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    assert shop.plan(shop.now) == plan.Planned(0, more=False)
    assert shop.plan(utc("2026-12-06T22:59")) == plan.Planned(0, more=False)  # 23:59 in Berlin
    assert shop.plan(utc("2026-12-06T23:00")) == plan.Planned(1, more=False)  # midnight
    assert shop.days() == [*FOURTEEN_TUESDAYS, "03-09"]


def test_at_every_midnight_of_half_a_year_thirteen_weeks_are_planned(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY", "2026-11-30T09:00")
    seen = 0
    for day in range(0, 180, 3):
        now = shop.now + timedelta(days=day)
        seen += shop.plan(now).posts > 0
        last = shop.posts()[-1].due_local.date()
        assert last >= date(2026, 11, 30) + timedelta(days=day + 13 * 7 - 1), now
    assert seen == 19, "about weekly: asked every third day, it is had every ninth"


def test_after_half_a_year_switched_off_planning_goes_on_from_today(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    shop.plan(utc("2027-06-02T08:00"))  # a Wednesday
    after = shop.days()[14:]
    assert (after[0], len(after)) == ("06-08", 14)


def test_many_cadences_are_planned_in_portions(shop: Shop) -> None:
    for hour in range(5):
        shop.cadence(TUESDAYS, f"2026-11-30T1{hour}:00")
    later = utc("2026-12-06T23:00")
    assert [shop.plan(later, limit=2) for _ in range(3)] == [
        plan.Planned(2, more=True),
        plan.Planned(2, more=True),
        plan.Planned(1, more=False),
    ]


def test_two_planners_at_once_make_every_post_once(shop: Shop) -> None:
    for hour in range(6):
        shop.cadence("FREQ=DAILY", f"2026-11-30T1{hour}:00")
    before, start, errors = len(shop.posts()), threading.Barrier(3), []

    def run() -> None:
        start.wait()
        try:
            while shop.plan(utc("2026-12-14T08:00"), limit=2).more:
                pass
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    found = shop.posts()
    assert len(found) == before + 6 * 14
    assert len({(post.cadence_id, post.slot) for post in found}) == len(found)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (f"{TUESDAYS};COUNT=3", ["12-01", "12-08", "12-15"]),
        (f"{TUESDAYS};UNTIL=20261215", ["12-01", "12-08", "12-15"]),
        (f"{TUESDAYS};UNTIL=20261215T075959Z", ["12-01", "12-08"]),
    ],
)
def test_a_rule_that_is_over_wants_no_more_planning(shop: Shop, rule: str, days: list[str]) -> None:
    shop.cadence(rule, "2026-12-01T09:00")
    assert shop.days() == days
    assert shop.plan(utc("2036-01-01T00:00")) == plan.Planned(0, more=False)
    with shop.database.read() as tx:
        assert cadences.to_plan(tx, utc("2100-01-01T00:00"), 10) == []


def test_a_rule_that_pauses_for_years_is_not_over(shop: Shop) -> None:
    """Leap days: 29 February 2028 comes, though nothing does within the horizon."""
    shop.cadence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-30T09:00")
    assert shop.days() == []
    now = shop.now
    while now < utc("2028-01-01T00:00"):
        shop.plan(now := now + timedelta(days=7))
    assert shop.days() == ["02-29"]


def test_days_left_out_get_no_post(shop: Shop) -> None:
    shop.cadence(f"{TUESDAYS};COUNT=3", "2026-12-01T09:00", exdates=[date(2026, 12, 8)])
    assert shop.days() == ["12-01", "12-15"]


# --- the clocks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "day", "slot", "due_local", "due_at"),
    [
        # 28 March 2027: from 02:00 to 03:00 there is nothing; half past two is half past three.
        ("2027-03-20T08:00", "2027-03-28", "02:30", "2027-03-28T03:30", "2027-03-28T01:30"),
        ("2027-03-20T08:00", "2027-03-29", "02:30", "2027-03-29T02:30", "2027-03-29T00:30"),
        # 31 October 2027: half past two comes twice; the first one, still in summer time.
        ("2027-10-20T08:00", "2027-10-31", "02:30", "2027-10-31T02:30", "2027-10-31T00:30"),
        ("2027-10-20T08:00", "2027-11-01", "02:30", "2027-11-01T02:30", "2027-11-01T01:30"),
    ],
)
def test_when_the_clocks_change(shop: Shop, made: str, day: str, slot: str, due_local: str, due_at: str) -> None:
    shop.cadence("FREQ=DAILY", f"{made[:10]}T02:30", now=utc(made))
    post = shop.on(day)
    assert post.slot == local(f"{day}T{slot}"), "the identity is what the rule says"
    assert (post.due_local, post.due_at) == (local(due_local), utc(due_at))


def test_nine_in_the_morning_stays_nine_in_the_morning(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY", "2027-03-20T09:00", now=utc("2027-03-20T08:00"))
    assert {post.due_local.hour for post in shop.posts()} == {9}
    assert [shop.on(f"2027-03-{day}").due_at.hour for day in (27, 28)] == [8, 7]


def test_another_zone_moves_what_is_to_come_and_nothing_else(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY", "2026-11-30T09:00")
    done, moved = shop.on("2026-11-30"), shop.on("2026-12-02")
    with shop.database.write() as tx:
        posts.complete(tx, done.id, now=shop.now)
        change_business(tx, shop.business_in(tx), {"timezone": "Europe/Lisbon"}, now=shop.now, tzdata="2026.1")
    assert shop.post(done.id).due_at == utc("2026-11-30T08:00")
    after = shop.post(moved.id)
    assert (after.due_local, after.due_at) == (local("2026-12-02T09:00"), utc("2026-12-02T09:00"))
    assert after.sequence == 1, "a calendar program takes it for a change"
    assert after.revision == 0, "nobody touched it"


def test_a_zone_that_is_not_there_changes_nothing(shop: Shop) -> None:
    with pytest.raises(UnknownTimezone), shop.database.write() as tx:
        change_business(tx, shop.business_in(tx), {"timezone": "Europe/Bielefeld"}, now=shop.now, tzdata="")
    assert shop.business.timezone == "Europe/Berlin"


def test_new_zone_rules_are_noted_once(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    with shop.database.write() as tx:
        assert businesses.with_other_tzdata(tx, "2027.9") == [shop.business_in(tx).id]
        assert rederive.rederive(tx, shop.business_in(tx), shop.now, "2027.9") == 0, (
            "the rules of Berlin did not change"
        )
        assert businesses.with_other_tzdata(tx, "2027.9") == []


# --- what is written into them ----------------------------------------------------------------------------------


def test_names_of_posts_tell_nothing_and_never_come_twice(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY", "2026-11-30T09:00")
    uids = [post.uid for post in shop.posts()]
    assert len(set(uids)) == len(uids) == 98
    shapes = {re.sub(r"^post-[0-9a-f]{32}@", "", uid) for uid in uids}
    assert len(shapes) == 1, "one installation, one name"
    assert re.fullmatch(r"[0-9a-f]{16}\.invalid", shapes.pop())


def test_promises_of_the_rotation_hold_over_weekly_planning(shop: Shop) -> None:
    """Two cadences on one channel, half a year, planned a week at a time."""
    shop.cadence("FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-30T09:00")
    shop.cadence(
        TUESDAYS, "2026-12-01T17:00", pillars=[Pillar.TIP, Pillar.THANKS, Pillar.TEAM, Pillar.LOCAL, Pillar.OFFER]
    )
    for week in range(26):
        shop.plan(shop.now + timedelta(weeks=week))
    found = shop.posts()
    assert len(found) == 4 * (26 + 13)
    assert all(one.prompt != next_one.prompt for one, next_one in pairwise(found))
    for five in zip(*(found[n:] for n in range(5)), strict=False):
        assert sum(post.pillar.mix is Mix.PROMOTION for post in five) <= 1, five[0].due_local
    assert found[0].pillar.mix is Mix.DIALOGUE


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("2026-12-01", "winter"), ("2027-02-28", "winter"), ("2027-03-01", "spring"), ("2027-05-31", "spring"),
        ("2027-06-01", "summer"), ("2027-08-31", "summer"), ("2027-09-01", "autumn"), ("2027-11-30", "autumn"),
    ],
)  # fmt: skip
def test_seasons(day: str, season: str) -> None:
    assert plan.season(datetime.fromisoformat(day)) == season


def test_a_new_name_reaches_the_texts_nobody_touched(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY", "2026-11-30T09:00")
    named = [post for post in shop.posts() if "Bäckerei Huber" in post.text]
    assert len(named) > 2
    mine, theirs = named[0], named[1:]
    with shop.database.write() as tx:
        posts.edit(tx, mine.id, now=shop.now, title="Unser Tag")
        change_business(tx, shop.business_in(tx), {"name": "Huber & Söhne"}, now=shop.now, tzdata="2026.1")
    assert "Bäckerei Huber" in shop.post(mine.id).text
    for post in theirs:
        after = shop.post(post.id)
        assert after.text == post.text.replace("Bäckerei Huber", "Huber & Söhne")
        assert (after.uid, after.revision, after.due_at) == (post.uid, 0, post.due_at)


def test_another_language_writes_the_coming_texts_anew(shop: Shop) -> None:
    shop.cadence("FREQ=DAILY", "2026-11-30T09:00")
    before = {post.id: post for post in shop.posts()}
    with shop.database.write() as tx:
        change_business(tx, shop.business_in(tx), {"language": "en"}, now=shop.now, tzdata="2026.1")
    for after in shop.posts():
        assert after.text != before[after.id].text
        assert (after.prompt, after.pillar) == (before[after.id].prompt, before[after.id].pillar)


# --- what people did stays ---------------------------------------------------------------------------------------


def test_a_moved_post_is_not_planned_again_at_its_slot(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    post = shop.on("2026-12-01")
    with shop.database.write() as tx:
        posts.move(tx, post.id, local("2026-12-03T12:00"), now=shop.now)
        cadences.want_planning(tx, shop.id, shop.now)
    assert shop.plan(shop.now).posts == 0
    assert shop.days() == ["12-03", *FOURTEEN_TUESDAYS[1:]]


def test_a_wider_horizon_is_planned_at_the_next_chance(shop: Shop) -> None:
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    with shop.database.write() as tx:
        change_business(tx, shop.business_in(tx), {"horizon_weeks": 26}, now=shop.now, tzdata="2026.1")
    assert shop.plan(shop.now) == plan.Planned(13, more=False)


def test_planning_is_seen_by_feeds(shop: Shop) -> None:
    before = shop.business.revision
    shop.cadence(TUESDAYS, "2026-11-30T09:00")
    between = shop.business.revision
    shop.plan(utc("2026-12-07T08:00"))
    assert before < between < shop.business.revision


def test_a_broken_cadence_is_noted_and_does_not_hold_up_the_others(shop: Shop) -> None:
    sound = shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00")
    ill = shop.cadence("FREQ=WEEKLY;BYDAY=WE", "2026-12-02T09:00")
    with shop.database.write() as tx:
        cadences.want_planning(tx, shop.id, shop.now)
        tx.execute(update(cadence).where(cadence.c.id == ill.id).values(rrule="FREQ=NEVER"))
    later = shop.now + timedelta(weeks=8)
    planned = shop.plan(later)
    assert planned.posts == 8
    far = shop.posts()[0].due_at + timedelta(weeks=15)
    assert {post.cadence_id for post in shop.posts() if post.due_at > far} == {sound.id}
    assert f"Cadence {ill.id} of {shop.business.name} cannot be planned" in planned.errors[0].sentence()
    assert shop.plan(later + timedelta(minutes=59)).errors == ()
    assert len(shop.plan(later + timedelta(minutes=60)).errors) == 1
    with shop.database.write() as tx:
        assert len(facts.beginning(tx, broken.NOTES)) == 1
        tx.execute(update(cadence).where(cadence.c.id == ill.id).values(rrule="FREQ=WEEKLY;BYDAY=WE"))
    assert shop.plan(later + timedelta(minutes=120)).posts == 8
    with shop.database.read() as tx:
        assert facts.beginning(tx, broken.NOTES) == {}
