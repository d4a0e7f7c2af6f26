"""What a month is made of, and when it tips over. Today is 15 December 2026."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.mix import MonthMix, Tilt, month_mix
from planner.core.model import Pillar, Post, Status
from planner.core.rotation import DEFAULT_PILLARS, assign, check_pillars

TODAY = date(2026, 12, 15)
PROMPTS = {pillar: [f"{pillar}/{name}" for name in "abcd"] for pillar in Pillar}


def post(day: str, pillar: Pillar, status: Status = Status.PLANNED) -> Post:
    due = datetime.fromisoformat(f"{day}T09:00")
    made = datetime(2026, 11, 1, tzinfo=UTC)
    return Post(
        id=1, uid="post-1", business_id=1, channel_id=7, cadence_id=1, slot=due, due_local=due,
        due_at=due.replace(tzinfo=UTC), pillar=pillar, prompt="", title="", text="", status=status,
        created_at=made, updated_at=made,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mix", "tilts"),
    [
        ((0, 0, 0), ()),
        ((0, 2, 0), ()),
        ((1, 2, 1), ()),
        ((1, 1, 2), (Tilt.PROMOTION,)),
        ((3, 0, 0), (Tilt.VALUE,)),
        ((2, 0, 0), ()),  # of two nothing has to be either
        ((4, 1, 1), (Tilt.VALUE,)),
        ((3, 2, 1), ()),
        ((9, 3, 1), (Tilt.VALUE,)),
        ((4, 5, 1), ()),
        ((4, 4, 2), ()),
        ((4, 3, 2), (Tilt.PROMOTION,)),
        ((0, 3, 0), (Tilt.DIALOGUE,)),
        ((2, 7, 0), (Tilt.DIALOGUE,)),
        ((3, 6, 0), ()),
        ((0, 1, 4), (Tilt.PROMOTION, Tilt.DIALOGUE)),
    ],
)
def test_when_a_month_tips_over(mix: tuple[int, int, int], tilts: tuple[Tilt, ...]) -> None:
    assert MonthMix(*mix).tilts == tilts


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 9))
def test_thirds_are_judged_alike(dialogue: int, value: int, promotion: int) -> None:
    """What is asked of conversation is asked of what is useful, and never more than a third."""
    one, other = MonthMix(dialogue, value, promotion), MonthMix(value, dialogue, promotion)
    assert (Tilt.DIALOGUE in one.tilts) == (Tilt.VALUE in other.tilts)
    assert (Tilt.VALUE in one.tilts) == (value <= one.total / 3 - 1 or value < one.total // 3)
    if 3 * value >= one.total:
        assert Tilt.VALUE not in one.tilts


def test_what_is_made_or_to_be_made_counts() -> None:
    there = [
        post("2026-12-01", Pillar.OFFER, Status.POSTED),
        post("2026-12-02", Pillar.OFFER),  # missed
        post("2026-12-03", Pillar.OFFER, Status.SKIPPED),
        post("2026-12-14", Pillar.TIP),  # late
        post("2026-12-31", Pillar.QUESTION, Status.DRAFTED),
        post("2026-11-30", Pillar.QUESTION, Status.POSTED),
        post("2027-01-01", Pillar.QUESTION),
    ]
    assert month_mix(there, TODAY, TODAY, 2) == MonthMix(1, 1, 1)


@given(st.lists(st.sampled_from(list(Pillar)), unique=True, max_size=9), st.integers(0, 30), st.integers(1, 60))
def test_no_stretch_of_the_usual_rotation_tips_over(pillars: list[Pillar], position: int, count: int) -> None:
    """However many posts a month has: the usual pillars keep to the mix; chosen ones never advertise too much."""
    slots = [datetime(2026, 1, 1, 9).replace(day=1 + n % 28, month=1 + n // 28) for n in range(count)]
    usual = [choice.pillar.mix for choice in assign(slots, DEFAULT_PILLARS, position, PROMPTS)]
    assert MonthMix(*(usual.count(kind) for kind in ("dialogue", "value", "promotion"))).tilts == ()
    chosen = check_pillars([pillar for pillar in pillars if pillar not in (Pillar.OFFER, Pillar.EVENT)])
    kinds = [choice.pillar.mix for choice in assign(slots, chosen, position, PROMPTS)]
    assert Tilt.PROMOTION not in MonthMix(*(kinds.count(k) for k in ("dialogue", "value", "promotion"))).tilts
