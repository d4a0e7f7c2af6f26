"""Two people on one post: who comes second is told on the page what somebody else did, and nothing is overwritten."""

from datetime import datetime

import pytest

from planner.actions import posts
from planner.core.model import Post, Status
from planner.links import Verb
from web.conftest import HOME, Planner

AWAY = datetime(2026, 12, 5, 17, 30)


def moved(page: Planner, post: Post) -> Post:
    with page.database.write() as tx:
        return posts.move(tx, post.id, AWAY, now=page.now).after


def skipped(page: Planner, post: Post) -> Post:
    with page.database.write() as tx:
        return posts.skip(tx, post.id, now=page.now, reason="Ofen kaputt").after


def link(page: Planner, verb: Verb, post: Post) -> str:
    return page.links.action(verb, post, page.now).removeprefix(HOME)


@pytest.mark.parametrize("verb", ["tomorrow", "later", "skip"])
def test_moved_meanwhile(page: Planner, post: Post, verb: str) -> None:
    there = moved(page, post)
    answer = page.send(f"/posts/{post.id}/{verb}", due=post.due_local.isoformat(), reason="Keine Zeit")
    assert answer.status_code == 409
    assert "Jemand anderes hat diesen Beitrag inzwischen verschoben, auf den 5. Dezember 2026, 17:30 Uhr" in answer.text
    assert page.again(post) == there
    assert f'name="due" value="{AWAY.isoformat()}"' in answer.text, "the page lets do it all the same"
    assert 'name="reason" type="text" value="Keine Zeit"' in answer.text, "what was typed stays"
    assert page.send(f"/posts/{post.id}/{verb}", due=AWAY.isoformat()).status_code == 303
    assert page.again(post) != there


@pytest.mark.parametrize("verb", ["tomorrow", "later"])
def test_skipped_meanwhile(page: Planner, post: Post, verb: str) -> None:
    there = skipped(page, post)
    answer = page.send(f"/posts/{post.id}/{verb}", due=post.due_local.isoformat())
    assert answer.status_code == 409
    assert "Jemand anderes hat diesen Beitrag inzwischen ausgelassen: „Ofen kaputt“" in answer.text
    assert f"/posts/{post.id}/reopen" in answer.text
    assert page.again(post) == there


def test_done_of_what_was_skipped_meanwhile(page: Planner, post: Post) -> None:
    skipped(page, post)
    answer = page.send(f"/posts/{post.id}/done", link="https://g.co/1")
    assert (page.again(post).status, page.again(post).link) == (Status.POSTED, "https://g.co/1")
    day = page.browser.get(answer.headers["Location"]).text
    assert "Jemand anderes hatte diesen Beitrag inzwischen ausgelassen." in day
    assert "Ofen kaputt" in page.browser.get(f"/posts/{post.id}").text, "in its history"
    page.send("/undo", undo=day.split('name="undo" value="')[1].split('"')[0])
    assert (page.again(post).status, page.again(post).skip_reason) == (Status.SKIPPED, "Ofen kaputt")


def test_another_address_does_not_take_the_place_of_the_first(page: Planner, post: Post) -> None:
    page.send(f"/posts/{post.id}/done", link="https://g.co/1")
    there = page.again(post)
    answer = page.send(f"/posts/{post.id}/done", link="g.co/2")
    assert answer.status_code == 409
    assert "mit der Adresse https://g.co/1" in answer.text
    assert 'value="g.co/2"' in answer.text, "what was typed stays, to be saved all the same"
    assert page.again(post) == there
    assert page.send(f"/posts/{post.id}/done", link="https://g.co/1").status_code == 303


# --- links of mails ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [Verb.TOMORROW, Verb.MOVE, Verb.SKIP])
def test_a_mail_s_link_to_what_was_moved_says_where_it_is(page: Planner, post: Post, verb: Verb) -> None:
    path, there = link(page, verb, post), moved(page, post)
    for answer in (page.browser.get(path), page.browser.post(path)):
        assert "inzwischen verschoben: Er ist am Samstag, 5. Dezember um 17:30 fällig" in answer.text
        assert f'href="/posts/{post.id}"' in answer.text
        assert "<form" not in answer.text.split("<main")[1], "neither a button nor an undo of what somebody else did"
    assert page.again(post) == there


@pytest.mark.parametrize("verb", [Verb.TOMORROW, Verb.MOVE])
def test_a_mail_s_link_to_what_was_skipped_says_why(page: Planner, post: Post, verb: Verb) -> None:
    path, there = link(page, verb, post), skipped(page, post)
    for answer in (page.browser.get(path), page.browser.post(path)):
        assert "inzwischen ausgelassen" in answer.text
        assert "Ofen kaputt" in answer.text
    assert page.again(post) == there


def test_a_mail_s_done_of_what_was_skipped_is_offered_done_and_told(page: Planner, post: Post) -> None:
    path = link(page, Verb.DONE, post)
    skipped(page, post)
    offer = page.browser.get(path).text
    assert "inzwischen ausgelassen" in offer
    assert f'action="{path}"' in offer
    acted = page.browser.post(path).text
    assert "hatte diesen Beitrag inzwischen ausgelassen" in acted
    assert 'name="undo"' in acted
    assert page.again(post).status is Status.POSTED


def test_a_mail_s_second_address_does_not_take_the_place_of_the_first(page: Planner, post: Post) -> None:
    path = link(page, Verb.DONE, post)
    page.send(f"/posts/{post.id}/done", link="https://g.co/1")
    acted = page.browser.post(path, data={"link": "https://g.co/2"}).text
    assert "mit der Adresse https://g.co/1" in acted
    assert "https://g.co/2" in acted
    assert 'name="undo"' not in acted
    assert page.again(post).link == "https://g.co/1"


def test_a_mail_s_second_reason_does_not_take_the_place_of_the_first(page: Planner, post: Post) -> None:
    path, there = link(page, Verb.SKIP, post), skipped(page, post)
    assert "Ofen kaputt" in page.browser.post(path, data={"reason": "Keine Zeit"}).text
    assert page.again(post) == there
