"""Long lists, page by page: nothing lost, nothing twice, and no page costs more because of the others."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from planner.core.browser import Browser
from planner.core.model import Deed, FeedKind, Pillar
from planner.store.queries import access, cadences, feeds, history, pauses
from planner.store.tables import session
from planner.web import channels as channels_page
from planner.web import pauses as pauses_page
from planner.web import post as post_page
from planner.web import sign_in
from planner.web import subscriptions as subscriptions_page
from web.conftest import Planner, on_sqlite

BASE = "/businesses/1"


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in, on Monday, 30 November."""
    planner.sign_in()
    return planner


def many_subscriptions(planner: Planner, count: int) -> None:
    """Ended one after the other; each is told from the others by its alarm."""
    with planner.database.write() as tx:
        for number in range(count):
            made = feeds.add(
                tx, business_id=1, channel_id=None, kind=FeedKind.EVENT, alarm_minutes=1000 + number,
                secret_hash=f"{number:064}", now=planner.now,
            )  # fmt: skip
            feeds.revoke(tx, made, planner.now + timedelta(minutes=number))


def many_pauses(planner: Planner, count: int) -> None:
    with planner.database.write() as tx:
        for number in range(count):
            day = date(2026, 11, 1) - timedelta(days=number)
            pauses.add(tx, business_id=1, channel_id=None, first=day, last=day, reason=f"Nr. {1000 + number}")


def many_sessions(planner: Planner, count: int) -> None:
    """The browser of each has a name of its own."""
    with planner.database.write() as tx:
        for number in range(count):
            access.add_session(
                tx, f"{number:064}", planner.now - timedelta(minutes=number), planner.now + timedelta(days=9),
                Browser(f"Browser {1000 + number}"),
            )  # fmt: skip


def much_history(planner: Planner, count: int) -> None:
    with planner.database.write() as tx:
        for number in range(count):
            history.add(tx, 1, planner.now + timedelta(minutes=number), Deed.SKIPPED, f"Grund {1000 + number}")


def many_rhythms(planner: Planner, count: int) -> None:
    """Ended one after the other; each is told from the others by how rare it was."""
    with planner.database.write() as tx:
        for number in range(count):
            made = cadences.add(
                tx, business_id=1, channel_id=1, dtstart=datetime(2026, 1, 6, 9), exdates=(), pillars=(Pillar.TIP,),
                rrule=f"FREQ=WEEKLY;INTERVAL={1000 + number}", now=planner.now,
            )  # fmt: skip
            cadences.end(tx, made, datetime(2026, 3, 1))


LISTS: dict[str, tuple[Callable[[Planner, int], None], str, int, str]] = {
    "ended subscriptions": (
        many_subscriptions,
        f"{BASE}/subscriptions?page=",
        subscriptions_page.A_PAGE,
        r"(1\d\d\d) ",
    ),
    "pauses that are over": (many_pauses, f"{BASE}/pauses?page=", pauses_page.A_PAGE, r"Nr\. (1\d\d\d)"),
    "sessions": (many_sessions, "/sessions?page=", sign_in.SESSIONS_A_PAGE, r"<h3>Browser (1\d\d\d)"),
    "rhythms that ended": (
        many_rhythms,
        f"{BASE}/channels/1?page=",
        channels_page.A_PAGE,
        r'class="rhythm">FREQ=WEEKLY;INTERVAL=(1\d\d\d) ',
    ),
    "what happened to a post": (much_history, "/posts/1?history=", post_page.A_PAGE, r"Grund (1\d\d\d)"),
}


@pytest.mark.parametrize("name", LISTS)
def test_everything_is_on_one_page_of_them(page: Planner, name: str) -> None:
    fill, address, size, pattern = LISTS[name]
    fill(page, 2 * size + 1)
    found: list[str] = []
    for number in (1, 2, 3):
        text = page.browser.get(f"{address}{number}").text
        rows = re.findall(pattern, text)
        assert len(rows) == (1 if number == 3 else size)
        assert ('rel="prev"' in text, 'rel="next"' in text) == (number > 1, number < 3)
        found += rows
    newest_first = name in ("ended subscriptions", "rhythms that ended", "what happened to a post")
    assert found == sorted(found, reverse=newest_first)
    assert set(found) == {str(1000 + number) for number in range(2 * size + 1)}


@on_sqlite
@pytest.mark.parametrize("name", LISTS)
def test_a_short_list_has_no_pages(page: Planner, name: str) -> None:
    fill, address, size, pattern = LISTS[name]
    fill(page, size)
    text = page.browser.get(f"{address}1").text
    assert (len(re.findall(pattern, text)), 'class="pages"' in text) == (size, False)


@on_sqlite
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("number", ["99999", "0", "-1", "x", "1" * 50, "٣"])
def test_a_page_that_is_none(page: Planner, name: str, number: str) -> None:
    _fill, address, _size, _pattern = LISTS[name]
    assert page.browser.get(f"{address}{number}").status_code == 200


@on_sqlite
@pytest.mark.parametrize("name", LISTS)
def test_no_more_questions_for_a_long_list(page: Planner, name: str) -> None:
    fill, address, size, _pattern = LISTS[name]
    asked: list[str] = []
    event.listen(page.database.engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    counts = []
    fill(page, 2)
    for _ in range(2):
        asked.clear()
        page.browser.get(f"{address}1")
        counts.append(len([one for one in asked if one.startswith("SELECT")]))
        if len(counts) == 1:
            with page.database.write() as tx:
                tx.execute(session.delete().where(session.c.secret_hash.startswith("0000")))
            _again(page, fill, 3 * size)
    assert counts[0] == counts[1] <= 8, asked


def _again(planner: Planner, fill: Callable[[Planner, int], None], count: int) -> None:
    """More of them; subscriptions and sessions have a hash of their own each, so the first go."""
    with planner.database.write() as tx:
        tx.exec_driver_sql("DELETE FROM feed")
    fill(planner, count)


@on_sqlite
def test_this_device_stands_on_top_of_the_first_page_alone(page: Planner) -> None:
    many_sessions(page, sign_in.SESSIONS_A_PAGE + 1)
    first, second = (page.browser.get(f"/sessions?page={number}").text for number in (1, 2))
    assert (first.count("dieses Gerät"), second.count("dieses Gerät")) == (1, 0)
    assert first.count('class="panel"') == sign_in.SESSIONS_A_PAGE + 1


@on_sqlite
def test_when_it_was_planned_is_the_last_line_of_the_last_page(page: Planner) -> None:
    much_history(page, post_page.A_PAGE + 1)
    first, second = (page.browser.get(f"/posts/1?history={number}").text for number in (1, 2))
    assert ("Vom Rhythmus geplant" in first, "Vom Rhythmus geplant" in second) == (False, True)
