"""What proxies say: believed from listed ones only, for counting guesses and for HTTPS, never for addresses of ours."""

from collections.abc import Callable, Sequence
from ipaddress import ip_network

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from planner.actions.access import new_nonce, set_password
from planner.web import create_app
from planner.web.proxies import BehindProxies, household
from planner.web.throttle import FREE
from web.conftest import HOME, Planner

pytestmark = pytest.mark.parametrize("database_address", ["wal"], indirect=True)

LISTED, OTHER = "10.0.0.7", "203.0.113.9"
PASSWORD = "drei Brötchen bitte"


def seen(peer: str, said: dict[str, str], trusted: Sequence[str] = ("10.0.0.0/8", "fd00::/8")) -> dict[str, str]:
    """What an application behind the proxies finds of a request."""
    found: dict[str, str] = {}
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "planner.test"}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in said.items()}
    app = BehindProxies(lambda environ, _start: found.update(environ) or [], [ip_network(net) for net in trusted])
    app(environ, None)
    return found


@pytest.mark.parametrize(
    ("peer", "said", "visitor"),
    [
        (OTHER, "1.2.3.4", OTHER),
        (LISTED, "", LISTED),
        (LISTED, "1.2.3.4", "1.2.3.4"),
        (LISTED, "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # the left one was written by whoever asked
        (LISTED, "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),  # by way of two proxies of ours
        (LISTED, "10.2.2.2, 10.1.1.1", "10.2.2.2"),
        (LISTED, "1.2.3.4:5678", "1.2.3.4"),
        (LISTED, "[2001:db8::1]:443", "2001:db8::1"),
        (LISTED, "2001:db8::1", "2001:db8::1"),
        (LISTED, "::ffff:1.2.3.4", "1.2.3.4"),
        (LISTED, "6.6.6.6, rubbish", LISTED),
        (LISTED, "6.6.6.6, unknown, 10.1.1.1", "10.1.1.1"),
        (LISTED, ",,,", LISTED),
        (LISTED, "1.2.3.4, \x00" + "x" * 5000, LISTED),
        ("fd00::1", "1.2.3.4", "1.2.3.4"),
        ("::ffff:10.0.0.7", "1.2.3.4", "1.2.3.4"),
        ("", "1.2.3.4", ""),
    ],
)
def test_the_right_most_address_that_is_no_proxy_of_ours(
    database_address: str, peer: str, said: str, visitor: str
) -> None:
    assert seen(peer, {"X-Forwarded-For": said})["REMOTE_ADDR"] == visitor


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        (LISTED, "https", "https"), (LISTED, "HTTPS", "https"), (LISTED, "http, https", "https"),
        (LISTED, "https, http", "http"), (LISTED, "gopher", "http"), (LISTED, "", "http"), (OTHER, "https", "http"),
    ],
)  # fmt: skip
def test_the_scheme(database_address: str, peer: str, said: str, scheme: str) -> None:
    assert seen(peer, {"X-Forwarded-Proto": said})["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize("peer", [LISTED, OTHER])
def test_nothing_else_that_proxies_say_is_ever_used(database_address: str, peer: str) -> None:
    said = (
        "Forwarded",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Server",
        "X-Real-IP",
    )
    found = seen(peer, dict.fromkeys([*said, "X-Forwarded-For", "X-Forwarded-Proto"], "evil.test"))
    assert [name for name in found if name not in ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST")] == []
    assert found["HTTP_HOST"] == "planner.test"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("?", "?"),
    ],
)
def test_by_what_guesses_are_counted(database_address: str, address: str, counted: str) -> None:
    assert household(address) == counted


# --- through the whole app ------------------------------------------------------------------------------


def behind(planner: Planner, *trusted: str) -> FlaskClient:
    with planner.database.write() as tx:
        set_password(tx, PASSWORD)
    return create_app(planner.site, [ip_network(network) for network in trusted]).test_client()


def guess(browser: FlaskClient, peer: str, password: str = "geraten", **said: str) -> TestResponse:
    headers = {name.replace("_", "-"): value for name, value in said.items()}
    return browser.post(
        "/sign-in", data={"password": password}, headers=headers, environ_overrides={"REMOTE_ADDR": peer}
    )


def test_an_unlisted_peer_cannot_slip_from_the_throttle_by_naming_another_address(planner: Planner) -> None:
    browser = behind(planner, "10.0.0.0/8")
    codes = [guess(browser, OTHER, X_Forwarded_For=f"198.51.100.{n}", Forwarded=f"for=198.51.100.{n}",
                   X_Real_IP=f"198.51.100.{n}").status_code for n in range(FREE + 1)]  # fmt: skip
    assert codes == [403] * FREE + [429]
    assert guess(browser, LISTED, PASSWORD, X_Forwarded_For="198.51.100.1").status_code == 303


def test_nor_have_others_throttled(planner: Planner) -> None:
    browser = behind(planner, "10.0.0.0/8")
    for _ in range(FREE + 1):
        guess(browser, OTHER, X_Forwarded_For="192.0.2.77")
    assert guess(browser, LISTED, PASSWORD, X_Forwarded_For="192.0.2.77").status_code == 303


def test_behind_a_listed_proxy_visitors_are_counted_apart(planner: Planner) -> None:
    browser = behind(planner, "10.0.0.0/8")
    for _ in range(FREE + 1):
        last = guess(browser, LISTED, X_Forwarded_For="6.6.6.6, 198.51.100.1")
    assert last.status_code == 429
    assert guess(browser, LISTED, PASSWORD, X_Forwarded_For="198.51.100.1, 198.51.100.2").status_code == 303


@pytest.mark.parametrize(("peer", "bound"), [(LISTED, True), (OTHER, False)])
def test_https_at_a_listed_proxy_binds_the_cookie(planner: Planner, peer: str, bound: bool) -> None:
    browser = behind(planner, "10.0.0.0/8")
    answer = guess(browser, peer, PASSWORD, X_Forwarded_Proto="https")
    cookie = answer.headers["Set-Cookie"]
    assert (cookie.startswith("__Host-planner="), "Secure" in cookie) == (bound, bound)
    assert ("Strict-Transport-Security" in answer.headers) is bound


@pytest.mark.parametrize("peer", [LISTED, OTHER])
def test_no_host_of_a_request_gets_into_an_address(planner: Planner, peer: str) -> None:
    browser = behind(planner, "10.0.0.0/8")
    evil = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test"}
    over = {"REMOTE_ADDR": peer}
    token = planner.links.sign_in(new_nonce(), planner.now).removeprefix(HOME)
    for path in (planner.feed(), token, "/sign-in", "/posts/1", "/nowhere"):
        answer = browser.get(path, headers=evil, environ_overrides=over)
        assert "evil.test" not in answer.text + str(answer.headers), path


def test_the_setting_reaches_the_app(make: Callable[..., Planner]) -> None:
    from planner import config

    found = config.load({"PLANNER_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}).proxies
    assert found == (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))
    assert config.load({}).proxies == ()
