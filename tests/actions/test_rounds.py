"""Answering reviews and messages: planned without words, ticked off for itself, never owed later, never counted."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from actions.conftest import LATER, Shop, do, local, utc
from actions.test_mails import COMPOSER, LINKS, text_of, written
from planner.actions import cadences, feeds, overview, pauses, plan, posts, putting_off, remind, set_up, supply
from planner.actions.cadences import NothingToPublish, RoundsStay
from planner.actions.catching_up import catch_up_of
from planner.actions.channels import add_channel
from planner.actions.consistency import mix_of, record_of
from planner.actions.drafting import Draft, save
from planner.actions.ideas import SlotTaken, add_idea, put_into_post, room_for, runway_of
from planner.actions.plan import due
from planner.actions.rounds import NothingToWrite
from planner.core.model import Cadence, Channel, FeedKind, MessageKind, OnHoliday, Pillar, Post, Purpose, Status
from planner.core.rounds import Answered
from planner.core.weeks import Week
from planner.ical import FeedWriter
from planner.links import Verb
from planner.store.queries import businesses, channels, outbox
from planner.store.queries import posts as rows

WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
DIGEST = MessageKind.DIGEST


def answer(
    shop: Shop, rrule: str = WORKDAYS, start: str = "2026-11-30T17:00", channel: Channel | None = None
) -> Cadence:
    return shop.cadence(rrule, start, channel=channel, purpose=Purpose.REPLYING)


@pytest.fixture
def desk(shop: Shop) -> Shop:
    """Google: a post on Tuesdays at nine, answering on workdays at five, from Monday 30 November 2026 on."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00")
    answer(shop)
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
    return shop


def round_on(shop: Shop, day: str, channel: str = "Google") -> Post:
    with shop.database.read() as tx:
        names = {each.id: each.name for each in channels.of_business(tx, shop.id)}
    (found,) = [
        p for p in shop.posts() if p.is_round and f"{p.due_local:%m-%d}" == day and names[p.channel_id] == channel
    ]
    return found


def rounds(shop: Shop) -> list[Post]:
    return [post for post in shop.posts() if post.is_round]


# --- planning ------------------------------------------------------------------------------------------------------


def test_a_round_has_a_reason_and_nothing_to_publish(desk: Shop) -> None:
    found = round_on(desk, "12-01")
    assert found.title == "Bewertungen und Nachrichten beantworten"
    assert found.hint.startswith("20 % derer, die eine Bewertung schreiben, erwarten binnen eines Tages eine Antwort")
    assert "BrightLocal, 2020" in found.hint
    assert (found.text, found.prompt, found.pillar, found.content, found.status) == ("", "", None, None, "planned")
    assert len(rounds(desk)) == 14 * 5, "fourteen weeks: the horizon and the one to spare"


def test_where_nobody_says_how_soon_there_is_no_reason(shop: Shop) -> None:
    answer(shop, channel=shop.add_channel("mastodon", "Mastodon"))
    assert {post.hint for post in rounds(shop)} == {""}


def test_planning_twice_and_on_goes_on(desk: Shop) -> None:
    before = desk.posts()
    desk.plan(desk.now + timedelta(weeks=2))
    after = desk.posts()
    assert [post for post in after if post.id in {p.id for p in before}] == before
    assert len(rounds(desk)) == 16 * 5
    assert len({(p.channel_id, p.due_local.date()) for p in rounds(desk)}) == len(rounds(desk))


def test_two_cadences_give_one_round_a_day(desk: Shop) -> None:
    answer(desk, "FREQ=WEEKLY;BYDAY=FR,SA", "2026-11-30T10:00")
    days = [post.due_local.date() for post in rounds(desk)]
    assert len(days) == len(set(days)) == 14 * 6


