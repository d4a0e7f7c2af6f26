"""Files that people edit, broken: named in a sentence, and nothing else is hidden by them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.program import Planner, run
from planner import resources
from planner.actions.data_files import look_over
from planner.catalogue import advising, platforms, portraits, trades
from planner.catalogue.portraits import readable

KEPT = (portraits.portrait, platforms.platform, trades.trade, trades.trade_words, advising.advising,
        advising.candidates, advising._platforms)  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the installation's data files, to be broken."""
    folders = {
        name: Path(shutil.copytree(resources.folder(name), tmp_path / name)) for name in ("schedules", "templates")
    }
    monkeypatch.setattr(resources, "folder", folders.__getitem__)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    for kept in KEPT:
        kept.cache_clear()


def spoil(file: Path, was: str, by: str) -> None:
    text = file.read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, by, 1), "utf-8")


def test_our_own_files_are_all_in_order() -> None:
    found = look_over()
    assert found.problems == ()
    assert found.count > 26 + 15 + 17 + 4 + 2 + 200


def test_a_broken_platform_hides_no_other_one(own: Path) -> None:
    spoil(own / "schedules/platforms/xing.toml", 'tier = "', 'tier = "most ')
    answer = run("platform", "list")
    assert answer.code == 2
    assert "xing.toml, line " in answer.err
    listed = [line.split()[0] for line in answer.out.splitlines() if line.strip()]
    assert {"gbp", "whatsapp", "linkedin", "flickr"} <= set(listed)
    assert "xing" not in listed
    in_json = run("platform", "list", "--json")
    assert (in_json.code, len(in_json.json)) == (2, 25)
    found, wrong = readable()
    assert (len(found), len(wrong)) == (25, 1)


ADVISED = ("--trade", "bakery", "--minutes", "150", "--helper", "team", "--likes", "text", "--likes", "image", "--yes")


@pytest.mark.parametrize("key", ["instagram", "xing", "gbp"])
def test_advice_leaves_a_broken_platform_out_by_name_and_advises_with_the_rest(
    own: Path, planner: Planner, key: str
) -> None:
    whole = planner("advise", *ADVISED, "--json").json
    _forget()
    spoil(own / f"schedules/platforms/{key}.toml", 'tier = "', 'tier = "most ')
    answer = planner("advise", *ADVISED)
    assert answer.code == 0
    assert f"Left out, because the file cannot be read: {key}." in answer.err
    assert f"{key}.toml, line " in answer.err
    in_json = planner("advise", *ADVISED, "--json")
    assert in_json.json["unreadable"] == [key]
    told = {each["platform"] for each in in_json.json["channels"] + in_json.json["left_out"]}
    assert told == {each["platform"] for each in whole["channels"] + whole["left_out"]} - {key}
    assert whole["unreadable"] == []
    applied = planner("advise", *ADVISED, "--apply")
    assert applied.code == 0, applied.err
    assert "posts were planned." in applied.out


def test_what_stays_on_a_broken_platform_is_said_not_to_be_counted(own: Path, planner: Planner) -> None:
    assert planner("channel", "add", "xing").code == 0
    assert planner("cadence", "add", "XING", "--when", "daily at 9:00").code == 0
    assert planner("cadence", "add", "XING", "--reply", "--when", "daily at 9:00").code == 0
    _forget()
    spoil(own / "schedules/platforms/xing.toml", 'tier = "', 'tier = "most ')
    answer = planner("advise", *ADVISED)
    assert answer.code == 0
    assert "How long XING takes is not known; it is not counted." in answer.out


BROKEN = [
    ("schedules/platforms/gbp.toml", 'tier = "', 'tier = "most ', "gbp.toml, line "),
    ("schedules/steps/video.toml", "days = ", "days = -", "video.toml, line "),
    ("schedules/days/calendar.toml", "lead = ", "lead = -", "calendar.toml, line "),
    ("schedules/presets/bakery.toml", "FREQ=WEEKLY", "FREQ=OFTEN", "bakery.toml, line "),
    ("schedules/trades/any.toml", "trade = ", "trad = ", "any.toml, line "),
    ("schedules/advice.toml", "budget = 80", "budget = 180", "advice.toml, line "),
]


@pytest.mark.parametrize(("file", "was", "by", "told"), BROKEN, ids=[file for file, *_ in BROKEN])
def test_the_doctor_names_what_is_broken(own: Path, file: str, was: str, by: str, told: str) -> None:
    spoil(own / file, was, by)
    sentences = [problem.sentence() for problem in look_over().problems]
    assert any(told in sentence for sentence in sentences)
    assert len(sentences) <= 2, "one fault, told once or with what follows of it"


def test_the_doctor_s_exit_code_and_words(own: Path, planner: Planner) -> None:
    well = planner("doctor")
    assert (well.code, "all in order" in well.out) == (0, True)
    prompt = next((own / "templates/posts/en/tip").glob("*.j2"))
    prompt.write_text("{% set title %}", "utf-8")
    spoil(own / "schedules/steps/video.toml", "days = ", "days = -")
    ill = planner("doctor")
    assert ill.code == 1
    assert "2 things to mend:" in ill.out
    assert f"posts/en/tip/{prompt.name}" in ill.out
    assert "video.toml, line " in ill.out
    told = planner("doctor", "--json")
    assert (told.code, len(told.json["broken"])) == (1, 2)
