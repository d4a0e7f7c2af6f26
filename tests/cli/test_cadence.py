"""Cadences by command: the preview, which needs nothing, and the ones that plan."""

import json
from pathlib import Path

import pytest

from cli.program import Planner, run

# rule, start, zone, from, to, and the dates by hand: what the wall clock shows and the instant.
PREVIEWS = {
    "a Tuesday and the Tuesday after": (
        "FREQ=WEEKLY;BYDAY=TU", "2026-12-01T09:00", "Europe/Berlin", "2026-12-01", "2026-12-15",
        [("2026-12-01T09:00:00", "2026-12-01T08:00:00Z"), ("2026-12-08T09:00:00", "2026-12-08T08:00:00Z")],
    ),
    "the end does not belong to it": (
        "FREQ=DAILY", "2026-12-01T09:00", "Europe/Berlin", "2026-12-01T09:00", "2026-12-02T09:00",
        [("2026-12-01T09:00:00", "2026-12-01T08:00:00Z")],
    ),
    "nine o'clock stays nine o'clock over the change of 25 October": (
        "FREQ=DAILY", "2026-10-24T09:00", "Europe/Berlin", "2026-10-24", "2026-10-26",
        [("2026-10-24T09:00:00", "2026-10-24T07:00:00Z"), ("2026-10-25T09:00:00", "2026-10-25T08:00:00Z")],
    ),
    "half past two does not exist on 28 March and becomes half past three": (
        "FREQ=DAILY", "2027-03-27T02:30", "Europe/Berlin", "2027-03-27", "2027-03-30",
        [("2027-03-27T02:30:00", "2027-03-27T01:30:00Z"), ("2027-03-28T03:30:00", "2027-03-28T01:30:00Z"),
         ("2027-03-29T02:30:00", "2027-03-29T00:30:00Z")],
    ),
    "half past two exists twice on 25 October, the first is taken": (
        "FREQ=DAILY", "2026-10-25T02:30", "Europe/Berlin", "2026-10-25", "2026-10-26",
        [("2026-10-25T02:30:00", "2026-10-25T00:30:00Z")],
    ),
    "every Monday and the third Thursday": (
        "FREQ=MONTHLY;BYDAY=MO,3TH", "2026-12-01T09:00", "America/New_York", "2026-12-14", "2026-12-22",
        [("2026-12-14T09:00:00", "2026-12-14T14:00:00Z"), ("2026-12-17T09:00:00", "2026-12-17T14:00:00Z"),
         ("2026-12-21T09:00:00", "2026-12-21T14:00:00Z")],
    ),
    "nothing before it begins": ("FREQ=DAILY", "2026-12-01T09:00", "UTC", "2026-11-01", "2026-12-01", []),
}  # fmt: skip


@pytest.mark.parametrize("name", PREVIEWS)
def test_preview(name: str, tmp_path: Path) -> None:
    rule, start, zone, first, after, dates = PREVIEWS[name]
    answer = run(
        "--home", str(tmp_path / "none"), "cadence", "preview", "--rrule", rule, "--start", start,
        "--timezone", zone, "--from", first, "--to", after, "--json",
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    assert answer.json == [{"local": local, "utc": utc} for local, utc in dates]
    assert not (tmp_path / "none").exists()


def preview(*words: str) -> list[str]:
    answer = run("cadence", "preview", "--rrule", "FREQ=DAILY", "--start", "2026-12-01T09:00", *words, "--json")
    assert answer.code == 0, answer.err
    return [each["local"][:10] for each in answer.json]


def test_preview_leaves_days_out_before_it_counts_to_the_limit() -> None:
    assert preview("--exdate", "2026-12-02", "--limit", "2") == ["2026-12-01", "2026-12-03"]


def test_preview_without_an_end_gives_a_year() -> None:
    assert (preview()[0], preview()[-1]) == ("2026-12-01", "2027-12-01")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--timezone", "Mars/Base"), "not a time zone"),
        (("--start", "2026-02-30T09:00"), "2026-02-30T09:00"),
        (("--start", "2026-12-01T09:00+01:00"), "no date and time"),
        (("--from", "yesterday"), "yesterday"),
        (("--from", "2027-01-01", "--to", "2026-01-01"), "Swap the two"),
        (("--exdate", "2026-13-01"), "2026-13-01"),
        (("--limit", "0"), "--limit"),
        (("--rrule", "FREQ=HOURLY"), "FREQ=DAILY"),
        (("--rrule", "FREQ=DAILY;INTERVAL=0"), "INTERVAL"),
        (("--rrule", "FREQ=DAILY;COUNT=3;UNTIL=20270101"), "UNTIL"),
        (("--rrule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "five years"),
        (("--rrule", "FREQ=WEEKLY;BYHOUR=9"), "BYHOUR"),
        (("--rrule", ""), "rule"),
        (("--rrule", "x" * 5000), "rule"),
        (("--start", "9999-12-31T09:00"), "9999"),
    ],
)
def test_preview_refuses_in_one_sentence(words: tuple[str, ...], part: str) -> None:
    given = {"--rrule": "FREQ=DAILY", "--start": "2026-12-01T09:00"} | dict(zip(words[::2], words[1::2], strict=True))
    answer = run("cadence", "preview", "--json", *(word for pair in given.items() for word in pair))
    assert (answer.code, answer.out) == (2, "")
    assert part in answer.err
    assert answer.err.count("\n") == 1
    assert len(answer.err) < 400


def test_everyday_words_in_the_place_of_a_rule() -> None:
    words = ("cadence", "preview", "--when", "jeden Montag um 7:30", "--limit", "2", "--json")
    answer = run(*words, "--start", "2026-12-01")
    assert [each["local"] for each in answer.json] == ["2026-12-07T07:30:00", "2026-12-14T07:30:00"]
    assert run("--now", "2026-12-01T09:00", *words).json == answer.json
    answer = run("cadence", "preview", "--when", "fridays", "--start", "2026-12-01T06:15", "--limit", "1", "--json")
    assert answer.json[0]["local"] == "2026-12-04T06:15:00"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--when", "every second Tuesday at 9:00"), "FREQ=MONTHLY;BYDAY=2TU (on the second Tuesday of the month)"),
        (("--when", "now and then at 9:00"), "“now”"),
        (("--when", "every Tuesday"), "--start"),
        (("--rrule", "FREQ=DAILY"), "--start"),
        (("--when", "daily at 9:00", "--rrule", "FREQ=DAILY"), "--rrule"),
        ((), "--when"),
    ],
)
def test_words_that_do_not_say_enough(words: tuple[str, ...], part: str) -> None:
    answer = run("cadence", "preview", *words)
    assert (answer.code, answer.out) == (2, "")
    assert part in answer.err


