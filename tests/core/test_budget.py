"""The minutes of what stays beside advice: counted, and brought back within those that may be planned."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.budget import Budget, Change, How, Kept, budget, change_words, pieces, told
from planner.core.model import Cadence, Channel, Purpose

MADE = datetime(2026, 11, 30, 8, tzinfo=UTC)
START = datetime(2026, 11, 30, 9)
BERLIN = "Europe/Berlin"
RULES = (
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=MONTHLY;BYDAY=1WE", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1WE", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1",
    "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270101",
)  # fmt: skip


def kept(
    rrule: str, channel: int = 1, piece: int | None = 30, *, number: int = 1, worth: int = 50, as_advised: bool = False
) -> Kept:
    there = Channel(id=channel, business_id=1, platform="gbp", name=f"Channel {channel}", created_at=MADE)
    cadence = Cadence(
        id=number, business_id=1, channel_id=channel, dtstart=START, rrule=rrule, created_at=MADE,
        purpose=Purpose.REPLYING if piece == 10 else Purpose.POSTING,
    )  # fmt: skip
    count = pieces(cadence, START, BERLIN)
    return Kept(cadence=cadence, channel=there, piece=piece, pieces=count, worth=worth, as_advised=as_advised)


def settled(found: Budget) -> int:
    """What it comes to once all changes are made."""
    return found.taken - sum(change.saves for change in found.changes)


@pytest.mark.parametrize(
    ("rrule", "piece", "minutes"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", 30, 30),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", 30, 90),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", 25, 13),  # 12.5, rounded up
        ("FREQ=MONTHLY;BYDAY=1WE", 360, 84),  # 12 a year by 52: 83.08
        ("FREQ=WEEKLY;BYDAY=TU", None, 0),
        ("FREQ=SECONDLY", 30, 0),
    ],
)
def test_minutes_a_week(rrule: str, piece: int | None, minutes: int) -> None:
    assert kept(rrule, piece=piece).minutes == minutes


def test_within_the_minutes_nothing_has_to_change() -> None:
    found = budget([kept("FREQ=WEEKLY;BYDAY=TU")], 50, 80, {}, START, BERLIN)
    assert (found.staying, found.taken, found.over, found.changes) == (30, 80, 0, ())
    assert told(found, str) == ["What stays takes 30 minutes a week, all together 80 of the 80 that may be planned."]
    assert told(Budget((), 50, 80), str) == []


def test_a_smaller_rhythm_where_that_is_enough_and_no_smaller_than_it_takes() -> None:
    """90 + 40 is 30 more than 100: three times a week becomes twice, which saves just that."""
    found = budget([kept("FREQ=WEEKLY;BYDAY=MO,WE,FR")], 40, 100, {}, START, BERLIN)
    (change,) = found.changes
    assert (change.how, str(change.rule), change.saves) == (How.SMALLER, "FREQ=WEEKLY;BYDAY=MO,FR", 30)
    assert str(change.first) == "2026-12-02"
    assert settled(found) == 100
    assert change_words(change, str) == (
        "make Channel 1 smaller: every Monday and Friday, not every Monday, Wednesday and Friday "
        "(30 minutes a week less)"
    )
    assert told(found, str)[-1] == "That is 30 more than you can keep up. To come back within them:"
    less = budget([kept("FREQ=WEEKLY;BYDAY=MO,WE,FR")], 80, 100, {}, START, BERLIN)
    assert [str(each.rule) for each in less.changes] == ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"]


def test_what_is_worth_least_ends_first() -> None:
    there = [kept("FREQ=WEEKLY;BYDAY=TU", 1, worth=70), kept("FREQ=WEEKLY;BYDAY=TU", 2, number=2, worth=20)]
    found = budget(there, 80, 110, {}, START, BERLIN)
    assert [(each.how, each.channel.id, each.saves) for each in found.changes] == [(How.END, 2, 30)]
    assert change_words(found.changes[0], str) == "end Channel 2 (every Tuesday; 30 minutes a week)"
    both = budget(there, 80, 100, {}, START, BERLIN)
    assert [(each.how, each.channel.id) for each in both.changes] == [(How.END, 2), (How.SMALLER, 1)]


def test_on_an_advised_channel_the_advised_rhythm_takes_its_place() -> None:
    found = budget([kept("FREQ=DAILY")], 0, 40, {1: 30}, START, BERLIN)
    assert [(each.how, each.saves) for each in found.changes] == [(How.ADVISED, 180)]
    assert settled(found) == 30
    same = kept("FREQ=WEEKLY;BYDAY=TU", as_advised=True)
    beside = budget([same, kept("FREQ=DAILY", number=2)], 0, 40, {1: 30}, START, BERLIN)
    assert [(each.how, each.saves, len(each.kept)) for each in beside.changes] == [(How.ADVISED, 210, 1)]


def test_rounds_of_answering_end_and_do_not_become_smaller() -> None:
    found = budget([kept("FREQ=WEEKLY;BYDAY=MO,WE,FR", piece=10)], 40, 60, {}, START, BERLIN)
    assert [each.how for each in found.changes] == [How.END]
    assert "Answer reviews and messages, every Monday" in change_words(found.changes[0], str)


def test_what_nobody_knows_the_minutes_of_is_said_and_stays() -> None:
    found = budget([kept("FREQ=DAILY", piece=None)], 60, 50, {}, START, BERLIN)
    assert (found.over, found.changes) == (10, ())
    assert "How long Channel 1 takes is not known; it is not counted." in told(found, str)


KEPT = st.builds(
    kept, st.sampled_from(RULES), st.integers(1, 4), st.sampled_from([5, 10, 30, 360, None]), worth=st.integers(0, 100)
)


@given(
    there=st.lists(KEPT, max_size=6), advised=st.dictionaries(st.integers(1, 4), st.integers(1, 200), max_size=3),
    added=st.integers(0, 200), spare=st.integers(0, 50), same=st.sets(st.integers(0, 5)),
)  # fmt: skip
def test_all_of_it_done_it_fits(
    there: list[Kept], advised: dict[int, int], added: int, spare: int, same: set[int]
) -> None:
    """Whatever stays, if the advice itself fits; a rhythm that is as advised takes no more than was advised."""
    numbered = [replace(each, cadence=replace(each.cadence, id=place)) for place, each in enumerate(there)]
    marked = [
        replace(each, as_advised=True)
        if place in same and each.minutes <= advised.get(each.channel.id, 0) // 6
        else each
        for place, each in enumerate(numbered)
    ]
    usable = added + sum(advised.values()) + spare
    found = budget(marked, added, usable, advised, START, BERLIN)
    assert settled(found) <= usable
    assert not found.changes or found.over
    assert all(change.saves > 0 and is_explained(change) for change in found.changes)
    touched = [each.cadence.id for change in found.changes for each in change.kept]
    assert len(touched) == len(set(touched))
    assert not any(each.as_advised for change in found.changes for each in change.kept)


def is_explained(change: Change) -> bool:
    return change.channel.name in change_words(change, str)
