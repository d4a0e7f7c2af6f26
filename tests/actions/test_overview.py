"""What is shown: a day, some days, a week against its goal, a post in JSON. Every figure was counted by hand.

The bakery's November 2026: Google on Tuesdays from the 3rd, WhatsApp on Thursdays from the 5th; it is planned on
Monday the 2nd. The weeks are 45 (2nd to 8th), 46 (9th), 47 (16th), 48 (23rd) and 49 (30 November).
"""

from datetime import date

import pytest

from actions.conftest import Shop, local, utc
from planner.actions import overview, posts
from planner.actions.pauses import add_pause
from planner.actions.set_up import change_business
from planner.core.agenda import Agenda
from planner.core.model import Post, Window
from planner.core.weeks import Week

BEGIN = utc("2026-11-02T07:00")


@pytest.fixture
def november(shop: Shop) -> Shop:
    whatsapp = shop.add_channel("whatsapp")
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-03T09:00", now=BEGIN)
    shop.cadence("FREQ=WEEKLY;BYDAY=TH", "2026-11-05T11:00", channel=whatsapp, now=BEGIN)
    return shop


def done(shop: Shop, due: str, at: str) -> Post:
    with shop.database.write() as tx:
        return posts.complete(tx, shop.on(due).id, now=utc(at)).after


def summary(shop: Shop, week: str, now: str) -> overview.Summary:
    with shop.database.read() as tx:
        return overview.summary_of(tx, shop.business_in(tx), Week.parse(week), utc(now))


def figures(line: overview.ChannelSummary) -> dict[str, int]:
    week = line.this
    names = ("goal", "planned", "posted", "late", "missed", "skipped", "open")
    return {name: value for name in names if (value := getattr(week, name))}


def three_good_weeks(shop: Shop) -> None:
    for day in ("03", "10", "17"):
        done(shop, f"2026-11-{day}", f"2026-11-{day}T10:00")
    for day in ("05", "12", "19"):
        done(shop, f"2026-11-{day}", f"2026-11-{day}T12:00")


def test_a_week_as_it_should_be(november: Shop) -> None:
    three_good_weeks(november)
    seen = summary(november, "2026-W47", "2026-11-23T07:00")
    assert [line.channel.name for line in seen.channels] == ["Google", "WhatsApp"]
    for line in seen.channels:
        assert figures(line) == {"goal": 1, "planned": 1, "posted": 1}
        assert (line.this.met, line.before.met, line.streak) == (True, True, 3)
    assert (seen.streak, seen.missed, seen.older, seen.anything_missed) == (3, (), (), False)


def test_a_tuesday_post_made_on_thursday_meets_the_goal_and_is_late(november: Shop) -> None:
    done(november, "2026-11-03", "2026-11-05T10:00")
    google, _ = summary(november, "2026-W45", "2026-11-09T07:00").channels
    assert figures(google) == {"goal": 1, "planned": 1, "posted": 1, "late": 1}
    assert google.this.met


def test_a_missed_post_breaks_the_streak_of_its_channel_and_of_the_business(november: Shop) -> None:
    three_good_weeks(november)
    done(november, "2026-11-26", "2026-11-26T12:00")
    seen = summary(november, "2026-W48", "2026-11-30T07:00")
    google, whatsapp = seen.channels
    assert figures(google) == {"goal": 1, "planned": 1, "missed": 1}
    assert (google.this.met, google.before.met, google.streak) == (False, True, 0)
    assert (whatsapp.streak, seen.streak) == (4, 0)
    assert [post.due_local for post in seen.missed] == [local("2026-11-24T09:00")]
    assert seen.anything_missed


def test_within_the_grace_it_is_late_and_asks_for_a_decision_but_not_missed(november: Shop) -> None:
    """Due on Thursday the 26th; on Saturday the 28th it is the second day of two."""
    seen = summary(november, "2026-W48", "2026-11-28T12:00")
    _, whatsapp = seen.channels
    assert figures(whatsapp) == {"goal": 1, "planned": 1, "late": 1}
    assert [f"{post.due_local:%d}" for post in seen.missed] == ["24", "26"]
    # in Berlin Sunday has begun
    assert figures(summary(november, "2026-W48", "2026-11-28T23:30").channels[1]) == {
        "goal": 1, "planned": 1, "missed": 1,
    }  # fmt: skip


