"""Where somebody is signed in: which browser, when it was used last, and ending one of them."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from planner.actions import access
from planner.actions.access import new_nonce
from planner.actions.set_up import change_business
from planner.errors import HomeNotWritable
from planner.store.queries import businesses
from web.conftest import HOME, Planner, on_sqlite

FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Mobile/15E148 Safari/604.1"
)


def signed_in(planner: Planner, agent: str) -> FlaskClient:
    """Another device."""
    device = planner.browser.application.test_client()
    path = planner.links.sign_in(new_nonce(), planner.now).removeprefix(HOME)
    assert device.post(path, headers={"User-Agent": agent}).status_code == 303
    return device


def devices(planner: Planner) -> list[str]:
    """What the page says of each, in a line."""
    html = planner.browser.get("/sessions").text
    panels = [part.split("</li>")[0] for part in html.split('<li class="panel">')[1:]]
    return [" ".join(re.sub(r"<[^>]+>", " ", panel).split()) for panel in panels]


@pytest.fixture
def page(planner: Planner) -> Planner:
    """On Monday, 30 November, an iPhone, then a Firefox on a phone, and an hour later this browser."""
    signed_in(planner, SAFARI)
    planner.at("2026-11-30T09:00")
    signed_in(planner, FIREFOX)
    planner.at("2026-11-30T10:00")
    planner.sign_in()
    return planner


@on_sqlite
def test_each_by_its_browser_and_when_it_was_used(page: Planner) -> None:
    here, android, iphone = devices(page)
    assert here.startswith("Werkzeug ● dieses Gerät angemeldet am 30. Nov., 11:00")
    assert android.startswith("Firefox unter Android zuletzt benutzt am 30. Nov., 10:00")
    assert iphone.startswith("Safari auf einem iPhone zuletzt benutzt am 30. Nov., 09:30")
    html = page.browser.get("/sessions").text
    assert html.count("dieses Gerät") == 1
    with page.database.write() as tx:
        change_business(tx, businesses.get(tx, 1), {"language": "en"}, now=page.now, tzdata="x")
        hashes = tx.exec_driver_sql("SELECT secret_hash FROM session").scalars().all()
    html = page.browser.get("/sessions").text
    for words in ("Firefox on Android", "Safari on an iPhone", "last used on 30 Nov at 10:00", "this one"):
        assert words in html
    cookie = page.browser.get_cookie("planner", domain="localhost")
    assert cookie is not None
    for secret in (*hashes, cookie.value):
        assert secret not in html


def test_use_is_noted_once_an_hour(planner: Planner) -> None:
    phone = signed_in(planner, FIREFOX)
    planner.sign_in()
    for moment, used in (("09:29", "09:30"), ("09:30", "10:30"), ("10:00", "10:30"), ("10:31", "11:31")):
        planner.at(f"2026-11-30T{moment}")
        assert phone.get("/").status_code == 200
        assert f", {used}" in devices(planner)[1], moment


@on_sqlite
def test_a_page_is_shown_when_its_use_cannot_be_noted(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise HomeNotWritable(home="here", reason="no room")

    planner.sign_in()
    planner.moment[0] += timedelta(hours=2)
    monkeypatch.setattr(access, "note_used", full)
    assert planner.browser.get("/").status_code == 200


def test_one_is_ended_and_the_others_go_on(page: Planner) -> None:
    with page.database.read() as tx:
        numbers = dict(tx.exec_driver_sql("SELECT browser, id FROM session").all())
    phone = signed_in(page, FIREFOX)
    iphone = numbers["Safari"]
    assert page.browser.post(f"/sessions/{iphone}/end").status_code == 403
    assert len(devices(page)) == 4
    for _ in range(2):  # a second tap
        answer = page.send(f"/sessions/{iphone}/end")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sessions?said=signed-out")
    assert "Abgemeldet." in page.browser.get("/sessions?said=signed-out").text
    assert not [each for each in devices(page) if "iPhone" in each]
    assert phone.get("/").status_code == 200
    assert page.browser.application.test_client().post(f"/sessions/{numbers['Firefox']}/end").status_code == 303
    assert len(devices(page)) == 3, "a stranger ends nothing"


def test_ending_this_one_is_signing_out(page: Planner) -> None:
    with page.database.read() as tx:
        here = tx.exec_driver_sql("SELECT max(id) FROM session").scalar()
    answer = page.send(f"/sessions/{here}/end")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert page.browser.get("/").status_code == 303


@on_sqlite
def test_of_an_old_session_nothing_is_known(page: Planner) -> None:
    with page.database.write() as tx:
        tx.exec_driver_sql("UPDATE session SET browser = '', system = '', last_used_at = NULL WHERE id = 1")
    (old,) = [each for each in devices(page) if "iPhone" not in each and "Firefox" not in each][1:]
    assert old.startswith("Unbekannter Browser wann es zuletzt benutzt wurde, ist nicht bekannt")


@on_sqlite
def test_an_endless_name_is_cut(planner: Planner) -> None:
    signed_in(planner, "x" * 100_000)
    planner.sign_in()
    assert devices(planner)[1].startswith("x" * 40 + " ")
