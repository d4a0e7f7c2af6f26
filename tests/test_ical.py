"""The feed's bytes: what calendar programs need, and nothing that trips one of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.core.model import Business, Channel, Feed, FeedKind, Pillar, Post, Status
from planner.ical import Content, FeedWriter

CREATED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
TOUCHED = datetime(2026, 11, 28, 10, 30, 15, tzinfo=UTC)
BUSINESS = Business(id=1, name="Bäckerei Sonnenschein", timezone="Europe/Berlin", language="de", created_at=CREATED)
CHANNEL = Channel(id=1, business_id=1, platform="gbp", name="Google", created_at=CREATED)
FEED = Feed(id=1, business_id=1, channel_id=None, kind=FeedKind.EVENT, alarm_minutes=None, created_at=CREATED)
BEFORE = date(2026, 11, 30)


def post(**values: object) -> Post:
    given: dict[str, object] = {
        "id": 7, "uid": "post-7@test.invalid", "business_id": 1, "channel_id": 1, "cadence_id": 1,
        "slot": datetime(2026, 12, 1, 9), "due_local": datetime(2026, 12, 1, 9),
        "due_at": datetime(2026, 12, 1, 8, tzinfo=UTC), "pillar": Pillar.QUESTION, "prompt": "question/a",
        "title": "Die Frage der Woche", "text": "Was wollt ihr wissen?", "hint": "Ein Foto.", "status": Status.PLANNED,
        "sequence": 2, "created_at": CREATED, "updated_at": TOUCHED,
    }  # fmt: skip
    return Post(**{**given, **values})  # type: ignore[arg-type]


def writer() -> FeedWriter:
    return FeedWriter(lambda number: f"https://planner.test/posts/{number}")


def feed(*posts: Post, today: date = BEFORE, **options: object) -> bytes:
    business = replace(BUSINESS, **options.pop("business", {}))  # type: ignore[arg-type]
    channel = replace(CHANNEL, **options.pop("channel", {}))  # type: ignore[arg-type]
    made = replace(FEED, **options)  # type: ignore[arg-type]
    return writer().write(Content(business, {1: channel}, made, posts, today))


def lines(body: bytes) -> list[str]:
    """The content lines, unfolded."""
    return body.decode("utf-8").replace("\r\n ", "").split("\r\n")


def only(body: bytes) -> icalendar.Component:
    """The feed's single component, as the library reads it back."""
    calendar = icalendar.Calendar.from_ical(body)
    (found,) = calendar.subcomponents
    return found