def test_the_week_that_runs_neither_breaks_nor_counts_until_it_is_met(november: Shop) -> None:
    three_good_weeks(november)
    monday = summary(november, "2026-W48", "2026-11-23T07:00")
    assert [line.streak for line in monday.channels] == [3, 3]
    assert monday.streak == 3
    assert figures(monday.channels[0]) == {"goal": 1, "planned": 1, "open": 1}
    done(november, "2026-11-24", "2026-11-24T10:00")
    tuesday = summary(november, "2026-W48", "2026-11-24T11:00")
    assert [line.streak for line in tuesday.channels] == [4, 3]
    assert tuesday.streak == 3


def test_a_pause_takes_the_goal_away_and_breaks_nothing(november: Shop) -> None:
    three_good_weeks(november)
    with november.database.write() as tx:
        add_pause(tx, november.business_in(tx), date(2026, 11, 23), date(2026, 11, 29), now=november.now)
    for due in ("2026-12-01", "2026-12-03"):
        done(november, due, f"{due}T12:00")
    paused = summary(november, "2026-W48", "2026-11-30T07:00")
    assert [figures(line) for line in paused.channels] == [{}, {}]
    assert [line.this.met for line in paused.channels] == [None, None]
    assert (paused.streak, paused.anything_missed) == (3, False)
    assert summary(november, "2026-W49", "2026-12-07T07:00").streak == 4


def test_skipping_is_no_miss_but_the_goal_stays(november: Shop) -> None:
    with november.database.write() as tx:
        posts.skip(tx, november.on("2026-11-03").id, now=BEGIN)
    seen = summary(november, "2026-W45", "2026-11-09T07:00")
    assert figures(seen.channels[0]) == {"goal": 1, "planned": 1, "skipped": 1}
    assert seen.channels[0].this.met is False
    assert [f"{post.due_local:%d}" for post in seen.missed] == ["05"]


def test_any_post_of_the_channel_meets_the_goal(november: Shop) -> None:
    """The Tuesday post was skipped, another one made on Wednesday instead."""
    with november.database.write() as tx:
        posts.skip(tx, november.on("2026-11-03").id, now=BEGIN)
        own = posts.add(
            tx, november.business_in(tx), november.channel, local("2026-11-04T09:00"), title="Fund", now=BEGIN
        )
        posts.complete(tx, own.id, now=utc("2026-11-04T10:00"))
    google, _ = summary(november, "2026-W45", "2026-11-09T07:00").channels
    assert figures(google) == {"goal": 1, "planned": 2, "posted": 1, "skipped": 1}
    assert google.this.met


def test_a_post_moved_to_the_next_week_counts_where_it_was_owed_and_where_it_was_made(november: Shop) -> None:
    with november.database.write() as tx:
        posts.move(tx, november.on("2026-11-03").id, local("2026-11-11T09:00"), now=BEGIN)
    done(november, "2026-11-11", "2026-11-11T10:00")
    done(november, "2026-11-10", "2026-11-10T10:00")
    seen = summary(november, "2026-W46", "2026-11-16T07:00").channels[0]
    assert figures(seen) == {"goal": 1, "planned": 2, "posted": 2}
    assert (seen.before.goal, seen.before.planned, seen.before.posted, seen.before.met) == (1, 0, 0, False)


def test_a_post_made_on_sunday_night_counts_for_the_local_week(november: Shop) -> None:
    """23:30 on Sunday the 8th in Berlin is 22:30 UTC; half an hour later it is the next week."""
    done(november, "2026-11-03", "2026-11-08T22:30")
    done(november, "2026-11-05", "2026-11-08T23:00")
    google, whatsapp = summary(november, "2026-W45", "2026-11-09T07:00").channels
    assert (google.this.posted, whatsapp.this.posted) == (1, 0)
    assert summary(november, "2026-W46", "2026-11-09T07:00").channels[1].this.posted == 1


