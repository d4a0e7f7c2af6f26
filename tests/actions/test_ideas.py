"""Ideas: written down, changed, made a post of, and taken back, while somebody else may do the same."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from actions.conftest import Shop, local
from actions.test_posts import between_reading_and_writing
from planner.actions import ideas as verbs
from planner.actions import posts
from planner.actions.drafting import TitleMissing
from planner.actions.ideas import DayIsOver, IdeaUsed, OtherChannel, SlotTaken
from planner.actions.pauses import add_pause
from planner.core.model import Idea, Pillar, Post, Status
from planner.errors import LinkForged, NoSuchChannel
from planner.links import Links, PlacedClaim
from planner.store.queries import ideas
from planner.store.queries.ideas import IdeaChangedMeanwhile, NoSuchIdea

LINKS = Links(["k" * 40], "http://planner.test")
on_sqlite = pytest.mark.parametrize("database_address", ["wal"], indirect=True)


@pytest.fixture
def post(shop: Shop) -> Post:
    """The post of Tuesday, 1 December 2026, 09:00 in Berlin; ``shop.now`` is the day before."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-30T09:00")
    return shop.on("2026-12-01")


def add(shop: Shop, title: str = "Stollen", **values: object) -> Idea:
    with shop.database.write() as tx:
        values = {"text": "Ab heute gibt es Stollen.", "pillar": Pillar.SEASON, **values}
        return verbs.add_idea(tx, shop.business_in(tx), title=title, now=shop.now, **values)  # type: ignore[arg-type]


def waiting(shop: Shop) -> list[Idea]:
    with shop.database.read() as tx:
        return ideas.backlog(tx, shop.id)


def put(shop: Shop, idea: Idea, post: Post) -> verbs.Placed:
    with shop.database.write() as tx:
        return verbs.put_into_post(tx, shop.business_in(tx), idea.id, post.id, now=shop.now)


def claim(shop: Shop, placed: verbs.Placed) -> PlacedClaim:
    token = LINKS.taking_back(placed.idea.id, placed.before, placed.after, shop.now)
    return LINKS.read_taking_back(token, shop.now)


def back(shop: Shop, placed: verbs.Placed) -> bool:
    with shop.database.write() as tx:
        return verbs.take_back(tx, shop.business_in(tx), claim(shop, placed), now=shop.now)


def test_the_backlog_is_by_pillar_the_latest_first(shop: Shop) -> None:
    made = [
        add(shop, "a", pillar=Pillar.OFFER),
        add(shop, "b", pillar=Pillar.QUESTION),
        add(shop, "c", pillar=Pillar.OFFER),
    ]
    assert [idea.title for idea in waiting(shop)] == ["b", "c", "a"]
    with shop.database.read() as tx:
        assert sorted(ideas.counts(tx, shop.id)[0], key=str) == [(None, Pillar.OFFER, 2), (None, Pillar.QUESTION, 1)]
        assert ideas.backlog(tx, shop.id, skip=1, limit=1) == [made[2]]


def test_ideas_of_others_are_not_there(shop: Shop) -> None:
    idea = add(shop)
    with shop.database.write() as tx, pytest.raises(NoSuchIdea):
        verbs.remove_idea(tx, replace(shop.business_in(tx), id=99), idea.id)
    with shop.database.write() as tx, pytest.raises(NoSuchChannel):
        verbs.add_idea(tx, shop.business_in(tx), title="x", channel_id=99, now=shop.now)


def test_changing_and_removing(shop: Shop) -> None:
    idea = add(shop)
    with shop.database.write() as tx:
        business = shop.business_in(tx)
        changed = verbs.edit_idea(
            tx,
            business,
            idea.id,
            title="Neu",
            text="",
            pillar=Pillar.TIP,
            channel_id=shop.channel.id,
            seen=idea.revision,
        )
        with pytest.raises(IdeaChangedMeanwhile):
            verbs.edit_idea(
                tx, business, idea.id, title="x", text="", pillar=Pillar.TIP, channel_id=None, seen=idea.revision
            )
        with pytest.raises(TitleMissing):
            verbs.edit_idea(tx, business, idea.id, title=" ", text="", pillar=Pillar.TIP, channel_id=None)
    assert waiting(shop) == [changed]
    assert (changed.title, changed.pillar, changed.channel_id) == ("Neu", Pillar.TIP, shop.channel.id)
    with shop.database.write() as tx:
        verbs.remove_idea(tx, shop.business_in(tx), idea.id)
    assert waiting(shop) == []


# --- into a post -------------------------------------------------------------------------------------------------


def test_its_words_go_into_the_post_and_out_again(shop: Shop, post: Post) -> None:
    idea = add(shop)
    placed = put(shop, idea, post)
    after = shop.post(post.id)
    assert placed.after == after
    assert (after.title, after.text, after.pillar, after.hint) == (
        "Stollen",
        "Ab heute gibt es Stollen.",
        Pillar.SEASON,
        "",
    )
    assert (after.status, after.edited, after.due_local) == (Status.DRAFTED, True, post.due_local)
    assert waiting(shop) == []
    assert back(shop, placed)
    again = shop.post(post.id)
    assert replace(again, revision=post.revision, sequence=post.sequence, updated_at=post.updated_at) == post
    assert [each.title for each in waiting(shop)] == ["Stollen"]
    assert not back(shop, placed), "once is once"


