"""A platform's file with something wrong in it: all of it is said at once, each at its line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import resources
from planner.catalogue import portraits as module
from planner.catalogue import telling
from planner.catalogue.portrait_file import read_portrait
from planner.catalogue.portraits import portrait, portraits
from planner.errors import NoSuchPlatform, Problems
from planner.language import translations

GOOD = """\
name = { en = "Board", de = "Brett" }
tier = "interesting"
reason = { en = "Read by all.", de = "Alle lesen es." }
content = ["text"]
types = { en = ["Note"], de = ["Zettel"] }

[score]
size = 1
local = 3
online = 0
why = { en = "It hangs there.", de = "Es hängt da." }

[[fact]]
criterion = "size"
text = { en = "400 people", de = "400 Menschen" }
figure = 400
unit = "people"
scope = "DE"
says = "taz"
address = "https://taz.de/board"
year = 2025
kind = "publisher"

[[effort]]
content = "text"
min = 5
max = 10
kind = "rule of thumb"
"""


def problems(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    """Line and sentence of everything wrong."""
    file = tmp_path / "board.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(Problems) as caught:
        read_portrait(file)
    said = [error.sentence().removeprefix("board.toml, line ").partition(": ") for error in caught.value.errors]
    return [(int(line), sentence) for line, _colon, sentence in said]


def test_a_good_one(tmp_path: Path) -> None:
    (tmp_path / "board.toml").write_text(GOOD, "utf-8")
    found = read_portrait(tmp_path / "board.toml")
    assert (found.key, found.tier, found.feed) == ("board", "interesting", None)
    assert found.facts[0].source.is_fact
    assert found.platform.compose is None


def test_an_empty_file_says_what_belongs_in_it(tmp_path: Path) -> None:
    said = "\n".join(sentence for _line, sentence in problems(tmp_path, ""))
    for key in ("name", "tier", "reason", "content", "types", "score", "[[effort]]"):
        assert key in said


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('tier = "interesting"', 'tier = "good"', 2,
         "“tier” cannot be “good”; there are: very interesting, interesting, uninteresting."),
        (', de = "Alle lesen es."', "", 3, "“reason” lacks a text for de."),
        ('["text"]', '["smell"]', 4, "“content” must name some of text, image, video, audio, and nothing else."),
        ('["text"]', "[]", 4, "“content” must name some of text, image, video, audio, and nothing else."),
        ('["Zettel"]', '["Zettel", "Foto"]', 5, "“types” needs a list for each of en, de, all of the same length."),
        (', de = ["Zettel"]', "", 5, "“types” needs a list for each of en, de, all of the same length."),
        ("local = 3", "local = 4", 9, "“local” must be 0, 1, 2 or 3."),
        ("online = 0", "online = -1", 10, "“online” must be 0 or more."),
        ('"size"', '"looks"', 14, "“criterion” cannot be “looks”; there are: size, audience, use."),
        (', de = "400 Menschen"', "", 15, "“text” lacks a text for de."),
        ("figure = 400", 'figure = "400"', 16, "“figure” must be a number."),
        ("figure = 400", "figure = nan", 16, "“figure” must be a number."),
        ("figure = 400", "figure = true", 16, "“figure” must be a number."),
        ('unit = "people"\n', "", 13, "“unit” is missing."),
        ('scope = "DE"\n', "", 13, "“scope” is missing."),
        ('unit = "people"', 'unit = "heads"', 17, "“unit” cannot be “heads”; there are: %, people, businesses."),
        ('says = "taz"\n', "", 13, "“says” is missing."),
        ('says = "taz"', 'says = " "', 19, "“says” must be a few words on one line."),
        ('address = "https://taz.de/board"\n', "", 13, "“address” is missing."),
        ("https://taz.de/board", "taz.de/board", 20, "“address” must be an address that begins with https://."),
        ("https://taz.de/board", "https://board", 20, "“address” must be an address that begins with https://."),
        ("https://taz.de/board", "https://taz.de/a b", 20, "“address” must be an address that begins with https://."),
        ("https://taz.de/board", "https://[taz.de", 20, "“address” must be an address that begins with https://."),
        ("year = 2025", "year = 25", 21, "“year” must be a year like 2026."),
        ("year = 2025", 'year = "2025"', 21, "“year” must be a whole number."),
        ('kind = "publisher"', 'kind = "rumour"', 22, "“kind” cannot be “rumour”; there are: platform, standard,"
         " statistics, publisher, rule of thumb."),
        ('kind = "publisher"\n', "", 13, "“kind” is missing."),
        ("max = 10", "max = 4", 27, "“max” must be 5 or more."),
        ("min = 5", "minimum = 5", 26, "“minimum” is not known; did you mean “min”?"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    assert (line, words) in problems(tmp_path, GOOD.replace(old, new, 1))


MORE = """
[feed]
url = "example.org/{user}"
format = ""
kind = "rule of thumb"