def test_the_frame_of_the_feed() -> None:
    found = lines(feed(post()))
    assert found[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert found[-2:] == ["END:VCALENDAR", ""]
    head = found[: found.index("BEGIN:VEVENT")]
    for line in (
        "CALSCALE:GREGORIAN",
        "NAME:Bäckerei Sonnenschein",
        "X-WR-CALNAME:Bäckerei Sonnenschein",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "LAST-MODIFIED:20261128T103015Z",
    ):
        assert line in head
    assert any(line.startswith("PRODID:") for line in head)
    assert not any(line.startswith("UID") for line in head), "a calendar's own UID makes vdirsyncer see one item"


def test_nothing_that_trips_a_program_is_in_it() -> None:
    names = {line.split(":")[0].split(";")[0] for line in lines(feed(post()))}
    assert not names & {"METHOD", "RRULE", "TZID", "ORGANIZER", "ATTENDEE", "RECURRENCE-ID", "X-WR-TIMEZONE"}
    assert "BEGIN:VTIMEZONE" not in lines(feed(post()))


def test_an_event() -> None:
    found = lines(feed(post()))
    event = found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT")]
    for line in (
        "UID:post-7@test.invalid",
        "DTSTART:20261201T080000Z",
        "DTEND:20261201T083000Z",
        "DTSTAMP:20261128T103015Z",
        "LAST-MODIFIED:20261128T103015Z",
        "CREATED:20261101T080000Z",
        "SEQUENCE:2",
        "SUMMARY:Google: Die Frage der Woche",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "URL:https://planner.test/posts/7",
    ):
        assert line in event
    description = only(feed(post()))["DESCRIPTION"]
    assert description.startswith("Was wollt ihr wissen?\n\nHinweis: Ein Foto.\n\n")
    assert description.endswith("https://planner.test/posts/7")


@pytest.mark.parametrize(
    ("status", "today", "mark", "word"),
    [
        (Status.PLANNED, date(2026, 11, 30), "", "anstehend"),
        (Status.PLANNED, date(2026, 12, 1), "", "fällig"),
        (Status.PLANNED, date(2026, 12, 2), "! ", "verspätet"),
        (Status.PLANNED, date(2026, 12, 4), "✗ ", "verpasst"),
        (Status.POSTED, date(2026, 12, 4), "✓ ", "gepostet"),
        (Status.SKIPPED, date(2026, 12, 4), "– ", "ausgelassen"),
    ],
)
def test_the_standing_shows_in_summary_and_categories(status: Status, today: date, mark: str, word: str) -> None:
    event = only(feed(post(status=status), today=today))
    assert event["SUMMARY"] == f"{mark}Google: Die Frage der Woche"
    assert [str(category) for category in event["CATEGORIES"].cats] == ["Google", word]


def test_a_post_becomes_missed_by_time_alone_and_the_stamp_says_when() -> None:
    missed = only(feed(post(), today=date(2026, 12, 9)))
    assert missed["DTSTAMP"].dt == datetime(2026, 12, 3, 23, tzinfo=UTC)  # midnight of the 4th in Berlin
    assert missed["SEQUENCE"] == 2
    later_touched = post(updated_at=datetime(2026, 12, 8, 9, tzinfo=UTC))
    assert only(feed(later_touched, today=date(2026, 12, 9)))["DTSTAMP"].dt == datetime(2026, 12, 8, 9, tzinfo=UTC)


def test_the_same_rows_give_the_same_bytes() -> None:
    assert feed(post(), post(id=8, uid="b")) == feed(post(), post(id=8, uid="b"))


def test_an_empty_feed_is_a_calendar() -> None:
    calendar = icalendar.Calendar.from_ical(feed())
    assert calendar.subcomponents == []
    assert calendar["X-WR-CALNAME"] == "Bäckerei Sonnenschein"


def test_a_feed_of_one_channel_is_called_after_it() -> None:
    assert "X-WR-CALNAME:Bäckerei Sonnenschein · Google" in lines(feed(post(), channel_id=1))


def test_alarms_are_the_feed_s_option_and_only_for_open_posts() -> None:
    assert b"VALARM" not in feed(post())
    found = lines(feed(post(), alarm_minutes=30))
    alarm = found[found.index("BEGIN:VALARM") + 1 : found.index("END:VALARM")]
    assert alarm == ["ACTION:DISPLAY", "DESCRIPTION:Google: Die Frage der Woche", "TRIGGER:-PT30M"]
    assert b"VALARM" not in feed(post(status=Status.POSTED), alarm_minutes=30)


def test_drafted_is_tentative() -> None:
    assert only(feed(post(status=Status.DRAFTED)))["STATUS"] == "TENTATIVE"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.PLANNED, "NEEDS-ACTION"),
        (Status.DRAFTED, "NEEDS-ACTION"),
        (Status.POSTED, "COMPLETED"),
        (Status.SKIPPED, "CANCELLED"),
    ],
)
def test_tasks(status: Status, expected: str) -> None:
    made = datetime(2026, 12, 1, 10, 0, 0, 123456, tzinfo=UTC)
    todo = only(feed(post(status=status, posted_at=made if status is Status.POSTED else None), kind=FeedKind.TODO))
    assert todo.name == "VTODO"
    assert todo["STATUS"] == expected
    assert todo["DUE"].dt >= datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert todo["UID"] != "post-7@test.invalid", "one component a UID, also for a program that takes both feeds"
    assert ("COMPLETED" in todo) is (status is Status.POSTED)
    if status is Status.POSTED:
        assert todo["COMPLETED"].dt == datetime(2026, 12, 1, 10, tzinfo=UTC)


NASTY = [
    "a,b;c\\d",
    "line\nbreak",
    "line\r\nbreak",
    "lone\rX-EVIL:1",
    "END:VEVENT\r\nBEGIN:VEVENT",
    "bell\x07 and nul\x00",
    "surrogate \ud800",
    "c1 \x85 \x9b",
    "ünïcödé " * 30,
    "👩‍🍳" * 40,
    '"quoted"',
]


