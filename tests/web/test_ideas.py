"""The ideas page: writing down, changing, making posts of them, taking that back, and how long they last."""

import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from planner.actions import ideas as verbs
from planner.actions import posts
from planner.actions.cadences import add_cadence, end_cadence
from planner.core.model import Idea, Pillar, Post, Status, Window
from planner.store.queries import businesses, cadences, channels, ideas
from planner.store.queries import posts as rows
from web.conftest import Planner, on_sqlite

LIST = "/businesses/1/ideas"


@pytest.fixture
def post(page: Planner) -> Post:
    return page.post("2026-12-08")


def add(page: Planner, title: str = "Stollen", **values: object) -> Idea:
    with page.database.write() as tx:
        values = {"text": "Ab heute.", "pillar": Pillar.SEASON, **values}
        return verbs.add_idea(tx, businesses.get(tx, 1), title=title, now=page.now, **values)  # type: ignore[arg-type]


def waiting(page: Planner) -> list[str]:
    with page.database.read() as tx:
        return [idea.title for idea in ideas.backlog(tx, 1)]


def idea_of(page: Planner, idea: Idea) -> Idea:
    with page.database.read() as tx:
        return ideas.get(tx, 1, idea.id)


def channel(page: Planner, platform: str) -> int:
    with page.database.read() as tx:
        return next(each.id for each in channels.of_business(tx, 1) if each.platform == platform)


def form(**values: str) -> dict[str, str]:
    return {"title": "Stollen", "text": "Ab heute.", "pillar": "season", "channel": "", **values}


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_one_is_written_down(page: Planner) -> None:
    google = channel(page, "gbp")
    answer = page.send(LIST, **form(title="<b>Stollen</b>", channel=str(google)))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LIST}?said=added")
    html = page.browser.get(answer.headers["Location"]).text
    assert "Hinzugefügt." in html
    assert "&lt;b&gt;Stollen" in html
    shelf = text(html.split('id="shelf-season">')[1])
    assert shelf.startswith("Jahreszeit 1 Google-Unternehmensprofil")
    assert "Noch nichts für: Frage, Tipp" in html


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": " "}, "Geben Sie einen Titel an"),
        ({"title": "x" * 201}, "höchstens 200"),
        ({"text": "x" * 20_001}, "20000"),
    ],
)
def test_what_cannot_be_kept_stays_typed(page: Planner, wrong: dict[str, str], sentence: str) -> None:
    values = form(**{"title": "Mein Titel", "text": "Mein Text", "channel": str(channel(page, "gbp")), **wrong})
    idea = add(page)
    for path in (LIST, f"{LIST}/{idea.id}/edit"):
        answer = page.send(path, **values, seen="0")
        assert answer.status_code == 400
        assert sentence in answer.text
        assert values["title"].strip() in answer.text
        assert values["text"] in answer.text
        assert f'value="{values["channel"]}" selected' in answer.text
    assert waiting(page) == ["Stollen"]


@on_sqlite
def test_forms_of_somebody_elses_making(page: Planner) -> None:
    idea = add(page)
    assert page.send(LIST, **form(pillar="gossip")).status_code == 400
    assert page.send(LIST, **form(channel="99")).status_code == 404
    for verb in ("edit", "remove", "use"):
        assert page.send(f"{LIST}/99/{verb}", **form(), post="1").status_code == 404
        assert page.send(f"/businesses/99/ideas/{idea.id}/{verb}", **form(), post="1").status_code == 404
        assert page.send(f"{LIST}/{idea.id}/{verb}", csrf="0", **form()).status_code == 403
    assert page.browser.get(f"{LIST}/99").status_code == 404
    assert page.send(f"{LIST}/undo", undo="x").status_code == 404
    stranger = page.browser.application.test_client()
    for path in (LIST, f"{LIST}/{idea.id}"):
        assert stranger.get(path).headers["Location"].startswith("/sign-in")
    assert waiting(page) == ["Stollen"]


def test_two_people_change_one(page: Planner) -> None:
    idea = add(page)
    assert page.send(f"{LIST}/{idea.id}/edit", **form(title="Erste"), seen="0").status_code == 303
    answer = page.send(f"{LIST}/{idea.id}/edit", **form(title="Zweite"), seen="0")
    assert answer.status_code == 409
    assert "Jemand anderes hat diese Idee inzwischen geändert" in answer.text
    assert "Erste" in answer.text.split('class="card newer"')[1]
    assert 'value="Zweite"' in answer.text
    assert waiting(page) == ["Erste"]
    assert page.send(f"{LIST}/{idea.id}/edit", **form(title="Zweite"), seen="1").status_code == 303
    assert waiting(page) == ["Zweite"]


def test_removing(page: Planner) -> None:
    idea = add(page)
    assert page.send(f"{LIST}/{idea.id}/remove").headers["Location"] == f"{LIST}?said=removed"
    assert waiting(page) == []


# --- posts made of ideas -----------------------------------------------------------------------------------------


