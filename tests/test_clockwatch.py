"""A clock that cannot be believed holds everything; one that was set a little, or a laptop that slept, does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planner.actions.clock import Anchor, Held, Noted
from planner.clockwatch import RELEASED, ClockAhead, ClockBehind, ClockJumped, ClockWatch, ClockWrong
from planner.machineclock import boot, steady, synchronised

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
    ClockWatch(count).check(NOW + timedelta(days=6), Noted(worked=NOW))


@pytest.mark.parametrize("confirmed", [True, None], ids=["by a time server", "nobody to ask"])
def test_after_weeks_of_rest_mails_go_on_by_themselves(count: Count, confirmed: bool | None) -> None:
    ClockWatch(count, synchronised=lambda: confirmed).check(NOW + timedelta(days=30), Noted(worked=NOW))


def test_weeks_ahead_at_the_start_hold_until_a_time_server_has_confirmed_them(count: Count) -> None:
    """A dead battery may say any year; a time server is mostly asked within a minute."""
    confirmed = [False]
    watch = ClockWatch(count, synchronised=lambda: confirmed[0])
    for days in (8, 30, 3653):
        with pytest.raises(ClockAhead, match="last worked, at 2026-12-01T08:00"):
            watch.check(NOW + timedelta(days=days), Noted(worked=NOW))
    confirmed[0] = True
    assert watch.check(NOW + timedelta(days=30), Noted(worked=NOW)) is True
    confirmed[0] = False
    count.seconds += 10
    assert watch.check(NOW + timedelta(days=30, seconds=10), Noted(worked=NOW)) is False


def test_behind_at_the_start_holds_until_the_clock_has_come_so_far(count: Count) -> None:
    """A machine without a battery wakes up at some old moment, and is told the time a minute later."""
    watch = ClockWatch(count)
    for behind in (timedelta(days=300), timedelta(hours=1), timedelta(minutes=11)):
        with pytest.raises(ClockBehind, match="has already worked at 2026-12-01T08:00"):
            watch.check(NOW - behind, Noted(worked=NOW))
    assert watch.check(NOW - timedelta(minutes=9), Noted(worked=NOW)) is True
    assert watch.check(NOW - timedelta(minutes=9), Noted(worked=NOW)) is False


@pytest.mark.parametrize("step", [timedelta(days=3), timedelta(days=-3)])
def test_whoever_says_that_the_clock_is_right_is_believed(watch: ClockWatch, step: timedelta) -> None:
    with pytest.raises(ClockJumped):
        watch.check(NOW + step, Noted(worked=NOW))
    watch.check(NOW + step, Noted(trusted=NOW + step))
    watch.check(NOW + step, Noted(worked=NOW))


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


THROWN = timedelta(days=3)


def held(watch: ClockWatch) -> Held:
    """How a watch that believed NOW holds a clock thrown forward by three days."""
    with pytest.raises(ClockJumped):
        watch.check(NOW + THROWN)
    return watch.held(NOW + THROWN, "why", None)


def anew(count: Count, boot: str) -> ClockWatch:
    return ClockWatch(count, lambda: boot, lambda: None)


def test_what_one_process_holds_another_holds_too_until_it_fits(count: Count) -> None:
    one = anew(count, "monday")
    one.check(NOW)
    noted = Noted(worked=NOW, held=held(one))
    count.seconds += 600
    other = anew(count, "monday")
    for _ in range(2):
        with pytest.raises(ClockJumped):
            other.check(NOW + THROWN + timedelta(seconds=600), noted)
    again = other.held(NOW + THROWN, "why", noted.held)
    assert again.since == Anchor(NOW, 1000.0, "monday"), "whoever holds it for another knows what that one knew"
    count.seconds += THROWN.total_seconds()
    with pytest.raises(ClockJumped):
        other.check(NOW + THROWN + THROWN + timedelta(seconds=600), noted)
    assert other.check(NOW + THROWN + timedelta(seconds=600), noted) is True, "three days later, and set right"


def test_a_clock_that_is_held_stays_so_when_the_machine_is_started_anew(count: Count) -> None:
    """There is nothing to count from then: what was set right stands before what was refused."""
    one = anew(count, "monday")
    one.check(NOW)
    noted = Noted(worked=NOW, held=held(one))
    count.seconds = 20.0
    for named in ("tuesday", ""):
        other = anew(count, named)
        with pytest.raises(ClockJumped):
            other.check(NOW + THROWN + timedelta(minutes=5), noted)
        assert other.check(NOW + timedelta(minutes=5), noted) is True


def test_a_day_that_was_refused_for_being_past_is_no_reason_to_hold_the_present(count: Count) -> None:
    one = anew(count, "monday")
    one.check(NOW)
    with pytest.raises(ClockJumped):
        one.check(NOW - THROWN)
    noted = Noted(worked=NOW, held=one.held(NOW - THROWN, "why", None))
    with pytest.raises(ClockBehind):
        anew(count, "tuesday").check(NOW - THROWN, noted)
    anew(count, "tuesday").check(NOW + timedelta(hours=1), noted)


def test_what_the_machine_knows_of_its_clock(tmp_path: Path) -> None:
    assert steady() <= steady()
    assert boot() == boot()
    assert synchronised() in (True, False, None)


def test_where_the_kernel_may_not_be_asked_a_file_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under a unit of systemd with ProtectClock=yes."""
    monkeypatch.setattr("planner.machineclock.ctypes.CDLL", lambda _name: None)
    monkeypatch.setattr("planner.machineclock.sys.platform", "linux")
    assert synchronised(tmp_path / "none") is None
    assert synchronised(tmp_path) is False
    (tmp_path / "synchronized").touch()
    assert synchronised(tmp_path) is True
