"""The newer zone rules hold, whoever has them; and where they differ it can be told since when."""

import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from planner import zonerules

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