def test_the_words_follow_the_language(desk: Shop) -> None:
    moved = round_on(desk, "12-01")
    do(desk, posts.move, moved.id, local("2026-12-05T10:00"), now=desk.now)
    with desk.database.write() as tx:
        set_up.change_business(tx, desk.business_in(tx), {"language": "en"}, now=desk.now, tzdata="2026.1")
    assert {post.title for post in rounds(desk)} == {"Answer reviews and messages"}
    assert all(post.hint.startswith("20 % of those who write a review") for post in rounds(desk))


def test_the_hours_follow_the_zone(desk: Shop) -> None:
    with desk.database.write() as tx:
        set_up.change_business(tx, desk.business_in(tx), {"timezone": "Europe/London"}, now=desk.now, tzdata="2026.1")
    assert all(post.due_at == due(post.due_local, "Europe/London")[1] for post in rounds(desk))


def test_a_pause_takes_rounds_and_gives_them_back(desk: Shop) -> None:
    with desk.database.write() as tx:
        pause = pauses.add_pause(tx, desk.business_in(tx), date(2026, 12, 7), date(2026, 12, 11), now=desk.now).pause
    assert not [p for p in rounds(desk) if date(2026, 12, 7) <= p.due_local.date() <= date(2026, 12, 11)]
    with desk.database.write() as tx:
        pauses.remove_pause(tx, desk.business_in(tx), pause.id, texts=desk.texts, now=desk.now)
    assert len(rounds(desk)) == 14 * 5


def test_ending_takes_the_rounds_back_and_changing_stays_answering(desk: Shop) -> None:
    (cadence,) = {post.cadence_id for post in rounds(desk)}
    with desk.database.write() as tx:
        business = desk.business_in(tx)
        seen = cadences.outlook(tx, business, [cadence or 0], date(2026, 12, 7))
        made = cadences.change_cadence(
            tx,
            business,
            cadence or 0,
            "FREQ=WEEKLY;BYDAY=MO",
            local("2026-12-07T12:00"),
            texts=desk.texts,
            now=desk.now,
        )
    assert (seen.untouched, seen.rounds, seen.kept) == (0, 13 * 5, ())
    assert (made.purpose, made.pillars) == (Purpose.REPLYING, ())
    assert len(rounds(desk)) == 5 + 13


def test_what_answering_cannot_have_is_refused(shop: Shop) -> None:
    with pytest.raises(NothingToPublish):
        shop.cadence(WORKDAYS, "2026-11-30T17:00", purpose=Purpose.REPLYING, pillars=[Pillar.TIP])
    for moved in (OnHoliday.BEFORE, OnHoliday.AFTER):
        with pytest.raises(RoundsStay):
            shop.cadence(WORKDAYS, "2026-11-30T17:00", purpose=Purpose.REPLYING, on_holiday=moved)
    assert not shop.posts()


# --- its own tick --------------------------------------------------------------------------------------------------


def test_done_skip_and_reopen(desk: Shop) -> None:
    found = round_on(desk, "12-01")
    assert do(desk, posts.complete, found.id).after.status is Status.POSTED
    assert do(desk, posts.reopen, found.id).after.status is Status.PLANNED
    assert do(desk, posts.skip, found.id).after.status is Status.SKIPPED


def test_tomorrow_moves_it_where_no_round_is(desk: Shop) -> None:
    friday = round_on(desk, "12-04")
    after = do(desk, putting_off.tomorrow, friday.id, now=utc("2026-12-04T17:00")).after
    assert (after.due_local, after.status) == (local("2026-12-05T17:00"), Status.PLANNED)


def test_tomorrow_lets_it_go_where_another_stands_for_it(desk: Shop) -> None:
    """Otherwise a week of Tomorrow would leave five rounds on Friday."""
    for day in ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"):
        found = round_on(desk, day[5:])
        change = do(desk, putting_off.tomorrow, found.id, now=utc(f"{day}T17:00"))
        assert (change.after.status, change.after.skip_reason) == (Status.SKIPPED, "Die nächste Runde zählt dafür.")
    on_friday = [post for post in rounds(desk) if f"{post.due_local:%m-%d}" == "12-04"]
    assert len(on_friday) == 1


