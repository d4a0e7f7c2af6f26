"""The mix of any year as it is really planned: tick by tick over three years, with pauses, from presets and advice."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from actions.conftest import ALWAYS, Shop
from planner import catalogue
from planner.actions import advise, pauses, plan
from planner.actions.set_up import NewBusiness, set_up
from planner.core.advice import Answers, Customers, Helper
from planner.core.mix import MonthMix
from planner.core.model import Mix, Post
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import businesses, channels, posts

YEARS = 3
pytestmark = pytest.mark.parametrize("database_address", ["wal"], indirect=True)  # it is long, and no matter of engines
Months = dict[tuple[int, int], list[Mix]]
ANSWERS = {
    "a bakery with half an hour": Answers(trade="bakery", minutes=30),
    "a bakery that films": Answers(trade="bakery", likes=("video",), minutes=90),
    "a restaurant, helped": Answers(trade="restaurant", minutes=300, helper=Helper.TEAM),
    "a consultant online": Answers(trade="consultant", customers=Customers.ONLINE, minutes=150),
    "a photographer with time": Answers(trade="photographer", likes=("image", "video"), minutes=900),
    "a physiotherapist": Answers(trade="physiotherapist", minutes=60),
    "a driving school that films": Answers(trade="driving_school", likes=("video",), minutes=900, helper=Helper.FILMER),
    "no trade, online": Answers(customers=Customers.ONLINE, likes=("text", "image", "video"), minutes=120),
}


def begun(database: Database, texts: PostTexts, start: datetime, preset: str, answers: Answers | None = None) -> None:
    wanted = NewBusiness(name="Huber", timezone="Europe/Berlin", language="de", country="DE", region="BY")
    with database.write() as tx:
        business = set_up(tx, wanted, catalogue.preset(preset), texts, start)
        if answers is not None:
            applied = advise.apply(tx, business, answers, advise.advice_for(answers), texts, start)
            assert applied.replaced


def lived(database: Database, texts: PostTexts, start: datetime, chance: Random) -> set[date]:
    """Three years of ticks, some weeks apart, and pauses: some said ahead, some afterwards. The days of the latter."""
    now, until, late = start, start + timedelta(days=366 * YEARS), set[date]()
    while now < until:
        with database.write() as tx:
            while plan.plan_ahead(tx, texts, now).more:
                pass
            if chance.random() < 0.25:
                business, (channel, *_) = businesses.get(tx, 1), channels.of_business(tx, 1)
                first = now.date() + timedelta(days=chance.choice([-5, 3, 20, 140]))
                last = first + timedelta(days=chance.randrange(1, 25))
                one = channel if chance.random() < 0.3 else None
                if pauses.add_pause(tx, business, first, last, channel=one, now=now).removed:
                    late |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
        now += timedelta(weeks=chance.choice([1, 3, 6]))
    return late


def by_month(found: Iterable[Post]) -> Months:
    months: Months = defaultdict(list)
    for post in found:
        if post.pillar is not None:
            months[post.due_local.year, post.due_local.month].append(post.pillar.mix)
    return months


def mix_of(kinds: Iterable[Mix]) -> MonthMix:
    counted = Counter(kinds)
    return MonthMix(*(counted[mix] for mix in (Mix.DIALOGUE, Mix.VALUE, Mix.PROMOTION)))


def holds(database: Database, late: set[date]) -> None:
    """No month tips over, in any of the three ways, unless a pause took posts away that were planned already."""
    with database.read() as tx:
        found = posts.due_between(tx, 1, ALWAYS)
    touched = {(day.year, day.month) for day in late}
    months = by_month(found)
    assert len(months) >= 12 * YEARS - 2
    assert len(touched) < len(months) // 2, "or little is tried"
    for month, kinds in months.items():
        if month not in touched:
            assert mix_of(kinds).tilts == (), (month, mix_of(kinds))
    whole = mix_of(kind for kinds in months.values() for kind in kinds)
    assert whole.tilts == (), whole
    assert 5 * whole.promotion <= whole.total
    assert 3 * min(whole.dialogue, whole.value) >= whole.total - len(touched)


@pytest.mark.parametrize("key", catalogue.preset_keys())
def test_every_preset(database: Database, texts: PostTexts, key: str) -> None:
    chance = Random(key)
    start = datetime(chance.randrange(2024, 2031), chance.randrange(1, 13), chance.randrange(1, 29), 8, tzinfo=UTC)
    begun(database, texts, start, key)
    holds(database, lived(database, texts, start, chance))


@pytest.mark.parametrize("name", ANSWERS)
def test_applied_advice(database: Database, texts: PostTexts, name: str) -> None:
    chance = Random(name)
    start = datetime(chance.randrange(2024, 2031), chance.randrange(1, 13), chance.randrange(1, 29), 8, tzinfo=UTC)
    begun(database, texts, start, "core-trio", ANSWERS[name])
    holds(database, lived(database, texts, start, chance))


def test_three_rhythms_with_the_usual_topics(shop: Shop) -> None:
    """Each would advertise in its ninth week: in the same month, of twelve posts."""
    for number, platform in enumerate(("facebook", "instagram", "linkedin"), 1):
        shop.cadence("FREQ=WEEKLY", f"2026-12-{number:02}T09:00", channel=shop.add_channel(platform))
    for tick in range(12):
        shop.plan(shop.now + timedelta(weeks=3 * tick))
    months = by_month(shop.posts())
    assert len(months[2027, 2]) == 12
    assert sum(Mix.PROMOTION in kinds for kinds in months.values()) >= 4, "or nothing is tried"
    for month, kinds in months.items():
        assert mix_of(kinds).tilts == (), (month, mix_of(kinds))
