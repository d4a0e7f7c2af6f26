"""How long ideas last, against counting them off week by week."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.model import Cadence
from planner.core.runway import pace, runway

MONDAY = datetime(2026, 11, 30)


def cadence(rrule: str, channel: int = 1, end: datetime | None = None) -> Cadence:
    return Cadence(
        id=1, business_id=1, channel_id=channel, dtstart=datetime(2026, 11, 30, 9), rrule=rrule, end=end,
        exdates=(date(2027, 1, 1),), created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip


def test_the_pace_of_channels() -> None:
    found = pace(
        [
            cadence("FREQ=WEEKLY;BYDAY=TU"), cadence("FREQ=WEEKLY;BYDAY=TH"), cadence("FREQ=MONTHLY;BYDAY=1WE", 2),
            cadence("FREQ=WEEKLY;BYDAY=MO", 3, end=datetime(2026, 12, 14)), cadence("FREQ=DAILY", 4, end=MONDAY),
            cadence("not a rule", 5),
        ],
        MONDAY, "Europe/Berlin",
    )  # fmt: skip
    assert found == {1: 2, 2: Fraction(12, 52), 3: Fraction(2, 52)}


@pytest.mark.parametrize(
    ("per_week", "ideas", "weeks", "first"),
    [
        ({}, {None: 5}, None, ()),
        ({1: 2}, {}, 0, ()),
        ({1: 2}, {None: 9}, Fraction(9, 2), ()),
        ({1: 1, 2: 1}, {1: 4, 2: 4}, 4, ()),
        ({1: 1, 2: 1}, {1: 10}, 0, (2,)),  # the other has none from the first day on
        ({1: 1, 2: 1}, {1: 10, None: 3}, 3, (2,)),
        ({1: 1, 2: 1}, {1: 2, None: 6}, 4, ()),
        ({1: 1}, {1: 3, 7: 20}, 3, ()),  # those for a channel without a rhythm help nobody
        ({1: 1, 2: 1, 3: 1}, {3: 9, None: 4}, 2, (1, 2)),
    ],
)
def test_examples(
    per_week: dict[int, int], ideas: dict[int | None, int], weeks: Fraction | None, first: tuple[int, ...]
) -> None:
    found = runway({channel: Fraction(rate) for channel, rate in per_week.items()}, ideas)
    assert found.weeks == weeks
    assert sorted(found.first) == sorted(first)


@settings(max_examples=200)
@given(
    st.dictionaries(st.integers(1, 4), st.integers(1, 9), min_size=1),
    st.dictionaries(st.none() | st.integers(1, 5), st.integers(0, 30)),
)
def test_until_then_every_slot_has_an_idea_and_not_a_moment_longer(
    rates: dict[int, int], ideas: dict[int | None, int]
) -> None:
    def lacking(weeks: Fraction) -> Fraction:
        """How many slots find no idea of their own channel, less those for any."""
        short = (max(Fraction(0), rate * weeks - ideas.get(channel, 0)) for channel, rate in rates.items())
        return sum(short, Fraction(0)) - ideas.get(None, 0)

    weeks = runway({channel: Fraction(rate) for channel, rate in rates.items()}, ideas).weeks
    assert weeks is not None
    assert lacking(weeks) <= 0
    assert lacking(weeks + Fraction(1, 1000)) > 0
