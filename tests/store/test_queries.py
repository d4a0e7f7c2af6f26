"""Finding rows: the edges of windows, and that every question asked often has its index."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, text

from planner.core.model import MessageKind, Post, Status, Window
from planner.core.reminders import Occurrence
from planner.errors import NoSuchBusiness, NoSuchCadence, NoSuchPost
from planner.store import tables
from planner.store.database import Database
from planner.store.queries import (
    briefings,
    businesses,
    cadences,
    channels,
    facts,
    feeds,
    history,
    ideas,
    lost,
    months,
    outbox,
    pauses,
    posts,
    reminders,
    suggestions,
)

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)


@pytest.fixture
def shop(database: Database) -> int:
    """The id of a business in Berlin with one channel."""
    with database.write() as tx:
        business = businesses.add(tx, name="Bäckerei", timezone="Europe/Berlin", language="de", created_at=NOW)
        channels.add(tx, business_id=business.id, platform="gbp", name="Google", created_at=NOW)
    return business.id


def add(database: Database, business_id: int, due: str, **values: object) -> Post:
    """A post due at a wall time of Berlin in winter."""
    local = datetime.fromisoformat(due)
    row = {
        "uid": f"{due}-{values}", "business_id": business_id, "due_local": local,
        "due_at": (local - timedelta(hours=1)).replace(tzinfo=UTC), "pillar": "tip", "status": "planned",
        "created_at": NOW, "updated_at": NOW, **values,
    }  # fmt: skip
    with database.write() as tx:
        (channel, *_) = channels.of_business(tx, business_id)
        return posts.add(tx, **{"channel_id": channel.id, **row})


def days(first: str, last: str) -> Window[date]:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


# --- edges ---------------------------------------------------------------------------------------------------------


def test_a_window_of_days_takes_its_first_and_not_its_last(database: Database, shop: int) -> None:
    for due in ("2026-11-30T23:59:59", "2026-12-01T00:00", "2026-12-02T23:59:59", "2026-12-03T00:00"):
        add(database, shop, due)
    with database.read() as tx:
        found = posts.due_between(tx, shop, days("2026-12-01", "2026-12-03"))
    assert [str(post.due_local) for post in found] == ["2026-12-01 00:00:00", "2026-12-02 23:59:59"]


def test_only_open_ones(database: Database, shop: int) -> None:
    for status in Status:
        add(database, shop, "2026-12-01T09:00", status=status.value)
    with database.read() as tx:
        found = posts.open_between(tx, shop, days("2026-12-01", "2026-12-02"))
    assert [post.status for post in found] == [Status.PLANNED, Status.DRAFTED]


def test_all_that_touches_a_week(database: Database, shop: int) -> None:
    """By slot, by due day, or by when it was made: each is found once; what only lies near is not."""
    week, instants = days("2026-11-30", "2026-12-07"), Window(NOW, NOW + timedelta(days=7))
    far = "2026-10-01T09:00"
    by_slot = add(database, shop, far, slot=datetime(2026, 12, 6, 23, 59))
    by_day = add(database, shop, "2026-11-30T00:00")
    made = add(database, shop, far, posted_at=NOW, status="posted")
    thrice = add(database, shop, "2026-12-01T09:00", slot=datetime(2026, 12, 1), posted_at=NOW, status="posted")
    add(database, shop, far, slot=datetime(2026, 12, 7), posted_at=NOW + timedelta(days=7), status="posted")
    with database.read() as tx:
        found = posts.touching(tx, shop, week, instants, week)
    assert [post.id for post in found] == [by_slot.id, made.id, by_day.id, thrice.id]


def test_rounds_of_answering_are_found_on_the_days_asked_for_and_where_posts_are_not(
    database: Database, shop: int
) -> None:
    week, instants = days("2026-11-30", "2026-12-07"), Window(NOW, NOW + timedelta(days=7))
    told = {"purpose": "replying", "pillar": ""}
    monday = add(database, shop, "2026-11-30T17:00", slot=datetime(2026, 11, 30, 17), **told)
    answered = add(database, shop, "2026-12-02T17:00", posted_at=NOW, status="posted", **told)
    add(database, shop, "2026-10-01T17:00", posted_at=NOW, status="posted", **told)
    skipped = add(database, shop, "2026-12-03T17:00", status="skipped", **told)
    with database.read() as tx:
        found = posts.touching(tx, shop, week, instants, days("2026-12-01", "2026-12-07"))
        assert [(each.id, each.is_round) for each in found] == [(answered.id, True), (skipped.id, True)]
        assert posts.neighbours(tx, [1], Window(datetime(2026, 1, 1), datetime(2027, 1, 1))) == {}
        assert posts.count_open(tx, date(2026, 11, 1)) == 0
        year = Window(datetime(2026, 1, 1), datetime(2027, 1, 1))
        assert posts.round_days(tx, [1], year)[1] >= {monday.due_local.date(), answered.due_local.date()}
        assert skipped.due_local.date() not in posts.round_days(tx, [1], year)[1]
        assert monday.due_local.date() not in posts.round_days(tx, [1], year, but=monday.id)[1]
        near, made = days("2026-12-03", "2026-12-10"), Window(NOW, NOW + timedelta(days=1))
        late = days("2026-11-05", "2026-12-03")
        on_page = posts.for_agenda(tx, shop, near, late, made, (days("2026-12-04", "2027-01-26"), ["youtube"]))
        assert {monday.id, answered.id} <= {post.id for post in on_page}
        briefing = briefings.of(tx, [shop], NOW, (timedelta(days=56), ["youtube"]))[shop]
        assert {monday.id, answered.id} <= {post.id for post in briefing.open_posts}
        assert all(post.pillar is None for post in briefing.open_posts)


def test_another_business_is_never_seen(database: Database, shop: int) -> None:
    with database.write() as tx:
        other = businesses.add(tx, name="Salon", timezone="Europe/Berlin", language="de", created_at=NOW).id
        channels.add(tx, business_id=other, platform="gbp", name="Google", created_at=NOW)
    mine = add(database, shop, "2026-12-01T09:00")
    with database.read() as tx:
        assert posts.due_between(tx, other, days("2026-12-01", "2026-12-02")) == []
        assert posts.get(tx, mine.id, shop) == mine
        with pytest.raises(NoSuchPost):
            posts.get(tx, mine.id, other)
        with pytest.raises(NoSuchCadence):
            cadences.get(tx, other, 1)
        with pytest.raises(NoSuchBusiness):
            businesses.get(tx, 4711)


def test_pauses_that_reach_a_day(database: Database, shop: int) -> None:
    with database.write() as tx:
        for first, last in ((1, 5), (6, 10)):
            pauses.add(
                tx, business_id=shop, channel_id=None, first=date(2026, 12, first), last=date(2026, 12, last), reason=""
            )
        for since, found in ((5, [1, 6]), (6, [6]), (11, [])):
            assert [p.first.day for p in pauses.of_business(tx, shop, since=date(2026, 12, since))] == found
            there = pauses.of_businesses(tx, [shop], date(2026, 12, since)).get(shop, [])
            assert sorted(p.first.day for p in there) == found


def test_longest_waiting_cadences_come_first(database: Database, shop: int) -> None:
    with database.write() as tx:
        channel = channels.of_business(tx, shop)[0].id
        for hours in (3, 1, 2):
            cadences.add(
                tx, business_id=shop, channel_id=channel, dtstart=datetime(2026, 12, 1, 9), rrule="FREQ=DAILY",
                exdates=[], pillars=[], now=NOW + timedelta(hours=hours),
            )  # fmt: skip
        assert [c.id for c in cadences.to_plan(tx, NOW + timedelta(hours=2), 5)] == [2, 3]
        assert [c.id for c in cadences.to_plan(tx, NOW + timedelta(hours=9), 1)] == [2]


def test_a_fact_is_kept_or_renewed(database: Database) -> None:
    with database.write() as tx:
        assert facts.put(tx, "instance", "a", keep=True) == "a"
        assert facts.put(tx, "instance", "b", keep=True) == "a"
        assert facts.put(tx, "instance", "b") == "b"


def test_every_change_is_seen_by_the_feeds_of_its_business_alone(database: Database, shop: int) -> None:
    with database.write() as tx:
        other = businesses.add(tx, name="Salon", timezone="Europe/Berlin", language="de", created_at=NOW).id

    def revision() -> int:
        with database.read() as tx:
            assert businesses.get(tx, other).revision == 0
            return businesses.get(tx, shop).revision

    seen = [revision()]
    post = add(database, shop, "2026-12-01T09:00")
    seen.append(revision())
    for act in (
        lambda tx: posts.change(tx, post, now=NOW, title="x"),
        lambda tx: businesses.change(tx, shop, name="y"),
        lambda tx: pauses.add(tx, business_id=shop, channel_id=None, first=NOW.date(), last=NOW.date(), reason=""),
        lambda tx: pauses.remove(tx, pauses.of_business(tx, shop)[0]),
        lambda tx: channels.add(tx, business_id=shop, platform="gbp", name="Zwei", created_at=NOW),
    ):
        with database.write() as tx:
            act(tx)  # type: ignore[no-untyped-call]
        seen.append(revision())
    assert seen == sorted(set(seen)), "each step raised it"


def test_videos_ahead_are_found_by_content_and_by_platform(database: Database, shop: int) -> None:
    """On the day's page and for the mails: those far ahead only if they are open videos."""
    with database.write() as tx:
        tube = channels.add(tx, business_id=shop, platform="youtube", name="YouTube", created_at=NOW).id
        pauses.add(
            tx, business_id=shop, channel_id=None, first=date(2026, 12, 3), last=date(2026, 12, 4), reason="Umbau"
        )
        pauses.add(tx, business_id=shop, channel_id=tube, first=date(2026, 10, 3), last=date(2026, 10, 4), reason="")
    far = "2026-12-20T09:00"
    found = [
        add(database, shop, far, channel_id=tube),
        add(database, shop, far, content="video"),
    ]
    add(database, shop, far)
    add(database, shop, far, channel_id=tube, content="text")
    add(database, shop, far, channel_id=tube, status="posted")
    add(database, shop, "2027-03-01T09:00", channel_id=tube)
    wanted = {post.id for post in found}
    with database.read() as tx:
        near, made = days("2026-11-30", "2026-12-08"), Window(NOW, NOW + timedelta(days=1))
        ahead = days("2026-12-01", "2027-01-26")
        assert {post.id for post in posts.for_agenda(tx, shop, near, near, made, (ahead, ["youtube"]))} == wanted
        briefing = briefings.of(tx, [shop], NOW, (timedelta(days=56), ["youtube"]))[shop]
        assert {post.id for post in briefing.open_posts} == wanted
        there, closed = channels.with_pauses(tx, shop, date(2026, 11, 1))
    assert [channel.platform for channel in there.values()] == ["gbp", "youtube"]
    assert [(pause.first, pause.channel_id, pause.reason) for pause in closed] == [(date(2026, 12, 3), None, "Umbau")]


