"""The fuzz targets' corpus, replayed without Atheris: every file holds and is quick, and a fault put in is found."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from fuzz.target import TARGETS
from planner import ical
from planner.catalogue import tomlfile
from planner.core import rule

CORPUS = Path(__file__).parent / "corpus"


def faults(name: str) -> Iterator[str]:
    """What a check has against files of its corpus."""
    for file in sorted((CORPUS / name).iterdir()):
        began = time.process_time()
        try:
            TARGETS[name](file.read_bytes())
        except Exception as error:
            yield f"{file.name}: {type(error).__name__}: {error}"
        if time.process_time() - began > 2:
            yield f"{file.name}: it took {time.process_time() - began:.1f} s"


@pytest.mark.parametrize("name", TARGETS)
def test_everything_that_was_kept_holds(name: str) -> None:
    assert list(faults(name)) == []


def test_the_corpus_is_small_and_of_every_target() -> None:
    sizes = {file: file.stat().st_size for file in CORPUS.glob("*/*")}
    assert {file.parent.name for file in sizes} == set(TARGETS)
    assert sum(sizes.values()) < 200_000


def _short_year(until: date) -> str:
    return f"{until.year}{until:%m%d}"


@pytest.mark.parametrize(
    ("name", "module", "part", "worse"),
    [
        pytest.param("rule", rule, "_written", _short_year, id="an UNTIL that does not come back"),
        pytest.param("ics", ical, "_text", ical.some_lines, id="escaped by icalendar"),
        pytest.param("ics", ical, "some_lines", str, id="control characters in a feed"),
        pytest.param("toml", tomlfile, "is_name", bool, id="a NUL in a channel's name"),
    ],
)
def test_a_fault_put_in_is_found(
    name: str, module: object, part: str, worse: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, part, worse)
    assert list(faults(name))
