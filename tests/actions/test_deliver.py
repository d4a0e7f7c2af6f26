"""Handing over to a real conversation on loopback; what was taken is counted at the receiver and compared."""

import logging
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from notify.server import serving
from sqlalchemy import text

from actions.conftest import MORNING, Shop, utc
from actions.sending import Post_Office, more_businesses, open_
from planner.actions import posts, remind
from planner.actions.deliver import Delivered, clean_up
from planner.language import said
from planner.notify.folder import FolderTransport
from planner.store.queries import businesses, outbox

# --- one mail -------------------------------------------------------------------------------------------


def test_a_digest_is_handed_over_once_and_remembered(bakery: Shop) -> None:
    with open_(bakery, end=["250 2.0.0 queued as 4711"]) as office:
        assert office.deliver() == Delivered(1, 0, more=False)
        assert office.deliver() == Delivered(0, 0, more=False)
        (mail,), row = office.server.taken, office.row
    assert (mail.sender, mail.recipient) == ("planner@example.org", "chef@example.org")
    assert (row.state, row.attempts, row.reply_code, row.reply_text) == ("sent", 1, 250, "2.0.0 queued as 4711")
    assert (row.sent_at, row.mime, row.ambiguous) == (MORNING, mail.data, False)
    assert f"Message-ID: {row.message_id}".encode() in mail.data


