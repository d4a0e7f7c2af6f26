"""A business from nothing: channels, cadences, thirteen weeks of posts, and when its mails come."""

from dataclasses import replace
from datetime import time

import pytest

from actions.conftest import ALWAYS, utc
from planner import catalogue
from planner.actions.set_up import NewBusiness, change_business, set_up
from planner.core.model import Business, MessageKind
from planner.errors import UnknownTimezone
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import businesses, cadences, channels, facts, posts, reminders

# Wednesday, 2 December 2026, 23:30 in Berlin: the first Wednesday of the month, of which half an hour is left.
NOW = utc("2026-12-02T22:30")
BAKERY = NewBusiness(name="Bäckerei Huber", timezone="Europe/Berlin", language="de", country="DE", tzdata="2026.1")


def made(database: Database, texts: PostTexts, wanted: NewBusiness = BAKERY) -> Business:
    with database.write() as tx:
        return set_up(tx, wanted, catalogue.preset("core-trio"), texts, NOW)


def test_the_core_trio(database: Database, texts: PostTexts) -> None:
    business = made(database, texts)
    with database.read() as tx:
        there = channels.of_business(tx, business.id)
        rules = [(c.rrule, f"{c.dtstart:%Y-%m-%dT%H:%M}") for c in cadences.of_business(tx, business.id)]
        found = posts.due_between(tx, business.id, ALWAYS)
    assert [channel.platform for channel in there] == ["gbp", "whatsapp", "youtube"]
    assert rules == [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-12-02T09:00"),
        ("FREQ=WEEKLY;BYDAY=TH", "2026-12-02T11:00"),
        ("FREQ=MONTHLY;BYDAY=1WE", "2026-12-02T17:00"),
    ]
    # Up to 10 March 2027, that day not included: Tuesdays 8 December to 9 March, Thursdays 3 December to 4 March,
    # and the first Wednesdays 2 December, 6 January, 3 February, 3 March.
    by_channel = {c.platform: [f"{p.due_local:%m-%d}" for p in found if p.channel_id == c.id] for c in there}
    assert (by_channel["gbp"][0], by_channel["gbp"][-1], len(by_channel["gbp"])) == ("12-08", "03-09", 14)
    assert (by_channel["whatsapp"][0], by_channel["whatsapp"][-1], len(by_channel["whatsapp"])) == (
        "12-03",
        "03-04",
        14,
    )
    assert by_channel["youtube"] == ["12-02", "01-06", "02-03", "03-03"]


def test_its_mails_are_scheduled(database: Database, texts: PostTexts) -> None:
    """Thursday at eight, and Monday the 7th at eight for the week; no mail in the evening unless it is wanted."""
    business = made(database, texts)
    with database.read() as tx:
        owed = {kind: each.at for kind, each in reminders.of_business(tx, business.id).items()}
    assert owed == {
        MessageKind.DIGEST: utc("2026-12-03T07:00"),
        MessageKind.SUMMARY: utc("2026-12-07T07:00"),
    }


def test_another_hour_moves_the_mails(database: Database, texts: PostTexts) -> None:
    business = made(database, texts)
    wanted = {"digest_time": time(6, 15), "nudge_time": time(18)}
    with database.write() as tx:
        change_business(tx, business, wanted, now=NOW, tzdata="2026.1")
        owed = {kind: each.at for kind, each in reminders.of_business(tx, business.id).items()}
    assert owed[MessageKind.DIGEST] == utc("2026-12-03T05:15")
    assert owed[MessageKind.NUDGE] == utc("2026-12-03T17:00")


def test_all_or_nothing(database: Database, texts: PostTexts) -> None:
    with pytest.raises(UnknownTimezone, match="Europe/Bielefeld"):
        made(database, texts, replace(BAKERY, timezone="Europe/Bielefeld"))
    with database.read() as tx:
        assert businesses.every(tx) == []
        assert facts.get(tx, "instance") is None


def test_two_businesses_do_not_see_one_another(database: Database, texts: PostTexts) -> None:
    first = made(database, texts)
    second = made(database, texts, replace(BAKERY, name="Salon Rosa", language="en"))
    with database.read() as tx:
        mine = posts.due_between(tx, first.id, ALWAYS)
        theirs = posts.due_between(tx, second.id, ALWAYS)
        assert [b.name for b in businesses.every(tx)] == ["Bäckerei Huber", "Salon Rosa"]
    assert len(mine) == len(theirs) == 32
    assert {post.uid.partition("@")[2] for post in mine} == {post.uid.partition("@")[2] for post in theirs}
    assert not {post.uid for post in mine} & {post.uid for post in theirs}
    assert not {post.text for post in mine} & {post.text for post in theirs}
