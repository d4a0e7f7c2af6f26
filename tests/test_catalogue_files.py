"""Broken files of the catalogue: all that is wrong is said at once, line by line, and with bounded work."""

import time as clock
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import catalogue, resources
from planner.catalogue.occasions import read_occasions
from planner.core.counting import Counts
from planner.errors import NoSuchPreset, PlannerError, Problems
from planner.language import translations


def preset_problems(tmp_path: Path, text: str | bytes) -> list[tuple[int, str]]:
    """Line and sentence of every problem of a preset file."""
    return _problems(tmp_path / "broken.toml", text, catalogue.read_preset)


def platform_problems(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    return _problems(tmp_path / "broken.toml", text, catalogue.read_platform)


def _problems(file: Path, text: str | bytes, read: object) -> list[tuple[int, str]]:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    assert callable(read)
    with pytest.raises(Problems) as caught:
        read(file)
    assert caught.value.exit_code == 2
    return [_said(error) for error in caught.value.errors]


def _said(error: PlannerError) -> tuple[int, str]:
    place, _, problem = error.sentence().partition(": ")
    file, _, line = place.partition(", line ")
    assert file == "broken.toml"
    return int(line), problem


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    problems = preset_problems(
        tmp_path,
        """\
titel = { en = "Salon" }  # a typo, so title is missing too

[[cadence]]
platform = "gbp"
rrule = "FREQ=WEEKLY"
time = "09:00"

[[cadence]]
# the second one is worse
platform = "fax"
rrule = "FREQ=HOURLY"
time = "25:00"
pillars = ["question", "gossip"]
colour = "red"

[[cadence]]
rrule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
time = 9
pillars = "question"
name = { fr = "Profil" }
""",
    )
    assert [line for line, _ in problems] == [1, 1, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20]
    said = dict(enumerate(sentence for _, sentence in problems))
    assert said[0] == "“titel” is not known; did you mean “title”?"
    assert said[1] == "“title” is missing."
    assert "“fax”" in said[2]
    assert "FREQ=HOURLY" in said[3]
    assert said[4] == "“25:00” is not a time; write it like 09:00."
    assert said[5].startswith("“gossip” is no pillar; there are question, tip")
    assert said[6] == "“colour” is not known."
    assert said[7] == "“platform” is missing."
    assert "no date in the next five years" in said[8]
    assert said[9] == "“time” must be text in quotes."
    assert said[10] == "“pillars” must be a list in […]."
    assert said[11] == "“name” takes a text for each of en, de, and nothing else."


CADENCE = '[[cadence]]\nplatform = "gbp"\nrrule = "FREQ=WEEKLY"\ntime = "09:00"\n'


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        pytest.param('title = { en = "A" }\n[[cadence]\n', 2, "not TOML", id="a bracket is missing"),
        pytest.param('title = { en = "A" }\n\npillars = [\n  "tip",\n', 4, "not TOML", id="it ends too soon"),
        pytest.param(b'title = { en = "\xe4" }', 1, "UTF-8", id="saved in an old encoding"),
        pytest.param("", 1, "title", id="an empty file"),
        pytest.param("a = " + "[" * 3000, 1, "not TOML", id="a thousand brackets"),
        pytest.param("a = " + "9" * 5000, 1, "not TOML", id="a number without end"),
        pytest.param("# " + "long " * 4000, 1, "File too large", id="a file without end"),
        pytest.param('title = { en = "A\\u0000" }\n' + CADENCE, 1, "a text for each", id="a NUL in the title"),
        pytest.param('title = { en = "A" }\n' + CADENCE + 'name.en = "a\\nb"\n', 6, "“name”", id="a name of two lines"),
        pytest.param('# none\ntitle = { en = "A" }\n', 1, "[[cadence]]", id="no cadence"),
        pytest.param('title = { en = "A" }\ncadence = 5\n', 2, "[[cadence]]", id="cadence is not a table"),
        pytest.param('title = "A"\n' + CADENCE, 1, "{ en = \"…\", de = \"…\" }", id="title is not a table"),
        pytest.param('title = { de = "A" }\n' + CADENCE, 1, "English", id="no English title"),
        pytest.param('title = { en = " " }\n' + CADENCE, 1, "a text for each", id="an empty title"),
        pytest.param('title = { en = "A" }\n\n[cadance]\nx = 1\n' + CADENCE, 3, "did you mean “cadence”", id="a table"),
        pytest.param('title = { en = "A" }\n' + CADENCE + '[cadence.name]\nen = 5\n', 6, "“name”", id="a table within"),
        pytest.param('title = { en = "A" }\n' + CADENCE + 'name.en = ""\n', 6, "“name”", id="a dotted key"),
        pytest.param(
            '# inline\ntitle = { en = "A" }\ncadence = [{ platform = "fax", rrule = "FREQ=DAILY", time = "09:00" }]\n',
            3, "fax", id="cadences in one line",
        ),
        pytest.param('title = { en = "A" }\n' + CADENCE + 'pillars = ["tip", "offer"]\n', 6, "one post in five",
                     id="too much advertising"),
        pytest.param('title = { en = "A" }\n' + CADENCE + 'pillars = [["tip"], 3]\n', 6, "no pillar", id="no names"),
        pytest.param('title = { en = "A" }\n' + CADENCE.replace("09:00", "9"), 5, "09:00", id="an hour is no time"),
        pytest.param('title = { en = "A" }\n' + CADENCE.replace("09:00", "09:00+02:00"), 5, "09:00", id="an offset"),
        pytest.param('title = { en = "A" }\n' + CADENCE.replace("09:00", "٠٩:٠٠"), 5, "09:00", id="other digits"),
        pytest.param('title = { en = "A" }\n' + CADENCE.replace('"gbp"', "true"), 3, "in quotes", id="no platform"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_preset_and_where(tmp_path: Path, text: str | bytes, line: int, part: str) -> None:
    problems = preset_problems(tmp_path, text)
    assert [sentence for at, sentence in problems if at == line and part in sentence], problems


def test_the_same_key_is_found_in_the_right_table(tmp_path: Path) -> None:
    broken = CADENCE.replace("09:00", "nine")
    text = 'title = { en = "A" }\n\n' + CADENCE + "\n" + broken + "\n" + CADENCE + "\n" + broken
    assert [line for line, _ in preset_problems(tmp_path, text)] == [11, 21]


PLATFORM = """\
name = { en = "Board", de = "Brett" }
core = "yes"
compose = "https://example.org/?q={txt}"
prefill = true
text_limit = 0
text_counts = "words"
title_limit = -1

[[fact]]
criterion = "looks"
"""


def test_everything_wrong_with_what_every_post_needs_of_a_platform(tmp_path: Path) -> None:
    """And nothing else: a fact without a source keeps no mail from going out."""
    assert platform_problems(tmp_path, PLATFORM) == [
        (2, "“core” must be true or false."),
        (3, "“compose” may hold {text} and {title}, not “txt”."),
        (4, "“prefill” is not known."),
        (5, "“text_limit” must be 1 or more."),
        (6, f"“text_counts” cannot be “words”; there are: {', '.join(Counts)}."),
        (7, "“title_limit” must be 1 or more."),
    ]


def test_everything_wrong_with_a_trade(tmp_path: Path) -> None:
    neutral = (resources.folder("schedules") / "trades" / "any.toml").read_text("utf-8")
    assert neutral.count("work = ") == neutral.count("winter = ") == 1
    text = neutral.replace("work = {", "works = {").replace("winter = {", "autum = {")
    text = text.replace('at once."', 'at once"')
    problems = [sentence for _line, sentence in _problems(tmp_path / "broken.toml", text, catalogue.read_trade)]
    assert sorted(problems) == sorted([
        "“autum” is not known; did you mean “autumn”?", "“winter” is missing.",
        "“advice” must be a whole sentence with a full stop at its end.",
        "“work” is missing.", "“works” is not known; did you mean “work”?",
    ])  # fmt: skip


DAY: Final = """
[[day]]
key = "a"
name = { en = "A" }
date = { month = 5, day = 1 }
lead = 7
idea = { en = "B" }
hint = { en = "C" }
text = { en = "Good morning {{ place }}. And you?" }
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        pytest.param("month = 5, day = 1", "month = 2, day = 29", 5, "every year", id="a leap day"),
        pytest.param("month = 5, day = 1", "month = 13, day = 1", 5, "every year", id="no month"),
        pytest.param("month = 5, day = 1", "month = 5", 5, "every year", id="no day"),
        pytest.param("month = 5, day = 1", "easter = 1, day = 1", 5, "every year", id="two rules"),
        pytest.param("month = 5, day = 1", 'month = 5, weekday = "SO", nth = 1', 5, "every year", id="no weekday"),
        pytest.param("month = 5, day = 1", 'month = 5, weekday = "SU", nth = 5', 5, "every year", id="the fifth"),
        pytest.param("month = 5, day = 1", 'month = 5, weekday = "SU", nth = 0', 5, "every year", id="the zeroth"),
        pytest.param("month = 5, day = 1", 'easter = "soon"', 5, "every year", id="no number"),
        pytest.param("month = 5, day = 1", "easter = 1, plus = 99999", 5, "every year", id="far away"),
        pytest.param("date = {", "dates = {", 5, "did you mean “date”", id="a typo"),
        pytest.param("lead = 7", "lead = -1", 6, "0 or more", id="begun too late"),
        pytest.param("lead = 7", 'lead = 7\npillar = "gossip"', 7, "no pillar", id="no pillar"),
        pytest.param("lead = 7", 'lead = 7\ntrades = ["chandler"]', 7, "chandler", id="no trade"),
        pytest.param("lead = 7", "lead = 7\ncountries = [1]", 7, "list of names", id="no country"),
        pytest.param("lead = 7", 'lead = 7\nregions = ["DE-BY"]', 7, "“DE-BY” is no region", id="no country for it"),
        pytest.param("lead = 7", 'lead = 7\ncountries = ["DE"]\nregions = ["BY"]', 8, "like DE-BY", id="no region"),
        pytest.param("month = 5, day = 1", "easter = 1, not_easter = 2", 5, "every year", id="not this rule"),
        pytest.param("[[day]]", "[day]", 2, "[[day]]", id="not a list"),
        pytest.param("text = {", "texts = {", 9, "did you mean “text”", id="no text"),
        pytest.param("And you?", "And you.", 9, "end with a question", id="nothing is asked"),
        pytest.param("And you?", "[name], and you?", 9, "a gap in […]", id="a gap"),
        pytest.param("{{ place }}", "{{ places }}", 9, "only these words: business, seasonal, trade", id="no word"),
        pytest.param("{{ place }}", "{{ place }", 9, "only these words", id="half a word"),
        pytest.param("{{ place }}", "{% if place %}", 9, "only these words", id="no place for a program"),
        pytest.param('{ en = "Good', '{ fr = "Good', 9, "a text for each of en, de", id="no language of ours"),
        pytest.param("Good morning {{ place }}. And you?", " ", 9, "a text for each of en, de", id="an empty text"),
    ],
)
def test_what_is_wrong_with_a_day_and_where(tmp_path: Path, old: str, new: str, line: int, part: str) -> None:
    problems = _problems(tmp_path / "broken.toml", DAY.replace(old, new), read_occasions)
    assert [sentence for at, sentence in problems if at == line and part in sentence], problems


def test_a_preset_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"gone\.toml, line 1: it cannot be read: No such file or directory"):
        catalogue.read_preset(tmp_path / "gone.toml")


def test_the_problems_are_said_in_german(tmp_path: Path) -> None:
    file = tmp_path / "kaputt.toml"
    file.write_text('title = { en = "A" }\n[[cadence]]\nplatform = 5\nrrule = "FREQ=HOURLY"\ntime = "9 Uhr"\n')
    with pytest.raises(Problems) as caught:
        catalogue.read_preset(file)
    german, english = (caught.value.sentence(translations(x).gettext).splitlines() for x in ("de", "en"))
    assert len(german) == len(english) == 4
    assert german[1].startswith("kaputt.toml, Zeile 3: ")
    said = [{line.split(": ", 1)[-1] for line in lines} for lines in (german, english)]
    assert not said[0] & said[1], "heading and every problem"


LINES = st.sampled_from([
    "[[cadence]]", "[cadence]", "[cadence.name]", "[title]", 'title = { en = "A" }', "title = 3", 'en = "B"',
    'platform = "gbp"', "platform = []", 'rrule = "FREQ=WEEKLY"', 'rrule = "FREQ=SOMETIMES"', "rrule = 1.5",
    'time = "09:00"', "time = 09:00:00", "pillars = []", 'pillars = ["tip"]', "pillars = {}", 'name = { de = "C" }',
    "pillars = [1979-05-27]", "=", '"quoted key" = 1', "# note",
])  # fmt: skip


@settings(max_examples=100)
@given(lines=st.lists(LINES, max_size=12))
def test_no_file_is_more_than_a_list_of_problems(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """Whatever the lines: a preset, or problems each at a line of the file; never another exception."""
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text("\n".join(lines))
    found: tuple[PlannerError, ...] = ()
    try:
        found = () if catalogue.read_preset(file).cadences else (NoSuchPreset(name="", known=""),)
    except Problems as problems:
        found = problems.errors
    assert all(1 <= int(str(each.values["line"])) <= max(len(lines), 1) for each in found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n".join(f"k{n} = 1" for n in range(1600)), id="nothing but typos"),
        pytest.param("a" + ".a" * 8000 + " = 1", id="a key in eight thousand parts"),
        pytest.param('title.en = "A"\n' + "[[cadence.name]]\n" * 900, id="nothing but headings"),
        pytest.param(
            'title.en = "A"\n' + '[[cadence]]\nrrule="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"\n' * 250,
            id="nothing but bombs",
        ),
    ],
)
def test_the_work_a_file_makes_has_a_bound(tmp_path: Path, text: str) -> None:
    began = clock.process_time()
    assert preset_problems(tmp_path, text)
    assert clock.process_time() - began < 3


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f'title.en = """{text}"""'.encode()))
def test_no_bytes_are_more_than_a_list_of_problems(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.toml"
    file.write_bytes(data)
    for read in (catalogue.read_preset, catalogue.read_platform, catalogue.read_trade, read_occasions):
        with pytest.raises(Problems):
            read(file)
