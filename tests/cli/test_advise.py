"""``planner advise``: by options, by questions, as JSON, applied; with a business and with none."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.program import Answer, Planner, german, run
from planner.catalogue import platform_keys
from planner.core.advice import Criterion

HELPED = ("--trade", "bakery", "--minutes", "150", "--helper", "team", "--likes", "text", "--likes", "image", "--likes",
          "video", "--yes")  # fmt: skip
ORDER = ["gbp", "whatsapp", "youtube", "instagram", "shop_window"]


def platforms(answer: Answer) -> list[str]:
    return [each["platform"] for each in answer.json["channels"]]


def test_as_json_with_everything_it_goes_by(planner: Planner) -> None:
    answer = planner("advise", *HELPED, "--json")
    assert (answer.code, answer.err) == (0, "")
    found = answer.json
    assert platforms(answer) == ORDER
    assert (found["usable_minutes"], found["minutes"]) == (120, 118)
    assert sum(each["minutes"] for each in found["channels"]) == 103
    assert [each["rounds"] and each["rounds"]["minutes"] for each in found["channels"]] == [15, None, None, None, None]
    assert found["answers"]["country"] == "DE", "known of the business"
    first: dict[str, Any] = found["channels"][0]
    assert (first["rrule"], first["time"], first["pace"]) == ("FREQ=WEEKLY;BYDAY=TU", "10:00", "week")
    assert set(first["sheet"]) == set(first["reasons"]) == {str(each) for each in Criterion}
    for each in found["channels"]:
        assert each["reasons"]["use"].endswith(" (our own judgement; a rule of thumb)")
        assert each["reasons"]["making"].endswith(" (a rule of thumb)")
    assert sorted(ORDER + [out["platform"] for out in found["left_out"]]) == platform_keys()
    assert all(out["reason"] for out in found["left_out"])
    in_four_weeks = set(ORDER) - {"shop_window"}  # whose next first Monday of a month is 7 December
    assert {week["platform"] for week in found["first_weeks"]} == in_four_weeks
    assert "applied" not in found


def test_looking_keeps_nothing(planner: Planner) -> None:
    before = planner("cadence", "list", "--json").out
    planner("advise", *HELPED)
    assert planner("cadence", "list", "--json").out == before
    assert planner("business", "show", "--json").json["trade"] == ""


def test_in_words_with_the_score_sheet(planner: Planner) -> None:
    out = planner("advise", *HELPED, "--scores").out
    assert "Of 150 minutes a week 120 may be planned; this takes 118." in out
    assert out.index("1. Google Business Profile") < out.index("4. Instagram") < out.index("What to leave out")
    assert "video, every two months: 360 minutes a piece, 42 a week" in out
    assert "In your trade it is worth more than elsewhere." in out
    joined = " ".join(out.split())  # wherever the line breaks
    assert "70+ years: 39 % every day (DE) (Jan-Felix Schrape (ARD/ZDF-Onlinestudie), 2021; a rule of thumb)" in joined
    assert "(DE) (GIGA (ARD/ZDF-Onlinestudie), 2022); 30–49 years: 50 %" in joined, "each share with its own source"
    assert "What names no source with a year is a rule of thumb: our reasons, the minutes, the points." in joined
    assert "The first four weeks, for example" in out
    sheet = out.partition("Score sheet")[2]
    assert "Instagram                  3 × 1  1.8 × 1   3 × 2  3 × 1      92" in sheet
    assert "Score sheet" not in planner("advise", *HELPED).out


def test_a_core_channel_that_is_left_out_is_said_openly(planner: Planner) -> None:
    out = planner("advise", "--yes", "--likes", "text").out
    assert "YouTube belongs to the core, but not for you. It lives on content you would rather not make: video." in out


def test_applied_and_applied_again(planner: Planner) -> None:
    answer = planner("advise", *HELPED, "--apply")
    assert "What the business began with made room" in answer.out
    assert "posts were planned." in answer.out
    assert "days became ideas." in answer.out
    rules = {each["channel"]: each["rrule"] for each in planner("cadence", "list", "--json").json}
    assert rules["YouTube"] == "FREQ=MONTHLY;INTERVAL=2;BYDAY=1WE"
    assert len(rules) == 5
    before = planner("cadence", "list", "--json").out
    again = planner("advise", *HELPED, "--apply", "--json").json["applied"]
    budget = again.pop("budget")
    assert (budget["taken"], budget["usable"], budget["over"], budget["changes"]) == (118, 120, 0, [])
    assert again == {"added": [], "kept": [*rules], "posts": 0, "replaced": False, "ideas": [], "changed": []}
    assert "Left as they were" in planner("advise", *HELPED, "--apply").out
    assert planner("cadence", "list", "--json").out == before
    assert planner("business", "show", "--json").json["trade"] == "bakery"


def busy(planner: Planner) -> None:
    """A note every day on X, of which no advice speaks, and one of its posts made."""
    assert planner("channel", "add", "x").code == 0
    made = planner("cadence", "add", "X", "--when", "daily at 12:00", now="2026-11-02T09:00")
    assert made.code == 0, made.err
    first = next(each for each in planner("post", "list", "--json").json if each["channel"] == "X")
    assert planner("done", str(first["id"])).code == 0


def test_what_stays_is_said_before_and_after_and_may_be_made_to_fit(planner: Planner) -> None:
    busy(planner)
    shown = planner("advise", *HELPED)
    assert "minutes a week, all together" in shown.out
    assert "more than you can keep up. To come back within them:" in shown.out
    assert "X" in shown.out.split("To come back within them:")[1].splitlines()[1]
    before = planner("cadence", "list", "--json").out
    budget = planner("advise", *HELPED, "--json").json["budget"]
    assert budget["over"] == budget["taken"] - budget["usable"] > 0
    assert planner("cadence", "list", "--json").out == before, "a look keeps nothing"
    left = planner("advise", *HELPED, "--apply")
    assert "All rhythms together take" in left.out
    assert "planner advise --apply --kept fit" in left.out
    assert '"X"' in planner("cadence", "list", "--json").out
    fit = planner("advise", *HELPED, "--apply", "--kept", "fit")
    assert "Done: " in fit.out
    assert "more than you can keep up" not in fit.out.split("Done: ")[1]
    assert planner("advise", *HELPED, "--json").json["budget"]["over"] == 0


def test_what_becomes_of_it_is_asked(planner: Planner) -> None:
    busy(planner)
    given = (*HELPED[:-1], "--customers", "local", "--ages", "30-49", "--country", "DE", "--region", "BY")
    asked = planner("advise", *given, "--apply", "--json", typed="perhaps\nend\n")
    assert asked.code == 0, asked.err
    assert "What becomes of what is there?" in asked.err
    assert "“perhaps” is none of these: leave, fit, end." in asked.err
    applied = asked.json["applied"]
    assert "X" in [each["channel"] for each in applied["changed"] if each["how"] == "end"]
    assert applied["budget"]["over"] == 0


def test_the_questions_one_by_one_and_again_until_they_can_be_used(planner: Planner) -> None:
    typed = "\n".join([
        "baker", "bakery", "somewhere", "local", "30-49, 12-13", "30-49, 50-69", "Germany", "DE", "Bavaria", "BY",
        "poems", "text, image , video", "5", "150", "everybody", "team",
    ])  # fmt: skip
    answer = planner("advise", "--json", typed=typed + "\n")
    assert answer.code == 0
    assert "Where are your customers?" in answer.err, "questions stay away from JSON"
    said = answer.json["answers"]
    assert said == {
        "trade": "bakery", "customers": "local", "ages": ["30-49", "50-69"], "country": "DE", "region": "BY",
        "likes": ["text", "image", "video"], "minutes": 150, "helper": "team",
    }  # fmt: skip
    for refused in ("There is no trade “baker”", "“somewhere” is none of these: local, online, both.", "“12-13”",
                    "“poems”", "from 10 to 2400", "“everybody”"):  # fmt: skip
        assert refused in answer.err


def test_what_was_given_is_not_asked(planner: Planner) -> None:
    given = ("--trade", "bakery", "--customers", "both", "--ages", "70+", "--country", "AT", "--region", "9", "--likes",
             "text", "--minutes", "60", "--helper", "alone")  # fmt: skip
    answer = planner("advise", *given, typed="")
    assert (answer.code, answer.err) == (0, "")


def test_another_country_has_other_regions(planner: Planner) -> None:
    assert planner("advise", "--yes", "--country", "AT", "--json").json["answers"]["region"] == ""
    refused = planner("advise", "--yes", "--country", "AT", "--region", "BY")
    assert refused.code == 2
    assert "AT BY" in refused.err


def test_where_nothing_is_set_up_yet(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "none"), "--now", "2026-11-30T08:00")
    answer = run(*home, "advise", "--yes", "--json")
    assert answer.code == 0
    assert platforms(answer)[:2] == ["gbp", "whatsapp"]
    assert not (tmp_path / "none").exists(), "a look makes nothing"
    refused = run(*home, "advise", "--yes", "--apply")
    assert refused.code != 0
    assert "planner start" in refused.err or "planner init" in refused.err


@pytest.mark.parametrize(
    ("words", "code", "refusal"),
    [
        (("--minutes", "9"), 2, "9 is not in the range"),
        (("--minutes", "2401"), 2, "2401 is not in the range"),
        (("--likes", "poem"), 2, "poem"),
        (("--trade", "baker"), 1, "There is no trade “baker”"),
        (
            ("--minutes", "10", "--customers", "online", "--likes", "video", "--apply"),
            2,
            "No channel fits into 10 minutes",
        ),
    ],
)
def test_what_cannot_be_meant(planner: Planner, words: tuple[str, ...], code: int, refusal: str) -> None:
    answer = planner("advise", "--yes", *words)
    assert answer.code == code
    assert refusal in answer.err
    assert answer.out == ""


def test_in_german(tmp_path: Path) -> None:
    answer = german("--home", str(tmp_path), "--now", "2026-11-30T08:00", "advise", *HELPED, "--country", "DE")
    assert answer.code == 0
    assert "Von 150 Minuten in der Woche dürfen 120 verplant werden; dies braucht 118." in answer.out
    assert "Was weggelassen wird" in answer.out
    assert "Publikum: 2,8 von 3" in answer.out
    in_json = german("--home", str(tmp_path), "--now", "2026-11-30T08:00", "advise", *HELPED, "--json")
    reasons = {out["platform"]: out["reason"] for out in json.loads(in_json.out)["left_out"]}
    assert reasons["xing"].startswith("Für einen kleinen Betrieb uninteressant. Es ist")
