"""Between the server's yes and our own word for it: what nobody can know goes again, the same bytes, and is counted."""

import contextlib
import logging
import time
from datetime import timedelta

import pytest
from notify.server import CLOSE, serving
from sqlalchemy import text

from actions.conftest import MORNING, Shop
from actions.sending import Post_Office, more_businesses, open_
from planner.actions import posts
from planner.actions.deliver import Delivered
from planner.core.model import Message, MessageState
from planner.store.database import Database
from planner.store.queries import outbox


@pytest.mark.parametrize("offers", [[], ["PIPELINING"]])
def test_a_mail_that_was_taken_is_written_down_while_the_server_looks_at_the_next(
    bakery: Shop, offers: list[str]
) -> None:
    """The gap in which a crash would double it is one commit, and does not wait for anybody."""
    more_businesses(bakery, 2)
    seen: list[set[MessageState]] = []

    def silent() -> str:
        started = time.monotonic()
        while MessageState.SENT not in (states := {row.state for row in office.rows}):
            assert time.monotonic() - started < 10, "the server says nothing, and nothing is written down"
        seen.append(states)
        return "250 ok"

    with serving(offers=offers, script={"MAIL": ["250 ok", silent]}) as server:
        office = Post_Office(bakery, server)
        assert office.deliver() == Delivered(3, 0, more=False)
    assert seen == [{MessageState.SENT, MessageState.DATA_STARTED, MessageState.LEASED}]


@pytest.mark.parametrize("answer", [CLOSE, "25" + CLOSE, "(hang)"])
def test_after_silence_the_same_bytes_go_again_and_are_counted(bakery: Shop, answer: str) -> None:
    with open_(bakery, end=[answer]) as office:
        assert office.deliver() == Delivered(0, 1, more=False)
        row = office.row
        assert (row.state, row.ambiguous, row.repeats) == ("pending", True, 1)
        with bakery.database.write() as tx:
            posts.complete(tx, bakery.on("2026-12-01").id, now=office.now)
        assert office.deliver(after=timedelta(minutes=1)).sent == 1
        first, second = office.server.taken
    assert first.data == second.data
    assert (office.row.state, office.row.message_id, office.row.repeats) == ("sent", row.message_id, 1)


def test_nobody_gets_more_than_three_copies(bakery: Shop) -> None:
    with open_(bakery, end=[CLOSE] * 9) as office:
        for _ in range(6):
            office.deliver(after=timedelta(minutes=5))
        assert (len(office.server.taken), office.row.state) == (3, "dead")


def test_one_silence_does_not_stop_the_others_but_two_in_a_row_do(bakery: Shop) -> None:
    more_businesses(bakery, 3)
    with open_(bakery, end=[CLOSE, "250 ok", CLOSE, CLOSE]) as office:
        assert office.deliver().sent == 1
        assert [row.state.value for row in office.rows] == ["pending", "sent", "pending", "pending"]
        assert office.resting_until == MORNING + timedelta(minutes=1)


def test_a_lost_sender_is_noticed_when_its_lease_is_over(bakery: Shop) -> None:
    """One died before its mail began, one after: the first is written afresh, the second sent as it was."""
    more_businesses(bakery, 1)
    with open_(bakery) as office, bakery.database.write() as tx:
        first, second = outbox.claim(tx, "lost", MORNING, 9)
        jobs = office.sender.composer.brief(tx, [second], MORNING)
        written = office.sender.composer.write(jobs[0], MORNING)
        begun = Message(**{**{n: getattr(second, n) for n in second.__slots__}, "mime": written.mime,  # type: ignore[union-attr]
                           "message_id": written.message_id})  # type: ignore[union-attr]  # fmt: skip
        assert outbox.start_data(tx, begun, MORNING)
    with open_(bakery) as office:
        assert office.reap(timedelta(minutes=19)) == (0, 0)
        assert office.deliver().sent == 0
        assert office.reap(timedelta(minutes=1)) == (1, 1)
        assert office.deliver().sent == 2
        assert [(row.ambiguous, row.repeats) for row in office.rows] == [(False, 0), (True, 1)]
        assert begun.mime in [mail.data for mail in office.server.taken]
    assert first.mime is None