def test_adding_by_words(planner: Planner) -> None:
    made = planner("cadence", "add", "WhatsApp", "--when", "samstags um 10", now="2026-11-02T09:00")
    assert made.code == 0, made.err
    assert saturdays(planner)[:2] == ["2026-11-07", "2026-11-14"]


def test_what_its_posts_are_made_of(planner: Planner) -> None:
    made = planner(
        "cadence", "add", "WhatsApp", "--when", "samstags um 10", "--content", "video", now="2026-11-02T09:00"
    )
    assert made.code == 0, made.err
    [mine] = [each for each in planner("cadence", "list", "--json").json if each["content"]]
    assert (mine["content"], mine["rrule"]) == ("video", "FREQ=WEEKLY;BYDAY=SA")
    assert "posts (video)" in planner("cadence", "list").out
    refused = planner("cadence", "add", "WhatsApp", "--reply", "--when", "sonntags um 10", "--content", "video")
    assert (refused.code, refused.out) == (2, "")
    assert "no kind of content" in refused.err
    assert planner("cadence", "add", "WhatsApp", "--when", "sonntags um 10", "--content", "film").code == 2


def test_adding_plans_and_ending_takes_back_what_nobody_touched(planner: Planner) -> None:
    made = planner("cadence", "add", "WhatsApp", "--rrule", "FREQ=WEEKLY;BYDAY=SA", "--start", "2026-11-07T10:00",
                   "--pillar", "tip", "--exdate", "2026-11-14")  # fmt: skip
    assert made.code == 0, made.err
    listed = planner("cadence", "list", "--json").json
    [mine] = [each for each in listed if each["rrule"] == "FREQ=WEEKLY;BYDAY=SA"]
    assert (mine["channel"], mine["start"], mine["pillars"]) == ("WhatsApp", "2026-11-07T10:00", ["tip"])
    assert saturdays(planner)[:3] == ["2026-11-07", "2026-11-21", "2026-11-28"]
    assert planner("cadence", "end", str(mine["id"]), "--on", "2026-11-21").code == 0
    assert saturdays(planner) == ["2026-11-07"]
    assert mine["id"] in [each["id"] for each in planner("cadence", "list", "--all", "--json").json]
    assert mine["id"] not in [
        each["id"] for each in json.loads(planner("cadence", "list", "--json", now="2026-11-21T11:00").out)
    ]


def test_single_days_are_left_out_and_taken_in_again(planner: Planner) -> None:
    made = planner("cadence", "add", "WhatsApp", "--when", "samstags um 10", now="2026-11-02T09:00")
    assert made.code == 0, made.err
    number = str(planner("cadence", "list", "--json").json[-1]["id"])
    assert planner("cadence", "leave-out", number, "2026-11-14").code == 0
    assert saturdays(planner)[:3] == ["2026-11-07", "2026-11-21", "2026-11-28"]
    assert planner("cadence", "list", "--json").json[-1]["exdates"] == ["2026-11-14"]
    for day, words in (("2026-11-15", "no date on 15 November 2026"), ("2026-10-31", "31 October 2026 is over")):
        answer = planner("cadence", "leave-out", number, day)
        assert (answer.code, words in answer.err) == (2, True), answer.err
    assert planner("cadence", "take-in", number, "2026-11-14").code == 0
    assert saturdays(planner)[:3] == ["2026-11-07", "2026-11-14", "2026-11-21"]


def saturdays(planner: Planner) -> list[str]:
    found = planner("post", "list", "--channel", "WhatsApp", "--to", "2027-12-31", "--json").json
    return [post["due"][:10] for post in found if "T10:00" in post["due"]]
