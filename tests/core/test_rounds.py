"""Rounds of answering: whatever becomes of them, they never pile up and are never counted as posts."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.core.agenda import agenda, by_day, free_day
from planner.core.catching_up import advise, slipped
from planner.core.consistency import standing, standing_since
from planner.core.holidays import Placed
from planner.core.mix import month_mix
from planner.core.model import Business, Content, Pillar, Post, Purpose, Standing, Status, Window
from planner.core.reminders import digest, nudge
from planner.core.rounds import answered, one_a_day, rounds_of
from planner.core.steps import Step, Workflow

TODAY = date(2026, 12, 2)
STARTED = datetime(2026, 11, 1, tzinfo=UTC)
BUSINESS = Business(id=1, name="Huber", timezone="Europe/Berlin", language="de", created_at=STARTED)


def made(number: int, day: date, *, status: Status = Status.PLANNED, channel: int = 1, is_round: bool = True) -> Post:
    due = datetime.combine(day, time(17, number % 60))
    return Post(
        id=number, uid=f"post-{number}", business_id=1, channel_id=channel, cadence_id=1, slot=due, due_local=due,
        due_at=due.replace(tzinfo=UTC), pillar=None if is_round else Pillar.QUESTION, prompt="", title="T", text="",
        status=status, posted_at=due.replace(tzinfo=UTC) if status is Status.POSTED else None, created_at=STARTED,
        updated_at=STARTED, purpose=Purpose.REPLYING if is_round else Purpose.POSTING,
    )  # fmt: skip


DAYS = st.integers(-35, 35).map(lambda days: TODAY + timedelta(days=days))
SOME = st.lists(
    st.tuples(DAYS, st.sampled_from([Status.PLANNED, Status.POSTED, Status.SKIPPED]), st.integers(1, 3), st.booleans()),
    max_size=60,
).map(lambda found: [made(n, day, status=s, channel=c, is_round=r) for n, (day, s, c, r) in enumerate(found)])


@given(SOME, st.integers(0, 5))
def test_rounds_never_pile_up(posts: list[Post], grace: int) -> None:
    """Whatever was left undone, there is at most one of today's a channel, and nothing older is asked for."""
    day = agenda(posts, TODAY, grace, 3, timezone="Europe/Berlin")
    asked = [*day.due, *day.still_open, *day.upcoming, *day.later]
    assert not [post for post in asked if post.is_round]
    assert {each.post.due_local.date() for each in day.rounds} <= {TODAY}
    assert len({each.post.channel_id for each in day.rounds}) == len(day.rounds) <= 3
    expected = {p.channel_id for p in posts if p.is_round and p.open and p.due_local.date() == TODAY}
    assert {each.post.channel_id for each in day.rounds} == expected
    mail = digest(day, BUSINESS, [])
    assert mail is None or not [p for p in (*mail.due, *mail.still_open, *mail.upcoming) if p.is_round]


@given(SOME, st.integers(0, 5))
def test_rounds_change_nothing_that_is_said_of_posts(posts: list[Post], grace: int) -> None:
    """Agenda, mix, advice after a miss, free days: the same with rounds and without."""
    alone = [post for post in posts if not post.is_round]
    with_them, without = (agenda(some, TODAY, grace, 3) for some in (posts, alone))
    parts = ("due", "still_open", "upcoming", "later")
    assert [getattr(with_them, part) for part in parts] == [getattr(without, part) for part in parts]
    assert month_mix(posts, TODAY, TODAY, grace) == month_mix(alone, TODAY, TODAY, grace)
    assert nudge(with_them, []) == nudge(without, [])
    old = slipped(posts, TODAY, grace)
    assert old == slipped(alone, TODAY, grace)
    ahead = Window(TODAY, TODAY + timedelta(days=9))
    for some in (posts, alone):
        assert [each.step for each in advise(old, some, [], TODAY)] == [
            each.step for each in advise(old, alone, [], TODAY)
        ]
        assert [free_day(post, some, ahead, []) for post in old] == [free_day(post, alone, ahead, []) for post in old]


@given(SOME)
def test_a_round_is_over_with_its_day(posts: list[Post]) -> None:
    for post in (each for each in posts if each.is_round and each.open):
        overdue = (TODAY - post.due_local.date()).days
        where = standing(post, TODAY, grace_days=2)
        assert where is (Standing.MISSED if overdue > 0 else Standing.UPCOMING if overdue < 0 else Standing.DUE)
        if overdue > 0:
            since = standing_since(post, "UTC", 2, TODAY)
            assert since == datetime.combine(post.due_local.date() + timedelta(days=1), time(), UTC)


def test_the_last_one_is_noticed_if_nobody_ticked_it_off() -> None:
    monday, wednesday = date(2026, 11, 30), TODAY
    missed, today = made(1, monday), made(2, wednesday)
    assert rounds_of([missed, today], wednesday)[0].unticked == monday
    done = made(1, monday, status=Status.POSTED)
    older = made(0, date(2026, 11, 27))
    assert rounds_of([older, done, today], wednesday)[0].unticked is None, "the one after it stood for it"
    other = made(3, monday, channel=2)
    assert rounds_of([other, today], wednesday)[0].unticked is None, "of another channel"


def test_a_day_has_one_round_whoever_asks_for_it() -> None:
    slots = [Placed(at, at) for at in (datetime(2026, 12, 1, 9), datetime(2026, 12, 1, 17), datetime(2026, 12, 2, 9))]
    assert one_a_day(slots, set()) == [slots[0], slots[2]]
    assert one_a_day(slots, {date(2026, 12, 1)}) == [slots[2]]


def test_what_was_answered_is_counted_up_to_today() -> None:
    week = Window(date(2026, 11, 30), date(2026, 12, 7))
    posts = [
        made(1, date(2026, 11, 27), status=Status.POSTED),  # the week before
        made(2, date(2026, 11, 30), status=Status.POSTED),
        made(3, date(2026, 12, 1)),  # missed
        made(4, TODAY),  # still time
        made(5, date(2026, 12, 3)),  # to come
        made(6, date(2026, 11, 30), status=Status.SKIPPED, channel=2),
        made(7, date(2026, 11, 30), status=Status.POSTED, channel=3, is_round=False),
    ]
    found = answered(posts, week, TODAY)
    assert {channel: (each.done, each.rounds) for channel, each in found.items()} == {1: (1, 2)}


def test_a_round_is_no_video() -> None:
    workflow = Workflow(frozenset({"youtube"}), (Step("post", {"en": "Post"}, {"en": ""}, 0),))
    assert workflow.is_for(made(1, TODAY, is_round=False), "youtube")
    assert not workflow.is_for(made(1, TODAY), "youtube")
    assert made(1, TODAY).content is not Content.VIDEO


def test_by_day_has_rounds_too() -> None:
    assert by_day([made(1, TODAY)])[TODAY][0].is_round