def test_into_a_post_and_back(page: Planner, post: Post) -> None:
    idea = add(page)
    html = page.browser.get(f"{LIST}/{idea.id}").text
    assert f'name="post" value="{post.id}"' in html
    answer = page.send(f"{LIST}/{idea.id}/use", post=str(post.id))
    assert answer.status_code == 303
    after = page.again(post)
    assert (after.title, after.text, after.status) == ("Stollen", "Ab heute.", Status.DRAFTED)
    html = page.browser.get(answer.headers["Location"]).text
    assert "Stollen : jetzt der Beitrag von Dienstag, 8. Dezember, 09:00" in text(html)
    assert waiting(page) == []
    undo = html.split('name="undo" value="')[1].split('"')[0]
    assert page.send(f"{LIST}/undo", undo=undo).status_code == 303
    again = page.again(post)
    assert (again.title, again.text, again.hint, again.pillar, again.status, again.edited) == (
        post.title, post.text, post.hint, post.pillar, post.status, False,
    )  # fmt: skip
    assert waiting(page) == ["Stollen"]
    answer = page.send(f"{LIST}/undo", undo=undo)
    assert answer.status_code == 409
    assert "seitdem geändert" in answer.text


def test_a_page_left_open_offers_no_undo_any_more(page: Planner, post: Post) -> None:
    where = page.send(f"{LIST}/{add(page).id}/use", post=str(post.id)).headers["Location"]
    assert 'name="undo"' in page.browser.get(where).text
    with page.database.write() as tx:
        posts.edit(tx, post.id, now=page.now, text="Besser.")
    assert 'name="undo"' not in page.browser.get(where).text
    page.moment[0] += timedelta(days=2)
    assert page.browser.get(where).status_code == 200
    assert page.browser.get(f"{LIST}?undo=x").status_code == 200


def test_onto_a_day_and_back(page: Planner) -> None:
    idea, google = add(page), channel(page, "gbp")
    html = page.browser.get(f"{LIST}/{idea.id}?day=2026-12-05").text
    assert 'value="2026-12-05"' in html
    assert 'value="09:00"' in html, "the hour at which Google is posted on"
    answer = page.send(f"{LIST}/{idea.id}/use", day="2026-12-05", time="10:30", channel=str(google))
    made = page.post("2026-12-05")
    assert (made.title, made.due_local, made.channel_id) == ("Stollen", datetime(2026, 12, 5, 10, 30), google)
    undo = page.browser.get(answer.headers["Location"]).text.split('name="undo" value="')[1].split('"')[0]
    page.send(f"{LIST}/undo", undo=undo)
    with page.database.read() as tx:
        assert rows.due_between(tx, 1, Window(date(2026, 12, 5), date(2026, 12, 6))) == []
    assert waiting(page) == ["Stollen"]


def test_what_is_worked_on_or_used_is_left_alone(page: Planner, post: Post) -> None:
    first, second = add(page, "Erste"), add(page, "Zweite")
    assert page.send(f"{LIST}/{first.id}/use", post=str(post.id)).status_code == 303
    answer = page.send(f"{LIST}/{second.id}/use", post=str(post.id))
    assert answer.status_code == 409
    assert "hat schon jemand gearbeitet" in answer.text
    for verb in ("use", "edit", "remove"):
        answer = page.send(f"{LIST}/{first.id}/{verb}", **form(title="Meine Worte"), seen="0", post=str(post.id))
        assert answer.status_code == 409
        assert "ist inzwischen ein Beitrag geworden" in answer.text
        assert f'href="/posts/{post.id}"' in answer.text
    assert "Meine Worte" in page.send(f"{LIST}/{first.id}/edit", **form(title="Meine Worte"), seen="0").text
    assert page.again(post).title == "Erste"


def test_an_idea_for_a_channel_is_offered_its_posts_alone(page: Planner, post: Post) -> None:
    idea = add(page, channel_id=channel(page, "whatsapp"))
    html = page.browser.get(f"{LIST}/{idea.id}").text
    assert f'value="{post.id}" id="post-' not in html
    assert f'value="{page.post("2026-12-10").id}" id="post-' in html
    answer = page.send(f"{LIST}/{idea.id}/use", post=str(post.id))
    assert answer.status_code == 400
    assert "für einen anderen Kanal gedacht" in answer.text


@on_sqlite
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": "2026-11-30", "time": "10:00"}, "Dieser Tag ist vorbei"),
        ({"day": "2026-13-01", "time": "10:00"}, "2026-12-01T09:00"),
        ({"day": "", "time": ""}, "2026-12-01T09:00"),
        ({"day": "2026-12-05", "time": "25:00"}, "2026-12-01T09:00"),
    ],
)
def test_days_that_are_none(page: Planner, values: dict[str, str], sentence: str) -> None:
    idea, google = add(page), channel(page, "gbp")
    answer = page.send(f"{LIST}/{idea.id}/use", **values, channel=str(google))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'value="{values["day"]}"' in answer.text or not values["day"]
    assert idea_of(page, idea).post_id is None


@on_sqlite
@pytest.mark.parametrize(
    "values", [{"post": ""}, {"post": "x"}, {"post": "9" * 30}, {"post": "0" * 5000}, {"post": "²"}, {}]
)
def test_posts_that_are_none(page: Planner, values: dict[str, str]) -> None:
    assert page.send(f"{LIST}/{add(page).id}/use", **values).status_code == 404


