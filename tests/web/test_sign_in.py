"""Getting in and out: the one-time link, the password, the cookie, and what keeps strangers out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from planner.actions.access import SESSION_LIFE, PasswordTooShort, new_nonce, set_password
from planner.web.throttle import FREE, LONGEST, Throttle
from web.conftest import HOME, Planner, on_sqlite, utc

PASSWORD = "drei Brötchen bitte"


def link(planner: Planner) -> str:
    return planner.links.sign_in(new_nonce(), planner.now).removeprefix(HOME)


def with_password(planner: Planner) -> None:
    with planner.database.write() as tx:
        set_password(tx, PASSWORD)


@on_sqlite
@pytest.mark.parametrize("path", ["/", "/posts/1", "/businesses/1", "/posts/99"])
def test_strangers_are_shown_the_door(planner: Planner, path: str) -> None:
    answer = planner.browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_the_link_signs_in_once(planner: Planner) -> None:
    path = link(planner)
    for _ in range(3):  # mail scanners and previews look before people do
        page = planner.browser.get(path)
        assert page.status_code == 200
        assert "<form" in page.text
        assert planner.browser.head(path).status_code == 200
    assert planner.browser.get("/").status_code == 303
    answer = planner.browser.post(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert planner.browser.get("/").status_code == 200
    other = planner.browser.application.test_client()
    assert other.post(path).status_code == 410
    assert other.get(path).status_code == 410
    assert other.get("/").status_code == 303


def test_the_link_is_good_for_a_day(planner: Planner) -> None:
    path = link(planner)
    planner.moment[0] += timedelta(hours=24, seconds=1)
    assert planner.browser.get(path).status_code == 410
    assert planner.browser.post(path).status_code == 410
    assert planner.browser.get("/").status_code == 303


@on_sqlite
@pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: path + "x", lambda path: "/sign-in/x.y"])
def test_a_link_that_was_meddled_with_is_none(planner: Planner, change: Callable[[str], str]) -> None:
    assert planner.browser.post(change(link(planner))).status_code == 404
    assert planner.browser.get("/").status_code == 303


@on_sqlite
def test_a_link_for_something_else_does_not_sign_in(planner: Planner) -> None:
    undo = planner.links.undo(planner.post("2026-12-01"), planner.post("2026-12-01"), planner.now)
    assert planner.browser.post(f"/sign-in/{undo}").status_code == 404


def test_the_cookie(planner: Planner) -> None:
    cookie = planner.browser.post(link(planner)).headers["Set-Cookie"]
    assert cookie.startswith("planner=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    secret = cookie.removeprefix("planner=").split(";")[0]
    assert len(secret) == 43  # 256 bits
    with planner.database.read() as tx:
        assert secret not in "".join(str(row) for row in tx.exec_driver_sql("SELECT * FROM session"))


@on_sqlite
def test_with_https_the_cookie_is_bound_to_the_host(make: Callable[..., Planner]) -> None:
    planner = make(home="https://planner.test")
    path = planner.links.sign_in(new_nonce(), planner.now).removeprefix("https://planner.test")
    cookie = planner.browser.post(path, base_url="https://planner.test").headers["Set-Cookie"]
    assert cookie.startswith("__Host-planner=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_session_ends_by_itself_and_by_hand(planner: Planner) -> None:
    planner.sign_in()
    planner.moment[0] += SESSION_LIFE - timedelta(seconds=1)
    assert planner.browser.get("/").status_code == 200
    planner.moment[0] += timedelta(seconds=2)
    assert planner.browser.get("/").status_code == 303
    planner.sign_in()
    assert planner.send("/sign-out").headers["Location"] == "/sign-in"
    assert planner.browser.get("/").status_code == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(planner: Planner) -> None:
    planner.sign_in()
    kept = planner.browser.get_cookie("planner", domain="localhost")
    assert kept is not None
    planner.send("/sign-out")
    planner.browser.set_cookie("planner", kept.value, domain="localhost")
    assert planner.browser.get("/").status_code == 303


def test_the_password(planner: Planner) -> None:
    assert 'type="password"' not in planner.browser.get("/sign-in").text
    assert planner.browser.post("/sign-in", data={"password": ""}).status_code == 403
    with_password(planner)
    assert 'type="password"' in planner.browser.get("/sign-in").text
    for wrong in (PASSWORD.upper(), PASSWORD + " ", "x" * 1000):
        assert planner.browser.post("/sign-in", data={"password": wrong}).status_code == 403
    assert planner.browser.get("/").status_code == 303
    assert planner.browser.post("/sign-in", data={"password": PASSWORD}).headers["Location"] == "/"
    assert planner.browser.get("/").status_code == 200
    with planner.database.read() as tx:
        assert PASSWORD not in "".join(str(row) for row in tx.exec_driver_sql("SELECT * FROM fact"))


def test_the_password_is_kept_by_argon2id(planner: Planner) -> None:
    with_password(planner)
    with planner.database.read() as tx:
        [kept] = tx.exec_driver_sql("SELECT value FROM fact WHERE name = 'password_hash'").scalars()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_new_password_signs_everybody_out(planner: Planner) -> None:
    planner.sign_in()
    with planner.database.write() as tx:
        assert set_password(tx, PASSWORD) == 1
    assert planner.browser.get("/").status_code == 303


def test_a_short_password_is_refused(planner: Planner) -> None:
    with planner.database.write() as tx, pytest.raises(PasswordTooShort):
        set_password(tx, "neun zeic"[:9])


@on_sqlite
def test_guessing_gets_slow(planner: Planner) -> None:
    with_password(planner)
    for _ in range(FREE):
        assert planner.browser.post("/sign-in", data={"password": "geraten"}).status_code == 403
    assert planner.browser.post("/sign-in", data={"password": PASSWORD}).status_code == 429
    planner.moment[0] += timedelta(seconds=2)
    assert planner.browser.post("/sign-in", data={"password": PASSWORD}).status_code == 303


def test_the_pauses_double_up_to_a_quarter_of_an_hour_and_concern_one_address() -> None:
    throttle, now = Throttle(), utc("2026-11-30T08:00")
    waits = []
    for _ in range(20):
        throttle.failed("a", now)
        waits.append(throttle.wait("a", now).total_seconds())
    assert waits[:8] == [0, 0, 0, 0, 2, 4, 8, 16]
    assert waits[-1] == LONGEST.total_seconds() == 900
    assert throttle.wait("b", now) == timedelta()
    throttle.succeeded("a")
    assert throttle.wait("a", now) == timedelta()


@on_sqlite
@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/posts/1", "/posts/1"),
        ("/businesses/1", "/businesses/1"),
        ("//evil.test", "/"),
        ("/posts/1@evil.test", "/"),
        ("https://evil.test/posts/1", "/"),
        ("/posts/1\nX-Evil: 1", "/"),
        ("/sign-out", "/"),
        ("", "/"),
    ],
)
def test_after_the_password_one_is_where_one_wanted_to_be(planner: Planner, wanted: str, where: str) -> None:
    with_password(planner)
    answer = planner.browser.post("/sign-in", query_string={"to": wanted}, data={"password": PASSWORD})
    assert answer.headers["Location"] == where


@on_sqlite
def test_the_calendar_s_link_remembers_the_post(planner: Planner) -> None:
    assert planner.browser.get("/posts/3").headers["Location"] == "/sign-in?to=/posts/3"


@on_sqlite
def test_the_door_speaks_the_visitor_s_language(planner: Planner) -> None:
    assert "Anmelden" in planner.browser.get("/sign-in", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}).text
    assert "Sign in" in planner.browser.get("/sign-in", headers={"Accept-Language": "en-GB,en"}).text
    assert "Anmelden" in planner.browser.get("/sign-in").text, "that of the business when nothing is said"


# --- revoking -------------------------------------------------------------------------------------------


def test_signing_out_everywhere_from_the_page(planner: Planner) -> None:
    phone = planner.browser.application.test_client()
    phone.post(link(planner))
    planner.sign_in()
    waiting = link(planner)
    page = planner.browser.get("/sessions")
    assert page.text.count('<li class="panel">') == 2
    assert 'href="/sessions"' in planner.browser.get("/businesses/1/more").text
    assert planner.browser.post("/sessions/end").status_code == 403
    assert phone.get("/").status_code == 200
    planner.moment[0] += timedelta(seconds=1)
    answer = planner.send("/sessions/end")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert planner.browser.get("/").status_code == phone.get("/").status_code == 303
    assert planner.browser.get(waiting).status_code == planner.browser.post(waiting).status_code == 410
    assert planner.browser.post(link(planner)).status_code == 303, "a link made since then signs in"
    assert planner.browser.get("/").status_code == 200


@on_sqlite
@pytest.mark.parametrize("path", ["/sessions", "/sessions/end"])
def test_strangers_end_nothing(planner: Planner, path: str) -> None:
    phone = planner.browser.application.test_client()
    phone.post(link(planner))
    assert planner.browser.open(path, method="POST" if path.endswith("end") else "GET").status_code == 303
    assert phone.get("/").status_code == 200


def test_open_sessions_are_kept_as_hashes(planner: Planner) -> None:
    planner.sign_in()
    kept = planner.browser.get_cookie("planner", domain="localhost")
    assert kept is not None
    with planner.database.read() as tx:
        [row] = tx.exec_driver_sql("SELECT secret_hash FROM session").all()
    assert (len(row[0]), row[0] != kept.value) == (64, True)


# --- only our own pages ---------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": "http://localhost.evil.test"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "\xe4"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": HOME, "Sec-Fetch-Site": "same-origin"}, 303),
        ({}, 303),
    ],
)
def test_no_other_site_can_try_passwords_by_a_visitor_s_browser(
    planner: Planner, headers: dict[str, str], status: int
) -> None:
    with_password(planner)
    assert planner.browser.post("/sign-in", data={"password": PASSWORD}, headers=headers).status_code == status
    assert planner.browser.post(link(planner), headers=headers).status_code == status


@on_sqlite
@pytest.mark.parametrize("csrf", ["ä", "\x00", "\udcff", "x" * 100_000])
def test_a_token_of_odd_letters_is_a_wrong_one(planner: Planner, csrf: str) -> None:
    planner.sign_in()
    data = {"csrf": csrf.encode("utf-8", "surrogateescape")}
    assert planner.browser.post("/sessions/end", data=data).status_code == 403
    assert planner.browser.get("/").status_code == 200


@on_sqlite
def test_with_https_a_page_without_is_another_site(make: Callable[..., Planner]) -> None:
    planner = make(home="https://planner.test")
    with_password(planner)
    for origin, status in (("http://planner.test", 403), ("https://planner.test", 303)):
        answer = planner.browser.post(
            "/sign-in", data={"password": PASSWORD}, headers={"Origin": origin}, base_url="https://planner.test"
        )
        assert answer.status_code == status
