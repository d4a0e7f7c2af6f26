"""Whatever people do, in whatever order: no slot twice, nothing lost that somebody touched, nothing in a pause.

Every example is a list of deeds on two channels, done in one transaction that is rolled back at the end.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from actions.conftest import ALWAYS, utc
from planner.actions import cadences as on_cadences
from planner.actions import pauses as on_pauses
from planner.actions import plan, posts, putting_off
from planner.actions.cadences import HasEnded
from planner.actions.channels import add_channel
from planner.actions.posts import AlreadyPosted, Change
from planner.core.consistency import paused
from planner.core.model import Business, Post, Window
from planner.core.recurrence import slots
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import businesses, cadences, pauses
from planner.store.queries import posts as rows

TODAY = date(2027, 3, 1)  # the clocks change on the 28th
BEGIN = utc("2027-03-01T08:00")

day = st.integers(-20, 130).map(lambda n: TODAY + timedelta(days=n))
which = st.integers(0, 60)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 20)),
        st.tuples(st.just("pause"), day, st.integers(0, 40), st.sampled_from([None, 0, 1])),
        st.tuples(st.just("resume"), which),
        st.tuples(st.just("end"), which, day),
        st.tuples(st.sampled_from(["done", "skip", "reopen", "edit", "tomorrow"]), which),
        st.tuples(st.just("move"), which, day),
    ),
    max_size=14,
)


class World:
    """A business with two channels and three cadences, in one transaction."""

    def __init__(self, tx: Connection, texts: PostTexts) -> None:
        self.tx, self.texts, self.now = tx, texts, BEGIN
        self.id = businesses.add(tx, name="x", timezone="Europe/Berlin", language="de", created_at=BEGIN).id
        self.channels = [add_channel(tx, self.business, "gbp", name, now=BEGIN) for name in "AB"]
        self.touched: dict[int, Post] = {}
        for rule, start, channel in (
            ("FREQ=WEEKLY;BYDAY=SU,WE", datetime(2027, 1, 1, 2, 30), 0),
            ("FREQ=DAILY;INTERVAL=3;COUNT=30", datetime(2027, 3, 1, 9), 1),
            ("FREQ=MONTHLY;BYDAY=-1FR,1MO", datetime(2027, 3, 1, 17), 1),
        ):
            on_cadences.add_cadence(tx, self.business, self.channels[channel], rule, start, texts=texts, now=BEGIN)

    @property
    def business(self) -> Business:
        return businesses.get(self.tx, self.id)

    def all(self) -> list[Post]:
        return rows.due_between(self.tx, self.id, ALWAYS)

    def do(self, deed: str, *how: object) -> None:
        getattr(self, f"_{deed}", self._verb(deed))(*how)

    def _verb(self, deed: str) -> object:
        verbs = {"done": posts.complete, "skip": posts.skip, "reopen": posts.reopen, "tomorrow": putting_off.tomorrow}

        def act(n: int) -> None:
            if found := self.all():
                try:
                    change = verbs[deed](self.tx, found[n % len(found)].id, now=self.now)  # type: ignore[operator]
                except AlreadyPosted:
                    return
                self._keep(change)

        return act

    def _keep(self, change: Change) -> None:
        if change.changed:
            self.touched[change.after.id] = change.after

    def _edit(self, n: int) -> None:
        if found := self.all():
            self._keep(posts.edit(self.tx, found[n % len(found)].id, now=self.now, title=f"von Hand {n}"))

    def _move(self, n: int, to: date) -> None:
        if found := [post for post in self.all() if post.open]:
            due = datetime.combine(to, time(2, 30))
            self._keep(posts.move(self.tx, found[n % len(found)].id, due, now=self.now))

    def _wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        plan.plan_ahead(self.tx, self.texts, self.now)

    def _pause(self, first: date, days: int, channel: int | None) -> None:
        where = None if channel is None else self.channels[channel]
        on_pauses.add_pause(self.tx, self.business, first, first + timedelta(days=days), channel=where, now=self.now)

    def _resume(self, n: int) -> None:
        if there := pauses.of_business(self.tx, self.id):
            on_pauses.remove_pause(self.tx, self.business, there[n % len(there)].id, texts=self.texts, now=self.now)

    def _end(self, n: int, on: date) -> None:
        there = cadences.of_business(self.tx, self.id)
        try:
            on_cadences.end_cadence(self.tx, self.business, there[n % len(there)].id, on, now=self.now)
        except HasEnded:
            return

    def check(self) -> None:
        found = self.all()
        there = {post.id: post for post in found}
        assert {key: there.get(key) for key in self.touched} == self.touched, "nothing touched is lost or changed"
        closed = pauses.of_business(self.tx, self.id)
        for post in found:
            assert post.revision or (post.slot and not paused(post.slot.date(), post.channel_id, closed))
        for cadence in cadences.of_business(self.tx, self.id):
            mine = [post for post in found if post.cadence_id == cadence.id]
            taken = [post.slot for post in mine]
            assert len(set(taken)) == len(taken), "no slot twice"
            assert cadence.planned_until
            span = Window(datetime.combine(TODAY, time()), cadence.planned_until)
            wanted = set(slots(cadence, span, closed, "Europe/Berlin"))
            assert wanted <= set(taken), "every slot has its post"
            assert {post.slot for post in mine if not post.revision} <= wanted, "no post without its slot"


@pytest.fixture(scope="module")
def world(sqlite_template: object, texts: PostTexts) -> Iterator[Database]:
    database = Database(f"sqlite:///{sqlite_template}")
    yield database
    database.close()


@pytest.mark.full
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds)
def test_whatever_people_do(world: Database, texts: PostTexts, deeds: list[tuple[object, ...]]) -> None:
    with world.write() as tx:
        here = World(tx, texts)
        here.check()
        for deed, *how in deeds:
            here.do(str(deed), *how)
            here.check()
        here.do("wait", 0)
        here.check()
        tx.rollback()
