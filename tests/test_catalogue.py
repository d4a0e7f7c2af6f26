"""The catalogue: what it holds can be used, and a broken file says everything wrong with it, line by line."""

import time as clock
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import catalogue
from planner.catalogue import Platform
from planner.core.model import Mix, Pillar, Window
from planner.core.recurrence import expand, parse_rule
from planner.errors import NoSuchPlatform, NoSuchPreset, PlannerError, Problems
from planner.language import LANGUAGES, translations

TEXT = "Grüße & Küsse: 100 % „Brot“?\n#1 + 2"
CORE = {"gbp", "whatsapp", "youtube"}


# --- what there is --------------------------------------------------------------------------------------


def test_the_core_platforms_are_the_three_of_the_plan() -> None:
    assert {key for key in catalogue.platform_keys() if catalogue.platform(key).core} == CORE


@pytest.mark.parametrize("key", catalogue.platform_keys())
def test_a_platform_has_a_name_in_every_language(key: str) -> None:
    assert set(catalogue.platform(key).names) == set(LANGUAGES)


@pytest.mark.parametrize("key", catalogue.platform_keys())
def test_a_compose_link_is_an_address_without_blanks_left_over(key: str) -> None:
    link = catalogue.platform(key).compose_link(TEXT, "Titel")
    if link is not None:
        assert urlsplit(link).scheme in ("https", "mailto")
        assert link.isascii()
        assert not set(link) & set(' "<>\\^`{|}\n')


def test_a_platform_that_takes_a_text_gets_it_whole() -> None:
    taking = [key for key in catalogue.platform_keys() if catalogue.platform(key).prefills]
    assert set(taking) == {"whatsapp", "x", "threads", "bluesky", "linkedin", "newsletter"}
    for key in taking:
        query = parse_qs(urlsplit(catalogue.platform(key).compose_link(TEXT) or "").query)
        assert TEXT in [value.replace("\r\n", "\n") for values in query.values() for value in values]


@pytest.mark.parametrize(
    ("key", "link"),
    [
        ("whatsapp", "https://wa.me/?text=A%20%26%20B%3F%0A%C3%A4"),
        ("gbp", "https://business.google.com/posts"),
        ("youtube", "https://www.youtube.com/upload"),
        ("newsletter", "mailto:?subject=T%C3%BCr&body=A%20%26%20B%3F%0D%0A%C3%A4"),
        ("shop_window", None),
    ],
)
def test_where_a_post_is_begun(key: str, link: str | None) -> None:
    assert catalogue.platform(key).compose_link("A & B?\nä", "Tür") == link


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_breaks_out_of_its_place_in_the_link(text: str, title: str) -> None:
    platform = Platform("any", {"en": "Any"}, False, "https://example.org/?t={title}&x={text}", None)
    query = (platform.compose_link(text, title) or "").partition("?")[2]
    assert [unquote(part.partition("=")[2]) for part in query.split("&")] == [title, text]


def test_an_unknown_platform_names_the_known_ones() -> None:
    with pytest.raises(NoSuchPlatform, match=r"gbp.*whatsapp.*youtube"):
        catalogue.platform("fax")


@pytest.mark.parametrize("key", ["../presets/core-trio", "", "GBP", "gbp.toml"])
def test_only_the_names_of_the_catalogue_are_platforms(key: str) -> None:
    with pytest.raises(NoSuchPlatform):
        catalogue.platform(key)


# --- presets --------------------------------------------------------------------------------------------


def dates(name: str, platform: str, count: int) -> list[str]:
    """The first dates of a preset's cadence from Monday 30 November 2026."""
    cadence = next(each for each in catalogue.preset(name).cadences if each.platform == platform)
    start = datetime.combine(datetime(2026, 11, 30), cadence.time)
    window = Window(start, datetime(2028, 1, 1))
    return [f"{each:%a %Y-%m-%d %H:%M}" for each in islice(expand(parse_rule(cadence.rrule), start, window), count)]


