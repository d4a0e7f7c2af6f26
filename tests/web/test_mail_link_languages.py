"""An error of a mail's link is said in the language of the mail, whatever the browser speaks."""

from datetime import timedelta

import pytest

from planner.core.ladder import Size
from planner.core.model import MessageKind
from planner.links import Verb
from planner.store.queries import businesses, cadences, posts
from web.conftest import HOME, Planner, on_sqlite

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}
TOO_OLD = "Dieser Link ist zu alt"


def links(planner: Planner) -> dict[str, str]:
    """The path of a link of each kind."""
    post = planner.post("2026-12-01")
    with planner.database.read() as tx:
        cadence = cadences.of_business(tx, 1)[0]
    made = {
        "done": planner.links.action(Verb.DONE, post, planner.now),
        "rhythm": planner.links.rhythm(cadence, Size.SMALLER, planner.now, take=True),
        "catch-up": planner.links.as_advised(planner.business, planner.now.date(), planner.now),
        "unsubscribe": planner.links.unsubscribe(1, MessageKind.DIGEST, planner.now),
    }
    return {kind: link.removeprefix(HOME) for kind, link in made.items()}


@pytest.fixture
def other(planner: Planner) -> Planner:
    """With a second business, in English, so that nobody can tell by the number of them."""
    with planner.database.write() as tx:
        businesses.add(tx, name="Café Huber", timezone="Europe/Vienna", language="en", created_at=planner.now)
    return planner


@pytest.mark.parametrize("kind", ["done", "rhythm", "catch-up", "unsubscribe"])
def test_one_that_is_too_old(other: Planner, kind: str) -> None:
    path = links(other)[kind]
    other.moment[0] += timedelta(days=400)
    for ask in (other.browser.get, other.browser.post):
        answer = ask(path, headers=ENGLISH)
        assert (answer.status_code, '<html lang="de">' in answer.text) == (410, True)
        assert TOO_OLD in answer.text


def test_taking_back_too_late(other: Planner) -> None:
    page = other.browser.post(links(other)["done"]).text
    undo = page.split('name="undo" value="')[1].split('"')[0]
    other.moment[0] += timedelta(days=2)
    answer = other.browser.post("/a/undo", data={"undo": undo}, headers=ENGLISH)
    assert (answer.status_code, TOO_OLD in answer.text) == (410, True)


@pytest.mark.parametrize("path", ["/a/nonsense", "/a/rhythm/nonsense", "/unsubscribe/nonsense", "/a/undo", "/a/x/y/z"])
def test_one_that_nobody_can_read_is_the_only_business_s(planner: Planner, path: str) -> None:
    answer = (planner.browser.post if path == "/a/undo" else planner.browser.get)(path, headers=ENGLISH)
    assert (answer.status_code, '<html lang="de">' in answer.text) == (404, True)


@on_sqlite
def test_where_there_are_several_the_browser_is_asked(other: Planner) -> None:
    answer = other.browser.get("/a/nonsense", headers=ENGLISH)
    assert (answer.status_code, '<html lang="en">' in answer.text) == (404, True)
    assert '<html lang="de">' in other.browser.get("/a/nonsense", headers={"Accept-Language": "de"}).text


@on_sqlite
def test_a_post_that_is_not_there_any_more(planner: Planner) -> None:
    path = links(planner)["done"]
    with planner.database.write() as tx:
        posts.remove(tx, planner.post("2026-12-01"))
    answer = planner.browser.get(path, headers=ENGLISH)
    assert (answer.status_code, '<html lang="de">' in answer.text) == (404, True)


@on_sqlite
def test_other_errors_speak_to_the_visitor(planner: Planner) -> None:
    assert '<html lang="en">' in planner.browser.get("/nowhere", headers=ENGLISH).text


@on_sqlite
def test_where_the_database_is_what_is_broken_the_browser_is_asked(planner: Planner) -> None:
    """The page of that error must not ask it again and end in a bare one."""
    path = links(planner)["done"]
    with planner.database.write() as tx:
        tx.exec_driver_sql("DROP TABLE history")
        tx.exec_driver_sql("DROP TABLE post")
    answer = planner.browser.get(path, headers=ENGLISH)
    assert (answer.status_code, '<html lang="en">' in answer.text) == (500, True)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
