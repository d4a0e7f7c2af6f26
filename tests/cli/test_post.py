"""Single posts by command, and what twice means."""

import pytest

from cli.program import Planner, number


def shown(planner: Planner, post: str) -> dict[str, str]:
    found: dict[str, str] = planner("post", "show", post, "--json").json
    return found


def test_done_twice_is_done_once(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    assert planner("done", post, "--link", "https://example.org/p").out.startswith("Done: ")
    assert planner("done", post).out.startswith("It was done already: ")
    assert (shown(planner, post)["status"], shown(planner, post)["link"]) == ("posted", "https://example.org/p")


def test_several_done_at_once_are_all_done_or_none(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    assert planner("done", post, "4711").code == 1
    assert shown(planner, post)["status"] == "planned"


def test_done_at_a_time_on_the_wall_counts_for_that_week(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    assert planner("done", post, "--at", "2026-11-03T09:30", now="2026-11-20T08:00").code == 0
    week = planner("summary", "--week", "2026-W45", "--json", now="2026-11-20T08:00").json
    assert [line["posted"] for line in week["channels"] if line["platform"] == "gbp"] == [1]


def test_done_in_the_future_is_refused(planner: Planner) -> None:
    answer = planner("done", number(planner, "Google", "2026-11-03"), "--at", "2026-11-03T08:01")
    assert (answer.code, answer.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("to", "due"),
    [
        ("tomorrow", "2026-11-04T09:00+01:00"),
        ("2026-11-06", "2026-11-06T09:00+01:00"),
        ("2026-11-06T14:15", "2026-11-06T14:15+01:00"),
        ("2027-03-28T02:30", "2027-03-28T03:30+02:00"),  # the clocks jump from two to three
        ("2027-10-31T02:30", "2027-10-31T02:30+02:00"),  # twice that night; the first is meant
    ],
)
def test_moving(planner: Planner, to: str, due: str) -> None:
    post = number(planner, "Google", "2026-11-03")
    assert planner("post", "move", post, to).out.startswith("Now due ")
    assert shown(planner, post)["due"] == due


def test_skip_and_reopen(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    planner("post", "skip", post, "--reason", "stocktaking")
    assert (shown(planner, post)["standing"], shown(planner, post)["skip_reason"]) == ("skipped", "stocktaking")
    assert planner("post", "skip", post).out.startswith("It was skipped already: ")
    planner("post", "reopen", post)
    assert shown(planner, post)["standing"] == "due"
    assert planner("post", "reopen", post).out.startswith("It is open already: ")


def test_a_post_already_out_is_not_skipped(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    planner("done", post)
    assert planner("post", "skip", post).code == 2
    assert shown(planner, post)["status"] == "posted"


def test_editing_a_text_from_standard_input(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    assert planner("post", "edit", post, "--title", "Rye", "--text", "-", typed="Two\nlines\n").code == 0
    assert (shown(planner, post)["title"], shown(planner, post)["text"]) == ("Rye", "Two\nlines")
    assert planner("post", "edit", post, "--title", "Rye").out == "Nothing to change: Rye\n"


def test_a_post_of_its_own(planner: Planner) -> None:
    made = planner("post", "add", "WhatsApp", "2026-11-07T10:00", "--title", "Open day", "--json").json
    assert (made["due"], made["platform"], made["standing"]) == ("2026-11-07T10:00+01:00", "whatsapp", "upcoming")
    assert "Open day" in planner("week").out
    listed = planner("post", "list", "--channel", "WhatsApp", "--to", "2026-11-08", "--json").json
    assert [post["due"][:10] for post in listed] == ["2026-11-05", "2026-11-07"]


def test_a_text_of_several_lines_keeps_its_lines_and_nothing_that_moves_a_terminal(planner: Planner) -> None:
    typed = "one\r\ntwo\x1b[2J\x00\u202eexe.gnp\u2028three\n"
    made = planner("post", "add", "Google Business Profile", "2026-11-05T09:00", "--title", "Bread", "--text", "-",
                   "--json", typed=typed)  # fmt: skip
    assert planner("post", "show", str(made.json["id"]), "--json").json["text"] == "one\ntwo[2Jexe.gnp\nthree"
