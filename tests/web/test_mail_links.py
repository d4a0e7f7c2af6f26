"""Links of mails: looking changes nothing, pressing the button does, twice is once, and there is a way back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from planner.actions.pauses import close
from planner.actions.posts import complete
from planner.core.ladder import Size
from planner.core.model import Cadence, MessageKind, Post, Status
from planner.links import ACTION_LIFE, Links, Verb
from planner.store.queries import cadences, channels
from web.conftest import HOME, Planner, on_sqlite

TUESDAY = "2026-12-01"


@pytest.fixture
def post(planner: Planner) -> Post:
    """Google's post of Tuesday; it is Tuesday morning, 09:30 in Berlin."""
    planner.at("2026-12-01T08:30")
    return planner.post(TUESDAY)


def link(planner: Planner, verb: Verb, post: Post) -> str:
    return planner.links.action(verb, post, planner.now).removeprefix(HOME)


def undo_of(page: str) -> str:
    return page.split('name="undo" value="')[1].split('"')[0]


@on_sqlite
@pytest.mark.parametrize("verb", list(Verb))
def test_scanners_may_look_as_often_as_they_like(planner: Planner, post: Post, verb: Verb) -> None:
    path = link(planner, verb, post)
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        answer = planner.browser.open(path, method=method)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert method == "OPTIONS" or answer.headers["Cache-Control"] == "no-store"
    assert planner.again(post) == post
    scripts = re.findall(r"<script[^>]*>", planner.browser.get(path).text)
    assert [script.partition("?")[0] for script in scripts] == ['<script type="module" src="/static/planner.js']


@pytest.mark.parametrize(
    ("verb", "status", "due"),
    [
        (Verb.DONE, Status.POSTED, datetime(2026, 12, 1, 9)),
        (Verb.SKIP, Status.SKIPPED, datetime(2026, 12, 1, 9)),
        (Verb.TOMORROW, Status.PLANNED, datetime(2026, 12, 2, 9)),
        (Verb.MOVE, Status.PLANNED, datetime(2026, 12, 2, 9)),
    ],
)
def test_the_button_acts_once_and_can_be_taken_back(
    planner: Planner, post: Post, verb: Verb, status: Status, due: datetime
) -> None:
    path = link(planner, verb, post)
    first = planner.browser.post(path)
    assert first.status_code == 200
    acted = planner.again(post)
    assert (acted.status, acted.due_local) == (status, due)
    for _ in range(2):
        again = planner.browser.post(path)
        assert again.status_code == 200
    assert planner.again(post) == acted
    assert planner.browser.post("/a/undo", data={"undo": undo_of(first.text)}).status_code == 200
    back = planner.again(post)
    assert (back.status, back.due_local, back.posted_at) == (post.status, post.due_local, None)


def test_undo_does_not_overrule_who_came_after(planner: Planner, post: Post) -> None:
    undo = undo_of(planner.browser.post(link(planner, Verb.SKIP, post)).text)
    with planner.database.write() as tx:
        complete(tx, post.id, now=planner.now)
    assert planner.browser.post("/a/undo", data={"undo": undo}).status_code == 200
    assert planner.again(post).status is Status.POSTED


@on_sqlite
@pytest.mark.parametrize("undo", ["", "x", "a.b.c"])
def test_an_undo_that_is_none(planner: Planner, post: Post, undo: str) -> None:
    assert planner.browser.post("/a/undo", data={"undo": undo}).status_code == 404
    assert planner.browser.get("/a/undo").status_code == 404


def test_where_it_can_be_seen_is_kept(planner: Planner, post: Post) -> None:
    planner.browser.post(link(planner, Verb.DONE, post), data={"link": " https://g.co/post/1 "})
    assert planner.again(post).link == "https://g.co/post/1"


@on_sqlite
@pytest.mark.parametrize("bad", ["javascript:alert(1)", "data:text/html,x", "https://a b", "ftp://x.example"])
def test_what_is_no_page_is_refused_and_nothing_done(planner: Planner, post: Post, bad: str) -> None:
    answer = planner.browser.post(link(planner, Verb.DONE, post), data={"link": bad})
    assert answer.status_code == 400
    assert planner.again(post) == post


