"""The one Jinja environment: mails, pages and post texts, in the language of whoever reads them.

Undefined names are errors, HTML is escaped, words go through gettext, dates through Babel. No clock: what is
shown is what was passed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta

from planner import resources
from planner.core.model import Mail, Pillar
from planner.language import translations


@dataclass(frozen=True, slots=True)
class PostText:
    """What a post starts with: a title, a hint for its author, and the text to post."""

    title: str
    hint: str
    text: str


@cache
def environment(language: str) -> Environment:
    """The environment for a language; templates are read once and kept."""
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
    env.globals["language"] = language
    env.filters["day"] = lambda value: day(value, language)
    env.filters["clock"] = lambda value: clock(value, language)
    return env


@lru_cache(maxsize=1024)
def day(value: date | datetime, language: str) -> str:
    """A date in words: Tuesday, 1 December / Dienstag, 1. Dezember."""
    return format_date(value, "EEEE, d. MMMM" if language == "de" else "EEEE, d MMMM", locale=language)


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

    A template sets ``title``, ``hint`` and ``text``. It may use ``business`` (its name), ``platform`` (a key of
    the catalogue) and ``season`` (a key: spring, summer, autumn, winter). A rendering is kept for as long as
    the values it really uses are the same, so planning thousands of posts renders a few dozen texts.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], PostText] = {}
        self._uses: dict[tuple[str, str], tuple[str, ...]] = {}

    def prompts(self, language: str) -> Mapping[Pillar, Sequence[str]]:
        """The prompts of each pillar, as keys ``<pillar>/<name>`` in a stable order."""
        return _prompts(language)

    def write(self, prompt: str, *, language: str, **values: str) -> PostText:
        """The text of a prompt for the given ``business``, ``platform`` and ``season``."""
        uses = self._uses.get((language, prompt))
        if uses is None:
            uses = self._uses[language, prompt] = _names_used(language, prompt)
        key = (language, prompt, *(values[name] for name in uses))
        if (kept := self._kept.get(key)) is None:
            kept = self._kept[key] = _write(prompt, language, values)
        return kept


@cache
def _prompts(language: str) -> Mapping[Pillar, Sequence[str]]:
    root = resources.folder("templates") / "posts" / language
    return {
        pillar: tuple(f"{pillar}/{file.stem}" for file in sorted((root / pillar).glob("*.j2"))) for pillar in Pillar
    }


def _names_used(language: str, prompt: str) -> tuple[str, ...]:
    source = (resources.folder("templates") / "posts" / language / f"{prompt}.j2").read_text("utf-8")
    return tuple(sorted(meta.find_undeclared_variables(environment(language).parse(source))))


def _write(prompt: str, language: str, values: Mapping[str, str]) -> PostText:
    module: Any = environment(language).get_template(f"posts/{language}/{prompt}.j2").make_module(dict(values))
    return PostText(str(module.title).strip(), str(module.hint).strip(), str(module.text).strip())
