"""Single days that a rhythm leaves out, on the page: what goes, what stays, and taking one in again."""

import re
from datetime import date, datetime

import pytest

from planner.actions import posts
from planner.actions.overview import summary_of
from planner.actions.pauses import add_pause
from planner.core.model import Cadence, OnHoliday
from planner.core.weeks import Week
from planner.store.queries import businesses, cadences
from web.conftest import Planner, on_sqlite
from web.editing import GOOGLE, due, look, preview, send, stored, text

DAYS = f"{GOOGLE}/days"


def google(page: Planner) -> Cadence:
    return stored(page)[0]


def sections(html: str) -> dict[str, str]:
    """The text below each heading."""
    parts = re.split(r"<h2[^>]*>", html.split("<main")[1])[1:]
    return {part.split("</h2>")[0]: text(part.split("</h2>")[1]) for part in parts}


def test_one_day_goes_and_the_others_keep_their_posts(page: Planner) -> None:
    before = {post.uid: post for post in (page.post("2026-12-01"), page.post("2026-12-22"))}
    assert "Dienstag, 15. Dezember Auslassen" in sections(page.browser.get(DAYS).text)["Die nächsten Termine"]
    for _ in range(2):  # a second tap
        answer = page.send(f"{DAYS}/leave-out", day="2026-12-15")
        assert answer.headers["Location"] == f"{DAYS}?said=left-out"
    assert google(page).exdates == (date(2026, 12, 15),)
    assert [each.day for each in due(page, 1)[:4]] == [1, 8, 22, 29]
    assert {post.uid: post for post in (page.post("2026-12-01"), page.post("2026-12-22"))} == before
    said = sections(page.browser.get(f"{DAYS}?said=left-out").text)
    assert "Dienstag, 15. Dezember Doch posten" in said["Ausgelassen"]
    assert "15. Dezember" not in said["Die nächsten Termine"]
    assert "– Dienstag, 15. Dezember ausgelassen" in text(page.browser.get("/businesses/1/channels/1").text)
    page.at("2026-12-14T08:30")
    for _ in range(2):
        answer = page.send(f"{DAYS}/take-in", day="2026-12-15")
        assert answer.headers["Location"] == f"{DAYS}?said=taken-in"
    assert google(page).exdates == ()
    assert due(page, 1)[:4] == [datetime(2026, 12, day, 9) for day in (1, 8, 15, 22)]
    assert page.post("2026-12-22") == before[page.post("2026-12-22").uid]


def test_what_somebody_worked_on_stays_and_is_told(page: Planner) -> None:
    with page.database.write() as tx:
        worked_on = page.post("2026-12-22")
        posts.edit(tx, worked_on.id, now=page.now, title="Frohes Fest")
    page.send(f"{DAYS}/leave-out", day="2026-12-22")
    html = page.browser.get(DAYS).text
    assert "An seinem Beitrag hat jemand gearbeitet, also bleibt er: Frohes Fest" in sections(html)["Ausgelassen"]
    assert f'href="/posts/{worked_on.id}"' in html
    page.send(f"{DAYS}/take-in", day="2026-12-22")
    assert page.post("2026-12-22").title == "Frohes Fest", "and there is no second one"


@on_sqlite
@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-12-16", "Dieser Rhythmus hat am 16. Dezember 2026 keinen Termin."),
        ("2026-11-24", "Der 24. November 2026 ist vorbei"),
        ("bald", "kein Tag des Kalenders"),
        ("", "kein Tag des Kalenders"),
    ],
)
def test_what_cannot_be_left_out_stays_typed(page: Planner, day: str, sentence: str) -> None:
    before = google(page), due(page, 1)
    answer = page.send(f"{DAYS}/leave-out", day=day)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'name="day" type="date" value="{day}"' in answer.text
    assert (google(page), due(page, 1)) == before


def test_what_was_left_out_in_the_past_stays_so(page: Planner) -> None:
    page.send(f"{DAYS}/leave-out", day="2026-12-08")
    page.at("2026-12-09T08:30")
    assert "Ausgelassen" not in sections(page.browser.get(DAYS).text)
    answer = page.send(f"{DAYS}/take-in", day="2026-12-08")
    assert (answer.status_code, "ist vorbei" in answer.text) == (400, True)
    assert google(page).exdates == (date(2026, 12, 8),)
    assert page.send(f"{DAYS}/leave-out", day="2026-12-15").status_code == 303
    assert google(page).exdates == (date(2026, 12, 8), date(2026, 12, 15))


