"""Two cadences that answer on a channel: what one no longer does is the other one's again."""

from datetime import date, datetime

import pytest

from actions.conftest import Shop, local
from planner.actions import cadences, left_out, posts
from planner.core.model import Cadence, Post, Purpose

DAILY, WORKDAYS = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
LAST = date(2027, 2, 1)  # planning is at least that far


@pytest.fixture
def two(shop: Shop) -> tuple[Cadence, Cadence]:
    """Google is answered on working days at five and, by another cadence, daily at ten: one round a day in all."""
    first = shop.cadence(WORKDAYS, "2026-11-30T17:00", purpose=Purpose.REPLYING)
    other = shop.cadence(DAILY, "2026-11-30T10:00", purpose=Purpose.REPLYING)
    assert {post.due_local.hour for post in rounds(shop, "2026-12-02")} == {17}
    return first, other


def rounds(shop: Shop, day: str = "") -> list[Post]:
    return [post for post in shop.posts() if post.is_round and f"{post.due_local:%Y-%m-%d}".startswith(day)]


def days(shop: Shop) -> list[date]:
    return [post.due_local.date() for post in rounds(shop) if post.due_local.date() < LAST]


def end(shop: Shop, cadence: Cadence, on: str) -> None:
    with shop.database.write() as tx:
        cadences.end_cadence(tx, shop.business_in(tx), cadence.id, date.fromisoformat(on), now=shop.now)


def test_ending_one_gives_its_days_to_the_other(shop: Shop, two: tuple[Cadence, Cadence]) -> None:
    before = days(shop)
    end(shop, two[0], "2026-12-07")
    assert days(shop) == before == sorted(set(before)), "each day still has its round, and one"
    assert {post.due_local.hour for post in rounds(shop) if post.due_local >= datetime(2026, 12, 7)} == {10}
    assert {post.due_local.hour for post in rounds(shop, "2026-12-02")} == {17}, "until then nothing changes"


def test_what_was_ticked_off_stands(shop: Shop, two: tuple[Cadence, Cadence]) -> None:
    (done,) = rounds(shop, "2026-11-30")
    with shop.database.write() as tx:
        posts.complete(tx, done.id, now=shop.now)
    end(shop, two[0], "2026-11-30")
    assert [post.id for post in rounds(shop, "2026-11-30")] == [done.id]


def test_nothing_is_owed_for_days_that_are_over(shop: Shop, two: tuple[Cadence, Cadence]) -> None:
    with shop.database.write() as tx:
        now = local("2026-12-09T12:00").replace(tzinfo=shop.now.tzinfo)
        cadences.end_cadence(tx, shop.business_in(tx), two[0].id, date(2026, 12, 3), now=now)
    assert rounds(shop, "2026-12-08") == []
    assert len(rounds(shop, "2026-12-09")) == 1


def test_ending_both_leaves_none(shop: Shop, two: tuple[Cadence, Cadence]) -> None:
    with shop.database.write() as tx:
        cadences.end_channel(tx, shop.business_in(tx), shop.channel, date(2026, 12, 7), now=shop.now)
    assert max(days(shop)) == date(2026, 12, 6)


def test_a_changed_one_leaves_the_days_it_no_longer_takes_to_the_other(
    shop: Shop, two: tuple[Cadence, Cadence]
) -> None:
    before = days(shop)
    with shop.database.write() as tx:
        cadences.change_cadence(
            tx, shop.business_in(tx), two[0].id, "FREQ=WEEKLY;BYDAY=MO", local("2026-12-07T17:00"),
            texts=shop.texts, now=shop.now,
        )  # fmt: skip
    assert days(shop) == before


def test_a_day_that_is_left_out_is_the_other_one_s(shop: Shop, two: tuple[Cadence, Cadence]) -> None:
    before, day = days(shop), date(2026, 12, 9)
    with shop.database.write() as tx:
        left_out.leave_out(tx, shop.business_in(tx), two[0].id, day, now=shop.now)
    assert days(shop) == before
    assert {post.due_local.hour for post in rounds(shop, str(day))} == {10}
    with shop.database.write() as tx:
        left_out.take_in(tx, shop.business_in(tx), two[0].id, day, texts=shop.texts, now=shop.now)
    assert days(shop) == before, "still one a day"


def test_posts_are_no_rounds(shop: Shop, two: tuple[Cadence, Cadence]) -> None:
    """A cadence of posts that ends gives no day to anybody."""
    posting = shop.cadence(DAILY, "2026-11-30T09:00")
    before = [post.uid for post in rounds(shop)]
    end(shop, posting, "2026-12-01")
    assert [post.uid for post in rounds(shop)] == before
