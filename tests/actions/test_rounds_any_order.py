"""Whatever people do with rounds of answering, in whatever order: there is one a channel and day."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from actions.test_any_order import BEGIN, World, deeds, world
from planner.actions import cadences as on_cadences
from planner.actions import overview, posts
from planner.actions.rounds import NothingToWrite, RoundThere
from planner.core.model import Purpose, Status
from planner.render import PostTexts
from planner.store.database import Database
from planner.store.queries import cadences

__all__ = ["world"]  # the fixture


class Desk(World):
    """The same business, where both channels are answered, too: one of them by two cadences."""

    def begin(self) -> None:
        for rule, channel in (("FREQ=WEEKLY;BYDAY=MO,WE,FR", 0), ("FREQ=DAILY", 1), ("FREQ=WEEKLY;BYDAY=SA,SU", 1)):
            on_cadences.add_cadence(
                self.tx, self.business, self.channels[channel], rule, datetime(2027, 3, 1, 17),
                purpose=Purpose.REPLYING, texts=self.texts, now=BEGIN,
            )  # fmt: skip

    def try_to(self, deed: str, *how: object) -> None:
        try:
            self.do(deed, *how)
        except (NothingToWrite, RoundThere):
            return

    def check(self) -> None:
        rounds = [post for post in self.all() if post.is_round]
        standing = Counter((p.channel_id, p.due_local.date()) for p in rounds if p.status is not Status.SKIPPED)
        assert not [where for where, count in standing.items() if count > 1], "one a channel and day"
        assert all((p.pillar, p.prompt, p.text, p.link) == (None, "", "", "") for p in rounds)
        slots = [(p.cadence_id, p.slot) for p in rounds]
        assert len(set(slots)) == len(slots), "no slot twice"
        for days in range(0, 60, 7):
            day = overview.agenda_of(self.tx, self.business, self.now + timedelta(days=days))
            asked = (*day.due, *day.still_open, *day.upcoming, *day.later)
            assert not [post for post in asked if post.is_round], "asked for nowhere but on its day"
            assert len(day.rounds) <= 2
        replying = {each.id for each in cadences.of_business(self.tx, self.id) if each.purpose is Purpose.REPLYING}
        assert {post.cadence_id for post in rounds} <= replying


@pytest.mark.full  # half a minute; in whatever order without rounds is among the quick ones
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds)
def test_rounds_stay_one_a_day(world: Database, texts: PostTexts, deeds: list[tuple[object, ...]]) -> None:
    with world.write() as tx:
        desk = Desk(tx, texts)
        desk.begin()
        for deed, *how in deeds:
            desk.try_to(str(deed), *how)
            desk.check()
        tx.rollback()


def test_a_round_that_another_stands_for_is_not_opened_again(world: Database, texts: PostTexts) -> None:
    with world.write() as tx:
        desk = Desk(tx, texts)
        desk.begin()
        monday, tuesday = [post for post in desk.all() if post.is_round and post.channel_id == desk.channels[1].id][:2]
        posts.skip(tx, tuesday.id, now=BEGIN)
        assert posts.move(tx, monday.id, tuesday.due_local, now=BEGIN).after.open
        with pytest.raises(RoundThere):
            posts.reopen(tx, tuesday.id, now=BEGIN)
        tx.rollback()
