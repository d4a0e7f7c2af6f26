"""Consistency and the summary of a week on the page: figures, ways on, and what can be done about what slipped."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from planner.actions.channels import add_channel
from planner.actions.pauses import add_pause
from planner.actions.posts import add, complete
from planner.core.model import Status
from planner.store.queries import channels
from planner.store.tables import channel
from web.conftest import Planner, on_sqlite, utc

PICTURE, WEEK = "/businesses/1/consistency", "/businesses/1/weeks/2026-W49"


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in on Monday 7 December, 09:30. In week 49 Google's was made on its day, WhatsApp's was missed."""
    planner.at("2026-12-01T08:30")
    with planner.database.write() as tx:
        complete(tx, planner.post("2026-12-01").id, now=planner.now)
    planner.at("2026-12-02T11:00")
    with planner.database.write() as tx:
        complete(tx, planner.post("2026-12-02").id, now=planner.now)
    planner.at("2026-12-07T08:30")
    planner.sign_in()
    return planner


def row(html: str, name: str) -> str:
    """The cells of a channel."""
    return html.split(f'<th scope="row"><span class="sr-only">{name}</span></th>')[1].split("</tr>")[0]


def told(html: str) -> str:
    return re.sub(r"\s+", " ", html.split('<p class="verdict">')[1].split("</p>")[0]).strip()


def test_the_picture_is_a_table_of_weeks_and_channels(page: Planner) -> None:
    html = page.browser.get(PICTURE).text
    assert html.count('<th scope="col"') == 26
    whatsapp = re.findall(r'<td class="(\w+)">', row(html, "WhatsApp"))
    google = re.findall(r'<td class="(\w+)">', row(html, "Google-Unternehmensprofil"))
    assert (google[-3:], whatsapp[-3:]) == (["nothing", "met", "running"], ["nothing", "missed", "running"])
    assert "<b>1/1</b><i> Ziel erreicht</i>" in row(html, "Google-Unternehmensprofil")
    assert (
        f'href="{WEEK}" aria-label="Woche 49, 30. Nov.\N{THIN SPACE}–\N{THIN SPACE}6. Dez. 2026: 2 von 3 Zielen' in html
    )
    assert "1 Beitrag der letzten vier Wochen blieb liegen." in html
    assert "Zurzeit keine Woche in Folge." in html


def test_pauses_and_what_was_not_owed_have_their_own_shapes(page: Planner) -> None:
    with page.database.write() as tx:
        add_pause(tx, page.business, date(2026, 11, 16), date(2026, 11, 20), now=page.now)
        extra = add(
            tx, page.business, channels.of_business(tx, 1)[0], datetime(2026, 11, 25, 9), title="x", now=page.now
        )
        complete(tx, extra.id, now=page.now, at=utc("2026-11-25T10:00"))
    google = row(page.browser.get(PICTURE).text, "Google-Unternehmensprofil")
    assert re.findall(r'<td class="(\w+)">', google)[-4:] == ["paused", "extra", "met", "running"]
    assert "<b>1/0</b>" in google


def test_how_late_posts_come_is_said_in_words(page: Planner) -> None:
    with page.database.write() as tx:
        complete(tx, page.post("2026-12-03").id, now=page.now, at=utc("2026-12-06T10:00"))
    html = page.browser.get(PICTURE).text
    words = re.sub(r"<[^>]+>|\s+", " ", html.split('<dl class="delays">')[1])
    assert re.search("WhatsApp +Meist 3 Tage später. +Von 1 Beitrag: 1 mehr als zwei Tage später", words)
    assert re.search("Alle Kanäle zusammen +Meist am selben Tag. +Von 3 Beiträgen: 2 am Tag selbst, 1 mehr als", words)


def test_earlier_half_years_and_back(page: Planner) -> None:
    first = page.browser.get(PICTURE).text
    assert f'rel="prev" href="{PICTURE}/2026-W37"' in first
    assert 'rel="next"' not in first
    earlier = page.browser.get(f"{PICTURE}/2026-W37").text
    assert f'rel="next" href="{PICTURE}/2026-W50"' in earlier
    assert 'class="streak"' not in earlier, "how it stands today is no matter of then"
    for late in ("2026-W50", "2026-W51", "2027-W20"):
        assert page.browser.get(f"{PICTURE}/{late}").headers["Location"] == PICTURE


