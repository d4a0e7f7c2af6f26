"""A bakery in Berlin to try the verbs on: one channel, cadences as a test wants them, its posts in due order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from planner.actions import cadences, plan, remind
from planner.actions.channels import add_channel
from planner.actions.posts import Change
from planner.core.model import Business, Cadence, Channel, Content, OnHoliday, Pillar, Post, Purpose, Window
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import businesses, posts

ALWAYS = Window(date(1990, 1, 1), date(2100, 1, 1))


def utc(text: str) -> datetime:
    """An instant written in UTC: 2026-12-01T08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    """A wall time: 2026-12-01T09:00."""
    return datetime.fromisoformat(text)


MORNING = utc("2026-12-01T07:00")
LATER = utc("2026-12-01T12:00")


@dataclass
class Shop:
    """A business at work; every call is a transaction of its own."""

    database: Database
    texts: PostTexts
    id: int
    channel: Channel
    now: datetime

    @property
    def business(self) -> Business:
        with self.database.read() as tx:
            return businesses.get(tx, self.id)

    def add_channel(self, platform: str, name: str = "") -> Channel:
        with self.database.write() as tx:
            return add_channel(tx, self.business_in(tx), platform, name, now=self.now)

    def business_in(self, tx: object) -> Business:
        return businesses.get(tx, self.id)  # type: ignore[arg-type]

    def cadence(
        self,
        rrule: str,
        start: str,
        *,
        channel: Channel | None = None,
        pillars: Sequence[Pillar] = (),
        exdates: Sequence[date] = (),
        on_holiday: OnHoliday = OnHoliday.KEEP,
        purpose: Purpose = Purpose.POSTING,
        content: Content | None = None,
        now: datetime | None = None,
    ) -> Cadence:
        with self.database.write() as tx:
            made, _count = cadences.add_cadence(
                tx,
                self.business_in(tx),
                channel or self.channel,
                rrule,
                local(start),
                pillars=pillars,
                exdates=exdates,
                on_holiday=on_holiday,
                purpose=purpose,
                content=content,
                texts=self.texts,
                now=now or self.now,
            )
        return made

    def plan(self, now: datetime, limit: int = 500) -> plan.Planned:
        with self.database.write() as tx:
            return plan.plan_ahead(tx, self.texts, now, limit=limit)

    def posts(self) -> list[Post]:
        with self.database.read() as tx:
            return posts.due_between(tx, self.id, ALWAYS)

    def post(self, post_id: int) -> Post:
        with self.database.read() as tx:
            return posts.get(tx, post_id)

    def on(self, day: str) -> Post:
        """The only post due on a day."""
        (found,) = [post for post in self.posts() if str(post.due_local.date()) == day]
        return found

    def days(self) -> list[str]:
        """The days of all posts: 12-01."""
        return [f"{post.due_local:%m-%d}" for post in self.posts()]


@pytest.fixture(scope="session")
def texts() -> PostTexts:
    """The prompts as they come with the program."""
    return PostTexts()


@pytest.fixture
def shop(database: Database, texts: PostTexts, now: datetime) -> Shop:
    """A bakery in Berlin with a profile on Google and no cadence yet; it is Monday 30 November 2026, 09:30."""
    with database.write() as tx:
        business = businesses.add(
            tx, name="Bäckerei Huber", timezone="Europe/Berlin", language="de", tzdata="2026.1", created_at=now
        )
        channel = add_channel(tx, business, "gbp", "Google", now=now)
    return Shop(database, texts, business.id, channel, now)


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    """A post due on 1 December 2026 at nine, another on the 8th, …; its digest waits in the outbox."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00")
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
        assert remind.remind(tx, MORNING).added == 1
    return shop


@pytest.fixture
def post(shop: Shop) -> Post:
    """The post of Tuesday, 1 December 2026, 09:00 in Berlin; ``shop.now`` is the day before."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-30T09:00")
    return shop.on("2026-12-01")


def do(shop: Shop, verb: Callable[..., Change], *arguments: object, **named: object) -> Change:
    with shop.database.write() as tx:
        return verb(tx, *arguments, **{"now": LATER, **named})
