"""Looking over the files that people edit, ``schedules/`` and the suggested texts: what is wrong, and in how many.

Each is read anew, whatever was read before, and none hides what is wrong in another.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from planner import resources
from planner.catalogue.advising import read_advising
from planner.catalogue.occasions import read_occasions
from planner.catalogue.portrait_file import read_portrait
from planner.catalogue.presets import read_preset
from planner.catalogue.steps import read_steps
from planner.catalogue.trades import read_trade, trade_words
from planner.errors import PlannerError, Problems
from planner.language import LANGUAGES
from planner.render import PostTexts

# The adviser's file comes last: it reads the platforms, so what is wrong with those is known by then.
_READERS: Final[tuple[tuple[str, Callable[[Path], object]], ...]] = (
    ("platforms/*.toml", read_portrait),
    ("trades/*.toml", read_trade),
    ("presets/*.toml", read_preset),
    ("days/*.toml", read_occasions),
    ("steps/*.toml", read_steps),
    ("advice.toml", read_advising),
)


@dataclass(frozen=True, slots=True)
class LookedOver:
    """How many files were read, and what is wrong in them, each problem once."""

    count: int
    problems: tuple[PlannerError, ...]


def look_over() -> LookedOver:
    """Read every data file of the installation."""
    count, found = 0, dict[str, PlannerError]()
    for problems in (*_schedules(), *_prompts()):
        count += 1
        for problem in problems:
            found.setdefault(problem.sentence(), problem)
    return LookedOver(count, tuple(found.values()))


def _schedules() -> Iterator[tuple[PlannerError, ...]]:
    """The problems of each file in ``schedules``; none for one that is right."""
    for pattern, read in _READERS:
        for file in sorted(resources.folder("schedules").glob(pattern)):
            yield _tried(partial(read, file))


def _prompts() -> Iterator[tuple[PlannerError, ...]]:
    """The problems of each suggested text, as it would be written for a business of no particular trade."""
    texts = PostTexts()
    for language in LANGUAGES:
        try:
            words = trade_words("", language, "spring")
        except Problems:  # of its own file, which was looked at above
            continue
        values = {**words, "language": language, "business": "B", "platform": "gbp", "season": "spring"}
        for prompt in (each for there in texts.prompts(language).values() for each in there):
            yield _tried(partial(texts.write, prompt, **values))


def _tried(read: Callable[[], object]) -> tuple[PlannerError, ...]:
    try:
        read()
    except Problems as problems:
        return problems.errors
    except PlannerError as problem:
        return (problem,)
    return ()
