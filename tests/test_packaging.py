"""What is installed is what is in the checkout: the wheel and the sdist carry the data files and run."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = ["schedules/presets/core-trio.toml", "schedules/platforms/gbp.toml", "templates/email/digest.html.j2"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


def test_the_wheel_carries_its_data(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert names >= {f"planner/{name}" for name in DATA}
    assert "planner/locale/de/LC_MESSAGES/planner.mo" in names
    assert any(name.startswith("planner/store/migrations/versions/0001") for name in names)
    assert any(name.startswith("planner/web/static/") for name in names)
    assert not any(name.startswith(("tests/", "bench/")) for name in names)


def test_the_sdist_carries_what_the_wheel_is_made_of(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    assert names >= {*DATA, "pyproject.toml", "planner/cli/__init__.py", "LICENSE"}


def test_the_installed_wheel_runs_away_from_the_checkout(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    program = [sys.executable, "-P", "-m", "planner", "--home", str(tmp_path / "home")]
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program, *arguments], cwd=tmp_path, env=environ, check=True, capture_output=True, text=True
        )

    run("--now", "2026-11-30T08:00", "init", "--yes", "--language", "de", "--timezone", "Europe/Berlin")
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import planner; print(planner.__file__)"],
        cwd=tmp_path, env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert str(tmp_path / "site") in where.stdout, "the checkout shadowed the wheel"
    assert '"platform": "gbp"' in run("--now", "2026-12-01T08:00", "today", "--json").stdout
