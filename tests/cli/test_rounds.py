"""Answering reviews and messages by command: begun, seen, ticked off, and summed up beside the goal."""

from cli.program import Planner, german

MONDAY = "2026-11-02T09:00"


def begin(planner: Planner, *words: str) -> str:
    made = planner("cadence", "add", "Google Business Profile", "--reply", *words, now=MONDAY)
    assert made.code == 0, made.err
    return made.out


def rounds(planner: Planner, now: str) -> list[dict[str, str]]:
    return [each for each in planner("today", "--json", now=now).json if each["purpose"] == "replying"]


def test_begun_as_the_platform_suggests(planner: Planner) -> None:
    said = begin(planner)
    assert "42 rounds of answering are planned." in said, "fourteen weeks of three"
    assert "20 % of those who write a review expect an answer within a day (BrightLocal, 2020, US)" in said
    made = planner("cadence", "list", "--json").json[-1]
    assert (made["purpose"], made["rrule"], made["start"]) == (
        "replying", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-02T17:00",
    )  # fmt: skip
    assert made["pillars"] == []
    assert "answers" in planner("cadence", "list").out


def test_begun_by_words(planner: Planner) -> None:
    begin(planner, "--when", "every Tuesday at 18:00")
    assert [each["due"] for each in rounds(planner, "2026-11-03T09:00")] == ["2026-11-03T18:00+01:00"]


def test_where_nothing_is_suggested_a_rule_is_asked_for(planner: Planner) -> None:
    answer = planner("cadence", "add", "YouTube", "--reply")
    assert answer.code == 2
    assert "--when" in answer.err


def test_topics_are_refused(planner: Planner) -> None:
    answer = planner("cadence", "add", "WhatsApp", "--reply", "--pillar", "tip")
    assert (answer.code, answer.out) == (2, "")
    assert "no topics" in answer.err


def test_seen_ticked_off_and_summed_up(planner: Planner) -> None:
    begin(planner)
    (today,) = rounds(planner, "2026-11-02T10:00")
    assert (today["title"], today["pillar"], today["standing"]) == ("Answer reviews and messages", None, "due")
    shown = planner("today", now="2026-11-02T10:00").out
    assert "Reviews and messages" in shown
    done = planner("done", str(today["id"]), now="2026-11-02T17:30")
    assert done.out == "Done: Answer reviews and messages\n"
    assert planner("done", str(today["id"]), "--link", "https://example.org").code == 2
    assert planner("post", "edit", str(today["id"]), "--title", "x").code == 2
    after = planner("today", now="2026-11-06T09:00").out
    assert "Google Business Profile: the last time, Wed 4 Nov, was not ticked off." in after
    found = planner("summary", "--week", "2026-W45", "--json", now="2026-11-09T09:00").json
    (line,) = [each for each in found["channels"] if each["channel"] == "Google Business Profile"]
    assert (line["answered"], line["goal"]) == ({"rounds": 3, "done": 1}, 1)
    assert not [each for each in found["missed"] if each["purpose"] == "replying"]
    assert (
        "reviews and messages answered 1 of 3 times."
        in planner("summary", "--week", "2026-W45", now="2026-11-09T09:00").out
    )
    week = planner("week", "2026-W45", now="2026-11-09T09:00").out
    assert "– not ticked off" in week
    assert "✓ done" in week


def test_tomorrow_lets_it_go_where_another_stands_for_it(planner: Planner) -> None:
    begin(planner, "--when", "daily at 17:00")
    (today,) = rounds(planner, "2026-11-02T10:00")
    moved = planner("post", "move", str(today["id"]), "tomorrow", now="2026-11-02T18:00")
    assert (moved.code, moved.out) == (0, "Let go: the next time stands for it.\n")
    assert len(rounds(planner, "2026-11-03T10:00")) == 1


def test_shown_alone_it_has_its_reason(planner: Planner) -> None:
    begin(planner)
    (today,) = rounds(planner, "2026-11-02T10:00")
    assert "BrightLocal, 2020, US" in planner("post", "show", str(today["id"])).out


def test_the_platform_says_how_soon_an_answer_is_expected() -> None:
    answer = german("platform", "show", "gbp")
    assert "Wie schnell eine Antwort erwartet wird" in answer.out
    assert "Antwortrunden: 3 in der Woche, je 5 Min." in " ".join(answer.out.split())
