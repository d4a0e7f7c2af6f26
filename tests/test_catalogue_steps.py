"""The file of a video's steps: ours can be used, and what is wrong in one is said with its line."""

from pathlib import Path

import pytest

from planner.catalogue.steps import read_steps, video
from planner.errors import Problems
from planner.language import LANGUAGES

GOOD = """platforms = ["youtube"]

[[step]]
key = "film"
name = { en = "Film", de = "Drehen" }
hint = { en = "By daylight.", de = "Bei Tageslicht." }
days = 7

[[step]]
key = "publish"
name = { en = "Publish", de = "Veröffentlichen" }
hint = { en = "Upload it.", de = "Hochladen." }
days = 0
"""


def test_the_steps_that_come_with_the_program() -> None:
    steps = video().steps
    assert [step.key for step in steps] == ["idea", "script", "film", "edit", "thumbnail", "publish"]
    assert [step.days for step in steps] == sorted((step.days for step in steps), reverse=True)
    assert "youtube" in video().platforms
    for step in steps:
        assert set(step.names) == set(step.hints) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ('["youtube"]', '["youtub"]', "line 1: “youtub” is no platform"),
        ('platforms = ["youtube"]', "", ""),
        ("days = 7", "days = -1", "line 7: “days” must be 0 or more"),
        ("days = 7", "days = 91", "line 7: “days” must be 90 or less"),
        ("days = 7", 'days = "7"', "line 7: “days” must be a whole number"),
        ("days = 0", "days = 8", "line 13: a step cannot be due before the one above it"),
        ("days = 0", "days = 1", "the last is the post itself"),
        ('key = "publish"', 'key = "film"', "line 10: “film” is there twice"),
        ('key = "film"', 'key = "film it, now"', "line 4: “key” must be a word"),
        (', de = "Drehen"', "", "line 5: “name” lacks a text for de"),
        ("hint = { en = \"Upload it.\", de = \"Hochladen.\" }\n", "", "“hint” is missing"),
        ("days = 7", "days = 7\nday = 3", "line 8: “day” is not known; did you mean “days”?"),
        (GOOD, 'platforms = ["youtube"]', "two steps at least"),
    ],
)  # fmt: skip
def test_what_can_be_wrong_in_one(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "video.toml"
    file.write_text(GOOD.replace(old, new, 1) if old else GOOD, encoding="utf-8")
    if not said:
        assert [step.key for step in read_steps(file).steps] == ["film", "publish"]
        return
    with pytest.raises(Problems) as caught:
        read_steps(file)
    assert said in str(caught.value)