def test_a_sender_whose_mail_was_taken_over_sends_nothing(bakery: Shop) -> None:
    """While the first is at RCPT its lease runs out, and a second one takes the mail and sends it."""
    with serving() as server:
        late, quick = Post_Office(bakery, server), Post_Office(bakery, server, owner="two")

        def taken_over() -> str:
            quick.now = late.now + timedelta(minutes=21)
            quick.reap()
            assert quick.deliver().sent == 1
            return "250 ok"

        server.script["RCPT"] = [taken_over]  # type: ignore[list-item]
        assert late.deliver() == Delivered(0, 1, more=False)
        assert (len(server.taken), late.row.state, late.row.lease_owner) == (1, "sent", "two")


def test_a_late_finisher_changes_nothing(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        (late,) = outbox.claim(tx, "late", MORNING, 9)
        outbox.reap(tx, MORNING + timedelta(minutes=21))
        (quick,) = outbox.claim(tx, "quick", MORNING + timedelta(minutes=21), 9)
        assert quick.lease_seq == late.lease_seq + 1
        assert not outbox.start_data(tx, late, MORNING)
        assert not outbox.sent(tx, late, 250, "ok", MORNING)
        assert not outbox.finish(tx, late, MessageState.DEAD)
        assert not outbox.give_back(tx, late, MORNING)
        assert outbox.start_data(tx, quick, MORNING)


def test_a_sender_holds_nothing_in_a_copy_of_what_he_had_in_hand(bakery: Shop) -> None:
    """He gave it back, it was copied, he took it again, the copy came back and was closed: with his lease's number."""
    with bakery.database.write() as tx:
        (before,) = outbox.claim(tx, "one", MORNING, 9)
        assert outbox.give_back(tx, before, MORNING)
    with contextlib.suppress(OverflowError), bakery.database.write() as tx:
        (since,) = outbox.claim(tx, "one", MORNING, 9)
        raise OverflowError  # as it was when it was copied
    with bakery.database.write() as tx:
        assert outbox.close_waiting(tx, "") == 1
        assert outbox.get(tx, since.id).lease_seq == since.lease_seq
        assert not outbox.start_data(tx, since, MORNING)
        assert not outbox.sent(tx, since, 250, "ok", MORNING)
        assert outbox.get(tx, since.id).state == MessageState.SUPPRESSED


def refuse_to_write_sent(database: Database) -> None:
    """The database takes everything but the word that a mail was sent, like a disk that is full just then."""
    with database.write() as tx:
        if database.is_sqlite:
            tx.execute(text(
                "CREATE TRIGGER full_disk BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            ))  # fmt: skip
        else:
            tx.execute(text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
            ))  # fmt: skip
            tx.execute(text(
                "CREATE TRIGGER full_disk BEFORE UPDATE ON outbox FOR EACH ROW WHEN (NEW.state = 'sent') "
                "EXECUTE FUNCTION full_disk()"
            ))  # fmt: skip


def write_again(database: Database) -> None:
    with database.write() as tx:
        tx.execute(text("DROP TRIGGER full_disk" + ("" if database.is_sqlite else " ON outbox")))


def test_what_was_sent_and_cannot_be_written_down_is_not_sent_again(
    bakery: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    more_businesses(bakery, 2)
    refuse_to_write_sent(bakery.database)
    with caplog.at_level(logging.CRITICAL), open_(bakery) as office:
        office.deliver()
        assert len(office.server.taken) == 1
        for _ in range(3):
            delivered = office.deliver(after=timedelta(minutes=8))
            assert (delivered.sent, delivered.failed, delivered.more) == (0, 0, False)
            assert "full" in str(delivered.trouble)
            office.reap()
        assert len(office.server.taken) == 1
        write_again(bakery.database)
        assert office.deliver().sent == 2
        assert sorted(mail.recipient for mail in office.server.taken) == [
            "chef@example.org", "shop0@example.org", "shop1@example.org",
        ]  # fmt: skip
        assert {row.state.value for row in office.rows} == {"sent"}
