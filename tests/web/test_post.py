"""A post's page: its words and how long they are, its checklist, its history, and two people at once."""

import re
from datetime import datetime, timedelta

import pytest

from planner.actions import posts as verbs
from planner.core.model import Content, Pillar, Post, Status, ToDo
from web.conftest import Planner, on_sqlite


def html(page: Planner, post: Post) -> str:
    return page.browser.get(f"/posts/{post.id}").text


def seen(html: str) -> str:
    """What the form of the words says it showed."""
    return re.findall(r'/edit".*?name="seen" value="([^"]*)"', html, re.DOTALL)[0]


def form(page: Planner, post: Post, **values: str) -> dict[str, str]:
    """The form of the words, as a browser would send it."""
    return {
        "title": post.title, "text": post.text, "pillar": post.pillar.value, "content": "", "notes": "",
        "seen": seen(html(page, post)), **values,
    }  # fmt: skip


def test_words_are_saved(page: Planner, post: Post) -> None:
    values = {
        "title": "Stollen",
        "text": "Ab heute:\r\nStollen",
        "pillar": "season",
        "content": "photo",
        "notes": "Licht",
    }
    answer = page.send(f"/posts/{post.id}/edit", **form(page, post, **values))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/posts/{post.id}?said=saved")
    saved = page.again(post)
    assert (saved.title, saved.text, saved.pillar) == ("Stollen", "Ab heute:\nStollen", Pillar.SEASON)
    assert (saved.content, saved.notes, saved.status) == (Content.PHOTO, "Licht", Status.DRAFTED)
    shown = page.browser.get(answer.headers["Location"]).text
    for words in ("Gespeichert.", "Stollen", "Jahreszeit · Foto", "Licht", "17 von 1.500 Zeichen"):
        assert words in shown
    page.send(f"/posts/{post.id}/edit", **form(page, saved, **{**values, "content": ""}))
    assert page.again(post).content is None


def test_two_people_at_once(page: Planner, post: Post) -> None:
    first, second = form(page, post, text="vom Ersten"), form(page, post, text="vom Zweiten", title="Zweiter Titel")
    assert page.send(f"/posts/{post.id}/edit", **first).status_code == 303
    answer = page.send(f"/posts/{post.id}/edit", **second)
    assert answer.status_code == 409
    assert page.again(post).text == "vom Ersten"
    assert "Jemand anderes hat diesen Beitrag inzwischen geändert" in answer.text
    newer, typed = answer.text.split('class="newer card"')[1].split('id="words-form"')
    assert "vom Ersten" in newer
    assert "vom Zweiten" in typed
    assert 'value="Zweiter Titel"' in typed
    again = page.send(f"/posts/{post.id}/edit", **{**second, "seen": seen(answer.text)})
    assert again.status_code == 303
    assert page.again(post).text == "vom Zweiten"


def test_what_somebody_else_did_besides_is_no_quarrel(page: Planner, post: Post) -> None:
    mine = form(page, post, text="meins")
    page.send(f"/posts/{post.id}/checklist", words="Foto")
    assert page.send(f"/posts/{post.id}/edit", **mine).status_code == 303
    mine = form(page, page.again(post), text="noch einmal")
    page.send(f"/posts/{post.id}/done")
    assert page.send(f"/posts/{post.id}/edit", **mine).status_code == 409, "it is out: whoever edits it should know"


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"title": "  "}, "title", "Geben Sie einen Titel an"),
        ({"title": "x" * 201}, "title", "höchstens 200 Zeichen"),
        ({"text": "x" * 20_001}, "text", "höchstens 20000 Zeichen"),
        ({"notes": "x" * 5_001}, "notes", "höchstens 5000 Zeichen"),
        ({"link": "javascript:alert(1)"}, "link", "keine Adresse"),
    ],
)
def test_what_cannot_be_saved_stays_typed(
    page: Planner, post: Post, wrong: dict[str, str], field: str, sentence: str
) -> None:
    page.send(f"/posts/{post.id}/skip")
    values = form(page, post, **{"title": "Mein Titel", "text": "Mein Text", "notes": "Meine Notiz", **wrong})
    answer = page.send(f"/posts/{post.id}/edit", **values)
    assert answer.status_code == 400
    assert sentence in answer.text.split(f'id="{field}-error">')[1].split("<")[0]
    for name, words in values.items():
        assert name in ("seen", "content", "pillar") or words.strip() in answer.text
    assert page.again(post).title == post.title


