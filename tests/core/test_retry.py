"""How long is waited after a failure."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.core.retry import Failure, channel_pause, next_try

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (500, 60)])
def test_the_wait_doubles_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert next_try(NOW, attempts, 1.0) == NOW + timedelta(minutes=minutes)
    assert next_try(NOW, attempts, 0.0) == NOW + timedelta(minutes=minutes / 2)


@pytest.mark.parametrize(
    ("failure", "failures", "minutes"),
    [
        (Failure.CHANNEL, 1, 1), (Failure.CHANNEL, 4, 8), (Failure.CHANNEL, 9, 60),
        (Failure.CONFIGURATION, 1, 15), (Failure.CONFIGURATION, 2, 30), (Failure.CONFIGURATION, 3, 60),
    ],
)  # fmt: skip
def test_a_way_out_rests(failure: Failure, failures: int, minutes: int) -> None:
    assert channel_pause(NOW, failure, failures) == NOW + timedelta(minutes=minutes)