[[age]]
from = 30
to = 14
share = 101
per = "year"
scope = "DE"
kind = "rule of thumb"

[[limit]]
what = { en = "Pictures", de = "Bilder" }
value = true
kind = "rule of thumb"

[[expiry]]
what = { en = "Note", de = "Zettel" }
after = { en = "a day" }
days = 0
kind = "rule of thumb"

[[frequency]]
what = { en = "Note", de = "Zettel" }
min = 0
max = 3
per = "weak"
kind = "rule of thumb"

[[source]]
of = "colour"
address = "https://example.org/colour"
kind = "rule of thumb"
"""


def test_everything_in_every_kind_of_table_is_said_at_once(tmp_path: Path) -> None:
    first = len(GOOD.splitlines())
    found = [(line - first, sentence) for line, sentence in problems(tmp_path, GOOD + MORE)]
    assert found == [
        (3, "“url” must be an address that begins with https://."),
        (4, "“format” must be a few words on one line."),
        (9, "“to” must be 30 or more."),
        (10, "“share” must be a share in percent, 100 at most."),
        (11, "“per” cannot be “year”; there are: day, week, month, regularly, ever."),
        (17, "“value” must be a whole number, or a few words in quotes."),
        (22, "“after” lacks a text for de."),
        (23, "“days” must be 1 or more."),
        (28, "“min” must be 1 or more."),
        (30, "“per” cannot be “weak”; there are: day, week, month."),
        (33, "“says” is missing."),
        (34, "“of” cannot be “colour”; there are: compose, text_limit, types."),
    ]


def test_the_example_in_the_documentation_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "how-to" / "platforms.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in page.split("```toml\n")[1:]]
    file = tmp_path / "forum.toml"
    file.write_text("\n".join(blocks).replace('content = ["text", "image"]', 'content = ["text"]'), "utf-8")
    found = read_portrait(file)
    tables = (found.facts, found.ages, found.limits, found.traps, found.expiries, found.frequencies, found.efforts)
    assert [len(table) for table in tables] == [1] * 7
    assert found.feed
    assert found.sources["text_limit"].is_fact


LINES = st.sampled_from([
    *GOOD.splitlines(), *MORE.splitlines(), "[[trap]]", "[score.why]", "[[score]]", "fact = 3", "[fact]",
    "figure = 1e400", "figure = nan", "figure = true", "value = []", "types = []", "types = { en = 3 }",
    "year = 1979-05-27", "content = 3", "content = [[]]", "feed = 5", "core = true", "compose = 'x{'",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(LINES, max_size=25))
def test_no_file_is_more_than_a_list_of_problems(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text("\n".join(lines), "utf-8")
    try:
        assert read_portrait(file).reason["de"]
    except Problems as found:
        assert all(1 <= int(str(each.values["line"])) <= max(len(lines), 1) for each in found.errors)


def test_the_problems_of_all_files_come_together_and_in_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "platforms"
    folder.mkdir()
    (folder / "gut.toml").write_text(GOOD, "utf-8")
    (folder / "kaputt.toml").write_text(GOOD.replace('"interesting"', '"gut"'), "utf-8")
    (folder / "leer.toml").write_text(GOOD.replace("400 people", ""), "utf-8")
    monkeypatch.setattr(resources, "folder", lambda _name: tmp_path)
    module.portrait.cache_clear()
    try:
        assert portrait("gut").reason["de"] == "Alle lesen es."
        with pytest.raises(Problems) as caught:
            portraits()
        german = caught.value.sentence(translations("de").gettext)
        assert "kaputt.toml, Zeile 2: „tier“ kann nicht „gut“ sein" in german
        assert "leer.toml, Zeile 15: " in german
        with pytest.raises(NoSuchPlatform, match="gut, kaputt, leer"):
            portrait("fax")
    finally:
        module.portrait.cache_clear()


ANSWERING = (
    GOOD
    + """