def test_taking_back_respects_what_somebody_did_since(shop: Shop, post: Post) -> None:
    placed = put(shop, add(shop), post)
    with shop.database.write() as tx:
        posts.edit(tx, post.id, now=shop.now, text="Besser.")
    assert not back(shop, placed)
    assert shop.post(post.id).text == "Besser."
    assert waiting(shop) == []


def test_nothing_of_anybody_is_overwritten(shop: Shop, post: Post) -> None:
    first, second = add(shop, "Erste"), add(shop, "Zweite")
    put(shop, first, post)
    with pytest.raises(SlotTaken):
        put(shop, second, post)
    with pytest.raises(IdeaUsed):
        put(shop, first, shop.on("2026-12-08"))
    with shop.database.write() as tx:
        posts.skip(tx, shop.on("2026-12-08").id, now=shop.now)
    with pytest.raises(SlotTaken):
        put(shop, second, shop.on("2026-12-08"))
    assert [each.title for each in waiting(shop)] == ["Zweite"]
    assert shop.on("2026-12-15").status is Status.PLANNED


def test_an_idea_for_a_channel_goes_onto_that_one(shop: Shop, post: Post) -> None:
    other = shop.add_channel("whatsapp")
    with pytest.raises(OtherChannel):
        put(shop, add(shop, channel_id=other.id), post)
    put(shop, add(shop, channel_id=shop.channel.id), post)
    assert shop.post(post.id).title == "Stollen"


def test_two_at_once_use_it_once(shop: Shop, post: Post) -> None:
    idea = add(shop)
    put(shop, idea, post)
    with shop.database.write() as tx, pytest.raises(IdeaUsed):
        verbs.remove_idea(tx, shop.business_in(tx), idea.id)
    with shop.database.write() as tx, pytest.raises(IdeaUsed):
        verbs._used(tx, idea, post.id)  # as it was read before the other one was quicker


def test_planning_again_leaves_its_words(shop: Shop, post: Post) -> None:
    put(shop, add(shop), post)
    shop.plan(shop.now)
    with shop.database.write() as tx:
        add_pause(tx, shop.business_in(tx), date(2026, 12, 1), date(2026, 12, 1), now=shop.now)
    assert shop.post(post.id).title == "Stollen"


# --- onto a day --------------------------------------------------------------------------------------------------


def test_a_post_of_its_own_and_taken_back(shop: Shop) -> None:
    idea = add(shop)
    with shop.database.write() as tx:
        business = shop.business_in(tx)
        placed = verbs.put_onto_day(tx, business, idea.id, shop.channel, local("2026-12-05T10:00"), now=shop.now)
    made = shop.on("2026-12-05")
    assert made == placed.after
    assert (made.title, made.pillar, made.cadence_id, made.status) == ("Stollen", Pillar.SEASON, None, Status.DRAFTED)
    revision = shop.business.revision
    assert back(shop, placed)
    assert shop.posts() == []
    assert [each.title for each in waiting(shop)] == ["Stollen"]
    assert shop.business.revision > revision, "feeds are to notice"
    assert not back(shop, placed)


def test_no_post_in_the_past(shop: Shop) -> None:
    idea = add(shop)
    with shop.database.write() as tx, pytest.raises(DayIsOver):
        verbs.put_onto_day(tx, shop.business_in(tx), idea.id, shop.channel, local("2026-11-29T10:00"), now=shop.now)
    assert waiting(shop) == [idea]


def test_where_there_is_room(shop: Shop, post: Post) -> None:
    put(shop, add(shop), post)
    with shop.database.write() as tx:
        add_pause(tx, shop.business_in(tx), date(2026, 12, 5), date(2026, 12, 6), now=shop.now)
    with shop.database.read() as tx:
        days = verbs.room_for(tx, shop.business_in(tx), shop.now)
    free = [day.date.isoformat()[5:] for day in days if day.free]
    assert free == ["11-30", "12-02", "12-03", "12-04", "12-07", "12-09", "12-10", "12-11", "12-12", "12-13"]
    assert [day.date.isoformat()[5:] for day in days if day.posts] == ["12-08", "12-15", "12-22"]


@on_sqlite
def test_a_token_of_another_kind_takes_nothing_back(shop: Shop, post: Post) -> None:
    placed = put(shop, add(shop), post)
    undo = LINKS.undo(placed.after, placed.after, shop.now, signed_in=True)
    with pytest.raises(LinkForged):
        LINKS.read_taking_back(undo, shop.now)


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)  # SQLite's writers queue up
def test_an_idea_put_onto_two_posts_at_the_same_moment_becomes_one(shop: Shop, post: Post) -> None:
    idea, other = add(shop), shop.on("2026-12-08")
    first = between_reading_and_writing(
        shop, post, lambda tx: verbs.put_into_post(tx, shop.business_in(tx), idea.id, other.id, now=shop.now)
    )
    event.listen(shop.database.engine, "before_cursor_execute", first)
    with pytest.raises(IdeaUsed):
        put(shop, idea, post)
    assert (shop.post(post.id), shop.post(other.id).title) == (post, "Stollen")
