"""The editor of a rhythm: sentence, choices and rule say the same; a preview keeps nothing; changing keeps history."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from planner.actions import cadences as verbs
from planner.actions import posts
from planner.actions.pauses import add_pause
from planner.actions.set_up import change_business
from planner.core.model import Cadence, Pillar, Window
from planner.core.rule import Rule, parse_rule
from planner.core.spoken import tidy
from planner.errors import RuleRefused
from planner.store.queries import businesses, cadences
from planner.store.queries import posts as rows
from planner.web.cadence_form import fields_of, read
from web.conftest import Planner, on_sqlite

NEW = "/businesses/1/channels/2/cadences/new"
MAKE = "/businesses/1/channels/2/cadences"
GOOGLE = "/businesses/1/cadences/1"
BLANK = {"words": "", "heard": "", "rule": "", "was": ""}
FRIDAYS = {**BLANK, "how": "week", "day": ["4"], "every": "1", "time": "08:30", "start": "2026-12-01", "until": ""}
TODAY = date(2026, 12, 1)


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in on Tuesday, 1 December, 09:30; WhatsApp is channel 2, Google's cadence is 1, on Tuesdays at 9."""
    planner.at("2026-12-01T08:30")
    planner.sign_in()
    return planner


def look(page: Planner, path: str, **values: object) -> str:
    answer = page.browser.get(path, query_string={**FRIDAYS, **values})
    assert answer.status_code == 200
    return answer.text


def send(page: Planner, path: str, **values: object) -> TestResponse:
    return page.browser.post(path, data={"csrf": page.csrf, **FRIDAYS, **values})


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def preview(html: str) -> str:
    return text(html.split('id="preview-heading"')[1].split("</section>")[0]).removeprefix(' class="name">')


def stored(page: Planner) -> list[Cadence]:
    with page.database.read() as tx:
        return cadences.of_business(tx, 1)


def due(page: Planner, cadence_id: int) -> list[datetime]:
    with page.database.read() as tx:
        found = rows.due_between(tx, 1, Window(date(2026, 1, 1), date(2028, 1, 1)))
    return [post.due_local for post in found if post.cadence_id == cadence_id]


# --- the preview -------------------------------------------------------------------------------------------------


def test_the_next_five_dates_with_pauses_and_holidays(page: Planner) -> None:
    with page.database.write() as tx:
        add_pause(tx, businesses.get(tx, 1), date(2026, 12, 8), date(2026, 12, 20), reason="Umbau")
    before = stored(page)
    said = preview(look(page, NEW))
    assert "Jeden Freitag um 08:30" in said
    assert "Freitag, 4. Dezember, 08:30" in said
    paused = "‖ 2 Termine von Freitag, 11. Dezember bis Freitag, 18. Dezember Pause: kein Beitrag (Umbau)"
    assert paused in said
    assert "Freitag, 25. Dezember, 08:30 Feiertag: Erster Weihnachtstag" in said
    assert "Freitag, 1. Januar 2027, 08:30 Feiertag: Neujahr" in said
    assert said.count("08:30") == 6  # in words, and five dates
    assert stored(page) == before


def test_without_a_country_there_are_no_holidays(page: Planner) -> None:
    with page.database.write() as tx:
        change_business(tx, businesses.get(tx, 1), {"country": "", "region": ""}, now=page.now, tzdata="x")
    said = preview(look(page, NEW))
    assert "Feiertag:" not in said
    assert "Feiertage werden gezeigt, sobald das Land eingestellt ist" in said


@on_sqlite
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"how": "week", "day": ["0", "2"]}, "Jeden Montag und Mittwoch um 08:30"),
        ({"how": "fortnight", "every": "5"}, "Alle 2 Wochen am Freitag um 08:30"),
        ({"how": "weeks", "every": "3"}, "Alle 3 Wochen am Freitag um 08:30"),
        ({"how": "weekday", "nth": ["2", "-1"]}, "Am zweiten und letzten Freitag im Monat um 08:30"),
        ({"how": "weekday", "nth": ["1"], "every": "3"}, "Alle 3 Monate am ersten Freitag um 08:30"),
        ({"how": "date", "date": ["15", "1", "-1"]}, "Am 1., 15. und letzten Tag des Monats um 08:30"),
        ({"how": "days"}, "Jeden Tag um 08:30"),
        ({"how": "days", "every": "2"}, "Alle 2 Tage um 08:30"),
        ({"until": "2027-01-31"}, "Jeden Freitag um 08:30, bis 31. Januar 2027"),
        ({"rule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=6"}, "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=6 08:30"),
    ],
)
def test_each_choice_in_words(page: Planner, values: dict[str, object], words: str) -> None:
    assert preview(look(page, NEW, **values)).startswith(words)


