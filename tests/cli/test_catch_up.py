"""Catching up by command: what it says, what it types for you, and rhythms taken and declined."""

from cli.program import Planner, number

MONDAY = "2026-11-23T08:00"  # three weeks in which nobody did anything


def test_advice_with_the_command_for_it(planner: Planner) -> None:
    answer = planner("catch-up", now="2026-11-16T08:00")
    assert answer.code == 0
    whatsapp = number(planner, "WhatsApp", "2026-11-12")
    assert f"planner post skip {number(planner, 'Google', '2026-11-03')}" in answer.out
    assert "Drop it: two old posts at a time are enough." in answer.out
    lines = answer.out.split(f"#{whatsapp} ")[1].splitlines()
    assert lines[1].strip() == "Post it now; it still makes sense."
    assert lines[2].strip() == f"planner done {whatsapp}"


def test_the_command_for_a_move_works(planner: Planner) -> None:
    found = planner("catch-up", "--json", now="2026-11-16T08:00").json
    (moved,) = [each for each in found["posts"] if each["advice"] == "move"]
    assert planner("post", "move", str(moved["id"]), moved["to"], now="2026-11-16T08:00").code == 0
    after = planner("post", "show", str(moved["id"]), "--json", now="2026-11-16T08:00").json
    assert after["due"][:10] == moved["to"]


def test_apply_leaves_at_most_two(planner: Planner) -> None:
    before = planner("catch-up", "--json", now=MONDAY).json["posts"]
    assert sum(each["advice"] != "drop" for each in before) <= 2
    answer = planner("catch-up", "--apply", now=MONDAY)
    assert (answer.code, "Moved and dropped as advised." in answer.out) == (0, True)
    after = planner("catch-up", "--json", now=MONDAY).json["posts"]
    assert [each["id"] for each in after] == [each["id"] for each in before if each["advice"] == "post"]


def test_a_rhythm_is_taken(planner: Planner) -> None:
    google = "Google Business Profile"
    (offer,) = [each for each in planner("catch-up", "--json", now=MONDAY).json["rhythms"] if each["channel"] == google]
    assert (offer["size"], offer["weeks"], offer["rrule"]) == ("smaller", 3, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    assert f'planner catch-up --take "{google}"' in planner("summary", now=MONDAY).out
    answer = planner("catch-up", "--take", google, now=MONDAY)
    assert answer.out.strip() == f"{google} has another rhythm from Tue 24 Nov on: every 2 weeks on Tuesday."
    rules = [each["rrule"] for each in planner("cadence", "list", "--json", now="2026-11-24T08:00").json]
    assert offer["rrule"] in rules
    again = planner("catch-up", "--take", google, now=MONDAY)
    assert (again.code, "Nothing is offered" in again.err) == (2, True)


def test_a_rhythm_is_declined(planner: Planner) -> None:
    answer = planner("catch-up", "--decline", "WhatsApp", now=MONDAY)
    assert answer.out.strip() == "WhatsApp stays as it is."
    assert "WhatsApp" not in [each["channel"] for each in planner("catch-up", "--json", now=MONDAY).json["rhythms"]]


def test_one_thing_at_a_time(planner: Planner) -> None:
    assert planner("catch-up", "--apply", "--take", "WhatsApp").code == 2


def test_nothing_to_catch_up(planner: Planner) -> None:
    assert "Nothing has slipped in the last four weeks." in planner("catch-up").out


def test_the_summary_says_the_same(planner: Planner) -> None:
    found = planner("summary", "--json", now="2026-11-16T08:00").json
    advice = {
        each["id"]: each["advice"] for each in planner("catch-up", "--json", now="2026-11-16T08:00").json["posts"]
    }
    assert {each["id"]: each["advice"] for each in found["missed"]} == advice
    assert found["mix"]["month"] == "2026-11"


def test_a_pause_is_told(planner: Planner) -> None:
    answer = planner("pause", "add", "--from", "2026-12-24", "--to", "2027-01-06")
    assert "planner pause tell 1 CHANNEL" in answer.out
    told = planner("pause", "tell", "1", "WhatsApp")
    assert (told.code, "Wed 23 Dec" in told.out, "Thu 7 Jan" in told.out) == (0, True, True)
    assert "Nothing was added" in planner("pause", "tell", "1", "WhatsApp").out


def test_a_month_that_tips_over(planner: Planner) -> None:
    assert "advertising" not in planner("month", "2026-11").out
    for channel, day in (("Google", "2026-11-03"), ("WhatsApp", "2026-11-05"), ("Google", "2026-11-10")):
        assert planner("post", "edit", number(planner, channel, day), "--pillar", "offer").code == 0
    assert "Much advertising: 3 of 9 posts in November." in planner("month", "2026-11").out


def test_a_cadence_gives_way_to_holidays(planner: Planner) -> None:
    preview = (
        "cadence",
        "preview",
        "--when",
        "every Friday at 9:00",
        "--start",
        "2026-12-18",
        "--limit",
        "3",
        "--json",
    )
    bavaria = ("--country", "DE", "--region", "BY")
    dates = {
        way: [each["local"][5:10] for each in planner(*preview, "--on-holiday", way, *bavaria).json]
        for way in ("keep", "before", "after", "skip")
    }
    assert dates == {
        "keep": ["12-18", "12-25", "01-01"],
        "before": ["12-18", "12-24", "12-31"],
        "after": ["12-18", "12-27", "01-02"],
        "skip": ["12-18", "01-08", "01-15"],
    }
    made = ("cadence", "add", "WhatsApp", "--when", "every Friday at 9:00", "--start", "2026-12-18")
    assert planner(*made, "--on-holiday", "before").code == 0
    listed = planner("cadence", "list", "--json").json
    assert listed[-1]["on_holiday"] == "before"
    assert "the day before" in planner("cadence", "list").out
    assert planner("cadence", "preview", "--when", "daily at 9:00", "--country", "XX").code == 2


def test_without_a_country_it_says_what_is_missing(planner: Planner) -> None:
    planner("business", "set", "--country", "", "--region", "")
    made = planner("cadence", "add", "WhatsApp", "--when", "every Friday at 9:00", "--on-holiday", "skip")
    assert "planner business set --country DE" in made.out
