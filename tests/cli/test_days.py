"""Days that come up, in the terminal."""

from cli.program import Planner


def test_days_that_come_up_and_when_to_begin(planner: Planner) -> None:
    answer = planner("days", "--weeks", "4", now="2026-11-18T08:00")
    lines = answer.out.splitlines()
    assert [line for line in lines if "First Sunday of Advent" in line and " now " in line]
    assert [line for line in lines if "Second Sunday of Advent" in line and "Thu 26 Nov" in line]
    assert "Father" not in answer.out
    assert planner("days", "--weeks", "1", now="2026-08-12T08:00").out == "No such day is coming up.\n"


def test_a_trade_has_days_of_its_own(planner: Planner) -> None:
    before = {each["day"] for each in planner("days", "--json", now="2027-04-27T08:00").json}
    assert planner("business", "set", "--trade", "bakery").code == 0
    there = {each["day"]: each for each in planner("days", "--json", now="2027-04-27T08:00").json}
    assert there.keys() - before == {"german-bread-day", "mill-day"}
    assert {name: there["mothers-day"][name] for name in ("date", "begin", "is_time", "has_idea")} == {
        "date": "2027-05-09", "begin": "2027-04-18", "is_time": True, "has_idea": False,
    }  # fmt: skip
