"""Mails that are refused, and a way out that fails: what waits, what is given up, and for how long there is a rest."""

from datetime import timedelta

import pytest
from notify.server import CLOSE

from actions.conftest import MORNING, Shop, utc
from actions.sending import more_businesses, open_
from planner.actions import posts, remind
from planner.actions.deliver import Delivered
from planner.language import said


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
