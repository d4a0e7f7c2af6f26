"""A post on another day: moved, or put off until tomorrow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from actions.conftest import Shop, do, local, utc
from planner.actions import posts, putting_off
from planner.actions.meanwhile import MovedMeanwhile, SkippedMeanwhile
from planner.actions.pauses import add_pause
from planner.core.model import Post, Status


def test_moving_changes_when_it_is_due_and_not_what_slot_it_is(shop: Shop, post: Post) -> None:
    after = do(shop, posts.move, post.id, local("2026-12-04T17:30")).after
    assert (after.due_local, after.due_at) == (local("2026-12-04T17:30"), utc("2026-12-04T16:30"))
    assert (after.slot, after.uid, after.sequence) == (post.slot, post.uid, 1)
    assert not do(shop, posts.move, post.id, local("2026-12-04T17:30")).changed


def test_moving_into_the_hour_that_is_not_there(shop: Shop, post: Post) -> None:
    after = do(shop, posts.move, post.id, local("2027-03-28T02:30")).after
    assert (after.due_local, after.due_at) == (local("2027-03-28T03:30"), utc("2027-03-28T01:30"))


def test_moving_a_skipped_post_takes_it_up_again(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, reason="rain")
    after = do(shop, posts.move, post.id, post.due_local).after
    assert (after.status, after.skip_reason, after.due_local) == (Status.PLANNED, "", post.due_local)


def test_of_two_at_the_very_same_moment_one_is_told(shop: Shop, post: Post) -> None:
    def drag(day: int) -> str:
        try:
            do(shop, posts.move, post.id, local(f"2026-12-{day:02}T09:00"), seen=post.due_local)
        except MovedMeanwhile as error:
            return type(error).__name__
        return f"{day}"

    with ThreadPoolExecutor(2) as both:
        told = list(both.map(drag, [4, 6]))
    assert sorted(told)[1] == "MovedMeanwhile"
    assert str(shop.post(post.id).due_local.day) == sorted(told)[0]
    assert shop.post(post.id).revision == post.revision + 1


def test_a_skipped_post_stays_where_only_open_ones_move(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, reason="rain")
    with pytest.raises(SkippedMeanwhile):
        do(shop, posts.move, post.id, local("2026-12-04T17:30"), only_open=True)
    assert shop.post(post.id).status is Status.SKIPPED


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-12-01T12:00", "2026-12-02T09:00"),  # due today
        ("2026-12-05T12:00", "2026-12-06T09:00"),  # four days late
        ("2026-11-20T12:00", "2026-11-21T09:00"),  # due in eleven days: tomorrow is tomorrow
        ("2026-12-05T23:30", "2026-12-07T09:00"),  # half past twelve at night in Berlin: today is the 6th
    ],
)
def test_tomorrow(shop: Shop, post: Post, moment: str, due: str) -> None:
    assert do(shop, putting_off.tomorrow, post.id, now=utc(moment)).after.due_local == local(due)


def test_tomorrow_passes_over_days_on_which_the_shop_is_closed(shop: Shop, post: Post) -> None:
    other = shop.add_channel("whatsapp")
    with shop.database.write() as tx:
        business = shop.business_in(tx)
        add_pause(tx, business, date(2026, 12, 2), date(2026, 12, 3), now=shop.now)
        add_pause(tx, business, date(2026, 12, 4), date(2026, 12, 4), channel=shop.channel, now=shop.now)
        add_pause(tx, business, date(2026, 12, 5), date(2026, 12, 5), channel=other, now=shop.now)
    assert do(shop, putting_off.tomorrow, post.id).after.due_local == local("2026-12-05T09:00")


def test_a_second_tap_on_tomorrow_does_not_move_it_twice(shop: Shop, post: Post) -> None:
    first = do(shop, putting_off.tomorrow, post.id, seen=post.due_local)
    again = do(shop, putting_off.tomorrow, post.id, seen=post.due_local)
    assert (first.changed, again.changed) == (True, False)
    assert shop.post(post.id).due_local == local("2026-12-02T09:00")


def test_tomorrow_over_the_clock_change_keeps_the_time_of_day(shop: Shop, post: Post) -> None:
    do(shop, posts.move, post.id, local("2027-03-27T09:00"))
    after = do(shop, putting_off.tomorrow, post.id, now=utc("2027-03-27T10:00")).after
    assert (after.due_local, after.due_at) == (local("2027-03-28T09:00"), utc("2027-03-28T07:00"))
