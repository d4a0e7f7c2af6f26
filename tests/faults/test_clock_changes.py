"""The clocks are changed in spring and autumn, at an hour at which a mail is due: one mail a local date, at its time.

When each mail is due is written down here in UTC, worked out by hand from the dates and hours in the zone's law: a time
that is left out comes later by what is left out, of a time that comes twice the first counts (RFC 5545, 3.3.5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from notify.server import MailServer
from processes import health, started, until

from faults.installation import Installation
from faults.test_time import by, last_beat
from planner import catalogue
from planner.actions.set_up import NewBusiness, change_business, set_up
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import outbox

pytestmark = pytest.mark.full

CLOCKS = (time(0, 0), time(0, 30), time(1, 30), time(2, 30))
HALF_AN_HOUR = timedelta(minutes=30)
EVERY_DAY = """
title = { en = "Every day", de = "Jeden Tag" }
[[cadence]]
platform = "gbp"
rrule = "FREQ=DAILY"
time = "12:00"
pillars = ["tip"]
"""


@dataclass(frozen=True)
class Change:
    """A zone, the date on which its clocks are changed, and for each of the four times when a mail is due: on that
    date as ``day of the month T time`` in UTC, on the next one by the offset from UTC that holds then.
    """

    zone: str
    day: str
    due: str
    offset: float

    def due_on_the_day(self) -> list[datetime]:
        return [datetime.fromisoformat(self.day[:8] + each).replace(tzinfo=UTC) for each in self.due.split()]

    def due_on_the_next(self) -> list[datetime]:
        day = date.fromisoformat(self.day) + timedelta(days=1)
        return [datetime.combine(day, clock, UTC) - timedelta(hours=self.offset) for clock in CLOCKS]


CHANGES = [
    # 02:00 to 03:00, 03:00 to 02:00
    Change("Europe/Berlin", "2026-03-29", "28T23:00 28T23:30 29T00:30 29T01:30", 2),
    Change("Europe/Berlin", "2026-10-25", "24T22:00 24T22:30 24T23:30 25T00:30", 1),
    # 02:00 to 03:00, 02:00 to 01:00
    Change("America/New_York", "2026-03-08", "08T05:00 08T05:30 08T06:30 08T07:30", -4),
    Change("America/New_York", "2026-11-01", "01T04:00 01T04:30 01T05:30 01T07:30", -5),
    # 02:00 to 02:30, 02:00 to 01:30
    Change("Australia/Lord_Howe", "2026-10-04", "03T13:30 03T14:00 03T15:00 03T15:30", 11),
    Change("Australia/Lord_Howe", "2026-04-05", "04T13:00 04T13:30 04T14:30 04T16:00", 10.5),
    # 00:00 to 01:00, 24:00 of the evening before to 23:00
    Change("America/Santiago", "2026-09-06", "06T04:00 06T04:30 06T04:30 06T05:30", -3),
    Change("America/Santiago", "2026-04-05", "05T04:00 05T04:30 05T05:30 05T06:30", -4),
    Change("Africa/Cairo", "2026-04-24", "23T22:00 23T22:30 23T22:30 23T23:30", 3),
    Change("Africa/Cairo", "2026-10-30", "29T22:00 29T22:30 29T23:30 30T00:30", 2),
    Change("Asia/Beirut", "2026-03-29", "28T22:00 28T22:30 28T22:30 28T23:30", 3),
    Change("Asia/Beirut", "2026-10-25", "24T22:00 24T22:30 24T23:30 25T00:30", 2),
    # 00:00 to 01:00, 01:00 to 00:00
    Change("America/Havana", "2026-03-08", "08T05:00 08T05:30 08T05:30 08T06:30", -4),
    # In autumn Havana does the same by older rules; by those of 2026 it stays as it is.
    Change("Atlantic/Azores", "2026-10-25", "25T00:00 25T00:30 25T02:30 25T03:30", -1),
]
NIGHTS = sorted({change.day for change in CHANGES})
both = pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)


def address(change: Change, clock: time) -> str:
    return f"{change.zone.replace('/', '.')}.{clock:%H%M}@example.org".lower()


def settle(installation: Installation, changes: Iterable[Change], folder: Path) -> None:
    """Businesses in each of the zones, one for each of the four times, half a day before; they post every day."""
    (folder / "every-day.toml").write_text(EVERY_DAY)
    preset = catalogue.preset(str(folder / "every-day.toml"))
    database = Database(installation.address)
    with database.write() as tx:
        for change in changes:
            now = change.due_on_the_day()[0] - timedelta(hours=12)
            for clock in CLOCKS:
                mail = address(change, clock)
                made = set_up(
                    tx,
                    NewBusiness(name=mail, timezone=change.zone, language="de", email=mail),
                    preset,
                    PostTexts(),
                    now,
                )
                change_business(tx, made, {"digest_time": clock, "summary_on": False}, now=now, tzdata="")
    database.close()


@both
@pytest.mark.parametrize("night", NIGHTS)
def test_one_mail_a_local_date_whatever_becomes_of_the_clocks(
    tmp_path: Path, database_address: str, server: MailServer, night: str
) -> None:
    """A process at each of the hours, half an hour before, and on the day of the change up to an hour after."""
    changes = [change for change in CHANGES if change.day == night]
    installation = Installation(tmp_path / "home", database_address, server)
    settle(installation, changes, tmp_path)
    ticks, expected = set(), {}
    for change in changes:
        for clock, first, second in zip(CLOCKS, change.due_on_the_day(), change.due_on_the_next(), strict=True):
            expected[address(change, clock)] = [first, second]
            ticks |= {first + n * HALF_AN_HOUR for n in range(-1, 3)} | {second - HALF_AN_HOUR, second}
    got: dict[str, list[datetime]] = {name: [] for name in expected}
    for moment in sorted(ticks):
        seen = len(server.taken)
        assert installation.run(moment.isoformat(), "tick") == 0
        for mail in server.taken[seen:]:
            got[mail.recipient].append(moment)
    assert got == expected
    first = date.fromisoformat(night)
    assert sorted(row.local_date for row in installation.digests()) == sorted(
        [first, first + timedelta(days=1)] * len(expected)
    )


@pytest.mark.long
@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_a_daemon_lives_through_the_night_of_the_change(
    tmp_path: Path, database_address: str, server: MailServer, night: str
) -> None:
    """One process for Berlin and Beirut, in autumn the Azores, too, whose clock goes from hour to hour."""
    changes = [change for change in CHANGES if change.day == night]
    installation = Installation(tmp_path / "home", database_address, server)
    settle(installation, changes, tmp_path)
    expected = {
        address(change, clock): [due]
        for change in changes
        for clock, due in zip(CLOCKS, change.due_on_the_day(), strict=True)
    }
    moments = sorted({due + late for (due,) in expected.values() for late in (timedelta(), 2 * HALF_AN_HOUR)})
    dial = tmp_path / "dial"
    turn(dial, moments[0] - HALF_AN_HOUR)
    faked = by(dial)
    got: dict[str, list[datetime]] = {name: [] for name in expected}
    with started(tmp_path / "home", **installation.settings, **faked) as (process, port):
        until(lambda: health(port)[0] == 200)
        assert server.taken == []
        for moment in moments:
            seen = len(server.taken)
            turn(dial, moment)
            wait_for_a_whole_tick(installation, moment)
            for mail in server.taken[seen:]:
                got[mail.recipient].append(moment)
        assert process.poll() is None
    assert got == expected


def wait_for_a_whole_tick(installation: Installation, moment: datetime) -> None:
    """Until a tick has come and gone that began at a moment, to which the clock has just been set, or later.

    The first beat that is noted after it may be of a tick that began before; the second is of one that began after the
    first had ended, or a sign of life in the middle of one: then there are mails that are not sent yet.
    """
    beats = set()

    def gone() -> bool:
        beat = last_beat(installation)
        if beat >= moment.replace(tzinfo=None):
            beats.add(beat)
        if len(beats) < 2:
            return False
        open_ = [each for each in installation.digests() if each.state not in outbox.FINAL]
        return not any(each.next_try_at <= moment for each in open_)

    until(gone, 90)


def turn(dial: Path, moment: datetime) -> None:
    """Set the daemon's clock."""
    dial.write_text(f"@{moment:%Y-%m-%d %H:%M:%S}\n")
