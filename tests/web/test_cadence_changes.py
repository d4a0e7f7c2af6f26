"""What the editor of a rhythm does: beginning, changing, ending; what was stays, and the second of two is told."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from planner.actions import cadences as verbs
from planner.actions import posts
from planner.core.model import Content, Pillar
from planner.store.queries import businesses, cadences
from planner.store.queries import posts as rows
from web.conftest import Planner, on_sqlite
from web.editing import FRIDAYS, GOOGLE, MAKE, NEW, due, look, preview, send, stored, text

# --- beginning -----------------------------------------------------------------------------------------------------


def test_beginning_one(page: Planner) -> None:
    answer = send(page, MAKE, pillar=["", "tip", "question", "tip"])
    assert answer.headers["Location"] == "/businesses/1/channels/2?said=added"
    made = stored(page)[-1]
    assert (made.channel_id, made.rrule, made.dtstart) == (2, "FREQ=WEEKLY;BYDAY=FR", datetime(2026, 12, 1, 8, 30))
    assert made.pillars == (Pillar.TIP, Pillar.QUESTION)
    assert due(page, made.id)[0] == datetime(2026, 12, 4, 8, 30)
    html = page.browser.get(answer.headers["Location"]).text
    assert "Jeden Freitag um 08:30" in html
    assert "Themen der Reihe nach: Tipp, Frage" in html


def test_what_the_posts_are_made_of(page: Planner) -> None:
    assert "Woraus bestehen die Beiträge?" in look(page, NEW)
    assert send(page, MAKE, content="video").status_code == 303
    made = stored(page)[-1]
    assert made.content is Content.VIDEO
    with page.database.read() as tx:
        there = rows.of_cadences(tx, 1, [made.id], datetime(2026, 12, 1))
    assert {post.content for post in there} == {Content.VIDEO}
    assert "Gemacht aus: Video" in text(page.browser.get("/businesses/1/channels/2").text)
    form = page.browser.get(f"/businesses/1/cadences/{made.id}/change").text
    assert '<option value="video" selected>' in form
    again = send(page, f"/businesses/1/cadences/{made.id}/change", start="2026-12-11", content="", seen="")
    assert again.status_code == 303
    assert stored(page)[-1].content is None


def test_answering_has_no_kind_of_content_whatever_the_form_still_says(page: Planner) -> None:
    assert send(page, MAKE, content="video", purpose="replying").status_code == 303
    assert stored(page)[-1].content is None
    assert send(page, MAKE, content="nonsense", day=["5"]).status_code == 303
    assert stored(page)[-1].content is None


def test_a_form_sent_twice_begins_one(page: Planner) -> None:
    assert send(page, MAKE).status_code == 303
    answer = send(page, MAKE)
    assert answer.status_code == 409
    assert "schon einen Rhythmus mit denselben Tagen" in answer.text
    assert len(stored(page)) == 4


@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
def test_a_form_sent_twice_at_the_same_instant_begins_one(page: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has looked whether there is one waits for the other to have looked, too, but not for ever."""
    both_have_looked, begin = Barrier(2), verbs.add_cadence

    def slowly(*given: Any, **more: Any) -> object:
        with suppress(BrokenBarrierError):
            both_have_looked.wait(0.5)
        return begin(*given, **more)

    monkeypatch.setattr(verbs, "add_cadence", slowly)
    cookie = page.browser.get_cookie("planner", domain="localhost")
    assert cookie is not None

    def tap(_: int) -> int:
        browser = page.browser.application.test_client()
        browser.set_cookie("planner", cookie.value, domain="localhost")
        return browser.post(MAKE, data={"csrf": page.csrf, **FRIDAYS}).status_code

    with ThreadPoolExecutor(2) as taps:
        assert sorted(taps.map(tap, range(2))) == [303, 409]
    assert len(stored(page)) == 4


@on_sqlite
def test_forms_of_somebody_elses_making(page: Planner) -> None:
    before = stored(page)
    assert send(page, MAKE, csrf="no").status_code == 403
    assert send(page, "/businesses/1/channels/99/cadences").status_code == 404
    for path in (f"{GOOGLE}9/change", f"{GOOGLE}9/end"):
        assert send(page, path, on="2026-12-24").status_code == 404
        assert page.browser.get(path).status_code == 404
    stranger = page.browser.application.test_client()
    for path in (NEW, f"{GOOGLE}/change", f"{GOOGLE}/end"):
        assert stranger.get(path).headers["Location"].startswith("/sign-in")
    assert page.browser.get(f"{NEW}?like=99").status_code == 404
    assert stored(page) == before


# --- changing ------------------------------------------------------------------------------------------------------


def test_the_form_begins_with_what_is_and_on_the_next_date(page: Planner) -> None:
    html = page.browser.get(f"{GOOGLE}/change").text
    assert preview(html).startswith("Jeden Dienstag um 09:00")
    assert 'name="start" type="date" value="2026-12-08"' in html
    assert "13 geplante Beiträge, an denen niemand gearbeitet hat" in html
    order = re.findall(r'<option value="(\w+)" selected>', html.split('class="turns"')[1])
    assert order[:3] == ["question", "tip", "thanks"]


def test_every_second_week_stays_that_week(page: Planner) -> None:
    send(page, MAKE, how="fortnight")
    made = stored(page)[-1]
    page.at("2026-12-05T08:30")
    html = page.browser.get(f"/businesses/1/cadences/{made.id}/change").text
    assert 'name="start" type="date" value="2026-12-18"' in html


