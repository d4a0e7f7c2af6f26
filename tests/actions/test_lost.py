"""Mails that did not get through: a trouble until one does, the address is corrected, or a person sees to it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest

from actions.conftest import MORNING, Shop, utc
from actions.sending import Post_Office, open_
from planner.actions import messages, remind
from planner.actions.health import troubles
from planner.actions.set_up import change_business
from planner.actions.test_mail import send_test_mail
from planner.links import Links
from planner.notify.smtp import SmtpTransport
from planner.store.queries import businesses, heartbeats, lost

SPAM = "554 5.6.0 not in this form"
NOBODY = "550 5.1.1 no such user"
FULL = "452 4.2.2 mailbox full"


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    """Something is due every day at nine; mails at eight and at six in the evening, the summary on Mondays."""
    shop.cadence("FREQ=DAILY", "2026-12-01T09:00")
    with shop.database.write() as tx:
        there = businesses.change(tx, shop.id, email="chef@example.org", nudge_time=time(18), language="en")
        remind.schedule(tx, there, shop.now)
    return shop


def tick(office: Post_Office, now: datetime) -> None:
    """What the daemon does at a moment."""
    office.now = now
    with office.shop.database.write() as tx:
        remind.remind(tx, now)
        heartbeats.beat(tx, "mail", now, 10)
    office.deliver()


def wrong(office: Post_Office) -> list[str]:
    with office.shop.database.read() as tx:
        return [trouble.sentence() for trouble in troubles(tx, office.now)]


def says(mail: str) -> list[str]:
    """The sentences of a mail about what did not get through."""
    return [line for line in mail.splitlines() if "not reach you" in line or line.startswith("No mail")]


def test_a_server_that_refuses_every_mail_for_days_is_not_well(bakery: Shop) -> None:
    """Neither is the evening after it; the first mail that gets through, an evening mail, tells of all of them."""
    with open_(bakery, end=[SPAM] * 3) as office:
        for day in ("2026-12-01T07:00", "2026-12-01T17:00", "2026-12-02T07:00"):
            tick(office, utc(day))
            assert "did not get through" in wrong(office)[0]
            assert SPAM in wrong(office)[0]
        assert "(3)" in wrong(office)[0]
        with bakery.database.read() as tx:
            assert SPAM in lost.alarm_of(tx, bakery.id)[1]
        tick(office, utc("2026-12-02T17:00"))
        assert wrong(office) == []
        assert [mail.split(" did")[0] for mail in says(office.texts()[0])] == [
            "The morning mail of Tuesday, 1 December",
            "The evening mail of Tuesday, 1 December",
            "The morning mail of Wednesday, 2 December",
        ]
        assert all(SPAM in sentence for sentence in says(office.texts()[0]))
        tick(office, utc("2026-12-03T07:00"))
        assert says(office.texts()[1]) == [], "once is enough"


def test_the_summary_tells_of_it_too_and_the_html_says_the_same(bakery: Shop) -> None:
    with open_(bakery, end=[SPAM] * 2) as office:
        tick(office, utc("2026-12-06T07:00"))
        tick(office, utc("2026-12-06T17:00"))
        tick(office, utc("2026-12-07T07:00"))
        summary = next(mail for mail in office.server.taken if b"List-Id: Planner <summary" in mail.data)
        parts = [part.get_content() for part in parsed(summary.data).walk() if not part.is_multipart()]  # type: ignore[attr-defined]
        assert len(parts) == 2
        for part in parts:
            assert "The evening mail of Sunday, 6 December did not reach you" in part


def parsed(data: bytes) -> object:
    import email
    from email.policy import default

    return email.message_from_bytes(data, policy=default)


def test_many_are_counted_and_the_last_of_them_named(bakery: Shop) -> None:
    with open_(bakery, end=[SPAM] * 30) as office:
        for day in range(1, 11):
            tick(office, utc(f"2026-12-{day:02}T07:00"))
            tick(office, utc(f"2026-12-{day:02}T17:00"))
        office.server.script["end"].clear()
        tick(office, utc("2026-12-11T07:00"))
        sentences = says(office.texts()[0])
        assert sentences[0] == "21 mails did not reach you; the last of them:"
        assert len(sentences) == 8
        assert wrong(office) == []


def test_an_address_nobody_has_is_a_trouble_until_it_is_corrected(bakery: Shop) -> None:
    with open_(bakery, RCPT=[NOBODY] * 2) as office:
        for day in (1, 2, 3, 4):  # from the third on nothing is sent to it
            tick(office, utc(f"2026-12-0{day}T07:00"))
            assert NOBODY in wrong(office)[0]
        assert [row.state.value for row in office.rows if row.kind == "digest"] == [
            "dead", "dead", "suppressed", "suppressed",
        ]  # fmt: skip
        with bakery.database.write() as tx:
            change_business(tx, bakery.business_in(tx), {"email": "chefin@example.org"}, now=office.now, tzdata="")
        assert wrong(office) == []
        tick(office, utc("2026-12-04T17:00"))
        assert (office.server.taken[0].recipient, len(says(office.texts()[0]))) == ("chefin@example.org", 4)


def test_without_an_address_nothing_is_lost(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        businesses.change(tx, bakery.id, email="")
    with open_(bakery) as office:
        tick(office, MORNING)
        assert [row.state.value for row in office.rows] == ["suppressed"]
        assert wrong(office) == []


def test_a_mailbox_that_is_full_is_a_trouble_although_it_is_tried_again_and_again(bakery: Shop) -> None:
    """Each try puts the next one off; waiting counts from eight o'clock all the same. In the evening it is stale."""
    with open_(bakery, RCPT=[FULL] * 200) as office:
        said = []
        for minutes in range(0, 15 * 60, 10):
            tick(office, MORNING + timedelta(minutes=minutes))
            said.append(wrong(office))
        assert said[:4] == [[]] * 4
        assert said[4] == ["A mail has been waiting for 40 min."]
        assert all(said[4:])
        assert all("did not get through" in sentences[-1] and FULL in sentences[-1] for sentences in said[-12:])
        office.server.script["RCPT"].clear()
        tick(office, utc("2026-12-02T07:00"))
        assert wrong(office) == []
        assert len(says(office.texts()[0])) == 2, "of the morning and of the evening"


