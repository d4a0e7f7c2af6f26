"""Every zone, every local date from 2024 to 2030: one digest, at the wished wall time or past the gap it fell in.

What is expected is worked out another way than the program's: only from instants to offsets, which is never ambiguous.
A zone's clock is cut into stretches of one offset, and a wall time is looked for in each of them.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from planner.core import localtime
from planner.core.model import Business, MessageKind
from planner.core.reminders import key, latest, next_after

DIGEST = MessageKind.DIGEST
FIRST, END = date(2024, 1, 1), date(2031, 1, 1)
HALF_A_DAY, SECOND = timedelta(hours=12), timedelta(seconds=1)
CLOCKS = [time(0, 0), time(0, 30), time(2, 30), time(8, 0), time(23, 30)]
Stretch = tuple[datetime, timedelta]


def of_the_package(name: str) -> bytes:
    return resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()


@cache
def zones() -> list[str]:
    """One name of each set of rules: many zones are another's under an old name, to the last byte."""
    named = sorted(available_timezones() - {"localtime", "Factory"})
    return list({of_the_package(name): name for name in reversed(named)}.values())


@cache
def stretches(name: str) -> list[Stretch]:
    """From when on which offset holds, the first from before the first date. No clock changes twice in half a day."""
    zone, end = ZoneInfo(name), datetime(2031, 1, 3, tzinfo=UTC)

    def offset(moment: datetime) -> timedelta:
        found = moment.astimezone(zone).utcoffset()
        assert found is not None
        return found

    before = datetime(2023, 12, 30, tzinfo=UTC)
    found = [(before, offset(before))]
    while before < end:
        after = before + HALF_A_DAY
        if offset(before) != offset(after):
            low, high = before, after
            while high - low > SECOND:
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            moment = high.replace(microsecond=0)
            found.append((moment, offset(moment)))
        before = after
    return found


def expected(name: str, day: date, clock: time) -> tuple[datetime, timedelta]:
    """The instant, and by how much its wall time is later than wished."""
    wished = datetime.combine(day, clock, UTC)
    parts = [*stretches(name), (datetime.max.replace(tzinfo=UTC), timedelta())]
    for (begin, offset), (end, _) in pairwise(parts):
        if begin <= wished - offset < end:
            return wished - offset, timedelta()  # the first of two, in autumn
    for (_, offset), (end, later) in pairwise(parts):
        if wished - offset >= end > wished - later:
            return wished - offset, later - offset
    raise AssertionError("a wall time is shown, or in a gap")


@pytest.mark.long
@pytest.mark.full
@pytest.mark.parametrize("clock", CLOCKS, ids=str)
def test_every_zone_gets_one_digest_a_local_date(clock: time) -> None:
    assert len(zones()) > 300
    gaps = 0
    for name in zones():
        there = Business(id=3, name="Huber", timezone=name, language="de", digest_time=clock,
                         created_at=datetime(2024, 1, 1, tzinfo=UTC))  # fmt: skip
        handled, now = FIRST - timedelta(days=1), localtime.instant(datetime(2024, 1, 1), name)
        days, keys = 0, set[str]()
        while handled < END - timedelta(days=1):
            found = next_after(DIGEST, there, handled, now)
            assert found is not None
            assert found.day == handled + timedelta(days=1), (name, found)
            instant, late = expected(name, found.day, clock)
            assert found.at == instant, (name, found)
            assert localtime.wall(found.at, name) == datetime.combine(found.day, clock) + late, (name, found)
            if late:
                gaps += 1
            elif found.day.day == 1:
                assert latest(DIGEST, there, found.day, found.at) == found
                assert latest(DIGEST, there, found.day, found.at - SECOND) is None
            handled, now = found.day, found.at
            keys.add(key(DIGEST, 3, found.day))
            days += 1
        assert days == len(keys) == (END - FIRST).days == 2557, name
    assert (gaps > 0) is (clock in (time(0, 0), time(0, 30), time(2, 30), time(23, 30))), gaps


@pytest.mark.parametrize("clock", CLOCKS, ids=str)
@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
    ],
)
def test_a_date_that_a_zone_left_out_owes_nothing(name: str, left_out: date, clock: time) -> None:
    """None of these years', but the next government that changes sides of the date line will not ask us."""
    there = Business(id=3, name="Huber", timezone=name, language="de", digest_time=clock,
                     created_at=datetime(1990, 1, 1, tzinfo=UTC))  # fmt: skip
    day = timedelta(days=1)
    found = next_after(
        DIGEST, there, left_out - day, localtime.instant(datetime.combine(left_out - day, time(23)), name)
    )
    assert found is not None
    assert (found.day, localtime.wall(found.at, name)) == (left_out + day, datetime.combine(left_out + day, clock))
    assert latest(DIGEST, there, left_out - 3 * day, found.at) == found
    before = latest(DIGEST, there, left_out - 3 * day, found.at - SECOND)
    assert before is not None
    assert (before.day, before.at < found.at) == (left_out - day, True)
