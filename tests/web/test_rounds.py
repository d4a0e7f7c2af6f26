"""Answering reviews and messages on the page: the editor, Today, its own page, the links of the mail, the calendar."""

import re

import pytest

from planner import catalogue
from planner.actions.cadences import add_cadence
from planner.actions.set_up import NewBusiness, set_up
from planner.core.model import Post, Purpose, Status, Window
from planner.links import Verb
from planner.store.queries import businesses, cadences, channels, posts
from web.conftest import HOME, Planner, on_sqlite
from web.editing import FRIDAYS, MAKE, NEW, TODAY, send

TITLE = "Bewertungen und Nachrichten beantworten"
CHANNEL = "/businesses/1/channels/1"
pytestmark = on_sqlite


def answering(page: Planner, channel_id: int = 1) -> None:
    with page.database.write() as tx:
        channel = channels.get(tx, 1, channel_id)
        add_cadence(
            tx, businesses.get(tx, 1), channel, "FREQ=DAILY", page.now.replace(tzinfo=None, hour=17, minute=0),
            purpose=Purpose.REPLYING, texts=page.site.texts, now=page.now,
        )  # fmt: skip


def rounds(page: Planner, day: str = "2026-12-01") -> list[Post]:
    start = TODAY.fromisoformat(day)
    with page.database.read() as tx:
        found = posts.due_between(tx, 1, Window(start, start.replace(day=start.day + 1)))
    return [post for post in found if post.is_round]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- the editor ----------------------------------------------------------------------------------------------------


def test_the_editor_asks_what_for_and_begins_answering(page: Planner) -> None:
    shown = page.browser.get(NEW).text
    assert "Wofür?" in shown
    assert '<input type="radio" id="purpose-posting" name="purpose" value="posting" checked>' in shown
    answer = send(page, MAKE, purpose="replying", pillar=["tip"])
    assert answer.status_code == 303
    with page.database.read() as tx:
        made = cadences.of_business(tx, 1)[-1]
    assert (made.purpose, made.pillars, made.rrule) == (Purpose.REPLYING, (), "FREQ=WEEKLY;BYDAY=FR")
    assert send(page, MAKE, purpose="replying").status_code == 409, "a form that was sent twice"
    assert send(page, MAKE, purpose="posting").status_code == 303, "posting on the same days is another matter"


def test_what_answering_cannot_do_is_not_offered_and_is_said_at_its_field(page: Planner) -> None:
    shown = page.browser.get(NEW, query_string={**FRIDAYS, "purpose": "replying"}).text
    assert "Trotzdem beantworten" in shown
    assert 'value="before"' not in shown
    answer = send(page, MAKE, purpose="replying", on_holiday="before")
    assert answer.status_code == 400
    assert "An einem Feiertag wird weiter geantwortet, oder es fällt aus" in answer.text


def test_changing_it_stays_answering(page: Planner) -> None:
    answering(page)
    with page.database.read() as tx:
        old = cadences.of_business(tx, 1)[-1]
    shown = page.browser.get(f"/businesses/1/cadences/{old.id}/change").text
    assert f"Bisher: {TITLE}: " in text(shown)
    assert "Themen der Reihe nach" not in shown
    fields = {**FRIDAYS, "csrf": page.csrf, "seen": "", "purpose": "posting", "start": "2026-12-04"}
    assert page.browser.post(f"/businesses/1/cadences/{old.id}/change", data=fields).status_code == 303
    with page.database.read() as tx:
        made = cadences.of_business(tx, 1)[-1]
    assert (made.purpose, made.rrule) == (Purpose.REPLYING, "FREQ=WEEKLY;BYDAY=FR")


def test_ending_it_says_what_goes(page: Planner) -> None:
    answering(page)
    with page.database.read() as tx:
        old = cadences.of_business(tx, 1)[-1]
    shown = text(page.browser.get(f"/businesses/1/cadences/{old.id}/end").text)
    assert f"{TITLE}: Jeden Tag" in shown
    assert re.search(r"\d+ Antwortrunden werden zurückgenommen", shown)
    assert "geplante Beiträge" not in shown


