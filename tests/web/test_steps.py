"""The steps of a video on the page: on the post's and on Today, ticked by a form alone."""

import re

import pytest
from sqlalchemy import event

from planner.actions import posts as verbs
from planner.core.model import Post
from web.conftest import Planner, on_sqlite


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in on Thursday, 24 December, 09:30: the video of 6 January was to be thought of on the 23rd."""
    planner.at("2026-12-24T08:30")
    planner.sign_in()
    return planner


@pytest.fixture
def video(page: Planner) -> Post:
    return page.post("2027-01-06")


def shown(page: Planner, post: Post) -> list[tuple[str, str]]:
    """The steps on a post's page: name and classes."""
    html = page.browser.get(f"/posts/{post.id}").text
    section = re.search(r'<section id="steps".*?</section>', html, re.DOTALL)
    found = re.findall(r'<li class="step ([^"]*)".*?</span><span>([^<]*)', section[0] if section else "", re.DOTALL)
    return [(name, classes) for classes, name in found]


def test_a_post_shows_where_its_video_stands(page: Planner, video: Post) -> None:
    assert shown(page, video) == [
        ("Idee", "late next"), ("Drehbuch", "coming"), ("Drehen", "coming"), ("Schneiden", "coming"),
        ("Vorschaubild", "coming"), ("Veröffentlichen", "coming"),
    ]  # fmt: skip
    html = page.browser.get(f"/posts/{video.id}").text
    assert "0 von 6 erledigt" in html
    assert "Eine Frage, die wirklich gestellt wird" in html
    answer = page.send(f"/posts/{video.id}/steps/tick", step="script")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/posts/{video.id}#steps")
    assert [classes for _, classes in shown(page, video)[:3]] == ["done", "done", "coming next"]
    assert "Schritte des Videos" in page.browser.get(f"/posts/{video.id}").text, "the history says so"
    page.send(f"/posts/{video.id}/steps/untick", step="idea")
    assert [classes for _, classes in shown(page, video)[:3]] == ["late next", "done", "coming"]
    with page.database.write() as tx:
        verbs.complete(tx, video.id, now=page.now)
    assert shown(page, video) == []


def test_other_posts_have_none(page: Planner) -> None:
    assert shown(page, page.post("2026-12-29")) == []
    assert page.send(f"/posts/{page.post('2026-12-29').id}/steps/tick", step="idea").status_code == 404


@on_sqlite
def test_forms_of_somebody_else_s_making(page: Planner, video: Post) -> None:
    assert page.send(f"/posts/{video.id}/steps/tick", step="x" * 300).status_code == 404
    assert page.send(f"/posts/{video.id}/steps/tick").status_code == 404
    assert page.send(f"/posts/{video.id}/steps/tick", step="publish").status_code == 400
    assert page.browser.post(f"/posts/{video.id}/steps/tick", data={"step": "idea"}).status_code == 403
    assert page.again(video).steps == ()


def test_today_shows_what_is_next_and_takes_the_tick(page: Planner, video: Post) -> None:
    html = page.browser.get("/businesses/1").text
    section = re.search(r'<section id="steps".*?</section>', html, re.DOTALL)
    assert section
    assert f'href="/posts/{video.id}#steps"' in section[0]
    assert "war fällig am Mittwoch, 23. Dezember" in section[0]
    answer = page.send(f"/posts/{video.id}/steps/tick", step="idea", back="/businesses/1")
    assert answer.headers["Location"] == "/businesses/1"
    html = page.browser.get("/businesses/1").text
    assert "<strong>Drehbuch</strong>" in html
    page.at("2026-12-17T08:30")  # nothing is due within the week: the script is on the 26th
    assert 'id="steps"' not in page.browser.get("/businesses/1").text


def test_today_asks_six_questions_with_videos_too(page: Planner) -> None:
    statements: list[str] = []
    event.listen(page.database.engine, "before_cursor_execute", lambda *given: statements.append(str(given[2])))
    assert 'id="steps"' in page.browser.get("/businesses/1").text
    assert len([each for each in statements if each.startswith("SELECT")]) <= 6