@on_sqlite
def test_short_and_sloppy_addresses_lead_there(page: Planner) -> None:
    for asked, found in (
        ("/consistency", PICTURE),
        ("/weeks/2026-W49", WEEK),
        ("/businesses/1/weeks", WEEK),
        ("/businesses/1/weeks/2026w49", WEEK),
        (f"{PICTURE}/2026-w3", f"{PICTURE}/2026-W03"),
    ):
        assert page.browser.get(asked).headers["Location"] == found


@on_sqlite
@pytest.mark.parametrize("path", [f"{PICTURE}/2026-W60", "/businesses/1/weeks/x", "/businesses/1/weeks/9999-W01"])
def test_a_week_that_does_not_exist_is_refused(page: Planner, path: str) -> None:
    assert page.browser.get(path).status_code == 400


@on_sqlite
@pytest.mark.parametrize("path", [PICTURE, WEEK, "/businesses/1/weeks", f"{PICTURE}/2026-W37"])
def test_only_for_who_is_signed_in_and_only_of_businesses_there_are(page: Planner, path: str) -> None:
    stranger = page.browser.application.test_client()
    assert stranger.get(path).headers["Location"].startswith("/sign-in")
    assert page.browser.get(path.replace("/businesses/1", "/businesses/9")).status_code == 404


@on_sqlite
@pytest.mark.parametrize("path", [PICTURE, WEEK])
def test_nothing_is_inline(page: Planner, path: str) -> None:
    html = page.browser.get(path).text
    assert not [each for each in ("style=", "<style", "onclick", "onload", "javascript:") if each in html]


def test_a_name_is_no_markup(page: Planner) -> None:
    with page.database.write() as tx:
        add_channel(tx, page.business, "gbp", "<b>Filiale</b> & Co", now=page.now)
    for path in (PICTURE, WEEK):
        html = page.browser.get(path).text
        assert "&lt;b&gt;Filiale&lt;/b&gt; &amp; Co" in html
        assert "<b>Filiale" not in html


def test_a_business_without_channels_is_told_so(page: Planner) -> None:
    with page.database.write() as tx:
        tx.execute(channel.delete())
    assert "Es gibt noch keinen Kanal" in page.browser.get(PICTURE).text
    assert told(page.browser.get(WEEK).text) == "In dieser Woche war nichts geplant."


@pytest.mark.parametrize("path", [PICTURE, WEEK])
def test_six_questions_at_most_however_many_posts_there_are(page: Planner, path: str) -> None:
    statements: list[str] = []
    event.listen(page.database.engine, "before_cursor_execute", lambda *given: statements.append(str(given[2])))
    page.browser.get(path)
    few = len([each for each in statements if each.startswith("SELECT")])
    with page.database.write() as tx:
        there = channels.of_business(tx, 1)
        for n in range(80):
            made = add(
                tx, page.business, there[n % 3], datetime(2026, 9, 1, 8) + timedelta(days=n), title="x", now=page.now
            )
            if n % 2:
                complete(tx, made.id, now=page.now, at=made.due_at)
    statements.clear()
    page.browser.get(path)
    asked = [each for each in statements if each.startswith("SELECT")]
    assert len(asked) == few <= 6
    history = next(each for each in asked if "post.slot" in each)
    assert "post.text" not in history, "two years are read without their words"


# --- the summary of a week -----------------------------------------------------------------------------------------


def test_a_week_with_its_figures_and_the_ways_on(page: Planner) -> None:
    html = page.browser.get(WEEK).text
    assert told(html) == "1 Beitrag wartet auf Ihre Entscheidung."
    assert 'rel="prev" href="/businesses/1/weeks/2026-W48"' in html
    assert 'rel="next" href="/businesses/1/weeks/2026-W50"' in html
    assert 'href="/businesses/1/calendar/2026-W49/week"' in html
    card = html.split("<h2>WhatsApp")[1].split("</article>")[0]
    assert re.findall(r"<dt>(\w+)</dt><dd[^>]*>(\d+)", card) == [
        ("Ziel", "1"), ("geplant", "1"), ("gepostet", "0"), ("verspätet", "0"), ("verpasst", "1"),
        ("ausgelassen", "0"), ("offen", "0"),
    ]  # fmt: skip
    assert "Ziel nicht erreicht" in card


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ("2026-W48", "In dieser Woche war nichts geplant."),
        ("2026-W50", "Die Woche ist noch nicht vorbei."),
        ("2026-W51", "Diese Woche kommt erst noch."),
    ],
)
def test_what_is_said_of_a_week_that_leaves_nothing_to_decide(page: Planner, week: str, words: str) -> None:
    post = page.post("2026-12-03")
    page.send(f"/posts/{post.id}/skip")
    assert told(page.browser.get(f"/businesses/1/weeks/{week}").text) == words
    assert told(page.browser.get(WEEK).text) == "Es ist nichts mehr zu entscheiden.", "skipped, so no praise"


