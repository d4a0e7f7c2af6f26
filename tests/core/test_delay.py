"""From planned to posted, in days, by examples worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from planner.core.consistency import PostTimes
from planner.core.delay import Delays, delay, delays
from planner.core.model import Pause, Status, Window

BERLIN = "Europe/Berlin"
NOVEMBER = Window(date(2026, 11, 1), date(2026, 12, 1))


def pause(first: str, last: str, channel_id: int | None = None) -> Pause:
    days = (date.fromisoformat(f"2026-11-{day}") for day in (first, last))
    return Pause(id=1, business_id=1, channel_id=channel_id, first=next(days), last=next(days))


@pytest.mark.parametrize(
    ("due", "made", "pauses", "expected"),
    [
        ("10", "10", [], 0),
        ("10", "11", [], 1),
        ("10", "24", [], 14),
        ("10", "08", [], -2),
        pytest.param("10", "13", [pause("11", "12")], 1, id="two paused days between"),
        pytest.param("10", "13", [pause("10", "12")], 0, id="due in a pause, made on the first day after it"),
        pytest.param("10", "14", [pause("09", "12")], 1, id="due in a pause, made on the second day after it"),
        pytest.param("10", "12", [pause("09", "13")], 0, id="due and made in a pause"),
        pytest.param("10", "12", [pause("11", "13")], 0, id="made in a pause that began the day after"),
        pytest.param("10", "13", [pause("11", "12", 2)], 3, id="a pause of another channel"),
        pytest.param("10", "13", [pause("11", "12", 1), pause("12", "12")], 1, id="pauses that overlap count once"),
        pytest.param("10", "08", [pause("09", "09")], -2, id="early is early, whatever was paused"),
    ],
)
def test_a_delay(due: str, made: str, pauses: list[Pause], expected: int) -> None:
    assert delay(date(2026, 11, int(due)), date(2026, 11, int(made)), 1, pauses) == expected


def post(due: str, made: str | None, channel_id: int = 1) -> PostTimes:
    """Due at nine on a local day, made at a local moment of Berlin's winter."""
    at = datetime.fromisoformat(made).replace(tzinfo=UTC) - timedelta(hours=1) if made else None
    return PostTimes(
        1, channel_id, None, datetime.fromisoformat(f"{due}T09:00"), at, Status.POSTED if made else Status.PLANNED
    )


def test_many_delays_in_short() -> None:
    found = [
        post("2026-11-03", "2026-11-03T23:59"),
        post("2026-11-05", "2026-11-06T00:00"),
        post("2026-11-10", "2026-11-12T08:00"),
        post("2026-11-12", "2026-11-15T08:00"),
        post("2026-11-17", "2026-11-16T08:00"),
        post("2026-11-19", None),
    ]
    assert delays(found, NOVEMBER, [], BERLIN) == Delays(count=5, early=1, same_day=1, soon=2, later=1, usual=1)
    assert delays(found[:2], NOVEMBER, [], BERLIN).usual == 0, "of two in the middle the smaller"
    assert delays([], NOVEMBER, [], BERLIN) == Delays()


@pytest.mark.parametrize(
    ("made", "counted"),
    [
        ("2026-10-31T23:59", 0),
        ("2026-11-01T00:00", 1),
        ("2026-11-30T23:59", 1),
        ("2026-12-01T00:00", 0),
    ],
)
def test_what_was_made_in_the_window_counts_by_the_local_day(made: str, counted: int) -> None:
    assert delays([post("2026-10-20", made)], NOVEMBER, [], BERLIN).count == counted
