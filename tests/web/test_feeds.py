"""Feeds over HTTP, as the calendar programs that were watched ask for them."""

import gzip
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event

from planner.actions import feeds as verbs
from planner.actions.pauses import add_pause
from planner.actions.posts import complete, edit
from planner.actions.set_up import change_business
from planner.core.model import FeedKind
from planner.language import kept
from planner.store.queries import businesses, feeds, outbox
from planner.web import create_app
from web.conftest import Planner, lose_a_mail, on_sqlite


def events(body: bytes) -> int:
    return body.count(b"BEGIN:VEVENT")


def test_a_feed_is_fetched_by_its_secret_alone(planner: Planner) -> None:
    answer = planner.browser.get(planner.feed())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    # 30 November and thirteen weeks, planned a week further: Tuesdays and Thursdays from 1 December to 4 March at
    # least, first Wednesdays of December, January, February, March.
    assert events(answer.data) in range(13 + 13 + 3, 14 + 14 + 4 + 1)


@on_sqlite
@pytest.mark.parametrize(
    "agent",
    [
        {},  # Google sends no Accept header at all
        {"Accept": "text/calendar,text/plain;q=0.8,*/*;q=0.5"},
        {"Accept": "text/html"},
        {"Accept": "application/json"},
        {"Accept-Language": "xx"},
        {"Cookie": "planner=nonsense"},
        {"Range": "bytes=0-10"},
    ],
)
def test_what_a_program_says_it_accepts_changes_nothing(planner: Planner, agent: dict[str, str]) -> None:
    path = planner.feed()
    assert planner.browser.get(path, headers=agent).data == planner.browser.get(path).data


@on_sqlite
def test_head_is_get_without_its_body(planner: Planner) -> None:
    path = planner.feed()
    full, head = planner.browser.get(path), planner.browser.head(path)
    assert head.data == b""
    assert dict(head.headers) == dict(full.headers)