def test_changing_keeps_what_was_and_what_was_worked_on(page: Planner) -> None:
    kept = page.post("2026-12-22")
    with page.database.write() as tx:
        posts.complete(tx, page.post("2026-12-01").id, now=page.now)
        posts.edit(tx, kept.id, now=page.now, text="Frohes Fest")
    html = look(page, f"{GOOGLE}/change", start="2026-12-08", seen="")
    assert "12 geplante Beiträge" in html
    assert "Dieser bleibt, weil jemand daran gearbeitet hat" in html
    assert f'href="/posts/{kept.id}"' in html
    answer = send(page, f"{GOOGLE}/change", start="2026-12-08", seen="", pillar=["tip"])
    assert answer.headers["Location"] == "/businesses/1/channels/1?said=saved"
    old, new = stored(page)[0], stored(page)[-1]
    assert old.end == datetime(2026, 12, 8)
    assert (new.channel_id, new.rrule, new.dtstart) == (1, "FREQ=WEEKLY;BYDAY=FR", datetime(2026, 12, 8, 8, 30))
    assert due(page, old.id) == [datetime(2026, 12, 1, 9), datetime(2026, 12, 22, 9)]
    assert due(page, new.id)[0] == datetime(2026, 12, 11, 8, 30)
    page.at("2026-12-10T08:30")
    html = page.browser.get("/businesses/1/channels/1").text
    assert "Beendete Rhythmen (1)" in html
    assert "Wieder aufnehmen" in html


def test_days_that_were_left_out_stay_out(page: Planner) -> None:
    with page.database.write() as tx:
        business = businesses.get(tx, 1)
        channel = page.post("2026-12-01").channel_id
        made = cadences.add(
            tx, business_id=1, channel_id=channel, dtstart=datetime(2026, 12, 1, 9), rrule="FREQ=DAILY",
            exdates=[date(2026, 12, 3), date(2026, 12, 24)], pillars=[], now=page.now,
        )  # fmt: skip
    send(page, f"/businesses/{business.id}/cadences/{made.id}/change", start="2026-12-10", seen="")
    assert stored(page)[-1].exdates == (date(2026, 12, 24),)


def test_two_people_change_one(page: Planner) -> None:
    """Whoever comes second is told, keeps what was typed, and there is one new rhythm, not two."""
    assert send(page, f"{GOOGLE}/change", start="2026-12-08", seen="").status_code == 303
    for start in ("2026-12-08", "2026-12-15", "2026-12-02"):
        answer = send(page, f"{GOOGLE}/change", start=start, seen="", time="07:07")
        assert answer.status_code == 409
        assert "Dieser Rhythmus ist schon beendet worden, zum 8. Dezember 2026" in answer.text
        assert 'value="07:07"' in answer.text
    assert len(stored(page)) == 4
    answer = send(page, f"{GOOGLE}/end", on="2026-12-24", seen="")
    assert answer.status_code == 409
    assert "schon beendet worden" in answer.text
    assert stored(page)[0].end == datetime(2026, 12, 8)


def test_one_that_has_ended_says_so(page: Planner) -> None:
    with page.database.write() as tx:
        verbs.end_cadence(tx, businesses.get(tx, 1), 1, date(2026, 12, 1), now=page.now)
    for path in ("change", "end"):
        assert "schon beendet worden, zum 1. Dezember 2026" in page.browser.get(f"{GOOGLE}/{path}").text
    answer = send(page, f"{GOOGLE}/change", start="2026-12-24", seen="2026-12-01T00:00:00")
    assert answer.status_code == 409
    assert len(stored(page)) == 3
    html = page.browser.get("/businesses/1/channels/1/cadences/new?like=1").text
    assert preview(html).startswith("Jeden Dienstag um 09:00")
    assert 'name="start" type="date" value="2026-12-01"' in html


@on_sqlite
def test_not_in_the_past(page: Planner) -> None:
    answer = send(page, f"{GOOGLE}/change", start="2026-11-30", seen="")
    assert answer.status_code == 400
    assert "Dieser Tag ist vorbei." in answer.text
    answer = send(page, f"{GOOGLE}/end", on="2026-11-30", seen="")
    assert answer.status_code == 400
    assert "Dieser Tag ist vorbei." in answer.text
    assert stored(page)[0].end is None


# --- ending --------------------------------------------------------------------------------------------------------


def test_ending_says_what_it_means_and_does_it(page: Planner) -> None:
    with page.database.write() as tx:
        posts.edit(tx, page.post("2026-12-22").id, now=page.now, text="Frohes Fest")
    html = page.browser.get(f"{GOOGLE}/end?on=2026-12-15").text
    assert "11 geplante Beiträge" in html
    assert "Dieser bleibt" in html
    assert stored(page)[0].end is None
    answer = send(page, f"{GOOGLE}/end", on="2026-12-15", seen="")
    assert answer.headers["Location"] == "/businesses/1/channels/1?said=ended"
    assert due(page, 1) == [datetime(2026, 12, day, 9) for day in (1, 8, 22)]
    assert send(page, f"{GOOGLE}/end", on="2026-12-10", seen="2026-12-15T00:00:00").status_code == 303  # sooner
    assert stored(page)[0].end == datetime(2026, 12, 10)
    assert page.browser.get(f"{GOOGLE}/end?on=morgen").status_code == 200


def test_two_at_the_very_same_moment(page: Planner) -> None:
    """Both have read that it goes on; the database lets one of them end it."""
    with page.database.read() as tx:
        seen = cadences.get(tx, 1, 1)
    with page.database.write() as tx:
        cadences.end(tx, seen, datetime(2026, 12, 8))
    with page.database.write() as tx, pytest.raises(cadences.EndedMeanwhile):
        cadences.end(tx, seen, datetime(2026, 12, 8) + timedelta(days=7))
    assert stored(page)[0].end == datetime(2026, 12, 8)
