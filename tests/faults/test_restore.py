"""Going back to a copy, killed at every moment or under a sender at work: data old or new, and no mail goes twice."""

import json
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from databases import Emptied
from notify.server import MailServer

from faults.installation import LATER, MORNING, Installation, fill
from planner.store import backup
from planner.store.database import Database
from planner.store.driver import sqlite3

DIES = "lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)"
ON_SQLITE = {
    "the working copy begins": f"import planner.store.backup as b; b._filled = {DIES}",
    "the working copy is there": f"from planner.store import schema; schema.prepare = {DIES}",
    "it is checked": f"import planner.store.backup as b; b.put_in_place = {DIES}",
    "half of its pages are in place": """
import planner.store.backup as b
class Stops(b.sqlite3.Connection):
    copied = 0
    def backup(self, target, **_):
        Stops.copied += 1
        if Stops.copied < 3:  # the working copy, and the one of what was there
            return super().backup(target)
        seen = []
        super().backup(target, pages=10, progress=lambda *_: seen.append(1) or seen[3:] and os.kill(os.getpid(), 9))
connect = b.sqlite3.connect
b.sqlite3.connect = lambda *words, **options: connect(*words, **options, factory=Stops)
""",
}
ON_POSTGRESQL = {
    "the tables are gone": f"from planner.store import schema; schema.upgrade = {DIES}",
    "half of the tables are filled": """
import planner.store.archive as a
real, seen = a.fill, []
a.fill = lambda *words: seen.append(1) or (os.kill(os.getpid(), 9) if seen[6:] else real(*words))
""",
}
ON_BOTH = {
    "mails are closed": f"import planner.actions.recover as r; r.quieten = {DIES}",
    "sessions end": f"import planner.actions.recover as r; r.sign_out_everywhere = {DIES}",
    "all is in place": f"import planner.store.keeping as k; k.tidy = {DIES}",
}
MOMENTS = {**ON_SQLITE, **ON_POSTGRESQL, **ON_BOTH}
CASES = [
    (moment, kind)
    for kind in ("wal", "delete", "postgresql")
    for moment in ({**ON_BOTH, **(ON_POSTGRESQL if kind == "postgresql" else ON_SQLITE)})
]


def state(installation: Installation) -> tuple[str, list[tuple[str, int]]]:
    """Which data are there: what tells the copy from what came after it."""
    with closing(Database(installation.address)) as database:
        if database.file:
            backup.check(database.file)
        with database.read() as tx:
            name = tx.exec_driver_sql("SELECT name FROM business WHERE id = 1").scalar_one()
    return name, installation.states()


@pytest.mark.parametrize(("moment", "database_address"), CASES, indirect=["database_address"])
def test_killed_while_a_copy_is_put_back(installation: Installation, tmp_path: Path, moment: str) -> None:
    """In the copy waits a mail that went out since. Whenever the restore dies, no tick sends it again."""
    copy = tmp_path / "copy"
    dies = f"from planner.actions.deliver import Sender; Sender.deliver_due = {DIES}"
    assert installation.sabotaged(dies, MORNING, "tick") == -signal.SIGKILL
    assert installation.run(MORNING, "backup", str(copy)) == 0
    assert installation.run(MORNING, "tick") == 0
    assert len(installation.server.taken) == 1
    assert installation.run(MORNING, "business", "set", "--name", "Maier") == 0
    old, new = ("Maier", [("sent", 0)]), ("Huber", [("suppressed", 0)])
    assert state(installation) == old

    words = ("restore", "--yes", str(copy))
    assert installation.sabotaged(MOMENTS[moment], "2026-12-01T08:10", *words) == -signal.SIGKILL
    assert state(installation) == (new if moment == "all is in place" else old)
    for now in ("2026-12-01T08:11", LATER, "2026-12-01T12:00", "2026-12-01T19:00"):
        assert installation.run(now, "tick") == 0
    assert len(installation.server.taken) == 1

    assert installation.run("2026-12-01T19:10", *words) == 0
    assert state(installation) == new
    assert installation.run("2026-12-01T19:20", "tick") == 0
    assert len(installation.server.taken) == 1
    assert installation.run("2026-12-02T08:01", "tick") == 0
    assert len(installation.server.taken) == 2, "the next morning has its mail"


@pytest.fixture
def others(installation: Installation) -> Installation:
    """With twenty more businesses."""
    for number in range(20):
        words = ("--timezone", "Europe/Berlin", "--email", f"shop{number}@example.org")
        assert installation.run("2026-11-30T12:00", "business", "add", f"Shop {number}", *words) == 0
    return installation


