"""Advice on the page: asked by address, which keeps nothing; kept by a button; reached from set-up and More."""

import html
import re
import shutil
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from planner import catalogue, resources
from planner.actions import posts as verbs
from planner.actions.cadences import add_cadence
from planner.actions.channels import add_channel
from planner.catalogue import advising
from planner.catalogue.portraits import portrait
from planner.store.queries import businesses, cadences, channels, ideas
from web.conftest import Planner, on_sqlite

PATH = "/businesses/1/advice"
HELPED = {
    "trade": "bakery", "customers": "local", "likes_text": "yes", "likes_image": "yes", "likes_video": "yes",
    "minutes": "150", "helper": "team",
}  # fmt: skip


@pytest.fixture
def signed_in(planner: Planner) -> Planner:
    planner.sign_in()
    return planner


def asked(planner: Planner, **answers: str) -> str:
    return html.unescape(planner.browser.get(f"{PATH}?{urlencode({**HELPED, **answers})}").text)


def rules(planner: Planner) -> dict[str, str]:
    with planner.database.read() as tx:
        there = {channel.id: channel.platform for channel in channels.of_business(tx, 1)}
        return {there[each.channel_id]: each.rrule for each in cadences.of_business(tx, 1)}


@on_sqlite
@pytest.mark.parametrize("page", ["more", "platforms", "welcome/rhythm"])
def test_the_ways_to_it(signed_in: Planner, page: str) -> None:
    assert f'href="{PATH}' in signed_in.browser.get(f"/businesses/1/{page}").text
    assert signed_in.browser.get("/advice").headers["Location"] == PATH


@on_sqlite
def test_the_questions_first(signed_in: Planner) -> None:
    page = html.unescape(signed_in.browser.get(PATH).text)
    for words in ("Wo ist die Kundschaft?", "Wie alt sind sie?", "Was wird gern gemacht?", "Wer hilft?", "Bayern"):
        assert words in page
    assert "Was weggelassen wird" not in page


@on_sqlite
def test_what_is_no_fact_is_called_a_rule_of_thumb(signed_in: Planner) -> None:
    page = asked(signed_in)
    assert "Was keine Quelle mit Jahr nennt, ist eine Faustregel" in page
    assert f"{portrait('gbp').score.why['de']} (unsere eigene Einschätzung; eine Faustregel)" in page


@on_sqlite
def test_the_answer_with_its_reasons(signed_in: Planner) -> None:
    page = asked(signed_in)
    assert "Von 150 Minuten in der Woche dürfen 120 verplant werden; dies braucht 118." in page
    order = [page.index(f">{name}</a></h3>") for name in ("Google-Unternehmensprofil", "WhatsApp", "YouTube",
                                                          "Instagram", "Aushang im Schaufenster")]  # fmt: skip
    assert order == sorted(order)
    assert "Video, alle zwei Monate: 360 Minuten je Stück, 42 in der Woche" in page
    assert portrait("whatsapp").score.why["de"] in page
    assert "Was aus dem Ofen kommt, ist jeden Tag ein Bild." in page
    assert "2. Dez., 10:30" in page
    assert "1,8 × 1" in page
    for key in catalogue.platform_keys():
        assert catalogue.platform(key).name("de") in page


@on_sqlite
def test_a_core_channel_that_is_left_out_is_said_openly(signed_in: Planner) -> None:
    page = asked(signed_in, likes_video="")
    assert "YouTube gehört zum Kern, hier aber nicht. Lebt von Inhalten, die nicht gern gemacht werden: Video." in page


def test_asking_keeps_nothing_and_the_button_keeps_it_once(signed_in: Planner) -> None:
    before = rules(signed_in)
    assert "macht Platz" in asked(signed_in)
    assert rules(signed_in) == before
    answer = signed_in.send(PATH, **HELPED)
    assert answer.headers["Location"] == "/businesses/1/channels?said=advised"
    after = rules(signed_in)
    assert list(after) == ["gbp", "whatsapp", "youtube", "instagram", "shop_window"]
    assert "sind eingerichtet" in signed_in.browser.get("/businesses/1/channels?said=advised").text
    signed_in.send(PATH, **HELPED)
    assert rules(signed_in) == after
    assert "weil es schon einen Rhythmus hat" in asked(signed_in)
    assert signed_in.business.trade == "bakery"


@on_sqlite
def test_a_day_is_taken_as_an_idea_with_one_tap(signed_in: Planner) -> None:
    """On 30 November: Nikolaus on the 6th, and the bakery's own days, which only the answer knows of yet."""
    page = asked(signed_in)
    assert "anzufangen" in page
    keys = re.findall(rf'action="{PATH}/days/([\w-]+)"', page)
    assert len(keys) > 3
    for _ in range(2):
        answer = signed_in.send(f"{PATH}/days/{keys[0]}", **HELPED)
        assert answer.headers["Location"] == f"{PATH}?{urlencode(HELPED)}#days"
    with signed_in.database.read() as tx:
        assert len(ideas.backlog(tx, 1)) == 1
    after = asked(signed_in)
    assert f'action="{PATH}/days/{keys[0]}"' not in after
    assert "✓ schon eine Idee" in after
    signed_in.send(PATH, **HELPED)
    with signed_in.database.read() as tx:
        assert len(ideas.backlog(tx, 1)) == len(keys), "the others are laid in, and none twice"
    assert signed_in.send(f"{PATH}/days/no-such-day", **HELPED).status_code == 404


