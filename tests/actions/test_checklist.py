"""The checklist of a post, and saving its words: nobody's line is lost, whoever was quicker."""

import pytest
from sqlalchemy import event

from actions.conftest import Shop
from actions.test_posts import between_reading_and_writing
from planner.actions import checklist, drafting, posts, putting_off
from planner.actions.drafting import Draft
from planner.actions.meanwhile import EditedMeanwhile
from planner.core.model import Content, Deed, Pillar, Post, Status, ToDo
from planner.core.wording import mark
from planner.store.queries import history

on_sqlite = pytest.mark.parametrize("database_address", ["wal"], indirect=True)


@pytest.fixture
def post(shop: Shop) -> Post:
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-11-30T09:00")
    return shop.on("2026-12-01")


def add(shop: Shop, post: Post, *words: str) -> Post:
    for line in words:
        with shop.database.write() as tx:
            checklist.add_to_do(tx, post.id, line, now=shop.now)
    return shop.post(post.id)


def test_lines_are_added_ticked_and_removed(shop: Shop, post: Post) -> None:
    add(shop, post, "Foto machen", " Text\nlesen ", "Foto machen")
    with shop.database.write() as tx:
        checklist.tick_to_do(tx, post.id, 0, "Foto machen", done=True, now=shop.now)
    assert shop.post(post.id).checklist == (ToDo("Foto machen", done=True), ToDo("Text lesen"))
    with shop.database.write() as tx:
        checklist.tick_to_do(tx, post.id, 0, "Foto machen", done=False, now=shop.now)
        checklist.remove_to_do(tx, post.id, 1, "Text lesen", now=shop.now)
    after = shop.post(post.id)
    assert after.checklist == (ToDo("Foto machen"),)
    assert (after.status, after.edited, after.sequence) == (Status.PLANNED, False, 0), "no word of it was touched"


def test_a_line_is_found_where_somebody_else_moved_it(shop: Shop, post: Post) -> None:
    add(shop, post, "a", "b", "c")
    with shop.database.write() as tx:
        checklist.remove_to_do(tx, post.id, 0, "a", now=shop.now)
        checklist.tick_to_do(tx, post.id, 2, "c", done=True, now=shop.now)
        gone = checklist.tick_to_do(tx, post.id, 0, "a", done=True, now=shop.now)
    assert not gone.changed
    assert shop.post(post.id).checklist == (ToDo("b"), ToDo("c", done=True))


@on_sqlite
def test_what_is_no_line(shop: Shop, post: Post) -> None:
    with shop.database.write() as tx:
        for words, error in (("  ", checklist.NothingToDo), ("x" * 201, checklist.LongToDo)):
            with pytest.raises(error):
                checklist.add_to_do(tx, post.id, words, now=shop.now)
    add(shop, post, *(str(number) for number in range(50)))
    with shop.database.write() as tx, pytest.raises(checklist.TooMuchToDo):
        checklist.add_to_do(tx, post.id, "one more", now=shop.now)


def test_the_history_says_what_was_changed(shop: Shop, post: Post) -> None:
    with shop.database.write() as tx:
        posts.edit(tx, post.id, now=shop.now, title="Neu", content=Content.PHOTO)
        checklist.add_to_do(tx, post.id, "Foto", now=shop.now)
        told = [(event.what, event.detail) for event in history.of_post(tx, post.id)]
    assert told == [(Deed.EDITED, "checklist"), (Deed.EDITED, "title,content")]


# --- saving words ------------------------------------------------------------------------------------------------


def draft(**values: object) -> Draft:
    return Draft(**{"title": "Titel", "text": "Text", "pillar": Pillar.TIP, **values})  # type: ignore[arg-type]


def test_words_are_saved_by_whoever_had_the_newest_before_him(shop: Shop, post: Post) -> None:
    with shop.database.write() as tx:
        drafting.save(tx, post.id, draft(content=Content.VIDEO, notes="für mich"), seen=mark(post), now=shop.now)
    saved = shop.post(post.id)
    assert (saved.title, saved.text, saved.pillar, saved.content, saved.notes) == (
        "Titel", "Text", Pillar.TIP, Content.VIDEO, "für mich",
    )  # fmt: skip
    assert saved.status is Status.DRAFTED
    with shop.database.write() as tx, pytest.raises(EditedMeanwhile):
        drafting.save(tx, post.id, draft(title="Zweiter"), seen=mark(post), now=shop.now)
    assert shop.post(post.id) == saved


def test_a_tick_or_another_day_is_no_change_of_words(shop: Shop, post: Post) -> None:
    add(shop, post, "Foto")
    with shop.database.write() as tx:
        putting_off.tomorrow(tx, post.id, now=shop.now)
        drafting.save(tx, post.id, draft(), seen=mark(post), now=shop.now)
    after = shop.post(post.id)
    assert (after.title, after.checklist) == ("Titel", (ToDo("Foto"),))


@on_sqlite
@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": " \n "}, drafting.TitleMissing),
        ({"title": "x" * 201}, drafting.TitleTooLong),
        ({"text": "x" * 20_001}, drafting.TextTooLong),
        ({"notes": "x" * 5_001}, drafting.NotesTooLong),
        ({"link": "javascript:alert(1)"}, posts.BadLink),
    ],
)
def test_words_that_cannot_be_kept(shop: Shop, post: Post, values: dict[str, str], error: type[Exception]) -> None:
    with shop.database.write() as tx, pytest.raises(error):
        drafting.save(tx, post.id, draft(**values), seen=mark(post), now=shop.now)
    assert shop.post(post.id) == post


# --- two at the same moment --------------------------------------------------------------------------------------


on_postgresql = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)  # SQLite's writers queue up


@on_postgresql
def test_somebody_quicker_between_reading_and_saving_is_noticed(shop: Shop, post: Post) -> None:
    first = between_reading_and_writing(shop, post, lambda tx: posts.edit(tx, post.id, now=shop.now, text="vom Ersten"))
    event.listen(shop.database.engine, "before_cursor_execute", first)
    with pytest.raises(EditedMeanwhile), shop.database.write() as tx:
        drafting.save(tx, post.id, draft(text="vom Zweiten"), seen=mark(post), now=shop.now)
    assert shop.post(post.id).text == "vom Ersten"


@on_postgresql
def test_two_lines_at_the_same_moment_are_both_there(shop: Shop, post: Post) -> None:
    first = between_reading_and_writing(
        shop, post, lambda tx: checklist.add_to_do(tx, post.id, "vom Ersten", now=shop.now)
    )
    event.listen(shop.database.engine, "before_cursor_execute", first)
    with shop.database.write() as tx:
        checklist.add_to_do(tx, post.id, "vom Zweiten", now=shop.now)
    assert shop.post(post.id).checklist == (ToDo("vom Ersten"), ToDo("vom Zweiten"))
