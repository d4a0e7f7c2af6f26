"""One bakery through the last quarter of 2026, day by day, by the command line's --now.

Every number here was worked out by hand from the calendar below; nothing is computed from the program.

The core trio gives: Google on Tuesdays 09:00, WhatsApp on Thursdays 11:00, YouTube on the first Wednesday 17:00.

    W41   5.-11. Oct   Tue 6  Wed 7  Thu 8     all done on their day (Tuesday's from the mail)     3 of 3
    W42  12.-18. Oct   Tue 13        Thu 15    Tuesday's done on Thursday, Thursday's on time      2 of 2, 1 late
    W43  19.-25. Oct   Tue 20        Thu 22    nothing done; clocks go back on Sunday 25           0 of 2, 2 missed
    W44  26. Oct-1. N  Tue 27        Thu 29    Monday: old Google post done, old WhatsApp skipped;
                                               Tuesday's put off from the mail to Wednesday        3 of 2
    W45   2.-8. Nov    Tue 3  Wed 4  Thu 5     the video is skipped from the mail                  2 of 3
    W46   9.-15. Nov   Betriebsferien          two posts taken back, no mail at all                nothing owed
    W47 to W53         one Tuesday and one Thursday each, and the video on Wed 2 Dec, all on time

Mornings with a mail: 3 (W41), 3 (W42: Tue, Wed late, Thu), 6 (W43: Tue to Sun), Mon 26 Oct, 3 (W44: Tue, Wed, Thu),
3 (W45), 2 in each of W47 to W53 and one more for the video: 3 + 3 + 6 + 1 + 3 + 3 + 15 = 34.
Mondays with a summary: W41 to W44, and W47 to W53 (on 28 Dec and 4 Jan too): 4 + 7 = 11. None on 9 November, a paused
day, and none on the 16th, since nothing was owed in W46.
"""

import email
import json
import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from click.testing import CliRunner, Result

from planner import config
from planner.cli import cli
from planner.links import Links
from planner.render import PostTexts
from planner.store.database import Database
from planner.web import create_app
from planner.web.site import Site

ADDRESS = "chef@baeckerei.example"


class Letterbox:
    """A mail server's handler that keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert envelope.rcpt_tos == [ADDRESS]
        message = email.message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 taken"


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, int]]:
    box = Letterbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


class Bakery:
    """The bakery's planner at a day and an hour: commands, the morning tick, and taps on links in mails."""

    def __init__(self, home: Path, address: str, box: Letterbox, port: int) -> None:
        self.box = box
        self.environ = {
            "PLANNER_HOME": str(home),
            "PLANNER_DATABASE_URL": address,
            "PLANNER_BASE_URL": "http://planner.test",
            "PLANNER_SMTP_HOST": "127.0.0.1",
            "PLANNER_SMTP_PORT": str(port),
            "PLANNER_SMTP_SECURITY": "none",
            "PLANNER_MAIL_FROM": "Planner <planner@baeckerei.example>",
        }
        self.home, self.address = home, address

    def run(self, now: str, *arguments: str) -> Result:
        result = CliRunner().invoke(cli, ["--now", now, *arguments], env=self.environ, catch_exceptions=False)
        assert result.exit_code in (0, 3), result.output
        return result

    def json(self, now: str, *arguments: str) -> object:
        return json.loads(self.run(now, *arguments, "--json").stdout)

    def mornings(self, first: date, last: date) -> list[str]:
        """Let the daemon wake at eight and a bit on each day; the subjects of the mails that came."""
        before = len(self.box.mails)
        day = first
        while day <= last:
            self.run(f"{day}T08:00:30", "tick")
            day += timedelta(days=1)
        return [str(mail["Subject"]) for mail in self.box.mails[before:]]

    def tap(self, verb: str, title: str, when: datetime) -> None:
        """Tap a link of the newest mail: look at the page, press its button."""
        text = self.box.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        block = text[text.index(title) :]
        link = re.search(rf"{verb}:?\s+(http://planner\.test/a/\S+)", block)
        assert link, text
        settings = config.load({**os.environ, **self.environ})
        database = Database(self.address)
        site = Site(database, Links(settings.keys(), "http://planner.test"), PostTexts(), lambda: when)
        client = create_app(site).test_client()
        path = link[1].removeprefix("http://planner.test")
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 200
        assert client.post(path).status_code == 200  # twice is once
        database.close()

    def posts(self, now: str, first: str, after: str) -> dict[str, dict[str, object]]:
        found = self.json(now, "post", "list", "--from", first, "--to", after)
        assert isinstance(found, list)
        return {str(post["due"])[:10]: post for post in found}

    def done(self, now: str, day: str) -> None:
        """Tick off the post that is due on a day."""
        after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        self.run(now, "done", str(self.posts(now, day, after)[day]["id"]))

    def film_all(self, now: str) -> None:
        """Tick off every step of the videos that are planned."""
        found = self.json(now, "post", "list", "--from", "2026-10-05", "--to", "2027-01-11")
        assert isinstance(found, list)
        videos = [post for post in found if post["platform"] == "youtube"]
        assert len(videos) == 4
        for post in videos:
            self.run(now, "post", "step", str(post["id"]), "5")

    def week(self, now: str, week: str) -> dict[str, dict[str, object]]:
        found = self.json(now, "summary", "--week", week)
        assert isinstance(found, dict)
        self.streak = found["streak"]
        return {line["platform"]: line for line in found["channels"]}