@on_sqlite
def test_what_somebody_worked_on_stays(signed_in: Planner) -> None:
    with signed_in.database.write() as tx:
        verbs.complete(tx, signed_in.post("2026-12-01").id, now=signed_in.now)
    assert "macht Platz" not in asked(signed_in)
    signed_in.send(PATH, **HELPED)
    assert rules(signed_in)["youtube"] == "FREQ=MONTHLY;BYDAY=1WE"
    assert "instagram" in rules(signed_in)


def test_what_is_too_much_is_said_before_and_after_and_can_be_made_to_fit(signed_in: Planner) -> None:
    """A note on X every day, of which one was made: beside the advice that is more than the minutes give."""
    with signed_in.database.write() as tx:
        business = businesses.get(tx, 1)
        there = add_channel(tx, business, "x", "X", now=signed_in.now)
        start = datetime(2026, 11, 30, 12)
        add_cadence(tx, business, there, "FREQ=DAILY", start, texts=signed_in.site.texts, now=signed_in.now)
    with signed_in.database.write() as tx:
        verbs.complete(tx, signed_in.post("2026-11-30").id, now=signed_in.now)
    page = asked(signed_in)
    assert "mehr, als durchzuhalten ist" in page
    assert "X beenden" in page
    assert 'name="kept" value="leave" checked' in page
    answer = signed_in.send(PATH, **HELPED, kept="leave")
    assert answer.headers["Location"] == f"{PATH}?{urlencode({**HELPED, 'said': 'advised'})}#minutes"
    assert rules(signed_in)["x"] == "FREQ=DAILY"
    after = html.unescape(signed_in.browser.get(answer.headers["Location"]).text)
    assert "sind eingerichtet" in after
    assert "Alle Rhythmen zusammen brauchen" in after
    assert "mehr, als durchzuhalten ist" in after
    assert signed_in.send(PATH, **HELPED, kept="fit").headers["Location"] == "/businesses/1/channels?said=advised"
    assert "mehr, als durchzuhalten ist" not in asked(signed_in)
    assert 'name="kept"' not in asked(signed_in)


@on_sqlite
def test_within_the_set_up(fresh: Planner) -> None:
    step = fresh.browser.get("/businesses/1/welcome/rhythm").text
    assert f'href="{PATH}?from=welcome"' in step
    assert 'value="core-trio"' in step
    assert 'value="bakery"' not in step, "the presets of other trades would be a long list"
    page = asked(fresh, **{"from": "welcome"})
    assert '<input type="hidden" name="from" value="welcome">' in page
    answer = fresh.send(PATH, **{"from": "welcome"}, **HELPED)
    assert answer.headers["Location"] == "/businesses/1/welcome/password"
    back = fresh.browser.get("/businesses/1/welcome/rhythm").text
    assert "are those of the advice" in back
    fresh.send(PATH, **{"from": "welcome"}, **{**HELPED, "minutes": "60"})
    assert list(rules(fresh)) == ["gbp", "whatsapp", "youtube"], "other advice, as nobody has done anything yet"


@on_sqlite
def test_the_preset_of_the_own_trade_is_offered(fresh: Planner) -> None:
    with fresh.database.write() as tx:
        businesses.change(tx, 1, trade="bakery")
    page = fresh.browser.get("/businesses/1/welcome/rhythm").text
    assert 'value="bakery"' in page
    assert 'value="beauty"' not in page


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [{"minutes": "9"}, {"minutes": "2401"}, {"minutes": ""}, {"minutes": "x"}, {"trade": "baker"},
     {"customers": "moon"}, {"helper": ""}],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_at_its_field(signed_in: Planner, wrong: dict[str, str]) -> None:
    before = rules(signed_in)
    page = asked(signed_in, **wrong)
    assert f'id="{next(iter(wrong))}-error"' in page
    assert "Was weggelassen wird" not in page
    assert signed_in.send(PATH, **{**HELPED, **wrong}).status_code == 400
    assert rules(signed_in) == before


@on_sqlite
def test_nothing_fits(signed_in: Planner) -> None:
    answers = {"minutes": "10", "customers": "online", "likes_text": "", "likes_image": "", "likes_video": "yes"}
    page = asked(signed_in, **answers, helper="alone")
    assert "Kein Kanal passt." in page
    assert "So beginnen" not in page
    assert signed_in.send(PATH, **{**HELPED, **answers}).status_code == 400


@on_sqlite
def test_a_platform_whose_file_is_broken_is_left_out_by_name(
    signed_in: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules = Path(shutil.copytree(resources.folder("schedules"), tmp_path / "schedules"))
    file = schedules / "platforms" / "instagram.toml"
    file.write_text(file.read_text("utf-8").replace('tier = "', 'tier = "most ', 1), "utf-8")
    usual, kept = resources.folder, (portrait, advising.advising, advising.candidates, advising._platforms)
    monkeypatch.setattr(resources, "folder", lambda name: schedules if name == "schedules" else usual(name))
    for each in kept:
        each.cache_clear()
    try:
        page = asked(signed_in)
    finally:
        for each in kept:
            each.cache_clear()
    assert "Weggelassen, weil die Datei nicht zu lesen ist: instagram." in page
    assert "instagram.toml, Zeile" in page
    assert "Google-Unternehmensprofil</a></h3>" in page


@on_sqlite
def test_only_for_those_who_are_signed_in(planner: Planner) -> None:
    assert planner.browser.get(PATH).status_code == 303
    assert planner.browser.post(PATH, data=HELPED).status_code in (303, 403)
    assert "instagram" not in rules(planner)
