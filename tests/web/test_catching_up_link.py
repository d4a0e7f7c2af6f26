"""The link of a mail that moves and drops all as advised: looking changes nothing, the button does, once."""

import html
from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.actions.catching_up import catch_up_of
from planner.actions.posts import complete
from planner.core.catching_up import MOST_OPEN, Step
from planner.core.model import Post, Status, Window
from planner.links import ACTION_LIFE, Links
from planner.store.queries import posts
from web.conftest import HOME, Planner, on_sqlite

MONDAY = date(2026, 12, 14)


@pytest.fixture
def late(planner: Planner) -> Planner:
    """It is Monday, 14 December, 09:30 in Berlin, and nothing was posted yet: five posts slipped."""
    planner.at("2026-12-14T08:30")
    return planner


def link(planner: Planner, day: date = MONDAY) -> str:
    return planner.links.as_advised(planner.business, day, planner.now).removeprefix(HOME)


def every(planner: Planner) -> list[Post]:
    with planner.database.read() as tx:
        return posts.due_between(tx, 1, Window(date(2026, 11, 1), date(2027, 1, 31)))


def advised(planner: Planner) -> list[Step]:
    with planner.database.read() as tx:
        return [each.step for each in catch_up_of(tx, planner.business, planner.now).advice]


@on_sqlite
def test_scanners_may_look_as_often_as_they_like(late: Planner) -> None:
    before, path = every(late), link(late)
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        answer = late.browser.open(path, method=method)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert method == "OPTIONS" or answer.headers["Cache-Control"] == "no-store"
    assert every(late) == before
    page = html.unescape(late.browser.get(path).text)
    movable = sum(each is not Step.POST for each in advised(late))
    assert f"{movable} Beiträge verschieben oder fallen lassen wie geraten" in page
    assert page.count("<li>") == movable


def test_one_tap_settles_all_beyond_two_without_a_sign_in_and_can_be_taken_back(late: Planner) -> None:
    before, path = every(late), link(late)
    assert len(advised(late)) > MOST_OPEN
    answer = late.browser.post(path)
    assert answer.status_code == 200
    assert "wie geraten verschoben oder fallen gelassen" in answer.text
    assert len(advised(late)) <= MOST_OPEN
    assert set(advised(late)) <= {Step.POST}
    after = every(late)
    again = late.browser.post(path)
    assert "Das ist schon geregelt" in again.text
    assert every(late) == after, "twice is once"
    tokens = [part.split('"')[0] for part in answer.text.split('name="undo" value="')[1:]]
    now = {each.id: (each.status, each.due_local) for each in after}
    assert len(tokens) == sum((each.status, each.due_local) != now[each.id] for each in before) > 0
    assert late.browser.post("/a/undo", data={"undo": tokens}).status_code == 200
    back = {each.id: (each.status, each.due_local) for each in every(late)}
    assert back == {each.id: (each.status, each.due_local) for each in before}


def test_what_slipped_after_the_mail_stays(late: Planner) -> None:
    """The mail of the 3rd knew of the posts of the 1st and the 2nd; the tap of the 14th leaves the others alone."""
    path = link(late, date(2026, 12, 3))
    late.browser.post(path)
    touched = [post for post in every(late) if post.revision]
    assert touched
    assert all(post.slot is not None and post.slot.date() < date(2026, 12, 3) for post in touched)


def test_what_was_made_meanwhile_is_left_alone(late: Planner) -> None:
    path = link(late)
    old = [post for post in every(late) if post.due_local.date() < MONDAY]
    with late.database.write() as tx:
        for post in old:
            complete(tx, post.id, now=late.now)
    assert "Das ist schon geregelt" in late.browser.post(path).text
    assert all(post.status is Status.POSTED for post in every(late) if post.id in {each.id for each in old})


@on_sqlite
def test_it_is_signed_ends_and_opens_nothing_else(late: Planner) -> None:
    before, path = every(late), link(late)
    token = path.removeprefix("/a/catch-up/")
    foreign = Links(["another key" * 5], HOME).as_advised(late.business, MONDAY, late.now)
    for bad in (path[:-2], f"/a/{token}", f"/a/rhythm/{token}", foreign.removeprefix(HOME), "/a/catch-up/x"):
        assert late.browser.get(bad).status_code == 404
        assert late.browser.post(bad).status_code == 404
    late.moment[0] += ACTION_LIFE
    assert late.browser.get(path).status_code == 200
    late.at("2026-12-28T08:31")
    assert late.browser.post(path).status_code == 410
    assert every(late) == before


@on_sqlite
def test_the_link_of_another_database_does_nothing(late: Planner) -> None:
    other = replace(late.business, created_at=late.business.created_at - timedelta(days=1))
    path = late.links.as_advised(other, MONDAY, late.now).removeprefix(HOME)
    before = every(late)
    assert late.browser.post(path).status_code == 404
    assert every(late) == before