def test_why_it_was_skipped_is_kept(planner: Planner, post: Post) -> None:
    planner.browser.post(link(planner, Verb.SKIP, post), data={"reason": "Ofen kaputt"})
    assert planner.again(post).skip_reason == "Ofen kaputt"


def test_skipping_what_is_posted_says_so_and_changes_nothing(planner: Planner, post: Post) -> None:
    skip, done = link(planner, Verb.SKIP, post), link(planner, Verb.DONE, post)
    planner.browser.post(done)
    answer = planner.browser.post(skip)
    assert answer.status_code == 200
    assert planner.again(post).status is Status.POSTED
    page = planner.browser.get(skip).text
    assert f'action="{skip}"' not in page


@pytest.mark.parametrize("verb", list(Verb))
def test_after_a_double_tap_there_is_still_a_way_back(planner: Planner, post: Post, verb: Verb) -> None:
    path = link(planner, verb, post)
    planner.browser.post(path)
    again = planner.browser.post(path)
    planner.browser.post("/a/undo", data={"undo": undo_of(again.text)})
    back = planner.again(post)
    assert (back.status, back.due_local, back.posted_at, back.skip_reason, back.link) == (
        post.status, post.due_local, None, "", "",
    )  # fmt: skip


def test_a_page_says_when_there_was_nothing_to_take_back(planner: Planner, post: Post) -> None:
    skipped = planner.browser.post(link(planner, Verb.SKIP, post))
    planner.browser.post(link(planner, Verb.DONE, post))
    answer = planner.browser.post("/a/undo", data={"undo": undo_of(skipped.text)})
    assert planner.again(post).status is Status.POSTED
    assert "nothing was taken back" in answer.text or "nichts zurückgenommen" in answer.text


@pytest.mark.parametrize("verb", [Verb.SKIP, Verb.TOMORROW, Verb.MOVE])
def test_a_link_that_comes_too_late_does_not_praise(planner: Planner, post: Post, verb: Verb) -> None:
    path = link(planner, verb, post)
    planner.browser.post(link(planner, Verb.DONE, post))
    answer = planner.browser.post(path).text
    assert "Well done" not in answer
    assert "Gut gemacht" not in answer
    assert "undo" not in answer


def test_an_old_mail_does_not_put_off_a_post_that_was_moved(planner: Planner, post: Post) -> None:
    path = link(planner, Verb.TOMORROW, post)
    planner.browser.post(path)
    planner.at("2026-12-02T08:30")
    planner.browser.post(path)
    assert planner.again(post).due_local == datetime(2026, 12, 2, 9)


@on_sqlite
def test_moving_goes_where_the_mail_says_or_where_the_next_room_is(planner: Planner, post: Post) -> None:
    """Google has a post every Tuesday. Thursday was named; a day that is taken, or is over by now, gives way."""

    def moved(day: str, now: str) -> str:
        planner.at(now)
        path = planner.links.action(Verb.MOVE, post, planner.now, day=date.fromisoformat(day)).removeprefix(HOME)
        page = planner.browser.get(path).text
        assert planner.again(post).due_local == post.due_local, "looking moves nothing"
        acted = planner.browser.post(path).text
        to = planner.again(post).due_local
        planner.browser.post("/a/undo", data={"undo": undo_of(acted)})
        assert f"{to.day}. Dezember" in page, "the button says where"
        return str(to)

    assert moved("2026-12-03", "2026-12-02T08:30") == "2026-12-03 09:00:00"
    assert moved("2026-12-08", "2026-12-02T08:30") == "2026-12-03 09:00:00", "on the 8th there is another"
    assert moved("2026-12-03", "2026-12-07T08:30") == "2026-12-09 09:00:00", "the 3rd is over, the 8th is taken"


@on_sqlite
def test_no_room_is_said_and_nothing_moved(planner: Planner, post: Post) -> None:
    with planner.database.write() as tx:
        close(tx, planner.business, date(2026, 12, 2), date(2027, 1, 15), now=planner.now)
    path = link(planner, Verb.MOVE, post)
    for answer in (planner.browser.get(path), planner.browser.post(path)):
        assert answer.status_code == 409
        assert "ist auf diesem Kanal kein Tag frei" in answer.text
    assert planner.again(post).due_local == post.due_local


