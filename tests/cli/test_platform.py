"""``planner platform``: the list, one platform, two side by side; in both languages, and 80 columns wide."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.program import run
from planner.catalogue import platform_keys, telling
from planner.catalogue.portraits import Source, portrait, portraits

NARROW = {"COLUMNS": "80"}


def in_german(*words: str) -> str:
    """What a process of its own prints: the language is chosen when the program begins."""
    environ = {**os.environ, "PLANNER_LANGUAGE": "de", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "planner", "platform", *words], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_list_by_tier_the_core_first() -> None:
    answer = run("platform", "list", environ=NARROW)
    assert answer.code == 0
    lines = answer.out.splitlines()
    tiers = [lines.index(words) for words in ("very interesting", "interesting", "uninteresting")]
    assert tiers == sorted(tiers)
    first = [line.split()[0] for line in lines if line and line.split()[0] in platform_keys()]
    assert first == [each.key for each in portraits()]
    assert "YouTube: video 2–10 h" in answer.out
    assert all(each.reason["en"].split()[-1] in answer.out for each in portraits())


def test_facts_stand_apart_from_rules_of_thumb() -> None:
    out = run("platform", "show", "whatsapp", environ=NARROW).out
    facts, thumb = out.split("\nRules of thumb\n")
    assert "WhatsApp (whatsapp) · very interesting" in facts
    assert "[appgefahren (Social-Media-Atlas), 2024]" in facts
    assert "UWG § 7" in facts
    assert "Contacts in a broadcast list: 256 [Blueticks, 2026]" in thumb
    assert "undated" in thumb
    assert "undated" not in facts
    assert "our own judgement" not in facts.split("\nFacts\n")[1]
    joined = "".join(line.strip() for line in out.splitlines())
    for fact in portrait("whatsapp").facts:
        assert (fact.source.address or "") in joined


def test_two_side_by_side_by_the_three_criteria() -> None:
    out = run("platform", "compare", "gbp", "tiktok", environ=NARROW).out
    rows = ["Size and", "Who uses it", "What it is", "How often to", "Effort for one", "Traps"]
    places = [out.index(f"\n {row}") for row in rows]
    assert places == sorted(places)
    assert "Google Business Profile" in out.splitlines()[1]
    assert "TikTok" in out.splitlines()[1]
    assert "~ Video: 1–4 a day" in out
    assert "~ 93 % of consumers" not in out
    assert "93 % of consumers" in out


@pytest.mark.parametrize("key", [key for key in platform_keys() if key != "website"])
def test_only_facts_stand_unmarked_side_by_side(key: str) -> None:
    """In every cell, line by line: a text without ~ is one that the catalogue has as a fact."""
    out = run("platform", "compare", key, "website", environ={"COLUMNS": "9999"}).out
    assert "~ is a rule of thumb, all else a fact." in out
    _above, heading, _rule, *lines, _legend = out.splitlines()
    first, second = (heading.index(portrait(name).platform.name("en")) for name in (key, "website"))
    for name, begin, end in ((key, first, second), ("website", second, None)):
        told = telling.statements(portrait(name), "en", str)
        cells = {line[begin:end].strip() for line in lines} - {"", "–"}
        unmarked = {cell for cell in cells if not cell.startswith("~ ")}
        assert unmarked == {each.text for each in told if each.source.is_fact}
        assert {f"~ {each.text}" for each in told if not each.source.is_fact} < cells


def test_the_list_says_that_it_is_a_rule_of_thumb() -> None:
    last = run("platform", "list", environ=NARROW).out.splitlines()[-2:]
    assert " ".join(last).split(". ")[0].strip() == "All of this is a rule of thumb"


@pytest.mark.parametrize("words", [("list",), ("compare", "facebook", "instagram"), ("compare", "shop_window", "gbp")])
def test_it_fits_a_terminal_in_both_languages(words: tuple[str, ...]) -> None:
    english, german = run("platform", *words, environ=NARROW).out, in_german(*words)
    assert max(map(len, english.splitlines())) <= 80
    assert max(map(len, german.splitlines())) <= 80
    assert english != german


@pytest.mark.parametrize("key", platform_keys())
def test_every_platform_is_shown_and_fits(key: str) -> None:
    answer = run("platform", "show", key, environ=NARROW)
    assert (answer.code, answer.err) == (0, "")
    assert max(map(len, answer.out.splitlines())) <= 80


def test_german() -> None:
    out = in_german("show", "gbp")
    assert "Google-Unternehmensprofil (gbp) · sehr interessant" in out
    assert "Fakten" in out
    assert "Faustregeln" in out
    assert "Eine Telefonnummer im Text kann den Beitrag kosten" in out
    assert "1 in der Woche [Reinstatement Ninja, ohne Jahr]" in out
    assert "sehr interessant\n" in in_german("list")


def test_without_any_planner_there(tmp_path: Path) -> None:
    assert run("--home", str(tmp_path / "nowhere"), "platform", "list").code == 0
    assert not (tmp_path / "nowhere").exists()


def test_today_reads_no_more_of_the_catalogue_than_the_steps_of_a_video(home: Path) -> None:
    """It would wait for files it has no use for."""
    program = (
        "import sys\n"
        "from planner.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as stop:\n"
        "    print(sorted(n for n in sys.modules if n.startswith('planner.catalogue')), stop.code)"
    )
    words = ("--home", str(home), "--now", "2026-11-03T08:00", "today")
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    wanted = [f"planner.catalogue{part}" for part in ("", ".platforms", ".steps", ".tomlfile")]
    assert done.stdout.splitlines()[-1] == f"{wanted} 0"


def test_json() -> None:
    listed = run("platform", "list", "--json").json
    assert [each["platform"] for each in listed] == [each.key for each in portraits()]
    assert listed[2]["minutes"]["video"] == [120, 600]
    shown = run("platform", "show", "gbp", "--json").json
    assert (shown["platform"], shown["tier"], shown["feed"]) == ("gbp", "very interesting", None)
    assert {fact["source"]["fact"] for fact in shown["facts"]} == {True, False}
    for fact in shown["facts"]:
        made = {name: value for name, value in fact["source"].items() if name != "fact"}
        assert Source(**made).is_fact is fact["source"]["fact"]
    both: list[Any] = run("platform", "compare", "gbp", "x", "--json").json
    assert both[0] == shown
    assert json.dumps(both[1]).count('"fact":') > 3


@pytest.mark.parametrize("words", [("show", "fax"), ("compare", "gbp", "fax"), ("compare", "../x", "gbp")])
def test_what_is_no_platform(words: tuple[str, ...]) -> None:
    answer = run("platform", *words)
    assert answer.code != 0
    assert answer.out == ""
    assert "There is no platform" in answer.err
    assert "whatsapp" in answer.err