[[reply]]
text = { en = "Half expect it within a day", de = "Die Hälfte erwartet es binnen eines Tages" }
figure = 50
unit = "%"
scope = "DE"
says = "taz"
address = "https://taz.de/answers"
year = 2025
kind = "publisher"

[answering]
days = ["MO", "FR"]
time = "17:00"
minutes = 5
kind = "rule of thumb"
"""
)


def test_rounds_of_answering_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "board.toml").write_text(ANSWERING, "utf-8")
    found = read_portrait(tmp_path / "board.toml")
    assert found.answering is not None
    assert (found.answering.rrule, found.answering.minutes_a_week) == ("FREQ=WEEKLY;BYDAY=MO,FR", 10)
    assert telling.reason(found, "en", str) == "Half expect it within a day (taz, 2025, DE)"
    thumb = ANSWERING.replace('year = 2025\nkind = "publisher"\n\n[answering]', 'kind = "rule of thumb"\n\n[answering]')
    (tmp_path / "board.toml").write_text(thumb, "utf-8")
    said = telling.reason(read_portrait(tmp_path / "board.toml"), "en", str)
    assert said == "Half expect it within a day (taz, undated, DE; a rule of thumb)"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["MO", "FR"]', "[]", "“days” must name some of MO, TU, WE, TH, FR, SA, SU, and nothing else."),
        ('["MO", "FR"]', '["MO", "MO"]', "“days” must name some of MO, TU, WE, TH, FR, SA, SU, and nothing else."),
        ('["MO", "FR"]', '[["MO"]]', "“days” must name some of MO, TU, WE, TH, FR, SA, SU, and nothing else."),
        ('"17:00"', '"five"', "“five” is not a time; write it like 09:00."),
        ("minutes = 5", "minutes = 0", "“minutes” must be 1 or more."),
        ("minutes = 5", "minuten = 5", "“minuten” is not known; did you mean “minutes”?"),
        ('figure = 50\nunit = "%"\nscope = "DE"\n', "figure = 50\n", "“unit” is missing."),
        (', de = "Die Hälfte erwartet es binnen eines Tages"', "", "“text” lacks a text for de."),
        ("https://taz.de/answers", "taz", "“address” must be an address that begins with https://."),
        ('"MO", "FR"]\ntime = "17:00"', '"MO", "FR"]', "“time” is missing."),
    ],
)
def test_what_is_wrong_with_them_is_said(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in ANSWERING
    assert words in [sentence for _line, sentence in problems(tmp_path, ANSWERING.replace(old, new))]


def test_rounds_without_a_reason_are_refused(tmp_path: Path) -> None:
    without = GOOD + ANSWERING[ANSWERING.index("[answering]") :]
    said = [sentence for _line, sentence in problems(tmp_path, without)]
    assert said == ["rounds of answering need a reason: add a [[reply]] that says what people expect."]
