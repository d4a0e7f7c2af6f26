"""A clock that cannot be believed holds everything; one that was set a little, or a laptop that slept, does not."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.clockwatch import RELEASED, ClockBehind, ClockJumped, ClockWatch, ClockWrong, steady

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


class Count:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def count() -> Count:
    return Count()


@pytest.fixture
def watch(count: Count) -> ClockWatch:
    made = ClockWatch(count)
    made.check(NOW)
    return made


@pytest.mark.parametrize("step", [{"hours": 1}, {"hours": -1}, {"hours": 12}, {"hours": -12}])
def test_small_steps_are_followed(watch: ClockWatch, step: dict[str, int]) -> None:
    watch.check(NOW + timedelta(**step))
    watch.check(NOW)


@pytest.mark.parametrize("step", [{"hours": 13}, {"days": 3}, {"days": 3653}, {"hours": -13}])
def test_a_great_step_holds_until_it_is_taken_back(watch: ClockWatch, count: Count, step: dict[str, int]) -> None:
    for _ in range(3):
        count.seconds += 10
        with pytest.raises(ClockJumped, match="planner tick --trust-clock"):
            watch.check(NOW + timedelta(seconds=count.seconds - 1000, **step))
    watch.check(NOW + timedelta(seconds=count.seconds - 1000))


def test_forward_at_the_start_is_a_planner_that_was_off(count: Count) -> None:
    ClockWatch(count).check(NOW + timedelta(days=3653))
    ClockWatch(count).check(NOW + timedelta(days=30), lambda: NOW)


def test_behind_at_the_start_holds_until_the_clock_has_come_so_far(count: Count) -> None:
    """A machine without a battery wakes up at some old moment, and is told the time a minute later."""
    watch = ClockWatch(count)
    for behind in (timedelta(days=300), timedelta(hours=1), timedelta(minutes=11)):
        with pytest.raises(ClockBehind, match="has already worked at 2026-12-01T08:00"):
            watch.check(NOW - behind, lambda: NOW)
    assert watch.check(NOW - timedelta(minutes=9), lambda: NOW) is True
    assert watch.check(NOW - timedelta(minutes=9), lambda: NOW) is False


@pytest.mark.parametrize("step", [timedelta(days=3), timedelta(days=-3)])
def test_whoever_says_that_the_clock_is_right_is_believed(watch: ClockWatch, step: timedelta) -> None:
    with pytest.raises(ClockJumped):
        watch.check(NOW + step, lambda: NOW)
    watch.check(NOW + step, lambda: NOW + step)
    watch.check(NOW + step, lambda: NOW)


def test_only_the_first_moment_and_a_step_back_may_follow_one_that_ran_ahead(count: Count) -> None:
    watch = ClockWatch(count)
    steps = [timedelta(0), timedelta(hours=1), timedelta(hours=1), timedelta(minutes=59), timedelta(hours=-2)]
    assert [watch.check(NOW + step) for step in steps] == [True, False, False, False, True]


def test_a_machine_that_slept_for_weeks_has_not_jumped(watch: ClockWatch, count: Count) -> None:
    count.seconds += 30 * 86_400
    watch.check(NOW + timedelta(days=30))


def test_1970_is_never_believed(count: Count) -> None:
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), RELEASED - timedelta(seconds=1)):
        with pytest.raises(ClockWrong):
            ClockWatch(count).check(wrong)


def test_the_steady_clock_counts_on() -> None:
    assert steady() <= steady()