@on_sqlite
def test_a_skipped_post_is_not_moved(planner: Planner, post: Post) -> None:
    path = link(planner, Verb.MOVE, post)
    planner.browser.post(link(planner, Verb.SKIP, post))
    assert "<form" not in planner.browser.get(path).text.split("<main")[1]
    planner.browser.post(path)
    assert planner.again(post).status is Status.SKIPPED


# --- a rhythm that is offered ---------------------------------------------------------------------------


def google(planner: Planner) -> list[Cadence]:
    """Google's cadences, the oldest first."""
    with planner.database.read() as tx:
        channel = next(each for each in channels.of_business(tx, 1) if each.platform == "gbp")
        return [each for each in cadences.of_business(tx, 1) if each.channel_id == channel.id]


def rhythm(planner: Planner, *, take: bool, size: Size = Size.SMALLER) -> str:
    """The link of Monday's mail, after three weeks in which nobody posted anything."""
    planner.at("2026-12-21T08:30")
    return planner.links.rhythm(google(planner)[0], size, planner.now, take=take).removeprefix(HOME)


@on_sqlite
@pytest.mark.parametrize("take", [True, False])
def test_looking_at_an_offered_rhythm_changes_nothing(planner: Planner, take: bool) -> None:
    path = rhythm(planner, take=take)
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        answer = planner.browser.open(path, method=method)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert f'action="{path}"' in planner.browser.get(path).text
    assert [each.end for each in google(planner)] == [None]