@pytest.mark.full
@pytest.mark.parametrize("waiting", [False, True])
def test_a_copy_put_back_under_a_sender_with_mails_in_hand(
    others: Installation, server: MailServer, tmp_path: Path, waiting: bool
) -> None:
    """He holds the rows of twenty-one mails when the copy takes their place: after the one on the line he stops."""
    copy = tmp_path / "copy"
    if waiting:
        dies = f"from planner.actions.deliver import Sender; Sender.deliver_due = {DIES}"
        assert others.sabotaged(dies, MORNING, "tick") == -signal.SIGKILL
    assert others.run(MORNING, "backup", str(copy)) == 0
    codes = []

    def goes_back() -> str:
        codes.append(others.run(MORNING, "restore", "--yes", str(copy)))
        return "250 ok"

    server.script["end"] = [goes_back]
    sending = others.start(MORNING, "tick")
    assert sending.wait(90) == 0
    assert codes == [0]
    for now in (MORNING, LATER, "2026-12-01T20:00"):
        assert others.run(now, "tick") == 0
    assert len(server.taken) == 1
    assert {state for state, _repeats in others.states()} <= {"suppressed"}


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Another machine, whose database is of the same kind and empty."""
    if installation.address.startswith("sqlite"):
        journal = installation.address.partition("?")[2]
        yield Installation(tmp_path / "elsewhere", f"sqlite:///{tmp_path}/new.db?{journal}", installation.server)
        return
    emptied: Emptied = request.getfixturevalue("emptied")
    name = emptied.take()
    yield Installation(tmp_path / "elsewhere", emptied.server.format(name), installation.server)
    emptied.give_back(name)


@pytest.mark.full
def test_a_copy_made_while_mails_go_out_is_put_back_on_another_machine(
    others: Installation, elsewhere: Installation, server: MailServer, tmp_path: Path
) -> None:
    """All rows of one moment; what went out after the copy, and what waited in it, does not go out from there."""
    copy = tmp_path / "copy"
    sending = others.start(MORNING, "tick")
    server.wait_for(3)
    assert others.run(MORNING, "backup", str(copy)) == 0
    assert sending.wait(60) == 0
    assert len(server.taken) == 21
    assert elsewhere.run(MORNING, "restore", "--yes", str(copy)) == 0
    for now in (MORNING, LATER, "2026-12-01T20:00"):
        assert elsewhere.run(now, "tick") == 0
    assert len(server.taken) == 21
    assert {state for state, _repeats in elsewhere.states()} <= {"sent", "suppressed"}
    assert len(json.loads(elsewhere.said(LATER, "business", "list", "--json"))) == 21
    assert elsewhere.run("2026-12-02T08:00", "tick") == 0
    assert len(server.taken) > 21, "the next morning has its mails again"


def test_what_was_read_in_is_not_sent_again(
    installation: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    """Written this morning with a mail that waits, sent since: who reads it in elsewhere does not send it."""
    dies = f"from planner.actions.deliver import Sender; Sender.deliver_due = {DIES}"
    assert installation.sabotaged(dies, MORNING, "tick") == -signal.SIGKILL
    assert installation.run(MORNING, "export", str(tmp_path / "all.json")) == 0
    assert installation.run(MORNING, "tick") == 0
    assert "1 mail that waited in it is not sent" in elsewhere.said(LATER, "import", str(tmp_path / "all.json"))
    for now in (LATER, "2026-12-01T19:00"):
        assert elsewhere.run(now, "tick") == 0
    assert len(installation.server.taken) == 1
    assert elsewhere.run("2026-12-02T08:01", "tick") == 0
    assert len(installation.server.taken) == 2


def test_data_that_came_back_by_other_means(installation: Installation, tmp_path: Path) -> None:
    """A snapshot of the machine, or pg_restore: the planner is told before it is started again."""
    dies = f"from planner.actions.deliver import Sender; Sender.deliver_due = {DIES}"
    assert installation.sabotaged(dies, MORNING, "tick") == -signal.SIGKILL
    assert "1 mail that waited in it is not sent" in installation.said(LATER, "restore", "--in-place")
    assert installation.run(LATER, "tick") == 0
    assert installation.server.taken == []
    assert installation.run("2026-12-02T08:01", "tick") == 0
    assert len(installation.server.taken) == 1


@pytest.mark.full
@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_disk_full_of_copies(tmp_path: Path, small_disk: Path, server: MailServer, journal: str) -> None:
    """The copies that are there stay, somebody is told, mails go out, and with room there is a copy again."""
    (tmp_path / "backups").symlink_to(small_disk)
    installation = Installation(tmp_path / "home", f"sqlite:///{tmp_path}/planner.db?journal={journal}", server)
    installation.set_up()
    assert installation.run("2026-11-30T20:00", "tick") == 0
    fill(small_disk)
    assert installation.run(MORNING, "tick") == 1
    assert "planner-2026-12-01.db could not be written" in installation.said(MORNING, "status")
    assert sorted(file.name for file in small_disk.iterdir()) == ["filler", "planner-2026-11-30.db"]
    backup.check(small_disk / "planner-2026-11-30.db")
    assert len(server.taken) == 1
    (small_disk / "filler").unlink()
    assert installation.run(LATER, "tick") == 0
    assert installation.run(LATER, "status") == 0
    with closing(sqlite3.connect(small_disk / "planner-2026-12-01.db")) as rows:
        assert rows.execute("SELECT state FROM outbox WHERE kind = 'digest'").fetchall() == [("sent",)]
