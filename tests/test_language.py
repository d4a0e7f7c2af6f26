"""Sentences that are stored to be said later, and the choice of a language: whatever is stored, something is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.language import LANGUAGES, choose, kept, said, translations

NAMES = st.sampled_from(["reason", "host", "reply", "line"])


@settings(max_examples=100)
@given(st.dictionaries(NAMES, st.text()), st.text(st.characters(exclude_characters="{}\n"), min_size=1))
def test_a_sentence_comes_back_with_its_values_whatever_they_hold(values: dict[str, str], words: str) -> None:
    message = words + "".join(f" {{{name}}}" for name in values)
    assert said(kept(message, **values)) == message.format(**values)


@settings(max_examples=150)
@given(
    st.text()
    | st.tuples(st.text("ab{}!:.0[]\n", max_size=12), st.sampled_from(["{", "{}", '{"a": 1}', '{"a": 1}x', "[1]", "1"]))
    .map("\n".join)
)  # fmt: skip
def test_whatever_is_stored_can_be_said(stored: str) -> None:
    """What an older release, an import or a server's own words left there is no reason for a page to fail."""
    assert len(said(stored, translations("de").gettext)) <= len(stored)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("The server said: \n{not ours}", "The server said: \n{not ours}"),
        ('{host:999999999} is away\n{"host": "x"}', "{host:999999999} is away"),
        ('{host} and {nobody}\n{"host": "x"}', "x and {nobody}"),
        ('a lone { brace\n{"host": "x"}', "a lone { brace"),
        ('\n{"host": "x"}', '\n{"host": "x"}'),
    ],
)
def test_what_looks_like_a_stored_sentence(stored: str, expected: str) -> None:
    assert said(stored) == expected


@settings(max_examples=60)
@given(st.lists(st.text(max_size=12), max_size=4))
def test_any_wish_gives_a_language_we_speak(wanted: list[str]) -> None:
    assert choose(wanted) in LANGUAGES