@on_sqlite
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": []}, "Wählen Sie mindestens einen Tag."),
        ({"how": "weekday"}, "Wählen Sie mindestens einen Tag."),
        ({"how": "date"}, "Wählen Sie mindestens einen Tag."),
        ({"how": "sometimes"}, "Wählen Sie etwas aus der Liste."),
        ({"how": "weeks", "every": "0"}, "von 1 bis 366"),
        ({"time": "25:00"}, "ist keine Uhrzeit"),
        ({"start": "bald"}, "kein Tag des Kalenders"),
        ({"until": "2026-11-01"}, "Das liegt vor dem ersten Tag."),
        ({"words": "wenn ich Lust habe"}, "„wenn“ war nicht zu verstehen."),
        ({"rule": "FREQ=HOURLY"}, "FREQ=DAILY"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "in den nächsten fünf Jahren"),
        ({"pillar": ["offer", "event"]}, "Werbung"),
    ],
)
def test_what_is_wrong_is_said_and_stays_typed(page: Planner, values: dict[str, object], sentence: str) -> None:
    before = stored(page)
    for html, status in ((look(page, NEW, **values), 200), (send(page, MAKE, **values).text, 400)):
        assert sentence in text(html), status
        for name in ("words", "rule"):
            assert f'value="{values.get(name, "")}"' in html
    assert send(page, MAKE, **values).status_code == 400
    assert stored(page) == before


# --- a sentence, and the rule --------------------------------------------------------------------------------------


def test_two_meanings_are_asked_about_and_either_can_be_had(page: Planner) -> None:
    html = look(page, NEW, words="jeden zweiten Dienstag um 9", pillar=["tip", "team"])
    said = preview(html)
    assert "Was davon meinen Sie?" in said
    both = said.split("Diesen nehmen")
    assert "Alle 2 Wochen am Dienstag um 09:00" in both[0]
    assert "1. Dezember, 09:00" in both[0]
    assert "15. Dezember, 09:00" in both[0]
    assert "Am zweiten Dienstag im Monat um 09:00" in both[1]
    assert "8. Dezember, 09:00" in both[1]
    assert [each.count("● ") for each in both[:2]] == [5, 5]
    links = re.findall(r'class="button main" href="([^"]+)"', html)
    assert len(links) == 2
    address = links[1].replace("&amp;", "&")
    html = page.browser.get(address).text
    assert preview(html).startswith("Am zweiten Dienstag im Monat um 09:00")
    assert 'value="jeden zweiten Dienstag um 9"' in html
    kept = parse_qs(urlsplit(address).query)
    assert kept["pillar"] == ["tip", "team"]
    answer = page.browser.post(MAKE, data={"csrf": page.csrf, **kept})
    assert answer.status_code == 303
    made = stored(page)[-1]
    assert (made.rrule, made.dtstart) == ("FREQ=MONTHLY;BYDAY=2TU", datetime(2026, 12, 1, 9))
    assert made.pillars == (Pillar.TIP, Pillar.TEAM)


def test_a_new_sentence_is_shown_before_it_is_kept(page: Planner) -> None:
    before = stored(page)
    answer = send(page, MAKE, words="Mo, Mi 7:15")
    assert answer.status_code == 400
    assert "So wurde es verstanden." in answer.text
    assert preview(answer.text).startswith("Jeden Montag und Mittwoch um 07:15")
    assert 'name="time" type="time" value="07:15"' in answer.text
    assert stored(page) == before
    answer = send(page, MAKE, words="jeden zweiten Freitag")
    assert "Das kann mehreres heißen." in answer.text
    assert stored(page) == before


@on_sqlite
def test_the_choices_win_over_a_sentence_that_was_read(page: Planner) -> None:
    html = look(page, NEW, words="dienstags um 8:30", heard="dienstags um 8:30")
    assert preview(html).startswith("Jeden Freitag um 08:30")
    assert "dienstags" not in html


