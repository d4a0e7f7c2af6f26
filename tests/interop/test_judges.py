"""Our feed as others read it: each of them finds exactly our posts, at their instants, in their words."""

import json
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from waitress.server import create_server

from planner import catalogue
from planner.actions import posts as verbs
from planner.actions.feeds import new_feed, revoke_feed
from planner.actions.set_up import NewBusiness, set_up
from planner.core.model import FeedKind, Post, Window
from planner.links import Links
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import businesses, channels, feeds, posts
from planner.web import create_app
from planner.web.site import Site

HERE = Path(__file__).parent
FOUNDED = datetime(2026, 10, 1, 6, tzinfo=UTC)
NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
NASTY = 'Zimt, Zucker; "Butter" \\ Mehl 👩‍🍳 ' + "ä" * 80
pytestmark = pytest.mark.parametrize("database_address", ["wal"], indirect=True)


class Bakery:
    """A quarter's posts over the clock change of 25 October, in every state, with words that are hard to quote."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.site = Site(database, Links(["k" * 40], "http://planner.test"), PostTexts(), lambda: NOW)
        wanted = NewBusiness(name="Bäckerei, Sonne; & Co", timezone="Europe/Berlin", language="de")
        with database.write() as tx:
            business = set_up(tx, wanted, catalogue.preset("core-trio"), PostTexts(), FOUNDED)
            channel = channels.of_business(tx, business.id)[0]
            for wall in ("2026-10-25T01:30", "2026-10-25T02:30", "2026-10-25T03:30", "2027-03-28T02:30"):
                moment = datetime.fromisoformat(wall)
                verbs.add(tx, business, channel, moment, title=NASTY, text=f"Eins\n{NASTY}\r\nDrei\x07", now=FOUNDED)
        first, second, third, *_ = self.posts()
        with database.write() as tx:
            verbs.complete(tx, first.id, now=NOW, link="https://g.co/a?b=c&d=e,f;g")
            verbs.skip(tx, second.id, now=NOW, reason="Ofen kaputt")
            verbs.edit(tx, third.id, now=NOW, title="\ttab and ' quotes", text="")

    def posts(self) -> list[Post]:
        with self.database.read() as tx:
            return posts.due_between(tx, 1, Window(date(2026, 1, 1), date(2028, 1, 1)))

    def feed(self, kind: FeedKind = FeedKind.EVENT, alarm_minutes: int | None = None) -> str:
        with self.database.write() as tx:
            business = businesses.get(tx, 1)
            _, secret = new_feed(tx, business, kind=kind, alarm_minutes=alarm_minutes, now=NOW)
        return f"/feeds/{secret}.ics"

    def fetched(self, kind: FeedKind = FeedKind.EVENT, alarm_minutes: int | None = None) -> bytes:
        body: bytes = create_app(self.site).test_client().get(self.feed(kind, alarm_minutes)).data
        return body


@pytest.fixture
def bakery(database: Database) -> Bakery:
    return Bakery(database)


def judged(judges: Path, script: str, body: bytes) -> list[list[str]]:
    answer = subprocess.run([judges / "python", HERE / script], input=body, capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr.decode()
    rows: list[list[str]] = json.loads(answer.stdout)
    return sorted(rows)


@pytest.mark.parametrize("script", ["judge_ical.py", "judge_recurring.py"])
@pytest.mark.parametrize("alarm_minutes", [None, 30])
def test_every_post_is_found_at_its_instant(
    judges: Path, bakery: Bakery, script: str, alarm_minutes: int | None
) -> None:
    rows = judged(judges, script, bakery.fetched(alarm_minutes=alarm_minutes))
    # From 1 October: the horizon of 13 weeks and what was added by hand, of which one lies after the feed's end.
    ours = sorted(
        (post.uid, post.due_at.isoformat()) for post in bakery.posts() if post.due_local.date() < date(2027, 3, 1)
    )
    assert len(ours) > 30
    assert [(uid, at) for uid, at, *_ in rows] == ours
    told = {uid: (summary, description) for uid, _, summary, description in rows}
    by_title = {post.title: told[post.uid] for post in bakery.posts() if post.uid in told}
    assert by_title[NASTY][0].endswith(NASTY)
    assert by_title[NASTY][1].startswith(f"Eins\n{NASTY}\nDrei\n\n")
    marks = [summary[0] for _, _, summary, _ in rows]
    assert (marks.count("✓"), marks.count("–")) == (1, 1)


def test_the_clock_change(judges: Path, bakery: Bakery) -> None:
    """On 25 October 2026 half past two comes twice in Berlin; the first one is meant: 00:30 UTC."""
    rows = judged(judges, "judge_recurring.py", bakery.fetched())
    sunday = sorted(at for _, at, *_ in rows if at.startswith(("2026-10-24T2", "2026-10-25")))
    assert sunday == ["2026-10-24T23:30:00+00:00", "2026-10-25T00:30:00+00:00", "2026-10-25T02:30:00+00:00"]


def test_tasks_are_read_by_home_assistant(judges: Path, bakery: Bakery) -> None:
    rows = judged(judges, "judge_ical.py", bakery.fetched(FeedKind.TODO))
    assert len([uid for uid, *_ in rows if uid.startswith("todo-")]) == bakery.fetched().count(b"BEGIN:VEVENT")
    steps = [(at, summary) for uid, at, summary, _ in rows if not uid.startswith("todo-")]
    assert ("2026-11-18", "Idee") in [(at, summary.partition(":")[0]) for at, summary in steps], "a day without an hour"
    assert all(len(at) == len("2026-11-18") for at, _ in steps)


# --- subscribing: vdirsyncer fetches from the running server, khal shows -----------------------------------


class Subscriber:
    """Somebody with vdirsyncer and khal, who has subscribed to an address."""

    def __init__(self, judges: Path, folder: Path, address: str) -> None:
        self._judges, self._folder = judges, folder
        (folder / "items").mkdir()
        (folder / "vdirsyncer").write_text(
            f'[general]\nstatus_path = "{folder}/status"\n'
            f'[pair plan]\na = "web"\nb = "disk"\ncollections = null\n'
            f'[storage web]\ntype = "http"\nurl = "{address}"\n'
            f'[storage disk]\ntype = "filesystem"\npath = "{folder}/items"\nfileext = ".ics"\n'
        )
        formats = "".join(
            f"{name} = {value}\n"
            for name, value in {
                "timeformat": "%H:%M", "dateformat": "%Y-%m-%d", "longdateformat": "%Y-%m-%d",
                "datetimeformat": "%Y-%m-%d %H:%M", "longdatetimeformat": "%Y-%m-%d %H:%M",
                "local_timezone": "Europe/Berlin", "default_timezone": "Europe/Berlin",
            }.items()
        )  # fmt: skip
        (folder / "khal").write_text(
            f"[calendars]\n[[plan]]\npath = {folder}/items\n[sqlite]\npath = {folder}/khal.db\n[locale]\n{formats}"
        )
        self._run("vdirsyncer", "-c", f"{folder}/vdirsyncer", "discover", said="y\n" * 4)

    def _run(self, program: str, *words: str, said: str = "") -> "subprocess.CompletedProcess[str]":
        environ = {
            "HOME": str(self._folder),
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "XDG_CACHE_HOME": str(self._folder),
        }
        return subprocess.run(
            [self._judges / program, *words], input=said, capture_output=True, text=True, check=False, env=environ
        )

    def sync(self) -> int:
        return self._run("vdirsyncer", "-c", f"{self._folder}/vdirsyncer", "sync").returncode

    def items(self) -> int:
        return len(list((self._folder / "items").glob("*.ics")))

    def shown(self, first: str, days: int) -> list[str]:
        """Start and title of what khal lists."""
        shape = "{start-long-full} {title}"
        answer = self._run(
            "khal", "-c", f"{self._folder}/khal", "list", "--day-format", "", "--format", shape, first, f"{days}d"
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.splitlines()


@pytest.fixture
def served(bakery: Bakery) -> Iterator[str]:
    server = create_server(create_app(bakery.site), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


@pytest.mark.full
def test_a_subscriber_with_vdirsyncer_and_khal(judges: Path, bakery: Bakery, served: str, tmp_path: Path) -> None:
    folder = tmp_path / "subscriber"
    folder.mkdir()
    subscriber = Subscriber(judges, folder, served + bakery.feed())
    assert subscriber.sync() == 0
    assert subscriber.items() == bakery.fetched().count(b"BEGIN:VEVENT"), "one item a post"
    # W45: Google on Tuesday at 9, YouTube on the first Wednesday at 17, WhatsApp on Thursday at 11.
    week = subscriber.shown("2026-11-02", 7)
    assert [line[:16] for line in week] == ["2026-11-03 09:00", "2026-11-04 17:00", "2026-11-05 11:00"]
    (tuesday,) = [post for post in bakery.posts() if post.due_local == datetime(2026, 11, 3, 9)]
    with bakery.database.write() as tx:
        verbs.complete(tx, tuesday.id, now=NOW + timedelta(minutes=5))
    assert subscriber.sync() == 0
    assert "✓ " in subscriber.shown("2026-11-03", 1)[0]
    with bakery.database.write() as tx:
        revoke_feed(tx, businesses.get(tx, 1), feeds.of_business(tx, 1)[0].id, now=NOW)
    assert subscriber.sync() != 0, "a revoked address is no calendar any more"
