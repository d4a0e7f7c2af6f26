"""Half a year looked back on. The November of 2026 is planned on Monday the 2nd; every figure was counted by hand.

Google is due on Tuesdays from the 3rd (week 45), WhatsApp on Thursdays from the 5th.
"""

from datetime import date

import pytest

from actions.conftest import Shop, local, utc
from planner.actions import posts
from planner.actions.consistency import WEEKS, Record, record_of
from planner.actions.overview import summary_of
from planner.actions.pauses import add_pause
from planner.core.consistency import Verdict
from planner.core.delay import Delays
from planner.core.weeks import Week

BEGIN = utc("2026-11-02T07:00")


@pytest.fixture
def november(shop: Shop) -> Shop:
    whatsapp = shop.add_channel("whatsapp")
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-03T09:00", now=BEGIN)
    shop.cadence("FREQ=WEEKLY;BYDAY=TH", "2026-11-05T11:00", channel=whatsapp, now=BEGIN)
    return shop


def done(shop: Shop, due: str, at: str) -> None:
    with shop.database.write() as tx:
        posts.complete(tx, shop.on(due).id, now=utc(at))


def record(shop: Shop, now: str, last: str | None = None) -> Record:
    with shop.database.read() as tx:
        return record_of(tx, shop.business_in(tx), utc(now), Week.parse(last) if last else None)


def verdicts(found: Record, channel: int, count: int = 5) -> list[str]:
    return [verdict.value for _week, verdict in found.channels[channel].weeks[-count:]]


def test_half_a_year_channel_by_channel(november: Shop) -> None:
    done(november, "2026-11-03", "2026-11-03T10:00")
    done(november, "2026-11-10", "2026-11-12T10:00")  # two days late, and in its week
    done(november, "2026-11-05", "2026-11-09T10:00")  # four days late, in the week after
    with november.database.write() as tx:
        add_pause(tx, november.business_in(tx), date(2026, 11, 16), date(2026, 11, 22), now=november.now)
    found = record(november, "2026-12-01T08:00")
    assert (len(found.weeks), str(found.weeks[0]), str(found.weeks[-1])) == (WEEKS, "2026-W24", "2026-W49")
    assert verdicts(found, 0) == ["met", "met", "paused", "missed", "running"]
    assert verdicts(found, 1, 6) == ["nothing", "missed", "met", "paused", "missed", "running"]
    google, whatsapp = found.channels
    assert [(line.goal, line.posted) for line in found.channels] == [(4, 2), (4, 1)]
    assert google.delays == Delays(count=2, same_day=1, soon=1, usual=0)
    assert whatsapp.delays == Delays(count=1, later=1, usual=4)
    assert found.delays == Delays(count=3, same_day=1, soon=1, later=1, usual=2)


def test_a_week_met_in_part_and_one_in_which_nothing_was_owed(november: Shop) -> None:
    november.cadence("FREQ=WEEKLY;BYDAY=FR", "2026-11-06T09:00", now=BEGIN)
    done(november, "2026-11-03", "2026-11-03T10:00")
    with november.database.write() as tx:
        own = posts.add(
            tx, november.business_in(tx), november.channel, local("2026-11-01T09:00"), title="Fund", now=BEGIN
        )
        posts.complete(tx, own.id, now=utc("2026-11-01T10:00"))
    assert verdicts(record(november, "2026-11-09T08:00"), 0, 3) == ["extra", "partly", "running"]


def test_an_earlier_half_year_ends_where_it_was_asked_to(november: Shop) -> None:
    done(november, "2026-11-03", "2026-11-03T10:00")
    found = record(november, "2026-12-01T08:00", "2026-W45")
    assert str(found.weeks[-1]) == "2026-W45"
    assert found.channels[0].weeks[-1][1] is Verdict.MET
    assert found.delays.count == 1
    assert record(november, "2026-12-01T08:00", "2026-W44").delays.count == 0
    assert record(november, "2026-12-01T08:00", "2027-W10").weeks[-1] == Week.parse("2026-W49"), "what is to come"


def test_the_streaks_are_those_of_the_summary(november: Shop) -> None:
    for day in ("17", "24"):
        done(november, f"2026-11-{day}", f"2026-11-{day}T10:00")
    done(november, "2026-11-26", "2026-11-26T12:00")
    found = record(november, "2026-11-30T08:00")
    with november.database.read() as tx:
        summary = summary_of(tx, november.business_in(tx), Week.parse("2026-W49"), utc("2026-11-30T08:00"))
    assert [line.streak for line in found.channels] == [line.streak for line in summary.channels] == [2, 1]
    assert found.streak == summary.streak == 1


def test_each_post_that_slipped_knows_the_next_free_day_of_its_channel(november: Shop) -> None:
    """Monday the 30th: Google is due on Tuesday the 1st, so its missed ones go to Wednesday; WhatsApp's to Tuesday."""
    with november.database.read() as tx:
        summary = summary_of(tx, november.business_in(tx), Week.parse("2026-W48"), utc("2026-11-30T08:00"))
    days = {f"{post.due_local:%m-%d}": summary.free_days[post.id] for post in (*summary.missed, *summary.older)}
    assert days["11-24"] == days["11-03"] == date(2026, 12, 2)
    assert days["11-26"] == date(2026, 12, 1)
