"""Two people on a post: the second is told what the first did, and overwrites nothing; a second tap is quiet."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from actions.conftest import LATER, Shop, do, local
from planner.actions import catching_up, posts, putting_off
from planner.actions.meanwhile import AddressThere, MovedMeanwhile, SkippedForReason, SkippedMeanwhile
from planner.actions.posts import Change
from planner.core.model import Deed, Post, Status
from planner.store.queries import history

PUTTING_OFF = [putting_off.tomorrow, putting_off.later, catching_up.move_to_free_day]
AWAY = local("2026-12-05T17:30")


@pytest.mark.parametrize("verb", [*PUTTING_OFF, posts.skip])
def test_what_somebody_moved_stays_there(shop: Shop, post: Post, verb: Callable[..., Change]) -> None:
    moved = do(shop, posts.move, post.id, AWAY).after
    with pytest.raises(MovedMeanwhile, match="5 December 2026 at 17:30"):
        do(shop, verb, post.id, seen=post.due_local)
    assert shop.post(post.id) == moved


@pytest.mark.parametrize("verb", PUTTING_OFF)
@pytest.mark.parametrize(("reason", "error"), [("", SkippedMeanwhile), ("rain", SkippedForReason)])
def test_what_somebody_skipped_stays_skipped(
    shop: Shop, post: Post, verb: Callable[..., Change], reason: str, error: type[SkippedMeanwhile]
) -> None:
    skipped = do(shop, posts.skip, post.id, reason=reason).after
    with pytest.raises(error, match=reason or "skipped"):
        do(shop, verb, post.id, seen=post.due_local)
    assert shop.post(post.id) == skipped


@pytest.mark.parametrize("verb", [*PUTTING_OFF, posts.skip])
def test_a_second_tap_of_one_s_own_is_quiet(shop: Shop, post: Post, verb: Callable[..., Change]) -> None:
    first = do(shop, verb, post.id, seen=post.due_local)
    again = do(shop, verb, post.id, now=LATER + timedelta(hours=1), seen=post.due_local)
    assert (first.changed, again.changed) == (True, False)
    assert shop.post(post.id) == first.after


def test_a_reason_is_added_and_not_replaced(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, seen=post.due_local)
    do(shop, posts.skip, post.id, reason="rain", seen=post.due_local)
    for same in ("", "rain"):
        assert not do(shop, posts.skip, post.id, reason=same, seen=post.due_local).changed
    with pytest.raises(SkippedForReason, match="rain"):
        do(shop, posts.skip, post.id, reason="no time", seen=post.due_local)
    assert shop.post(post.id).skip_reason == "rain"


def test_an_address_is_added_and_not_replaced(shop: Shop, post: Post) -> None:
    first = do(shop, posts.complete, post.id, link="https://first").after
    with pytest.raises(AddressThere, match=r"https://first.*https://second") as error:
        do(shop, posts.complete, post.id, link="https://second")
    assert error.value.http_status == 409
    assert shop.post(post.id) == first
    assert not do(shop, posts.complete, post.id, link="https://first").changed


def test_what_was_skipped_can_be_out_all_the_same_and_the_reason_stays_in_the_history(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, reason="rain")
    change = do(shop, posts.complete, post.id)
    assert (change.before.status, change.before.skip_reason) == (Status.SKIPPED, "rain")
    assert (change.after.status, change.after.skip_reason) == (Status.POSTED, "")
    with shop.database.read() as tx:
        events = history.of_post(tx, post.id)
    assert [(each.what, each.detail) for each in events] == [(Deed.POSTED, ""), (Deed.SKIPPED, "rain")]