def test_a_channel_offers_it_with_the_reason_until_it_is_there(page: Planner) -> None:
    shown = page.browser.get(CHANNEL).text
    assert f"{TITLE}: Jeden Montag, Mittwoch und Freitag um 17:00" in text(shown)
    assert "BrightLocal, 2020, US" in shown
    (query,) = re.findall(r'cadences/new\?([^"]*purpose=replying[^"]*)"', shown)
    assert (
        'id="purpose-replying" name="purpose" value="replying" checked'
        in page.browser.get(f"{CHANNEL}/cadences/new?{query.replace('&amp;', '&')}").text
    )
    answering(page)
    after = page.browser.get(CHANNEL).text
    assert "purpose=replying" not in after
    assert f"{TITLE}: Jeden Tag um 17:00" in text(after)
    assert "purpose=replying" not in page.browser.get("/businesses/1/channels/3").text, "YouTube offers none"


# --- Today and its page --------------------------------------------------------------------------------------------


def test_today_has_a_card_a_channel_with_the_tick_alone(page: Planner) -> None:
    answering(page)
    answering(page, 2)
    shown = page.browser.get("/").text
    part = shown.split("<h2>Bewertungen und Nachrichten</h2>")[1].split("<h2>")[0]
    assert part.count("<article") == 2
    assert "BrightLocal" in part
    for word in ("data-copy", "data-share", "Text zum Posten", 'class="out"', 'type="url"'):
        assert word not in part
    assert f"Erledigt: {TITLE} (WhatsApp)" in part
    assert TITLE not in shown.split("Die nächsten sieben Tage")[-1]


def test_done_from_today_is_said_and_taken_back(page: Planner) -> None:
    answering(page)
    (found,) = rounds(page)
    answer = page.send(f"/posts/{found.id}/done")
    shown = page.browser.get(answer.headers["Location"]).text
    assert f"Erledigt: {TITLE}" in shown
    assert "Wo ist es zu sehen?" not in shown
    assert "erledigt" in text(shown.split("Heute erledigt")[1])
    token = re.findall(r'name="undo" value="([^"]+)"', shown)[0]
    page.send("/undo", undo=token)
    assert page.again(found).status is Status.PLANNED


def test_tomorrow_from_today_lets_it_go_and_says_so(page: Planner) -> None:
    answering(page)
    (found,) = rounds(page)
    answer = page.send(f"/posts/{found.id}/tomorrow", due=found.due_local.isoformat())
    shown = page.browser.get(answer.headers["Location"]).text
    assert "Losgelassen: Das nächste Mal zählt dafür." in shown
    token = re.findall(r'name="undo" value="([^"]+)"', shown)[0]
    page.send("/undo", undo=token)
    assert (page.again(found).status, page.again(found).due_local) == (Status.PLANNED, found.due_local)


def test_what_was_not_ticked_off_is_noticed_with_the_next_and_asked_for_nowhere(page: Planner) -> None:
    answering(page)
    page.at("2026-12-03T08:30")
    shown = page.browser.get("/").text
    assert "Letztes Mal, Mittwoch, 2. Dezember, wurde nicht abgehakt." in shown
    assert shown.count(TITLE + "</a></h3>") == 1
    assert TITLE not in page.browser.get("/businesses/1/catch-up").text
    assert TITLE not in page.browser.get("/businesses/1/weeks/2026-W49").text.split("Was tun")[-1]
    old = page.browser.get(f"/posts/{rounds(page, '2026-12-02')[0].id}").text
    assert "niemand schuldet es mehr" in old
    assert "nicht abgehakt" in old


