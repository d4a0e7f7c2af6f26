"""A TOML file that people write, while it is read: everything wrong in it is listed with file, line and key."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import time
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from planner import resources
from planner.errors import PlannerError, Problems, UsageError
from planner.language import LANGUAGES, N_

T = TypeVar("T")
Within = tuple[str, int] | None  # a table [[name]] and which one of them, from 0

ALONE: Final = -1  # which one a table [name] is
_MOST: Final = 40
_NOT_IN_ADDRESSES: Final = frozenset(' "<>\\^`{|}')


class BadFile(UsageError):
    message = N_("{file}, line {line}: {problem}")

    def __init__(self, file: str, line: int, problem: str, **values: object) -> None:
        self.problem = problem
        super().__init__(file=file, line=line, problem=problem, **values)

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """File and line, and the problem in the language of ``translate``."""
        inner = self.values.get("cause")
        problem = (
            inner.sentence(translate)
            if isinstance(inner, PlannerError)
            else translate(self.problem).format(**{k: v for k, v in self.values.items() if k != "problem"})
        )
        return translate(self.message).format(**{**self.values, "problem": problem})


_TYPES: Final = {
    str: N_("“{key}” must be text in quotes."), int: N_("“{key}” must be a whole number."),
    bool: N_("“{key}” must be true or false."), list: N_("“{key}” must be a list in […]."),
    dict: N_("“{key}” must be a table like {{ en = \"…\", de = \"…\" }}."),
}  # fmt: skip


class TomlFile:
    """A TOML file while it is read: its data, and the problems found so far with their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[PlannerError] = []
        try:
            self.text = resources.small_text(path)
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = _line_in_message(str(error)) or len(self.text.splitlines())
            raise Problems([BadFile(path.name, line, N_("this is not TOML: {reason}"), reason=error)]) from error
        except UnicodeDecodeError as error:
            raise Problems([BadFile(path.name, 1, N_("it is not text in UTF-8; save it as that."))]) from error
        except (ValueError, RecursionError) as error:  # tomllib's own for an endless number, a thousand brackets
            raise Problems([BadFile(path.name, 1, N_("this is not TOML: {reason}"), reason=error)]) from error
        except OSError as error:
            reason = error.strerror or error
            raise Problems([BadFile(path.name, 1, N_("it cannot be read: {reason}"), reason=reason)]) from error

    @cached_property
    def rows(self) -> list[tuple[int, str, int, str]]:
        """The lines that name something; looked through once there is a problem to find the line of."""
        return list(_rows(self.text))

    def wrong(self, key: str, problem: str | PlannerError, /, *, within: Within = None, **values: object) -> None:
        """Note a problem with a key."""
        line = self._line(key, within)
        if isinstance(problem, PlannerError):
            self.problems.append(BadFile(self.path.name, line, "", cause=problem))
        else:
            self.problems.append(BadFile(self.path.name, line, problem, **values))

    def tried(self, key: str, within: Within, read: Callable[[], T]) -> T | None:
        """What ``read`` gives; None, and its error noted, if it refuses."""
        try:
            return read()
        except PlannerError as error:
            self.wrong(key, error, within=within)
            return None

    def take(self, table: dict[str, Any], key: str, kind: type, default: Any = ..., within: Within = None) -> Any:
        """The value of a key; if it is missing the default; else None, and the problem noted."""
        if key not in table:
            if default is not ...:
                return default
            self.wrong(key, N_("“{key}” is missing."), within=within, key=key)
            return None
        value = table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(key, _TYPES[kind], within=within, key=key)
            return None
        return value

    def words(
        self, table: dict[str, Any], key: str, within: Within = None, *, needed: bool = True, lines: bool = False
    ) -> Mapping[str, str]:
        """A table of names by language, or of texts of several lines; if needed, English at least."""
        found = self.take(table, key, dict, default=... if needed else {}, within=within)
        if found is None:
            return {"en": ""}
        if not all(name in LANGUAGES and (is_text if lines else is_name)(text) for name, text in found.items()):
            problem = N_("“{key}” takes a text for each of {known}, and nothing else.")
            self.wrong(key, problem, within=within, key=key, known=", ".join(LANGUAGES))
        if needed and "en" not in found:
            self.wrong(key, N_("“{key}” needs an English text (en)."), within=within, key=key)
        return dict(found)

    def both(self, table: dict[str, Any], key: str, within: Within = None) -> Mapping[str, str]:
        """A text in every language, none left out."""
        found = self.words(table, key, within)
        missing = [name for name in LANGUAGES if name not in found]
        if missing and "en" in found:
            problem = N_("“{key}” lacks a text for {missing}.")
            self.wrong(key, problem, within=within, key=key, missing=", ".join(missing))
        return found

    def one_of(
        self, table: dict[str, Any], key: str, known: Collection[str], within: Within = None, *, default: Any = ...
    ) -> str | None:
        """A word out of those that are known; if it is missing the default; else None, and the problem noted."""
        found: str | None = self.take(table, key, str, default=default, within=within)
        if found is None or key not in table or found in known:
            return found
        problem = N_("“{key}” cannot be “{value}”; there are: {known}.")
        self.wrong(key, problem, within=within, key=key, value=found, known=", ".join(known))
        return None

    def number(
        self, table: dict[str, Any], key: str, within: Within = None, *, least: int = 0, default: Any = ...
    ) -> int | None:
        """A whole number from ``least`` upwards; if it is missing the default; else None, and the problem noted."""
        found: int | None = self.take(table, key, int, default=default, within=within)
        if found is not None and key in table and found < least:
            self.wrong(key, N_("“{key}” must be {least} or more."), within=within, key=key, least=least)
            return None
        return found

    def phrase(self, table: dict[str, Any], key: str, within: Within = None, *, default: Any = ...) -> str | None:
        """A few words on one line; if they are missing the default; else None, and the problem noted."""
        found: str | None = self.take(table, key, str, default=default, within=within)
        if found is not None and key in table and not is_name(found):
            self.wrong(key, N_("“{key}” must be a few words on one line."), within=within, key=key)
            return None
        return found

    def address(
        self, table: dict[str, Any], key: str, within: Within = None, *, default: Any = ..., blanks: bool = False
    ) -> str | None:
        """A web address, with ``{…}`` in it where ``blanks`` says so; the default; or None, and the problem noted."""
        found: str | None = self.take(table, key, str, default=default, within=within)
        filled = re.sub(r"\{\w+\}", "x.x", found) if blanks and found else found
        if filled is not None and key in table and not _is_address(filled):
            self.wrong(key, N_("“{key}” must be an address that begins with https://."), within=within, key=key)
            return None
        return found

    def tables(self, key: str) -> list[dict[str, Any]]:
        """The tables ``[[key]]``."""
        found = self.data.get(key, [])
        if isinstance(found, list) and len(found) > _MOST:  # to try out a rule takes a tenth of a second
            self.wrong(key, N_("there are more than {most} “{key}” in it."), key=key, most=_MOST)
            return []
        if isinstance(found, list) and all(isinstance(table, dict) for table in found):
            return found
        self.wrong(key, N_("write “{key}” as tables: [[{key}]]."), key=key)
        return []

    def allow(self, table: Mapping[str, Any], known: tuple[str, ...], within: Within = None) -> None:
        """Note every key that is not known, with the one that may have been meant."""
        for key in table:
            if key in known:
                continue
            if near := get_close_matches(key, known, 1):
                problem = N_("“{key}” is not known; did you mean “{near}”?")
                self.wrong(key, problem, within=within, key=key, near=near[0])
            else:
                self.wrong(key, N_("“{key}” is not known."), within=within, key=key)

    def finish(self) -> None:
        """Raise Problems if there were any, in the order of their lines."""
        if self.problems:
            raise Problems(sorted(self.problems, key=lambda problem: int(str(problem.values["line"]))))

    def _line(self, key: str, within: Within) -> int:
        """The line of a key, or of its table, or the first; looked for in the text, as tomllib does not tell."""
        if within is None:
            found = [number for number, table, _, name in self.rows if table == key or (not table and name == key)]
            return found[0] if found else 1
        inside = [(number, name) for number, table, index, name in self.rows if (table, index) == within]
        if not inside:
            return self._line(within[0], None)
        return next((number for number, name in inside if name == key), inside[0][0])