def test_older_misses_are_told_for_three_weeks(november: Shop) -> None:
    seen = summary(november, "2026-W49", "2026-12-03T07:00")
    assert [f"{post.due_local:%m-%d}" for post in seen.older] == [
        "11-10", "11-12", "11-17", "11-19", "11-24", "11-26",
    ]  # fmt: skip
    assert [f"{post.due_local:%m-%d}" for post in seen.missed] == ["12-01"]


def test_a_channel_that_owes_nothing(november: Shop) -> None:
    november.add_channel("youtube")
    seen = summary(november, "2026-W45", "2026-11-09T07:00").channels[2]
    assert (seen.channel.name, figures(seen), seen.this.met, seen.streak) == ("YouTube", {}, None, 0)


def test_a_streak_goes_on_over_the_year_of_fifty_three_weeks(shop: Shop) -> None:
    """From 2026-W45 to 2027-W52 there are 9 weeks of 2026 and 52 of 2027."""
    with shop.database.write() as tx:
        change_business(tx, shop.business_in(tx), {"horizon_weeks": 60}, now=BEGIN, tzdata="2026.1")
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-03T09:00", now=BEGIN)
    planned = shop.posts()
    with shop.database.write() as tx:
        for post in planned:
            posts.complete(tx, post.id, now=post.due_at)
    assert f"{planned[-1].due_local:%G-W%V}" == "2027-W52"
    assert summary(shop, "2027-W52", "2028-01-02T12:00").streak == 9 + 52


# --- a day ---------------------------------------------------------------------------------------------------------


def agenda(shop: Shop, now: str) -> Agenda:
    with shop.database.read() as tx:
        return overview.agenda_of(tx, shop.business_in(tx), utc(now))


def days(found: tuple[Post, ...]) -> list[str]:
    return [f"{post.due_local:%m-%d}" for post in found]


def test_a_day(november: Shop) -> None:
    done(november, "2026-11-05", "2026-11-05T12:00")
    seen = agenda(november, "2026-11-10T08:00")
    assert (days(seen.due), days(seen.still_open), days(seen.upcoming)) == (["11-10"], ["11-03"], ["11-12", "11-17"])
    done(november, "2026-11-10", "2026-11-10T08:30")
    after = agenda(november, "2026-11-10T09:00")
    assert (days(after.due), days(after.done)) == ([], ["11-10"])


def test_the_day_is_the_local_one(november: Shop) -> None:
    assert days(agenda(november, "2026-11-09T22:59").due) == []
    assert days(agenda(november, "2026-11-09T23:00").due) == ["11-10"]


def test_still_open_reaches_four_weeks_back(november: Shop) -> None:
    assert days(agenda(november, "2026-12-01T08:00").still_open)[0] == "11-03"
    assert days(agenda(november, "2026-12-02T08:00").still_open)[0] == "11-05"


def test_some_days_with_the_pauses_that_touch_them(november: Shop) -> None:
    with november.database.write() as tx:
        business = november.business_in(tx)
        for first, last in ((1, 2), (2, 3), (8, 9), (9, 10)):
            add_pause(tx, business, date(2026, 11, first), date(2026, 11, last), now=november.now)
    with november.database.read() as tx:
        span = overview.span_of(tx, november.business_in(tx), Window(date(2026, 11, 3), date(2026, 11, 9)))
    assert [(pause.first.day, pause.last.day) for pause in span.pauses] == [(2, 3), (8, 9)]
    assert days(span.posts) == ["11-05"]


# --- for programs --------------------------------------------------------------------------------------------------


def test_a_post_in_json(november: Shop) -> None:
    post = november.on("2026-11-03")
    fields = overview.post_fields(post, november.business, november.channel, utc("2026-11-06T00:00"))
    assert fields == {
        "id": post.id,
        "uid": post.uid,
        "business": "Bäckerei Huber",
        "channel": "Google",
        "platform": "gbp",
        "title": post.title,
        "pillar": "question",
        "purpose": "posting",
        "due": "2026-11-03T09:00+01:00",
        "status": "planned",
        "standing": "missed",
        "link": "",
    }
    assert list(fields) == [
        "id", "uid", "business", "channel", "platform", "title", "pillar", "purpose", "due", "status", "standing",
        "link",
    ]  # fmt: skip
