"""Making a video: what a morning mail and the calendar say of its next step, and ticking it off."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import update

from actions.conftest import Shop, utc
from actions.test_mails import COMPOSER, Page, text_of, written
from planner.actions import feeds, pauses, posts, remind, steps
from planner.actions.steps import NoSuchStep, ThePostItself
from planner.core.model import Content, Deed, FeedKind, Message, MessageKind, Pillar, Post
from planner.ical import FeedWriter
from planner.store import tables
from planner.store.queries import businesses, channels, history, outbox

WEDNESDAYS = "FREQ=WEEKLY;INTERVAL=4;BYDAY=WE"
DIGEST = MessageKind.DIGEST


@pytest.fixture
def studio(shop: Shop) -> Shop:
    """A video on Wednesday 23 December 2026 at nine: idea on the 9th, script the 12th, film the 16th, edit the 19th."""
    youtube = shop.add_channel("youtube", "YouTube")
    shop.cadence(WEDNESDAYS, "2026-12-23T09:00", channel=youtube)
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
    return shop


def tick(shop: Shop, post: Post, step: str, *, done: bool = True, now: str = "2026-12-09T10:00") -> bool:
    with shop.database.write() as tx:
        return steps.tick_step(tx, post.id, step, done=done, now=utc(now)).changed


def days_with_mail(shop: Shop, first: str, count: int) -> list[int]:
    """The days of a month on which a digest is put into the outbox at eight in Berlin."""
    for n in range(count):
        with shop.database.write() as tx:
            remind.remind(tx, utc(f"{first}T07:00") + timedelta(days=n))
    with shop.database.read() as tx:
        made = [message.local_date for message in outbox.recent(tx, None, 99) if waits(message)]
    return sorted(day.day for day in made if day >= date.fromisoformat(first))


def waits(message: Message) -> bool:
    """Whether it is a morning mail, and not the row for the days on which nobody was here."""
    return message.kind is DIGEST and message.state == "pending"


# --- ticking -------------------------------------------------------------------------------------------------------


def test_a_tick_takes_those_before_it_along_and_is_taken_back_alone(studio: Shop) -> None:
    post = studio.on("2026-12-23")
    assert tick(studio, post, "film")
    assert not tick(studio, post, "film"), "twice is once"
    assert studio.post(post.id).steps == ("idea", "script", "film")
    tick(studio, post, "script", done=False)
    after = studio.post(post.id)
    assert after.steps == ("idea", "film")
    assert (after.sequence, after.edited, after.status) == (post.sequence, False, post.status)
    with studio.database.read() as tx:
        assert [(e.what, e.detail) for e in history.of_post(tx, post.id)] == [(Deed.EDITED, "steps")] * 2


@pytest.mark.parametrize(("step", "error"), [("publish", ThePostItself), ("music", NoSuchStep), ("", NoSuchStep)])
def test_what_is_no_step_to_tick(studio: Shop, step: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        tick(studio, studio.on("2026-12-23"), step)


def test_the_kind_of_content_decides(studio: Shop) -> None:
    studio.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-22T09:00")
    video, photo = studio.on("2026-12-23"), studio.on("2026-12-22")
    with pytest.raises(NoSuchStep):
        tick(studio, photo, "idea")
    with studio.database.write() as tx:
        posts.edit(tx, video.id, content=Content.TEXT, now=studio.now)
        posts.edit(tx, photo.id, content=Content.VIDEO, now=studio.now)
    assert tick(studio, photo, "idea")
    with pytest.raises(NoSuchStep):
        tick(studio, video, "idea")


def test_a_rhythm_of_videos_has_steps_on_whatever_platform(shop: Shop) -> None:
    shop.cadence("FREQ=MONTHLY;BYDAY=4TU", "2026-12-22T09:00", content=Content.VIDEO)
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
    assert days_with_mail(shop, "2026-12-07", 10) == [8, 11, 15]
    assert tick(shop, shop.on("2026-12-22"), "film", now="2026-12-15T10:00")


def test_a_video_gets_a_hint_for_filming_on_whatever_platform(shop: Shop) -> None:
    """By what the rhythm is made of; where nothing is said, by the platform."""
    youtube = shop.add_channel("youtube", "YouTube")
    rhythms = {8: (None, Content.VIDEO), 9: (youtube, None), 10: (None, None), 11: (youtube, Content.PHOTO)}
    for hour, (channel, content) in rhythms.items():
        where = {"channel": channel} if channel else {}
        shop.cadence("FREQ=DAILY;COUNT=40", f"2026-12-01T{hour:02}:00", pillars=[Pillar.TIP], content=content, **where)
    shop.plan(shop.now)
    hints: dict[int, dict[str, str]] = {}
    for post in shop.posts():
        hints.setdefault(post.due_local.hour, {})[post.prompt] = post.hint
    assert hints[8] == hints[9]
    assert hints[10] == hints[11]
    assert hints[8].keys() == hints[10].keys()
    assert all(hints[8][prompt] != hints[10][prompt] for prompt in hints[8])


# --- in the morning mail -------------------------------------------------------------------------------------------


def test_a_mail_comes_on_the_days_of_steps_until_they_are_done(studio: Shop) -> None:
    assert days_with_mail(studio, "2026-12-07", 11) == [9, 12, 16], "late alone makes no mail of every day"
    tick(studio, studio.on("2026-12-23"), "thumbnail", now="2026-12-17T10:00")
    assert days_with_mail(studio, "2026-12-18", 6) == [23], "then the post itself"


def test_who_ticks_them_off_is_reminded_of_the_next(studio: Shop) -> None:
    assert days_with_mail(studio, "2026-12-09", 1) == [9]
    tick(studio, studio.on("2026-12-23"), "script")
    assert days_with_mail(studio, "2026-12-10", 7) == [16]


def test_in_a_pause_nothing_is_said_and_the_step_comes_before_it(studio: Shop) -> None:
    with studio.database.write() as tx:
        business = studio.business_in(tx)
        pauses.add_pause(tx, business, date(2026, 12, 9), date(2026, 12, 13), now=studio.now)
    assert days_with_mail(studio, "2026-12-07", 10) == [8, 16]


def test_a_moved_post_moves_its_steps(studio: Shop) -> None:
    with studio.database.write() as tx:
        posts.move(tx, studio.on("2026-12-23").id, datetime(2026, 12, 24, 9), now=studio.now)
    assert days_with_mail(studio, "2026-12-08", 9) == [10, 13]


@pytest.mark.parametrize(
    ("language", "subject", "heading", "name", "when", "tick_off"),
    [
        ("en", "Idea: ", "NEXT FOR YOUR VIDEOS", "Idea", "due today", "Tick it off:"),
        ("de", "Idee: ", "ALS NÄCHSTES FÜR DIE VIDEOS", "Idee", "heute fällig", "Abhaken:"),
    ],
)
def test_the_mail_says_what_is_next(
    studio: Shop, language: str, subject: str, heading: str, name: str, when: str, tick_off: str
) -> None:
    post, mail = studio.on("2026-12-23"), written(studio, DIGEST, "2026-12-09T07:00", language=language)
    link = f"https://planner.test/posts/{post.id}"
    assert mail["Subject"] == subject + post.title
    lines = text_of(mail).splitlines()
    start = lines.index(heading)
    assert lines[start + 1 : start + 7] == [
        "-" * len(heading), "", f"{name}: {post.title}", f"YouTube · {when}", tick_off, link,
    ]  # fmt: skip
    assert link in Page(text_of(mail, "html")).links


def test_a_late_step_says_since_when_beside_what_is_due(studio: Shop) -> None:
    studio.cadence("FREQ=WEEKLY;BYDAY=TH", "2026-12-10T09:00")
    mail = written(studio, DIGEST, "2026-12-10T07:00", language="en")
    assert mail["Subject"] == "Today: Google"
    assert "YouTube · was due Wednesday, 9 December" in text_of(mail)


def test_a_tick_before_the_mail_goes_out_leaves_nothing_to_say(studio: Shop) -> None:
    with studio.database.write() as tx:
        remind.remind(tx, utc("2026-12-09T07:00"))
        (message,) = filter(waits, outbox.recent(tx, None, 9))
    tick(studio, studio.on("2026-12-23"), "idea", now="2026-12-09T07:00")
    with studio.database.read() as tx:
        (job,) = COMPOSER.brief(tx, [message], utc("2026-12-09T07:01"))
    assert COMPOSER.write(job, utc("2026-12-09T07:01")) is None


def test_a_broken_file_of_steps_keeps_no_mail_from_going_out(studio: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise steps.Problems([NoSuchStep(id=1, step="x")])

    studio.cadence("FREQ=WEEKLY;BYDAY=TH", "2026-12-10T09:00")
    monkeypatch.setattr(steps.catalogue, "video", broken)
    steps.video.cache_clear()
    try:
        mail = written(studio, DIGEST, "2026-12-10T07:00", language="en")
    finally:
        steps.video.cache_clear()
    assert (mail["Subject"], "VIDEOS" in text_of(mail)) == ("Today: Google", False)


# --- in the calendar -----------------------------------------------------------------------------------------------


def tasks(shop: Shop, now: str, kind: FeedKind = FeedKind.TODO) -> dict[str, Any]:
    """The steps in a feed at an instant, by UID, as icalendar reads them back."""
    with shop.database.write() as tx:
        feed, _secret = feeds.new_feed(tx, shop.business_in(tx), kind=kind, now=utc(now))
        content = feeds.content_of(tx, feed, utc(now))
    calendar = Calendar.from_ical(FeedWriter(lambda number: f"https://planner.test/posts/{number}").write(content))
    return {str(each["UID"]): each for each in calendar.walk("VTODO") if str(each["UID"]).startswith("step-")}


def test_the_next_step_is_a_task_of_its_day(studio: Shop) -> None:
    post = studio.on("2026-12-23")
    found = tasks(studio, "2026-12-01T09:00")
    task = found[f"step-idea-{post.uid}"]
    assert (task.decoded("DUE"), task["STATUS"], "DTSTART" in task) == (date(2026, 12, 9), "NEEDS-ACTION", False)
    assert task["SUMMARY"] == f"Idee: {post.title}"
    assert task["URL"] == f"https://planner.test/posts/{post.id}"
    assert [str(each) for each in task["CATEGORIES"].cats] == ["YouTube", "anstehend"]
    assert len([uid for uid in found if uid.endswith(post.uid)]) == 1
    assert tasks(studio, "2026-12-01T09:00", FeedKind.EVENT) == {}


def test_the_stamps_say_when_it_changed(studio: Shop) -> None:
    """By a tick, by its day, by a pause, by a move: each time the program sees something newer."""
    post = studio.on("2026-12-23")
    early, on_the_day, late = (
        tasks(studio, f"{day}T09:00")[f"step-idea-{post.uid}"] for day in ("2026-12-08", "2026-12-09", "2026-12-10")
    )
    assert early.decoded("LAST-MODIFIED") == post.updated_at
    assert on_the_day.decoded("LAST-MODIFIED") == utc("2026-12-08T23:00"), "midnight in Berlin"
    assert late.decoded("LAST-MODIFIED") == utc("2026-12-09T23:00")
    assert str(late["SUMMARY"]).startswith("! Idee: ")
    tick(studio, post, "idea", now="2026-12-10T10:00")
    found = tasks(studio, "2026-12-10T10:00")
    assert f"step-idea-{post.uid}" not in found
    script = found[f"step-script-{post.uid}"]
    assert (script.decoded("DUE"), script.decoded("LAST-MODIFIED")) == (date(2026, 12, 12), utc("2026-12-10T10:00"))
    with studio.database.write() as tx:
        business = studio.business_in(tx)
        made = pauses.add_pause(tx, business, date(2026, 12, 12), date(2026, 12, 13), now=utc("2026-12-10T11:00"))
    before_it = tasks(studio, "2026-12-10T11:00")[f"step-script-{post.uid}"]
    assert (before_it.decoded("DUE"), before_it.decoded("LAST-MODIFIED")) == (
        date(2026, 12, 11), utc("2026-12-10T11:00"),
    )  # fmt: skip
    assert before_it["SEQUENCE"] == script["SEQUENCE"] + 1
    assert studio.post(post.id).revision == 1, "by nobody's hand"
    with studio.database.write() as tx:
        pauses.remove_pause(tx, business, made.pause.id, texts=studio.texts, now=utc("2026-12-10T12:00"))
        posts.move(tx, post.id, datetime(2026, 12, 24, 9), now=utc("2026-12-10T13:00"))
    moved = tasks(studio, "2026-12-10T13:00")[f"step-script-{post.uid}"]
    assert (moved.decoded("DUE"), moved["SEQUENCE"]) == (date(2026, 12, 13), script["SEQUENCE"] + 3)


def test_the_tag_changes_with_whatever_changes_a_step(studio: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with studio.database.write() as tx:
        _feed, secret = feeds.new_feed(tx, studio.business_in(tx), kind=FeedKind.TODO, now=studio.now)
    post, seen = studio.on("2026-12-23"), []

    def look(now: str = "2026-12-09T12:00") -> None:
        with studio.database.read() as tx:
            found = feeds.find(tx, secret)
        assert found
        seen.append(feeds.etag(found, "https://planner.test", utc(now)))

    look("2026-12-08T12:00")
    look()
    tick(studio, post, "idea")
    look()
    with studio.database.write() as tx:
        pauses.add_pause(tx, studio.business_in(tx), date(2026, 12, 12), date(2026, 12, 13), now=studio.now)
    look()
    monkeypatch.setattr(steps, "fingerprint", lambda: "another file")
    look()
    assert len(set(seen)) == 5


def test_a_post_of_another_channel_s_pause_keeps_its_stamp(studio: Shop) -> None:
    with studio.database.write() as tx:
        tx.execute(update(tables.post).values(content="text"))
        pauses.add_pause(tx, studio.business_in(tx), date(2026, 12, 1), date(2026, 12, 2), now=utc("2026-12-05T09:00"))
        there = channels.of_business(tx, studio.id)
    assert len(there) == 2
    assert studio.on("2026-12-23").updated_at == studio.now
