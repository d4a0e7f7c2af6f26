"""When suggested texts begin to come again on a channel. Today is 15 December 2026."""

from datetime import date, datetime

import pytest

from planner.core.repeats import Suggested, first_repeats

TODAY = date(2026, 12, 15)


def line(*posts: str) -> list[Suggested]:
    """Posts as “12-01 tip/a”, with a ✓ for one that was posted; of channel 2 after a 2."""
    found = []
    for words in posts:
        day, prompt, *more = words.split()
        due = datetime.fromisoformat(f"2026-{day}T09:00")
        found.append(Suggested(2 if "2" in more else 1, due, prompt, "✓" in more))
    return found


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ([], {}),
        (["12-01 tip/a ✓", "12-16 tip/b", "12-23 tip/c"], {}),
        (["12-01 tip/a ✓", "12-16 tip/b", "12-23 tip/a", "12-30 tip/b"], {1: date(2026, 12, 23)}),
        (["12-01 tip/a ✓", "12-08 tip/a ✓", "12-23 tip/a"], {1: date(2026, 12, 8)}),
        (["12-01 tip/a", "12-23 tip/a"], {}),  # never posted, so nobody saw it
        (["12-16 tip/a", "12-30 tip/a"], {1: date(2026, 12, 30)}),  # both still to come
        (["12-15 tip/a", "12-30 tip/a"], {1: date(2026, 12, 30)}),  # today's may still be posted
        (["12-01 tip/a ✓", "12-16 tip/a 2", "12-30 tip/a 2"], {2: date(2026, 12, 30)}),  # each channel for itself
    ],
)
def test_the_first_that_a_channel_had_before(posts: list[str], expected: dict[int, date]) -> None:
    assert first_repeats(line(*posts), TODAY) == expected