# --- how long they last ------------------------------------------------------------------------------------------


def lasting(page: Planner) -> str:
    return text(page.browser.get(LIST).text.split('class="runway">')[1].split("</p>")[0]).strip()


def test_how_long_they_last_in_words(page: Planner) -> None:
    assert lasting(page).startswith("Es wartet keine Idee.")
    add(page)
    assert lasting(page) == "Ihre Ideen reichen für weniger als eine Woche."
    for number in range(3):  # the trio asks for two a week and twelve a year
        add(page, f"Idee {number}")
    assert lasting(page) == "Ihre Ideen reichen für etwa 1 Woche."
    for number in range(10):
        add(page, f"Noch eine {number}")
    assert lasting(page) == "Ihre Ideen reichen für etwa 6 Wochen."
    for number in range(120):
        add(page, f"Sehr viele {number}")
    assert lasting(page) == "Ihre Ideen reichen für mehr als ein Jahr."


def test_while_no_idea_waits_it_is_said_when_suggested_texts_come_again(page: Planner) -> None:
    new = "von den geplanten kommt keiner auf einem Kanal zweimal"
    assert new in page.browser.get(LIST).text
    with page.database.write() as tx:
        start = datetime(2026, 12, 1, 10)
        business, google = businesses.get(tx, 1), channels.get(tx, 1, channel(page, "gbp"))
        add_cadence(tx, business, google, "FREQ=DAILY", start, texts=page.site.texts, now=page.now)
    said = page.browser.get(LIST).text
    assert new not in said
    assert "Auf Google-Unternehmensprofil wiederholen sich Textvorschläge ab " in said
    add(page)
    assert "wiederholen sich" not in page.browser.get(LIST).text


def test_who_runs_out_first_and_a_business_without_a_rhythm(page: Planner) -> None:
    for number in range(8):
        add(page, f"Idee {number}", channel_id=channel(page, "gbp"))
    add(page, "Für YouTube", channel_id=channel(page, "youtube"))
    assert lasting(page) == "Ihre Ideen reichen für weniger als eine Woche. Zuerst ohne Idee: WhatsApp"
    with page.database.write() as tx:
        business = businesses.get(tx, 1)
        for cadence in cadences.of_business(tx, 1):
            end_cadence(tx, business, cadence.id, date(2026, 12, 1), now=page.now)
    assert lasting(page).startswith("Zurzeit hat kein Kanal einen Rhythmus")


def test_long_lists_page(page: Planner) -> None:
    for number in range(60):
        add(page, f"Idee {number}")
    first, second = page.browser.get(LIST).text, page.browser.get(f"{LIST}?page=2").text
    assert (first.count('class="idea card"'), second.count('class="idea card"')) == (50, 10)
    assert f'href="{LIST}?page=2"' in first
    assert f'href="{LIST}?page=1"' in second
    assert '<span class="count">60</span>' in first
    for odd in ("0", "x", "-1", "9" * 30, "3"):
        assert page.browser.get(f"{LIST}?page={odd}").status_code == 200


def test_few_statements_however_many_ideas(page: Planner) -> None:
    for number in range(55):
        add(page, f"Idee {number}", channel_id=channel(page, "gbp") if number % 2 else None)
    counted: list[str] = []
    event.listen(page.database.engine, "before_cursor_execute", lambda *told: counted.append(told[2]))
    page.browser.get(LIST)
    selects = [statement for statement in counted if statement.startswith("SELECT")]
    assert len(selects) <= 8, selects


def test_a_day_that_comes_up_becomes_an_idea_with_one_tap(page: Planner) -> None:
    shown = page.browser.get(LIST).text
    assert "Demnächst" in shown
    assert "Nikolaus, Sonntag, 6. Dezember · in 5 Tagen" in text(shown)
    path = f"{LIST}/days/st-nicholas"
    assert f'action="{path}"' in shown
    assert page.send(path).headers["Location"] == f"{LIST}?said=added"
    assert waiting(page) == ["Was kommt bei euch in den Stiefel?"]
    assert path not in page.browser.get(LIST).text
    assert page.send(f"{LIST}/days/mothers-day-of-mars").status_code == 404


def test_its_text_is_on_the_page_of_today_as_it_is_to_be_posted(page: Planner) -> None:
    page.send(f"{LIST}/days/st-nicholas")
    with page.database.read() as tx:
        (idea,) = ideas.backlog(tx, 1)
    hint = "Eine kleine Überraschung, die man am Vorabend noch holen kann."
    assert hint in text(page.browser.get(f"{LIST}/{idea.id}").text)
    day, gbp = page.now.date().isoformat(), str(channel(page, "gbp"))
    page.send(f"{LIST}/{idea.id}/use", day=day, time="18:00", channel=gbp)
    shown = text(page.browser.get("/").text)
    assert "In einen Stiefel passt mehr, als man denkt." in shown
    assert "Was kommt bei euch hinein?" in shown
    assert hint in shown
