"""The calendar's pages: what they show, how one gets from one to the other, adding and moving."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from planner.actions import posts
from planner.actions.pauses import add_pause
from planner.actions.posts import add
from planner.core.model import Post, Status
from planner.store.queries import businesses, channels, history
from web.conftest import Planner, on_sqlite

MONTH = "/businesses/1/calendar/2026-12/month"


def cell(html: str, day: str) -> str:
    return html.split(f'data-day="{day}"')[1].split("</td>")[0]


@on_sqlite
def test_the_calendar_begins_with_this_month_and_short_addresses_lead_there(page: Planner) -> None:
    assert page.browser.get("/businesses/1/calendar").headers["Location"] == MONTH
    assert page.browser.get("/calendar/2026-12/month").headers["Location"] == MONTH


def test_a_month_shows_posts_holidays_and_pauses(page: Planner) -> None:
    with page.database.write() as tx:
        add_pause(
            tx, page.business, date(2026, 12, 24), date(2027, 1, 3), reason="Betriebsferien <Bäcker>", now=page.now
        )
    html = page.browser.get(MONTH).text
    assert "Dezember 2026" in html
    assert html.count('aria-current="date"') == 1
    assert "fällig" in cell(html, "2026-12-01")
    assert shades(html, "2026-12-25") == ["Erster Weihnachtstag", "Betriebsferien &lt;Bäcker&gt;"]
    assert kind(html, "2026-12-24") == "inside paused"
    assert kind(html, "2027-01-03") == "outside paused"
    assert kind(html, "2026-12-23") == "inside"


def shades(html: str, day: str) -> list[str]:
    return re.findall(r'"off-why">([^<]*)<', cell(html, day))


def kind(html: str, day: str) -> str:
    return html.split(f'data-day="{day}"')[0].rsplit('<td class="', 1)[1].split('"')[0]


def test_a_pause_of_one_channel_says_so_and_shades_no_other(page: Planner) -> None:
    with page.database.write() as tx:
        add_pause(
            tx,
            page.business,
            date(2026, 12, 14),
            date(2026, 12, 14),
            channel=channels.named(tx, 1, "WhatsApp"),
            now=page.now,
        )
    html = page.browser.get(MONTH).text
    assert (shades(html, "2026-12-14"), kind(html, "2026-12-14")) == (["WhatsApp: Pause"], "inside paused")
    channel = page.post("2026-12-01").channel_id
    html = page.browser.get(f"{MONTH}?channel={channel}").text
    assert (shades(html, "2026-12-14"), kind(html, "2026-12-14")) == ([], "inside")
    assert kind(html, "2026-12-25") == "inside holiday"


def test_of_many_posts_three_are_shown_and_the_week_has_the_rest(page: Planner) -> None:
    with page.database.write() as tx:
        for n in range(4):
            add(
                tx,
                page.business,
                channels.of_business(tx, 1)[0],
                datetime(2026, 12, 5, 9 + n),
                title=f"P{n}",
                now=page.now,
            )
    found = cell(page.browser.get(MONTH).text, "2026-12-05")
    entries = re.findall(r'class="entry ([\w ]+)".*?>(P\d)<', found)
    assert [title for classes, title in entries if "beyond" not in classes] == ["P0", "P1", "P2"]
    assert [title for classes, title in entries if "beyond" in classes] == ["P3"], "on paper there is nothing to tap"
    assert "+1 weitere" in found
    assert 'href="/businesses/1/calendar/2026-W49/week#day-2026-12-05"' in found
    week = page.browser.get("/businesses/1/calendar/2026-W49/week").text
    assert 'id="day-2026-12-05"' in week
    assert re.findall(r">(P\d)<", week) == ["P0", "P1", "P2", "P3"]


def test_one_channel_alone(page: Planner) -> None:
    html = page.browser.get(f"{MONTH}?channel=2").text
    assert html.count('class="entry ') == page.browser.get(MONTH).text.count("</span> WhatsApp<span") > 2
    assert "/calendar/2027-01/month?channel=2" in html, "the choice goes along"


@on_sqlite
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("day=2027-02-05", "2027-02/month"),
        ("day=2027-02-05&view=week&channel=2", "2027-W05/week?channel=2"),
        ("day=2027-02-05&view=list&channel=", "2027-02/list"),
        ("day=2026-02-30&view=week", "2026-W49/week"),
        ("day=9999-12-31&view=x", "2026-12/month"),
        ("day=0001-01-01&channel=x", "2026-12/month"),
    ],
)
def test_one_jumps_to_a_day(page: Planner, query: str, found: str) -> None:
    answer = page.browser.get(f"/businesses/1/calendar?{query}")
    assert answer.headers["Location"] == f"/businesses/1/calendar/{found}"
    assert page.browser.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("view", ["2030-01/month", "2030-W05/week", "2030-01/list"])
def test_days_without_posts(page: Planner, view: str) -> None:
    html = page.browser.get(f"/businesses/1/calendar/{view}").text
    assert "entry" not in html.split("<main")[1].split('class="legend"')[0]
    assert ("Keine Beiträge in diesem Monat." in html) == ("week" not in view)
    assert "Beitrag hinzufügen" in html or "list" in view


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "found"),
    [("2026-12/week", "2026-W49/week"), ("2026-W49/month", "2026-11/month"), ("2026-W49/list", "2026-11/list")],
)
def test_another_view_of_the_same_days(page: Planner, asked: str, found: str) -> None:
    answer = page.browser.get(f"/businesses/1/calendar/{asked}")
    assert answer.headers["Location"] == f"/businesses/1/calendar/{found}"


@on_sqlite
@pytest.mark.parametrize("asked", ["2026-13/month", "x/month", "2026-W60/week"])
def test_what_is_no_part_of_the_calendar_is_said(page: Planner, asked: str) -> None:
    answer = page.browser.get(f"/businesses/1/calendar/{asked}", headers={"Accept-Language": "de"})
    assert (answer.status_code, "Kalender" in answer.text) == (400, True)


@pytest.mark.parametrize("path", [MONTH, "/businesses/1/calendar/2026-W49/week", "/businesses/1/calendar/2026-12/list"])
def test_a_month_asks_five_questions_however_many_posts_there_are(page: Planner, path: str) -> None:
    statements: list[str] = []
    event.listen(page.database.engine, "before_cursor_execute", lambda *given: statements.append(str(given[2])))
    page.browser.get(path)
    few = len([each for each in statements if each.startswith("SELECT")])
    with page.database.write() as tx:
        for n in range(60):
            due = datetime(2026, 12, 1 + n % 28, 8, n % 60)
            add(tx, page.business, channels.of_business(tx, 1)[n % 3], due, title="x", now=page.now)
    statements.clear()
    page.browser.get(path)
    assert len([each for each in statements if each.startswith("SELECT")]) == few == 5


# --- adding and moving ------------------------------------------------------------------------------------------


def form(**more: str) -> dict[str, str]:
    return {"channel": "1", "title": "Stollen", "day": "2026-12-05", "time": "10:30", "text": "Frisch!", **more}


def test_a_post_is_added_to_a_day(page: Planner) -> None:
    assert 'value="2026-12-05"' in page.browser.get("/businesses/1/posts/new?day=2026-12-05").text
    answer = page.send("/businesses/1/posts", **form())
    made = page.post("2026-12-05")
    assert (made.title, made.text, made.due_local) == ("Stollen", "Frisch!", datetime(2026, 12, 5, 10, 30))
    assert answer.headers["Location"] == f"{MONTH}?added={made.id}"
    html = page.browser.get(answer.headers["Location"]).text
    assert f'<a href="/posts/{made.id}">Stollen</a> ist geplant für Samstag, 5. Dezember, 10:30.' in html


def added(page: Planner) -> tuple[Post, str]:
    """A new post, and the address of the page that says so."""
    address = page.send("/businesses/1/posts", **form()).headers["Location"]
    return page.post("2026-12-05"), address


def test_a_new_post_is_taken_back_and_nothing_of_it_stays(page: Planner) -> None:
    made, address = added(page)
    assert f'action="/posts/{made.id}/take-back"' in page.browser.get(address).text
    assert page.send(f"/posts/{made.id}/take-back", back=MONTH, csrf="no").status_code == 403
    for _ in range(2):  # a second tap
        answer = page.send(f"/posts/{made.id}/take-back", back=MONTH)
        assert answer.headers["Location"] == f"{MONTH}?said=removed"
    assert page.browser.get(f"/posts/{made.id}").status_code == 404
    assert "Stollen" not in page.browser.get(address).text, "a page that is loaded again says nothing of it"
    with page.database.read() as tx:
        assert history.of_post(tx, made.id) == []


def test_what_somebody_has_worked_on_is_not_taken_back(page: Planner) -> None:
    made, address = added(page)
    with page.database.write() as tx:
        posts.edit(tx, made.id, now=page.now, text="Mit Marzipan!")
    assert "take-back" not in page.browser.get(address).text
    assert page.send(f"/posts/{made.id}/take-back", back=MONTH).headers["Location"] == f"{MONTH}?said=since"
    assert page.again(made).text == "Mit Marzipan!"


@on_sqlite
def test_only_what_was_added_by_hand_is_taken_back(page: Planner) -> None:
    planned = page.post("2026-12-08")
    assert page.send(f"/posts/{planned.id}/take-back", back=MONTH).headers["Location"] == f"{MONTH}?said=since"
    assert page.again(planned) == planned
    assert "take-back" not in page.browser.get(f"{MONTH}?added={planned.id}").text


@on_sqlite
def test_an_old_address_offers_nothing_to_take_back(page: Planner) -> None:
    _made, address = added(page)
    page.moment[0] += timedelta(days=1)
    assert "take-back" not in page.browser.get(address).text
    for odd in ("x", "-1", "99999999999999999999", "0"):
        assert page.browser.get(f"{MONTH}?added={odd}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Titel"),
        ({"day": "2026-02-30"}, "kein Tag"),
        ({"time": "25:00"}, "kein Tag"),
        ({"day": "9999-01-01"}, "kein Tag"),
    ],
)
def test_what_was_typed_stays_if_something_is_wrong(page: Planner, wrong: dict[str, str], words: str) -> None:
    answer = page.send("/businesses/1/posts", **form(**wrong))
    assert answer.status_code == 400
    assert words in answer.text.split('role="alert">')[1].split("</p>")[0]
    assert "Frisch!" in answer.text


def test_a_post_moves_to_another_day_and_back(page: Planner) -> None:
    post = page.post("2026-12-01")
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-04", seen=post.due_local.isoformat(), back=MONTH)
    assert answer.headers["Location"].startswith(f"{MONTH}?undo=")
    assert page.again(post).due_local == datetime(2026, 12, 4, 9)
    undo = page.browser.get(answer.headers["Location"]).text.split('name="undo" value="')[1].split('"')[0]
    page.send("/undo", undo=undo)
    assert page.again(post).due_local == post.due_local


def test_the_channel_stays_chosen_through_moving_and_undoing(page: Planner) -> None:
    post, back = page.post("2026-12-01"), f"{MONTH}?channel=1"
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-04", back=back)
    assert answer.headers["Location"].startswith(f"{back}&undo=")
    html = page.browser.get(answer.headers["Location"]).text
    assert f'name="back" value="{back}"' in html
    undo = html.split('name="undo" value="')[1].split('"')[0]
    assert page.send("/undo", undo=undo, back=back).headers["Location"] == back
    assert page.send("/undo", undo=undo, back=back).headers["Location"] == back, "a second tap is no news"
    assert 'name="undo"' not in page.browser.get(answer.headers["Location"]).text, "it cannot be taken back twice"


def test_what_was_changed_since_is_not_taken_back_and_that_is_said(page: Planner) -> None:
    post = page.post("2026-12-01")
    moved = page.send(f"/posts/{post.id}/move", to="2026-12-04", back=MONTH).headers["Location"]
    undo = page.browser.get(moved).text.split('name="undo" value="')[1].split('"')[0]
    page.send(f"/posts/{post.id}/move", to="2026-12-05")
    answer = page.send("/undo", undo=undo, back=MONTH)
    assert answer.headers["Location"] == f"{MONTH}?said=since"
    assert "nichts zurückgenommen" in page.browser.get(answer.headers["Location"]).text
    assert page.again(post).due_local == datetime(2026, 12, 5, 9)


@pytest.mark.parametrize("day", ["2027-03-27", "2027-03-28", "2027-03-29", "2026-10-25"])
def test_the_time_of_day_stays_when_the_clocks_change(page: Planner, day: str) -> None:
    post = page.post("2026-12-01")
    page.send(f"/posts/{post.id}/move", to=day, seen=post.due_local.isoformat(), back=MONTH)
    assert page.again(post).due_local == datetime.fromisoformat(f"{day}T09:00")
    assert page.again(post).due_at.hour == (8 if day in ("2027-03-27", "2026-10-25") else 7)


def test_in_the_calendar_the_second_sees_where_it_is_now(page: Planner) -> None:
    post = page.post("2026-12-01")
    form = {"seen": post.due_local.isoformat(), "open": "yes", "back": MONTH}
    page.send(f"/posts/{post.id}/move", to="2026-12-04T11:15", **form)
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-06", **form)
    assert answer.headers["Location"] == f"{MONTH}?stayed={post.id}"
    html = page.browser.get(answer.headers["Location"]).text
    assert "inzwischen verschoben. Der Beitrag blieb auf Freitag, 4. Dezember, 11:15." in html
    assert page.again(post).due_local == datetime(2026, 12, 4, 11, 15)


@pytest.mark.parametrize(("verb", "words"), [("done", "als gepostet abgehakt"), ("skip", "ausgelassen")])
def test_what_was_posted_or_skipped_meanwhile_is_not_moved(page: Planner, verb: str, words: str) -> None:
    post = page.post("2026-12-01")
    page.send(f"/posts/{post.id}/{verb}")
    before = page.again(post)
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-06", open="yes", back=MONTH)
    html = page.browser.get(answer.headers["Location"]).text
    assert words in html.split('role="alert">')[1].split("</p>")[0]
    assert page.again(post) == before
    assert "movable" not in cell(html, "2026-12-01")


@on_sqlite
@pytest.mark.parametrize("number", ["99999", "-1", "9" * 30, "x"])
def test_a_post_that_is_not_there_has_not_stayed(page: Planner, number: str) -> None:
    answer = page.browser.get(f"{MONTH}?stayed={number}&undo=x")
    assert (answer.status_code, 'role="alert"' in answer.text) == (200, False)


def test_the_second_of_two_who_move_a_post_is_told(page: Planner) -> None:
    post = page.post("2026-12-01")
    seen = post.due_local.isoformat()
    page.send(f"/posts/{post.id}/move", to="2026-12-04T11:15", seen=seen)
    answer = page.send(f"/posts/{post.id}/move", {"Accept-Language": "de"}, to="2026-12-06", seen=seen)
    assert (answer.status_code, "inzwischen verschoben" in answer.text) == (409, True)
    assert page.again(post).due_local == datetime(2026, 12, 4, 11, 15)


def test_what_is_posted_does_not_move(page: Planner) -> None:
    post = page.post("2026-12-01")
    page.send(f"/posts/{post.id}/done")
    assert page.send(f"/posts/{post.id}/move", to="2026-12-04").status_code == 409
    assert (page.again(post).status, page.again(post).due_local) == (Status.POSTED, post.due_local)


@on_sqlite
@pytest.mark.parametrize("back", ["https://evil.test", "//evil.test", "/sign-out", "javascript:1", "/posts/1/../../x"])
def test_nobody_is_sent_elsewhere(page: Planner, back: str) -> None:
    post = page.post("2026-12-01")
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-04", back=back)
    assert answer.headers["Location"].startswith(f"/posts/{post.id}?undo=")


@on_sqlite
@pytest.mark.parametrize("to", ["", "tomorrow", "2026-13-01", "0001-01-01", "9999-12-31T23:59", "2026-12-01T09:00Z"])
def test_a_day_nobody_can_read_moves_nothing(page: Planner, to: str) -> None:
    post = page.post("2026-12-01")
    assert page.send(f"/posts/{post.id}/move", to=to).status_code == 400
    assert page.again(post) == post


@on_sqlite
def test_a_list_says_how_long_a_pause_is_where_it_begins_and_where_the_month_does(page: Planner) -> None:
    with page.database.write() as tx:
        business = businesses.get(tx, 1)
        add_pause(tx, business, date(2026, 12, 24), date(2027, 1, 6), reason="Ferien", now=page.now)
        add_pause(tx, business, date(2026, 12, 9), date(2026, 12, 9), reason="Inventur", now=page.now)

    def told(month: str) -> dict[str, list[str]]:
        rows = page.browser.get(f"/businesses/1/calendar/{month}/list").text.split('id="day-')[1:]
        return {row[:10]: re.findall(r'"off-why">([^<]*)<', row) for row in rows}

    december, january = told("2026-12"), told("2027-01")
    assert december["2026-12-09"] == ["Inventur"]
    assert december["2026-12-24"] == ["Ferien, 24. Dez. bis 6. Jan."]
    assert december["2026-12-25"] == ["Erster Weihnachtstag", "Ferien"]
    assert january["2027-01-01"] == ["Neujahr", "Ferien, 24. Dez. bis 6. Jan."]
