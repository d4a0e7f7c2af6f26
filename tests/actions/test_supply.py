"""Ideas and drafts that run out: said once a week, with what could be written down, to who has used ideas before."""

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


def test_who_never_wrote_an_idea_down_is_left_alone(bakery: Shop) -> None:
    assert supply(bakery) is None


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