@on_sqlite
def test_packed_where_it_is_wanted(planner: Planner) -> None:
    path = planner.feed()
    plain = planner.browser.get(path)
    packed = planner.browser.get(path, headers={"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 4 < len(plain.data)
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in planner.browser.get(path, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_an_unchanged_feed_is_one_query_and_no_event(planner: Planner) -> None:
    path = planner.feed()
    tag = planner.browser.get(path).headers["ETag"]
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(planner.database.engine, "before_cursor_execute", note)
    built = planner.site.feed_writer.built
    answer = planner.browser.get(path, headers={"If-None-Match": tag})
    event.remove(planner.database.engine, "before_cursor_execute", note)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert [statement.split()[0] for statement in statements if statement != "BEGIN"] == ["SELECT"]
    assert planner.site.feed_writer.built == built


def test_the_calendar_tells_what_mail_cannot(planner: Planner) -> None:
    path = planner.feed()
    tag = planner.browser.get(path).headers["ETag"]
    assert b"mail-failing" not in planner.browser.get(path).data
    with planner.database.write() as tx:
        reason = kept("The server said no: {reply}", reply="535 wrong")
        outbox.set_way_out(tx, "smtp.example:587", failures=1, reason=reason, paused_until=planner.now)
    answer = planner.browser.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    [event] = [e for e in Calendar.from_ical(answer.data).walk("VEVENT") if "mail-failing" in e["UID"]]
    assert event.decoded("DTSTART") == date(2026, 11, 30)
    assert "535 wrong" in event["DESCRIPTION"]
    assert planner.browser.get(path).data == answer.data
    with planner.database.write() as tx:
        outbox.works(tx, "smtp.example:587", planner.now)
    assert planner.browser.get(path).headers["ETag"] == tag


@pytest.mark.parametrize(("kind", "component"), [(FeedKind.EVENT, "VEVENT"), (FeedKind.TODO, "VTODO")])
def test_the_calendar_tells_of_mails_that_did_not_get_through(planner: Planner, kind: FeedKind, component: str) -> None:
    """Events and tasks alike, of that business alone, until somebody saw to it; the same query finds it."""
    path = planner.feed(kind=kind)
    tag = planner.browser.get(path).headers["ETag"]
    lose_a_mail(planner, kept("The server said no: {reply}", reply="554 not this"))
    answer = planner.browser.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    [told] = [each for each in Calendar.from_ical(answer.data).walk(component) if "mail-failing" in each["UID"]]
    assert "554 not this" in told["DESCRIPTION"]
    assert told.decoded("DTSTART") == date(2026, 11, 30)
    with planner.database.write() as tx:
        outbox.drop(tx, outbox.recent(tx, 1, 1)[0])
    assert planner.browser.get(path).headers["ETag"] == tag


def test_another_business_s_mails_are_not_told_of(planner: Planner) -> None:
    path = planner.feed()
    tag = planner.browser.get(path).headers["ETag"]
    with planner.database.write() as tx:
        other = businesses.add(tx, name="B", timezone="Europe/Berlin", language="de", created_at=planner.now)
    lose_a_mail(planner, "no", business_id=other.id)
    assert planner.browser.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_programs_that_ask_by_time(planner: Planner) -> None:
    path = planner.feed()
    since = planner.browser.get(path).headers["Last-Modified"]
    asked = {"If-Modified-Since": since}
    answer = planner.browser.get(path, headers=asked)
    assert (answer.status_code, answer.data) == (304, b"")
    with planner.database.write() as tx:
        edit(tx, planner.post("2026-12-01").id, title="Neu", now=planner.now)  # within the same second
    changed = planner.browser.get(path, headers=asked)
    assert (changed.status_code, b"Neu" in changed.data) == (200, True)
    assert changed.headers["Last-Modified"] > since
    stale = {"If-Modified-Since": changed.headers["Last-Modified"], "If-None-Match": '"another"'}
    assert planner.browser.get(path, headers=stale).status_code == 200, "the ETag goes first"


@on_sqlite
def test_that_query_uses_indexes(planner: Planner) -> None:
    # PostgreSQL rightly scans tables of one row; its indexes are the same.
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((str(given[2]), given[3]))

    event.listen(planner.database.engine, "before_cursor_execute", note)
    with planner.database.read() as tx:
        verbs.find(tx, "x" * 43)
    event.remove(planner.database.engine, "before_cursor_execute", note)
    statement, values = asked[-1]
    with planner.database.read() as tx:
        plan = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    # The table of ways out has a row or two.
    assert [step for step in plan if step not in ("SCALAR SUBQUERY 1", "SEARCH transport")] == [
        "SEARCH feed USING INDEX sqlite_autoindex_feed_1 (secret_hash=?)",
        "SEARCH business USING INTEGER PRIMARY KEY (rowid=?)",
        "CORRELATED SCALAR SUBQUERY 2",
        "SEARCH lost USING INDEX ix_outbox_lost (business_id=? AND lost_at>?)",
    ]


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_that_query_has_its_indexes_on_postgresql_too(planner: Planner) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((str(given[2]), given[3]))

    many = "SELECT 1, 'event', 'hash ' || n, now() FROM generate_series(1, 2000) n"
    with planner.database.write() as tx:  # of tables with a row or two it would read the whole, or any index
        tx.exec_driver_sql(f"INSERT INTO feed (business_id, kind, secret_hash, created_at) {many}")
    with planner.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE feed")
    event.listen(planner.database.engine, "before_cursor_execute", note)
    with planner.database.read() as tx:
        verbs.find(tx, "x" * 43)
        event.remove(planner.database.engine, "before_cursor_execute", note)
        statement, values = asked[-1]
        tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in tx.exec_driver_sql(f"EXPLAIN {statement}", values))
    for index in ("uq_feed_secret_hash", "pk_business", "ix_outbox_lost"):
        assert index in plan


@on_sqlite
@pytest.mark.parametrize("given", ["*", 'W/"other", {tag}', "{strong}", "{tag}"])
def test_the_ways_to_say_what_one_has(planner: Planner, given: str) -> None:
    path = planner.feed()
    tag = planner.browser.get(path).headers["ETag"]
    header = given.format(tag=tag, strong=tag.removeprefix("W/"))
    assert planner.browser.get(path, headers={"If-None-Match": header}).status_code == 304


def test_whatever_shows_changes_the_tag(planner: Planner) -> None:
    path, post = planner.feed(), planner.post("2026-12-01")
    seen = [planner.browser.get(path).headers["ETag"]]

    def look() -> str:
        answer = planner.browser.get(path, headers={"If-None-Match": seen[-1]})
        assert answer.status_code == 200, "it changed and the program was not told"
        seen.append(answer.headers["ETag"])
        return answer.text.replace("\r\n ", "")

    with planner.database.write() as tx:
        edit(tx, post.id, title="Neuer Titel", now=planner.now)
    assert "Neuer Titel" in look()
    with planner.database.write() as tx:
        complete(tx, post.id, now=planner.now)
    assert "✓ Google" in look()
    with planner.database.write() as tx:
        businesses.change(tx, 1, name="Bäckerei Huber")
    assert "Bäckerei Huber" in look()
    planner.at("2026-12-03T22:59:59")  # a second before midnight in Berlin
    planned = look()
    assert "✗" not in planned
    planner.at("2026-12-04T23:00:01")  # 5 December: YouTube of the 2nd is missed
    assert "✗ YouTube" in look()
    assert len(set(seen)) == len(seen)


def test_only_rows_that_changed_are_read_again(planner: Planner) -> None:
    path, reader = planner.feed(), planner.site.feed_reader
    whole = events(planner.browser.get(path).data)
    assert reader.read == whole
    planner.browser.get(path)
    assert reader.read == whole
    with planner.database.write() as tx:
        edit(tx, planner.post("2026-12-03").id, title="Neuer Titel", now=planner.now)
    assert b"Neuer Titel" in planner.browser.get(path).data
    assert reader.read == whole + 1


@pytest.mark.parametrize(
    ("wanted", "shown", "gone"),
    [
        ({"timezone": "Europe/Athens"}, b"DTSTART:20261201T070000Z", b"DTSTART:20261201T080000Z"),
        ({"language": "en"}, b"Hint:", b"Hinweis:"),
    ],
)
def test_what_is_made_anew_without_a_revision_shows_even_within_the_same_moment(
    planner: Planner, wanted: dict[str, str], shown: bytes, gone: bytes
) -> None:
    path = planner.feed()
    before = planner.browser.get(path).data
    assert gone in before
    assert shown not in before
    with planner.database.write() as tx:
        change_business(tx, planner.business, wanted, now=planner.now, tzdata="x")
    after = planner.browser.get(path).data.replace(b"\r\n ", b"")
    assert shown in after
    assert gone not in after
    nothing_kept = replace(planner.site)
    assert create_app(nothing_kept).test_client().get(path).data.replace(b"\r\n ", b"") == after


def test_posts_taken_back_by_a_pause_leave_the_feed(planner: Planner) -> None:
    path = planner.feed()
    whole = events(planner.browser.get(path).data)
    with planner.database.write() as tx:
        add_pause(tx, planner.business, date(2026, 12, 1), date(2026, 12, 3), now=planner.now)
    assert events(planner.browser.get(path).data) == whole - 3


def test_a_feed_of_a_channel_and_one_of_tasks(planner: Planner) -> None:
    whole = planner.browser.get(planner.feed()).data
    one = planner.browser.get(planner.feed(channel="WhatsApp")).data
    assert 0 < events(one) < events(whole)
    assert b"SUMMARY:Google" not in one
    tasks = planner.browser.get(planner.feed(kind=FeedKind.TODO)).data
    assert (events(tasks), tasks.count(b"UID:todo-")) == (0, events(whole))
    assert planner.browser.get(planner.feed(alarm_minutes=15)).data.count(b"TRIGGER:-PT15M") == events(whole)


def test_ninety_days_back_and_no_further(planner: Planner) -> None:
    path = planner.feed()
    planner.at("2027-03-01T09:00")  # ninety days before: 1 December
    first = b"DTSTART:20261201T080000Z"
    assert first in planner.browser.get(path).data
    planner.at("2027-03-02T09:00")
    assert first not in planner.browser.get(path).data


@on_sqlite
@pytest.mark.parametrize(
    "secret", ["", "x", "x" * 43, "..%2f..%2fetc", "%00", "%ed%a0%80", "a" * 5000, "{revoked}", "{upper}"]
)
def test_unknown_revoked_and_malformed_are_answered_alike(planner: Planner, secret: str) -> None:
    path = planner.feed()
    with planner.database.write() as tx:
        verbs.revoke_feed(tx, planner.business, 1, now=planner.now)
    known = path.removeprefix("/feeds/").removesuffix(".ics")
    nothing = planner.browser.get(f"/feeds/{'y' * 43}.ics")
    answer = planner.browser.get(f"/feeds/{secret.format(revoked=known, upper=known.swapcase())}.ics")
    assert answer.status_code == nothing.status_code == 404
    assert (answer.data, dict(answer.headers)) == (nothing.data, dict(nothing.headers))
    assert planner.browser.get(path, headers={"If-None-Match": "*"}).status_code == 404


@on_sqlite
@pytest.mark.parametrize("method", ["OPTIONS", "PROPFIND", "POST", "PUT", "DELETE"])
def test_other_methods_are_told_what_there_is(planner: Planner, method: str) -> None:
    answer = planner.browser.open(planner.feed(), method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("known", [{}, {"If-None-Match": "*"}, {"Accept-Encoding": "gzip"}, {"Cookie": "planner=x"}])
def test_whoever_asks_and_how_the_whole_answer_is_the_same(
    planner: Planner, method: str, known: dict[str, str]
) -> None:
    revoked, live = planner.feed(), planner.feed()
    with planner.database.write() as tx:
        verbs.revoke_feed(tx, planner.business, 1, now=planner.now)
    answers = set()
    for path in (revoked, f"/feeds/{'y' * 43}.ics", live.replace(".ics", "x.ics"), "/feeds/x", "/feeds/", live[:-4]):
        answer = planner.browser.open(path, method=method, headers=known)
        answers.add((answer.status, answer.data, str(answer.headers)))
    assert len(answers) == 1
    assert answers.pop()[0] == "404 NOT FOUND"


@on_sqlite
def test_the_name_of_a_calendar_program_is_a_line_of_letters(planner: Planner) -> None:
    path = planner.feed()
    planner.browser.get(path, environ_overrides={"HTTP_USER_AGENT": "Cal\x9b31m\x1b[2J"})
    with planner.database.read() as tx:
        assert feeds.get(tx, 1, 1).last_agent.isprintable()


def test_a_fetch_is_noted_once_an_hour(planner: Planner) -> None:
    path = planner.feed()

    def noted() -> object:
        with planner.database.read() as tx:
            return feeds.get(tx, 1, 1).last_fetched_at

    planner.browser.get(path, headers={"User-Agent": "Google-Calendar-Importer"})
    first = planner.now
    assert noted() == first
    planner.moment[0] += timedelta(minutes=59)
    planner.browser.get(path)
    assert noted() == first
    planner.moment[0] += timedelta(minutes=1)
    tag = planner.browser.get(path).headers["ETag"]
    assert noted() == planner.now
    planner.moment[0] += timedelta(hours=2)
    assert planner.browser.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert noted() == planner.now, "asking whether there is news is a sign of life too"


def test_only_a_hash_of_the_secret_is_kept(planner: Planner) -> None:
    secret = planner.feed().removeprefix("/feeds/").removesuffix(".ics")
    assert len(secret) == 43  # 256 bits in base64
    with planner.database.read() as tx:
        kept = [str(row) for row in tx.exec_driver_sql("SELECT * FROM feed")]
    assert secret not in "".join(kept)


@on_sqlite
def test_search_engines_are_sent_away_and_google_calendar_is_not(planner: Planner) -> None:
    answer = planner.browser.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.split("\n")[:3] == ["User-agent: *", "Allow: /feeds/", "Disallow: /"]
