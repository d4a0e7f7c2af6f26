"""The mail server on the page: tried before it is kept, its password never shown and told to no other server."""

import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notify.server import MailServer, serving

from planner import config
from planner.daemon import transport_of
from planner.errors import HomeNotWritable
from planner.web.installation import Installation
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/settings/mail-server"
SECRET = "Brötchen & 7 Brezn"
KEY = {"PLANNER_SECRET_KEY": "k" * 40}


class House:
    """A planner whose settings are in a folder, and a mail server beside it."""

    def __init__(self, planner: Planner, home: Path, environ: dict[str, str]) -> None:
        self.planner, self.home = planner, home
        self.adopted: list[config.Settings] = []
        settings = config.load(environ, home)
        config.make_home(home)
        self.installation = Installation(settings, transport_of, self.adopted.append, environ)
        object.__setattr__(planner.site, "installation", self.installation)
        object.__setattr__(planner.site, "mail_folder", str(settings.mail_folder) if settings.mail_folder else None)
        planner.sign_in()

    @property
    def stored(self) -> dict[str, Any]:
        file = self.home / config.SETTINGS_FILE
        return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}

    def form(self, server: MailServer, **changed: str) -> dict[str, str]:
        return {
            "smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_port": str(server.port), "smtp_user": "chef",
            "smtp_password": SECRET, "mail_from": "Planner <planner@example.org>", "to": "chef@baeckerei.example",
            **changed,
        }  # fmt: skip


@pytest.fixture
def house(planner: Planner, tmp_path: Path) -> House:
    return House(planner, tmp_path / "home", KEY)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving(offers=["AUTH PLAIN"]) as running:
        yield running


def test_tried_and_kept(house: House, server: MailServer) -> None:
    answer = house.planner.send(PATH, **{"try": "yes"}, **house.form(server))
    assert answer.headers["Location"] == f"{PATH}?said=tried"
    (mail,) = server.taken
    assert (mail.sender, mail.recipient) == ("planner@example.org", "chef@baeckerei.example")
    assert house.stored["smtp_password"] == SECRET
    assert stat.S_IMODE((house.home / config.SETTINGS_FILE).stat().st_mode) == 0o600
    assert not list(house.home.glob("*.part"))
    assert house.adopted[-1].smtp_port == server.port
    page = house.planner.browser.get(PATH).text
    assert "Es ist eines gespeichert" in page
    assert SECRET not in page
    assert "127.0.0.1" in page
    assert house.planner.site.mail_folder is None
    assert "Dateien" not in house.planner.browser.get("/businesses/1/messages").text


def test_what_does_not_work_is_said_and_not_kept(house: House) -> None:
    with serving(
        offers=["AUTH PLAIN"], script={"AUTH": [f"535 5.7.8 not {SECRET}".encode().decode("latin1")]}
    ) as server:
        answer = house.planner.send(PATH, **{"try": "yes"}, **house.form(server))
    assert answer.status_code == 400
    assert "Benutzername oder Passwort" in answer.text
    assert 'value="chef"' in answer.text
    assert SECRET not in answer.text
    assert house.stored == {}
    assert house.adopted == []


@on_sqlite
def test_nobody_there(house: House, server: MailServer) -> None:
    form = house.form(server, smtp_port="1")
    answer = house.planner.send(PATH, **{"try": "yes"}, **form)
    assert answer.status_code == 400
    assert "Nichts wurde gespeichert" in answer.text
    assert house.planner.send(PATH, **form).headers["Location"].endswith("?said=kept")  # untried
    assert house.stored["smtp_port"] == 1


@on_sqlite
def test_the_saved_password_stays_if_it_is_left_alone(house: House, server: MailServer) -> None:
    house.planner.send(PATH, **house.form(server))
    house.planner.send(PATH, **house.form(server, smtp_password="", mail_from="neu@example.org"))
    assert (house.stored["smtp_password"], house.stored["mail_from"]) == (SECRET, "neu@example.org")


@on_sqlite
@pytest.mark.parametrize("try_it", [{}, {"try": "yes"}])
def test_the_saved_password_is_told_to_no_other_server(
    house: House, server: MailServer, try_it: dict[str, str]
) -> None:
    house.planner.send(PATH, **house.form(server))
    with serving(offers=["AUTH PLAIN"]) as thief:
        answer = house.planner.send(PATH, **try_it, **house.form(thief, smtp_host="localhost", smtp_password=""))
        assert answer.status_code == 400
        assert 'id="smtp_password-error"' in answer.text
        # By two steps: a server without a user first, then the user again.
        house.planner.send(PATH, **house.form(thief, smtp_host="localhost", smtp_password="", smtp_user=""))
        assert "smtp_password" not in house.stored
        house.planner.send(PATH, **{"try": "yes"}, **house.form(thief, smtp_host="localhost", smtp_password=""))
    assert not any(SECRET in line for line in thief.said)
    assert house.installation.settings.smtp_password == ""


