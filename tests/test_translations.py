"""Every sentence is there in German and English, and what is compiled is what is written."""

import ast
import re
from string import Formatter

import pytest
from babel.messages.mofile import read_mo

from planner.language import choose, translations
from planner.locale.__main__ import LOCALE, TRANSLATED, as_mo, as_po, collect, missing, renew, stored


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_untranslated_or_fuzzy(language: str) -> None:
    assert [message.id for message in missing(renew(language))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_the_sentences_of_the_source_and_no_others(language: str) -> None:
    wanted = {_key(m.id) for m in collect() if m.id}
    assert {_key(m.id) for m in stored(language) if m.id} == wanted, "run: make messages"


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_the_written_one(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "planner.mo").open("rb") as file:
        compiled = {_key(m.id): _key(m.string) for m in read_mo(file) if m.id}
    assert compiled == {_key(m.id): _key(m.string) for m in stored(language) if m.id}, "run: make messages"


@pytest.mark.full
def test_compiling_twice_gives_the_same_bytes() -> None:
    assert as_mo(stored("de")) == as_mo(stored("de"))
    assert as_po(renew("de")) == as_po(renew("de"))


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for message in stored("de"):
        sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
        targets = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and {_fields(t) for t in targets} - {_fields(s) for s in sources}:
            wrong.append(message.id)
    assert wrong == []


_FAMILIAR = re.compile(r"\b(du|dein\w{0,2}|dich|dir|ziehe|wähle|öffne|setze|fang|lass)\b", re.IGNORECASE)


def test_german_says_sie() -> None:
    """So are owners spoken to everywhere; texts to be posted speak otherwise, and are not in the catalogue."""
    said = [form for m in stored("de") for form in _forms(m.string)]
    assert [form for form in said if _FAMILIAR.search(form)] == []


def test_english_is_the_language_of_the_source() -> None:
    speak = translations("en")
    assert speak.gettext("Something went wrong.") == "Something went wrong."
    assert [speak.ngettext("Sent {count} mail.", "Sent {count} mails.", n) for n in (0, 1, 2)] == [
        "Sent {count} mails.", "Sent {count} mail.", "Sent {count} mails.",
    ]  # fmt: skip


def test_german_is_german() -> None:
    assert translations("de").gettext("Something went wrong.") != "Something went wrong."


@pytest.mark.parametrize(
    ("wanted", "language"),
    [(["de_AT.UTF-8"], "de"), (["fr_FR", "de"], "de"), (["C"], "en"), ([], "en"), (["en_GB.UTF-8"], "en")],
)
def test_the_language_of_a_terminal(wanted: list[str], language: str) -> None:
    assert choose(wanted) == language


def _key(message: object) -> object:
    return tuple(message) if isinstance(message, list | tuple) else message


def _forms(message: object) -> tuple[str, ...]:
    return tuple(message) if isinstance(message, list | tuple) else (str(message),)


def _fields(text: str) -> frozenset[str]:
    """The names in braces and in %(…)s; a lone brace or per cent sign belongs to the words."""
    try:
        braces = {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        braces = set()
    percents = {part.split(")")[0] for part in text.split("%(")[1:]}
    return frozenset(braces | percents)


def test_no_sentence_hides_in_an_f_string() -> None:
    """Babel does not look into them before Python 3.12, so such a sentence would never reach a catalogue."""
    hidden = []
    for file in sorted(LOCALE.parent.rglob("*.py")):
        strings = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)]
        for call in (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in ("_", "gettext", "ngettext") and isinstance(call.args[0], ast.Constant):
                hidden.append(f"{file.name}:{call.lineno}")
    assert hidden == []
