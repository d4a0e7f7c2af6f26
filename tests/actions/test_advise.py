"""Advice applied: channels, cadences and posts, once. What is there stays, what was only begun with makes room."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from actions.conftest import ALWAYS, utc
from planner import catalogue
from planner.actions import advise as verbs
from planner.actions import occasions, presets
from planner.actions import posts as posting
from planner.actions.cadences import end_cadence
from planner.actions.channels import NameTaken, add_channel
from planner.actions.ideas import edit_idea
from planner.actions.set_up import NewBusiness, set_up
from planner.actions.steps import making_of
from planner.core.advice import Answers, Helper
from planner.core.budget import Budget
from planner.core.model import Business, Content, Purpose, Window
from planner.render import PostTexts
from planner.store import tables
from planner.store.database import Database
from planner.store.queries import businesses, cadences, channels, ideas, posts

KINDS = {"text": Content.TEXT, "image": Content.PHOTO, "video": Content.VIDEO}
NOW = utc("2026-11-30T08:30")  # Monday, 09:30 in Berlin
TEAM = Answers(trade="bakery", country="DE", region="BY", minutes=150, likes=("text", "image", "video"),
               helper=Helper.TEAM)  # fmt: skip
HOUR = Answers(trade="bakery", country="DE", region="BY", minutes=60)


@pytest.fixture
def business(database: Database, texts: PostTexts) -> Business:
    """As the first start leaves it: with the core trio."""
    wanted = NewBusiness(name="Bäckerei Huber", timezone="Europe/Berlin", language="de", tzdata="2026.1")
    with database.write() as tx:
        return set_up(tx, wanted, catalogue.preset("core-trio"), texts, NOW)


def apply(database: Database, texts: PostTexts, answers: Answers) -> verbs.Applied:
    advice = verbs.advice_for(answers)
    with database.write() as tx:
        return verbs.apply(tx, businesses.get(tx, 1), answers, advice, texts, NOW)


def rhythms(database: Database, purpose: Purpose = Purpose.POSTING) -> list[tuple[str, str, str]]:
    with database.read() as tx:
        there = {channel.id: channel.platform for channel in channels.of_business(tx, 1)}
        found = [each for each in cadences.of_business(tx, 1) if each.purpose is purpose]
        return [(there[c.channel_id], c.rrule, f"{c.dtstart:%m-%d %H:%M}") for c in found]


def uids(database: Database) -> list[str]:
    """Of the posts; rounds of answering are none."""
    with database.read() as tx:
        return [post.uid for post in posts.due_between(tx, 1, ALWAYS) if not post.is_round]


@pytest.mark.usefixtures("business")
def test_what_was_only_begun_with_makes_room(database: Database, texts: PostTexts) -> None:
    applied = apply(database, texts, TEAM)
    assert applied.replaced
    assert [channel.platform for channel in applied.added] == [
        "gbp", "whatsapp", "youtube", "instagram", "shop_window",
    ]  # fmt: skip
    assert rhythms(database) == [
        ("gbp", "FREQ=WEEKLY;BYDAY=TU", "12-01 10:00"),
        ("whatsapp", "FREQ=WEEKLY;BYDAY=TH", "12-03 13:00"),
        ("youtube", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1WE", "12-02 14:00"),
        ("instagram", "FREQ=WEEKLY;BYDAY=WE", "12-02 10:30"),
        ("shop_window", "FREQ=MONTHLY;BYDAY=1MO", "12-07 09:00"),
    ]
    assert rhythms(database, Purpose.REPLYING) == [("gbp", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "11-30 17:00")]
    assert applied.posts == len(uids(database)) > 40
    with database.read() as tx:
        after = businesses.get(tx, 1)
    assert (after.trade, after.country, after.region) == ("bakery", "DE", "BY")


@pytest.mark.usefixtures("business")
def test_applying_twice_adds_nothing(database: Database, texts: PostTexts) -> None:
    apply(database, texts, TEAM)
    before = rhythms(database), uids(database)
    answering = rhythms(database, Purpose.REPLYING)
    again = apply(database, texts, TEAM)
    assert (again.added, again.posts, again.replaced, len(again.kept)) == ((), 0, False, 5)
    assert rhythms(database, Purpose.REPLYING) == answering != []
    assert (rhythms(database), uids(database)) == before


@pytest.mark.usefixtures("business")
def test_other_advice_takes_the_place_of_untouched_advice(database: Database, texts: PostTexts) -> None:
    apply(database, texts, TEAM)
    applied = apply(database, texts, HOUR)
    assert applied.replaced
    assert {platform for platform, _rule, _start in rhythms(database)} == {"gbp", "whatsapp", "shop_window"}


@pytest.mark.usefixtures("business")
def test_what_somebody_worked_on_stays_and_the_rest_is_added(database: Database, texts: PostTexts) -> None:
    with database.write() as tx:
        (first,) = posts.due_between(tx, 1, Window(date(2026, 12, 1), date(2026, 12, 2)))
        posting.complete(tx, first.id, now=NOW)
    applied = apply(database, texts, TEAM)
    assert not applied.replaced
    assert [channel.platform for channel in applied.kept] == ["gbp", "whatsapp", "youtube"]
    assert [channel.platform for channel in applied.added] == ["instagram", "shop_window"]
    assert first.uid in uids(database)
    assert ("gbp", "FREQ=WEEKLY;BYDAY=TU", "11-30 09:00") in rhythms(database)


def test_a_channel_without_a_rhythm_is_given_one(database: Database, texts: PostTexts, business: Business) -> None:
    with database.write() as tx:
        own = add_channel(tx, business, "instagram", "Unser Insta", now=NOW)
        (ended,) = [each for each in cadences.of_business(tx, 1) if each.rrule.endswith("BYDAY=TU")]
        end_cadence(tx, business, ended.id, date(2026, 11, 30), now=NOW)
    applied = apply(database, texts, TEAM)
    assert not applied.replaced, "a channel of one's own was not begun with"
    assert {channel.name for channel in applied.added} == {
        "Google-Unternehmensprofil", "Unser Insta", "Aushang im Schaufenster",
    }  # fmt: skip
    assert own in applied.added
    assert {channel.platform for channel in applied.kept} == {"whatsapp", "youtube"}


def test_all_or_nothing(database: Database, texts: PostTexts, business: Business) -> None:
    """A channel of another platform has the name that an advised one would get."""
    with database.write() as tx:
        add_channel(tx, business, "website", "Instagram", now=NOW)
    before = rhythms(database), uids(database)
    with pytest.raises(NameTaken):
        apply(database, texts, TEAM)
    assert (rhythms(database), uids(database)) == before
    with database.read() as tx:
        assert businesses.get(tx, 1).trade == ""


def test_advice_without_any_channel_changes_no_channel(
    database: Database, texts: PostTexts, business: Business
) -> None:
    before = rhythms(database), uids(database)
    nothing = verbs.Advice((), (), 8)
    with database.write() as tx:
        applied = verbs.apply(tx, business, Answers(minutes=10), nothing, texts, NOW)
    assert (applied.added, applied.replaced) == ((), False)
    assert (rhythms(database), uids(database)) == before


def test_the_outlook_says_what_applying_does(database: Database, texts: PostTexts, business: Business) -> None:
    advice = verbs.advice_for(TEAM)

    def outlook() -> verbs.Outlook:
        with database.read() as tx:
            return verbs.outlook(tx, verbs.answered(business, TEAM), TEAM, advice, NOW)

    assert outlook() == verbs.Outlook(Budget((), advice.minutes, advice.usable), replaced=True)
    apply(database, texts, TEAM)
    assert [channel.platform for channel in outlook().kept] == [each.key for each in advice.channels]
    assert not outlook().replaced


@pytest.mark.usefixtures("business")
def test_the_first_weeks_are_those_that_applying_plans(database: Database, texts: PostTexts) -> None:
    """Days, channels and pillars; the ideas of each pillar come in turn, and may be others."""
    with database.read() as tx:
        shown = verbs.answered(businesses.get(tx, 1), TEAM)
    weeks = verbs.first_weeks(shown, verbs.advice_for(TEAM), texts, NOW)
    apply(database, texts, TEAM)
    with database.read() as tx:
        platforms = {channel.id: channel.platform for channel in channels.of_business(tx, 1)}
        planned = posts.due_between(tx, 1, Window(date(2026, 11, 30), date(2026, 12, 28)))
    assert Counter((each.due, each.platform, each.pillar) for each in weeks.posts) == Counter(
        (post.due_local, platforms[post.channel_id], post.pillar) for post in planned if not post.is_round
    )
    assert len(weeks.posts) == 4 + 4 + 1 + 4 + 1
    assert all(each.title for each in weeks.posts)
    assert "Nikolaus" in {each.occasion.name("de") for each in weeks.days}


@pytest.mark.usefixtures("business")
def test_the_days_to_begin_with_in_four_weeks_become_ideas_and_none_twice(database: Database, texts: PostTexts) -> None:
    """Each with its lead: what is due in a fortnight and begun a week ahead, and what comes later but takes longer."""
    advice = verbs.advice_for(TEAM)
    with database.read() as tx:
        shown = verbs.answered(businesses.get(tx, 1), TEAM)
    days = verbs.first_weeks(shown, advice, texts, NOW).days
    ends = date(2026, 12, 28)
    assert all(each.begin == each.day - timedelta(days=each.occasion.lead) < ends for each in days)
    assert any(each.day >= ends for each in days), "one that comes later, and has to be begun before"
    later = occasions.coming(shown, (), NOW, days=120)
    assert [each for each in later if each.begin < ends] == list(days), "all of them"
    applied = apply(database, texts, TEAM)
    titles = [each.occasion.idea("de") for each in days]
    assert [idea.title for idea in applied.ideas] == titles
    assert apply(database, texts, TEAM).ideas == ()
    with database.write() as tx:
        again = occasions.take(tx, businesses.get(tx, 1), days[0].occasion.key, NOW)
        assert again.title == titles[0]
        there, taken = ideas.backlog(tx, 1), ideas.counts(tx, 1)[1]
    assert sorted(idea.title for idea in there) == sorted(titles)
    assert all(each.has_idea for each in verbs.first_weeks(shown, advice, texts, NOW, taken=taken).days)


@pytest.mark.usefixtures("business")
def test_an_idea_that_was_taken_before_stays_as_it_was_written(database: Database, texts: PostTexts) -> None:
    with database.write() as tx:
        business = verbs.answered(businesses.get(tx, 1), TEAM)
        key = occasions.to_begin(business, (), NOW, days=28)[0].occasion.key
        own = occasions.take(tx, business, key, NOW)
        edit_idea(tx, business, own.id, title="Meins", text="", pillar=own.pillar, channel_id=None)
    apply(database, texts, TEAM)
    with database.read() as tx:
        marks = [idea.occasion for idea in ideas.backlog(tx, 1)]
        assert len(marks) == len(set(marks))
        assert ideas.get(tx, 1, own.id).title == "Meins"


FILMS = Answers(trade="bakery", country="DE", region="BY", minutes=150, likes=("video",))


@pytest.mark.usefixtures("business")
def test_each_rhythm_is_made_of_what_was_advised(database: Database, texts: PostTexts) -> None:
    """Somebody who likes to film is advised a video on Google: that comes with its steps there, too."""
    advice = verbs.advice_for(FILMS)
    assert {(each.key, each.kind) for each in advice.channels} >= {("gbp", "video"), ("youtube", "video")}
    apply(database, texts, FILMS)
    with database.read() as tx:
        there = {channel.id: channel for channel in channels.of_business(tx, 1)}
        posting = [each for each in cadences.of_business(tx, 1) if each.purpose is Purpose.POSTING]
        assert {(there[each.channel_id].platform, each.content) for each in posting} == {
            (each.key, KINDS[each.kind]) for each in advice.channels
        }
        google = next(each.id for each in there.values() if each.platform == "gbp")
        post = next(each for each in posts.due_between(tx, 1, ALWAYS) if each.channel_id == google and each.pillar)
        making = making_of(tx, post, businesses.get(tx, 1), there[google], NOW)
    assert [each.step.key for each in making.steps] == ["idea", "script", "film", "edit", "thumbnail", "publish"]


@pytest.mark.usefixtures("business")
def test_another_kind_of_content_is_other_advice(database: Database, texts: PostTexts) -> None:
    """Films and pictures at the same pace: what was begun with, and nobody has touched, gives way."""
    apply(database, texts, FILMS)
    assert apply(database, texts, FILMS).added == ()
    with database.write() as tx:
        tx.execute(update(tables.cadence).values(content=None))  # as before rhythms said it
    again = apply(database, texts, FILMS)
    assert again.replaced
    with database.read() as tx:
        assert all(each.content for each in cadences.of_business(tx, 1) if each.purpose is Purpose.POSTING)


def test_a_preset_begun_with_before_it_said_a_kind_of_content_is_still_known(
    database: Database, texts: PostTexts
) -> None:
    wanted = NewBusiness(name="Bäckerei Huber", timezone="Europe/Berlin", language="de", tzdata="2026.1")
    with database.write() as tx:
        made = set_up(tx, wanted, catalogue.preset("bakery"), texts, NOW)
        assert {each.content for each in cadences.of_business(tx, made.id)} == {None, Content.PHOTO}
        assert (found := presets.begun_with(tx, made, presets.every())) is not None
        assert found.key == "bakery"
        tx.execute(update(tables.cadence).values(content=None))
        assert presets.begun_with(tx, made, presets.every()) == found
        tx.execute(update(tables.cadence).values(content="video"))
        assert presets.begun_with(tx, made, presets.every()) is None


def test_a_public_holiday_is_told(business: Business, texts: PostTexts) -> None:
    epiphany = utc("2026-12-28T08:00")  # Wednesday 6 January is a holiday in Bavaria, not in Berlin
    advice = verbs.advice_for(TEAM)
    for region, expected in [("BY", {"Heilige Drei Könige"}), ("HE", set())]:
        shown = verbs.answered(business, Answers(trade="bakery", country="DE", region=region, minutes=150))
        weeks = verbs.first_weeks(shown, advice, texts, epiphany)
        assert {each.holiday for each in weeks.posts if each.due.date() == date(2027, 1, 6)} - {""} == expected


def test_a_rhythm_of_months_begins_with_the_next_of_its_days(
    database: Database, texts: PostTexts, business: Business
) -> None:
    """The first Wednesday of December is over on the third; the next is in January, not in February."""
    later = utc("2026-12-03T08:00")
    with database.write() as tx:
        verbs.apply(tx, business, TEAM, verbs.advice_for(TEAM), texts, later)
    assert ("youtube", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1WE", "01-06 14:00") in rhythms(database)
