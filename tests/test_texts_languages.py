"""No word of a text, a hint or a trade was left in another language, or never translated.

Besides words that surely are none of its own, noticed are a run of words that is in both languages, and a
word that no other text of its language says, but several of the other.
"""

import re
from collections import Counter
from functools import cache
from typing import Final

import pytest
from test_post_texts import FOREIGN
from texts import DAYS, FILLED, LANGUAGES, TRADES, every_text, parts, prompts, runs, unfilled, words

from planner import catalogue
from planner.catalogue.trades import SEASONS

OTHER: Final = {"de": "en", "en": "de"}
# Not, Kind, See, also, her, still, warm, er will; in English a hat, the rest; Cyber Monday.
SPELLED_ALIKE: Final = {"also", "hat", "her", "kind", "monday", "normal", "not", "rest", "see", "still", "warm", "will"}
LONGEST_RUN: Final = 2  # words: “hat in” may be either language


@cache
def said(language: str) -> dict[str, set[str]]:
    """The words of each text of a language, but for single letters."""
    return {
        key: {word for text in unfilled(language, key) for word in words(parts(text)) if len(word) > 1}
        for each, key in every_text()
        if each == language
    }


@cache
def spread(language: str) -> Counter[str]:
    """In how many texts of a language each word is said."""
    return Counter(word for there in said(language).values() for word in there)


@pytest.mark.parametrize("key", [key for language, key in every_text() if language == "de"])
def test_no_run_of_words_stands_in_both_languages(key: str) -> None:
    german, english = (
        {run for text in unfilled(language, key) for run in runs(parts(text), LONGEST_RUN + 1)}
        for language in LANGUAGES
    )
    assert not german & english


@pytest.mark.parametrize(("language", "key"), every_text())
def test_no_word_belongs_to_the_texts_of_the_other_language(language: str, key: str) -> None:
    """Said in this text alone, and in several that are in the other language."""
    own, other = said(language)[key], said(OTHER[language])[key]
    alone = {word for word in own if spread(language)[word] == 1}
    assert {word for word in alone if spread(OTHER[language])[word] - (word in other) >= 2} <= SPELLED_ALIKE


def test_a_word_left_untranslated_is_noticed() -> None:
    """Each of the ways, tried on something that was left."""
    assert set(words("Das Licht is an")) & FOREIGN["de"] == {"is"}
    assert runs("Ein guter Tag", LONGEST_RUN + 1) & runs("Today: ein guter Tag.", LONGEST_RUN + 1)
    assert not runs(f"Ein {FILLED} Tag", LONGEST_RUN + 1), "a name may be the same"
    assert spread("de")["morning"] == 0
    assert spread("en")["morning"] >= 2


@pytest.mark.parametrize("trade", TRADES)
def test_the_words_of_a_trade_are_its_own_in_each_language(trade: str) -> None:
    for season in SEASONS:
        german, english = (catalogue.trade_words(trade, language, season) for language in LANGUAGES)
        for slot in german:
            assert german[slot] != english[slot]
            assert not runs(german[slot], LONGEST_RUN) & runs(english[slot], LONGEST_RUN)
            assert not set(re.findall(r"\w+", german[slot])) & FOREIGN["de"]
            assert not set(re.findall(r"\w+", english[slot])) & FOREIGN["en"]


def test_both_languages_have_the_same_texts() -> None:
    assert prompts("de") == prompts("en")
    for day in DAYS.values():
        assert all(set(each) == {"de", "en"} for each in (day.names, day.ideas, day.hints, day.texts))
