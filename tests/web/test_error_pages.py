"""Pages of errors: a heading, a sentence, a way on, in the visitor's language; feeds say as little as before."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from web.conftest import HOME, Planner, on_sqlite

pytestmark = on_sqlite
GERMAN, ENGLISH = {"Accept-Language": "de"}, {"Accept-Language": "en-GB"}


def stranger(planner: Planner) -> FlaskClient:
    return planner.browser.application.test_client()


def parts(html: str) -> tuple[list[str], str, list[str]]:
    """Headings, the sentence, and where the page leads to."""
    main = html.split("<main")[1]
    return (
        re.findall(r"<h1>([^<]*)</h1>", main),
        main.split('role="alert">')[1].split("<")[0],
        re.findall(r'href="([^"]*)"', main),
    )


@pytest.mark.parametrize(
    ("headers", "heading", "sentence"),
    [
        (GERMAN, "Hier ist nichts", "Diese Seite gibt es nicht."),
        (ENGLISH, "There is nothing here", "There is no such page."),
    ],
)
@pytest.mark.parametrize("path", ["/nowhere", "/businesses/99", "/businesses/1/nowhere"])
def test_what_is_not_there(planner: Planner, path: str, headers: dict[str, str], heading: str, sentence: str) -> None:
    planner.sign_in()
    answer = planner.browser.get(path, headers=headers)
    assert answer.status_code == 404
    headings, said, ways = parts(answer.text)
    assert (headings, ways) == ([heading], ["/"])
    assert said.startswith(sentence)
    assert f"<title>{heading}</title>" in answer.text


def test_whoever_is_not_signed_in_is_led_to_the_door(planner: Planner) -> None:
    for path in ("/nowhere", "/a/x", "/sign-in/x.y"):
        headings, _said, ways = parts(stranger(planner).get(path, headers=GERMAN).text)
        assert (headings, ways) == (["Hier ist nichts"], ["/sign-in"]), path


def test_other_errors_have_headings_too(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    planner.sign_in()
    post = planner.browser.post
    path = planner.links.sign_in("nonce", planner.now - timedelta(days=2)).removeprefix(HOME)
    monkeypatch.setitem(planner.browser.application.view_functions, "sign_in.sessions", broken)
    for answer, status, heading in (
        (post("/businesses/1/pauses", headers=GERMAN), 403, "Das wurde nicht übernommen"),
        (post("/businesses/1/more", headers=GERMAN), 405, "Das hat nicht geklappt"),
        (planner.browser.get(path, headers=GERMAN), 410, "Dafür ist es zu spät"),
        (post("/sign-in", data={"password": "x" * 300_000}, headers=GERMAN), 413, "Das hat nicht geklappt"),
        (planner.browser.get("/sessions", headers=GERMAN), 500, "Da ist etwas schiefgegangen"),
    ):
        assert answer.status_code == status
        headings, said, ways = parts(answer.text)
        assert (headings, ways) == ([heading], ["/"])
        assert said.strip()


def test_a_feed_that_is_none_is_the_same_to_the_byte_for_everybody(planner: Planner) -> None:
    path = planner.feed()
    planner.sign_in()
    answers = [
        browser.get(where, headers=headers)
        for browser in (planner.browser, stranger(planner))
        for where in ("/feeds/x.ics", f"{path[:-5]}x.ics", "/feeds/" + "y" * 43 + ".ics")
        for headers in (GERMAN, ENGLISH, {})
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert b"<h1>Not Found</h1>" in answers[0].data
    assert len({repr(sorted(answer.headers.items())) for answer in answers}) == 1
