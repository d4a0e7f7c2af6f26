"""Whoever tries addresses one after the other: a short no, at little cost, and nobody else pays for it."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event

from planner.actions import feeds as verbs
from planner.actions.access import set_password
from planner.links import Verb
from planner.web import guesses, throttle
from planner.web.guesses import FREE, ONE_BACK, Guesses
from planner.web.site import ACCOUNT_FREE, ACCOUNT_LONGEST
from planner.web.throttle import Throttle
from web.conftest import HOME, Planner, on_sqlite, utc

NOON = utc("2026-11-30T12:00")
PASSWORD = "drei Brötchen bitte"


def exhaust(planner: Planner, peer: str = "127.0.0.1") -> None:
    for number in range(FREE):
        answer = planner.browser.get(f"/feeds/wrong{number}.ics", environ_overrides={"REMOTE_ADDR": peer})
        assert answer.status_code == 404


def test_guessing_feeds_ends_in_a_short_no_that_asks_nothing_of_the_database(planner: Planner) -> None:
    exhaust(planner)
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(planner.database.engine, "before_cursor_execute", note)
    answer = planner.browser.get("/feeds/another.ics")
    event.remove(planner.database.engine, "before_cursor_execute", note)
    assert (answer.status_code, statements) == (429, [])
    assert int(answer.headers["Retry-After"]) > 0
    planner.moment[0] += ONE_BACK
    assert planner.browser.get("/feeds/another.ics").status_code == 404
    assert planner.browser.get("/feeds/another.ics").status_code == 429


def test_who_subscribed_before_does_not_notice_though_he_has_the_guesser_s_address(planner: Planner) -> None:
    path, new = planner.feed(), planner.feed()
    assert planner.browser.get(path).status_code == 200
    exhaust(planner)
    assert planner.browser.get("/feeds/another.ics").status_code == 429
    for _ in range(3):
        assert planner.browser.get(path).status_code == 200
    assert planner.browser.get(new).status_code == 429, "nobody can tell it from a guess; it is asked for again"
    planner.moment[0] += 2 * ONE_BACK
    assert planner.browser.get(new).status_code == 200
    assert planner.browser.get("/feeds/another.ics").status_code == 404, "what was right does not count"


@on_sqlite
def test_other_addresses_are_not_touched(planner: Planner) -> None:
    path = planner.feed()
    exhaust(planner)
    assert planner.browser.get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.5"}).status_code == 200


@on_sqlite
def test_a_revoked_feed_is_forgotten_and_counts_like_any_other(planner: Planner) -> None:
    path = planner.feed()
    assert planner.browser.get(path).status_code == 200
    with planner.database.write() as tx:
        verbs.revoke_feed(tx, planner.business, 1, now=planner.now)
    assert planner.browser.get(path).status_code == 404
    for _ in range(FREE):
        assert planner.browser.get(path).status_code in (404, 429)
    assert planner.browser.get(path).status_code == 429


def test_guessing_links_ends_the_same_way_and_a_right_one_goes_on_working(planner: Planner) -> None:
    planner.at("2026-12-01T08:30")
    post = planner.post("2026-12-01")
    codes = [planner.browser.post(f"/a/guess{number}").status_code for number in range(FREE + 1)]
    assert codes == [404] * FREE + [429]
    for path in ("/a/x", "/unsubscribe/x", "/sign-in/x"):
        assert planner.browser.get(path).status_code == 429
    done = planner.links.action(Verb.DONE, post, planner.now).removeprefix(HOME)
    assert planner.browser.post(done).status_code == 200
    assert not planner.again(post).open


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "_REMEMBERED", 100)
    monkeypatch.setattr(throttle, "_REMEMBERED", 100)
    counted, slowed = Guesses(), Throttle()
    for number in range(1000):
        counted.admit(f"w{number}", NOON, "k")
        counted.right(f"w{number}", "k")
        counted.admit(f"x{number}", NOON, "k")
        slowed.failed(f"w{number}", NOON)
    assert len(counted) <= 200
    assert len(slowed._failures) <= 100


# --- the password ---------------------------------------------------------------------------------------


def test_many_at_the_same_moment_are_not_all_the_first() -> None:
    slowed, ready = Throttle(), threading.Barrier(40)
    admitted = []

    def guess() -> None:
        ready.wait()
        if not slowed.admit("a", NOON):
            admitted.append(1)

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == throttle.FREE


def test_failures_are_forgotten_after_a_day_and_a_clock_set_back_costs_no_more_than_the_pause() -> None:
    slowed = Throttle()
    for _ in range(30):
        slowed.failed("a", NOON)
    assert slowed.wait("a", NOON) == slowed.wait("a", NOON - timedelta(days=30)) == throttle.LONGEST
    assert slowed.wait("a", NOON + timedelta(days=1, seconds=1)) == timedelta()
    slowed.failed("a", NOON + timedelta(days=1, seconds=1))
    assert slowed.wait("a", NOON + timedelta(days=1, seconds=2)) == timedelta(), "counted from one again"


@pytest.mark.full
@on_sqlite
def test_a_botnet_is_slowed_as_a_whole_and_the_owner_at_home_is_not(planner: Planner) -> None:
    with planner.database.write() as tx:
        set_password(tx, PASSWORD)

    def sign_in(peer: str, password: str) -> int:
        over = {"REMOTE_ADDR": peer}
        return planner.browser.post("/sign-in", data={"password": password}, environ_overrides=over).status_code

    assert sign_in("192.0.2.1", PASSWORD) == 303
    codes = [sign_in(f"2001:db8:{number:x}::1", "geraten") for number in range(ACCOUNT_FREE + 5)]
    assert codes == [403] * ACCOUNT_FREE + [429] * 5
    assert sign_in("198.51.100.1", PASSWORD) == 429, "whoever is new waits half a minute at most"
    assert sign_in("192.0.2.1", PASSWORD) == 303
    planner.moment[0] += ACCOUNT_LONGEST
    assert sign_in("198.51.100.1", PASSWORD) == 303


@on_sqlite
def test_a_whole_network_of_ipv6_is_one_guesser(planner: Planner) -> None:
    with planner.database.write() as tx:
        set_password(tx, PASSWORD)
    codes = [
        planner.browser.post(
            "/sign-in", data={"password": "geraten"}, environ_overrides={"REMOTE_ADDR": f"2001:db8::{number:x}"}
        )
        for number in range(1, throttle.FREE + 2)
    ]
    assert [answer.status_code for answer in codes] == [403] * throttle.FREE + [429]
    assert int(codes[-1].headers["Retry-After"]) == 2
