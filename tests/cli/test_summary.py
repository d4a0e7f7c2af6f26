"""The weekly summary by command, its figures by hand.

Week 46 (9-15 November): Google on Tuesday the 10th, WhatsApp on Thursday the 12th. The Google post is made on
Wednesday, a day late, and still meets the goal; WhatsApp is missed. In week 45 all three were made on their days.
"""

from cli.program import Planner, number


def test_a_week_with_a_late_and_a_missed_post(planner: Planner) -> None:
    for channel, day in (("Google", "2026-11-03"), ("YouTube", "2026-11-04"), ("WhatsApp", "2026-11-05")):
        planner("done", number(planner, channel, day), now=f"{day}T18:00")
    planner("done", number(planner, "Google", "2026-11-10"), now="2026-11-11T18:00")
    answer = planner("summary", "--json", "--check", now="2026-11-16T08:00")
    assert answer.code == 3
    found = answer.json
    assert (found["week"], found["streak"]) == ("2026-W46", 0)
    google, whatsapp, youtube = found["channels"]
    names = ("goal", "planned", "posted", "late", "missed", "skipped", "open", "met", "streak")
    assert [google[name] for name in names] == [1, 1, 1, 1, 0, 0, 0, True, 2]
    assert [whatsapp[name] for name in names] == [1, 1, 0, 0, 1, 0, 0, False, 0]
    assert [youtube[name] for name in names] == [0, 0, 0, 0, 0, 0, 0, None, 1]
    assert [google["before"]["posted"], whatsapp["before"]["met"]] == [1, True]
    assert [post["due"][:10] for post in found["missed"]] == ["2026-11-12"]
    words = planner("summary", now="2026-11-16T08:00").out
    missed = number(planner, "WhatsApp", "2026-11-12")
    for command in (f"planner done {missed}", f"planner post move {missed}", f"planner post skip {missed}"):
        assert command in words


def test_check_is_content_with_a_week_nothing_was_missed_in(planner: Planner) -> None:
    answer = planner("summary", "--week", "2026-W44", "--check")
    assert (answer.code, "Nothing was planned that week." in answer.out) == (0, True)


def test_a_pause_takes_the_goal_away(planner: Planner) -> None:
    assert planner("channel", "pause", "WhatsApp", "--from", "2026-11-12", "--to", "2026-11-12").code == 0
    planner("done", number(planner, "Google", "2026-11-10"), now="2026-11-10T18:00")
    answer = planner("summary", "--json", "--check", now="2026-11-16T08:00")
    assert (answer.code, answer.json["streak"]) == (0, 1)


def test_a_week_that_is_not_over_is_not_judged(planner: Planner) -> None:
    for channel, day in (("Google", "2026-11-03"), ("YouTube", "2026-11-04"), ("WhatsApp", "2026-11-05")):
        planner("done", number(planner, channel, day), now=f"{day}T18:00")
    for week in ("2026-W46", "2026-W53"):
        words = planner("summary", "--week", week, now="2026-11-09T08:00").out
        assert "The week is not over yet." in words, week
        assert "✗" not in words
        assert "Well done" not in words
    coming = planner("summary", "--week", "2026-W53", "--json", "--check", now="2026-11-30T08:00")
    assert (coming.code, coming.json["missed"]) == (0, [])


def test_a_week_whose_posts_were_all_skipped_is_not_praised(planner: Planner) -> None:
    for channel, day in (("Google", "2026-11-10"), ("WhatsApp", "2026-11-12")):
        planner("post", "skip", number(planner, channel, day))
    for channel, day in (("Google", "2026-11-03"), ("YouTube", "2026-11-04"), ("WhatsApp", "2026-11-05")):
        planner("done", number(planner, channel, day), now=f"{day}T18:00")
    words = planner("summary", now="2026-11-16T08:00").out
    assert "Nothing is left to decide." in words
    assert "Well done" not in words
