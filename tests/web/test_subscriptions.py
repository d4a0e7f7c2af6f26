"""Calendar subscriptions on the page: made, shown once, told apart by who fetched them, ended."""

import base64
import html
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import segno
from werkzeug.test import TestResponse

from planner.actions.access import sign_in
from planner.core.model import Feed
from planner.store.queries import channels, feeds
from planner.web.calendar_programs import program
from planner.web.reach import Reach, reach
from web.conftest import HOME, Planner, on_sqlite

PATH = "/businesses/1/subscriptions"
ALL = {"channel": "", "kind": "event", "alarm": ""}


def address_on(page: str) -> str:
    """The address that a page shows."""
    found = re.search(r'<code id="address">([^<]+)</code>', page)
    assert found, page
    return html.unescape(found[1])


def made(planner: Planner, **form: str) -> TestResponse:
    """The page with the address that a form leads to."""
    answer = planner.send(PATH, **form)
    assert (answer.status_code, answer.text.count(".ics")) == (303, 0)
    return planner.browser.get(answer.headers["Location"])


def kept(planner: Planner) -> list[Feed]:
    with planner.database.read() as tx:
        return feeds.of_business(tx, 1)


def test_a_new_address_works_and_is_shown_once(planner: Planner) -> None:
    planner.sign_in()
    answer = made(planner, **ALL)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    address = address_on(answer.text)
    assert planner.browser.get(address.removeprefix(HOME)).data.startswith(b"BEGIN:VCALENDAR")
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert len(base64.urlsafe_b64decode(f"{secret}=")) == 32
    for path in (PATH, "/businesses/1/more", "/businesses/1/settings", "/businesses/1/messages", "/businesses/1"):
        assert secret not in planner.browser.get(path).text
    assert secret.encode() not in repr(kept(planner)).encode()


def test_a_form_that_is_sent_twice_makes_one(planner: Planner) -> None:
    planner.sign_in()
    form = planner.browser.get(PATH).text
    once = re.findall(r'name="once" value="([^"]{20,})"', form)[0]
    assert once not in planner.browser.get(PATH).text
    first, second = (address_on(made(planner, **ALL, once=once).text) for _ in range(2))
    assert first == second
    assert len(kept(planner)) == 1
    assert address_on(made(planner, **ALL, once="another").text) != first
    planner.send(f"{PATH}/1/end")
    again = planner.send(PATH, **ALL, once=once)  # and one that was ended does not rise again
    assert planner.browser.get(again.headers["Location"]).headers["Location"] == PATH
    assert [feed.revoked_at is None for feed in kept(planner)] == [False, True]


def test_the_address_is_shown_again_to_who_made_it_and_for_a_quarter_of_an_hour(planner: Planner) -> None:
    planner.sign_in()
    where = planner.send(PATH, **ALL).headers["Location"]
    first = address_on(planner.browser.get(where).text)
    assert address_on(planner.browser.get(where).text) == first
    planner.moment[0] += timedelta(minutes=14)
    assert address_on(planner.browser.get(where).text) == first
    planner.moment[0] += timedelta(minutes=2)
    assert planner.browser.get(where).headers["Location"] == PATH
    where = planner.send(PATH, **ALL).headers["Location"]
    assert planner.browser.get(f"{where}x").headers["Location"] == PATH
    planner.sign_in()  # another session of the same person
    assert planner.browser.get(where).headers["Location"] == PATH
    planner.browser.delete_cookie("planner")
    assert planner.browser.get(where).headers["Location"].startswith("/sign-in")


@on_sqlite
def test_the_address_is_in_no_log_and_no_header(planner: Planner, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    planner.sign_in()
    answer = made(planner, **ALL)
    secret = address_on(answer.text).rpartition("/")[2].removesuffix(".ics")
    assert secret not in str(answer.headers)
    assert secret not in caplog.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@on_sqlite
def test_the_code_holds_the_address_for_subscribing(planner: Planner) -> None:
    planner.sign_in()
    page = made(planner, **ALL).text
    webcal = address_on(page).replace("http:", "webcal:", 1)
    assert f'href="{webcal}"' in page
    drawn = re.search(r'<path stroke="#000" d="([^"]+)"', page)
    again = segno.make(webcal, micro=False, error="m").svg_inline(border=4, omitsize=True)
    assert drawn is not None
    assert drawn[1] in again
    assert "style=" not in page


def test_as_the_command_line_offers_it(planner: Planner) -> None:
    planner.sign_in()
    with planner.database.read() as tx:
        whatsapp = channels.named(tx, 1, "whatsapp")
    page = made(planner, channel=str(whatsapp.id), kind="todo", alarm="30").text
    (feed,) = kept(planner)
    assert (feed.channel_id, feed.kind, feed.alarm_minutes) == (whatsapp.id, "todo", 30)
    body = planner.browser.get(address_on(page).removeprefix(HOME)).text
    assert "BEGIN:VTODO" in body
    assert "TRIGGER:-PT30M" in body
    assert "als Aufgaben, Erinnerung 30 Minuten vorher" in planner.browser.get(PATH).text


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value"),
    [("alarm", "-1"), ("alarm", "10081"), ("alarm", "soon"), ("alarm", "٣"), ("kind", "journal"), ("channel", "99")],
)
def test_what_cannot_be_is_said_and_kept_in_the_form(planner: Planner, field: str, value: str) -> None:
    planner.sign_in()
    answer = planner.send(PATH, **{**ALL, "alarm": "45", field: value})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert f'value="{value if field == "alarm" else 45}"' in answer.text
    assert kept(planner) == []