# --- indexes -------------------------------------------------------------------------------------------------------

WEEK = days("2026-11-30", "2026-12-07")
QUESTIONS: dict[str, tuple[Callable[[Connection], object], set[str]]] = {
    "cadences to plan": (lambda tx: cadences.to_plan(tx, NOW, 500), {"ix_cadence_plan_at"}),
    "posts of some days": (lambda tx: posts.due_between(tx, 1, WEEK), {"ix_post_business_id_due_local"}),
    "posts of a channel's days": (
        lambda tx: posts.due_between(tx, 1, WEEK, 1),
        {"ix_post_business_id_due_local", "ix_post_channel_id_due_local"},
    ),
    "open posts": (
        lambda tx: posts.open_between(tx, 1, WEEK),
        {"ix_post_open", "ix_post_business_id_due_local"},
    ),
    "open posts of the past and of the days ahead": (
        lambda tx: posts.open_between(tx, 1, WEEK, Window(date(2027, 1, 1), date(2027, 1, 29))),
        {"ix_post_open", "ix_post_business_id_due_local"},
    ),
    "posts that touch a week": (
        lambda tx: posts.touching(tx, 1, WEEK, Window(NOW, NOW + timedelta(days=7)), WEEK),
        {"ix_post_business_id_slot", "ix_post_business_id_due_local", "ix_post_business_id_posted_at"},
    ),
    "a day's posts, and the videos ahead": (
        lambda tx: posts.for_agenda(
            tx, 1, WEEK, WEEK, Window(NOW, NOW + timedelta(days=1)), (days("2026-12-01", "2027-01-26"), ["youtube"])
        ),
        {"ix_post_open", "ix_post_business_id_due_local", "ix_post_business_id_posted_at"},
    ),
    "channels with their pauses": (
        lambda tx: channels.with_pauses(tx, 1, WEEK.start),
        {"sqlite_autoindex_channel_1", "ix_pause_business_id_last"},
    ),
    "drafts by channel": (
        lambda tx: posts.drafted(tx, 1, datetime(2026, 12, 1)),
        {"ix_post_open", "ix_post_business_id_due_local"},
    ),
    "whether an idea was written down lately": (lambda tx: ideas.any_lately(tx, 1, NOW), {"ix_idea_business_id"}),
    "what the months hold": (
        lambda tx: months.kinds(tx, [1], Window(datetime(2026, 11, 1), datetime(2027, 3, 1))),
        {"ix_post_business_id_due_local"},
    ),
    "the suggested texts that were used": (
        lambda tx: suggestions.of_channels(tx, 1, datetime(2027, 12, 1)),
        {"ix_post_business_id_due_local"},
    ),
    "videos whose steps moved": (
        lambda tx: posts.restamp_videos(tx, 1, ["youtube"], WEEK.start, NOW),
        {"ix_post_open", "ix_post_business_id_due_local"},
    ),
    "neighbours on a channel": (
        lambda tx: posts.neighbours(tx, [1, 2], Window(datetime(2026, 11, 1), datetime(2026, 12, 1))),
        {"ix_post_channel_id_due_local"},
    ),
    "what happened to a post": (lambda tx: history.of_post(tx, 1), {"ix_history_post_id"}),
    "the ideas that wait": (lambda tx: ideas.backlog(tx, 1, limit=51), {"ix_idea_business_id"}),
    "how many ideas wait": (lambda tx: ideas.counts(tx, 1), {"ix_idea_business_id"}),
    "a feed by its secret": (lambda tx: feeds.by_secret(tx, "x"), {"sqlite_autoindex_feed_1"}),
    "pauses": (lambda tx: pauses.of_business(tx, 1, since=WEEK.start), {"ix_pause_business_id_last"}),
    "pauses that are over": (
        lambda tx: pauses.over(tx, 1, WEEK.start, skip=0, limit=21),
        {"ix_pause_business_id_last"},
    ),
    "mails owed": (lambda tx: reminders.due(tx, NOW, 200), {"ix_reminder_next_at"}),
    "what mails are written from": (
        lambda tx: briefings.of(tx, [1, 2], NOW, (timedelta(days=56), ["youtube"])),
        {"ix_post_open", "ix_post_business_id_due_local", "ix_pause_business_id_last", "sqlite_autoindex_channel_1"},
    ),
    "mails to send": (lambda tx: outbox.claim(tx, "me", NOW, 50), {"ix_outbox_pending"}),
    "the mail that waits longest, and whether any was lost": (outbox.stuck, {"ix_outbox_ready"}),
    "whose mails were lost": (lambda tx: lost.alarming(tx, 20), {"ix_outbox_lost"}),
    "lost mails to tell of": (lambda tx: lost.untold(tx, [1, 2]), {"ix_outbox_lost"}),
    "whether the mails to a business get through": (lambda tx: lost.alarm_of(tx, 1), {"ix_outbox_lost"}),
    "mails of a lost sender": (lambda tx: outbox.reap(tx, NOW), {"ix_outbox_leased"}),
    "untouched posts of a cadence": (
        lambda tx: posts.remove_untouched(tx, 1, Window(datetime(2026, 11, 1), datetime(2026, 12, 1)), cadence_id=1),
        {"sqlite_autoindex_post_2", "ix_post_business_id_slot", "ix_post_open"},
    ),
}


