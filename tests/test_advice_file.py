"""The adviser's file with something wrong in it: all of it is said at once, each at its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner import resources
from planner.catalogue.advising import read_advising
from planner.errors import Problems
from planner.language import translations

GOOD = (resources.folder("schedules") / "advice.toml").read_text("utf-8")


def problems(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    """Line and sentence of everything wrong; each sentence has a German one."""
    file = tmp_path / "advice.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(Problems) as caught:
        read_advising(file)
    german = translations("de").gettext
    for error in caught.value.errors:
        assert error.sentence(german) != error.sentence()
    said = [error.sentence().removeprefix("advice.toml, line ").partition(": ") for error in caught.value.errors]
    return [(int(line), sentence) for line, _colon, sentence in said]


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_one_that_comes_along_is_good() -> None:
    found = read_advising(resources.folder("schedules") / "advice.toml")
    assert found.rules.budget == 80, "never more than four fifths of the minutes"
    assert all(fit.why.keys() == {"en", "de"} for fit in found.rules.fits.values())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("budget = 80 ", "budget = 101 ", "“budget” must be a share in percent, 100 at most."),
        ("budget = 80 ", "budget = -1 ", "“budget” must be 0 or more."),
        ("between = 50", 'between = "half"', "“between” must be a whole number."),
        ("day = [10, 30, 50]", "day = [30, 10, 50]", "“day” must be three whole numbers that rise."),
        ("day = [10, 30, 50]", "day = [10, 30]", "“day” must be three whole numbers that rise."),
        ("day = [10, 30, 50]", "day = [10, 30, true]", "“day” must be three whole numbers that rise."),
        ("core = 2", "core = -2", "“core” must be 0 or more."),
        ('key = "alone"\nextra = 1', 'key = "alone"\nextra = 3', "“extra” must be 2 at most."),
        ('brings = ["image"]', 'brings = ["poem"]', "“brings” cannot be “poem”; there are: text, image, video, audio."),
        ('even = "text"', 'even = "song"', "“even” cannot be “song”; there are: text, image, video."),
        ('lives_on = ["video"]', 'lives_on = ["audio"]',
         "“lives_on” cannot be “audio”; there are: video, image, text."),
        ('paces = ["month", "fortnight", "week"]', 'paces = ["week", "month"]', "“paces” must rise, each once."),
        ('regular = "two_months"', 'regular = "fortnight"',
         "“regular” cannot be “fortnight”; there are: quarter, two_months, month."),
        ('time = "17:00"', 'time = "25:00"', "“25:00” is not a time; write it like 09:00."),
        ('days = ["SA", "WE"]', 'days = ["SA"]', "“days” names fewer days than the fastest pace takes."),
        ("without_figure = 3", "without_figure = 4", "“without_figure” must be 3 at most."),
        ("without_figure = 3", "without_figures = 3",
         "“without_figures” is not known; did you mean “without_figure”?"),
        ('trades = ["cafe", "restaurant"]', 'trades = ["inn"]', "“trades” cannot be “inn”; there are: bakery, beauty"),
        ('trade = "bakery"', 'trade = "baker"', "There is no trade “baker”"),
        ('platform = "instagram"\nadd = 1', 'platform = "fax"\nadd = 1', "There is no platform “fax”"),
        ("size = 1", "seize = 1", "“seize” is not known; did you mean “size”?"),
        ('countries = ["DE"]', 'countries = ["Germany"]',
         "“countries” must be a list of countries by their two letters, like DE."),
        ("add = -1", "add = 0", "“add” must be 1 to 3, or -1 to -3."),
        ('pillars = ["thanks"', 'pillars = ["gossip"', "“gossip” is no pillar"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_line(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    key = next((row for row in new.split("\n") if row not in old.split("\n")), new)
    said = problems(tmp_path, text)
    assert [line for line, words in said if words.startswith(sentence)] == [line_of(text, key)], said


@pytest.mark.parametrize(
    ("old", "sentence"),
    [
        ('[[helper]]\nkey = "team"', "“team” is missing."),
        ('[[channel]]\nkey = "nebenan"', "“nebenan” is missing."),
    ],
)
def test_what_is_missing_altogether(tmp_path: Path, old: str, sentence: str) -> None:
    start = GOOD.index(old)
    text = GOOD[:start] + GOOD[GOOD.index("[[", start + 2 + len("[[")) :]
    assert sentence in [words for _line, words in problems(tmp_path, text)]


def test_a_platform_that_is_uninteresting_cannot_be_advised(tmp_path: Path) -> None:
    text = GOOD.replace('key = "nebenan"', 'key = "xing"')
    said = [words for _line, words in problems(tmp_path, text)]
    assert "“xing” is uninteresting by its own file, and is never advised." in said


def test_weights_of_nothing(tmp_path: Path) -> None:
    text = GOOD
    for name, weight in [("size", 1), ("audience", 1), ("use", 2), ("making", 1)]:
        text = text.replace(f"\n{name} = {weight}\n", f"\n{name} = 0\n")
    assert [words for _line, words in problems(tmp_path, text)] == ["at least one of the weights must be more than 0."]


LINES = GOOD.splitlines()
VALUES = [
    "0",
    "-1",
    "true",
    '""',
    '"x"',
    "[]",
    "[1]",
    '["x"]',
    "[[]]",
    "[{}]",
    "{}",
    "{ x = 1 }",
    "1.5",
    "2026-01-01",
    '"\\u0000"',
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from([None, *VALUES])), min_size=1, max_size=4),
)
def test_any_file_is_read_or_refused_in_sentences(tmp_path: Path, changes: list[tuple[int, str | None]]) -> None:
    """Lines left out, or given another value."""
    lines: list[str] = list(LINES)
    for number, value in changes:
        name, equals, _old = lines[number].partition(" = ")
        lines[number] = f"{name} = {value}" if value and equals and not name.startswith("#") else ""
    file = tmp_path / "advice.toml"
    file.write_text("\n".join(lines), "utf-8")
    try:
        read_advising(file)
    except Problems as problems:
        assert all(error.sentence() for error in problems.errors)