@on_sqlite
def test_the_last_date_is_not_left_out_but_the_rhythm_ended(page: Planner) -> None:
    with page.database.write() as tx:
        made = cadences.add(
            tx, business_id=1, channel_id=1, dtstart=datetime(2026, 12, 2, 9), rrule="FREQ=DAILY;COUNT=2", exdates=[],
            pillars=[], now=page.now,
        )  # fmt: skip
    path = f"/businesses/1/cadences/{made.id}/days/leave-out"
    assert page.send(path, day="2026-12-02").status_code == 303
    answer = page.send(path, day="2026-12-03")
    assert (answer.status_code, "Dann bliebe von diesem Rhythmus kein Termin übrig." in answer.text) == (400, True)
    assert stored(page)[-1].exdates == (date(2026, 12, 2),)


def test_a_date_that_gives_way_to_a_holiday_goes_by_its_own_day(page: Planner) -> None:
    """Every Friday, the day before where that is a holiday: 25 December would be posted on the 23rd or 24th."""
    made = send(page, "/businesses/1/channels/1/cadences", on_holiday=OnHoliday.BEFORE.value)
    assert made.status_code == 303
    new = stored(page)[-1]
    assert datetime(2026, 12, 24, 8, 30) in due(page, new.id)
    path = f"/businesses/1/cadences/{new.id}/days"
    assert "Freitag, 25. Dezember Feiertag: Erster Weihnachtstag" in text(page.browser.get(path).text)
    assert page.send(f"{path}/leave-out", day="2026-12-25").status_code == 303
    assert datetime(2026, 12, 24, 8, 30) not in due(page, new.id)
    assert page.send(f"{path}/take-in", day="2026-12-25").status_code == 303
    assert datetime(2026, 12, 24, 8, 30) in due(page, new.id)


def test_a_day_taken_in_inside_a_pause_has_no_post(page: Planner) -> None:
    page.send(f"{DAYS}/leave-out", day="2026-12-15")
    with page.database.write() as tx:
        add_pause(tx, businesses.get(tx, 1), date(2026, 12, 14), date(2026, 12, 20), now=page.now)
    page.send(f"{DAYS}/take-in", day="2026-12-15")
    assert datetime(2026, 12, 15, 9) not in due(page, 1)


def test_the_feed_says_so_too(page: Planner) -> None:
    path = page.feed()
    before = page.browser.get(path)
    page.send(f"{DAYS}/leave-out", day="2026-12-15")
    after = page.browser.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert (before.data.count(b"DTSTART:20261215"), after.data.count(b"DTSTART:20261215")) == (1, 0)


@on_sqlite
def test_a_changed_rhythm_shows_what_stays_left_out(page: Planner) -> None:
    page.send(f"{DAYS}/leave-out", day="2026-12-15")
    html = look(page, f"{GOOGLE}/change", day=["1"], start="2026-12-08", seen="")
    assert "– Dienstag, 15. Dezember ausgelassen" in preview(html)
    assert f'href="{DAYS}"' in html


@on_sqlite
def test_nobody_else_leaves_days_out(page: Planner) -> None:
    before = google(page)
    assert page.send(f"{DAYS}/leave-out", day="2026-12-15", csrf="no").status_code == 403
    assert page.send("/businesses/1/cadences/99/days/leave-out", day="2026-12-15").status_code == 404
    assert page.browser.get("/businesses/1/cadences/99/days").status_code == 404
    assert page.browser.application.test_client().get(DAYS).headers["Location"].startswith("/sign-in")
    assert google(page) == before


@on_sqlite
def test_a_broken_rule_is_no_reason_to_fall_over(page: Planner) -> None:
    with page.database.write() as tx:
        tx.exec_driver_sql("UPDATE cadence SET rrule = 'FREQ=NEVER' WHERE id = 1")
    assert "Keine Termine mehr." in page.browser.get(DAYS).text
    assert page.send(f"{DAYS}/leave-out", day="2026-12-15").status_code == 400


def test_nothing_is_owed_for_a_day_that_is_left_out(page: Planner) -> None:
    week = Week.parse("2026-W50")
    with page.database.read() as tx:
        before = summary_of(tx, page.business, week, page.now).channels[0].this
    page.send(f"{DAYS}/leave-out", day="2026-12-08")
    with page.database.read() as tx:
        after = summary_of(tx, page.business, week, page.now).channels[0].this
    assert (before.goal, after.goal) == (1, 0)