@pytest.mark.parametrize(
    ("name", "platform", "expected"),
    [
        ("core-trio", "gbp", ["Tue 2026-12-01 09:00", "Tue 2026-12-08 09:00"]),
        ("core-trio", "whatsapp", ["Thu 2026-12-03 11:00", "Thu 2026-12-10 11:00"]),
        ("core-trio", "youtube", ["Wed 2026-12-02 17:00", "Wed 2027-01-06 17:00", "Wed 2027-02-03 17:00"]),
        ("core-trio-light", "gbp", ["Tue 2026-12-01 09:00", "Tue 2026-12-15 09:00"]),
    ],
)
def test_when_a_preset_posts(name: str, platform: str, expected: list[str]) -> None:
    assert dates(name, platform, len(expected)) == expected


@pytest.mark.parametrize("name", catalogue.preset_keys())
def test_a_preset_talks_before_it_advertises(name: str) -> None:
    for cadence in catalogue.preset(name).cadences:
        advertising = [pillar for pillar in cadence.pillars if pillar.mix is Mix.PROMOTION]
        assert len(advertising) * 5 <= len(cadence.pillars)
        assert any(pillar.mix is Mix.DIALOGUE for pillar in cadence.pillars[:2])


@pytest.mark.parametrize("name", catalogue.preset_keys())
def test_a_preset_covers_the_core_and_has_a_title_in_every_language(name: str) -> None:
    preset = catalogue.preset(name)
    assert {cadence.platform for cadence in preset.cadences} == CORE
    assert set(preset.titles) == set(LANGUAGES)


@pytest.mark.parametrize(("language", "name"), [("de", "Google-Unternehmensprofil"), ("en", "Google Business Profile")])
def test_a_channel_is_called_in_the_language_of_the_business(language: str, name: str) -> None:
    assert catalogue.preset("core-trio").cadences[0].channel_name(language) == name


GOOD = """\
title = { en = "Salon" }

[[cadence]]
platform = "gbp"
rrule = "FREQ=WEEKLY;BYDAY=WE"
time = "9:30"
name = { de = "Google-Profil" }
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_preset_of_ones_own_from_any_editor(tmp_path: Path, encoding: str, newline: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding, newline=newline)
    (cadence,) = catalogue.preset(str(file)).cadences
    assert (cadence.time, cadence.platform) == (time(9, 30), "gbp")
    assert cadence.channel_name("de") == "Google-Profil"
    assert cadence.channel_name("en") == "Google Business Profile"
    assert Pillar.QUESTION in cadence.pillars, "without pillars the usual ones"


@pytest.mark.parametrize("name", ["nope", "./gone.toml", "", "x" * 5000, "a\0b", "../core-trio"])
def test_a_preset_that_is_not_there_names_the_ones_that_are(name: str) -> None:
    with pytest.raises(NoSuchPreset, match="core-trio, core-trio-light"):
        catalogue.preset(name)


def test_a_folder_is_no_preset(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPreset):
        catalogue.preset(str(tmp_path))


# --- broken files ---------------------------------------------------------------------------------------


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

[[source]]
fact = "text_limit"
address = "example.org"
year = "2026"
kind = "rumour"
"""


def test_everything_wrong_with_a_platform(tmp_path: Path) -> None:
    assert platform_problems(tmp_path, PLATFORM) == [
        (2, "“core” must be true or false."),
        (3, "“compose” may hold {text} and {title}, not “txt”."),
        (4, "“prefill” is not known."),
        (5, "“text_limit” must be 1 or more."),
        (9, "“address” must begin with https://."),
        (10, "“year” must be a whole number."),
        (11, "“rumour” is no kind of source; there are: platform, standard, rule of thumb."),
    ]


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
    for read in (catalogue.read_preset, catalogue.read_platform):
        with pytest.raises(Problems):
            read(file)
