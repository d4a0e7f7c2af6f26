"""Standing, goal, week and streak, by examples worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core import localtime
from planner.core.agenda import agenda, by_day, free_day
from planner.core.consistency import (
    ChannelWeek,
    Verdict,
    business_streak,
    channel_week,
    channel_weeks,
    standing,
    standing_since,
    streak,
    verdict,
)
from planner.core.model import Pause, Pillar, Post, Standing, Status, Window
from planner.core.weeks import Week
from planner.errors import BadWeek

BERLIN = "Europe/Berlin"
TUESDAY = datetime(2026, 12, 1, 9)


def post(due: datetime = TUESDAY, status: Status = Status.PLANNED, **values: object) -> Post:
    given: dict[str, object] = {
        "id": 1, "uid": "post-1", "business_id": 1, "channel_id": 1, "cadence_id": 1, "slot": due, "due_local": due,
        "due_at": due.replace(tzinfo=UTC) - timedelta(hours=1), "pillar": Pillar.TIP, "prompt": "",
        "title": "", "text": "", "status": status, "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
    }  # fmt: skip
    return Post(**{**given, **values})  # type: ignore[arg-type]


def posted(due: datetime, at: str) -> Post:
    """A post made at a local moment in Berlin in winter."""
    made = datetime.fromisoformat(at).replace(tzinfo=UTC) - timedelta(hours=1)
    return post(due, Status.POSTED, posted_at=made)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 30), Standing.UPCOMING),
        (date(2026, 12, 1), Standing.DUE),
        (date(2026, 12, 2), Standing.LATE),
        (date(2026, 12, 3), Standing.LATE),
        (date(2026, 12, 4), Standing.MISSED),
    ],
)
def test_standing_with_two_days_of_grace(today: date, expected: Standing) -> None:
    assert standing(post(), today, 2) is expected
    assert standing(post(status=Status.DRAFTED), today, 2) is expected
    assert standing(post(status=Status.SKIPPED), today, 2) is Standing.SKIPPED
    assert standing(post(status=Status.POSTED), today, 2) is Standing.POSTED


def test_without_grace_a_post_is_missed_the_next_day() -> None:
    assert standing(post(), date(2026, 12, 2), 0) is Standing.MISSED


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), datetime(2026, 11, 30, 23, tzinfo=UTC)),  # midnight in Berlin
        (date(2026, 12, 3), datetime(2026, 12, 1, 23, tzinfo=UTC)),
        (date(2026, 12, 9), datetime(2026, 12, 3, 23, tzinfo=UTC)),
    ],
)
def test_standing_changes_at_local_midnight(today: date, since: datetime | None) -> None:
    assert standing_since(post(), BERLIN, 2, today) == since


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 16), "2026-W47"),
        (date(2026, 11, 22), "2026-W47"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2025, 12, 29), "2026-W01"),
    ],
)
def test_iso_weeks(day: date, text: str) -> None:
    assert str(Week.of(day)) == text
    assert Week.parse(text) == Week.of(day)
    assert day in Week.of(day).window


def test_weeks_step_over_new_year() -> None:
    assert str(Week.parse("2026-W53").plus(1)) == "2027-W01"
    assert str(Week.parse("2026-W01").plus(-1)) == "2025-W52"
    assert Week.parse("2026-W53").monday == date(2026, 12, 28)


@pytest.mark.parametrize(
    "text", ["2025-W53", "2026-W00", "2026-W54", "2026", "W47", "2026-47", "last week", "2026-W4x"]
)
def test_a_week_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(BadWeek):
        Week.parse(text)


W49 = Week.parse("2026-W49")  # 30 November to 6 December


def week_of(posts: list[Post], today: date, pauses: list[Pause] | None = None, week: Week = W49) -> ChannelWeek:
    return channel_week(1, week, posts, pauses or [], today=today, grace_days=2, timezone=BERLIN)


def figures(week: ChannelWeek) -> tuple[int, ...]:
    return (week.goal, week.planned, week.posted, week.late, week.missed, week.skipped, week.open)


THURSDAY = datetime(2026, 12, 3, 11)


def test_a_tuesday_post_made_on_thursday_meets_the_goal() -> None:
    week = week_of([posted(TUESDAY, "2026-12-03T18:00")], date(2026, 12, 7))
    assert figures(week) == (1, 1, 1, 1, 0, 0, 0)
    assert week.met is True


def test_made_at_a_minute_to_midnight_it_belongs_to_that_day() -> None:
    assert week_of([posted(TUESDAY, "2026-12-06T23:59")], date(2026, 12, 7)).posted == 1
    assert week_of([posted(TUESDAY, "2026-12-07T00:00")], date(2026, 12, 7)).posted == 0
    assert week_of([posted(TUESDAY, "2026-12-07T00:00")], date(2026, 12, 7), week=W49.plus(1)).posted == 1


def test_a_week_in_its_middle() -> None:
    week = week_of([post(), post(THURSDAY), post(datetime(2026, 12, 4, 9))], date(2026, 12, 3))
    assert figures(week) == (3, 3, 0, 1, 0, 0, 2)
    assert week.met is False


def test_missed_and_skipped() -> None:
    week = week_of([post(), post(THURSDAY, Status.SKIPPED)], date(2026, 12, 7))
    assert figures(week) == (2, 2, 0, 0, 1, 1, 0)


def test_a_post_moved_to_next_week_leaves_its_slot_in_the_goal() -> None:
    moved = post(due_local=datetime(2026, 12, 8, 9))
    assert figures(week_of([moved], date(2026, 12, 7))) == (1, 0, 0, 0, 0, 0, 0)
    assert figures(week_of([moved], date(2026, 12, 7), week=W49.plus(1))) == (0, 1, 0, 0, 0, 0, 1)


def test_a_post_nobody_planned_counts_too() -> None:
    extra = posted(datetime(2026, 12, 5, 9), "2026-12-05T09:00")
    extra = Post(**{name: getattr(extra, name) for name in Post.__slots__} | {"slot": None, "cadence_id": None})
    week = week_of([post(), extra], date(2026, 12, 7))
    assert (week.goal, week.posted, week.met) == (1, 1, True)


def test_a_pause_takes_its_days_out_of_the_goal() -> None:
    closed = Pause(id=1, business_id=1, channel_id=None, first=date(2026, 12, 1), last=date(2026, 12, 2))
    assert week_of([post(), post(THURSDAY)], date(2026, 12, 7), [closed]).goal == 1
    other = Pause(id=1, business_id=1, channel_id=2, first=date(2026, 12, 1), last=date(2026, 12, 3))
    assert week_of([post(), post(THURSDAY)], date(2026, 12, 7), [other]).goal == 2
    whole = Pause(id=1, business_id=1, channel_id=1, first=date(2026, 11, 30), last=date(2026, 12, 6))
    assert week_of([], date(2026, 12, 7), [whole]).met is None


def test_other_channels_do_not_count() -> None:
    assert figures(week_of([post(channel_id=2)], date(2026, 12, 7))) == (0, 0, 0, 0, 0, 0, 0)


DAYS = st.integers(0, 40).map(lambda n: datetime(2026, 11, 9, 9) + timedelta(days=n))
POSTS = st.builds(
    lambda due, slot, made, skipped, channel: post(
        due,
        Status.POSTED if made else Status.SKIPPED if skipped else Status.PLANNED,
        slot=slot,
        posted_at=made and made.replace(tzinfo=UTC),
        channel_id=channel,
    ),
    DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
    st.booleans(),
    st.integers(1, 3),
)
PAUSES = st.builds(
    lambda first, days, channel: Pause(
        id=1, business_id=1, channel_id=channel, first=first.date(), last=first.date() + timedelta(days=days)
    ),
    DAYS,
    st.integers(0, 9),
    st.none() | st.integers(1, 3),
)


def _counted_off(week: Week, channel_id: int, posts: list[Post], pauses: list[Pause], today: date) -> tuple[int, ...]:
    """The figures by their definitions, each counted for itself."""

    def closed(day: date) -> bool:
        return any(p.first <= day <= p.last and p.channel_id in (None, channel_id) for p in pauses)

    mine = [each for each in posts if each.channel_id == channel_id]
    due = [each for each in mine if each.due_local.date() in week.window]
    made = {id(each): localtime.today(each.posted_at, BERLIN) for each in mine if each.posted_at}
    where = [standing(each, today, 2) for each in due]
    overdue = [id(each) in made and made[id(each)] > each.due_local.date() for each in due]
    return (
        sum(
            each.slot is not None and each.slot.date() in week.window and not closed(each.slot.date()) for each in mine
        ),
        len(due),
        sum(day in week.window for day in made.values()),
        where.count(Standing.LATE) + sum(overdue),
        where.count(Standing.MISSED),
        where.count(Standing.SKIPPED),
        where.count(Standing.DUE) + where.count(Standing.UPCOMING),
    )


@given(st.lists(POSTS, max_size=12), st.lists(PAUSES, max_size=2), st.integers(0, 40))
def test_many_weeks_at_once_are_what_one_counts_off(posts: list[Post], pauses: list[Pause], days: int) -> None:
    today, first, last = date(2026, 11, 9) + timedelta(days=days), Week.parse("2026-W46"), Week.parse("2026-W51")
    found = channel_weeks([1, 2], first, last, posts, pauses, today=today, grace_days=2, timezone=BERLIN)
    assert list(found) == [1, 2]
    for channel_id, weeks in found.items():
        assert [week.week for week in weeks] == [first.plus(n) for n in range(6)]
        for week in weeks:
            assert figures(week) == _counted_off(week.week, channel_id, posts, pauses, today)
            alone = channel_week(
                channel_id, week.week, posts, pauses, today=today, grace_days=2, timezone=BERLIN
            )  # fmt: skip
            assert alone == week


CLOSED = Pause(id=1, business_id=1, channel_id=None, first=date(2026, 12, 6), last=date(2026, 12, 20))


@pytest.mark.parametrize(
    ("goal", "posted", "today", "pauses", "expected"),
    [
        (2, 2, "2026-12-07", [], Verdict.MET),
        (1, 3, "2026-12-07", [], Verdict.MET),
        (2, 1, "2026-12-07", [], Verdict.PARTLY),
        (2, 0, "2026-12-07", [], Verdict.MISSED),
        (2, 1, "2026-12-06", [], Verdict.RUNNING),
        (2, 0, "2026-11-30", [], Verdict.RUNNING),
        (2, 2, "2026-12-01", [], Verdict.MET),
        (0, 1, "2026-12-07", [], Verdict.EXTRA),
        (0, 0, "2026-12-07", [], Verdict.NOTHING),
        (0, 0, "2026-12-07", [CLOSED], Verdict.PAUSED),
        (1, 0, "2026-12-07", [CLOSED], Verdict.MISSED),
        (0, 1, "2026-12-07", [CLOSED], Verdict.EXTRA),
    ],
)
def test_the_verdict_on_a_week(goal: int, posted: int, today: str, pauses: list[Pause], expected: Verdict) -> None:
    week = ChannelWeek(1, W49, goal, goal, posted, 0, 0, 0, 0)
    assert verdict(week, pauses, date.fromisoformat(today)) is expected


def test_only_a_pause_of_the_channel_that_reaches_the_week_makes_it_paused() -> None:
    week = ChannelWeek(1, W49, 0, 0, 0, 0, 0, 0, 0)
    for channel_id, first, last, expected in (
        (1, 6, 6, Verdict.PAUSED),
        (2, 1, 6, Verdict.NOTHING),
        (1, 7, 9, Verdict.NOTHING),
    ):
        closed = Pause(
            id=1, business_id=1, channel_id=channel_id, first=date(2026, 12, first), last=date(2026, 12, last)
        )
        assert verdict(week, [closed], date(2026, 12, 7)) is expected


def test_the_next_free_day() -> None:
    """Tuesday the 1st was missed; the 4th is taken by another of the channel, the 5th and 6th are closed."""
    missed, taken, other = post(), post(datetime(2026, 12, 4, 9)), post(datetime(2026, 12, 7, 9), channel_id=2)
    ahead = Window(date(2026, 12, 4), date(2026, 12, 18))
    closed = Pause(id=1, business_id=1, channel_id=None, first=date(2026, 12, 5), last=date(2026, 12, 6))
    assert free_day(missed, [missed, taken, other], ahead, [closed]) == date(2026, 12, 7)
    assert free_day(missed, [missed], ahead, []) == date(2026, 12, 4)
    every_day = [post(datetime(2026, 12, 4, 9) + timedelta(days=n)) for n in range(14)]
    assert free_day(missed, every_day, ahead, []) is None


def line(*weeks: tuple[int, int]) -> list[ChannelWeek]:
    """(goal, posted) from W40 on."""
    first = Week.parse("2026-W40")
    return [ChannelWeek(1, first.plus(n), goal, goal, made, 0, 0, 0, 0) for n, (goal, made) in enumerate(weeks)]


@pytest.mark.parametrize(
    ("weeks", "now", "expected"),
    [
        ([(1, 1), (1, 1), (1, 1)], "2026-W43", 3),
        ([(1, 1), (1, 0), (1, 1)], "2026-W43", 1),
        ([(1, 1), (1, 1), (1, 0)], "2026-W43", 0),
        ([(1, 1), (0, 0), (1, 1)], "2026-W43", 2),  # a pause neither breaks nor counts
        ([(1, 1), (1, 2), (0, 0)], "2026-W43", 2),
        ([(1, 1), (1, 1), (1, 0)], "2026-W42", 2),  # this week is still running
        ([(1, 1), (1, 1), (1, 1)], "2026-W42", 3),  # and counts as soon as it is met
        ([], "2026-W42", 0),
    ],
)
def test_streak(weeks: list[tuple[int, int]], now: str, expected: int) -> None:
    assert streak(line(*weeks), Week.parse(now)) == expected


def test_the_business_streak_needs_every_channel_that_owed_something() -> None:
    now = Week.parse("2026-W43")
    assert business_streak([line((1, 1), (1, 1), (1, 1)), line((1, 1), (1, 1), (1, 1))], now) == 3
    assert business_streak([line((1, 1), (1, 1), (1, 1)), line((1, 1), (1, 0), (1, 1))], now) == 1
    assert business_streak([line((1, 1), (1, 1), (1, 1)), line((0, 0), (0, 0), (1, 1))], now) == 3
    assert business_streak([line((0, 0)), line((0, 0))], now) == 0


def test_a_day_s_agenda() -> None:
    today = date(2026, 12, 3)
    posts = [
        post(THURSDAY, id=1),
        post(datetime(2026, 12, 3, 8), id=2),
        post(TUESDAY, id=3),
        post(datetime(2026, 11, 20, 9), id=4),
        post(datetime(2026, 12, 10, 9), id=5),
        post(datetime(2026, 12, 11, 9), id=6),
        post(datetime(2026, 12, 3, 7), Status.POSTED, id=7),
        post(datetime(2026, 12, 1, 7), Status.POSTED, id=8),
    ]
    found = agenda(posts, today, 2, 7)
    ids = [[each.id for each in part] for part in (found.due, found.still_open, found.upcoming, found.done)]
    assert ids == [[2, 1], [4, 3], [5], [7]]
    assert [each.id for each in by_day(posts)[today]] == [7, 2, 1]