def _rows(text: str) -> Iterator[tuple[int, str, int, str]]:
    """Of every line that names something: its number, the table it is in and which one of that name, its key."""
    table, seen = "", Counter[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.fullmatch(r"\s*(\[\[?)([\w.-]+)\]\]?\s*(#.*)?", line):
            table, _, inner = header[2].partition(".")
            seen[table] += header[1] == "[[" and not inner
            yield number, table, seen[table] - 1, inner
        elif named := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[.=]", line):
            yield number, table, seen[table] - 1, named[1]


def _line_in_message(message: str) -> int | None:
    """tomllib says where in its sentence: (at line 3, column 5), or (at end of document)."""
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else None


def is_name(value: object) -> bool:
    """Whether something is a text of one line with something on it."""
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def is_text(value: object) -> bool:
    """Whether something is a text of one line or several with something on them."""
    return isinstance(value, str) and bool(value.strip()) and value.replace("\n", "").isprintable()


def read_clock(text: str) -> time | None:
    """A time of day as files write it, 9:00; None if it is none."""
    found = re.fullmatch("([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    return time(int(found[1]), int(found[2])) if found else None


def _is_address(text: str) -> bool:
    """Whether a browser could go there (RFC 3986, section 3)."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("https", "http") and "." in host and text.isascii() and not set(text) & _NOT_IN_ADDRESSES
