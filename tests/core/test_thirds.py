"""A third of conversation and a third of what is useful: what a month lacks, and whose turn it is then."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.model import Mix, Pillar
from planner.core.rotation import Choice, assign
from planner.core.thirds import Months, least, most

PROMPTS = {pillar: [f"{pillar}/{name}" for name in "abcd"] for pillar in Pillar}
START = datetime(2026, 6, 1, 9)
D, V, P = Mix.DIALOGUE, Mix.VALUE, Mix.PROMOTION


@pytest.mark.parametrize(("total", "asked"), [(0, 0), (2, 0), (3, 1), (5, 1), (6, 2), (8, 2), (13, 4)])
def test_of_few_posts_a_part_is_rounded_down(total: int, asked: int) -> None:
    assert least(total) == asked


@pytest.mark.parametrize(("total", "allowed"), [(1, 1), (9, 1), (10, 2), (14, 2), (15, 3)])
def test_a_single_post_may_advertise_and_else_one_in_five(total: int, allowed: int) -> None:
    assert most(total) == allowed
    assert Months([(START, P)] * (allowed - 1) + [(START, V)] * (total - allowed)).advertise(START)
    held = Months([(START, P)] * allowed + [(START, V)] * (total - allowed - 1))
    assert not held.advertise(START)
    assert held.advertise(datetime(2026, 7, 1, 9)), "another month"


@pytest.mark.parametrize(
    ("there", "one_more", "lacking"),
    [
        ([], D, None),
        ([D], D, None),
        ([D, D], D, V),
        ([D, D], V, None),
        ([V, V], V, D),
        ([D, D], P, V),
        ([D, V], P, None),
    ],
)
def test_what_a_month_would_lack(there: list[Mix], one_more: Mix, lacking: Mix | None) -> None:
    assert Months([(START, mix) for mix in there]).lacks(START, one_more) is lacking
    assert Months([(datetime(2026, 5, 31, 9), mix) for mix in there]).lacks(START, one_more) is None


def given_to(pillars: list[Pillar], months: Months, count: int = 4) -> list[Choice]:
    return assign([START + timedelta(weeks=n) for n in range(count)], pillars, 0, PROMPTS, months=months)


def test_the_next_of_the_lacking_kind_takes_its_turn_and_the_others_keep_theirs() -> None:
    pillars = [Pillar.QUESTION, Pillar.TEAM, Pillar.THANKS, Pillar.TIP, Pillar.SEASON]
    alone = [each.pillar for each in given_to(pillars, Months())]
    assert alone == [Pillar.QUESTION, Pillar.TEAM, Pillar.SEASON, Pillar.TIP], "not the one that comes next anyway"
    beside = Months([(START, D), (START, D)])
    assert [each.pillar for each in given_to(pillars, beside, 2)] == [Pillar.TIP, Pillar.TEAM]


def test_where_another_channel_advertises_something_else_takes_its_turn() -> None:
    pillars = [Pillar.QUESTION, Pillar.TIP, Pillar.THANKS, Pillar.SEASON, Pillar.OFFER]
    slots = [START + timedelta(days=n) for n in range(5)]
    alone = [each.pillar for each in assign(slots, pillars, 0, PROMPTS, months=Months())]
    assert alone == pillars
    beside = [each.pillar for each in assign(slots, pillars, 0, PROMPTS, months=Months([(START, P)]))]
    assert beside[:4] == pillars[:4]
    assert beside[4] is Pillar.TIP, "not the one before, nor the one that comes next"


def test_who_has_no_topic_of_a_kind_keeps_the_own_ones() -> None:
    assert {each.pillar for each in given_to([Pillar.TIP, Pillar.SEASON], Months())} == {Pillar.TIP, Pillar.SEASON}


LISTS = st.lists(st.sampled_from([each for each in Pillar if each.mix is not P]), min_size=2, unique=True)
BOTH = LISTS.filter(lambda found: {each.mix for each in found} == {D, V})


@given(st.lists(st.tuples(BOTH, st.integers(1, 30)), min_size=1, max_size=5))
def test_channels_with_topics_of_both_kinds_keep_to_thirds_together(cadences: list[tuple[list[Pillar], int]]) -> None:
    """Whatever their order, and however seldom each is posted to: no month lacks either kind."""
    months, found = Months(), []
    for pillars, count in cadences:
        slots = [START + timedelta(days=n * 30 // count) for n in range(count)]
        found += [each.pillar.mix for each in assign(slots, pillars, 0, PROMPTS, months=months)]
    assert min(found.count(D), found.count(V)) >= len(found) // 3
