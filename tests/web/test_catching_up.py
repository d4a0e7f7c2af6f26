"""Catching up on the page: advice with a button for it, all at once, and a rhythm that fits better."""

import re
from datetime import datetime

import pytest
from sqlalchemy import event

from planner.core.model import Status
from planner.store.queries import cadences, facts
from web.conftest import Planner

HERE = "/businesses/1/catch-up"
WEEK = "/businesses/1/weeks/2026-W51"


@pytest.fixture
def page(planner: Planner) -> Planner:
    """Signed in on Monday, 21 December, 13:00: three weeks in which nobody did anything."""
    planner.at("2026-12-21T12:00")
    planner.sign_in()
    return planner


def rules(page: Planner) -> list[tuple[int, str]]:
    with page.database.read() as tx:
        return [(each.channel_id, each.rrule) for each in cadences.of_business(tx, 1) if each.end is None]


def form_of(html: str, action: str) -> dict[str, str]:
    form = html.split(f'action="{action}"')[1].split("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_what_a_friend_would_do(page: Planner) -> None:
    html = page.browser.get(HERE).text
    said = re.findall(r'<p class="advice">([^<]*)</p>', html)
    assert said[-1] == "Jetzt noch veröffentlichen: Es passt noch."
    assert sum(words.startswith("Fallen lassen: ") for words in said) == len(said) - 2
    assert "Was ein Freund damit machen würde" in page.browser.get("/businesses/1").text


def test_all_at_once(page: Planner) -> None:
    html = page.browser.get(HERE).text
    oldest = page.post("2026-12-01")
    shown = re.findall(r'name="post" value="(\d+)"', html)
    answer = page.browser.post(f"{HERE}/apply", data={"csrf": page.csrf, "post": shown})
    assert answer.headers["Location"] == f"{HERE}?said=saved"
    assert page.again(oldest).status is Status.SKIPPED
    after = page.browser.get(answer.headers["Location"]).text
    assert len(re.findall(r'class="advice"', after)) == 1
    assert "wie geraten</button>" not in after


def test_what_was_not_shown_is_left_alone(page: Planner) -> None:
    oldest, next_one = page.post("2026-12-01"), page.post("2026-12-02")
    page.browser.post(f"{HERE}/apply", data={"csrf": page.csrf, "post": [str(oldest.id), "x"]})
    assert page.again(oldest).status is Status.SKIPPED
    assert page.again(next_one).status is Status.PLANNED


def test_each_advice_has_its_button(page: Planner) -> None:
    html = page.browser.get(HERE).text
    (card,) = [each for each in html.split("<article")[1:] if "Verschieben auf" in each or "Jetzt noch" in each][-1:]
    assert re.search(r'<button class="main" aria-label="Erledigt: ', card)
    dropped = html.split("<article")[1]
    assert re.search(r'<button class="main" aria-label="Fallen lassen: ', dropped)


def test_a_smaller_rhythm_by_one_tap(page: Planner) -> None:
    for path in (HERE, WEEK):
        html = page.browser.get(path).text
        assert "Google-Unternehmensprofil: 3 Wochen in Folge unter dem Ziel." in html, path
        assert "alle 2 Wochen am Dienstag" in html, path
    fields = form_of(html, f"{HERE}/rhythms/1/take")
    answer = page.send(f"{HERE}/rhythms/1/take", **fields)
    assert answer.headers["Location"] == f"{WEEK}?said=saved"
    assert (1, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU") in rules(page)
    before = rules(page)
    assert page.send(f"{HERE}/rhythms/1/take", **fields).status_code == 303
    assert rules(page) == before, "a second tap is the same tap"
    assert page.post("2026-12-22").due_local == datetime(2026, 12, 22, 9)


@pytest.mark.parametrize("path", [HERE, WEEK])
def test_six_questions_at_most_while_rhythms_are_offered(page: Planner, path: str) -> None:
    fields = form_of(page.browser.get(HERE).text, f"{HERE}/rhythms/1/decline")
    page.send(f"{HERE}/rhythms/1/decline", **fields)
    statements: list[str] = []
    note = lambda *given: statements.append(str(given[2]))  # noqa: E731
    event.listen(page.database.engine, "before_cursor_execute", note)
    html = page.browser.get(path).text
    event.remove(page.database.engine, "before_cursor_execute", note)
    assert f'action="{HERE}/rhythms/2/take"' in html, "the other channel's is offered"
    assert f'action="{HERE}/rhythms/1/take"' not in html
    assert len([each for each in statements if each.startswith("SELECT")]) <= 6


def test_declined_it_is_gone(page: Planner) -> None:
    before = rules(page)
    fields = form_of(page.browser.get(HERE).text, f"{HERE}/rhythms/1/decline")
    assert page.send(f"{HERE}/rhythms/1/decline", **fields).headers["Location"] == f"{HERE}?said=saved"
    assert f"{HERE}/rhythms/1/" not in page.browser.get(HERE).text
    assert rules(page) == before
    with page.database.read() as tx:
        assert facts.beginning(tx, "declined:1:") == {"declined:1:1:smaller": "2026-12-21"}


def test_another_size_than_was_shown_is_not_taken(page: Planner) -> None:
    before = rules(page)
    assert page.send(f"{HERE}/rhythms/1/take", size="larger").status_code == 303
    assert rules(page) == before


@pytest.mark.parametrize("path", [f"{HERE}/rhythms/1/eat", f"{HERE}/rhythms/99/take", "/businesses/9/catch-up/apply"])
def test_what_is_not_there(page: Planner, path: str) -> None:
    assert page.send(path).status_code == 404


def test_with_nothing_to_catch_up(planner: Planner) -> None:
    planner.sign_in()
    assert "In den letzten vier Wochen ist nichts liegen geblieben." in planner.browser.get(HERE).text


def test_only_for_those_who_are_signed_in(planner: Planner) -> None:
    assert planner.browser.get(HERE).status_code == 303
    assert planner.browser.post(f"{HERE}/apply").status_code == 303
