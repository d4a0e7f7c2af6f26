"""Pillars and prompts in rotation: dialogue first, promotion seldom, nothing twice in a row."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.model import Mix, Pillar
from planner.core.rotation import DEFAULT_PILLARS, Choice, Neighbour, TooMuchPromotion, assign, check_pillars

PROMPTS = {pillar: [f"{pillar}/{name}" for name in "abcd"] for pillar in Pillar}
START = datetime(2026, 12, 1, 9)


def weekly(count: int, first: int = 0) -> list[datetime]:
    return [START + timedelta(weeks=first + n) for n in range(count)]


def as_neighbours(choices: list[Choice]) -> list[Neighbour]:
    return [Neighbour(choice.slot, choice.pillar, choice.prompt) for choice in choices]


def test_pillars_rotate_in_their_order() -> None:
    pillars = [Pillar.QUESTION, Pillar.TIP, Pillar.THANKS]
    chosen = [choice.pillar for choice in assign(weekly(5), pillars, 0, PROMPTS)]
    assert chosen == [Pillar.QUESTION, Pillar.TIP, Pillar.THANKS, Pillar.QUESTION, Pillar.TIP]


def test_one_pillar_changes_its_prompts() -> None:
    chosen = [choice.prompt for choice in assign(weekly(5), [Pillar.TIP], 0, PROMPTS)]
    assert chosen == ["tip/a", "tip/b", "tip/c", "tip/d", "tip/a"]


def test_cadences_begun_together_do_not_begin_with_the_same_prompt() -> None:
    first, second = (assign([START], [Pillar.TIP], 0, PROMPTS, offset=number)[0].prompt for number in (1, 2))
    assert (first, second) == ("tip/b", "tip/c")


def test_a_prompt_beside_the_slot_is_not_taken() -> None:
    there = [
        Neighbour(START - timedelta(days=1), Pillar.TIP, "tip/a"),
        Neighbour(START + timedelta(days=1), Pillar.TIP, "tip/b"),
    ]
    assert assign([START], [Pillar.TIP], 0, PROMPTS, there)[0].prompt == "tip/c"


def test_the_default_begins_with_dialogue_and_ends_with_promotion() -> None:
    assert check_pillars([]) == DEFAULT_PILLARS
    assert DEFAULT_PILLARS[0].mix is Mix.DIALOGUE
    assert [pillar.mix for pillar in DEFAULT_PILLARS].count(Mix.PROMOTION) == 1
    assert DEFAULT_PILLARS[-1].mix is Mix.PROMOTION


def test_promotion_is_put_last() -> None:
    given_order = [Pillar.OFFER, Pillar.TIP, Pillar.QUESTION, Pillar.SEASON, Pillar.TEAM]
    assert check_pillars(given_order) == (Pillar.TIP, Pillar.QUESTION, Pillar.SEASON, Pillar.TEAM, Pillar.OFFER)


@pytest.mark.parametrize(
    "pillars",
    [
        [Pillar.OFFER],
        [Pillar.OFFER, Pillar.TIP, Pillar.QUESTION, Pillar.THANKS],  # one in four
        [Pillar.OFFER, Pillar.TIP, Pillar.SEASON, Pillar.BEFORE_AFTER, Pillar.BEHIND_THE_SCENES],  # no dialogue
        [
            Pillar.OFFER,
            Pillar.EVENT,
            Pillar.TIP,
            Pillar.QUESTION,
            Pillar.THANKS,
            Pillar.TEAM,
            Pillar.LOCAL,
        ],  # two in seven
    ],
)
def test_too_much_promotion_is_refused(pillars: list[Pillar]) -> None:
    with pytest.raises(TooMuchPromotion, match="one post in five"):
        check_pillars(pillars)


lists = st.lists(st.sampled_from(list(Pillar)), max_size=10)


def allowed(pillars: list[Pillar]) -> tuple[Pillar, ...]:
    try:
        return check_pillars(pillars)
    except TooMuchPromotion:
        return check_pillars([])


@settings(max_examples=100, deadline=None)
@given(lists, st.integers(1, 60), st.integers(0, 60))
def test_planning_in_two_goes_gives_the_same_as_at_once(wanted: list[Pillar], count: int, cut: int) -> None:
    pillars, cut = allowed(wanted), min(cut, count)
    at_once = assign(weekly(count), pillars, 0, PROMPTS)
    first = assign(weekly(cut), pillars, 0, PROMPTS)
    second = assign(weekly(count - cut, first=cut), pillars, cut, PROMPTS, as_neighbours(first))
    assert first + second == at_once


@settings(max_examples=100, deadline=None)
@given(lists, lists, st.integers(1, 40), st.integers(1, 40), st.integers(0, 6), st.integers(0, 20))
def test_two_cadences_on_a_channel_keep_the_promises(
    one: list[Pillar], other: list[Pillar], first_count: int, second_count: int, days: int, weeks: int
) -> None:
    first = assign(weekly(first_count), allowed(one), 0, PROMPTS)
    moved = [slot + timedelta(days=days, hours=2, weeks=weeks) for slot in weekly(second_count)]
    second = assign(moved, allowed(other), 0, PROMPTS, as_neighbours(first))
    line = sorted([*first, *second], key=lambda choice: choice.slot)
    for before, after in pairwise(line):
        assert before.prompt != after.prompt
    for at in range(len(line)):
        five = line[at : at + 5]
        assert sum(choice.pillar.mix is Mix.PROMOTION for choice in five) <= 1


@settings(max_examples=50, deadline=None)
@given(lists)
def test_dialogue_comes_before_promotion(wanted: list[Pillar]) -> None:
    mixes = [choice.pillar.mix for choice in assign(weekly(30), allowed(wanted), 0, PROMPTS)]
    if Mix.PROMOTION in mixes:
        assert Mix.DIALOGUE in mixes[: mixes.index(Mix.PROMOTION)]
