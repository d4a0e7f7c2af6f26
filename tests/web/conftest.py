"""A bakery's planner behind its page: real database, real app, a browser of Flask's, and a clock that can be set."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from planner import catalogue
from planner.actions.access import new_nonce
from planner.actions.feeds import new_feed
from planner.actions.set_up import NewBusiness, set_up
from planner.core.model import Business, FeedKind, Post, Window
from planner.links import Links
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import businesses, channels, outbox, posts
from planner.web import create_app
from planner.web.site import Site

HOME = "http://planner.test"
# For what is about HTTP alone: once is enough, on the quicker engine.
on_sqlite = pytest.mark.parametrize("database_address", ["wal"], indirect=True)


def lose_a_mail(planner: "Planner", why: str, business_id: int = 1) -> None:
    """Put a morning mail into the outbox that was given up just now."""
    with planner.database.write() as tx:
        outbox.add(
            tx, key=f"digest:{business_id}:2026-11-30", business_id=business_id, kind="digest", state="dead",
            recipient="", local_date=planner.now.date(), due_at=planner.now, next_try_at=planner.now,
            created_at=planner.now, expires_at=planner.now + timedelta(hours=12), error=why, lost_at=planner.now,
            alarming=True,
        )  # fmt: skip


def utc(text: str) -> datetime:
    """An instant written in UTC: 2026-12-01T08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Planner:
    """The installation: its app, and a look into its tables."""

    database: Database
    links: Links
    site: Site
    moment: list[datetime]
    browser: FlaskClient
    csrf: str = ""

    @property
    def now(self) -> datetime:
        return self.moment[0]

    def at(self, text: str) -> None:
        """Set the clock (UTC)."""
        self.moment[0] = utc(text)

    @property
    def business(self) -> Business:
        with self.database.read() as tx:
            return businesses.every(tx)[0]

    def post(self, day: str) -> Post:
        """The only post due on a day."""
        start = date.fromisoformat(day)
        with self.database.read() as tx:
            (found,) = posts.due_between(tx, 1, Window(start, start + timedelta(days=1)))
        return found

    def again(self, post: Post) -> Post:
        """The post as it is by now."""
        with self.database.read() as tx:
            return posts.get(tx, post.id)

    def sign_in(self) -> None:
        """By a fresh one-time link; afterwards ``send`` knows the form's token."""
        path = self.links.sign_in(new_nonce(), self.now).removeprefix(HOME)
        assert self.browser.post(path).status_code == 303
        self.read_token()

    def read_token(self) -> None:
        """Know the token of this session's forms."""
        page = self.browser.get("/sessions").text
        self.csrf = page.split('name="csrf" value="')[1].split('"')[0]

    def send(self, path: str, headers: Mapping[str, str] = MappingProxyType({}), /, **form: str) -> TestResponse:
        """A form of a page of ours."""
        return self.browser.post(path, data={"csrf": self.csrf, **form}, headers=dict(headers))

    def feed(self, **options: Any) -> str:
        """The path of a new feed."""
        with self.database.write() as tx:
            kind = options.pop("kind", FeedKind.EVENT)
            name = options.pop("channel", None)
            channel = channels.named(tx, 1, name) if name else None
            _, secret = new_feed(tx, businesses.get(tx, 1), channel=channel, kind=kind, now=self.now, **options)
        return f"/feeds/{secret}.ics"


@pytest.fixture(scope="session")
def texts() -> PostTexts:
    return PostTexts()


BEGIN = utc("2026-11-30T08:30")  # Monday, 09:30 in Berlin


def found(database: Database, texts: PostTexts) -> None:
    """Set the bakery up, if it is not yet."""
    wanted = NewBusiness(
        name="Bäckerei Sonnenschein", timezone="Europe/Berlin", language="de", country="DE", region="BY",
        email="chef@baeckerei.example",
    )  # fmt: skip
    with database.write() as tx:
        if not businesses.every(tx):
            set_up(tx, wanted, catalogue.preset("core-trio"), texts, BEGIN)


@pytest.fixture(scope="session")
def bakery_file(sqlite_template: Path, texts: PostTexts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which the bakery is set up already: to copy it is quicker than to set it up anew."""
    file = tmp_path_factory.mktemp("bakery") / "template.db"
    shutil.copy(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    found(database, texts)
    database.close()
    return file


@pytest.fixture
def sqlite_address(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, bakery_file: Path) -> str:
    """With the bakery, unless a test is about how it comes to be."""
    shutil.copy(sqlite_template if "fresh" in request.fixturenames else bakery_file, tmp_path / "planner.db")
    return f"sqlite:///{tmp_path / 'planner.db'}"


@pytest.fixture(scope="session")
def spare() -> list[Flask]:
    """Apps that nobody uses: to make one anew takes longer than most tests, and all it keeps is its site."""
    return []


@pytest.fixture
def make(database: Database, texts: PostTexts, spare: list[Flask]) -> Iterator[Callable[..., Planner]]:
    """Make the installation; ``home`` and ``mail_folder`` as the settings would give them."""
    used: list[Flask] = []

    def made(home: str = HOME, mail_folder: str | None = None) -> Planner:
        moment = [BEGIN]
        links = Links(["k" * 40], home)
        site = Site(database, links, texts, lambda: moment[0], mail_folder)
        found(database, texts)
        app = spare.pop() if spare else create_app(site)
        app.extensions["planner"] = site
        used.append(app)
        return Planner(database, links, site, moment, app.test_client())

    yield made
    spare.extend(used)


@pytest.fixture
def planner(make: Callable[..., Planner]) -> Planner:
    """With the core trio: Google on Tuesdays at 9, WhatsApp on Thursdays at 11, YouTube on first Wednesdays."""
    return make()


@pytest.fixture
def fresh(make: Callable[..., Planner], database: Database, texts: PostTexts) -> Planner:
    """As the first start leaves it: nobody has said anything yet."""
    wanted = NewBusiness(name="My business", timezone="Europe/Berlin", language="en")
    with database.write() as tx:
        set_up(tx, wanted, catalogue.preset("core-trio"), texts, BEGIN)
    planner = make()
    planner.sign_in()
    return planner


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in on Tuesday, 1 December, 09:30: Google's post is due."""
    planner.at("2026-12-01T08:30")
    planner.sign_in()
    return planner


@pytest.fixture
def post(page: Planner) -> Post:
    """Google's, due at nine that day."""
    return page.post("2026-12-01")
