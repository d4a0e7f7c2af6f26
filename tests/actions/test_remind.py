"""Putting what is owed into the outbox: once a local date, whatever hours, zones, clocks and daemons do."""

from dataclasses import replace
from datetime import date, time
from threading import Thread

import pytest

from actions.conftest import Shop, utc
from planner.actions import broken, pauses, posts, remind
from planner.core.model import MessageKind
from planner.errors import UnknownTimezone
from planner.language import parts
from planner.store.queries import businesses, facts, outbox
from planner.store.queries import reminders as rows


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    """Posts due on Tuesdays and Thursdays at nine from 1 December 2026; mails at eight, scheduled on Monday noon."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU,TH", "2026-12-01T09:00")
    change(shop, email="chef@example.org")
    return shop


def change(shop: Shop, **values: object) -> None:
    """Change settings of the business, and schedule anew as every shell does."""
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, **values), shop.now)


def reminded(shop: Shop, now: str) -> list[str]:
    """The keys that are new in the outbox after reminding at an instant (UTC)."""
    with shop.database.write() as tx:
        before = {message.key for message in outbox.recent(tx, None, 100)}
        result = remind.remind(tx, utc(now))
        new = [message for message in outbox.recent(tx, None, 100) if message.key not in before]
        assert result.added == len([message for message in new if message.state == "pending"])
    return sorted(message.key + ("" if message.state == "pending" else f" {message.state}") for message in new)


def test_a_digest_on_days_on_which_something_is_due_or_open(bakery: Shop) -> None:
    """Tuesday: due. Then it is done, so Wednesday has nothing. Thursday: due, and stays open: Friday too."""
    assert reminded(bakery, "2026-12-01T06:59") == []
    assert reminded(bakery, "2026-12-01T07:00") == ["digest:1:2026-12-01"]
    with bakery.database.write() as tx:
        posts.complete(tx, bakery.on("2026-12-01").id, now=utc("2026-12-01T09:00"))
    assert reminded(bakery, "2026-12-02T07:00") == []
    assert reminded(bakery, "2026-12-03T07:00") == ["digest:1:2026-12-03"]
    assert reminded(bakery, "2026-12-04T07:00") == ["digest:1:2026-12-04"]


def test_a_second_pass_and_a_clock_set_back_say_nothing_twice(bakery: Shop) -> None:
    assert reminded(bakery, "2026-12-01T07:00") == ["digest:1:2026-12-01"]
    assert reminded(bakery, "2026-12-01T07:00") == []
    assert reminded(bakery, "2026-11-30T07:00") == []
    with bakery.database.write() as tx:  # somebody schedules with the clock a day slow
        remind.schedule(tx, bakery.business_in(tx), utc("2026-11-30T06:00"))
    assert reminded(bakery, "2026-12-01T08:00") == []


@pytest.mark.parametrize(
    ("hour", "same_day", "next_day"),
    [(18, "2026-12-01T17:30", "2026-12-02T17:00"), (6, "2026-12-01T10:00", "2026-12-02T05:00")],
)
def test_a_changed_hour_makes_no_second_digest_of_a_day(bakery: Shop, hour: int, same_day: str, next_day: str) -> None:
    assert reminded(bakery, "2026-12-01T07:00") == ["digest:1:2026-12-01"]
    bakery.now = utc("2026-12-01T09:00")
    change(bakery, digest_time=time(hour, 0))
    assert reminded(bakery, same_day) == []
    assert reminded(bakery, next_day) == ["digest:1:2026-12-02"]


def test_a_changed_zone_across_the_date_line_makes_no_second_digest_of_a_date(bakery: Shop) -> None:
    """Eight on 1 December comes first in Auckland (UTC+13), then in Honolulu (UTC-10)."""
    change(bakery, timezone="Pacific/Auckland")
    assert reminded(bakery, "2026-11-30T19:00") == ["digest:1:2026-12-01"]
    bakery.now = utc("2026-11-30T20:00")
    change(bakery, timezone="Pacific/Honolulu")
    assert reminded(bakery, "2026-12-01T18:00") == []
    assert reminded(bakery, "2026-12-02T18:00") == ["digest:1:2026-12-02"]


def test_the_hour_stays_when_the_clocks_change(shop: Shop) -> None:
    """Berlin leaves summer time on 25 October 2026: eight o'clock is 06:00 UTC before, 07:00 after."""
    shop.now = utc("2026-10-20T10:00")
    shop.cadence("FREQ=DAILY", "2026-10-21T09:00", now=shop.now)
    change(shop)
    assert "digest:1:2026-10-24" not in reminded(shop, "2026-10-24T05:59")
    assert "digest:1:2026-10-24" in reminded(shop, "2026-10-24T06:00")
    assert reminded(shop, "2026-10-25T06:59") == []
    assert reminded(shop, "2026-10-25T07:00") == ["digest:1:2026-10-25"]


def test_after_days_without_power_there_is_one_mail_and_a_trace(bakery: Shop) -> None:
    assert reminded(bakery, "2026-12-01T07:00") == ["digest:1:2026-12-01"]
    assert reminded(bakery, "2026-12-04T10:00") == ["digest:1:2026-12-02 expired", "digest:1:2026-12-04"]
    assert reminded(bakery, "2026-12-05T07:00") == ["digest:1:2026-12-05"]


