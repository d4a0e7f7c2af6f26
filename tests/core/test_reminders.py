"""When mails are owed, until when they are worth saying, and that no date is owed twice."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core import localtime
from planner.core.agenda import agenda
from planner.core.model import Business, MessageKind, Pause, Pillar, Post, Status
from planner.core.reminders import Occurrence, digest, expires, key, latest, next_after, not_at_night, nudge

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
DIGEST, NUDGE, SUMMARY = MessageKind.DIGEST, MessageKind.NUDGE, MessageKind.SUMMARY


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def business(**values: object) -> Business:
    given = {"timezone": "Europe/Berlin", **values}
    return Business(id=3, name="Huber", language="de", created_at=utc("2026-01-01T00:00"), **given)  # type: ignore[arg-type]


def post(number: int, due: str, *, channel: int = 1, status: Status = Status.PLANNED) -> Post:
    local = datetime.fromisoformat(due)
    at = localtime.instant(local, "Europe/Berlin")
    return Post(
        id=number, uid=f"post-{number}", business_id=3, channel_id=channel, cadence_id=None, slot=local,
        due_local=local, due_at=at, pillar=Pillar.TIP, prompt="", title=f"Post {number}", text="", status=status,
        created_at=at, updated_at=at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "handled", "now", "expected"),
    [
        # a first start: in the morning before eight, today; after it, tomorrow
        (DIGEST, None, "2026-12-01T06:59", "2026-12-01 2026-12-01T07:00"),
        (DIGEST, None, "2026-12-01T07:00", "2026-12-02 2026-12-02T07:00"),
        # yesterday was handled: today, although its hour has passed
        (DIGEST, "2026-11-30", "2026-12-01T15:00", "2026-12-01 2026-12-01T07:00"),
        (DIGEST, "2026-12-01", "2026-12-01T15:00", "2026-12-02 2026-12-02T07:00"),
        # a week away: today, not a week ago
        (DIGEST, "2026-11-20", "2026-12-01T15:00", "2026-12-01 2026-12-01T07:00"),
        # the clocks go back on 25 October 2026 and forward on 28 March 2027
        (DIGEST, "2026-10-24", "2026-10-24T12:00", "2026-10-25 2026-10-25T07:00"),
        (DIGEST, "2026-10-23", "2026-10-23T12:00", "2026-10-24 2026-10-24T06:00"),
        (DIGEST, "2027-03-27", "2027-03-27T12:00", "2027-03-28 2027-03-28T06:00"),
        # the summary waits for Monday
        (SUMMARY, None, "2026-12-01T06:00", "2026-12-07 2026-12-07T07:00"),
        (SUMMARY, None, "2026-12-07T06:00", "2026-12-07 2026-12-07T07:00"),
        (SUMMARY, "2026-12-07", "2026-12-07T08:00", "2026-12-14 2026-12-14T07:00"),
        # nobody asked for a nudge
        (NUDGE, None, "2026-12-01T06:00", "None"),
    ],
)
def test_when_a_mail_is_owed_next(kind: MessageKind, handled: str | None, now: str, expected: str) -> None:
    found = next_after(kind, business(), date.fromisoformat(handled) if handled else None, utc(now))
    assert (f"{found.day} {found.at:%Y-%m-%dT%H:%M}" if found else "None") == expected


@pytest.mark.parametrize("switched_off", [{"digest_on": False}, {"summary_on": False}])
def test_what_is_switched_off_is_never_owed(switched_off: dict[str, bool]) -> None:
    kind = DIGEST if "digest_on" in switched_off else SUMMARY
    off = business(**switched_off)
    assert next_after(kind, off, None, utc("2026-12-01T06:00")) is None
    assert latest(kind, off, date(2026, 11, 1), utc("2026-12-01T06:00")) is None


@pytest.mark.parametrize(
    ("kind", "since", "now", "expected"),
    [
        (DIGEST, "2026-12-01", "2026-12-01T07:00", "2026-12-01"),
        (DIGEST, "2026-12-01", "2026-12-01T06:59", "None"),
        (DIGEST, "2026-11-27", "2026-12-01T07:30", "2026-12-01"),  # four days away: one mail, today's
        (DIGEST, "2026-11-27", "2026-12-01T06:30", "2026-11-30"),
        (SUMMARY, "2026-11-09", "2026-12-01T07:30", "2026-11-30"),  # three Mondays away: the last one
        (SUMMARY, "2026-12-07", "2026-12-07T06:30", "None"),
        (NUDGE, "2026-12-01", "2026-12-01T16:59", "None"),
        (NUDGE, "2026-12-01", "2026-12-01T17:00", "2026-12-01"),
    ],
)
def test_after_a_time_away_only_the_last_is_owed(kind: MessageKind, since: str, now: str, expected: str) -> None:
    found = latest(kind, business(nudge_time=time(18, 0)), date.fromisoformat(since), utc(now))
    assert (str(found.day) if found else "None") == expected


@settings(max_examples=100, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    clock=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
)
def test_every_local_date_once_whatever_the_zone(zone: str, clock: time, start: datetime) -> None:
    """Ten occurrences in a row are ten dates in a row, at ten instants that only grow."""
    there = business(timezone=zone, digest_time=clock)
    found = next_after(DIGEST, there, None, start.replace(tzinfo=UTC))
    seen: list[Occurrence] = []
    while found and len(seen) < 10:
        seen.append(found)
        found = next_after(DIGEST, there, found.day, found.at)
    days = [occurrence.day for occurrence in seen]
    # A date that a zone left out (Samoa, 30 December 2011) is none of these years'.
    assert days == [days[0] + timedelta(days=n) for n in range(10)]
    assert all(a.at < b.at for a, b in pairwise(seen))
    assert len({key(DIGEST, 3, day) for day in days}) == 10


def test_keys_carry_the_local_date_and_the_finished_week() -> None:
    assert key(DIGEST, 3, date(2026, 10, 25)) == "digest:3:2026-10-25"
    assert key(NUDGE, 3, date(2026, 10, 25)) == "nudge:3:2026-10-25"
    assert key(SUMMARY, 3, date(2026, 10, 26)) == "summary:3:2026-W43"
    assert key(SUMMARY, 3, date(2027, 1, 4)) == "summary:3:2026-W53"


@pytest.mark.parametrize(
    ("kind", "clock", "expected"),
    [
        (DIGEST, time(8, 0), "2026-12-01T19:00"),  # twelve hours on: 20:00 in Berlin
        (DIGEST, time(14, 0), "2026-12-01T21:00"),  # two hours before midnight: 22:00
        (DIGEST, time(23, 30), "2026-12-01T23:00"),  # half an hour at least
        (SUMMARY, time(8, 0), "2026-12-03T07:00"),  # two days
    ],
)
def test_mails_perish(kind: MessageKind, clock: time, expected: str) -> None:
    there = business(digest_time=clock)
    at = localtime.instant(datetime.combine(date(2026, 12, 1), clock), "Europe/Berlin")
    assert expires(kind, there, Occurrence(date(2026, 12, 1), at)) == utc(expected)


@pytest.mark.parametrize(
    ("due", "moment", "expected"),
    [
        ("2026-12-01T07:00", "2026-12-01T15:00", "2026-12-01T15:00"),
        ("2026-12-01T07:00", "2026-12-01T20:30", "2026-12-02T06:00"),  # 21:30 in Berlin: until seven
        ("2026-12-01T07:00", "2026-12-02T03:00", "2026-12-02T06:00"),  # four in the morning
        ("2026-12-01T07:00", "2026-12-02T06:00", "2026-12-02T06:00"),
        ("2026-12-01T04:30", "2026-12-01T04:45", "2026-12-01T04:45"),  # due at half past five, as the owner wanted
    ],
)
def test_late_mails_do_not_come_at_night(due: str, moment: str, expected: str) -> None:
    assert not_at_night(business(), utc(due), utc(moment)) == utc(expected)


def test_quiet_hours_within_a_day() -> None:
    siesta = business(quiet_from=time(13, 0), quiet_until=time(15, 0))
    assert not_at_night(siesta, utc("2026-12-01T07:00"), utc("2026-12-01T12:30")) == utc("2026-12-01T14:00")


TODAY = date(2026, 12, 1)
DUE, LATE = post(1, "2026-12-01T09:00"), post(2, "2026-11-30T09:00")
OLD, ANCIENT = post(3, "2026-11-20T09:00"), post(4, "2026-11-10T09:00")
SOON, FAR = post(5, "2026-12-04T09:00"), post(6, "2026-12-05T09:00")
ELSEWHERE = post(7, "2026-12-01T10:00", channel=2)
EVERYWHERE = Pause(id=1, business_id=3, channel_id=None, first=TODAY, last=TODAY)
ONE_CHANNEL = Pause(id=1, business_id=3, channel_id=1, first=TODAY, last=TODAY)


@pytest.mark.parametrize(
    ("posts", "pauses", "expected"),
    [
        ([], [], None),
        ([SOON], [], None),  # what comes up is no reason for a mail
        ([FAR], [], None),
        ([ANCIENT], [], None),  # nobody is asked about it for ever
        ([post(8, "2026-12-01T09:00", status=Status.POSTED)], [], None),
        ([DUE, SOON, FAR], [], ([1], [], 0, [5])),
        ([LATE], [], ([], [2], 0, [])),
        ([OLD], [], ([], [3], 0, [])),
        ([DUE, LATE, OLD, post(9, "2026-11-25T09:00")], [], ([1], [3, 9, 2], 0, [])),
        (
            [LATE, *(post(n, f"2026-11-{n}T09:00") for n in range(18, 29))],
            [],
            ([], [*range(20, 29), 2], 2, []),  # the ten newest in full
        ),
        ([DUE, LATE], [EVERYWHERE], None),
        ([DUE, LATE, ELSEWHERE], [ONE_CHANNEL], ([7], [], 0, [])),
        ([DUE, LATE], [ONE_CHANNEL], None),
    ],
)
def test_what_a_digest_holds(posts: list[Post], pauses: list[Pause], expected: object) -> None:
    found = digest(agenda(posts, TODAY, 2, 7), business(), pauses)
    ids = [[p.id for p in part] for part in (found.due, found.still_open, found.upcoming)] if found else []
    assert (found and (ids[0], ids[1], found.more_open, ids[2])) == expected


def test_a_nudge_is_about_today_only() -> None:
    assert nudge(agenda([LATE, SOON], TODAY, 2, 7), []) is None
    found = nudge(agenda([DUE, LATE], TODAY, 2, 7), [])
    assert found is not None
    assert [p.id for p in found.due] == [1]
    assert nudge(agenda([DUE], TODAY, 2, 7), [EVERYWHERE]) is None
