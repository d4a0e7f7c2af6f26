"""The editor of a rhythm: sentence, choices and rule say the same, and a preview keeps nothing."""

import re
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from planner.actions.pauses import add_pause
from planner.actions.set_up import change_business
from planner.core.model import Pillar
from planner.core.rule import Rule, parse_rule
from planner.core.spoken import tidy
from planner.errors import RuleRefused
from planner.store.queries import businesses
from planner.web.cadence_form import fields_of, read
from web.conftest import Planner, on_sqlite
from web.editing import FRIDAYS, MAKE, NEW, TODAY, look, preview, send, stored, text

# --- the preview -------------------------------------------------------------------------------------------------


def test_the_next_five_dates_with_pauses_and_holidays(page: Planner) -> None:
    with page.database.write() as tx:
        add_pause(tx, businesses.get(tx, 1), date(2026, 12, 8), date(2026, 12, 20), reason="Umbau", now=page.now)
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
        ({"every": "0"}, "Jeden Freitag um 08:30"),  # left over from another choice, and not shown in this one
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
