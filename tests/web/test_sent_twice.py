"""Forms that make something make it once, however often they are sent."""

import re
import threading
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from planner.core.model import Window
from planner.store.queries import cadences, channels, ideas, pauses, posts
from planner.web.sent_forms import SentForms
from web.conftest import Planner, on_sqlite
from web.editing import FRIDAYS

HOME = "/businesses/1"
DECEMBER = Window(date(2026, 12, 1), date(2027, 1, 1))
POST = {"channel": "1", "title": "Zweimal", "day": "2026-12-05", "time": "09:00", "text": "x"}


def once(page: Planner, path: str) -> str:
    """What makes the form on a page unique."""
    found = re.findall(r'name="once" value="([^"]{20,})"', page.browser.get(path).text)
    assert found, path
    return str(found[0])


def added(page: Planner) -> int:
    with page.database.read() as tx:
        return count_posts(tx)


def count_posts(tx: Connection) -> int:
    return sum(post.title == "Zweimal" for post in posts.due_between(tx, 1, DECEMBER))


@pytest.mark.parametrize(
    ("form_at", "to", "form", "count"),
    [
        ("posts/new", "posts", POST, count_posts),
        ("ideas", "ideas", {"title": "Zweimal", "text": "", "pillar": "tip", "channel": ""},
         lambda tx: sum(idea.title == "Zweimal" for idea in ideas.backlog(tx, 1))),
        ("pauses", "pauses", {"first": "2027-03-01", "last": "2027-03-05", "channel": "", "reason": "Urlaub"},
         lambda tx: len(pauses.of_business(tx, 1))),
        ("channels/new?platform=instagram", "channels", {"platform": "instagram", "name": "Bilder", "time": "09:00"},
         lambda tx: sum(each.name == "Bilder" for each in channels.of_business(tx, 1))),
    ],
    ids=["post", "idea", "pause", "channel"],
)  # fmt: skip
def test_each_makes_one(page: Planner, form_at: str, to: str, form: dict[str, str], count: Callable[..., int]) -> None:
    mark = once(page, f"{HOME}/{form_at}")
    first, second = (page.send(f"{HOME}/{to}", **form, once=mark) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    with page.database.read() as tx:
        assert count(tx) == 1


def test_a_rhythm_is_begun_once(page: Planner) -> None:
    path = f"{HOME}/channels/2/cadences"
    form = page.browser.get(f"{path}/new").text
    (action,) = re.findall(rf'formaction="({path}\?once=[^"]+)"', form)
    with page.database.read() as tx:
        before = len(cadences.of_business(tx, 1))
    first, second = (page.browser.post(action, data={"csrf": page.csrf, **FRIDAYS}) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    with page.database.read() as tx:
        assert len(cadences.of_business(tx, 1)) == before + 1


def test_the_same_words_by_another_form_are_meant(page: Planner) -> None:
    for _ in range(2):
        page.send(f"{HOME}/posts", **POST, once=once(page, f"{HOME}/posts/new"))
    assert added(page) == 2


@on_sqlite
def test_other_words_by_the_same_form_are_meant_too(page: Planner) -> None:
    """A browser that shows an old page from its memory must lose nothing that is typed there."""
    mark = once(page, f"{HOME}/posts/new")
    page.send(f"{HOME}/posts", **POST, once=mark)
    page.send(f"{HOME}/posts", **{**POST, "day": "2026-12-06"}, once=mark)
    assert added(page) == 2


@on_sqlite
def test_what_was_refused_may_come_again(page: Planner) -> None:
    mark = once(page, f"{HOME}/posts/new")
    for _ in range(2):
        assert page.send(f"{HOME}/posts", **{**POST, "title": ""}, once=mark).status_code == 400
    assert page.browser.post(f"{HOME}/posts", data={**POST, "once": mark}).status_code == 403  # no form of ours
    assert page.send(f"{HOME}/posts", **POST, once=mark).status_code == 303
    assert added(page) == 1


def test_two_at_the_same_moment(page: Planner) -> None:
    mark, answers = once(page, f"{HOME}/posts/new"), []
    cookie = page.browser.get_cookie("planner")
    assert cookie is not None

    def tap() -> None:
        browser = page.browser.application.test_client()
        browser.set_cookie("planner", cookie.value)
        answers.append(browser.post(f"{HOME}/posts", data={"csrf": page.csrf, **POST, "once": mark}))

    taps = [threading.Thread(target=tap) for _ in range(5)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {where(answers[0])}
    assert added(page) == 1


def where(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.headers["Location"]


def test_only_the_latest_are_remembered() -> None:
    forms = SentForms(keep=2)
    for key in "abc":
        assert forms.begin(key) is None
        forms.end(key, f"/{key}")
    assert [forms.begin(key) for key in "bc"] == ["/b", "/c"]
    assert forms.begin("a") is None
