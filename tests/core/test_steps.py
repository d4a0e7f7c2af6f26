"""The steps of a video: their days around pauses and late beginnings, which is next, and what a tick ticks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core import localtime
from planner.core.model import Business, Content, Pause, Pillar, Post, Status
from planner.core.steps import Placed, Step, StepStanding, Workflow, next_step, next_steps, placed, ticked

DAYS = {"idea": 14, "script": 11, "film": 7, "edit": 4, "thumbnail": 2, "publish": 0}
STEPS = tuple(Step(key, {"en": key.title()}, {"en": "How."}, days) for key, days in DAYS.items())
VIDEO = Workflow(frozenset({"youtube"}), STEPS)
BUSINESS = Business(
    id=3, name="Huber", timezone="Europe/Berlin", language="de", created_at=datetime(2026, 1, 1, tzinfo=UTC)
)


def video(due: str = "2026-12-16T09:00", *, made: str = "2026-09-01", **values: object) -> Post:
    """A post due on a Wednesday, planned long before."""
    local = datetime.fromisoformat(due)
    at = localtime.instant(local, "Europe/Berlin")
    created = localtime.instant(datetime.fromisoformat(made), "Europe/Berlin")
    return Post(
        id=1, uid="post-1", business_id=3, channel_id=1, cadence_id=None, slot=local, due_local=local, due_at=at,
        pillar=Pillar.TIP, prompt="", title="The best time to come", text="", created_at=created, updated_at=created,
        **{"status": Status.PLANNED, **values},
    )  # fmt: skip


def pause(first: str, last: str, channel_id: int | None = None) -> Pause:
    return Pause(
        id=1, business_id=3, channel_id=channel_id, first=date.fromisoformat(first), last=date.fromisoformat(last)
    )


def days_of(post: Post, *pauses: Pause) -> str:
    """The days of the six steps, like 12-02."""
    return " ".join(f"{each.day:%m-%d}" for each in placed(post, VIDEO, BUSINESS, pauses))


@pytest.mark.parametrize(
    ("post", "pauses", "expected"),
    [
        pytest.param(video(), [], "12-02 12-05 12-09 12-12 12-14 12-16", id="so many days before"),
        pytest.param(video("2026-12-17T00:00"), [], "12-03 12-06 12-10 12-13 12-15 12-17", id="moved by a day"),
        pytest.param(
            video(), [pause("2026-12-04", "2026-12-09")], "12-02 12-03 12-03 12-12 12-14 12-16", id="before a pause"
        ),
        pytest.param(
            video(), [pause("2026-12-09", "2026-12-11"), pause("2026-12-12", "2026-12-13")],
            "12-02 12-05 12-08 12-08 12-14 12-16", id="before two pauses that touch",
        ),
        pytest.param(video(), [pause("2026-12-04", "2026-12-09", 2)], "12-02 12-05 12-09 12-12 12-14 12-16", id="else"),
        pytest.param(video(), [pause("2026-12-12", "2026-12-12", 1)], "12-02 12-05 12-09 12-11 12-14 12-16", id="own"),
        pytest.param(video(made="2026-12-10"), [], "12-10 12-10 12-10 12-12 12-14 12-16", id="planned late"),
        pytest.param(
            video(made="2026-12-10T23:30"), [pause("2026-12-08", "2026-12-12")],
            "12-13 12-13 12-13 12-13 12-14 12-16", id="planned late and in a pause: after it",
        ),
        pytest.param(
            video(made="2026-12-10"), [pause("2026-12-08", "2026-12-20")],
            "12-16 12-16 12-16 12-16 12-16 12-16", id="no day left but its own",
        ),
        pytest.param(video(made="2027-01-05"), [], "12-16 12-16 12-16 12-16 12-16 12-16", id="past"),
    ],
)  # fmt: skip
def test_when_each_step_is_due(post: Post, pauses: Sequence[Pause], expected: str) -> None:
    assert days_of(post, *pauses) == expected


@pytest.mark.parametrize(
    ("done", "today", "step", "where", "begins"),
    [
        ((), "2026-12-01", "idea", StepStanding.COMING, False),
        ((), "2026-12-02", "idea", StepStanding.DUE, True),
        ((), "2026-12-03", "idea", StepStanding.LATE, False),
        ((), "2026-12-05", "idea", StepStanding.LATE, True),  # the day of the script, which waits for the idea
        (("idea", "script"), "2026-12-08", "film", StepStanding.COMING, False),
        (("idea", "film"), "2026-12-08", "script", StepStanding.LATE, False),
        (("idea", "script", "film", "edit"), "2026-12-15", "thumbnail", StepStanding.LATE, False),
    ],
)
def test_the_next_is_the_first_that_is_not_done(
    done: tuple[str, ...], today: str, step: str, where: StepStanding, begins: bool
) -> None:
    day, post = date.fromisoformat(today), video(steps=done)
    found = next_step(post, placed(post, VIDEO, BUSINESS, []), day)
    assert found is not None
    assert (found.placed.step.key, found.placed.standing(day), found.begins) == (step, where, begins)


@pytest.mark.parametrize(
    "post",
    [
        video(steps=("idea", "script", "film", "edit", "thumbnail")),
        video(status=Status.POSTED),
        video(status=Status.SKIPPED),
        video("2026-12-10T09:00"),  # its own day: the post itself is what is due
        video("2026-12-01T09:00"),
    ],
)
def test_then_it_is_the_post_itself(post: Post) -> None:
    assert next_step(post, placed(post, VIDEO, BUSINESS, []), date(2026, 12, 10)) is None


def test_who_makes_videos() -> None:
    posts = [
        replace(video(), id=1),
        replace(video("2026-12-15T09:00"), id=2),
        replace(video(), id=3, content=Content.TEXT),
        replace(video(), id=4, channel_id=2),
        replace(video(), id=5, channel_id=2, content=Content.VIDEO),
    ]
    platforms = {1: "youtube", 2: "gbp"}
    found = next_steps(posts, VIDEO, platforms, BUSINESS, [], date(2026, 12, 2))
    assert [each.post.id for each in found] == [2, 1, 5], "the earliest first"
    assert next_steps(posts, Workflow(frozenset({"youtube"}), ()), platforms, BUSINESS, [], date(2026, 12, 2)) == []


def test_what_was_filmed_was_thought_of_first() -> None:
    assert ticked(STEPS, (), "film") == ("idea", "script", "film")
    assert ticked(STEPS, ("idea", "edit"), "script") == ("idea", "script", "edit")
    assert ticked(STEPS, ("gone",), "idea") == ("idea",), "a step that is in no file any more"


A_DAY = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(
    due=A_DAY,
    made=A_DAY,
    spans=st.lists(st.tuples(A_DAY, st.integers(0, 60)), max_size=5),
    offsets=st.lists(st.integers(0, 40), min_size=1, max_size=6),
)
def test_any_steps_keep_their_order_and_lie_in_no_pause_that_can_be_avoided(
    due: date, made: date, spans: list[tuple[date, int]], offsets: list[int]
) -> None:
    days = [*sorted(offsets, reverse=True), 0]
    way = Workflow(frozenset(), tuple(Step(str(n), {"en": "x"}, {"en": "x"}, each) for n, each in enumerate(days)))
    pauses = [pause(str(first), str(first + timedelta(days=n))) for first, n in spans]
    post = video(f"{due}T09:00", made=str(made))
    found: tuple[Placed, ...] = placed(post, way, BUSINESS, pauses)
    on = [each.day for each in found]
    assert on == sorted(on)
    assert on[-1] == due
    for each in found[:-1]:
        closed = any(p.first <= each.day <= p.last for p in pauses)
        assert not closed or each.day == due
        assert each.day >= min(due, made)
        wanted = due - timedelta(days=each.step.days)
        free = [d for n in range(400) if (d := wanted - timedelta(days=n)) >= made and not _paused(d, pauses)]
        if free:
            assert each.day == free[0], "the last free day up to its own"


def _paused(day: date, pauses: list[Pause]) -> bool:
    return any(p.first <= day <= p.last for p in pauses)