def test_ended_for_good(planner: Planner) -> None:
    planner.sign_in()
    path = address_on(made(planner, **ALL).text).removeprefix(HOME)
    answer = planner.send(f"{PATH}/1/end")
    assert answer.headers["Location"] == f"{PATH}?said=ended"
    assert planner.browser.get(path).status_code == 404
    page = planner.browser.get(answer.headers["Location"]).text
    assert "Beendete Abos (1)" in page
    assert f"{PATH}/1/end" not in page


@on_sqlite
def test_another_business_s_feed_is_not_there(planner: Planner) -> None:
    planner.sign_in()
    planner.feed()
    assert planner.send("/businesses/2/subscriptions/1/end").status_code == 404
    assert planner.send(f"{PATH}/7/end").status_code == 404
    assert kept(planner)[0].revoked_at is None


@on_sqlite
def test_strangers_and_strange_forms_get_nothing(planner: Planner) -> None:
    assert planner.browser.get(PATH).headers["Location"].startswith("/sign-in")
    planner.sign_in()
    assert planner.browser.post(PATH, data=ALL).status_code == 403
    assert planner.browser.get(f"{PATH}/1/end").status_code == 405
    assert kept(planner) == []


@on_sqlite
def test_who_fetched_it_and_when(planner: Planner) -> None:
    planner.sign_in()
    path = planner.feed()
    assert "Noch kein Kalender" in planner.browser.get(PATH).text
    planner.browser.get(path, headers={"User-Agent": "Google-Calendar-Importer"})
    assert "am Montag, 30. November um 09:30 von Google Kalender" in planner.browser.get(PATH).text


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0", "Thunderbird"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "a web browser"),
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Nextcloud Webcal Service", "Nextcloud"),
        ("ICSx5/2.2 (2025) Android/15", "ICSx⁵"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "Apple (iPhone, iPad)"),
        ("macOS/15.1 (24B83) CalendarAgent/1142", "Apple (Mac)"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", "Outlook"),
        ("Evolution/3.46.4", "GNOME Evolution"),
        ("khalix/0.1 (etc)", "khalix"),
        ("x" * 200, "x" * 40),
        ("", ""),
    ],
)
def test_programs_are_called_by_their_names(agent: str, name: str) -> None:
    assert program(agent) == name


@pytest.mark.parametrize(
    ("address", "far"),
    [
        ("http://127.0.0.1:8420", Reach.HERE), ("http://localhost:8420", Reach.HERE), ("http://[::1]:8420", Reach.HERE),
        ("http://192.168.1.20:8420", Reach.HOME), ("http://10.0.0.5", Reach.HOME), ("http://100.64.1.1", Reach.HOME),
        ("http://[fe80::1%25eth0]", Reach.HOME), ("http://[fd00::5]:8420", Reach.HOME),
        ("http://planner.local:8420", Reach.HOME), ("http://nas:8420", Reach.HOME),
        ("http://nas.fritz.box", Reach.HOME),
        ("http://planner.home.arpa.", Reach.HOME), ("https://plan.example.org", Reach.WORLD),
        ("https://93.184.215.14", Reach.WORLD), ("https://[2606:2800:21f:cb07::1]", Reach.WORLD),
    ],
)  # fmt: skip
def test_how_far_an_address_carries(address: str, far: Reach) -> None:
    assert reach(address) is far


@on_sqlite
@pytest.mark.parametrize(
    ("home", "said", "not_said"),
    [
        ("http://127.0.0.1:8420", "Die kann nur dieser Computer selbst öffnen", "nur in Ihrem eigenen Netz"),
        ("http://192.168.1.20:8420", "nur in Ihrem eigenen Netz zu erreichen", "nur dieser Computer"),
        ("https://plan.example.org", "Google Kalender", "erreicht diesen Planner nicht"),
    ],
)
def test_what_an_address_at_home_cannot_do(make: Callable[..., Planner], home: str, said: str, not_said: str) -> None:
    planner = make(home)
    with planner.database.write() as tx:
        secret = sign_in(tx, now=planner.now)
    name = "__Host-planner" if home.startswith("https") else "planner"
    planner.browser.set_cookie(name, secret)
    page = planner.browser.get(PATH).text
    assert said in page
    assert not_said not in page
