"""What a friend says about posts that slipped. Today is Tuesday, 15 December 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.catching_up import AHEAD, KEEPS, MOST_OPEN, Advice, Reason, Step, advise, slipped
from planner.core.model import Pause, Pillar, Post, Status

TODAY = date(2026, 12, 15)


def post(days: int, pillar: Pillar = Pillar.TIP, number: int = 1, channel: int = 7) -> Post:
    """A post that is due so many days after today."""
    due = datetime(2026, 12, 15, 9) + timedelta(days=days)
    made = datetime(2026, 11, 1, tzinfo=UTC)
    return Post(
        id=number, uid=f"post-{number}", business_id=1, channel_id=channel, cadence_id=1, slot=due, due_local=due,
        due_at=due.replace(tzinfo=UTC), pillar=pillar, prompt="", title="", text="", status=Status.PLANNED,
        created_at=made, updated_at=made,
    )  # fmt: skip


def pause(first: int, last: int, channel: int | None = None) -> Pause:
    return Pause(
        id=1, business_id=1, channel_id=channel, first=TODAY + timedelta(days=first), last=TODAY + timedelta(days=last)
    )


def said(old: list[Post], others: list[Post] | None = None, *pauses: Pause) -> list[tuple[Step, Reason, int | None]]:
    """Step, reason and, for a move, to how many days from today."""
    return [
        (each.step, each.reason, each.day and (each.day - TODAY).days)
        for each in advise(old, others or [], pauses, TODAY)
    ]


@pytest.mark.parametrize(
    ("pillar", "age", "step"),
    [
        (Pillar.EVENT, 1, Step.POST), (Pillar.EVENT, 2, Step.DROP),
        (Pillar.OFFER, 3, Step.POST), (Pillar.OFFER, 4, Step.DROP),
        (Pillar.SEASON, 7, Step.POST), (Pillar.SEASON, 8, Step.DROP),
        (Pillar.QUESTION, 21, Step.POST), (Pillar.QUESTION, 22, Step.DROP),
        (Pillar.TIP, 28, Step.POST), (Pillar.TEAM, 28, Step.POST),
    ],
)  # fmt: skip
def test_some_posts_age_quickly_and_others_keep(pillar: Pillar, age: int, step: Step) -> None:
    reason = Reason.FITS if step is Step.POST else Reason.STALE
    assert said([post(-age, pillar)]) == [(step, reason, None)]


def test_every_pillar_has_its_age() -> None:
    assert KEEPS.keys() == set(Pillar)


def test_with_the_next_post_near_it_moves_to_the_next_free_day() -> None:
    old = [post(-3)]
    assert said(old, [post(0, number=2)]) == [(Step.MOVE, Reason.NEAR, 1)]
    assert said(old, [post(1, number=2)]) == [(Step.MOVE, Reason.NEAR, 2)]
    assert said(old, [post(2, number=2)]) == [(Step.POST, Reason.FITS, None)]
    assert said(old, [post(0, number=2, channel=8)]) == [(Step.POST, Reason.FITS, None)]


def test_what_ages_quickly_is_not_moved_past_its_time() -> None:
    assert said([post(-3, Pillar.OFFER)], [post(0, number=2)]) == [(Step.DROP, Reason.STALE, None)]


def test_on_a_paused_day_it_moves_behind_the_pause() -> None:
    assert said([post(-3)], [], pause(0, 2)) == [(Step.MOVE, Reason.PAUSED, 3)]
    assert said([post(-3)], [], pause(0, 2, channel=8)) == [(Step.POST, Reason.FITS, None)]
    assert said([post(-3)], [], pause(0, 30)) == [(Step.DROP, Reason.FULL, None)]


def test_a_channel_that_is_full_drops_it() -> None:
    assert said([post(-3)], [post(n, number=2 + n) for n in range(AHEAD + 1)]) == [(Step.DROP, Reason.FULL, None)]


def test_of_more_than_two_the_oldest_are_dropped() -> None:
    old = [post(-n, number=n) for n in (9, 7, 5, 3)]
    assert said(old) == [
        (Step.DROP, Reason.TOO_MANY, None),
        (Step.DROP, Reason.TOO_MANY, None),
        (Step.MOVE, Reason.ENOUGH, 1),
        (Step.POST, Reason.FITS, None),
    ]


def test_what_is_stale_takes_no_place() -> None:
    old = [post(-9, number=1), post(-7, number=2), post(-5, Pillar.OFFER, number=3)]
    assert [step for step, _reason, _day in said(old)] == [Step.MOVE, Step.POST, Step.DROP]


def test_late_and_missed_ones_of_four_weeks_count_as_slipped() -> None:
    there = [post(-29, number=1), post(-28, number=2), post(-1, number=3), post(0, number=4), post(1, number=5)]
    assert [each.id for each in slipped(reversed(there), TODAY, 2)] == [2, 3]


OLD = st.lists(st.tuples(st.integers(1, 40), st.sampled_from(list(Pillar)), st.integers(7, 9)), max_size=12)
OTHERS = st.lists(st.tuples(st.integers(0, AHEAD), st.integers(7, 9)), max_size=20)
PAUSES = st.lists(
    st.builds(
        lambda first, length, channel: pause(first, first + length, channel),
        st.integers(-5, 10), st.integers(0, 6), st.sampled_from([None, 7, 8]),
    ),
    max_size=3,
)  # fmt: skip


@given(OLD, OTHERS, PAUSES)
def test_never_more_than_two_old_posts_stay_open(
    old: list[tuple[int, Pillar, int]], others: list[tuple[int, int]], pauses: list[Pause]
) -> None:
    posts = [post(-age, pillar, n, channel) for n, (age, pillar, channel) in enumerate(sorted(old, reverse=True))]
    coming = [post(days, number=100 + n, channel=channel) for n, (days, channel) in enumerate(others)]
    found = advise(posts, coming, pauses, TODAY)
    assert [each.post for each in found] == posts
    kept = [each for each in found if each.step is not Step.DROP]
    assert len(kept) <= MOST_OPEN
    taken = {(each.channel_id, each.due_local.date()) for each in coming}
    for each in kept:
        where = (each.post.channel_id, each.day or TODAY)
        assert where not in taken
        taken.add(where)
        assert not any(p.first <= where[1] <= p.last and p.channel_id in (None, where[0]) for p in pauses)
        assert where[1] <= each.post.due_local.date() + timedelta(days=KEEPS[each.post.pillar])
    _check_dropped(found, kept)


def _check_dropped(found: list[Advice], kept: list[Advice]) -> None:
    """For too many is only dropped what is older than the two that are kept."""
    for each in found:
        if each.reason is Reason.TOO_MANY:
            assert len(kept) == MOST_OPEN
            assert all(each.post.due_local <= other.post.due_local for other in kept)
