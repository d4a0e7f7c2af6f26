"""Channels by command: another name."""

from cli.program import Planner


def test_another_name(planner: Planner) -> None:
    def names() -> list[str]:
        return [each["name"] for each in planner("channel", "list", "--json").json]

    before = names()
    answer = planner("channel", "rename", before[0], "Shop in the High Street")
    assert (answer.code, answer.out) == (0, "Channel 1 is called Shop in the High Street now.\n")
    assert names() == ["Shop in the High Street", *before[1:]]
    for wrong, words in ((before[1].upper(), "already a channel"), (" ", "needs a name"), ("a\nb", "one line")):
        answer = planner("channel", "rename", "1", wrong)
        assert (answer.code, words in answer.err) == (2, True), answer.err
    assert planner("channel", "rename", "nowhere", "X").code != 0
    assert names() == ["Shop in the High Street", *before[1:]]
