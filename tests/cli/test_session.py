"""Who is signed in, and ending it from the command line, on every database."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.program import Answer, run
from planner.actions.access import new_nonce, sign_in, sign_in_by_link, signed_in
from planner.core import localtime
from planner.core.browser import Browser
from planner.store.database import Database

NOW = "2026-11-03T08:00"
PASSWORD = "drei Brötchen bitte"


@pytest.fixture
def planner(tmp_path: Path, database_address: str) -> Any:
    """The program on a home whose data are in that database."""

    def call(*words: str, typed: str | None = None) -> Answer:
        environ = {"PLANNER_DATABASE_URL": database_address}
        return run("--home", str(tmp_path / "home"), "--now", NOW, *words, typed=typed, environ=environ)

    assert call("init", "--yes", "--timezone", "Europe/Berlin").code == 0
    return call


@pytest.mark.parametrize("words", [("session", "end"), ("password", "--password", PASSWORD)])
def test_everybody_is_signed_out_and_links_not_yet_used_are_withdrawn(
    planner: Any, database: Database, words: tuple[str, ...]
) -> None:
    moment = localtime.instant(datetime.fromisoformat(NOW), "Europe/Berlin")
    with database.write() as tx:
        secrets = [sign_in(tx, now=moment) for _ in range(2)]
    listed = planner("session", "list", "--json").json
    assert [each["created"] for each in listed] == [moment.isoformat()] * 2
    assert "Tue 3 Nov 2026 08:00" in planner("session", "list").out
    assert not [secret for secret in secrets if secret in planner("session", "list").out]
    assert listed[0]["last_used"] == moment.isoformat()
    answer = planner(*words)
    assert (answer.code, "2" in answer.out) == (0, True)
    assert planner("session", "list", "--json").json == []
    assert "Nobody" in planner("session", "list").out
    after = moment + timedelta(seconds=1)
    with database.write() as tx:
        assert not any(signed_in(tx, secret, now=moment) for secret in secrets)
        assert sign_in_by_link(tx, new_nonce(), made_at=moment - timedelta(seconds=1), now=after) is None
        assert sign_in_by_link(tx, new_nonce(), made_at=after, now=after)


def test_one_is_ended(planner: Any, database: Database) -> None:
    moment = localtime.instant(datetime.fromisoformat(NOW), "Europe/Berlin")
    with database.write() as tx:
        lost = sign_in(tx, now=moment, browser=Browser("Firefox", "Android"))
        mine = sign_in(tx, now=moment)
    number = next(each["id"] for each in planner("session", "list", "--json").json if each["browser"] == "Firefox")
    assert "Firefox on Android" in planner("session", "list").out
    assert planner("session", "end", str(number)).code == 0
    with database.read() as tx:
        assert signed_in(tx, lost, now=moment) is None
        assert signed_in(tx, mine, now=moment)
    answer = planner("session", "end", str(number))
    assert (answer.code, "no session" in answer.err) == (1, True)