def test_letting_go_is_taken_back(desk: Shop) -> None:
    found = round_on(desk, "12-01")
    change = do(desk, putting_off.tomorrow, found.id)
    token = LINKS.undo(change.before, change.after, LATER)
    do(desk, posts.undo, LINKS.read_undo(token, LATER))
    assert desk.post(found.id).status is Status.PLANNED
    assert desk.post(found.id).due_local == found.due_local


def test_planning_does_not_join_a_round_that_was_moved_there(desk: Shop) -> None:
    """Moved to a Wednesday beyond the horizon: that Wednesday is not given a second one when it comes into sight."""
    found = round_on(desk, "12-01")
    do(desk, posts.move, found.id, local("2027-03-24T17:00"), now=desk.now)
    desk.plan(desk.now + timedelta(weeks=6))
    there = [post for post in rounds(desk) if post.due_local.date() == date(2027, 3, 24)]
    assert [post.id for post in there] == [found.id]


def test_there_is_nothing_to_write(desk: Shop) -> None:
    found = round_on(desk, "12-01")
    with pytest.raises(NothingToWrite):
        do(desk, posts.edit, found.id, text="Hallo")
    with pytest.raises(NothingToWrite):
        do(desk, posts.complete, found.id, link="https://example.org/1")
    with pytest.raises(NothingToWrite):
        do(desk, posts.revise_checklist, found.id, lambda there: there)
    with pytest.raises(NothingToWrite), desk.database.write() as tx:
        save(tx, found.id, Draft("T", "x", Pillar.TIP, "", "", None), seen="", now=LATER)
    assert desk.post(found.id) == found


# --- what counts posts ---------------------------------------------------------------------------------------------


def test_no_figure_of_posts_has_them(desk: Shop) -> None:
    """Three weeks in which no round is ticked off, against the same three weeks without any."""
    now = utc("2026-12-21T08:00")
    with desk.database.read() as tx:
        business = desk.business_in(tx)
        with_them = facts_of(tx, business, now)
    (cadence,) = {post.cadence_id for post in rounds(desk)}
    with desk.database.write() as tx:
        cadences.end_cadence(tx, desk.business_in(tx), cadence or 0, date(2026, 11, 30), now=desk.now)
    assert not rounds(desk)
    with desk.database.read() as tx:
        assert facts_of(tx, desk.business_in(tx), now) == with_them


def facts_of(tx: object, business: object, now: datetime) -> object:
    """Goal, streak, mix, advice, offers, runway, room for ideas, supply, what is open: all that counts posts."""
    today = date(2026, 12, 21)
    record = record_of(tx, business, now)  # type: ignore[arg-type]
    summary = overview.summary_of(tx, business, Week.of(today).plus(-1), now)  # type: ignore[arg-type]
    catch_up = catch_up_of(tx, business, now)  # type: ignore[arg-type]
    day = overview.agenda_of(tx, business, now)  # type: ignore[arg-type]
    return (
        [replace(line, answered=None) for line in record.channels], record.streak, record.mix, record.delays,
        [replace(line, answered=None) for line in summary.channels], summary.missed, summary.older, summary.free_days,
        summary.outcome, summary.offers, [(each.post.id, each.step) for each in catch_up.advice], catch_up.offers,
        mix_of(tx, business, today, today), runway_of(tx, business, {None: 3}, now),  # type: ignore[arg-type]
        room_for(tx, business, now), supply.running_out(tx, business, None, now),  # type: ignore[arg-type]
        day.due, day.still_open, day.upcoming, day.later, rows.count_open(tx, today),  # type: ignore[arg-type]
    )  # fmt: skip


def test_no_idea_goes_into_one(desk: Shop) -> None:
    found = round_on(desk, "12-01")
    with desk.database.write() as tx:
        idea = add_idea(tx, desk.business_in(tx), title="Ein Gedanke", now=desk.now)
        with pytest.raises(SlotTaken):
            put_into_post(tx, desk.business_in(tx), idea.id, found.id, now=desk.now)
        shown = [post for day in room_for(tx, desk.business_in(tx), desk.now) for post in day.posts]
    assert shown
    assert not [post for post in shown if post.is_round]


