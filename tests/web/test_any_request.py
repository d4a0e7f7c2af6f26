"""Whatever is asked, and however: an answer that says what is the matter, and never a fault of ours."""

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.core.model import Post, Status
from web.conftest import Planner, on_sqlite

HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
NUMBER = st.sampled_from(["0", "1", "31", "99", "2026", "9999", "-1", "9" * 20])
DATE = st.builds(
    "Tue, {} Dec {} {}:00:00 {}".format, NUMBER, NUMBER, NUMBER, st.sampled_from(["GMT", "+9999", "-99999"])
)
TAGS = st.lists(st.sampled_from(['"', "W/", "*", ",", "x", " ", "\\"]), max_size=12).map("".join)
WORDS = st.text(max_size=40) | st.text("\0\x1b\u202e\n[]%é", max_size=5)
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def address(planner: Planner) -> str:
    return planner.feed()


@pytest.fixture
def post(planner: Planner) -> Post:
    """Google's, on a signed-in page."""
    planner.at("2026-12-01T08:30")
    planner.sign_in()
    return planner.post("2026-12-01")


@on_sqlite
@many
@given(st.dictionaries(
    st.sampled_from(["If-None-Match", "If-Modified-Since", "Accept-Encoding", "Accept-Language", "User-Agent", "Cookie",
                     "Host", "Range", "Authorization"]),
    DATE | TAGS | HEADER, max_size=4,
))  # fmt: skip
def test_any_header_gets_the_feed_or_nothing_new(planner: Planner, address: str, headers: dict[str, str]) -> None:
    answer = planner.browser.get(address, headers=headers)
    assert answer.status_code in (200, 304)
    assert (answer.status_code == 200) == bool(answer.data)
    assert answer.status_code == 200 or {"If-None-Match", "If-Modified-Since"} & headers.keys()


@on_sqlite
@many
@given(
    st.sampled_from(["/", "/a/", "/a/undo/", "/feeds/", "/posts/", "/posts/1/", "/businesses/", "/sign-in/",
                     "/unsubscribe/", "/static/", "/?undo=", "/sign-in?to="]),
    (st.text(max_size=30) | st.sampled_from(["9" * 5000, "../../etc/passwd", "%00", "1/done", "-1", "٣"])).map(quote),
    st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
)  # fmt: skip
def test_any_path_leads_somewhere(planner: Planner, post: Post, before: str, path: str, method: str) -> None:
    answer = planner.browser.open(before + path, method=method)
    assert answer.status_code in (200, 303, 308, 400, 403, 404, 405, 410)
    assert planner.again(post) == post


@on_sqlite
@many
@given(
    st.sampled_from(["done", "skip", "tomorrow", "reopen"]),
    st.dictionaries(st.sampled_from(["link", "reason", "due", "undo", "csrf"]), WORDS),
    st.dictionaries(st.sampled_from(["Origin", "Sec-Fetch-Site", "Cookie"]), HEADER, max_size=1),
)
def test_any_form_does_what_it_says_or_nothing(
    planner: Planner, post: Post, verb: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    before = planner.again(post)
    answer = planner.send(f"/posts/{post.id}/{verb}", headers, **form)
    after = planner.again(post)
    assert answer.status_code in (303, 400, 403, 409)
    assert after == before or answer.status_code == 303
    for words in (after.link, after.skip_reason):
        assert not {unicodedata.category(letter) for letter in words} & {"Cc", "Cs", "Zl", "Zp"}
        assert len(words) <= 2000


@on_sqlite
@many
@given(
    st.binary(max_size=60)
    | st.sampled_from([b"--x\r\n", b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n']),
    st.sampled_from(
        ["multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", "x"]
    ),
    st.sampled_from(["/sign-in", "/undo", "/sign-out", "/posts/1/done", "/a/undo"]),
)
def test_any_body_is_refused(planner: Planner, post: Post, body: bytes, kind: str, path: str) -> None:
    answer = planner.browser.post(path, data=body, headers={"Content-Type": kind})
    assert answer.status_code in (303, 400, 403, 404, 413, 429)
    assert planner.again(post) == post


@pytest.mark.parametrize(
    ("headers", "form", "status"),
    [
        pytest.param({}, {"csrf": "é"}, 403, id="a form's token with an umlaut"),
        pytest.param({"Origin": "http://["}, {}, 403, id="an origin that is no address"),
        pytest.param({}, {"reason": "a\0b\x1b[31m\nc"}, 303, id="a NUL, which PostgreSQL does not keep"),
    ],
)
def test_what_once_was_a_fault_of_ours(
    planner: Planner, post: Post, headers: dict[str, str], form: dict[str, str], status: int
) -> None:
    answer = planner.send(f"/posts/{post.id}/skip", headers, **form)
    assert answer.status_code == status
    kept = planner.again(post)
    assert (kept.status, kept.skip_reason) == ((Status.SKIPPED, "a b [31m c") if status == 303 else (post.status, ""))


@pytest.mark.parametrize(
    "link", ["https://x.example/a\0b", "https://x.example/" + "x" * 2000, "https://x.example/a\u202eb"]
)
def test_an_address_that_no_page_has_is_refused_and_not_cut(planner: Planner, post: Post, link: str) -> None:
    assert planner.send(f"/posts/{post.id}/done", link=link).status_code == 400
    assert planner.again(post) == post


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(
            {"If-Modified-Since": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, id="a year of twenty digits"
        ),
        pytest.param({"User-Agent": "a\0b"}, id="a program whose name PostgreSQL does not keep"),
    ],
)
def test_a_feed_is_not_kept_from_a_strange_program(planner: Planner, address: str, headers: dict[str, Any]) -> None:
    assert planner.browser.get(address, headers=headers).status_code == 200
