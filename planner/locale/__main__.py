"""Collect the sentences of source and templates, bring each catalogue up to date, compile it.

Run by ``make messages`` in a checkout. A new sentence appears in ``de`` untranslated, which a test refuses. English
needs no catalogue: a sentence without a translation is said as it stands in the source.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from planner.language import DEFAULT, LANGUAGES

LOCALE = Path(__file__).parent
TRANSLATED = [language for language in LANGUAGES if language != DEFAULT]
ROOT = LOCALE.parents[1]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "plural": (1, 2)}
SOURCES = {"planner/**/*.py": "python", "templates/email/*.j2": "jinja2", "templates/web/*.j2": "jinja2"}


def _sentences() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str]]]:
    for pattern, method in SOURCES.items():
        for file in sorted(ROOT.glob(pattern)):
            options = {"trimmed": "true", "newstyle_gettext": "true"} if method == "jinja2" else {}
            name = "jinja2.ext:babel_extract" if method == "jinja2" else "python"
            for line, message, comments, _context in extract_from_file(name, file, KEYWORDS, (), options):
                yield file.relative_to(ROOT).as_posix(), line, message, comments


def collect() -> Catalog:
    """A catalogue of all sentences in the checkout, untranslated."""
    catalog = Catalog(project="planner")
    for file, line, message, _comments in _sentences():
        catalog.add(message, None, [(file, line)])
    return catalog


def stored(language: str) -> Catalog:
    """The catalogue of a language as it lies in the checkout; empty if there is none yet."""
    file = _po(language)
    if not file.exists():
        return Catalog(locale=language, project="planner", fuzzy=False)
    with file.open("rb") as lines:
        return read_po(lines, locale=language)


def renew(language: str) -> Catalog:
    """The stored catalogue of a language with today's sentences; translations that still fit are kept."""
    catalog = stored(language)
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# The sentences of the planner. Renew with: make messages"
    return catalog


def missing(catalog: Catalog) -> list[Message]:
    """The sentences that are not translated, or only roughly."""
    return [message for message in catalog if message.id and (message.fuzzy or not _translated(message))]


def _translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms)


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a PO file: sorted, without line numbers or dates, so that a diff shows words only."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    lines = out.getvalue().split(b"\n")
    volatile = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By')
    return b"\n".join(line for line in lines if not line.startswith(volatile))


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue compiled: without the minute it was made, so that the same sentences are the same bytes."""
    out = io.BytesIO()
    catalog.creation_date = catalog.revision_date = datetime.fromtimestamp(0, UTC)
    write_mo(out, catalog)
    return out.getvalue()


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "planner.po"


def main() -> None:
    """Renew and compile every language; say what is still missing."""
    for language in TRANSLATED:
        catalog = renew(language)
        file = _po(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(as_po(catalog))
        with file.open("rb") as written:
            file.with_suffix(".mo").write_bytes(as_mo(read_po(written, locale=language)))
        print(f"{language}: {len(catalog)} sentences, {len(missing(catalog))} untranslated")


if __name__ == "__main__":
    main()