def test_what_is_done_in_the_meantime_is_not_in_the_mail(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        posts.complete(tx, bakery.on("2026-12-01").id, now=MORNING)
    with open_(bakery) as office:
        assert office.deliver() == Delivered(0, 0, more=False)
        assert (office.row.state, office.server.taken) == ("superseded", [])


def test_a_mail_that_was_switched_off_in_the_meantime_is_not_sent(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        businesses.change(tx, bakery.id, digest_on=False)
    with open_(bakery) as office:
        office.deliver()
        assert (office.row.state, office.server.connections) == ("superseded", 0)


def test_a_changed_address_gets_the_mail(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        businesses.change(tx, bakery.id, email="neu@bäckerei.example")
    with open_(bakery) as office:
        office.deliver()
        assert [mail.recipient for mail in office.server.taken] == ["neu@xn--bckerei-5wa.example"]


def test_without_an_address_nothing_is_sent_but_files_are_written(bakery: Shop, tmp_path: Path) -> None:
    with bakery.database.write() as tx:
        businesses.change(tx, bakery.id, email="")
    with open_(bakery) as office:
        office.deliver()
        assert (office.row.state, said(office.row.error)) == ("suppressed", "No e-mail address is set.")
        with bakery.database.write() as tx:
            tx.execute(text("UPDATE outbox SET state = 'pending'"))
        files = Post_Office(bakery, office.server, transport=FolderTransport(tmp_path / "mail"))
        assert files.deliver().sent == 1
    assert len(list((tmp_path / "mail").glob("2026-12-01-*.eml"))) == 1


def test_a_stale_mail_is_closed_unsent(bakery: Shop) -> None:
    with open_(bakery) as office:
        office.deliver(after=timedelta(hours=12))
        assert (office.row.state, office.server.connections) == ("expired", 0)


def test_the_next_digest_says_what_got_lost(bakery: Shop) -> None:
    with open_(bakery) as office:
        office.deliver(after=timedelta(hours=12))
        with bakery.database.write() as tx:
            assert remind.remind(tx, utc("2026-12-02T07:00")).added == 1
        office.now = utc("2026-12-02T07:00")
        office.deliver()
        said = "Die Morgenmail von Dienstag, 1. Dezember hat Sie nicht erreicht: Sie konnte nicht rechtzeitig hinaus."
        assert said in " ".join(office.texts()[0].split())


def test_a_late_mail_does_not_come_at_night(shop: Shop) -> None:
    """A summary of Monday that could not go out by 21:00 waits until seven."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-24T09:00", now=utc("2026-11-23T08:00"))
    with shop.database.write() as tx:
        there = businesses.change(tx, shop.id, email="chef@example.org", digest_on=False)
        remind.schedule(tx, there, utc("2026-11-23T12:00"))
        assert remind.remind(tx, utc("2026-11-30T07:00")).added == 1
    with open_(shop, greeting=["421 busy"]) as office:
        office.now = utc("2026-11-30T19:58")
        office.deliver()
        office.deliver(after=timedelta(minutes=4))  # 21:02 in Berlin
        assert (office.row.state, office.row.next_try_at) == ("pending", utc("2026-12-01T06:00"))
        office.now = utc("2026-12-01T06:00")
        assert office.deliver().sent == 1


def test_a_row_that_cannot_be_written_as_a_mail_is_parked(bakery: Shop, caplog: pytest.LogCaptureFixture) -> None:
    more_businesses(bakery, 2)
    with bakery.database.write() as tx:
        businesses.change(tx, 2, timezone="Nowhere/Land")
        businesses.change(tx, 3, email="two\r\nBcc: eve@example.org")
    with caplog.at_level(logging.CRITICAL), open_(bakery) as office:
        assert office.deliver().sent == 1
        assert [row.state.value for row in office.rows] == ["sent", "dead", "dead"]
        assert "Nowhere/Land" in office.rows[1].error
        assert "BadAddress" in office.rows[2].error


def test_two_senders_on_one_database_send_each_mail_once(bakery: Shop) -> None:
    more_businesses(bakery, 39)
    with serving() as server:
        offices = [Post_Office(bakery, server, owner=owner) for owner in ("one", "two", "three")]
        counts = [0, 0, 0]

        def work(number: int) -> None:
            while (done := offices[number].deliver(limit=5)).more:
                counts[number] += done.sent
            counts[number] += done.sent

        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        recipients = [mail.recipient for mail in server.taken]
        assert (len(recipients), len(set(recipients)), sum(counts)) == (40, 40, 40)
        assert {row.state.value for row in offices[0].rows} == {"sent"}


def test_when_told_to_stop_the_rest_is_left_for_others_at_once(bakery: Shop) -> None:
    more_businesses(bakery, 4)
    with open_(bakery) as office:
        stopped = office.deliver(stopping=lambda: len(office.server.taken) >= 2)
        assert (stopped.sent, stopped.more) == (2, False)
        assert [row.state.value for row in office.rows].count("pending") == 3
        assert office.deliver().sent == 3
    assert len({mail.recipient for mail in office.server.taken}) == 5


def test_batches_over_one_line_and_the_question_for_more(bakery: Shop) -> None:
    more_businesses(bakery, 119)
    with open_(bakery) as office:
        assert office.deliver(limit=70) == Delivered(70, 0, more=True)
        assert office.deliver() == Delivered(50, 0, more=False)
        assert (office.server.connections, len(office.server.taken)) == (2, 120)


def test_bytes_with_live_links_are_forgotten_after_a_week(bakery: Shop) -> None:
    with open_(bakery) as office:
        office.deliver()
    with bakery.database.write() as tx:
        assert clean_up(tx, MORNING + timedelta(days=7)) == 0
        assert clean_up(tx, MORNING + timedelta(days=7, seconds=1)) == 1
    assert (office.row.mime, office.row.state) == (None, "sent")


def test_a_person_may_have_a_dead_mail_sent_again(bakery: Shop) -> None:
    with open_(bakery, RCPT=["550 5.1.1 no such user"] * 2) as office:
        for day in (1, 2):
            office.now = utc(f"2026-12-0{day}T07:00")
            with bakery.database.write() as tx:
                remind.remind(tx, office.now)
            office.deliver()
        with bakery.database.write() as tx:
            outbox.retry(tx, office.rows[1], office.now, office.now + timedelta(hours=12))
        assert office.deliver().sent == 1
        assert [row.state.value for row in office.rows] == ["dead", "sent"]


def test_what_nobody_wants_to_have_sent_is_dropped(bakery: Shop) -> None:
    with open_(bakery) as office:
        with bakery.database.write() as tx:
            assert outbox.drop(tx, office.row)
            assert not outbox.drop(tx, office.row)
        assert office.deliver() == Delivered(0, 0, more=False)
        assert office.row.state == "suppressed"
