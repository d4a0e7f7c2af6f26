"""What people do with posts: once is once, twice is once, and two at a time lose nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from actions.conftest import LATER, Shop, do, local, utc
from planner.actions import posts, putting_off
from planner.actions.meanwhile import AddressThere
from planner.actions.pauses import add_pause
from planner.actions.posts import AlreadyPosted, BadLink, Change, InTheFuture
from planner.core.model import Pillar, Post, Status
from planner.errors import NoSuchPost
from planner.store.queries.posts import ChangedMeanwhile
from planner.store.queries.posts import change as change_row

# --- done --------------------------------------------------------------------------------------------------------


def test_done_is_posted_now_with_its_address(shop: Shop, post: Post) -> None:
    change = do(shop, posts.complete, post.id, link="https://g.page/r/1")
    assert change.changed
    assert change.before == post
    assert change.after == shop.post(post.id)
    after = change.after
    assert (after.status, after.posted_at, after.link) == (Status.POSTED, LATER, "https://g.page/r/1")
    assert (after.revision, after.sequence, after.updated_at) == (1, 1, LATER)
    assert after.due_at == post.due_at


def test_done_twice_is_done_once(shop: Shop, post: Post) -> None:
    do(shop, posts.complete, post.id, link="https://g.page/r/1")
    revision, once = shop.business.revision, shop.post(post.id)
    again = do(shop, posts.complete, post.id, now=LATER + timedelta(hours=1))
    assert not again.changed
    assert again.before == again.after == once == shop.post(post.id)
    assert shop.business.revision == revision


def test_the_address_may_come_afterwards(shop: Shop, post: Post) -> None:
    do(shop, posts.complete, post.id)
    change = do(shop, posts.complete, post.id, now=LATER + timedelta(hours=1), link="https://g.page/r/1")
    assert change.changed
    assert (change.after.link, change.after.posted_at) == ("https://g.page/r/1", LATER)
    assert change.after.sequence == change.before.sequence, "neither due nor status changed"


@pytest.mark.parametrize("database_address", ["wal"], indirect=True)  # nothing here depends on the engine
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://g.page/r/1 ", "https://g.page/r/1"),
        ("http://huber.example", "http://huber.example"),
        ("www.youtube.com/watch?v=1&t=2#a", "https://www.youtube.com/watch?v=1&t=2#a"),
        ("HTTPS://Huber.Example/Bröt", "HTTPS://Huber.Example/Bröt"),
        ("huber.example:8443/post", "https://huber.example:8443/post"),
        ("https://huber.example?a=b", "https://huber.example?a=b"),
        ("  ", ""),
    ],
)
def test_an_address_as_people_type_it(shop: Shop, post: Post, given: str, kept: str) -> None:
    assert do(shop, posts.complete, post.id, link=given).after.link == kept


@pytest.mark.parametrize("database_address", ["wal"], indirect=True)  # nothing here depends on the engine
@pytest.mark.parametrize("verb", [posts.complete, posts.edit])
@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JavaScript:alert('a.b')", "data:text/html,<b>", "ftp://huber.example", "https://",
        "huber", "two words.example", "https://a.b/\nx", 'https://a.b/"onclick="', "https://me@evil.example/",
        "file:///etc/passwd", "//evil.example\\x",
    ],
)  # fmt: skip
def test_nothing_that_runs_is_taken_for_an_address(
    shop: Shop, post: Post, verb: Callable[..., Change], link: str
) -> None:
    with pytest.raises(BadLink) as error:
        do(shop, verb, post.id, link=link)
    assert error.value.http_status == 400
    assert shop.post(post.id) == post


def test_done_yesterday(shop: Shop, post: Post) -> None:
    moment = utc("2026-11-30T19:00")
    assert do(shop, posts.complete, post.id, at=moment).after.posted_at == moment


def test_nothing_is_done_in_the_future(shop: Shop, post: Post) -> None:
    with pytest.raises(InTheFuture) as error:
        do(shop, posts.complete, post.id, at=LATER + timedelta(minutes=1))
    assert error.value.exit_code == 2
    assert shop.post(post.id) == post


def test_a_skipped_post_may_be_done_after_all(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, reason="no photo")
    after = do(shop, posts.complete, post.id).after
    assert (after.status, after.skip_reason) == (Status.POSTED, "")


# --- left out ----------------------------------------------------------------------------------------------------


def test_skipping_keeps_the_reason(shop: Shop, post: Post) -> None:
    change = do(shop, posts.skip, post.id, reason="no photo")
    assert (change.after.status, change.after.skip_reason) == (Status.SKIPPED, "no photo")
    assert not do(shop, posts.skip, post.id).changed
    assert not do(shop, posts.skip, post.id, reason="no photo").changed
    assert do(shop, posts.skip, post.id, reason="rain").after.skip_reason == "rain"


@pytest.mark.parametrize(
    "verb",
    [
        posts.skip,
        putting_off.tomorrow,
        lambda tx, key, now: posts.move(tx, key, local("2026-12-09T09:00"), now=now),
    ],
    ids=["skip", "tomorrow", "move"],
)
def test_what_is_posted_stays_posted(shop: Shop, post: Post, verb: Callable[..., Change]) -> None:
    once = do(shop, posts.complete, post.id).after
    with pytest.raises(AlreadyPosted, match=f"reopen {post.id}") as error:
        do(shop, verb, post.id)
    assert error.value.http_status == 409
    assert shop.post(post.id) == once


# --- what it says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "status", "edited"),
    [
        ({"text": "Frisch"}, Status.DRAFTED, True),
        ({"title": "Frisch"}, Status.DRAFTED, True),
        ({"pillar": Pillar.OFFER}, Status.PLANNED, False),
        ({"link": "https://example.org"}, Status.PLANNED, False),
    ],
)
def test_editing(shop: Shop, post: Post, new: dict[str, object], status: Status, edited: bool) -> None:
    change = do(shop, posts.edit, post.id, **new)
    assert {name: getattr(change.after, name) for name in new} == new
    assert (change.after.status, change.after.edited) == (status, edited)
    assert not do(shop, posts.edit, post.id, **new).changed


def test_a_posted_post_stays_posted_when_its_text_is_mended(shop: Shop, post: Post) -> None:
    do(shop, posts.complete, post.id)
    assert do(shop, posts.edit, post.id, text="Frisch").after.status is Status.POSTED


def test_a_post_of_its_own(shop: Shop) -> None:
    with shop.database.write() as tx:
        added = posts.add(
            tx, shop.business_in(tx), shop.channel, local("2027-03-28T02:30"), title="Tag der offenen Tür", now=LATER
        )
    assert (added.cadence_id, added.slot) == (None, None)
    assert (added.due_local, added.due_at) == (local("2027-03-28T03:30"), utc("2027-03-28T01:30"))
    assert added.status is Status.PLANNED
    assert shop.posts() == [added]


def test_a_post_that_is_not_there(shop: Shop) -> None:
    with pytest.raises(NoSuchPost, match="4711"):
        do(shop, posts.complete, 4711)


# --- two at a time ----------------------------------------------------------------------------------------------


def test_a_change_to_what_is_no_longer_there_is_noticed(shop: Shop, post: Post) -> None:
    do(shop, posts.skip, post.id, reason="rain")
    with pytest.raises(ChangedMeanwhile), shop.database.write() as tx:
        change_row(tx, post, now=LATER, title="late")
    assert shop.post(post.id).skip_reason == "rain"


def between_reading_and_writing(shop: Shop, post: Post, first: Callable[[Connection], object]) -> Callable[..., None]:
    """Let somebody else act, and commit, the moment before another's first UPDATE of a post goes out."""
    acted = False

    def act(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal acted
        if statement.startswith("UPDATE post") and not acted:
            acted = True
            with shop.database.write() as other:
                first(other)

    return act


@pytest.mark.parametrize(
    ("first", "second", "changed"),
    [("https://first", "", False), ("https://first", "https://first", False), ("", "https://first", True)],
    ids=["the same", "with the same address", "with an address"],
)
@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)  # on SQLite writers wait
def test_two_taps_at_the_same_moment(shop: Shop, post: Post, first: str, second: str, changed: bool) -> None:
    act = between_reading_and_writing(shop, post, lambda tx: posts.complete(tx, post.id, now=LATER, link=first))
    event.listen(shop.database.engine, "before_cursor_execute", act)
    with shop.database.write() as tx:
        change = posts.complete(tx, post.id, now=LATER, link=second)
    assert change.changed is changed
    assert (change.after.status, change.after.link) == (Status.POSTED, "https://first")
    assert shop.post(post.id).revision == 1 + changed


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_of_two_addresses_at_the_same_moment_the_first_stays(shop: Shop, post: Post) -> None:
    act = between_reading_and_writing(
        shop, post, lambda tx: posts.complete(tx, post.id, now=LATER, link="https://first")
    )
    event.listen(shop.database.engine, "before_cursor_execute", act)
    with pytest.raises(AddressThere, match="https://first"), shop.database.write() as tx:
        posts.complete(tx, post.id, now=LATER, link="https://second")
    assert shop.post(post.id).link == "https://first"


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_done_beats_a_skip_at_the_same_moment(shop: Shop, post: Post) -> None:
    act = between_reading_and_writing(shop, post, lambda tx: posts.complete(tx, post.id, now=LATER))
    event.listen(shop.database.engine, "before_cursor_execute", act)
    with pytest.raises(AlreadyPosted), shop.database.write() as tx:
        posts.skip(tx, post.id, now=LATER)
    assert shop.post(post.id).status is Status.POSTED


def test_a_number_is_never_given_to_another_post(shop: Shop) -> None:
    """Or the link in yesterday's mail would tick off a post that was planned since."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-30T09:00")
    last = shop.posts()[-1]
    with shop.database.write() as tx:
        add_pause(tx, shop.business_in(tx), last.due_local.date(), last.due_local.date(), now=shop.now)
        added = posts.add(tx, shop.business_in(tx), shop.channel, local("2026-12-24T09:00"), title="x", now=LATER)
    assert added.id > last.id