def test_a_good_week_is_praised(page: Planner) -> None:
    with page.database.write() as tx:
        complete(tx, page.post("2026-12-03").id, now=page.now, at=utc("2026-12-03T12:00"))
    assert told(page.browser.get(WEEK).text) == "Nichts wurde verpasst. Gut gemacht!"
    html = page.browser.get(PICTURE).text
    assert "<strong>1</strong> Woche in Folge alle Ziele erreicht" in html
    assert "In den letzten vier Wochen blieb nichts liegen." in html


@pytest.mark.parametrize(
    ("verb", "status", "due"),
    [
        ("done", Status.POSTED, datetime(2026, 12, 3, 11)),
        ("tomorrow", Status.PLANNED, datetime(2026, 12, 8, 11)),
        ("skip", Status.SKIPPED, datetime(2026, 12, 3, 11)),
    ],
)
def test_what_slipped_is_settled_from_there_and_taken_back(
    page: Planner, verb: str, status: Status, due: datetime
) -> None:
    post = page.post("2026-12-03")
    html = page.browser.get(WEEK).text
    form = html.split(f'action="/posts/{post.id}/{verb}"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = page.send(f"/posts/{post.id}/{verb}", **fields)
    assert answer.headers["Location"].startswith(f"{WEEK}?undo=")
    assert (page.again(post).status, page.again(post).due_local) == (status, due)
    html = page.browser.get(answer.headers["Location"]).text
    undo = dict(re.findall(r'name="(\w+)" value="([^"]*)"', html.split('action="/undo"')[1].split("</form>")[0]))
    assert page.send("/undo", **undo).headers["Location"] == WEEK
    assert (page.again(post).status, page.again(post).due_local) == (Status.PLANNED, datetime(2026, 12, 3, 11))


def test_the_next_free_day_is_offered_where_tomorrow_is_taken(page: Planner) -> None:
    """Sunday the 6th: nothing stands on Monday, so tomorrow is enough; on Wednesday the 9th the next WhatsApp stands on
    the 10th, and the day after is paused."""
    post = page.post("2026-12-03")
    page.at("2026-12-06T12:00")
    assert 'name="to"' not in page.browser.get(WEEK).text
    with page.database.write() as tx:
        add_pause(tx, page.business, date(2026, 12, 11), date(2026, 12, 11), now=page.now)
    page.at("2026-12-09T12:00")
    html = page.browser.get(WEEK).text
    form = html.split(f'action="/posts/{post.id}/move"')[1].split("</form>")[0]
    assert "Auf Samstag, 12. Dezember verlegen" in form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = page.send(f"/posts/{post.id}/move", **fields)
    assert answer.headers["Location"].startswith(f"{WEEK}?undo=")
    assert page.again(post).due_local == datetime(2026, 12, 12, 11)
    assert "Samstag, 12. Dezember" in page.browser.get(answer.headers["Location"]).text.split('class="changed"')[1]


@on_sqlite
@pytest.mark.parametrize("back", ["https://evil.test", "//evil.test", "/sign-out", "javascript:1", f"{WEEK}?x"])
def test_nobody_is_sent_elsewhere(page: Planner, back: str) -> None:
    post = page.post("2026-12-03")
    answer = page.send(f"/posts/{post.id}/done", back=back)
    assert answer.headers["Location"].startswith("/businesses/1?undo=")
    token = answer.headers["Location"].partition("undo=")[2]
    assert page.send("/undo", undo=token, back=back).headers["Location"] == "/businesses/1"
