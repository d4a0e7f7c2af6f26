"""What was done is taken back: reopening a post, and undoing the last change."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from actions.conftest import LATER, Shop, do
from planner.actions import posts, putting_off
from planner.actions.posts import Change
from planner.core.model import Post, Status
from planner.links import Links


@pytest.mark.parametrize("verb", [posts.complete, posts.skip])
def test_reopening(shop: Shop, post: Post, verb: Callable[..., Change]) -> None:
    do(shop, verb, post.id)
    after = do(shop, posts.reopen, post.id).after
    assert (after.status, after.posted_at, after.skip_reason) == (Status.PLANNED, None, "")
    assert after.due_at == post.due_at
    assert not do(shop, posts.reopen, post.id).changed


@pytest.mark.parametrize("verb", [posts.complete, posts.skip])
def test_a_text_somebody_worked_on_is_drafted_again(shop: Shop, post: Post, verb: Callable[..., Change]) -> None:
    do(shop, posts.edit, post.id, text="Frisch aus dem Ofen")
    do(shop, verb, post.id)
    assert do(shop, posts.reopen, post.id).after.status is Status.DRAFTED


def undo_of(shop: Shop, change: Change) -> Change:
    links = Links(["k"], "http://planner.test")
    return do(shop, posts.undo, links.read_undo(links.undo(change.before, change.after, LATER), LATER))


@pytest.mark.parametrize("verb", [posts.complete, posts.skip, putting_off.tomorrow])
def test_undoing_puts_everything_back(shop: Shop, post: Post, verb: Callable[..., Change]) -> None:
    after = undo_of(shop, do(shop, verb, post.id)).after
    assert (after.status, after.due_local, after.due_at) == (post.status, post.due_local, post.due_at)
    assert (after.posted_at, after.skip_reason) == (None, "")


def test_undoing_a_reopening_keeps_when_and_where_it_was_posted(shop: Shop, post: Post) -> None:
    posted = do(shop, posts.complete, post.id, link="https://example.org/1").after
    opened = do(shop, posts.reopen, post.id, now=LATER + timedelta(days=9))
    assert opened.after.link == ""
    after = undo_of(shop, opened).after
    assert (after.status, after.posted_at, after.link) == (Status.POSTED, posted.posted_at, posted.link)
    assert posted.posted_at is not None


def test_undoing_keeps_why_it_had_been_skipped(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, reason="rain")
    after = undo_of(shop, do(shop, posts.complete, post.id, link="https://example.org/1")).after
    assert (after.status, after.skip_reason, after.link) == (Status.SKIPPED, "rain", "")


def test_undoing_twice_is_undoing_once(shop: Shop, post: Post) -> None:
    change = do(shop, posts.complete, post.id)
    assert undo_of(shop, change).changed
    assert not undo_of(shop, change).changed
    assert shop.post(post.id).status is Status.PLANNED


def test_what_somebody_changed_since_is_not_undone(shop: Shop, post: Post) -> None:
    change = do(shop, putting_off.tomorrow, post.id)
    do(shop, posts.complete, post.id)
    assert not undo_of(shop, change).changed
    assert shop.post(post.id).status is Status.POSTED
