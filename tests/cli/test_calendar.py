"""Looking at the calendar. November 2026 begins on a Sunday: Tuesdays 3 10 17 24, Thursdays 5 12 19 26, first
Wednesday the 4th. The preset core-trio posts on Google on Tuesdays at 9, by WhatsApp on Thursdays at 11, on YouTube
on the first Wednesday at 17."""

import re
from pathlib import Path

import pytest

from cli.program import Planner, number, run

FIELDS = [
    "id", "uid", "business", "channel", "platform", "title", "pillar", "purpose", "due", "status", "standing",
    "link",
]  # fmt: skip


def test_today_names_what_is_due_with_stable_fields(planner: Planner) -> None:
    [post] = planner("today", "--json").json
    assert list(post) == FIELDS
    assert (post["business"], post["platform"], post["due"]) == ("Bakery", "gbp", "2026-11-03T09:00+01:00")
    assert (post["status"], post["standing"], post["link"]) == ("planned", "due", "")


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        ("2026-11-02T23:59", None),
        ("2026-11-03T00:00", "due"),
        ("2026-11-03T23:59", "due"),
        ("2026-11-04T00:00", "late"),
        ("2026-11-05T23:59", "late"),
        ("2026-11-06T00:00", "missed"),
        ("2026-11-03T00:00+02:00", None),  # an hour before midnight in Berlin
    ],
)
def test_what_a_post_of_the_third_is_at_a_moment(planner: Planner, now: str, standing: str | None) -> None:
    found = {post["due"][:10]: post["standing"] for post in planner("today", "--json", now=now).json}
    assert found.get("2026-11-03") == standing


def test_a_week(planner: Planner) -> None:
    found = planner("week", "2026-W45", "--json").json
    assert [(post["due"], post["platform"]) for post in found] == [
        ("2026-11-03T09:00+01:00", "gbp"),
        ("2026-11-04T17:00+01:00", "youtube"),
        ("2026-11-05T11:00+01:00", "whatsapp"),
    ]
    assert planner("week", "--json").json == found


def test_a_month(planner: Planner) -> None:
    days = [int(post["due"][8:10]) for post in planner("month", "2026-11", "--json").json]
    assert days == [3, 4, 5, 10, 12, 17, 19, 24, 26]
    assert planner("month", "--json").json == planner("month", "2026-11", "--json").json


def test_the_week_in_words_says_sign_and_word_and_no_colour_into_a_pipe(planner: Planner) -> None:
    planner("done", number(planner, "Google", "2026-11-03"))
    shown = planner("week", now="2026-11-07T12:00").out
    assert "Bakery · week 45 of 2026" in shown
    assert [line.split()[-2:] for line in shown.splitlines() if re.search(r"\d\d:\d\d", line)] == [
        ["✓", "posted"], ["✗", "missed"], ["!", "late"],
    ]  # fmt: skip
    assert "\x1b" not in shown


def test_public_holidays_and_pauses_are_marked(planner: Planner) -> None:
    planner("pause", "add", "--from", "2026-12-24", "--to", "2027-01-03", "--reason", "Snowed in")
    week = planner("week", "2026-W52").out
    assert re.search(r"Fri 25 Dec .*Christmas Day · Snowed in", week)
    assert re.search(r"Thu 24 Dec +Snowed in", week)
    assert "11:00" not in week
    month = planner("month", "2026-12").out
    assert "25*~" in month
    assert "* Fri 25 Dec Christmas Day" in month


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", [("today",), ("week",), ("month",), ("summary",), ("post", "list")])
def test_nothing_is_wider_than_the_terminal(planner: Planner, columns: int, command: tuple[str, ...]) -> None:
    lines = planner(*command, now="2026-12-01T08:00", COLUMNS=str(columns)).out.splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= columns


def test_brackets_in_words_are_words(planner: Planner) -> None:
    assert planner("business", "set", "--name", "Nagel [/bold] :smile:").code == 0
    planner("post", "add", "WhatsApp", "2026-11-03T12:00", "--title", "[red]Sale[/nope]")
    shown = planner("today").out
    assert "Nagel [/bold] :smile:" in shown
    assert "[red]Sale[/nope]" in shown


def test_a_database_made_elsewhere_by_address(tmp_path: Path, database_address: str) -> None:
    words = ("--home", str(tmp_path / "h"), "--database-url", database_address, "--now", "2026-11-03T08:00")
    assert run(*words, "init", "--yes", "--timezone", "Europe/Berlin", "--language", "de").code == 0
    [post] = run(*words, "today", "--json").json
    assert post["due"] == "2026-11-03T09:00+01:00"
    assert run(*words, "done", str(post["id"]), "--link", "https://example.org/1").code == 0
    [post] = run(*words, "today", "--json").json
    assert (post["standing"], post["link"]) == ("posted", "https://example.org/1")
    assert run(*words, "summary", "--json").json["week"] == "2026-W44"
