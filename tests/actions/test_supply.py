"""Ideas and drafts that run out, and suggested texts that come again: said once a week, with what would fit now."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from actions.conftest import Shop, utc
from actions.test_mails import Page, text_of, written
from planner.actions import ideas, pauses, posts, remind
from planner.actions.supply import Supply, running_out
from planner.core.model import MessageKind, Pillar
from planner.store import tables
from planner.store.queries import businesses

SUMMARY, DIGEST = MessageKind.SUMMARY, MessageKind.DIGEST
MONDAY = "2026-12-07T07:00"


@pytest.fixture
def bakery(shop: Shop) -> Shop:
    """A post on Tuesdays from 1 December 2026."""
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00")
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org"), shop.now)
    return shop


def write_down(shop: Shop, *titles: str) -> list[int]:
    with shop.database.write() as tx:
        business = shop.business_in(tx)
        return [ideas.add_idea(tx, business, title=title, pillar=Pillar.TIP, now=shop.now).id for title in titles]


def supply(shop: Shop, now: str = MONDAY) -> Supply | None:
    with shop.database.read() as tx:
        return running_out(tx, shop.business_in(tx), shop.texts, utc(now))


def test_who_never_wrote_an_idea_down_is_left_alone_while_suggested_texts_are_new(bakery: Shop) -> None:
    assert supply(bakery) is None


@pytest.fixture
def daily(shop: Shop) -> Shop:
    """Every day a tip or a thank-you on Google, all posted as suggested: each kind has ten texts or a few more."""
    shop.cadence("FREQ=DAILY", "2026-12-01T09:00", pillars=[Pillar.TIP, Pillar.THANKS])
    with shop.database.write() as tx:
        remind.schedule(tx, businesses.change(tx, shop.id, email="chef@example.org", language="en"), shop.now)
    return shop


def first_again(shop: Shop) -> date:
    """The day of the first post whose suggested text was there before, found post by post."""
    seen: set[str] = set()
    for post in shop.posts():
        if post.prompt in seen:
            return post.due_local.date()
        seen.add(post.prompt)
    raise AssertionError("no text comes twice")


def made_until(shop: Shop, day: date) -> None:
    for post in shop.posts():
        if post.due_local.date() < day and post.open:
            with shop.database.write() as tx:
                posts.complete(tx, post.id, now=post.due_at)


@pytest.mark.parametrize(("weeks", "said"), [(-3, False), (-2, True), (-1, True), (0, True), (1, True), (2, False)])
def test_who_lives_on_suggested_texts_is_told_before_they_come_again(daily: Shop, weeks: int, said: bool) -> None:
    """From two weeks before to two weeks after; then no more, as nobody wants to hear it every week."""
    again = first_again(daily)
    assert date(2026, 12, 20) <= again <= date(2026, 12, 26), "ten texts of each kind, or a few more"
    today = again + timedelta(weeks=weeks, days=1)
    made_until(daily, today)
    found = supply(daily, f"{today}T07:00")
    assert (found is not None) == said
    if found:
        assert found.repeats == (("Google", again),)
        assert found.weeks == max(0, (again - today).days // 7)
        assert len(found.suggestions) == 3


def test_what_was_written_by_oneself_comes_not_again(daily: Shop) -> None:
    again = first_again(daily)
    with daily.database.write() as tx:
        posts.edit(tx, daily.on(str(again)).id, text="Selbst geschrieben", now=daily.now)
    made_until(daily, again - timedelta(days=7))
    found = supply(daily, f"{again - timedelta(days=7)}T07:00")
    assert found
    assert found.repeats[0][1] > again


def test_ideas_of_long_ago_count_for_nothing(daily: Shop) -> None:
    """Who used one up in autumn lives on suggested texts by now, and is not told every week that ideas are missing."""
    (idea,) = write_down(daily, "Stollen")
    assert supply(daily)
    with daily.database.write() as tx:
        ideas.put_into_post(tx, daily.business_in(tx), idea, daily.on("2026-12-08").id, now=daily.now)
    found = supply(daily, "2026-12-10T07:00")
    assert found
    assert not found.repeats, "lately ideas are in use"
    with daily.database.write() as tx:
        tx.execute(update(tables.idea).values(created_at=utc("2026-08-01T08:00")))
    again = first_again(daily)
    made_until(daily, date(2026, 12, 10))
    found = supply(daily, "2026-12-10T07:00")
    assert found
    assert [day for _channel, day in found.repeats] == [again]


def test_the_mail_says_that_texts_come_again(daily: Shop) -> None:
    made_until(daily, date(2026, 12, 14))
    mail = written(daily, SUMMARY, "2026-12-14T07:00")
    again = first_again(daily)
    for kind in ("plain", "html"):
        words = " ".join(text_of(mail, kind).split())
        assert f"On Google suggested texts come again from {again:%A}, {again.day} December on." in words
        assert "Your ideas and drafts" not in words


@pytest.mark.parametrize(("number", "weeks"), [(1, 1), (2, None), (3, None)])
def test_ideas_for_less_than_two_weeks(bakery: Shop, number: int, weeks: int | None) -> None:
    write_down(bakery, *(f"Idee {n}" for n in range(number)))
    found = supply(bakery)
    assert (found.weeks if found else None) == weeks


def test_a_draft_counts_as_an_idea_does_and_what_is_used_up_for_nothing(bakery: Shop) -> None:
    (idea,) = write_down(bakery, "Stollen")
    with bakery.database.write() as tx:
        ideas.put_into_post(tx, bakery.business_in(tx), idea, bakery.on("2026-12-15").id, now=bakery.now)
    found = supply(bakery)
    assert found
    assert found.weeks == 1, "no idea waits, but one is a draft"
    with bakery.database.write() as tx:
        posts.edit(tx, bakery.on("2026-12-08").id, text="Selbst geschrieben", now=bakery.now)
    assert supply(bakery) is None
    later = supply(bakery, "2026-12-21T07:00")
    assert later
    assert later.weeks == 0


def test_no_rhythm_asks_for_no_ideas(shop: Shop) -> None:
    write_down(shop, "Stollen")
    assert supply(shop) is None


def test_three_that_would_fit(bakery: Shop) -> None:
    """Days that come up first, then suggested texts that are not planned already; others in another week."""
    write_down(bakery, "Stollen")
    found, planned = supply(bakery), {post.title for post in bakery.posts()}
    assert found
    assert len(set(found.suggestions)) == 3
    assert not set(found.suggestions) & planned
    other = supply(bakery, "2026-12-14T07:00")
    assert other
    assert other.suggestions != found.suggestions


@pytest.mark.parametrize(
    ("language", "sentence", "link"),
    [
        ("en", "Your ideas and drafts last for about one more week. These would fit now, if you like:",
         "Write one down:"),
        ("de", "Die Ideen und Entwürfe reichen noch für etwa eine Woche. Das würde jetzt passen, wenn es gefällt:",
         "Eine Idee notieren:"),
    ],
)  # fmt: skip
def test_the_weekly_mail_says_so(bakery: Shop, language: str, sentence: str, link: str) -> None:
    write_down(bakery, "Stollen")
    mail = written(bakery, SUMMARY, MONDAY, language=language)
    lines = text_of(mail).splitlines()
    start = lines.index(sentence)
    assert [line[:2] for line in lines[start + 2 : start + 5]] == ["- "] * 3
    address = f"https://planner.test/businesses/{bakery.id}/ideas"
    assert lines[start + 1] == lines[start + 5] == ""
    assert lines[start + 6 : start + 8] == [link, address]
    assert address in Page(text_of(mail, "html")).links


def test_once_a_week(bakery: Shop) -> None:
    """With a weekly mail no morning mail says it; without one that of a Monday does, if there is one."""
    write_down(bakery, "Stollen")

    def says(kind: MessageKind, now: str, **changes: object) -> bool:
        said = "/ideas" in text_of(written(bakery, kind, now, **changes))
        with bakery.database.write() as tx:
            tx.execute(update(tables.outbox).values(state="sent"))
        return said

    assert not says(DIGEST, "2026-12-02T07:00")
    assert says(SUMMARY, MONDAY)
    assert not says(DIGEST, "2026-12-08T07:00", summary_on=False)
    bakery.cadence("FREQ=WEEKLY;BYDAY=MO", "2026-12-14T09:00")
    assert says(DIGEST, "2026-12-14T07:00")
    assert not says(DIGEST, "2026-12-15T07:00")


def test_in_a_pause_nothing_is_said(bakery: Shop) -> None:
    write_down(bakery, "Stollen")
    day = date(2026, 12, 7)
    with bakery.database.write() as tx:
        pauses.add_pause(tx, bakery.business_in(tx), day, day + timedelta(days=1), now=bakery.now)
        assert remind.remind(tx, utc(MONDAY)).added == 0