@pytest.fixture
def bakery(tmp_path: Path, letterbox: tuple[Letterbox, int], database_address: str) -> Bakery:
    made = Bakery(tmp_path / "home", database_address, *letterbox)
    made.run(
        "2026-10-05T07:30", "init", "--yes", "--name", "Bäckerei Sonnenschein", "--timezone", "Europe/Berlin",
        "--language", "de", "--country", "DE", "--region", "BY", "--email", ADDRESS, "--preset", "core-trio",
    )  # fmt: skip
    return made


def figures(line: dict[str, object]) -> tuple[object, ...]:
    return tuple(line[name] for name in ("goal", "planned", "posted", "late", "missed", "skipped"))


@pytest.mark.long
@pytest.mark.full
def test_a_quarter_of_the_bakery(bakery: Bakery) -> None:
    planned = bakery.json("2026-10-05T07:31", "post", "list", "--from", "2026-10-05", "--to", "2027-01-04")
    assert isinstance(planned, list)
    assert len(planned) == 13 + 13 + 3  # Tuesdays, Thursdays, first Wednesdays of Oct, Nov, Dec
    assert {post["standing"] for post in planned} == {"upcoming"}

    # W41: a good start. No post is due on Monday, but Wednesday's video is not begun; all four are filmed on that day.
    monday, _tuesday = bakery.mornings(date(2026, 10, 5), date(2026, 10, 6))
    assert monday.startswith("Idee: ")
    bakery.film_all("2026-10-05T18:00")
    first = bakery.box.mails[0]
    assert first["To"] == ADDRESS
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    title = str(bakery.posts("2026-10-06T09:00", "2026-10-06", "2026-10-07")["2026-10-06"]["title"])
    bakery.tap("(?:Erledigt|Done)", title, datetime(2026, 10, 6, 7, 0, tzinfo=UTC))
    assert bakery.posts("2026-10-06T12:00", "2026-10-06", "2026-10-07")["2026-10-06"]["status"] == "posted"
    assert len(bakery.mornings(date(2026, 10, 7), date(2026, 10, 7))) == 1
    bakery.done("2026-10-07T18:00", "2026-10-07")
    assert len(bakery.mornings(date(2026, 10, 8), date(2026, 10, 8))) == 1
    bakery.done("2026-10-08T12:00", "2026-10-08")
    assert bakery.mornings(date(2026, 10, 9), date(2026, 10, 11)) == []

    # W42: Monday brings the summary; Tuesday's post is made on Thursday, and the goal is met all the same.
    assert len(bakery.mornings(date(2026, 10, 12), date(2026, 10, 12))) == 1
    assert len(bakery.mornings(date(2026, 10, 13), date(2026, 10, 15))) == 3
    bakery.done("2026-10-15T12:00", "2026-10-13")
    bakery.done("2026-10-15T12:01", "2026-10-15")
    assert bakery.mornings(date(2026, 10, 16), date(2026, 10, 18)) == []
    week = bakery.week("2026-10-19T09:00", "2026-W42")
    assert figures(week["gbp"]) == (1, 1, 1, 1, 0, 0)
    assert figures(week["whatsapp"]) == (1, 1, 1, 0, 0, 0)
    assert figures(week["youtube"]) == (0, 0, 0, 0, 0, 0)
    assert bakery.streak == 2

    # W43: nothing is done. A mail every morning from Tuesday to Sunday, one of them on the day the clocks go back.
    assert len(bakery.mornings(date(2026, 10, 19), date(2026, 10, 19))) == 1  # the summary of W42
    assert len(bakery.mornings(date(2026, 10, 20), date(2026, 10, 25))) == 6
    saturday, sunday = (mail["Date"].datetime for mail in bakery.box.mails[-2:])
    assert saturday.isoformat() == "2026-10-24T08:00:30+02:00"
    assert sunday.isoformat() == "2026-10-25T08:00:30+01:00"
    assert sunday - saturday == timedelta(hours=25)
    assert len(bakery.mornings(date(2026, 10, 26), date(2026, 10, 26))) == 2  # the digest, and the summary of W43
    week = bakery.week("2026-10-26T08:30", "2026-W43")
    assert figures(week["gbp"]) == (1, 1, 0, 0, 1, 0)
    assert figures(week["whatsapp"]) == (1, 1, 0, 0, 1, 0)
    assert bakery.streak == 0
    assert bakery.run("2026-10-26T08:31", "summary", "--check").exit_code == 3

    # W44: one is made up for, one is dropped; Tuesday's is put off from the mail, across no more than a day.
    bakery.done("2026-10-26T09:00", "2026-10-20")
    old = bakery.posts("2026-10-26T09:01", "2026-10-22", "2026-10-23")["2026-10-22"]
    bakery.run("2026-10-26T09:02", "post", "skip", str(old["id"]), "--reason", "zu spät")
    due = bakery.posts("2026-10-26T09:03", "2026-10-20", "2026-10-28")
    assert due["2026-10-20"]["due"] == "2026-10-20T09:00+02:00"
    assert due["2026-10-27"]["due"] == "2026-10-27T09:00+01:00"  # nine on the wall, before and after
    assert len(bakery.mornings(date(2026, 10, 27), date(2026, 10, 27))) == 1
    title = str(due["2026-10-27"]["title"])
    bakery.tap("(?:Morgen|Tomorrow)", title, datetime(2026, 10, 27, 8, 0, tzinfo=UTC))
    assert len(bakery.mornings(date(2026, 10, 28), date(2026, 10, 28))) == 1
    bakery.done("2026-10-28T12:00", "2026-10-28")
    assert len(bakery.mornings(date(2026, 10, 29), date(2026, 10, 29))) == 1
    bakery.done("2026-10-29T12:00", "2026-10-29")
    assert bakery.mornings(date(2026, 10, 30), date(2026, 11, 1)) == []
    assert len(bakery.mornings(date(2026, 11, 2), date(2026, 11, 2))) == 1  # the summary of W44
    week = bakery.week("2026-11-02T09:00", "2026-W44")
    assert figures(week["gbp"]) == (1, 1, 2, 0, 0, 0)
    assert figures(week["whatsapp"]) == (1, 1, 1, 0, 0, 0)
    assert bakery.streak == 1
    assert bakery.run("2026-11-02T09:00", "summary", "--check").exit_code == 0

    # W45: the video is skipped from the mail; that is settled, but the week's goal is not met.
    assert len(bakery.mornings(date(2026, 11, 3), date(2026, 11, 3))) == 1
    bakery.done("2026-11-03T12:00", "2026-11-03")
    assert len(bakery.mornings(date(2026, 11, 4), date(2026, 11, 4))) == 1
    title = str(bakery.posts("2026-11-04T09:00", "2026-11-04", "2026-11-05")["2026-11-04"]["title"])
    bakery.tap("(?:Auslassen|Skip)", title, datetime(2026, 11, 4, 8, 0, tzinfo=UTC))
    assert len(bakery.mornings(date(2026, 11, 5), date(2026, 11, 5))) == 1
    bakery.done("2026-11-05T12:00", "2026-11-05")
    week = bakery.week("2026-11-08T09:00", "2026-W45")
    assert figures(week["youtube"]) == (1, 1, 0, 0, 0, 1)
    assert week["youtube"]["met"] is False
    assert bakery.mornings(date(2026, 11, 6), date(2026, 11, 8)) == []

    # W46: closed. Two posts are taken back, no mail comes, nothing is owed, no streak breaks by it.
    paused = bakery.run(
        "2026-11-08T18:00", "pause", "add", "--from", "2026-11-09", "--to", "2026-11-15", "--reason", "Betriebsferien"
    )
    assert "2" in paused.output
    assert bakery.posts("2026-11-08T18:01", "2026-11-09", "2026-11-16") == {}
    assert bakery.mornings(date(2026, 11, 9), date(2026, 11, 16)) == []
    week = bakery.week("2026-11-16T09:00", "2026-W46")
    assert {figures(line) for line in week.values()} == {(0, 0, 0, 0, 0, 0)}
    assert week["gbp"]["met"] is None

    # W47 to W53: everything on its day.
    days = [date(2026, 11, 17) + timedelta(days=7 * n + extra) for n in range(7) for extra in (0, 2)]
    days.append(date(2026, 12, 2))
    assert len(days) == 15
    day = date(2026, 11, 17)
    while day <= date(2027, 1, 3):
        mails = bakery.mornings(day, day)
        assert len(mails) == (day in days) + (day.weekday() == 0), f"{day}: {mails}"
        if day in days:
            bakery.done(f"{day}T12:00", day.isoformat())
        day += timedelta(days=1)
    assert len(bakery.mornings(date(2027, 1, 4), date(2027, 1, 4))) == 1

    week = bakery.week("2027-01-04T09:00", "2026-W53")
    assert figures(week["gbp"]) == figures(week["whatsapp"]) == (1, 1, 1, 0, 0, 0)
    assert bakery.streak == 7  # W47 to W53; W45 was not met for the video, W46 owed nothing
    assert (week["gbp"]["streak"], week["whatsapp"]["streak"], week["youtube"]["streak"]) == (9, 9, 1)

    kinds = [mail["List-Unsubscribe"] is not None for mail in bakery.box.mails]
    assert len(kinds) == 35 + 11
    keys = {message["key"] for message in sent(bakery)}
    assert len([key for key in keys if key.startswith("digest:")]) == 35
    assert len([key for key in keys if key.startswith("summary:")]) == 11
    assert "summary:1:2026-W53" in keys
    assert len({mail["Message-ID"] for mail in bakery.box.mails}) == 46


def sent(bakery: Bakery) -> list[dict[str, str]]:
    found = bakery.json("2027-01-04T09:00", "outbox", "list", "--limit", "1000")
    assert isinstance(found, dict)
    return [message for message in found["messages"] if message["state"] == "sent"]
