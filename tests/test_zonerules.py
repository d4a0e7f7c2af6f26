"""The newer zone rules hold, whoever has them; and where they differ it can be told since when."""

import re
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner import zonerules
from planner.core import localtime
from planner.errors import UnknownTimezone

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
ASK = """
from datetime import datetime, UTC
import os
from planner import zonerules
zonerules.settle(os.environ)
from planner.core import localtime
noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
print(localtime.wall(noon, "Europe/Berlin").hour, zonerules.release())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules of a folder, by which Berlin lives as Tokyo does."""
    (tmp_path / "Europe").mkdir()
    tokyo = resources.files("tzdata.zoneinfo").joinpath("Asia", "Tokyo").read_bytes()
    (tmp_path / "Europe" / "Berlin").write_bytes(tokyo)
    (tmp_path / "tzdata.zi").write_text("# version 2031c\n# more\n")
    return tmp_path


def answer(**environ: str) -> str:
    done = subprocess.run([sys.executable, "-c", ASK], env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_package_is_taken_where_the_system_is_behind() -> None:
    expected = max(zonerules.package_release(), zonerules.system_release())
    assert answer() == f"13 {expected}"


@pytest.mark.parametrize(
    ("release", "expected"), [("2031c", "21 2031c"), ("1999a", f"13 {zonerules.package_release()}")]
)
def test_the_newer_of_two_is_taken(folder: Path, release: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "tzdata.zi").write_text(f"# version {release}\n")
    code = f"import zoneinfo; zoneinfo.reset_tzpath(to=[{str(folder)!r}])\n{ASK}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_who_names_a_folder_has_chosen(folder: Path) -> None:
    (folder / "tzdata.zi").write_text("# version 1999a\n")
    assert answer(PYTHONTZPATH=str(folder)) == "21 1999a"
    (folder / "tzdata.zi").unlink()
    assert answer(PYTHONTZPATH=str(folder)) == "21 unknown"


def test_since_when_two_sets_of_rules_differ(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zonerules, "_SYSTEM", (folder,))
    assert zonerules.disagreement("Europe/Berlin", NOW) == NOW
    assert zonerules.disagreement("Europe/Vienna", NOW) is None, "the folder has no such zone"
    monkeypatch.setattr(zonerules, "_SYSTEM", ())
    assert zonerules.disagreement("Europe/Berlin", NOW) is None


@pytest.mark.parametrize(("name", "line"), [("tzdata.zi", "# version 2031c\n"), ("+VERSION", "2031c\n")])
def test_how_a_system_names_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str) -> None:
    (tmp_path / name).write_text(line)
    monkeypatch.setattr(zonerules, "_SYSTEM", (tmp_path / "nothing", tmp_path))
    zonerules.system_release.cache_clear()
    assert zonerules.system_release() == "2031c"
    zonerules.system_release.cache_clear()


RELEASES = st.builds("{}{}".format, st.integers(1990, 2060), st.sampled_from("abcdefgh"))
SAID = st.builds(
    "{}{}{}".format, st.sampled_from(["# version ", "", "#version ", "# Version "]), RELEASES | st.text(max_size=8),
    st.sampled_from(["\n", "\r\n", "", "-rearguard\n", "-12-gabcdef\n"]),
)  # fmt: skip
many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@example("tzdata.zi", b"# version \xff\xfe\n")
@example("tzdata.zi", b"# version unknown\n")
@example("+VERSION", b"trunk\n")
@given(st.sampled_from(["tzdata.zi", "+VERSION"]), SAID.map(str.encode) | st.binary(max_size=200))
def test_whatever_a_system_says_its_release_is_one_or_unknown(tmp_path: Path, name: str, said: bytes) -> None:
    """What is no release counts as older, or a word like “unknown” would be newer than all."""
    (tmp_path / name).write_bytes(said)
    found = zonerules.release_of([tmp_path])
    (tmp_path / name).unlink()
    assert found == "" or re.fullmatch("[12][0-9]{3}[a-z]{1,2}", found)
    assert not found or found.encode() in said


@many
@given(RELEASES, RELEASES)
def test_the_newer_of_any_two_releases(one: str, other: str) -> None:
    assert (one >= other) == ((int(one[:4]), one[4:]) >= (int(other[:4]), other[4:]))


RULES = resources.files("tzdata.zoneinfo").joinpath("Europe", "Berlin").read_bytes()


@many
@example(RULES[:50], "Europe/Berlin")
@example(RULES[:676] + b"\0\0", "Europe/Berlin")  # where a line of rules should be
@example(RULES[:-1], "Europe/Berlin")  # zoneinfo alone would look for the line's end for ever
@given(
    st.binary(max_size=80)
    | st.builds(lambda cut, junk: RULES[:cut] + junk, st.integers(0, len(RULES)), st.binary(max_size=9)),
    st.sampled_from(["Europe/Berlin", "../x", "/etc/passwd", "a\0b", "\udcff", "", ".", "Europe"])
    | st.text(max_size=12),
)
def test_broken_rules_and_strange_names_agree_with_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str
) -> None:
    (tmp_path / "Europe").mkdir(exist_ok=True)
    (tmp_path / "Europe" / "Berlin").write_bytes(content)
    with monkeypatch.context() as patch:
        patch.setattr(zonerules, "_SYSTEM", (tmp_path,))
        found = zonerules.disagreement(name, NOW, years=1)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize("rules", [*(RULES[:length] for length in (0, 4, 5, 30, 44, 60, 200)), RULES[:676] + b"\0\0"])
def test_a_zone_whose_file_was_cut_short_is_none_or_has_a_clock(tmp_path: Path, rules: bytes) -> None:
    """zoneinfo raises struct.error for some of them: that was a fault of ours, of every command."""
    (tmp_path / "Torn").mkdir()
    (tmp_path / "Torn" / f"At{len(rules)}").write_bytes(rules)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        assert localtime.wall(NOW, f"Torn/At{len(rules)}").year == 2026
    except UnknownTimezone as refused:
        assert "Torn" in refused.sentence()
    finally:
        zoneinfo.reset_tzpath(to=before)
