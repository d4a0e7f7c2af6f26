"""Advice applied beside what is there: the minutes are said, and what is there stays, gives way, or ends."""

import pytest

from actions.conftest import Shop
from planner.actions import advise as verbs
from planner.actions import posts
from planner.core.advice import Answers, Stay
from planner.core.budget import How
from planner.core.model import Cadence, Purpose
from planner.store.queries import cadences, channels

HOUR = Answers(trade="bakery", country="DE", region="BY", minutes=60)  # 48 may be planned
DAILY, WEEKLY = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=FR"


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """On Google every day, and on X, of which no advice speaks, every Friday; a post of each was made."""
    shop.cadence(DAILY, "2026-11-30T09:00")
    shop.cadence(WEEKLY, "2026-12-04T12:00", channel=shop.add_channel("x", "X"))
    for post in shop.posts()[:5]:
        with shop.database.write() as tx:
            posts.complete(tx, post.id, now=shop.now)
    return shop


def outlook(shop: Shop, answers: Answers = HOUR) -> verbs.Outlook:
    advice = verbs.advice_for(answers)
    with shop.database.read() as tx:
        return verbs.outlook(tx, verbs.answered(shop.business, answers), answers, advice, shop.now)


def apply(shop: Shop, stay: Stay, answers: Answers = HOUR) -> verbs.Applied:
    advice = verbs.advice_for(answers)
    with shop.database.write() as tx:
        return verbs.apply(tx, shop.business_in(tx), answers, advice, shop.texts, shop.now, stay=stay)


def running(shop: Shop) -> list[tuple[str, str]]:
    with shop.database.read() as tx:
        there = {each.id: each.platform for each in channels.of_business(tx, shop.id)}
        found: list[Cadence] = cadences.of_business(tx, shop.id, active_on=shop.now.replace(tzinfo=None))
    return [(there[each.channel_id], each.rrule) for each in found if each.purpose is Purpose.POSTING]


def test_what_stays_is_counted_before_anything_is_done(busy: Shop) -> None:
    before = running(busy)
    found = outlook(busy).budget
    advice = verbs.advice_for(HOUR)
    google = next(each for each in advice.channels if each.key == "gbp")
    minutes = {each.channel.platform: each.minutes for each in found.kept}
    assert minutes["gbp"] == 7 * google.piece
    assert found.staying == sum(minutes.values())
    assert found.added == advice.minutes - google.minutes - google.answering
    assert (found.usable, found.over) == (48, found.taken - 48)
    assert {(each.how, each.channel.platform) for each in found.changes} == {(How.END, "x"), (How.ADVISED, "gbp")}
    assert running(busy) == before


def test_left_as_it_is_it_is_said_afterwards(busy: Shop) -> None:
    applied = apply(busy, Stay.LEAVE)
    assert applied.changed == ()
    assert [each.platform for each in applied.kept] == ["gbp"]
    assert applied.budget.over == outlook(busy).budget.over > 0
    assert {("gbp", DAILY), ("x", WEEKLY)} < set(running(busy))


def test_made_to_fit_it_is_within_the_minutes_and_history_stays(busy: Shop) -> None:
    made = [post.uid for post in busy.posts() if not post.open]
    applied = apply(busy, Stay.FIT)
    assert {each.how for each in applied.changed} == {How.END, How.ADVISED}
    assert applied.budget.over == 0
    assert applied.budget.taken <= 48
    assert ("gbp", DAILY) not in running(busy)
    assert "x" not in {platform for platform, _rule in running(busy)}
    assert {platform for platform, _rule in running(busy)} == {each.key for each in verbs.advice_for(HOUR).channels}
    assert {post.uid for post in busy.posts()} >= set(made)
    assert apply(busy, Stay.FIT).changed == ()


def test_only_as_much_gives_way_as_it_takes(shop: Shop) -> None:
    """Three notes a week on X beside the advice are too much, one every two weeks is not."""
    shop.cadence("FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-30T12:00", channel=shop.add_channel("x", "X"))
    with shop.database.write() as tx:
        posts.complete(tx, shop.posts()[0].id, now=shop.now)
    found = outlook(shop).budget
    assert [each.how for each in found.changes] == [How.SMALLER if found.over < found.staying * 5 // 6 else How.END]
    applied = apply(shop, Stay.FIT)
    assert applied.budget.over == 0
    x = [rule for platform, rule in running(shop) if platform == "x"]
    assert len(x) == sum(each.how is How.SMALLER for each in applied.changed)


def test_all_that_is_not_advised_ends(busy: Shop) -> None:
    applied = apply(busy, Stay.END)
    assert len(applied.changed) == 2
    assert applied.budget.taken <= verbs.advice_for(HOUR).minutes
    after = running(busy)
    assert apply(busy, Stay.END).changed == (), "what is as advised stays"
    assert running(busy) == after


def test_what_was_only_begun_with_makes_room_and_takes_nothing(shop: Shop) -> None:
    apply(shop, Stay.LEAVE)
    found = outlook(shop, Answers(trade="bakery", minutes=150, likes=("text", "image", "video")))
    assert found.replaced
    assert (found.budget.kept, found.budget.over) == ((), 0)