@pytest.mark.parametrize("text", NASTY)
def test_names_and_titles_cannot_break_out(text: str) -> None:
    body = feed(post(title=text, text=text), business={"name": text}, channel={"name": text}, alarm_minutes=5)
    assert body.decode("utf-8")
    names = [line.split(":")[0] for line in lines(body)]
    assert names.count("BEGIN") == names.count("END") == 3
    assert not any(line.startswith("X-EVIL") for line in lines(body))
    assert not any(ord(c) < 32 and c not in "\r\n\t" for c in body.decode())
    assert b"\r" not in body.replace(b"\r\n", b"")
    (event,) = icalendar.Calendar.from_ical(body).subcomponents
    assert "\r" not in event["SUMMARY"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_folded_rightly_and_comes_back(title: str, text: str) -> None:
    body = feed(post(title=title, text=text))
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    (event,) = icalendar.Calendar.from_ical(body).subcomponents
    kept = [c for c in title if c == "\t" or not (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000)]
    if "\r" not in title and "\n" not in title:
        assert event["SUMMARY"] == f"Google: {''.join(kept)}"


def test_a_backslash_before_an_n_is_no_line_end() -> None:
    """icalendar 7.3 itself makes one of it; single events and the alarm, the calendar's name and the categories."""
    path = r"C:\Neu\notiz;a,b"
    body = feed(post(title=path), channel={"name": path}, business={"name": path}, alarm_minutes=5)
    event = only(body)
    assert event["SUMMARY"] == f"{path}: {path}"
    assert event["CATEGORIES"].cats[0] == path
    assert event.subcomponents[0]["DESCRIPTION"] == f"{path}: {path}"
    assert r"X-WR-CALNAME:C:\\Neu\\notiz\;a\,b" in lines(body)


def test_only_what_changed_is_built_again() -> None:
    made = writer()
    posts = tuple(post(id=n, uid=f"post-{n}", title=f"Titel {n}") for n in range(1, 6))
    content = Content(BUSINESS, {1: CHANNEL}, FEED, posts, BEFORE)
    first = made.write(content)
    assert made.built == 5
    assert made.write(content) == first
    assert made.built == 5
    changed = (*posts[:2], replace(posts[2], title="Neu", revision=1), *posts[3:])
    assert b"Neu" in made.write(replace(content, posts=changed))
    assert made.built == 6
    made.write(replace(content, today=date(2026, 12, 1)))  # all of them are due now
    assert made.built == 11


def test_what_is_kept_is_bounded() -> None:
    made = FeedWriter(str, keep=3)
    posts = tuple(post(id=n, uid=f"post-{n}") for n in range(10))
    made.write(Content(BUSINESS, {1: CHANNEL}, FEED, posts, BEFORE))
    assert len(made._events) == 3


def test_a_renamed_channel_or_another_language_is_not_served_from_what_was_kept() -> None:
    made = writer()
    content = Content(BUSINESS, {1: CHANNEL}, FEED, (post(),), date(2026, 12, 4))
    made.write(content)
    assert b"Maps: Die" in made.write(replace(content, channels={1: replace(CHANNEL, name="Maps")}))
    assert b"missed" in made.write(replace(content, business=replace(BUSINESS, language="en")))
    moved = replace(post(), due_at=post().due_at + timedelta(hours=1))
    assert b"DTSTART:20261201T090000Z" in made.write(replace(content, posts=(moved,)))


def test_marks_that_turn_the_direction_and_odd_line_ends_are_taken_out() -> None:
    nasty = "Foto\u202egnp.exe\u2066x\u2069"
    event = only(feed(post(title=nasty, text=f"eins\u2028BEGIN:VALARM\u2029{nasty}"), channel={"name": nasty}))
    assert event["SUMMARY"] == "Fotognp.exex: Fotognp.exex"
    assert event["DESCRIPTION"].startswith("eins\nBEGIN:VALARM\nFotognp.exex")
    body = feed(post(title="a\r\nEND:VEVENT\r\nBEGIN:VEVENT", text=nasty), business={"name": "x\u2028ATTENDEE:y"})
    assert body.count(b"\r\nBEGIN:VEVENT\r\n") == body.count(b"\r\nEND:VEVENT\r\n") == 1
    assert len(body.decode().splitlines()) == body.count(b"\r\n"), "nothing that any reader takes for a line's end"