@on_sqlite
@pytest.mark.parametrize("wrong", [{"pillar": "gossip"}, {"pillar": ""}, {"content": "smell"}])
def test_a_form_with_other_choices(page: Planner, post: Post, wrong: dict[str, str]) -> None:
    assert page.send(f"/posts/{post.id}/edit", **form(page, post, **wrong)).status_code == 400


@on_sqlite
def test_a_text_that_is_too_long_is_told_and_kept(page: Planner, post: Post) -> None:
    long = "ä" * 1512
    assert page.send(f"/posts/{post.id}/edit", **form(page, post, text=long)).status_code == 303
    assert page.again(post).text == long
    assert (
        html(page, post).count("12 Zeichen zu viel: Google-Unternehmensprofil erlaubt 1.500, dieser Text hat 1.512.")
        == 2
    )


@on_sqlite
def test_a_platform_without_a_known_limit_just_counts(page: Planner, post: Post) -> None:
    whatsapp = page.post("2026-12-03")
    assert f"{len(whatsapp.text)} Zeichen" in html(page, whatsapp)
    assert "von" not in html(page, whatsapp).split('id="text-hint">')[1].split("<")[0]


@on_sqlite
def test_gaps_are_named(page: Planner, post: Post) -> None:
    page.send(f"/posts/{post.id}/edit", **form(page, post, text="Wir sind am [Tag] in [Ort]."))
    assert "Noch auszufüllen: [Tag], [Ort]" in html(page, post)
    page.send(f"/posts/{post.id}/edit", **form(page, post, text="Wir sind da."))
    assert 'id="gaps" hidden' in html(page, post)


def test_the_checklist(page: Planner, post: Post) -> None:
    for words in ("Foto machen", "<b>Text</b>"):
        answer = page.send(f"/posts/{post.id}/checklist", words=words)
        assert answer.headers["Location"] == f"/posts/{post.id}#checklist"
    page.send(f"/posts/{post.id}/checklist/tick", number="1", words="<b>Text</b>")
    assert page.again(post).checklist == (ToDo("Foto machen"), ToDo("<b>Text</b>", done=True))
    shown = html(page, post)
    assert shown.count('aria-checked="true"') == shown.count('aria-checked="false"') == 1
    assert "&lt;b&gt;Text" in shown
    page.send(f"/posts/{post.id}/checklist/untick", number="1", words="<b>Text</b>")
    page.send(f"/posts/{post.id}/checklist/remove", number="0", words="Foto machen")
    assert page.again(post).checklist == (ToDo("<b>Text</b>"),)
    assert page.again(post).status is Status.PLANNED


@on_sqlite
@pytest.mark.parametrize("words", ["", "x" * 201])
def test_no_line_at_all_and_one_that_is_too_long(page: Planner, post: Post, words: str) -> None:
    answer = page.send(f"/posts/{post.id}/checklist", words=words)
    assert answer.status_code == 400
    assert 'id="words-error"' in answer.text
    assert f'value="{words}"' in answer.text
    assert page.again(post).checklist == ()


@on_sqlite
@pytest.mark.parametrize("number", ["", "x", "-1", "99999999999999999999", "7"])
def test_a_line_whose_number_nobody_understands_is_found_by_its_words(page: Planner, post: Post, number: str) -> None:
    page.send(f"/posts/{post.id}/checklist", words="Foto")
    assert page.send(f"/posts/{post.id}/checklist/tick", number=number, words="Foto").status_code == 303
    assert page.again(post).checklist[0].done
    assert page.send(f"/posts/{post.id}/checklist/explode", number="0", words="Foto").status_code == 404


