"""How long a text is for each platform; tests/browser/test_counter.py runs the same table through the browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from strings_to_count import ROWS

from planner.core.counting import Counts, count


@pytest.mark.parametrize(("text", "way", "length"), ROWS)
def test_the_table(text: str, way: Counts, length: int) -> None:
    assert count(text, way) == length


@given(some.text(max_size=200))
def test_any_text_has_a_length(text: str) -> None:
    lengths = {way: count(text, way) for way in Counts}
    assert lengths[Counts.GRAPHEMES] <= lengths[Counts.CHARACTERS] <= lengths[Counts.UTF16] <= lengths[Counts.BYTES]
    assert lengths[Counts.CHARACTERS] <= lengths[Counts.EMOJI_BYTES] <= lengths[Counts.BYTES]
    assert all(lengths.values()) is bool(text) or not any(lengths.values())
