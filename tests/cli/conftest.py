"""A bakery's home, and the program on it."""

import shutil
from pathlib import Path

import pytest

from cli.program import FOUNDED, Answer, Planner, run


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a bakery was set up on Sunday 1 November 2026, with the preset core-trio."""
    home = tmp_path_factory.mktemp("founded") / "home"
    answer = run(
        "--home", str(home), "--now", FOUNDED, "init", "--yes", "--name", "Bakery", "--timezone", "Europe/Berlin",
        "--language", "en", "--country", "DE", "--region", "BY", "--email", "baker@example.org",
    )  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    return home


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    """A copy of the bakery's home, for one test."""
    return Path(shutil.copytree(founded, tmp_path / "home"))


@pytest.fixture
def planner(home: Path) -> Planner:
    """The program on the bakery's home at Tuesday 3 November 2026, 08:00, unless ``now`` says otherwise."""

    def call(*words: str, now: str = "2026-11-03T08:00", typed: str | None = None, **environ: str) -> Answer:
        return run("--home", str(home), "--now", now, *words, typed=typed, environ=environ)

    return call