def test_the_history_in_words(page: Planner, post: Post) -> None:
    with page.database.write() as tx:
        verbs.edit(tx, post.id, now=page.now, title="Neu")
        verbs.edit(tx, post.id, now=page.now + timedelta(minutes=1), title="Noch neuer")
        verbs.move(tx, post.id, datetime(2026, 12, 2, 10), now=page.now + timedelta(minutes=2))
        verbs.skip(tx, post.id, now=page.now + timedelta(minutes=3), reason="Keine Zeit")
        verbs.reopen(tx, post.id, now=page.now + timedelta(minutes=4))
        verbs.complete(tx, post.id, now=page.now + timedelta(hours=20))
    told = re.sub(r"<[^>]+>|\s+", " ", html(page, post).split('class="history"')[1].split("</ol>")[0])
    for words in (
        "Mittwoch, 2. Dezember, 05:30 Als gepostet markiert",
        "Dienstag, 1. Dezember, 09:34 Wieder geöffnet",
        "09:33 Ausgelassen: Keine Zeit",
        "09:32 Verschoben auf Mittwoch, 2. Dezember, 10:00",
        "09:31 Geändert: Titel",
        "Montag, 30. November, 09:30 Vom Rhythmus geplant, für Dienstag, 1. Dezember um 09:00 Uhr",
    ):
        assert words in re.sub(r" +", " ", told)
    assert "09:30 Geändert" not in told, "the same on the same day is said once"


def test_moving_is_a_form(page: Planner, post: Post) -> None:
    move = html(page, post).split(f'action="/posts/{post.id}/move"')[1].split("</form>")[0]
    values = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', move))
    assert values == {
        "csrf": page.csrf, "seen": "2026-12-01T09:00:00", "back": f"/posts/{post.id}", "to": "2026-12-01T09:00",
        "open": "yes",
    }  # fmt: skip
    page.send(f"/posts/{post.id}/done")
    assert f"/posts/{post.id}/move" not in html(page, post), "what is out stays where it is"


def test_the_second_of_two_who_move_it_sees_where_it_is_and_what_he_wanted(page: Planner, post: Post) -> None:
    form = {"seen": "2026-12-01T09:00:00", "back": f"/posts/{post.id}", "open": "yes"}
    page.send(f"/posts/{post.id}/move", to="2026-12-04T11:15", **form)
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-06T08:00", **form)
    assert (answer.status_code, "inzwischen verschoben" in answer.text) == (409, True)
    assert "Freitag, 4. Dezember, 11:15" in answer.text
    assert 'value="2026-12-06T08:00"' in answer.text, "what was typed stays"


def test_a_skipped_post_moves_and_one_skipped_meanwhile_does_not(page: Planner, post: Post) -> None:
    page.send(f"/posts/{post.id}/skip")
    answer = page.send(f"/posts/{post.id}/move", to="2026-12-06T08:00", open="yes")
    assert (answer.status_code, "inzwischen ausgelassen" in answer.text) == (409, True)
    assert 'name="open"' not in html(page, post)
    page.send(f"/posts/{post.id}/move", to="2026-12-06T08:00")
    assert page.again(post).open


def test_a_bad_address_of_what_was_done_stays_typed(page: Planner, post: Post) -> None:
    answer = page.send(f"/posts/{post.id}/done", link="kein Link")
    assert answer.status_code == 400
    assert 'value="kein Link"' in answer.text
    assert 'id="link-error"' in answer.text
    assert page.again(post).open
    page.send(f"/posts/{post.id}/done")
    later = page.send(f"/posts/{post.id}/done", link="kein Link")
    assert later.status_code == 400
    assert 'value="kein Link"' in later.text, "an address that is added afterwards stays typed, too"


def test_the_second_is_told_that_it_is_out(page: Planner, post: Post) -> None:
    page.send(f"/posts/{post.id}/done")
    answer = page.send(f"/posts/{post.id}/skip", reason="Keine Zeit")
    assert answer.status_code == 409
    assert "schon als gepostet markiert" in answer.text
    assert "planner post" not in answer.text


@on_sqlite
@pytest.mark.parametrize("path", ["/posts/999/edit", "/posts/999/checklist", "/posts/999/checklist/tick"])
def test_a_post_that_is_not_there(page: Planner, path: str) -> None:
    form = {"title": "x", "text": "", "pillar": "tip", "words": "x", "number": "0", "seen": ""}
    assert page.send(path, **form).status_code == 404


@on_sqlite
@pytest.mark.parametrize("path", ["edit", "checklist", "checklist/tick"])
def test_only_our_own_forms_of_people_signed_in(page: Planner, post: Post, path: str) -> None:
    form = {"title": "x", "text": "x", "pillar": "tip", "words": "x", "number": "0", "seen": ""}
    assert page.send(f"/posts/{post.id}/{path}", csrf="0" * 64, **form).status_code == 403
    stranger = page.browser.application.test_client()
    assert stranger.post(f"/posts/{post.id}/{path}", data=form).headers["Location"].startswith("/sign-in")
    assert page.again(post) == post
