"""Sentences about a rhythm: every row is what somebody might type, and every rule the editor makes can be said."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.core.phrase import Spoken, read_phrase
from planner.core.rule import Rule, parse_rule
from planner.core.spoken import in_words, tidy
from planner.core.vocabulary import _TABLE
from planner.errors import PhraseUnclear
from planner.language import LANGUAGES, translations

START = date(2026, 12, 1)  # a Tuesday, the first of its month
FORTNIGHT = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
SECOND = "FREQ=MONTHLY;BYDAY=2TU"
WORKING = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"

READ = {
    # two meanings
    "every second Tuesday at 9:00": ([FORTNIGHT, SECOND], "09:00"),
    "jeden zweiten Dienstag um 9": ([FORTNIGHT, SECOND], "09:00"),
    "Jeden 2. Dienstag": ([FORTNIGHT, SECOND], None),
    "every third Friday": (["FREQ=WEEKLY;INTERVAL=3;BYDAY=FR", "FREQ=MONTHLY;BYDAY=3FR"], None),
    "twice a week": (["FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=TU,FR"], None),
    "zweimal die Woche um halb neun": (["FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=TU,FR"], "08:30"),
    "3x pro Woche": (["FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;BYDAY=TU,TH,SA"], None),
    "once a month": (["FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=1TU"], None),
    "jeden Monat": (["FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYDAY=1TU"], None),
    "zwei mal im Monat": (["FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYDAY=1TU,3TU"], None),
    "werktags um 8 Uhr": ([WORKING, f"{WORKING},SA"], "08:00"),
    "biweekly on Tuesday": ([FORTNIGHT], None),
    "biweekly": ([FORTNIGHT, "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=TU,FR"], None),
    "bi-weekly Mon, Thu": (["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=MO,TH"], None),
    # weeks
    "Mo, Mi, Fr 8:30": (["FREQ=WEEKLY;BYDAY=MO,WE,FR"], "08:30"),
    "Mon/Wed/Fri at 8.30": (["FREQ=WEEKLY;BYDAY=MO,WE,FR"], "08:30"),
    "Fr, Mo & Mi": (["FREQ=WEEKLY;BYDAY=MO,WE,FR"], None),
    "dienstags": (["FREQ=WEEKLY;BYDAY=TU"], None),
    "Tuesdays and Thursdays at noon": (["FREQ=WEEKLY;BYDAY=TU,TH"], "12:00"),
    "jede Woche am Dienstag": (["FREQ=WEEKLY;BYDAY=TU"], None),
    "einmal in der Woche": (["FREQ=WEEKLY;BYDAY=TU"], None),
    "twice a week on Monday and Friday": (["FREQ=WEEKLY;BYDAY=MO,FR"], None),
    "every week": (["FREQ=WEEKLY;BYDAY=TU"], None),
    "every other Friday at 5 pm": (["FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"], "17:00"),
    "every 2 weeks on Tuesday at 09:00": ([FORTNIGHT], "09:00"),
    "alle zwei Wochen dienstags": ([FORTNIGHT], None),
    "dienstags alle zwei Wochen": ([FORTNIGHT], None),
    "jede zweite Woche am Dienstag": ([FORTNIGHT], None),
    "once every 2 weeks": ([FORTNIGHT], None),
    "every fortnight": ([FORTNIGHT], None),
    "14-tägig": ([FORTNIGHT], None),
    "alle 14 Tage": ([FORTNIGHT], None),
    "every tenth Tuesday": (["FREQ=WEEKLY;INTERVAL=10;BYDAY=TU"], None),
    "Monday to Friday at 8am": ([WORKING], "08:00"),
    "montags bis freitags, 8.30 Uhr": ([WORKING], "08:30"),
    "Mo-Fr": ([WORKING], None),
    "Fr–Mo": (["FREQ=WEEKLY;BYDAY=MO,FR,SA,SU"], None),
    "jeden Tag von Montag bis Freitag": ([WORKING], None),
    "every weekday": ([WORKING], None),
    "am Wochenende um 10": (["FREQ=WEEKLY;BYDAY=SA,SU"], "10:00"),
    # days
    "every day": (["FREQ=DAILY"], None),
    "täglich": (["FREQ=DAILY"], None),
    "once a day": (["FREQ=DAILY"], None),
    "every second day": (["FREQ=DAILY;INTERVAL=2"], None),
    "alle 3 Tage um 7 Uhr": (["FREQ=DAILY;INTERVAL=3"], "07:00"),
    # months
    "jeden 1. Mittwoch im Monat 17:00": (["FREQ=MONTHLY;BYDAY=1WE"], "17:00"),
    "jeden ersten Mittwoch": (["FREQ=MONTHLY;BYDAY=1WE"], None),
    "every second Tuesday of the month": ([SECOND], None),
    "the second Tuesday": ([SECOND], None),
    "einmal im Monat am zweiten Dienstag": ([SECOND], None),
    "am ersten und dritten Montag im Monat": (["FREQ=MONTHLY;BYDAY=1MO,3MO"], None),
    "first Monday and third Thursday": (["FREQ=MONTHLY;BYDAY=1MO,3TH"], None),
    "last Friday of the month at 16:00": (["FREQ=MONTHLY;BYDAY=-1FR"], "16:00"),
    "every second month on the first Monday": (["FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO"], None),
    "quarterly on the first Wednesday": (["FREQ=MONTHLY;INTERVAL=3;BYDAY=1WE"], None),
    "am 1. und 15. des Monats": (["FREQ=MONTHLY;BYMONTHDAY=1,15"], None),
    "am 15. jedes Monats um 10": (["FREQ=MONTHLY;BYMONTHDAY=15"], "10:00"),
    "on the 15th of every month": (["FREQ=MONTHLY;BYMONTHDAY=15"], None),
    "monatlich am 15.": (["FREQ=MONTHLY;BYMONTHDAY=15"], None),
    "every 3 months on the 15th": (["FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"], None),
    "am letzten Tag des Monats": (["FREQ=MONTHLY;BYMONTHDAY=-1"], None),
    # with a last day
    "every Tuesday until 31 December 2026": (["FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231"], None),
    "Di 9:00 bis 31.12.2026": (["FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231"], "09:00"),
    "Mo bis Fr bis zum 1. März 2027": ([f"{WORKING};UNTIL=20270301"], None),
    "every Tuesday until March 1st, 2027": (["FREQ=WEEKLY;BYDAY=TU;UNTIL=20270301"], None),
    "daily until 2026-12-24": (["FREQ=DAILY;UNTIL=20261224"], None),
    # times of day
    "dienstags um neun": (["FREQ=WEEKLY;BYDAY=TU"], "09:00"),
    "dienstags um viertel vor acht": (["FREQ=WEEKLY;BYDAY=TU"], "07:45"),
    "Tuesdays at quarter past nine": (["FREQ=WEEKLY;BYDAY=TU"], "09:15"),
    "Tuesdays at half past nine": (["FREQ=WEEKLY;BYDAY=TU"], "09:30"),
    "dienstags abends um 7": (["FREQ=WEEKLY;BYDAY=TU"], "19:00"),
    "um 12 am Dienstag": (["FREQ=WEEKLY;BYDAY=TU"], "12:00"),
    "Tuesday 12 am": (["FREQ=WEEKLY;BYDAY=TU"], "00:00"),
    "Tuesday at 9 o'clock in the evening": (["FREQ=WEEKLY;BYDAY=TU"], "21:00"),
    "@9 Tuesday": (["FREQ=WEEKLY;BYDAY=TU"], "09:00"),
    "Dienstag 9 Uhr 15": (["FREQ=WEEKLY;BYDAY=TU"], "09:15"),
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_is_understood(text: str) -> None:
    rules, at = READ[text]
    found = read_phrase(text, START)
    assert [str(each.rule) for each in found] == rules
    assert {each.at and f"{each.at:%H:%M}" for each in found} == {at}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "how often"),
        ("noon", "how often"),
        ("whenever I like", "“whenever”"),
        ("every Tuesday and Blursday", "“blursday”"),
        ("jeden Dienstag um 25:00", "“um 25:00” is not a time"),
        ("every Tuesday at 9:75", "is not a time"),
        ("Tuesday at 9 and at 17:00", "Two times of day"),
        ("every Tuesday until 31.2.2027", "“until 31.2.2027”"),
        ("twice a day", "one post a day"),
        ("twice a week on Monday", "“twice” does not fit"),
        ("nine times a week", "“nine times”"),
        ("three times every 2 weeks", "“three times”"),
        ("every 400 weeks", "“400”"),
        ("every 0 days", "“0”"),
        ("on the 32nd of the month", "“32nd”"),
        ("the ninth Monday of the month", "“ninth”"),
        ("Tuesday every of", "order"),
        ("Tuesday until", "“until”"),
        ("every Tuesday at 9 🙂", "“🙂”"),
        ("x" * 201, "200"),
        ("9" * 50, "“999"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(text: str, word: str) -> None:
    with pytest.raises(PhraseUnclear) as refused:
        read_phrase(text, START)
    assert word in str(refused.value)
    assert "Write it like" in str(refused.value)


@pytest.mark.parametrize(
    ("start", "rules"),
    [
        ("2026-12-31", ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=-1TH"]),
        ("2026-12-29", ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=-1TU"]),
        ("2027-02-28", ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=4SU"]),
        ("2026-12-15", ["FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYDAY=3TU"]),
    ],
)
def test_once_a_month_never_misses_one(start: str, rules: list[str]) -> None:
    assert [str(each.rule) for each in read_phrase("monthly", date.fromisoformat(start))] == rules


WORDS = st.lists(st.sampled_from([*_TABLE, "9:00", "um 9", "1.", "3rd", "2x", "14", "-", ",", "until 2027-01-01"]))


@given(st.text(max_size=60) | WORDS.map(" ".join))
@example("jeden 1. 2. 3. dienstag")
@example("every 999 months")
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        found = read_phrase(text, START)
    except PhraseUnclear as refused:
        for language in LANGUAGES:
            assert refused.sentence(translations(language).gettext).endswith(".")
        return
    assert found
    for each in found:
        assert parse_rule(str(each.rule)) == each.rule
        assert each == Spoken(tidy(each.rule), each.at)


# --- rules in words -----------------------------------------------------------------------------------------------

DAY = st.integers(0, 6)
ORDINAL = st.sampled_from([1, 2, 3, 4, 5, -1])
EVERY = st.integers(1, 366)
EDITOR = st.one_of(
    st.builds(Rule, st.just("DAILY"), EVERY.filter(lambda number: number % 7)),
    st.builds(Rule, st.just("WEEKLY"), EVERY, st.lists(st.tuples(st.just(0), DAY), min_size=1).map(tuple)),
    st.builds(Rule, st.just("MONTHLY"), EVERY, st.lists(st.tuples(ORDINAL, DAY), min_size=1, max_size=12).map(tuple)),
    st.builds(
        Rule, st.just("MONTHLY"), EVERY, bymonthday=st.lists(st.integers(1, 31) | st.just(-1), min_size=1).map(tuple)
    ),
)
UNTIL = st.none() | st.dates(date(1000, 1, 1))


@pytest.mark.parametrize("language", LANGUAGES)
@given(EDITOR, UNTIL, st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_what_is_said_of_a_rule_means_that_rule(language: str, rule: Rule, until: date | None, at: time) -> None:
    rule = tidy(replace(rule, until=until))
    said = in_words(rule, translations(language).gettext, at)
    assert said is not None
    if len(said) <= 200:
        assert read_phrase(said, START) == (Spoken(rule, at),)
    without = in_words(rule, translations(language).gettext)
    assert without is not None
    if len(without) <= 200:
        assert read_phrase(without, START) == (Spoken(rule, None),)


@pytest.mark.parametrize(
    ("rule", "german", "english"),
    [
        ("FREQ=DAILY", "jeden Tag um 09:00", "every day at 09:00"),
        ("FREQ=DAILY;INTERVAL=3", "alle 3 Tage um 09:00", "every 3 days at 09:00"),
        ("FREQ=WEEKLY;BYDAY=FR,MO", "jeden Montag und Freitag um 09:00", "every Monday and Friday at 09:00"),
        ("FREQ=DAILY;BYDAY=FR,MO", "jeden Montag und Freitag um 09:00", "every Monday and Friday at 09:00"),
        (WORKING, "jeden Montag bis Freitag um 09:00", "every Monday to Friday at 09:00"),
        (FORTNIGHT, "alle 2 Wochen am Dienstag um 09:00", "every 2 weeks on Tuesday at 09:00"),
        (SECOND, "am zweiten Dienstag im Monat um 09:00", "on the second Tuesday of the month at 09:00"),
        ("FREQ=MONTHLY;BYDAY=1MO,-1MO", "am ersten und letzten Montag im Monat um 09:00",
         "on the first and last Monday of the month at 09:00"),
        ("FREQ=MONTHLY;BYDAY=3TH,1MO", "am ersten Montag und dritten Donnerstag im Monat um 09:00",
         "on the first Monday and third Thursday of the month at 09:00"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1WE", "alle 3 Monate am ersten Mittwoch um 09:00",
         "every 3 months on the first Wednesday at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,1", "am 1. und 15. des Monats um 09:00",
         "on the 1st and 15th of the month at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "am letzten Tag des Monats um 09:00", "on the last day of the month at 09:00"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231", "jeden Dienstag um 09:00, bis 31. Dezember 2026",
         "every Tuesday at 09:00, until 31 December 2026"),
    ],
)  # fmt: skip
def test_a_rule_in_words(rule: str, german: str, english: str) -> None:
    said = [in_words(parse_rule(rule), translations(language).gettext, time(9)) for language in ("de", "en")]
    assert said == [german, english]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24",
        "FREQ=MONTHLY;BYDAY=MO",  # every Monday, by another name
        "FREQ=MONTHLY;BYDAY=-2FR",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=5",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231T090000",
        "FREQ=WEEKLY",  # its day is that of its start, which has to be written out first
    ],
)
def test_a_rule_without_words(rule: str) -> None:
    assert in_words(parse_rule(rule), str) is None
