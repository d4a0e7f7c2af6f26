"""Handing over to a real conversation on loopback; what was taken is counted at the receiver and compared."""

import email
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest
from notify.server import CLOSE, MailServer, serving
from sqlalchemy import text

from actions.conftest import Shop, utc
from planner.actions import posts, remind
from planner.actions.compose import Composer
from planner.actions.deliver import Delivered, Sender, clean_up
from planner.core.model import Message, MessageKind, MessageState
from planner.language import said
from planner.links import Links
from planner.notify import Transport
from planner.notify.folder import FolderTransport
from planner.notify.smtp import SmtpTransport, Timeouts
from planner.store.database import Database
from planner.store.queries import businesses, outbox

MORNING = utc("2026-12-01T07:00")
KEYS = ["k" * 43]
TIMEOUTS = Timeouts(connect=5, reply=5, data=0.5, goodbye=1, whole=30)


@dataclass
class Post_Office:  # noqa: N801
    """A sender at work beside its mail server; the clock stands until it is moved."""

    shop: Shop
    server: MailServer
    now: datetime = MORNING
    owner: str = "one"
    transport: Transport | None = None
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        transport = self.transport or SmtpTransport("127.0.0.1", self.server.port, "none", timeouts=TIMEOUTS)
        composer = Composer(Links(KEYS, "https://planner.test"), "Planner <planner@example.org>", KEYS)
        self.sender = Sender(self.shop.database, transport, composer, lambda: self.now, self.owner)

    def deliver(self, after: timedelta = timedelta(0), **options: object) -> Delivered:
        self.now += after
        return self.sender.deliver_due(**options)  # type: ignore[arg-type]

    def reap(self, after: timedelta = timedelta(0)) -> tuple[int, int]:
        self.now += after
        with self.shop.database.write() as tx:
            return outbox.reap(tx, self.now)

    @property
    def rows(self) -> list[Message]:
        with self.shop.database.read() as tx:
            return sorted(outbox.recent(tx, None, 5000), key=lambda message: message.id)

    @property
    def row(self) -> Message:
        (only,) = self.rows
        return only

    @property
    def resting_until(self) -> datetime | None:
        with self.shop.database.read() as tx:
            return outbox.way_out(tx, self.sender.transport.name)[1]

    def texts(self) -> list[str]:
        found = []
        for mail in self.server.taken:
            body = email.message_from_bytes(mail.data, policy=default).get_body(("plain",))  # type: ignore[attr-defined]
            found.append(body.get_content())
        return found


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    """A post due on 1 December 2026 at nine, another on the 8th, …; its digest waits in the outbox."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00")
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
        assert remind.remind(tx, MORNING).added == 1
    return shop


@contextmanager
def open_(shop: Shop, **script: list[str]) -> Iterator[Post_Office]:
    with serving(script=script) as server:
        yield Post_Office(shop, server)


def more_businesses(shop: Shop, count: int) -> None:
    """Businesses with a test mail each, oldest first, due now."""
    with shop.database.write() as tx:
        for number in range(count):
            each = businesses.add(
                tx, name=f"Shop {number}", timezone="Europe/Berlin", language="en",
                email=f"shop{number}@example.org", created_at=shop.now,
            )  # fmt: skip
            outbox.add(
                tx, key=f"test:{each.id}:x", kind=MessageKind.TEST.value, business_id=each.id, recipient=each.email,
                local_date=MORNING.date(), due_at=MORNING, expires_at=MORNING + timedelta(hours=12),
                next_try_at=MORNING, state="pending", created_at=MORNING,
            )  # fmt: skip


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
        assert "Seit Dienstag, 1. Dezember hat Sie keine Mail erreicht." in office.texts()[0]


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


# --- refusals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "end"])
def test_later_means_later_and_what_is_true_then(bakery: Shop, step: str) -> None:
    with open_(bakery, **{step: ["451 4.3.0 later"]}) as office:
        assert office.deliver() == Delivered(0, 1, more=False)
        row = office.row
        assert (row.state, row.attempts, row.ambiguous, row.reply_code) == ("pending", 1, False, 451)
        assert timedelta(seconds=30) <= row.next_try_at - MORNING <= timedelta(seconds=60)
        assert office.deliver(after=timedelta(seconds=29)).sent == 0
        with bakery.database.write() as tx:
            posts.edit(tx, bakery.on("2026-12-01").id, text="Frisch aus dem Ofen", now=office.now)
        assert office.deliver(after=timedelta(seconds=31)).sent == 1
        assert "Frisch aus dem Ofen" in office.texts()[0]
        assert office.row.message_id != row.message_id or row.message_id is None


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


def test_an_address_nobody_has_is_not_tried_for_ever(bakery: Shop) -> None:
    with open_(bakery, RCPT=["550 5.1.1 no such user"] * 9) as office:
        states = []
        for day in (1, 2, 3):
            office.now = utc(f"2026-12-0{day}T07:00")
            with bakery.database.write() as tx:
                remind.remind(tx, office.now)
            office.deliver()
            states.append(office.rows[-1].state.value)
        assert states == ["dead", "dead", "suppressed"]
        assert said(office.rows[2].error) == "The server said no: 550 5.1.1 no such user"
        assert office.server.connections == 2


def test_a_mail_that_is_refused_for_itself_does_not_stop_the_others(bakery: Shop) -> None:
    more_businesses(bakery, 3)
    with open_(bakery, RCPT=["250 ok", "554 5.7.1 blocked", "250 ok", "250 ok"]) as office:
        assert office.deliver() == Delivered(3, 1, more=False)
        assert [row.state.value for row in office.rows] == ["sent", "dead", "sent", "sent"]
        assert (office.server.connections, office.resting_until) == (1, None)


# --- the way out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "rest"),
    [
        ({"greeting": ["421 busy"]}, timedelta(minutes=1)),
        ({"MAIL": ["550 5.7.1 sender refused"]}, timedelta(minutes=15)),
        ({"RCPT": [CLOSE]}, timedelta(minutes=1)),
        ({"DATA": [CLOSE]}, timedelta(minutes=1)),
    ],
)
def test_when_the_way_out_fails_the_mails_wait_unharmed(
    bakery: Shop, script: dict[str, list[str]], rest: timedelta
) -> None:
    more_businesses(bakery, 2)
    with open_(bakery, **script) as office:
        assert office.deliver().sent == 0
        assert {(row.state.value, row.attempts) for row in office.rows} == {("pending", 0)}
        assert office.resting_until == MORNING + rest
        office.deliver(after=rest - timedelta(seconds=1))
        assert office.server.connections == 1
        assert office.deliver(after=timedelta(seconds=1)).sent == 2
        assert office.deliver(after=timedelta(seconds=1)).sent == 1  # the one that had failed stood behind
        assert office.resting_until is None
    assert sorted(mail.recipient for mail in office.server.taken) == [
        "chef@example.org", "shop0@example.org", "shop1@example.org",
    ]  # fmt: skip


def test_after_a_fault_one_mail_is_tried_first_and_the_rests_grow(bakery: Shop) -> None:
    more_businesses(bakery, 5)
    with open_(bakery, greeting=["421 busy"] * 3) as office:
        rests = []
        for _ in range(3):
            office.deliver()
            assert office.resting_until is not None
            rests.append(office.resting_until - office.now)
            office.now = office.resting_until
        assert [rest / timedelta(minutes=1) for rest in rests] == [1, 2, 4]
        assert office.server.connections == 3
        office.deliver(after=timedelta(seconds=2))
        assert len(office.server.taken) == 6


def test_a_server_that_ends_the_line_after_two_mails_is_no_fault(bakery: Shop) -> None:
    more_businesses(bakery, 4)
    with open_(bakery, MAIL=["250 ok", "250 ok", "421 enough", "250 ok", "250 ok", CLOSE]) as office:
        assert office.deliver() == Delivered(5, 0, more=False)
        assert (office.server.connections, office.resting_until) == (3, None)
    assert len({mail.recipient for mail in office.server.taken}) == len(office.server.taken) == 5


def test_a_server_that_hangs_up_over_unknown_addresses_is_no_fault(bakery: Shop) -> None:
    """Postfix does after ten of them; the mails behind do not wait for that."""
    more_businesses(bakery, 3)
    unknown, hangs_up = "550 5.1.1 unknown", f"421 4.7.0 too many errors\r\n{CLOSE}"
    with open_(bakery, RCPT=[unknown, unknown], MAIL=["250 ok", "250 ok", hangs_up]) as office:
        assert office.deliver() == Delivered(2, 2, more=False)
        assert (office.server.connections, office.resting_until) == (2, None)
        assert [row.state.value for row in office.rows] == ["dead", "dead", "sent", "sent"]
    assert len(office.server.taken) == 2


# --- the gap --------------------------------------------------------------------------------------------


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


# --- the database ---------------------------------------------------------------------------------------


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
