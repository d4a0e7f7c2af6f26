"""What watchers are told: 200 while the ticks beat, 503 with reasons when not, and nothing that is secret."""

import re
from datetime import timedelta

from sqlalchemy import insert
from werkzeug.test import TestResponse

from planner.language import kept
from planner.store import tables
from planner.store.queries import heartbeats, outbox
from web.conftest import Planner, lose_a_mail


def reasons(answer: TestResponse) -> list[str]:
    assert answer.json is not None
    told: list[str] = answer.json["reasons"]
    return told


def beat(planner: Planner, error: str = "") -> None:
    with planner.database.write() as tx:
        heartbeats.beat(tx, "mail", planner.now, 10, error)


def test_before_the_first_tick_it_is_not_well(planner: Planner) -> None:
    answer = planner.browser.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"ok": False, "reasons": ["The daemon has not run yet."]})


def test_a_tick_may_miss_three_of_its_intervals(planner: Planner) -> None:
    beat(planner)
    planner.moment[0] += timedelta(seconds=30)
    answer = planner.browser.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True, "reasons": []})
    planner.moment[0] += timedelta(seconds=1)
    answer = planner.browser.get("/healthz")
    assert answer.status_code == 503
    assert "mail" in reasons(answer)[0]
    beat(planner)
    assert planner.browser.get("/healthz").status_code == 200


def test_what_went_wrong_is_not_told_word_for_word(planner: Planner) -> None:
    beat(planner, "OperationalError: password=geheim")
    with planner.database.write() as tx:
        outbox.set_way_out(tx, "smtp.example:587", failures=1, reason="535 chef@geheim", paused_until=planner.now)
    answer = planner.browser.get("/healthz")
    assert answer.status_code == 503
    assert len(reasons(answer)) == 2
    assert "geheim" not in answer.text
    assert "smtp.example" not in answer.text, "strangers need not know whose server it is"
    planner.sign_in()
    assert "smtp.example" in planner.browser.get("/businesses/1/messages").text


def test_a_mail_that_waits_for_long(planner: Planner) -> None:
    beat(planner)
    with planner.database.write() as tx:
        outbox.add(
            tx, key="digest:1:2026-11-30", business_id=1, kind="digest", state="pending", recipient="",
            local_date=planner.now.date(), due_at=planner.now, next_try_at=planner.now, created_at=planner.now,
            expires_at=planner.now + timedelta(days=1),
        )  # fmt: skip
    assert planner.browser.get("/healthz").status_code == 200
    planner.moment[0] += timedelta(minutes=31)
    beat(planner)
    answer = planner.browser.get("/healthz")
    assert answer.status_code == 503
    assert reasons(answer) == ["A mail has been waiting for 31 min."]


def test_a_mail_that_did_not_get_through(planner: Planner) -> None:
    beat(planner)
    lose_a_mail(planner, kept("The server said no: {reply}", reply="554 chef@geheim"))
    answer = planner.browser.get("/healthz")
    assert answer.status_code == 503
    assert reasons(answer) == [
        "Mails to a business did not get through (1), the last one for this reason: see “planner status”"
    ]
    planner.sign_in()
    page = planner.browser.get("/businesses/1/messages").text
    assert "554 chef@geheim" in page
    assert "554 chef@geheim" in planner.browser.get("/").text
    assert "Zu den Mails" in planner.browser.get("/").text
    (number,) = re.findall(r"/businesses/1/messages/(\d+)", page)
    assert "Dabei belassen" in planner.browser.get(f"/businesses/1/messages/{number}").text
    assert planner.send(f"/businesses/1/messages/{number}/drop").status_code == 303
    assert "geheim" not in planner.browser.get("/").text
    assert planner.browser.get("/healthz").status_code == 200


def test_a_database_that_is_away(planner: Planner) -> None:
    with planner.database.write() as tx:
        tx.execute(insert(tables.fact).values(name="x", value="y"))
    planner.database.close()
    if planner.database.is_sqlite:
        assert planner.database.file is not None
        planner.database.file.write_bytes(b"this is no database" * 200)
    else:
        planner.database.url = planner.database.url.set(host="/nonexistent")
        object.__setattr__(planner.site, "database", type(planner.database)("postgresql://nobody@127.0.0.1:1/none"))
    answer = planner.browser.get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"ok": False, "reasons": ["The database cannot be read."]}
