"""The password on the page: the old one asked for, guesses slowed down, everybody else signed out."""

import pytest

from planner.actions.access import new_nonce, right_password, set_password
from planner.web.throttle import FREE
from web.conftest import HOME, Planner, on_sqlite

PATH = "/businesses/1/settings/password"
OLD, NEW = "drei Brötchen bitte", "vier Brezn und ein Kaffee"


def is_password(planner: Planner, words: str) -> bool:
    with planner.database.read() as tx:
        return right_password(tx, words)


def with_password(planner: Planner) -> None:
    with planner.database.write() as tx:
        set_password(tx, OLD)
    planner.sign_in()


def test_the_first_one(planner: Planner) -> None:
    planner.sign_in()
    assert 'name="old"' not in planner.browser.get(PATH).text
    answer = planner.send(PATH, new=NEW, again=NEW)
    assert answer.headers["Location"] == "/businesses/1/settings?said=saved"
    assert is_password(planner, NEW)
    assert planner.browser.get("/businesses/1/settings").status_code == 200  # this device stays signed in


def test_another_one_signs_the_others_out_and_withdraws_links(planner: Planner) -> None:
    with_password(planner)
    other = planner.browser.application.test_client()
    other.post(planner.links.sign_in(new_nonce(), planner.now).removeprefix(HOME))
    assert other.get("/businesses/1").status_code == 200
    waiting = planner.links.sign_in(new_nonce(), planner.now).removeprefix(HOME)
    planner.at("2026-11-30T08:31")
    assert planner.send(PATH, old=OLD, new=NEW, again=NEW).status_code == 303
    assert is_password(planner, NEW)
    assert other.get("/businesses/1").status_code == 303
    assert other.post(waiting).status_code == 410
    assert planner.browser.get("/businesses/1").status_code == 200


@on_sqlite
@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"old": "falsch", "new": NEW, "again": NEW}, "old"),
        ({"old": "", "new": NEW, "again": NEW}, "old"),
        ({"old": OLD, "new": "zu kurz", "again": "zu kurz"}, "new"),
        ({"old": OLD, "new": NEW, "again": NEW + "!"}, "again"),
        ({"old": OLD, "new": "x" * 1001, "again": "x" * 1001}, "new"),
    ],
)
def test_errors_at_their_fields_and_no_password_on_the_page(planner: Planner, form: dict[str, str], field: str) -> None:
    with_password(planner)
    answer = planner.send(PATH, **form)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert all(words not in answer.text for words in (OLD, NEW, "falsch"))
    assert is_password(planner, OLD)


@on_sqlite
def test_guesses_wait(planner: Planner) -> None:
    with_password(planner)
    for _ in range(FREE):
        assert planner.send(PATH, old="falsch", new=NEW, again=NEW).status_code == 400
    answer = planner.send(PATH, old=OLD, new=NEW, again=NEW)
    assert "Zu viele" in answer.text
    assert is_password(planner, OLD)
    planner.at("2026-11-30T09:30")
    assert planner.send(PATH, old=OLD, new=NEW, again=NEW).status_code == 303
