"""BYSETPOS over whole periods wherever a window begins or ends, and rules that once made the program stumble."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.model import Window
from planner.core.recurrence import check_fires, expand, parse_rule
from planner.core.rule import WEEKDAYS, Rule
from planner.core.weeks import Week
from planner.errors import BadWeek, RuleRefused

LAST_WORKING_DAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"


def days(rule: str, start: str, first: str, after: str) -> list[str]:
    window = Window(datetime.fromisoformat(first), datetime.fromisoformat(after))
    return [slot.date().isoformat() for slot in expand(parse_rule(rule), datetime.fromisoformat(start), window)]


@pytest.mark.parametrize(
    ("rule", "first", "after", "expected"),
    [
        pytest.param(LAST_WORKING_DAY, "2026-12-01", "2026-12-16", [], id="the month goes on after the window"),
        pytest.param(LAST_WORKING_DAY, "2026-12-16", "2027-01-16", ["2026-12-31"], id="it began before the window"),
        pytest.param(LAST_WORKING_DAY, "2026-12-31T09:01", "2027-01-29T09:00", [], id="just after one to the next"),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "2026-11-30", "2026-12-11",
            ["2026-12-04"], id="the last of a week, with the window ending on a Friday",
        ),
        pytest.param(
            "FREQ=YEARLY;BYDAY=SU;BYSETPOS=-1", "2026-06-01", "2027-12-26",
            ["2026-12-27"], id="the last Sunday of a year, with the window ending the day before the next",
        ),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2,-1", "2026-11-01", "2026-12-06",
            ["2026-11-07", "2026-11-29"], id="two positions, the second month only begun",
        ),
        pytest.param(LAST_WORKING_DAY, "9999-12-01", "9999-12-31T23:59", ["9999-12-31"], id="the end of all dates"),
    ],
)  # fmt: skip
def test_positions_are_counted_in_whole_periods(rule: str, first: str, after: str, expected: list[str]) -> None:
    assert days(rule, "2026-10-31T09:00", first, after) == expected


@pytest.mark.parametrize("ordinal", ["53TU", "-53MO", "6FR"])
def test_beside_bymonth_days_are_counted_in_the_month(ordinal: str) -> None:
    with pytest.raises(RuleRefused, match="counted in the month"):
        parse_rule(f"FREQ=YEARLY;BYMONTH=2;BYDAY={ordinal}")
    assert parse_rule(f"FREQ=YEARLY;BYDAY={ordinal}").byday[0][0] == int(ordinal[:-2])


@pytest.mark.parametrize("until", ["2026121", "202612", "2026-1-2", "20261231T9", "20261231Z", "20261301", "20260230"])
def test_an_until_that_is_no_whole_date_is_refused(until: str) -> None:
    with pytest.raises(RuleRefused, match="UNTIL takes a date"):
        parse_rule(f"FREQ=WEEKLY;UNTIL={until}")


@pytest.mark.parametrize("text", ["0001-W01", "9999-W52", "2200-W01", "1969-W01"])
def test_a_week_at_the_edge_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadWeek):
        Week.parse(text)


# --- an independent road: list every day of every period, then take the positions ---------------------------


def period(rule: Rule, day: date) -> date:
    week = day - timedelta(days=(day.weekday() - rule.wkst) % 7)
    first = {"DAILY": day, "WEEKLY": week, "MONTHLY": day.replace(day=1), "YEARLY": date(day.year, 1, 1)}
    return first[rule.freq]


def wanted(rule: Rule, start: date, day: date) -> bool:
    """Whether a day, in or out of a period that counts, has the parts a rule names."""
    begin, now = period(rule, start), period(rule, day)
    apart = {
        "DAILY": (now - begin).days,
        "WEEKLY": (now - begin).days // 7,
        "MONTHLY": (now.year - begin.year) * 12 + now.month - begin.month,
        "YEARLY": now.year - begin.year,
    }[rule.freq]
    if apart % rule.interval or (rule.bymonth and day.month not in rule.bymonth):
        return False
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    if rule.bymonthday and not {day.day, (day - following).days} & set(rule.bymonthday):
        return False
    return not rule.byday or any(day.weekday() == weekday for _, weekday in rule.byday)


def walked(rule: Rule, start: datetime, window: Window[datetime]) -> Iterator[datetime]:
    first = period(rule, start.date())
    length = (window.end.date() - first).days + 367  # to the end of the window's last period
    every = (first + timedelta(days=n) for n in range(length))
    seen = 0
    fitting = (day for day in every if wanted(rule, start.date(), day))
    for _, group in groupby(fitting, key=lambda day: period(rule, day)):
        members = list(group)
        for place, day in enumerate(members):
            slot = datetime.combine(day, start.time())
            if slot < start or not {place + 1, place - len(members)} & set(rule.bysetpos):
                continue
            seen += 1
            if slot in window and (rule.count is None or seen <= rule.count):
                yield slot


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}", f"WKST={draw(st.sampled_from(WEEKDAYS))}"]
    weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=5, unique=True))
    named = draw(st.sampled_from(["BYDAY", "BYMONTHDAY", "both"] if freq != "WEEKLY" else ["BYDAY"]))
    if named != "BYMONTHDAY":
        parts.append("BYDAY=" + ",".join(weekdays))
    if named != "BYDAY":
        numbers = st.integers(-31, 31).filter(bool)
        parts.append("BYMONTHDAY=" + ",".join(map(str, draw(st.lists(numbers, min_size=2, max_size=6, unique=True)))))
    if draw(st.booleans()):
        months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True))
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    places = draw(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=2, unique=True))
    parts.append("BYSETPOS=" + ",".join(map(str, places)))
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"COUNT={draw(st.integers(1, 20))}")
    return ";".join(parts)


@settings(max_examples=100, deadline=None)
@given(
    rules(),
    st.datetimes(datetime(2020, 1, 1), datetime(2028, 1, 1)).map(lambda d: d.replace(second=0, microsecond=0)),
    st.integers(-100, 900),
    st.integers(1, 200),
)
def test_positions_agree_with_a_walk_through_every_period(text: str, start: datetime, offset: int, length: int) -> None:
    rule = parse_rule(text)
    try:
        check_fires(rule, start)
    except RuleRefused:
        return  # refused at entry, never expanded
    first = start + timedelta(days=offset)
    window = Window(first, first + timedelta(days=length))
    assert list(expand(rule, start, window)) == list(walked(rule, start, window))


ALL_DAYS = ",".join(f"{n}{day}" for n in (1, -1, 5, -5) for day in WEEKDAYS)
ALL_NUMBERS = ",".join(map(str, range(1, 32)))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=366;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
        "FREQ=DAILY;BYMONTHDAY=31,-31;BYMONTH=2,4,6,9,11",
        f"FREQ=YEARLY;BYDAY={ALL_DAYS};BYMONTHDAY={ALL_NUMBERS};BYSETPOS=366",
        f"FREQ=MONTHLY;BYDAY={ALL_DAYS},MO;BYMONTHDAY={ALL_NUMBERS};BYSETPOS=-366,366",
        "FREQ=YEARLY;BYDAY=53MO;BYMONTHDAY=1",
        "FREQ=YEARLY;INTERVAL=366",
        "FREQ=WEEKLY;INTERVAL=366;BYMONTH=2",
        "FREQ=DAILY;COUNT=1000",
    ],
)
def test_no_rule_is_a_bomb(rule: str) -> None:
    """Reading, checking and a quarter a lifetime away take no time worth a word, whether it ever fires or not."""
    began = time.process_time()
    start = datetime(1990, 1, 1, 9)
    try:
        check_fires(parse_rule(rule), start)
        assert len(list(expand(parse_rule(rule), start, Window(datetime(2090, 1, 1), datetime(2090, 4, 1))))) <= 90
    except RuleRefused:
        pass
    assert time.process_time() - began < 1


def test_only_so_many_days_can_be_left_out() -> None:
    start = datetime(2026, 12, 1, 9)
    left_out = [start.date() + timedelta(days=n) for n in range(1001)]
    check_fires(parse_rule("FREQ=DAILY"), start, exdates=left_out[:1000])
    with pytest.raises(RuleRefused, match="at most 1000 days"):
        check_fires(parse_rule("FREQ=DAILY"), start, exdates=left_out)


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"[0-9]{3,5}-?[Ww][0-9]{1,3}", fullmatch=True) | st.text(max_size=12))
def test_any_text_is_a_week_of_seven_days_or_none(text: str) -> None:
    try:
        week = Week.parse(text)
    except BadWeek as refused:
        assert text[:30] in refused.sentence()
    else:
        assert Week.parse(str(week)) == week
        assert (week.monday.weekday(), (week.window.end - week.window.start).days) == (0, 7)