@on_sqlite
def test_a_typed_rule_is_followed_by_the_choices(page: Planner) -> None:
    html = look(page, NEW, rule="freq=monthly;byday=-1we;until=20271231", was="FREQ=WEEKLY;BYDAY=FR")
    assert preview(html).startswith("Am letzten Mittwoch im Monat um 08:30, bis 31. Dezember 2027")
    assert re.search(r'id="how-weekday" name="how" value="weekday" checked', html)
    assert re.search(r'id="nth--1" name="nth" value="-1" checked', html)
    assert 'name="was" value="FREQ=MONTHLY;BYDAY=-1WE;UNTIL=20271231"' in html
    assert 'name="until" type="date" value="2027-12-31"' in html


EDITOR = st.sampled_from([
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=5;BYDAY=SU", "FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=1MO,1TU,-1MO,-1TU", "FREQ=MONTHLY;BYMONTHDAY=1,31,-1", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20271231",
    # these have no choices: the rule itself says them
    "FREQ=MONTHLY;BYDAY=1MO,3TH", "FREQ=WEEKLY;BYDAY=TU;COUNT=9", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20271231T120000Z",
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-2FR", "FREQ=MONTHLY;BYMONTHDAY=-3",
])  # fmt: skip


@on_sqlite
@given(EDITOR)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_rhythm_is_the_same_after_the_form(planner: Planner, rrule: str) -> None:
    fields = fields_of(parse_rule(rrule), datetime(2026, 12, 1, 9), [Pillar.TIP])
    values = MultiDict((name, value) for name, each in fields.items() for value in each)
    sketch = read(values, planner.business, str, TODAY)
    assert sketch.errors == {}
    assert sketch.rule == tidy(parse_rule(rrule))
    assert (sketch.dtstart, sketch.pillars, sketch.new) == (datetime(2026, 12, 1, 9), (Pillar.TIP,), False)


NAMES = st.sampled_from([*FRIDAYS, "nth", "date", "pillar", "day", "seen", "like", "?"])
VALUES = st.sampled_from([
    "week", "rule", "date", "weekday", "days", "weeks", "2026-12-24", "9999-12-31", "0001-01-01", "09:00", "FREQ=DAILY",
    "FREQ=YEARLY;COUNT=1", "1", "-1", "31", "366", "999999", "offer", "tip", "jeden zweiten Montag", "twice a month",
]) | st.text(max_size=20)  # fmt: skip


@on_sqlite
@given(st.lists(st.tuples(NAMES, VALUES), max_size=12))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_form_is_shown_again(planner: Planner, pairs: list[tuple[str, str]]) -> None:
    sketch = read(MultiDict([*FRIDAYS.items(), *pairs]), planner.business, str, TODAY)
    if sketch.rule is not None and not sketch.errors:
        assert isinstance(sketch.rule, Rule)
        try:
            again = parse_rule(str(sketch.rule))
        except RuleRefused as error:  # pragma: no cover
            pytest.fail(str(error))
        assert tidy(again) == sketch.rule


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


def test_a_form_sent_twice_begins_one(page: Planner) -> None:
    assert send(page, MAKE).status_code == 303
    answer = send(page, MAKE)
    assert answer.status_code == 409
    assert "schon einen Rhythmus mit denselben Tagen" in answer.text
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
    order = re.findall(r'<option value="(\w+)" selected>', html)
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
        assert "Dieser Rhythmus ist schon beendet worden, zum 2026-12-08" in answer.text
        assert 'value="07:07"' in answer.text
    assert len(stored(page)) == 4
    answer = send(page, f"{GOOGLE}/end", on="2026-12-24", seen="")
    assert answer.status_code == 409
    assert "schon beendet worden" in answer.text
    assert stored(page)[0].end == datetime(2026, 12, 8)


def test_one_that_has_ended_says_so(page: Planner) -> None:
    with page.database.write() as tx:
        verbs.end_cadence(tx, businesses.get(tx, 1), 1, date(2026, 12, 1))
    for path in ("change", "end"):
        assert "schon beendet worden, zum 2026-12-01" in page.browser.get(f"{GOOGLE}/{path}").text
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
