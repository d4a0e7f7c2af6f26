"""Slots on public holidays: kept, a day before or after, left out; the slot itself never changes."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.holidays import FARTHEST, Placed, placed
from planner.core.model import Cadence, OnHoliday, Pause, Window
from planner.core.recurrence import slots
from planner.feastdays import Holidays

BAVARIA = Holidays("DE", "BY")
YEARS = Window(datetime(2026, 1, 1), datetime(2036, 1, 1))


def cadence(rrule: str, on_holiday: OnHoliday, start: str = "2026-01-01T09:00") -> Cadence:
    return Cadence(
        id=1, business_id=1, channel_id=7, dtstart=datetime.fromisoformat(start), rrule=rrule, on_holiday=on_holiday,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def pause(first: date, last: date, channel_id: int | None = None) -> Pause:
    return Pause(id=1, business_id=1, channel_id=channel_id, first=first, last=last)


def found(
    rrule: str, on_holiday: OnHoliday, window: Window[datetime], pauses: tuple[Pause, ...] = (),
    timezone: str = "Europe/Berlin",
) -> list[Placed]:  # fmt: skip
    made = cadence(rrule, on_holiday)
    return list(placed(made, slots(made, window, pauses, timezone), BAVARIA, pauses, timezone))


def december(rrule: str, on_holiday: OnHoliday, *pauses: Pause) -> list[tuple[int, int]]:
    window = Window(datetime(2026, 12, 21), datetime(2027, 1, 1))
    return [(each.slot.day, each.due.day) for each in found(rrule, on_holiday, window, pauses)]


# In 2026 the 25th of December is a Friday and the 26th a Saturday; both are holidays in Bavaria.
@pytest.mark.parametrize(
    ("on_holiday", "expected"),
    [
        (OnHoliday.KEEP, [(25, 25)]),
        (OnHoliday.BEFORE, [(25, 24)]),
        (OnHoliday.AFTER, [(25, 27)]),
        (OnHoliday.SKIP, []),
    ],
)
def test_what_a_holiday_does_to_a_slot(on_holiday: OnHoliday, expected: list[tuple[int, int]]) -> None:
    assert december("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261226", on_holiday) == expected


def test_a_paused_neighbour_is_passed_over() -> None:
    shut = pause(date(2026, 12, 23), date(2026, 12, 24))
    assert december("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261226", OnHoliday.BEFORE, shut) == [(25, 22)]
    other = pause(date(2026, 12, 23), date(2026, 12, 24), channel_id=8)
    assert december("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261226", OnHoliday.BEFORE, other) == [(25, 24)]


def test_two_posts_on_one_day_are_fine() -> None:
    days = december("FREQ=DAILY;UNTIL=20261227", OnHoliday.BEFORE)
    assert days == [(21, 21), (22, 22), (23, 23), (24, 24), (25, 24), (26, 24), (27, 27)]


def test_without_room_in_a_week_it_is_turned_round() -> None:
    shut = pause(date(2026, 12, 14), date(2026, 12, 24))
    assert december("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261226", OnHoliday.BEFORE, shut) == [(25, 27)]
    after = pause(date(2026, 12, 27), date(2027, 1, 10))
    assert december("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261226", OnHoliday.BEFORE, shut, after) == [(25, 25)]


def test_nothing_is_due_before_it_could_be_known() -> None:
    made = cadence("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261226", OnHoliday.BEFORE)
    there = list(placed(made, [datetime(2026, 12, 25, 9)], BAVARIA, earliest=date(2026, 12, 25)))
    assert there == [Placed(datetime(2026, 12, 25, 9), datetime(2026, 12, 27, 9))]


def test_without_a_country_there_is_no_holiday() -> None:
    made = cadence("FREQ=DAILY", OnHoliday.SKIP)
    days = [datetime(2026, 12, 25, 9), datetime(2026, 12, 26, 9)]
    assert [each.due for each in placed(made, days, Holidays("", ""))] == days


def test_a_day_that_the_zone_left_out_is_no_day_before() -> None:
    """Samoa went from 29 to 31 December 2011; the 31st made a holiday gives way to the 29th."""
    made = cadence("FREQ=DAILY", OnHoliday.BEFORE, "2011-01-01T09:00")
    there = placed(made, [datetime(2011, 12, 31, 9)], {date(2011, 12, 31)}, timezone="Pacific/Apia")
    assert [each.due.day for each in there] == [29]


RULES = st.sampled_from(
    [
        "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TH,FR",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO", "FREQ=MONTHLY;BYMONTHDAY=1,-1",
        "FREQ=MONTHLY;BYDAY=1MO,-1FR", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26",
    ]
)  # fmt: skip
PAUSES = st.lists(
    st.builds(
        lambda day, length, channel: pause(
            date(2026, 1, 1) + timedelta(days=day), date(2026, 1, 1) + timedelta(days=day + length), channel
        ),
        st.integers(0, 3650), st.integers(0, 30), st.sampled_from([None, 7, 8]),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(RULES, PAUSES, st.sampled_from(list(OnHoliday)))
def test_ten_years_lose_and_double_no_slot(rrule: str, pauses: list[Pause], on_holiday: OnHoliday) -> None:
    """Every slot has one post, all four ways; only what is left out on a holiday has none."""
    made = cadence(rrule, on_holiday)
    every = list(slots(made, YEARS, pauses, "Europe/Berlin"))
    there = found(rrule, on_holiday, YEARS, tuple(pauses))
    off = [slot for slot in every if slot.date() in BAVARIA] if on_holiday is OnHoliday.SKIP else []
    assert Counter(each.slot for each in there) + Counter(off) == Counter(every)
    assert [each.due for each in there] == sorted(each.due for each in there)
    for each in there:
        assert abs(each.due - each.slot) <= timedelta(days=FARTHEST)
        assert each.due.time() == each.slot.time()
        assert each.due == each.slot or each.slot.date() in BAVARIA
        if each.due != each.slot:
            day = each.due.date()
            assert day not in BAVARIA
            assert not any(p.first <= day <= p.last and p.channel_id in (None, 7) for p in pauses)


@settings(max_examples=15, deadline=None)
@given(RULES, st.sampled_from(list(OnHoliday)), st.lists(st.integers(1, 3650), max_size=6))
def test_planned_in_several_goes_it_is_the_same(rrule: str, on_holiday: OnHoliday, cuts: list[int]) -> None:
    edges = [YEARS.start, *sorted(YEARS.start + timedelta(days=cut) for cut in cuts), YEARS.end]
    parts = [each for start, end in pairwise(edges) for each in found(rrule, on_holiday, Window(start, end))]
    assert parts == found(rrule, on_holiday, YEARS)