def test_its_page_has_the_tick_and_nothing_to_write(page: Planner) -> None:
    answering(page)
    (found,) = rounds(page)
    shown = page.browser.get(f"/posts/{found.id}").text
    assert TITLE in shown
    for name in ('name="text"', 'name="pillar"', 'name="link"', "checklist"):
        assert name not in shown
    fields = {"title": "T", "text": "x", "pillar": "tip", "content": "", "notes": "", "seen": ""}
    assert page.send(f"/posts/{found.id}/edit", **fields).status_code == 409
    assert page.send(f"/posts/{found.id}/checklist", words="x").status_code == 409
    assert page.send(f"/posts/{found.id}/done", link="https://example.org").status_code == 409
    assert page.again(found) == found
    assert (
        page.send(f"/posts/{found.id}/move", to="2026-12-02T10:00", seen=found.due_local.isoformat()).status_code == 303
    )
    assert page.again(found).status is Status.SKIPPED, "on the second there is one already"
    assert "Skipped" not in shown


def quiet_lines(page: Planner, path: str) -> dict[str, tuple[str, str]]:
    """Of a month the lines about answering, by day: where they stand, and what they say to who cannot see it."""
    shown = page.browser.get(path).text
    days = re.findall(r'data-day="([\d-]+)"(.*?)</td>', shown, re.DOTALL)
    found = {day: re.search(r'class="answer (\w+)"[^>]*aria-label="([^"]*)"', cell) for day, cell in days}
    return {day: (line[1], line[2]) for day, line in found.items() if line}


def test_a_month_says_quietly_on_which_days_there_is_something_to_answer(page: Planner) -> None:
    answering(page)
    answering(page, 2)
    done = rounds(page)[0]
    page.send(f"/posts/{done.id}/done")
    month = "/businesses/1/calendar/2026-12/month"
    lines = quiet_lines(page, month)
    assert len(lines) == len({day for day in lines if day >= "2026-12-01"}) == 34, "from today to the end of the sheet"
    assert lines["2026-12-01"] == (
        "due",
        f"{TITLE}: Google-Unternehmensprofil, erledigt; WhatsApp, fällig; Dienstag, 1. Dezember",
    )
    assert lines["2026-12-05"][0] == "upcoming"
    shown = page.browser.get(month).text
    assert f'id="post-{done.id}"' not in shown, "it cannot be grabbed here, and is no post"
    assert "2026-W49/week#day-2026-12-01" in shown
    assert quiet_lines(page, f"{month}?channel=3") == {}
    assert TITLE not in page.browser.get(f"{month}?channel=3").text


def test_in_a_month_what_is_over_is_no_fault(page: Planner) -> None:
    answering(page)
    page.at("2026-12-03T08:30")
    lines = quiet_lines(page, "/businesses/1/calendar/2026-12/month")
    assert [lines[f"2026-12-0{day}"][0] for day in (1, 2, 3, 4)] == ["skipped", "skipped", "due", "upcoming"]
    assert "nicht abgehakt" in lines["2026-12-01"][1]


@pytest.mark.parametrize("view", ["2026-12/list", "2026-W49/week"])
def test_the_calendar_shows_it_after_the_posts(page: Planner, view: str) -> None:
    answering(page)
    page.at("2026-12-03T08:30")
    shown = page.browser.get(f"/businesses/1/calendar/{view}").text
    day = shown.split('data-day="2026-12-01"')[1].split("data-day=")[0]
    entries = re.findall(r'class="entry (\w+)', day)
    assert entries == ["late", "skipped"], "what is over is no fault"
    assert "nicht abgehakt" in day


# --- the links of the mail -----------------------------------------------------------------------------------------


def link(page: Planner, verb: Verb, found: list[Post]) -> str:
    return page.links.action(verb, found[0], page.now, found[1:]).removeprefix(HOME)


