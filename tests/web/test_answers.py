"""What a form is answered with gets an address, so that Back and a reload send nothing again."""

import re
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from planner.core.model import Post
from planner.links import Verb
from planner.web.kept_answers import Answers
from web.conftest import HOME, Planner, on_sqlite

LOOKS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def refused(page: Planner, post: Post) -> str:
    """Where the answer to a form without a title stands: below an address to which only forms go."""
    words = {"title": "", "text": "Viele Worte", "pillar": "tip", "content": "", "notes": "", "seen": ""}
    return where(page.send(f"/posts/{post.id}/edit", LOOKS, **words))


def where(answer: TestResponse) -> str:
    assert (answer.status_code, answer.data) == (303, b"")
    assert "answer=" in answer.headers["Location"]
    return answer.headers["Location"]


def test_an_answer_is_as_it_was_given_however_often_it_is_asked_for(page: Planner, post: Post) -> None:
    path = refused(page, post)
    for _ in range(2):
        answer = page.browser.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
        assert "Viele Worte</textarea>" in answer.text
        assert "Content-Security-Policy" in answer.headers
    assert page.again(post) == post


def test_a_program_gets_it_straight(page: Planner, post: Post) -> None:
    form = {"title": "", "text": "", "pillar": "tip", "content": "", "notes": "", "seen": ""}
    for accepted in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        assert page.send(f"/posts/{post.id}/edit", accepted, **form).status_code == 400


def test_it_is_for_the_session_that_sent_the_form(page: Planner, post: Post) -> None:
    path = refused(page, post)
    mine = page.browser.get_cookie("planner")
    assert mine is not None
    page.sign_in()
    assert page.browser.get(path).headers["Location"] == "/"
    page.browser.delete_cookie("planner")
    assert page.browser.get(path).headers["Location"] == "/"
    page.browser.set_cookie("planner", mine.value)
    assert page.browser.get(path).status_code == 400
    page.csrf = page.browser.get("/sessions").text.split('name="csrf" value="')[1].split('"')[0]
    page.send("/sessions/end")
    page.browser.set_cookie("planner", mine.value)
    assert page.browser.get(path).headers["Location"].startswith("/sign-in")


def test_what_is_not_kept_any_more_leads_to_today(page: Planner) -> None:
    assert page.browser.get("/posts/1/edit?answer=nothing").headers["Location"] == "/"
    answer = page.browser.get("/businesses/1/settings/planning?answer=nothing")  # and where there is a page, to that
    assert answer.status_code == 200
    assert 'name="grace_days"' in answer.text


@on_sqlite
@pytest.mark.parametrize("path", ["//evil.test/x", "///evil.test", "/\\evil.test"])
def test_nobody_is_sent_to_another_server(page: Planner, path: str) -> None:
    to = where(page.browser.post("/x", headers=LOOKS, environ_overrides={"PATH_INFO": path}))
    assert re.match(r"/[^/\\]", to)
    assert urlsplit(to).netloc == ""


def test_a_success_goes_where_it_always_went(page: Planner, post: Post) -> None:
    answer = page.send(f"/posts/{post.id}/done", LOOKS)
    assert answer.headers["Location"].startswith("/businesses/1?undo=")


@pytest.mark.parametrize(("path", "status"), [("/posts/99999/done", 404), ("/posts/1/explode", 404), ("/undo", 404)])
def test_what_a_form_cannot_reach(page: Planner, path: str, status: int) -> None:
    assert page.browser.get(where(page.send(path, LOOKS, undo="x"))).status_code == status


def test_what_a_mail_s_link_has_done(page: Planner, post: Post) -> None:
    page.browser.delete_cookie("planner")
    link = page.links.action(Verb.DONE, post, page.now).removeprefix(HOME)
    done = where(page.browser.post(link, headers=LOOKS))
    for _ in range(2):
        answer = page.browser.get(done)
        assert answer.status_code == 200
        assert "Rückgängig" in answer.text
    assert page.again(post).revision == post.revision + 1


@on_sqlite
def test_a_mail_program_that_unsubscribes_is_not_led_on(page: Planner) -> None:
    link = page.links.unsubscribe(1, "digest", page.now).removeprefix(HOME)  # type: ignore[arg-type]
    assert page.browser.post(link, data={"List-Unsubscribe": "One-Click"}, headers=LOOKS).status_code == 200
    assert page.browser.get(where(page.browser.post(link, headers=LOOKS))).status_code == 200


def test_a_form_that_names_no_address_goes_where_the_first_one_went(page: Planner) -> None:
    path = where(page.send("/businesses/1/settings/planning", LOOKS, grace_days="many", horizon_weeks="13"))
    answer = page.browser.get(path)
    assert 'value="many"' in answer.text
    assert '<form method="post">' in answer.text
    again = page.send(path, LOOKS, grace_days="none", horizon_weeks="13")
    assert path.partition("?")[0] == "/businesses/1/settings/planning" == where(again).partition("?")[0]
    assert page.send(path, LOOKS, grace_days="3", horizon_weeks="13").headers["Location"].endswith("?said=saved")
    assert page.business.grace_days == 3


@on_sqlite
def test_a_wrong_password_is_not_sent_again(page: Planner) -> None:
    page.browser.delete_cookie("planner")
    path = where(page.browser.post("/sign-in?to=/posts/1", data={"password": "wrong"}, headers=LOOKS))
    assert "to=%2Fposts%2F1&" in path
    answer = page.browser.get(path)
    assert answer.status_code == 403
    assert 'name="password"' in answer.text
    assert "wrong" not in answer.text.split("<main")[1].split("password")[0]


@on_sqlite
def test_too_much_at_once_is_kept_by_nobody(page: Planner) -> None:
    answer = page.send("/undo", LOOKS, undo="x" * 300_000)
    assert answer.status_code == 413


def test_each_owner_keeps_the_latest_and_none_crowds_out_another() -> None:
    kept = Answers(owners=3, each=2)
    first, *rest = [kept.keep("a", 400, b"%d" % n) for n in range(3)]
    assert kept.get("a", first) is None
    assert [kept.get("a", key).html for key in rest] == [b"1", b"2"]  # type: ignore[union-attr]
    nobody_s = kept.keep("", 200, b"for all")
    assert kept.get("a", nobody_s) == kept.get("b", nobody_s) == kept.get("", nobody_s)
    other = kept.keep("b", 200, b"b")
    assert kept.get("a", other) is None
    for n in range(50):
        kept.keep("", 200, b"%d" % n)
    assert kept.get("b", other) is not None
    kept.keep("c", 200, b"c")
    assert kept.get("a", rest[0]) is None  # the one who came last of four
