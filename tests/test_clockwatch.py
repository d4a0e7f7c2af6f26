"""A clock that cannot be believed holds everything; one that was set a little, or a laptop that slept, does not."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.clockwatch import RELEASED, ClockJumped, ClockWatch, ClockWrong, steady

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


@pytest.mark.parametrize("step", [{"hours": 1}, {"hours": -1}, {"days": 3}, {"days": -1}, {"days": 7}])
def test_small_steps_are_followed(watch: ClockWatch, step: dict[str, int]) -> None:
    watch.check(NOW + timedelta(**step))
    watch.check(NOW)


@pytest.mark.parametrize("step", [{"days": 8}, {"days": 3653}, {"days": -8}])
def test_a_great_step_holds_until_it_is_taken_back(watch: ClockWatch, count: Count, step: dict[str, int]) -> None:
    for _ in range(3):
        count.seconds += 10
        with pytest.raises(ClockJumped, match="start the planner again"):
            watch.check(NOW + timedelta(seconds=count.seconds - 1000, **step))
    watch.check(NOW + timedelta(seconds=count.seconds - 1000))


def test_whoever_starts_it_again_believes_the_clock(count: Count) -> None:
    ClockWatch(count).check(NOW + timedelta(days=3653))


def test_a_machine_that_slept_for_weeks_has_not_jumped(watch: ClockWatch, count: Count) -> None:
    count.seconds += 30 * 86_400
    watch.check(NOW + timedelta(days=30))


def test_1970_is_never_believed(count: Count) -> None:
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), RELEASED - timedelta(seconds=1)):
        with pytest.raises(ClockWrong):
            ClockWatch(count).check(wrong)


def test_the_steady_clock_counts_on() -> None:
    assert steady() <= steady()