def test_a_day_that_is_nearly_over_gets_no_morning_mail(bakery: Shop) -> None:
    """A digest of eight o'clock is stale at eight in the evening (19:00 UTC)."""
    assert reminded(bakery, "2026-12-01T19:00") == []
    assert reminded(bakery, "2026-12-02T07:00") == ["digest:1:2026-12-02"]


def test_a_late_summary_waits_for_the_morning(bakery: Shop) -> None:
    """Monday 7 December, nobody there until half past eleven at night: the summary comes at seven."""
    assert "summary:1:2026-W49" in reminded(bakery, "2026-12-07T22:30")
    with bakery.database.read() as tx:
        (summary,) = [m for m in outbox.recent(tx, None, 9) if m.kind is MessageKind.SUMMARY]
    assert (summary.next_try_at, summary.local_date) == (utc("2026-12-08T06:00"), date(2026, 12, 7))


def test_the_summary_is_named_after_the_finished_week_and_old_ones_are_dropped(bakery: Shop) -> None:
    bakery_keys = [key for key in reminded(bakery, "2026-12-21T07:00") if key.startswith("summary")]
    assert bakery_keys == ["summary:1:2026-W51"]
    assert [key for key in reminded(bakery, "2026-12-30T07:00") if key.startswith("summary")] == []  # two days old


def test_a_nudge_only_if_asked_for_and_only_about_today(bakery: Shop) -> None:
    assert reminded(bakery, "2026-12-01T17:30") == ["digest:1:2026-12-01"]
    bakery.now = utc("2026-12-01T17:30")
    change(bakery, nudge_time=time(18, 0))
    assert reminded(bakery, "2026-12-02T17:30") == ["digest:1:2026-12-02"]  # nothing due on Wednesday
    assert "nudge:1:2026-12-03" in reminded(bakery, "2026-12-03T17:30")
    with bakery.database.write() as tx:
        posts.skip(tx, bakery.on("2026-12-08").id, now=utc("2026-12-08T09:00"))
    assert "nudge:1:2026-12-08" not in reminded(bakery, "2026-12-08T17:30")


def test_nothing_comes_during_a_pause(bakery: Shop) -> None:
    assert reminded(bakery, "2026-12-03T07:00")
    with bakery.database.write() as tx:
        pauses.add_pause(tx, bakery.business_in(tx), date(2026, 12, 4), date(2026, 12, 7), now=bakery.now)
    assert [reminded(bakery, f"2026-12-0{day}T07:00") for day in (4, 5, 6, 7)] == [[], [], [], []]
    assert reminded(bakery, "2026-12-08T07:00") == ["digest:1:2026-12-08"]


def test_what_is_switched_off_is_off_and_begins_anew_with_its_next_hour(bakery: Shop) -> None:
    change(bakery, digest_on=False, summary_on=False)
    assert [reminded(bakery, f"2026-12-0{day}T07:00") for day in (1, 3, 7)] == [[], [], []]
    bakery.now = utc("2026-12-08T12:00")
    change(bakery, digest_on=True)
    assert reminded(bakery, "2026-12-08T12:00") == []
    assert reminded(bakery, "2026-12-09T07:00") == ["digest:1:2026-12-09"]


def test_a_business_whose_data_is_broken_does_not_hold_up_the_others(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        other = replace(bakery.business_in(tx), name="Second", email="second@example.org")
        values = {name: getattr(other, name) for name in other.__slots__ if name not in ("id", "revision")}
        second = businesses.add(tx, **values)
        remind.schedule(tx, second, bakery.now)
        businesses.change(tx, bakery.id, timezone="Nowhere/Land")
        with pytest.raises(UnknownTimezone):
            remind.schedule(tx, bakery.business_in(tx), bakery.now)
        result = remind.remind(tx, utc("2026-12-07T07:00"))
        keys = [message.key for message in outbox.recent(tx, None, 9)]
        again = [row for row in rows.due(tx, utc("2026-12-07T07:59"), 9) if row[0] == bakery.id]
        later = [row for row in rows.due(tx, utc("2026-12-07T08:00"), 9) if row[0] == bakery.id]
        noted = list(facts.beginning(tx, broken.NOTES).values())
        businesses.change(tx, bakery.id, timezone="Europe/Berlin")
        mended = remind.remind(tx, utc("2026-12-07T08:00"))
        assert facts.beginning(tx, broken.NOTES) == {}
    assert keys == ["summary:2:2026-W49"]
    assert (result.added, len(result.errors), len(again), len(later)) == (1, 2, 0, 2)
    assert "Nowhere/Land" in result.errors[0].sentence()
    assert [parts(sentence)[1]["business"] for sentence in noted] == [bakery.business.name] * 2  # type: ignore[index]
    assert (len(mended.errors), mended.added) == (0, 2)


def test_it_says_whether_there_is_more(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        first = remind.remind(tx, utc("2026-12-07T07:00"), limit=1)
        second = remind.remind(tx, utc("2026-12-07T07:00"), limit=3)
    assert (first.added, first.more, second.added, second.more) == (1, True, 1, False)


def test_two_daemons_at_once_make_one_row(bakery: Shop) -> None:
    counts: list[int] = []

    def pass_() -> None:
        with bakery.database.write() as tx:
            counts.append(remind.remind(tx, utc("2026-12-07T07:00")).added)

    threads = [Thread(target=pass_) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 2
    with bakery.database.read() as tx:
        pending = sorted(m.key for m in outbox.recent(tx, None, 9) if m.state == "pending")
    assert pending == ["digest:1:2026-12-07", "summary:1:2026-W49"]
