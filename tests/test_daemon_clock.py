"""A clock thrown about: everything is held, and what it had taken is owed again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from daemons import at_eight_thirty, beats, daemon, found, moment, sent, started_anew, wrong
from sqlalchemy import update

from planner.actions import remind
from planner.clockwatch import ClockWatch
from planner.daemon import Daemon
from planner.render import PostTexts
from planner.store import tables
from planner.store.queries import outbox

__all__ = ["daemon", "moment"]  # the fixtures


@pytest.mark.parametrize("step", [timedelta(days=3653), timedelta(days=2), timedelta(days=-2)])
def test_a_clock_thrown_about_holds_everything_and_says_so(
    daemon: Daemon, moment: list[datetime], now: datetime, step: timedelta
) -> None:
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = now + step
    assert daemon.run_once() == {"plan": 0, "mail": 0, "reap": 0, "maintenance": 0}
    jumped = f"The clock has jumped to {now + step:%Y-%m-%d}"
    assert any(jumped in sentence for sentence in wrong(daemon)), wrong(daemon)
    moment[0] = now + timedelta(days=1)  # set right again: Tuesday's mail goes out
    seconds[0] = 86_400
    assert daemon.run_once()["mail"] == 1
    assert beats(daemon)["mail"].error == ""


def test_what_a_clock_that_ran_ahead_took_for_handled_is_owed_again_on_its_day(
    daemon: Daemon, moment: list[datetime], now: datetime, tmp_path: Path
) -> None:
    """The planner was off when the clock went to Friday, so it sent Friday's mail; then it is Tuesday again."""
    found(daemon, now)
    daemon.run_once()
    moment[0] = at_eight_thirty(4)
    late = started_anew(daemon.database, tmp_path, moment)
    late.run_once()
    assert sent(late) == ["12-04"], "nobody can tell that from a planner that was off"
    moment[0] = at_eight_thirty(1)
    late = started_anew(daemon.database, tmp_path, moment)
    assert late.run_once()["mail"] == 0
    assert "already worked at 2026-12-04T07:30" in " ".join(wrong(late))
    started_anew(daemon.database, tmp_path, moment).trust_clock()  # somebody says that it is right now
    for day in range(1, 8):
        moment[0] = at_eight_thirty(day)
        late.run_once()
        assert wrong(late) == []
        late.run_once()
    assert sent(late) == ["12-04", "12-01", "12-02", "12-03", "12-04", "12-05", "12-06", "12-07"]
    with late.database.read() as tx:
        summaries = [each.state.value for each in outbox.recent(tx, None, 100) if each.kind == "summary"]
    assert summaries == ["sent"]


def test_a_clock_that_ran_ahead_by_hours_and_is_set_back_doubles_nothing(
    daemon: Daemon, moment: list[datetime], now: datetime
) -> None:
    """From ten in the evening to nine in the morning, and back: the mail came early, and once."""
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    evening = datetime(2026, 12, 1, 21, tzinfo=UTC)
    moment[0] = evening
    daemon.run_once()
    moment[0] = evening + timedelta(hours=11)
    daemon.run_once()
    assert sent(daemon) == ["12-02"]
    moment[0] = evening
    for hours in range(40):
        moment[0], seconds[0] = evening + timedelta(hours=hours), hours * 3600.0
        daemon.run_once()
    assert sent(daemon) == ["12-02", "12-03"]


def test_what_a_clock_that_ran_ahead_put_off_is_tried_now(
    daemon: Daemon, moment: list[datetime], now: datetime, tmp_path: Path
) -> None:
    """A mail tried under the false clock, a way out that rests until then, a lease of a sender that died."""
    found(daemon, now)
    daemon.run_once()
    ahead = datetime(2026, 12, 5, 7, tzinfo=UTC)
    moment[0] = at_eight_thirty(1)
    with daemon.database.write() as tx:
        remind.remind(tx, at_eight_thirty(1))
        (row,) = outbox.claim(tx, "gone", ahead, 1)
        outbox.set_way_out(tx, "folder", failures=1, reason="no", paused_until=ahead)
    daemon = started_anew(daemon.database, tmp_path, moment)
    daemon.run_once()
    moment[0] += outbox.LEASE + timedelta(minutes=1)
    daemon.run_once()  # the reaper comes after the mails
    daemon.run_once()
    assert sent(daemon) == ["12-01"]
    with daemon.database.write() as tx:
        outbox.retry(tx, row, ahead, ahead + timedelta(hours=12))
    daemon = started_anew(daemon.database, tmp_path, moment)
    assert daemon.run_once()["mail"] == 1


def test_a_broken_business_does_not_keep_the_clock_from_being_set_right(
    daemon: Daemon, moment: list[datetime], now: datetime, tmp_path: Path
) -> None:
    """Its date is the one that lies beyond; the other one gets what is owed to it, and what is broken is said."""
    bad, good = found(daemon, now), found(daemon, now, "Konditorei")
    daemon.run_once()
    moment[0] = at_eight_thirty(4)
    started_anew(daemon.database, tmp_path, moment).run_once()
    moment[0] = at_eight_thirty(1)
    late = started_anew(daemon.database, tmp_path, moment)
    late.trust_clock()
    with late.database.write() as tx:
        tx.execute(update(tables.business).where(tables.business.c.id == bad.id).values(timezone="Not/AZone"))
    assert late.run_once()["mail"] == 1
    with late.database.read() as tx:
        mails = [each for each in outbox.recent(tx, None, 100) if each.kind == "digest" and each.sent_at]
    assert [(each.business_id, each.local_date.day) for each in mails if each.local_date.day == 1] == [(good.id, 1)]
    moment[0] = at_eight_thirty(2) + timedelta(hours=1)
    late.run_once()
    assert any("Not/AZone" in sentence or "Bäckerei" in sentence for sentence in wrong(late)), wrong(late)


def test_a_held_clock_is_said_once_and_first(daemon: Daemon, moment: list[datetime], now: datetime) -> None:
    """Before the first tick has seen it everything seems late at once, which is one sentence, too."""
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = now + timedelta(days=3)
    assert wrong(daemon) == [
        "By the clock nothing has run for 4320 min: the daemon stands still, or the clock was set."
    ]
    daemon.run_once()
    (sentence,) = wrong(daemon)
    assert sentence.startswith("The clock has jumped to 2026-12-03T08:30+00:00, by more than twelve hours.")
    moment[0] = now + timedelta(seconds=10)
    seconds[0] = 10.0
    daemon.run_once()
    assert wrong(daemon) == []


def test_what_a_person_named_is_not_compared_and_lets_nothing_go(
    daemon: Daemon, moment: list[datetime], now: datetime
) -> None:
    seconds = [0.0]
    daemon.clock_watch = ClockWatch(lambda: seconds[0])
    found(daemon, now)
    daemon.run_once()
    moment[0] = at_eight_thirty(4)
    daemon.run_once()
    beside = Daemon(daemon.database, daemon.settings, daemon.links, PostTexts(), lambda: at_eight_thirty(1), given=True)
    assert beside.run_once()["mail"] == 1
    daemon.run_once()
    assert wrong(daemon)[0].startswith("The clock has jumped")
