"""The demonstration bakery: three months of posts made and missed, for browser tests and for pictures in the docs.

It was set up on Monday 31 August 2026; "now" is Tuesday 1 December, 09:30 in Berlin, and Google's post is due. Every
seventh post was missed, every eleventh skipped; there was a holiday in October, and one will come at Christmas.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from planner import catalogue
from planner.actions import pauses, plan
from planner.actions import posts as verbs
from planner.actions.set_up import NewBusiness, set_up
from planner.core.model import Post, Window
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import heartbeats, posts
from planner.store.schema import prepare

BEGUN = datetime(2026, 8, 31, 7, 0, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
NAMES = {"de": "Bäckerei Sonnenschein", "en": "Sunshine Bakery"}
_ALL = Window(date(2026, 1, 1), date(2028, 1, 1))
_HOLIDAY = {"de": "Betriebsferien", "en": "Closed"}
_REASONS = {"de": "Keine Zeit, Weihnachtsbestellungen", "en": "No time, Christmas orders"}


def build(file: Path, language: str) -> None:
    """A database with the bakery in it."""
    database = Database(f"sqlite:///{file}?journal=delete")
    prepare(database)
    texts = PostTexts()
    with database.write() as tx:
        wanted = NewBusiness(
            name=NAMES[language], timezone="Europe/Berlin", language=language, country="DE", region="BY",
            email="chef@baeckerei.example",
        )  # fmt: skip
        business = set_up(tx, wanted, catalogue.preset("core-trio"), texts, BEGUN)
        pauses.add_pause(tx, business, date(2026, 10, 19), date(2026, 10, 25), reason=_HOLIDAY[language], now=BEGUN)
        pauses.add_pause(tx, business, date(2026, 12, 24), date(2027, 1, 3), reason=_HOLIDAY[language], now=BEGUN)
        moment = BEGUN
        while moment < NOW:
            plan.plan_ahead(tx, texts, moment)
            moment += timedelta(weeks=1)
        plan.plan_ahead(tx, texts, NOW)
        for number, post in enumerate(posts.due_between(tx, business.id, _ALL), 1):
            if post.due_at < NOW - timedelta(days=1):
                _live(tx, number, post, language)
        heartbeats.beat(tx, "plan", NOW, 30, "")
    database.close()


def _live(tx: Connection, number: int, post: Post, language: str) -> None:
    """What became of a post."""
    if number % 7 == 0:
        return
    if number % 11 == 0:
        verbs.skip(tx, post.id, now=post.due_at, reason=_REASONS[language])
        return
    verbs.complete(tx, post.id, now=post.due_at + timedelta(hours=number % 5, days=number % 3 == 0))
