"""Reading rules: what is taken, in which form it is kept, and what each refusal says to write instead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.rule import parse_rule
from planner.errors import RuleRefused


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        ("rrule:freq=weekly; byday = tu , th ;", "FREQ=WEEKLY;BYDAY=TU,TH"),
        ("BYDAY=-1FR;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=MONTHLY;BYDAY=+2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=WEEKLY;INTERVAL=1", "FREQ=WEEKLY"),
        ("FREQ=DAILY;COUNT=10", "FREQ=DAILY;COUNT=10"),
        ("FREQ=DAILY;UNTIL=2026-12-31", "FREQ=DAILY;UNTIL=20261231"),
        ("FREQ=DAILY;UNTIL=20261231T083000Z", "FREQ=DAILY;UNTIL=20261231T083000Z"),
        ("FREQ=DAILY;UNTIL=20261231T083000", "FREQ=DAILY;UNTIL=20261231T083000"),
        ("FREQ=DAILY;UNTIL=00010101", "FREQ=DAILY;UNTIL=00010101"),  # strftime writes the year 1 with one digit
        ("FREQ=MONTHLY;BYMONTHDAY=1,1,-1", "FREQ=MONTHLY;BYMONTHDAY=1,-1"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=1SU;WKST=SU", "FREQ=YEARLY;BYMONTH=12;BYDAY=1SU;WKST=SU"),
    ],
)
def test_a_rule_is_kept_in_one_form(written: str, kept: str) -> None:
    rule = parse_rule(written)
    assert str(rule) == kept
    assert parse_rule(kept) == rule


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("", "FREQ=WEEKLY;BYDAY=TU"),
        ("every Tuesday", "not understood"),
        ("BYDAY=TU", "FREQ is missing"),
        ("FREQ=HOURLY", "FREQ=DAILY"),
        ("FREQ=SECONDLY", "FREQ=DAILY"),
        ("FREQ=FORTNIGHTLY", "DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=WEEKLY;FREQ=DAILY", "twice"),
        ("FREQ=WEEKLY;INTERVAL=0", "from 1 to 366"),
        ("FREQ=WEEKLY;INTERVAL=-1", "from 1 to 366"),
        ("FREQ=WEEKLY;INTERVAL=two", "from 1 to 366"),
        ("FREQ=WEEKLY;COUNT=0", "from 1 to 1000"),
        ("FREQ=WEEKLY;COUNT=1001", "from 1 to 1000"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "keep one"),
        ("FREQ=WEEKLY;UNTIL=20260230", "UNTIL takes a date"),
        ("FREQ=WEEKLY;BYHOUR=9", "belongs to the start"),
        ("FREQ=DAILY;BYMINUTE=30", "belongs to the start"),
        ("FREQ=YEARLY;BYYEARDAY=100", "BYMONTHDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYMONTH"),
        ("FREQ=YEARLY;BYEASTER=1", "one by one"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "Gregorian"),
        ("FREQ=WEEKLY;BYDAY=2TU", "FREQ=MONTHLY"),
        ("FREQ=DAILY;BYDAY=0TU", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYDAY=0TU", "count from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=6TU", "count from 1 to 5"),
        ("FREQ=YEARLY;BYDAY=54MO", "count from 1 to 53"),
        ("FREQ=WEEKLY;BYDAY=DI", "MO, TU, WE"),
        ("FREQ=WEEKLY;BYDAY=", "not understood"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "-1 to -31"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "-1 to -31"),
        ("FREQ=YEARLY;BYMONTH=13", "1 to 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "1 to 12"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYDAY or BYMONTHDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY"),
        ("FREQ=WEEKLY;WKST=MONDAY", "MO, TU"),
        ("FREQ=WEEKLY;X-THING=1", "not understood"),
        ("FREQ=WEEKLY\nEXDATE:20261201", "--exdate"),
        ("DTSTART:20261201T090000\nRRULE:FREQ=WEEKLY", "--start"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 400), "too long"),
        ("FREQ=FORT\rNIGHTLY", "FREQ=FORT NIGHTLY"),  # a line end does not come back in the sentence
        ("FREQ=WEEKLY;INTERVAL=１", "from 1 to 366"),  # a full-width one is no digit here
    ],
)
def test_a_refusal_says_what_to_write(written: str, advice: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        parse_rule(written)
    assert advice in refused.value.sentence()
    assert "\n" not in refused.value.sentence()
    assert refused.value.exit_code == 2


PIECES = st.sampled_from([
    "FREQ=", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", ";", ";", "=", ",", "-", "+", "BYDAY=", "BYMONTH=", "BYMONTHDAY=",
    "BYSETPOS=", "INTERVAL=", "COUNT=", "UNTIL=", "WKST=", "MO", "1TU", "-1FR", "0", "7", "31", "99999999999", "RRULE:",
    "20261201", "T090000", "Z", "00010101", "99991231T235959Z", "２", "\u2028", "ß", "\0", " ", "{", "}",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60))
def test_any_text_is_a_rule_that_can_be_kept_or_is_refused_in_one_line(text: str) -> None:
    try:
        rule = parse_rule(text)
    except RuleRefused as refused:
        assert len(refused.sentence().splitlines()) == 1, refused.sentence()
        assert len(refused.sentence()) < 400, "a bad paste does not fill the screen"
    else:
        assert parse_rule(str(rule)) == rule