@pytest.fixture(scope="module", params=["fresh", "analysed"])
def crowded(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A SQLite database of 400 businesses with a hundred posts each; with and without statistics."""
    file = tmp_path_factory.mktemp("crowded") / "planner.db"
    shutil.copy(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    with database.write() as tx:
        _crowd(tx)
        if request.param == "analysed":
            tx.execute(text("ANALYZE"))
    yield database
    database.close()


def _crowd(tx: Connection) -> None:
    many = range(1, 401)
    row = {
        "timezone": "Europe/Berlin", "language": "de", "digest_on": True, "digest_time": time(8), "summary_on": True,
        "quiet_from": time(21), "quiet_until": time(7), "grace_days": 2, "horizon_weeks": 13, "created_at": NOW,
    }  # fmt: skip
    tx.execute(insert(tables.business), [{"id": n, "name": f"B{n}", **row} for n in many])
    tx.execute(
        insert(tables.channel),
        [{"id": n, "business_id": n, "platform": "gbp", "name": "Google", "created_at": NOW} for n in many],
    )
    tx.execute(
        insert(tables.cadence),
        [
            {"id": n, "business_id": n, "channel_id": n, "dtstart": datetime(2026, 1, 1), "rrule": "FREQ=DAILY",
             "plan_at": NOW + timedelta(hours=n), "created_at": NOW}
            for n in many
        ],
    )  # fmt: skip
    posts.add_planned(
        tx,
        [
            {"uid": f"{n}-{day}", "business_id": n, "channel_id": n, "cadence_id": n, "slot": slot, "due_local": slot,
             "due_at": slot.replace(tzinfo=UTC), "pillar": "tip", "created_at": NOW, "updated_at": NOW,
             "status": "posted" if day < 90 else "planned"}
            for n in many
            for day in range(100)
            for slot in [datetime(2026, 9, 1, 9) + timedelta(days=day)]
        ],
    )  # fmt: skip
    for n in many:
        reminders.put(tx, n, MessageKind.DIGEST, Occurrence(NOW.date(), NOW + timedelta(hours=n)))


def plans(database: Database, ask: Callable[[Connection], object]) -> list[str]:
    """How SQLite would answer each statement of a question."""
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with database.write() as tx:
        event.listen(tx, "before_cursor_execute", note)
        ask(tx)
        event.remove(tx, "before_cursor_execute", note)
        found = [
            row[3]
            for statement, parameters in asked
            for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        ]
        tx.rollback()
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_asked_often_has_its_index(crowded: Database, question: str) -> None:
    ask, indexes = QUESTIONS[question]
    steps = plans(crowded, ask)
    assert steps
    scans = [step for step in steps if step.startswith("SCAN") and " USING " not in step]
    scans = [step for step in scans if step != "SCAN CONSTANT ROW"]  # a statement of subqueries alone: no table
    assert scans == [], steps
    assert any(name in step for step in steps for name in indexes), steps