def test_taking_the_rhythm_is_one_tap_and_twice_is_once(planner: Planner) -> None:
    path = rhythm(planner, take=True)
    assert "alle 2 Wochen am Dienstag" in planner.browser.get(path).text
    first = planner.browser.post(path)
    assert "alle 2 Wochen am Dienstag" in first.text
    old, new = google(planner)
    assert (old.end is not None, new.rrule) == (True, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    again = planner.browser.post(path)
    assert again.status_code == 200
    assert f'action="{path}"' not in planner.browser.get(path).text
    assert len(google(planner)) == 2
    assert planner.browser.post(rhythm(planner, take=False)).status_code == 200
    assert len(google(planner)) == 2


def test_declining_keeps_it_and_is_not_asked_again(planner: Planner) -> None:
    planner.browser.post(rhythm(planner, take=False))
    assert [each.end for each in google(planner)] == [None]
    taking = rhythm(planner, take=True)
    assert f'action="{taking}"' not in planner.browser.get(taking).text
    planner.browser.post(taking)
    assert len(google(planner)) == 1


@on_sqlite
def test_the_link_of_an_old_mail_takes_no_other_rhythm(planner: Planner) -> None:
    """A larger one where a smaller one is offered; one for a cadence that was another."""
    assert planner.browser.post(rhythm(planner, take=True, size=Size.LARGER)).status_code == 200
    other = replace(google(planner)[0], rrule="FREQ=WEEKLY;BYDAY=WE")
    path = planner.links.rhythm(other, Size.SMALLER, planner.now, take=True).removeprefix(HOME)
    assert planner.browser.post(path).status_code == 200
    assert [each.end for each in google(planner)] == [None]


@on_sqlite
def test_the_link_to_a_rhythm_is_signed_ends_and_opens_nothing_else(planner: Planner, post: Post) -> None:
    path = rhythm(planner, take=True)
    token = path.removeprefix("/a/rhythm/")
    foreign = Links(["another key" * 5], HOME).rhythm(google(planner)[0], Size.SMALLER, planner.now, take=True)
    done = link(planner, Verb.DONE, post).removeprefix("/a/")
    for bad in (f"{path[:-2]}", f"/a/{token}", f"/a/rhythm/{done}", foreign.removeprefix(HOME), "/a/rhythm/x"):
        assert planner.browser.get(bad).status_code == 404
        assert planner.browser.post(bad).status_code == 404
    planner.moment[0] += ACTION_LIFE + timedelta(seconds=1)
    assert planner.browser.post(path).status_code == 410
    assert [each.end for each in google(planner)] == [None]


def test_after_fourteen_days_there_is_a_page_and_nothing_happens(planner: Planner, post: Post) -> None:
    path = link(planner, Verb.DONE, post)
    planner.moment[0] += ACTION_LIFE
    assert planner.browser.get(path).status_code == 200
    planner.moment[0] += timedelta(seconds=1)
    for answer in (planner.browser.get(path), planner.browser.post(path)):
        assert answer.status_code == 410
        assert answer.mimetype == "text/html"
    assert planner.again(post).status is Status.PLANNED


@on_sqlite
@pytest.mark.parametrize(
    "meddle",
    [
        lambda path: path[:-2],
        lambda path: path + "A",
        lambda path: path.replace("/a/", "/a/A", 1),
        lambda path: "/a/" + "x" * 3000,
        lambda path: "/a/%00",
        lambda path: "/a/W10.sig",
    ],
)
def test_a_link_that_was_meddled_with(planner: Planner, post: Post, meddle: Callable[[str], str]) -> None:
    path = meddle(link(planner, Verb.DONE, post))
    assert planner.browser.get(path).status_code == 404
    assert planner.browser.post(path).status_code == 404
    assert planner.again(post) == post


@on_sqlite
def test_a_link_of_another_installation(planner: Planner, post: Post) -> None:
    foreign = Links(["another key" * 5], HOME).action(Verb.DONE, post, planner.now).removeprefix(HOME)
    assert planner.browser.post(foreign).status_code == 404
    assert planner.again(post) == post


@on_sqlite
def test_purposes_are_kept_apart(planner: Planner, post: Post) -> None:
    token = link(planner, Verb.DONE, post).removeprefix("/a/")
    assert planner.browser.post(f"/unsubscribe/{token}").status_code == 404
    assert planner.browser.post(f"/sign-in/{token}").status_code == 404
    assert planner.browser.post("/a/undo", data={"undo": token}).status_code == 404


def test_whoever_is_signed_in_is_not_known_here(planner: Planner, post: Post) -> None:
    path = link(planner, Verb.DONE, post)
    stranger = planner.browser.get(path).text
    planner.sign_in()
    assert planner.browser.get(path).text == stranger


# --- unsubscribing (RFC 8058) ---------------------------------------------------------------------------


def unsubscribe(planner: Planner, kind: MessageKind) -> str:
    return planner.links.unsubscribe(1, kind, planner.now).removeprefix(HOME)


def wanted(planner: Planner) -> tuple[bool, bool, bool]:
    business = planner.business
    return business.digest_on, business.nudge_time is not None, business.summary_on


@pytest.mark.parametrize("form", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_one_click_as_mail_programs_send_it(planner: Planner, form: str) -> None:
    answer = planner.browser.post(
        unsubscribe(planner, MessageKind.DIGEST), data={"List-Unsubscribe": "One-Click"}, content_type=form
    )
    assert answer.status_code == 200, "no redirect (RFC 8058, 3.1)"
    assert "Set-Cookie" not in answer.headers
    assert wanted(planner) == (False, False, True)


def test_looking_does_not_unsubscribe(planner: Planner) -> None:
    path = unsubscribe(planner, MessageKind.SUMMARY)
    assert "<form" in planner.browser.get(path).text
    planner.browser.head(path)
    assert wanted(planner) == (True, False, True)


def test_every_kind_is_for_itself_twice_is_once_and_it_can_be_switched_on_again(planner: Planner) -> None:
    path = unsubscribe(planner, MessageKind.SUMMARY)
    for _ in range(2):
        assert planner.browser.post(path).status_code == 200
        assert wanted(planner) == (True, False, False)
    assert planner.browser.post(path, data={"again": "yes"}).status_code == 200
    assert wanted(planner) == (True, False, True)


def test_no_mail_is_owed_after_unsubscribing(planner: Planner) -> None:
    planner.browser.post(unsubscribe(planner, MessageKind.DIGEST))
    with planner.database.read() as tx:
        assert not list(tx.exec_driver_sql("SELECT 1 FROM reminder WHERE kind = 'digest' AND next_at IS NOT NULL"))


@on_sqlite
def test_a_forged_unsubscribe(planner: Planner) -> None:
    assert planner.browser.post("/unsubscribe/nonsense").status_code == 404
    assert wanted(planner) == (True, False, True)