def test_one_tap_in_the_mail_ticks_off_all_channels_and_takes_it_back(page: Planner) -> None:
    answering(page)
    answering(page, 2)
    found = rounds(page)
    path = link(page, Verb.DONE, found)
    offered = page.browser.get(path).text
    assert "Google-Unternehmensprofil, WhatsApp" in text(offered)
    assert "Ja, alles ist beantwortet" in offered
    assert 'name="link"' not in offered
    assert {page.again(post).status for post in found} == {Status.PLANNED}, "looking changes nothing"
    for _tap in range(2):
        acted = page.browser.post(path).text
        assert "Es ist abgehakt." in acted
        assert {page.again(post).status for post in found} == {Status.POSTED}
    tokens = re.findall(r'name="undo" value="([^"]+)"', acted)
    assert len(tokens) == 2
    back = page.browser.post("/a/undo", data={"undo": tokens}).text
    assert "Zurückgenommen" in back
    assert {page.again(post).status for post in found} == {Status.PLANNED}


def test_tomorrow_in_the_mail_lets_go_where_the_next_stands_for_it(page: Planner) -> None:
    answering(page)
    answering(page, 2)
    found = rounds(page)
    acted = page.browser.post(link(page, Verb.TOMORROW, found)).text
    assert "Losgelassen: Das nächste Mal zählt dafür." in acted
    assert {page.again(post).status for post in found} == {Status.SKIPPED}
    assert len(rounds(page, "2026-12-02")) == 2


def test_what_is_gone_by_then_does_not_keep_the_others_from_it(page: Planner) -> None:
    answering(page)
    answering(page, 2)
    first, other = rounds(page)
    path = link(page, Verb.SKIP, [first, other])
    with page.database.write() as tx:
        posts.remove(tx, page.again(other))
    assert page.browser.post(path).status_code == 200
    assert page.again(first).status is Status.SKIPPED


@pytest.mark.parametrize("verb", [Verb.DONE, Verb.TOMORROW, Verb.SKIP])
def test_without_the_first_of_its_line_the_link_is_for_the_others(page: Planner, verb: Verb) -> None:
    answering(page)
    answering(page, 2)
    first, other = rounds(page)
    path = link(page, verb, [first, other])
    with page.database.write() as tx:
        posts.remove(tx, page.again(first))
    offered = page.browser.get(path)
    assert offered.status_code == 200
    assert "Google-Unternehmensprofil" not in text(offered.text)
    assert page.browser.post(path).status_code == 200
    after = page.again(other)
    assert (after.status, after.due_local.date()) != (other.status, other.due_local.date())
    assert page.browser.post(path).status_code == 200, "twice is once"
    assert page.again(other) == after
    with page.database.write() as tx:
        posts.remove(tx, after)
    assert page.browser.post(path).status_code == 404, "of nothing that is left nothing can be said"


def test_a_link_does_not_reach_beyond_its_business(page: Planner) -> None:
    answering(page)
    (found,) = rounds(page)
    with page.database.write() as tx:
        wanted = NewBusiness(name="Anderes", timezone="Europe/Berlin", language="de")
        other = set_up(tx, wanted, catalogue.preset("core-trio-answering"), page.site.texts, page.now)
        theirs = next(
            post for post in posts.due_between(tx, other.id, Window(TODAY, TODAY.replace(day=9))) if post.is_round
        )
    page.browser.post(link(page, Verb.DONE, [found, theirs]))
    assert page.again(found).status is Status.POSTED
    assert page.again(theirs).status is Status.PLANNED


def test_advice_counts_it_and_gives_the_reason(page: Planner) -> None:
    shown = text(page.browser.get(
        "/businesses/1/advice", query_string={"trade": "bakery", "customers": "local", "minutes": "180",
                                              "helper": "alone", "likes_text": "yes"},
    ).text)  # fmt: skip
    assert "Bewertungen und Nachrichten beantworten, 3 in der Woche: je 5 Minuten, 15 in der Woche" in shown
    assert "BrightLocal, 2020, US" in shown