def test_the_rotation_of_posts_does_not_notice_them(shop: Shop) -> None:
    """Nor does the mix of its months: a business that never answers gets the same topics."""
    with shop.database.write() as tx:
        other = businesses.add(tx, name="Ohne", timezone="Europe/Berlin", language="de", created_at=shop.now)
        channel = add_channel(tx, other, "gbp", "Google", now=shop.now)
    alone = Shop(shop.database, shop.texts, other.id, channel, shop.now)
    answer(shop)
    for each in (shop, alone):
        each.cadence("FREQ=WEEKLY;BYDAY=TU,FR", "2026-12-01T09:00")
    posted = [(post.slot, post.pillar) for post in shop.posts() if not post.is_round]
    assert posted
    assert posted == [(post.slot, post.pillar) for post in alone.posts()]


def test_what_was_answered_stands_beside_the_goal(desk: Shop) -> None:
    for day in ("11-30", "12-02"):
        do(desk, posts.complete, round_on(desk, day).id)
    with desk.database.read() as tx:
        summary = overview.summary_of(tx, desk.business_in(tx), Week.parse("2026-W49"), utc("2026-12-07T08:00"))
        record = record_of(tx, desk.business_in(tx), utc("2026-12-07T08:00"))
    (line,) = summary.channels
    assert line.answered == record.channels[0].answered == Answered(5, 2)
    assert (line.this.goal, line.this.posted, line.this.missed) == (1, 0, 1)
    assert [post.is_round for post in summary.missed] == [False]


# --- the mails -----------------------------------------------------------------------------------------------------


def test_a_digest_has_one_line_for_all_channels(desk: Shop) -> None:
    answer(desk, channel=desk.add_channel("whatsapp", "WhatsApp"))
    mail = written(desk, DIGEST, "2026-12-02T07:00", language="de")
    text = text_of(mail)
    assert text.count("Bewertungen und Nachrichten beantworten") == 1
    assert "Bewertungen und Nachrichten beantworten: Google, WhatsApp\n" in text
    assert "BrightLocal, 2020" in text
    assert "Amazon Web Services" not in text, "one reason is enough for a line"
    assert "Google: Letztes Mal, Dienstag, 1. Dezember, wurde nicht abgehakt." in text
    first, other = round_on(desk, "12-02"), round_on(desk, "12-02", "WhatsApp")
    for verb in (Verb.DONE, Verb.TOMORROW, Verb.SKIP):
        assert LINKS.action(verb, first, utc("2026-12-02T07:00"), [other]) in text.splitlines()
    html = text_of(mail, "html")
    assert html.count("Bewertungen und Nachrichten beantworten") == 1


@pytest.mark.parametrize(
    ("day", "done", "subject"),
    [
        ("2026-12-01", False, "Heute: Google"),
        ("2026-12-02", False, "1 Beitrag ist noch offen"),
        ("2026-12-02", True, "Heute: Bewertungen und Nachrichten beantworten"),
    ],
)
def test_the_subject(desk: Shop, day: str, done: bool, subject: str) -> None:
    """It names answering only where there is nothing else to do."""
    if done:
        do(desk, posts.complete, post_on(desk, "12-01").id)
    assert written(desk, DIGEST, f"{day}T07:00")["Subject"] == subject


def test_ticked_off_before_the_mail_it_says_nothing(desk: Shop) -> None:
    do(desk, posts.complete, round_on(desk, "12-03").id, now=utc("2026-12-03T06:00"))
    do(desk, posts.complete, post_on(desk, "12-01").id)
    with desk.database.write() as tx:
        remind.remind(tx, utc("2026-12-03T07:00"))
        assert not [m for m in outbox.recent(tx, None, 9) if m.kind is DIGEST and m.state == "pending"]