def test_waiting_for_the_end_of_the_night_is_no_trouble(bakery: Shop) -> None:
    """Power is back at eleven at night: what comes late waits until seven, and half an hour more is borne."""
    with bakery.database.write() as tx:
        businesses.change(tx, bakery.id, quiet_from=time(21), quiet_until=time(7))
        remind.schedule(tx, bakery.business_in(tx), bakery.now)
    with open_(bakery) as office:
        for moment in ("2026-11-30T22:00", "2026-12-01T05:59", "2026-12-01T06:00"):
            office.now = utc(moment)
            with bakery.database.write() as tx:
                remind.remind(tx, office.now)
                heartbeats.beat(tx, "mail", office.now, 10)
            assert wrong(office) == []


def test_a_mail_put_off_for_the_night_waits_from_its_end(bakery: Shop) -> None:
    """A summary that a resting way out kept until the evening: due at eight, and not to be sent before seven."""
    with open_(bakery, greeting=["421 busy"]) as office:
        with bakery.database.write() as tx:
            businesses.change(tx, bakery.id, digest_on=False, nudge_time=None)
        tick(office, utc("2026-12-07T07:00"))
        tick(office, utc("2026-12-07T20:02"))
        (row,) = [row for row in office.rows if row.kind == "summary"]
        assert (row.state, row.ready_at) == ("pending", utc("2026-12-08T06:00"))
        assert not any("waiting" in sentence for sentence in wrong(office))


def test_what_dies_beside_one_that_gets_through_is_not_forgotten(bakery: Shop) -> None:
    """Monday at eight: the digest is refused, the summary of the same minute is taken and cannot know."""
    with open_(bakery, end=[SPAM]) as office:
        tick(office, utc("2026-12-07T07:00"))
        states = {row.kind.value: row.state.value for row in office.rows}
        assert sorted(states.values()) == ["dead", "sent"]
        assert SPAM in wrong(office)[0]
        tick(office, utc("2026-12-07T17:00"))
        assert len(says(office.texts()[-1])) == 1
        assert wrong(office) == []


@pytest.mark.parametrize("how", ["closed", "again"])
def test_a_person_ends_it(bakery: Shop, how: str) -> None:
    with open_(bakery, end=[SPAM]) as office:
        tick(office, MORNING)
        assert len(wrong(office)) == 1
        with bakery.database.write() as tx:
            if how == "closed":
                messages.close_unsent(tx, bakery.business_in(tx), office.rows[0].id)
            else:
                messages.send_again(tx, bakery.business_in(tx), office.rows[0].id, office.now)
        assert wrong(office) == []
        tick(office, utc("2026-12-01T17:00"))
        assert says(office.texts()[-1]) == []


@pytest.mark.parametrize(("to", "ends"), [("chef@example.org", True), ("nephew@example.org", False)])
def test_a_test_mail_that_arrives_ends_it_and_it_is_told_all_the_same(bakery: Shop, to: str, ends: bool) -> None:
    with open_(bakery, end=[SPAM]) as office:
        tick(office, MORNING)
        transport = SmtpTransport("127.0.0.1", office.server.port, "none")
        links = Links(["k" * 43], "https://planner.test")
        send_test_mail(bakery.database, transport, links, "planner@example.org", bakery.id, to, office.now)
        assert (wrong(office) == []) is ends
        tick(office, utc("2026-12-01T17:00"))
        assert len(says(office.texts()[-1])) == 1


def test_of_many_businesses_some_are_named(bakery: Shop) -> None:
    with bakery.database.write() as tx:
        for number in range(30):
            each = businesses.add(
                tx, name=f"Shop {number}", timezone="Europe/Berlin", language="en", email=f"s{number}@example.org",
                created_at=bakery.now,
            )  # fmt: skip
            remind._note_time_away(tx, each, MORNING.date(), MORNING)
            if number >= 2:
                tx.exec_driver_sql(f"UPDATE outbox SET alarming = true WHERE business_id = {each.id}")
    with open_(bakery) as office, bakery.database.write() as tx:
        heartbeats.beat(tx, "mail", office.now, 10)
        found: Sequence[str] = [trouble.sentence() for trouble in troubles(tx, office.now)]
        assert len(found) == 20, "and days on which the planner was off are no trouble of the mails"
