"""From seldom to often and back. The rhythms begin on Tuesday, 15 December 2026, the third of the month."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.consistency import ChannelWeek
from planner.core.ladder import Run, Size, larger, pace, run_of, smaller
from planner.core.rule import Rule, parse_rule
from planner.core.weeks import Week

ON = date(2026, 12, 15)
NOW = Week(2026, 51)
OFTEN = Fraction(14)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=DAILY;INTERVAL=10", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("FREQ=DAILY;INTERVAL=20", "FREQ=MONTHLY;BYDAY=3TU"),
        ("FREQ=DAILY;INTERVAL=28", None),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,WE", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY;BYDAY=3TU"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU", "FREQ=MONTHLY;BYDAY=3TU"),
        ("FREQ=WEEKLY;INTERVAL=4;BYDAY=TU", None),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", "FREQ=MONTHLY;BYDAY=1TU"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,11,21", "FREQ=MONTHLY;BYMONTHDAY=1,21"),
        ("FREQ=WEEKLY;INTERVAL=5;BYDAY=MO,TU", "FREQ=MONTHLY;BYDAY=3TU"),
        ("FREQ=MONTHLY;BYDAY=1TU", None),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU", None),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", None),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=10", None),
        ("FREQ=MONTHLY;BYDAY=TU", None),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", None),
    ],
)
def test_smaller(rule: str, expected: str | None) -> None:
    found = smaller(parse_rule(rule), ON)
    assert (found and str(found) == expected) or found is expected


def test_a_fifth_tuesday_is_the_last() -> None:
    assert str(smaller(parse_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), date(2026, 12, 29))) == "FREQ=MONTHLY;BYDAY=-1TU"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU", "FREQ=MONTHLY;BYDAY=1TU"),
        ("FREQ=MONTHLY;BYDAY=1TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;INTERVAL=4;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU,FR"),
        ("FREQ=WEEKLY;BYDAY=TU,FR", "FREQ=WEEKLY;BYDAY=MO,TU,FR"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
        ("FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;INTERVAL=2"),
        ("FREQ=DAILY", None),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", None),
    ],
)
def test_larger(rule: str, expected: str | None) -> None:
    found = larger(parse_rule(rule), ON, OFTEN)
    assert (found and str(found) == expected) or found is expected


def test_never_more_than_is_recommended() -> None:
    weekly = parse_rule("FREQ=WEEKLY;BYDAY=TU")
    assert larger(weekly, ON, Fraction(1)) is None
    assert larger(weekly, ON, Fraction(2)) is not None


RULES = st.one_of(
    st.builds(lambda n: Rule("DAILY", interval=n), st.integers(1, 40)),
    st.builds(
        lambda n, days: Rule("WEEKLY", interval=n, byday=tuple((0, day) for day in sorted(days))),
        st.integers(1, 6), st.sets(st.integers(0, 6), min_size=1),
    ),
    st.builds(
        lambda n, days: Rule("MONTHLY", interval=n, byday=tuple(sorted(days))),
        st.integers(1, 3), st.sets(st.tuples(st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6)), min_size=1),
    ),
    st.builds(
        lambda n, days: Rule("MONTHLY", interval=n, bymonthday=tuple(sorted(days))),
        st.integers(1, 3), st.sets(st.integers(1, 28), min_size=1),
    ),
)  # fmt: skip


@given(RULES, st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.fractions(Fraction(1, 4), 7, max_denominator=8))
def test_each_step_goes_its_way_and_stops_at_its_end(rule: Rule, on: date, most: Fraction) -> None:
    down = smaller(rule, on)
    assert down is None or Fraction(1, 4) <= pace(down) < pace(rule)
    up = larger(rule, on, most)
    assert up is None or pace(rule) < pace(up) <= most
    for made in (down, up):
        assert made is None or parse_rule(str(made)) == made


def weeks(verdicts: str) -> list[ChannelWeek]:
    """The weeks up to the running one: + met, - below, o without a goal."""
    goals = {"+": (1, 1), "-": (1, 0), "o": (0, 0)}
    return [
        ChannelWeek(7, NOW.plus(n - len(verdicts) + 1), goal, goal, posted, 0, 0, 0, 0)
        for n, (goal, posted) in enumerate(goals[each] for each in verdicts)
    ]


@pytest.mark.parametrize(
    ("verdicts", "run", "calls"),
    [
        ("---+", Run(met=False, weeks=3), Size.SMALLER),
        ("+---+", Run(met=False, weeks=3), Size.SMALLER),
        ("---", Run(met=False, weeks=2), None),
        ("-o-oo--", Run(met=False, weeks=3), Size.SMALLER),
        ("--+--+", Run(met=False, weeks=2), None),
        ("+++++++++", Run(met=True, weeks=8), Size.LARGER),
        ("++++++++", Run(met=True, weeks=7), None),
        ("-++++++++-", Run(met=True, weeks=8), Size.LARGER),
    ],
)
def test_a_run_of_weeks_before_the_running_one(verdicts: str, run: Run, calls: Size | None) -> None:
    found = run_of(weeks(verdicts), NOW, date.min)
    assert found == run
    assert run.calls_for is calls


def test_weeks_of_another_rhythm_do_not_count() -> None:
    since = NOW.plus(-2).monday
    assert run_of(weeks("------"), NOW, since) == Run(met=False, weeks=2)
    assert run_of(weeks("------"), NOW, since + timedelta(days=1)) == Run(met=False, weeks=1)
    assert run_of(weeks("oooo"), NOW, date.min) is None
