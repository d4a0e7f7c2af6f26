"""On which days people are told of a pause."""

from datetime import date

from planner.core.closing import Notice, notice_days
from planner.core.model import Pause

TODAY = date(2026, 12, 1)


def pause(first: int, last: int, channel_id: int | None = None) -> Pause:
    return Pause(id=1, business_id=1, channel_id=channel_id, first=date(2026, 12, first), last=date(2026, 12, last))


def days(*pauses: Pause, today: date = TODAY) -> dict[str, int]:
    return {notice.value: day.day for notice, day in notice_days(pauses[0], 7, pauses, today).items()}


def test_the_last_day_before_and_the_first_after() -> None:
    assert days(pause(10, 15)) == {"closed": 9, "back": 16}


def test_other_pauses_of_the_channel_are_passed_over() -> None:
    assert days(pause(10, 15), pause(8, 9, 7), pause(16, 17)) == {"closed": 7, "back": 18}
    assert days(pause(10, 15), pause(8, 9, 8), pause(16, 17, 8)) == {"closed": 9, "back": 16}


def test_what_is_over_is_not_told() -> None:
    assert days(pause(10, 15), today=date(2026, 12, 9)) == {"closed": 9, "back": 16}
    assert days(pause(10, 15), today=date(2026, 12, 10)) == {"back": 16}
    assert days(pause(10, 15), today=date(2026, 12, 17)) == {}
    assert days(pause(2, 15), pause(1, 1)) == {"back": 16}


def test_a_pause_of_other_days_is_another_one() -> None:
    assert Notice.CLOSED.key(pause(10, 15)) == "closing/closed/2026-12-10/2026-12-15"
    assert Notice.BACK.key(pause(10, 15)) != Notice.BACK.key(pause(10, 16))
