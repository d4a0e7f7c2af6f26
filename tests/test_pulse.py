"""The watch over the ticks: late ones are woken, one that never comes back ends the process."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from daemons import beats, daemon, found, moment, wrong

from planner.actions import plan, remind
from planner.clockwatch import ClockWatch
from planner.daemon import Daemon
from planner.process import watch
from planner.pulse import Pulse
from planner.ticks import Tick, every

__all__ = ["daemon", "moment"]  # the fixtures


class Hand:
    """A steady clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def __call__(self) -> float:
        return self.seconds


TICKS = (Tick("plan", 30, lambda _now: 0), Tick("mail", 10, lambda _now: 0, patience=960))


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def pulse(hand: Hand) -> Pulse:
    """Both ticks were heard of just now."""
    made = Pulse(hand)
    for tick in TICKS:
        made.hear(tick.name)
    return made


def test_a_late_tick_is_woken_once(pulse: Pulse, hand: Hand) -> None:
    woken: list[str] = []
    hand.seconds += 30
    assert pulse.look(TICKS, woken.append) is None
    assert woken == [], "three intervals are no lateness yet"
    hand.seconds += 10
    for _ in range(2):
        assert pulse.look(TICKS, woken.append) is None
    assert woken == ["mail"]
    pulse.hear("mail")
    hand.seconds += 40
    pulse.hear("plan")
    pulse.look(TICKS, woken.append)
    assert woken == ["mail", "mail"], "heard of meanwhile, and late anew"


def test_a_tick_that_failed_is_woken_before_its_interval_comes_round(pulse: Pulse, hand: Hand) -> None:
    woken: list[str] = []
    pulse.wake("plan")
    pulse.wake("mail", after=25)
    pulse.look(TICKS, woken.append)
    assert woken == ["plan"]
    hand.seconds += 25
    for _ in range(2):
        pulse.look(TICKS, woken.append)
    assert woken == ["plan", "mail"], "once"


def test_a_tick_that_is_at_work_need_not_be_woken(pulse: Pulse) -> None:
    woken: list[str] = []
    pulse.wake("plan")
    pulse.begin("plan")
    pulse.look(TICKS, woken.append)
    assert woken == []


def test_a_tick_that_was_never_heard_of_is_silent_without_end(hand: Hand) -> None:
    assert Pulse(hand).look(TICKS, lambda _name: None) is TICKS[0]


@pytest.mark.parametrize(
    ("name", "silent", "code"), [("mail", 900, 0), ("mail", 1000, 70), ("plan", 299, 0), ("plan", 301, 70)]
)
def test_a_tick_that_never_comes_back_ends_the_process(
    daemon: Daemon, hand: Hand, name: str, silent: int, code: int
) -> None:
    daemon.pulse = Pulse(hand)
    daemon.pulse.hear(name)
    hand.seconds += silent
    for tick in daemon.ticks():
        if tick.name != name:
            daemon.pulse.hear(tick.name)
    daemon.stopping = Looks(1)  # type: ignore[assignment]
    assert watch(daemon, Alarm()) == code


class Alarm:
    """What the watch sees of the scheduler."""

    def __init__(self) -> None:
        self.woken: list[str] = []

    def modify_job(self, name: str, next_run_time: datetime) -> None:
        assert next_run_time.tzinfo is not None
        self.woken.append(name)


class Looks:
    """An event that lets the watch look so many times and then stops it."""

    def __init__(self, times: int) -> None:
        self._left = times

    def wait(self, _seconds: float) -> bool:
        self._left -= 1
        return self._left < 0


def test_when_a_held_clock_is_right_every_tick_is_woken_whose_beat_may_be_of_the_false_time(
    daemon: Daemon, moment: list[datetime], now: datetime
) -> None:
    """An hourly tick that ended under the false clock, having begun before: it would seem late for an hour."""
    alarm, seconds = Alarm(), [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = datetime(1971, 1, 1, tzinfo=UTC)
    plan, mail, _reap, maintenance = daemon.ticks()
    daemon.run_tick(mail)
    daemon._beat(maintenance.name, maintenance.seconds)
    moment[0], seconds[0] = now + timedelta(seconds=20), 20.0
    daemon.run_tick(mail)
    assert wrong(daemon) != []
    daemon.stopping = Looks(2)  # type: ignore[assignment]
    assert watch(daemon, alarm) == 0
    assert alarm.woken == ["plan", "mail", "reap", "maintenance"]
    daemon.stopping = threading.Event()
    for tick in (plan, maintenance):
        daemon.run_tick(tick)
    assert wrong(daemon) == []


def test_many_mails_to_a_slow_server_are_no_tick_that_hangs(daemon: Daemon, hand: Hand) -> None:
    daemon.pulse = Pulse(hand)
    daemon.pulse.hear("mail")
    hand.seconds += 900
    assert daemon._between_mails() is False
    assert daemon.pulse.silence("mail") == 0
    first = beats(daemon)["mail"]
    hand.seconds += 9
    assert daemon._between_mails() is False
    assert beats(daemon)["mail"] == first, "once in ten seconds is enough"
    daemon.stopping.set()
    assert daemon._between_mails() is True


@pytest.mark.parametrize("part", ["plan", "remind"])
def test_many_rounds_are_no_tick_that_hangs(
    daemon: Daemon, hand: Hand, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """A first plan, or a morning's mails, of many businesses on a slow machine: each round takes a minute."""
    rounds, silences = [0], []

    def slow(*_given: object) -> Any:
        silences.append(daemon.pulse.silence(name))
        hand.seconds += 60
        rounds[0] += 1
        more = rounds[0] < 20
        return plan.Planned(1, more) if part == "plan" else remind.Reminded(1, more)

    name = "plan" if part == "plan" else "mail"
    daemon.pulse = Pulse(hand)
    monkeypatch.setattr(*((plan, "plan_ahead") if part == "plan" else (remind, "remind")), slow)
    tick = {tick.name: tick for tick in daemon.ticks()}[name]
    daemon.run_tick(tick)
    assert daemon.faults == {}
    assert (rounds[0], max(silences) <= 60) == (20, True), silences


def test_a_clock_thrown_forward_by_decades_is_not_caught_up_tick_by_tick() -> None:
    """Every ten seconds of fifty years would be a hundred and fifty million moments in a list."""
    start = datetime(1976, 1, 1, tzinfo=UTC)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    trigger = every(10)
    assert trigger.get_next_fire_time(None, now) == now
    assert trigger.get_next_fire_time(start, now) == now + timedelta(seconds=10)
    assert trigger.get_next_fire_time(now, now) == now + timedelta(seconds=10)
    assert trigger.get_next_fire_time(now + timedelta(seconds=1), now) == now + timedelta(seconds=11)