def post_on(shop: Shop, day: str) -> Post:
    (found,) = [post for post in shop.posts() if not post.is_round and f"{post.due_local:%m-%d}" == day]
    return found


def test_no_mail_asks_for_what_was_missed(desk: Shop) -> None:
    """On Saturday five rounds are past; nothing of them is owed."""
    do(desk, posts.complete, post_on(desk, "12-01").id)
    with desk.database.write() as tx:
        remind.remind(tx, utc("2026-12-05T07:00"))
        assert not [m for m in outbox.recent(tx, None, 9) if m.kind is DIGEST and m.state == "pending"]


def test_the_evening_mail_leaves_it_in_peace(desk: Shop) -> None:
    with desk.database.write() as tx:
        businesses.change(tx, desk.id, nudge_time=datetime(2026, 1, 1, 18).time())
        remind.schedule(tx, desk.business_in(tx), desk.now)
        remind.remind(tx, utc("2026-12-02T17:30"))
        assert not [m for m in outbox.recent(tx, None, 9) if m.kind is MessageKind.NUDGE]


def test_the_weekly_mail_says_how_often_it_was_answered(desk: Shop) -> None:
    do(desk, posts.complete, round_on(desk, "12-02").id)
    with desk.database.write() as tx:
        remind.remind(tx, utc("2026-12-07T07:00"))
        (message,) = [m for m in outbox.recent(tx, None, 9) if m.kind is MessageKind.SUMMARY and m.state == "pending"]
        (job,) = COMPOSER.brief(tx, [message], utc("2026-12-07T07:00"))
        assert job.summary is not None
        assert [line.answered for line in job.summary.channels] == [Answered(5, 1)]
    assert "Bewertungen und Nachrichten: 1 von 5 Malen beantwortet" in text_of(
        written(desk, MessageKind.SUMMARY, "2026-12-07T07:00")
    )


# --- the calendar --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FeedKind)
def test_the_feed_carries_it_and_nothing_piles_up_there(desk: Shop, kind: FeedKind) -> None:
    do(desk, posts.complete, round_on(desk, "11-30").id)
    now = utc("2026-12-03T08:00")
    with desk.database.write() as tx:
        feed, _secret = feeds.new_feed(tx, desk.business_in(tx), kind=kind, now=desk.now)
        content = feeds.content_of(tx, feed, now)
    calendar = Calendar.from_ical(FeedWriter(lambda number: f"https://planner.test/posts/{number}").write(content))
    found = {
        str(item["dtstart"].dt.date()): item for item in calendar.walk(f"V{kind.value.upper()}")
        if "beantworten" in item["summary"]
    }  # fmt: skip
    signs = {day: str(found[day]["summary"]).partition("Google")[0] for day in list(found)[:5]}
    assert signs == {
        "2026-11-30": "✓ ", "2026-12-01": "– ", "2026-12-02": "– ", "2026-12-03": "", "2026-12-04": "",
    }  # fmt: skip
    assert "BrightLocal" in str(found["2026-12-03"]["description"])
    if kind is FeedKind.TODO:
        states = [str(found[day]["status"]) for day in list(found)[:5]]
        assert states == ["COMPLETED", "CANCELLED", "CANCELLED", "NEEDS-ACTION", "NEEDS-ACTION"]


def test_a_round_on_a_channel_of_videos_has_no_steps(shop: Shop) -> None:
    youtube = shop.add_channel("youtube", "YouTube")
    answer(shop, "FREQ=WEEKLY;BYDAY=MO", "2026-12-14T17:00", channel=youtube)
    with shop.database.write() as tx:
        feed, _secret = feeds.new_feed(tx, shop.business_in(tx), kind=FeedKind.TODO, now=shop.now)
        assert not feeds.content_of(tx, feed, utc("2026-12-03T08:00")).steps
        assert plan.plan_ahead(tx, shop.texts, shop.now).posts == 0