@on_sqlite
def test_a_password_file_is_for_its_server_too(planner: Planner, server: MailServer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    (tmp_path / "home").mkdir()
    config.write(tmp_path / "home", {"smtp_host": "smtp.example.org", "smtp_user": "chef",
                                     "smtp_password_file": str(tmp_path / "secret")})  # fmt: skip
    house = House(planner, tmp_path / "home", KEY)
    assert house.planner.send(PATH, **house.form(server, smtp_password="")).status_code == 400
    house.planner.send(PATH, **house.form(server, smtp_password="", smtp_user=""))
    assert "smtp_password_file" not in house.stored


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("smtp_host", "zwei worte"), ("smtp_host", "a..b"), ("smtp_port", "70000"), ("smtp_port", "viel"),
        ("smtp_security", "maybe"), ("mail_from", "niemand"), ("smtp_user", "x" * 300),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(house: House, server: MailServer, field: str, value: str) -> None:
    answer = house.planner.send(PATH, **house.form(server, **{field: value}))
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert field == "smtp_security" or f'value="{value}"' in answer.text
    assert SECRET not in answer.text
    assert house.stored == {}


@on_sqlite
def test_plain_text_goes_to_this_computer_only(house: House, server: MailServer) -> None:
    answer = house.planner.send(PATH, **house.form(server, smtp_host="smtp.example.org"))
    assert answer.status_code == 400
    assert 'id="smtp_security-error"' in answer.text


@on_sqlite
def test_no_server_any_more(house: House, server: MailServer) -> None:
    house.planner.send(PATH, **house.form(server))
    answer = house.planner.send(PATH, **house.form(server, smtp_host=""))
    assert answer.headers["Location"].endswith("?said=files")
    assert house.stored == {"mail_from": "Planner <planner@example.org>"}
    assert house.adopted[-1].mail_folder == house.home / "mail"
    assert house.planner.site.mail_folder == str(house.home / "mail")


@on_sqlite
def test_what_the_environment_says_is_above_the_page(planner: Planner, server: MailServer, tmp_path: Path) -> None:
    environ = {**KEY, "PLANNER_SMTP_HOST": "smtp.example.org", "PLANNER_SMTP_PASSWORD": SECRET}
    house = House(planner, tmp_path / "home", environ)
    page = house.planner.browser.get(PATH).text
    assert "PLANNER_SMTP_HOST, PLANNER_SMTP_PASSWORD" in page
    assert 'name="smtp_host"' not in page
    assert SECRET not in page
    assert house.planner.send(PATH, **house.form(server)).status_code == 409
    assert house.stored == {}


@on_sqlite
def test_a_page_that_knows_no_settings_says_so(planner: Planner) -> None:
    planner.sign_in()
    assert "planner init" in planner.browser.get(PATH).text
    assert planner.send(PATH, smtp_host="x").status_code == 409
    answer = planner.send("/businesses/1/messages/test", to="chef@example.org")
    assert answer.status_code == 400


@on_sqlite
def test_a_test_mail_from_messages(house: House, server: MailServer) -> None:
    house.planner.send(PATH, **house.form(server))
    answer = house.planner.send("/businesses/1/messages/test", to="andere@example.org")
    assert answer.headers["Location"] == "/businesses/1/messages?said=tested"
    assert "Die Testmail ist hinaus" in house.planner.browser.get(answer.headers["Location"]).text
    assert [mail.recipient for mail in server.taken] == ["andere@example.org"]
    wrong = house.planner.send("/businesses/1/messages/test", to="andere@")
    assert (wrong.status_code, 'value="andere@"' in wrong.text) == (400, True)
    server.script["RCPT"] = ["550 5.1.1 nobody of that name"]
    refused = house.planner.send("/businesses/1/messages/test", to="andere@example.org")
    assert refused.status_code == 400
    assert "nobody of that name" in refused.text


@on_sqlite
def test_without_a_server_a_test_mail_is_a_file(house: House) -> None:
    answer = house.planner.send("/businesses/1/messages/test", to="chef@example.org")
    assert answer.headers["Location"].endswith("?said=written")
    assert len(list((house.home / "mail").glob("*.eml"))) == 1


@on_sqlite
def test_a_home_that_cannot_be_written(house: House, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise HomeNotWritable(home=house.home, reason="No space left on device")

    monkeypatch.setattr(config, "write_private", full)
    answer = house.planner.send(PATH, **house.form(server))
    assert answer.status_code == 500
    assert "No space left on device" in answer.text
    assert 'value="chef"' in answer.text
    assert house.adopted == []
