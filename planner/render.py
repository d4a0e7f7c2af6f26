"""The one Jinja environment: mails, pages and post texts, in the language of whoever reads them.

Undefined names are errors, HTML is escaped, words go through gettext, dates through Babel. No clock: what is
shown is what was passed in.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from babel.dates import format_date, format_interval, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, meta

from planner import resources
from planner.core.model import Mail, Pillar, Window
from planner.errors import UsageError
from planner.language import N_, choose, said, translations

log = logging.getLogger("planner.render")

_KEPT: Final = 4096  # texts; those that name their business are many where there are many businesses


class BadPrompt(UsageError):
    message = N_("The prompt {file} cannot be used: {reason}")


class PartMissing(BadPrompt):
    message = N_("The prompt {file} sets no “{part}”. It needs a title and a text, and may have a hint.")


@dataclass(frozen=True, slots=True)
class PostText:
    """What a post starts with: a title, a hint for its author, and the text to post."""

    title: str
    hint: str
    text: str


@cache
def environment(language: str) -> Environment:
    """The environment for a language, English for one we do not speak; templates are read once and kept."""
    if (spoken := choose([language])) != language:
        return environment(spoken)
    env = Environment(
        loader=FileSystemLoader(resources.folder("templates")),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and ".html" in name,  # noqa: S701 - HTML is escaped
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.globals["_"] = env.globals["gettext"]  # the extension's own looks that up again at every word
    env.globals["language"] = language
    env.filters["day"] = lambda value: day(value, language)
    env.filters["month"] = lambda value: format_date(value, "LLLL y", locale=language)
    env.filters["day_month"] = lambda value: short_day(value, language)
    env.filters["weekday"] = lambda value: format_date(value, "EEEE", locale=language)
    env.filters["short_weekday"] = lambda value: format_date(value, "EEEEEE", locale=language)
    env.filters["said"] = lambda value: said(value, translations(language).gettext)
    env.filters["days"] = lambda value: days(value, language)
    env.filters["short_month"] = lambda value: format_date(value, "LLL", locale=language)
    env.filters["clock"] = lambda value: clock(value, language)
    return env


@lru_cache(maxsize=1024)
def short_day(value: date | datetime, language: str) -> str:
    """A date in short, in a language we speak: 1 Dec / 1. Dez."""
    return format_date(value, "d. MMM" if language == "de" else "d MMM", locale=language)


@lru_cache(maxsize=1024)
def day(value: date | datetime, language: str) -> str:
    """A date in words, in a language we speak: Tuesday, 1 December / Dienstag, 1. Dezember."""
    return format_date(value, "EEEE, d. MMMM" if language == "de" else "EEEE, d MMMM", locale=language)


@lru_cache(maxsize=1024)
def days(window: Window[date], language: str) -> str:
    """The days of a half-open window, first to last: 30 Nov – 6 Dec 2026 / 30. Nov. – 6. Dez. 2026."""
    locale = "en_GB" if language == "en" else language  # which, as day() does, puts the day before the month
    return format_interval(window.start, window.end - timedelta(days=1), "yMMMd", locale=locale)


@lru_cache(maxsize=1024)
def clock(value: time | datetime, language: str) -> str:
    """A time of day on 24 hours: 09:00."""
    return format_time(value, "HH:mm", locale=language)


def mail(name: str, language: str, **context: Any) -> Mail:
    """The mail ``templates/email/<name>.{subject,txt,html}.j2`` filled with ``context``."""
    env = environment(language)
    subject, text, html = (
        env.get_template(f"email/{name}.{part}.j2").render(context) for part in ("subject", "txt", "html")
    )
    return Mail(" ".join(subject.split()), text.strip() + "\n", html)


class PostTexts:
    """The prompts in ``templates/posts/<language>/<pillar>/<name>.j2``, read once.

    A template sets ``title``, ``hint`` and ``text``. It may use ``business`` (its name), ``platform`` (a key of the
    catalogue), ``filmed`` (something for a video, else empty), ``season`` (a key: spring, summer, autumn, winter) and
    the words of a trade that the catalogue gives. A rendering is kept for as long as the values it really uses are the
    same, so planning thousands of posts renders a few hundred texts. A language we do not speak gets the English ones.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], PostText] = {}
        self._uses: dict[tuple[str, str], tuple[str, ...]] = {}
        self._told: set[str] = set()  # what is broken stands in the log once

    def prompts(self, language: str) -> Mapping[Pillar, Sequence[str]]:
        """The prompts of each pillar, as keys ``<pillar>/<name>`` in a stable order."""
        return _prompts(choose([language]))

    def write_or_next(self, prompt: str, *, language: str, **values: str) -> tuple[str, PostText]:
        """The text of a prompt, and which it is: the next one of its pillar in place of one that is broken.

        Raises BadPrompt if none of the pillar can be used.
        """
        keys = self.prompts(language)[Pillar(prompt.partition("/")[0])]
        turn = keys.index(prompt) + 1 if prompt in keys else 0
        problems = []
        for candidate in (prompt, *keys[turn:], *keys[: max(turn - 1, 0)]):
            try:
                return candidate, self.write(candidate, language=language, **values)
            except BadPrompt as problem:
                problems.append(problem)
                if str(problem) not in self._told:
                    self._told.add(str(problem))
                    log.error("%s", problem)
        raise problems[0]

    def write(self, prompt: str, *, language: str, **values: str) -> PostText:
        """The text of a prompt filled with the given values; not of a video if nothing is said. Raises BadPrompt."""
        values.setdefault("filmed", "")
        uses = self._uses.get((language, prompt))
        if uses is None:
            used = _names_used(choose([language]), prompt)
            uses = self._uses[language, prompt] = tuple(name for name in values if used is None or name in used)
        key = (language, prompt, *(values[name] for name in uses))
        if (kept := self._kept.get(key)) is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            kept = self._kept[key] = _write(choose([language]), prompt, values)
        return kept


@cache
def _prompts(language: str) -> Mapping[Pillar, Sequence[str]]:
    root = resources.folder("templates") / "posts" / language
    return {
        pillar: tuple(f"{pillar}/{file.stem}" for file in sorted((root / pillar).glob("*.j2"))) for pillar in Pillar
    }


def _file(language: str, prompt: str) -> str:
    return f"posts/{language}/{prompt}.j2"


def _names_used(language: str, prompt: str) -> frozenset[str] | None:
    """The names a prompt uses; None if that cannot be told, because it takes in other files."""
    file = _file(language, prompt)
    try:
        tree = environment(language).parse((resources.folder("templates") / file).read_text("utf-8"))
        names = frozenset(meta.find_undeclared_variables(tree))
    except TemplateSyntaxError as error:
        raise BadPrompt(file=f"{file}:{error.lineno}", reason=error.message) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadPrompt(file=file, reason=error) from error
    return None if any(meta.find_referenced_templates(tree)) else names


def _write(language: str, prompt: str, values: Mapping[str, str]) -> PostText:
    file = _file(language, prompt)
    try:
        module = environment(language).get_template(file).make_module(dict(values))
        title, hint, text = (str(getattr(module, part, "")).strip() for part in ("title", "hint", "text"))
    except Exception as error:  # a prompt is a program: it may divide by zero
        raise BadPrompt(
            file=file, reason=getattr(error, "message", None) or f"{type(error).__name__}: {error}"
        ) from error
    if not (title and text):
        raise PartMissing(file=file, part="text" if title else "title")
    return PostText(title, hint, text)
