"""Sheets of a calendar: which days, in which weeks, and what comes before and after."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.grid import of_day, parse_sheet
from planner.core.model import Window
from planner.errors import PlannerError


def test_a_month_is_drawn_in_whole_weeks_from_monday() -> None:
    sheet = parse_sheet("2026-12")
    assert sheet.days == Window(date(2026, 12, 1), date(2027, 1, 1))
    assert sheet.shown == Window(date(2026, 11, 30), date(2027, 1, 4))
    assert [week.number for week in sheet.weeks] == [49, 50, 51, 52, 53]


def test_a_february_of_four_weeks_needs_no_fifth() -> None:
    assert len(parse_sheet("2027-02").weeks) == 4


def test_weeks_and_months_go_on_over_new_year() -> None:
    assert parse_sheet("2026-W53").after().name == "2027-W01"
    assert parse_sheet("2027-W01").before().name == "2026-W53"
    assert (parse_sheet("2026-12").after().name, parse_sheet("2027-01").before().name) == ("2027-01", "2026-12")


@given(st.dates(date(1971, 1, 1), date(2198, 1, 1)), st.booleans())
def test_every_day_lies_on_one_sheet_and_the_sheets_follow_each_other(day: date, month: bool) -> None:
    sheet = of_day(day, month=month)
    assert day in sheet.days
    assert sheet.shown.start <= sheet.days.start < sheet.days.end <= sheet.shown.end
    assert (sheet.shown.end - sheet.shown.start) % timedelta(weeks=1) == timedelta()
    assert sheet.after().days.start == sheet.days.end
    assert sheet.before().days.end == sheet.days.start
    assert parse_sheet(sheet.name) == sheet


@given(st.text(max_size=12) | st.from_regex(r"\d{1,5}-W?\d{1,3}", fullmatch=True))
def test_whatever_is_asked_for_is_a_sheet_or_a_sentence(text: str) -> None:
    try:
        assert parse_sheet(text).weeks
    except PlannerError as error:
        assert error.sentence()


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "1969-12", "2199-12", "2026-W54", "2026-1", "٢٠٢٦-12", ""])
def test_what_is_no_sheet(text: str) -> None:
    with pytest.raises(PlannerError):
        parse_sheet(text)
