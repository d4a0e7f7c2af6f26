"""Ideas by command, and the notes and the kind of content of a post."""

from cli.program import Planner, number


def test_ideas_are_added_listed_and_removed(planner: Planner) -> None:
    assert planner("idea", "list").out == "No idea is waiting.\n"
    added = planner(
        "idea", "add", "Stollen", "--text", "-", "--pillar", "season", "--channel", "whatsapp", typed="Ab heute\n"
    )
    assert (added.code, added.out) == (0, "Idea 1 is written down: Stollen\n")
    planner("idea", "add", "[bold]Brot?")
    assert planner("idea", "list", "--json").json == [
        {"id": 2, "pillar": "question", "channel": None, "title": "[bold]Brot?", "text": ""},
        {"id": 1, "pillar": "season", "channel": "WhatsApp", "title": "Stollen", "text": "Ab heute"},
    ]
    assert "[bold]Brot?" in planner("idea", "list").out
    assert planner("idea", "remove", "1").out == "The idea is gone: Stollen\n"
    assert planner("idea", "remove", "1").code == 1
    assert [each["id"] for each in planner("idea", "list", "--json").json] == [2]


def test_ideas_that_are_none(planner: Planner) -> None:
    assert planner("idea", "add", " ").code == 2
    assert "at most 200" in planner("idea", "add", "x" * 201).err
    assert planner("idea", "add", "x", "--channel", "nowhere").code == 1


def test_notes_and_content_of_a_post(planner: Planner) -> None:
    post = number(planner, "Google", "2026-11-03")
    typed = "Licht von links\nund Mehl\n"
    edited = planner("post", "edit", post, "--content", "photo", "--notes", "-", typed=typed)
    assert (edited.code, edited.err) == (0, "")
    shown = planner("post", "show", post, "--json").json
    assert (shown["content"], shown["notes"], shown["checklist"]) == ("photo", "Licht von links\nund Mehl", [])
    assert "Licht von links\nund Mehl" in planner("post", "show", post).out
    planner("post", "edit", post, "--content", "none")
    assert planner("post", "show", post, "--json").json["content"] == ""
    assert planner("post", "edit", post, "--content", "smell").code == 2
