"""Every text renders for every trade, platform and season, in both languages, ready to be posted as it stands."""

import re
from collections import Counter
from itertools import product
from typing import Final

import pytest
from jinja2 import meta
from texts import (
    LIMIT,
    LONGEST_NAME,
    NOTICES,
    PAUSES,
    TEXTS,
    TRADES,
    every_text,
    filled,
    notice,
    prompts,
    runs,
    unfilled,
    written,
)

from planner import catalogue, resources
from planner.catalogue.trades import SEASONS, SLOTS
from planner.core.model import Pillar
from planner.render import PostText, PostTexts, environment
from planner.web import business_form

ENGLISH: Final = (
    "the and you what is we your with this for our how are of to it that on at from have has which who when they "
    "their would do does can could because"
)
GERMAN: Final = (
    "der die und wir ihr ist das mit euch ein eine einen Sie für von zu im auf bei nicht oder wer wie den dem uns "
    "unser unsere sich auch noch nur aus nach wenn dass"
)
FOREIGN: Final = {"de": set(ENGLISH.split()), "en": set(GERMAN.split())}  # words that are none of one's own
OF_A_TRADE: Final = {*SLOTS, "seasonal"}
SHARE: Final = 0.8  # of a pillar's texts, those that differ from trade to trade
KNOWN: Final = {"business", "platform", "filmed", "season", *OF_A_TRADE}

FILMED = [
    pillar for each in catalogue.preset("core-trio").cadences if each.platform == "youtube" for pillar in each.pillars
]


def slots(language: str, prompt: str) -> set[str]:
    """The names that a template uses."""
    source = (resources.folder("templates") / "posts" / language / f"{prompt}.j2").read_text("utf-8")
    return meta.find_undeclared_variables(environment(language).parse(source))


def says_of_the_trade(prompt: str, language: str) -> bool:
    """Whether a text, not only its hint, has a slot that bakers and electricians fill differently."""
    marked = dict.fromkeys(OF_A_TRADE - {"customers"}, "§") | {"customers": "K"}
    return "§" in filled(prompt, language, words=marked).text


@pytest.mark.parametrize("pillar", list(Pillar))
def test_a_pillar_has_prompts_for_ten_turns(pillar: Pillar) -> None:
    assert len(TEXTS.prompts("de")[pillar]) >= 10


def test_texts_are_tried_with_a_name_as_long_as_one_may_be() -> None:
    assert len(LONGEST_NAME) == business_form.LONGEST_NAME


@pytest.mark.parametrize(("language", "key"), every_text())
def test_a_text_is_ready_to_be_posted(language: str, key: str) -> None:
    for text in written(language, key):
        assert 0 < len(text.title) < (80 if key in NOTICES else 60), "two dates are long"
        assert text.hint.endswith((".", "?", "!"))
        assert 60 < len(text.text) <= LIMIT, "it fits on every platform of the catalogue"
        assert text.text.endswith("?"), "in the end it asks its reader something"
        said = "\n".join((text.title, text.hint, text.text))
        assert not any(mark in said for mark in "[]{}%#@_*<>"), "nothing to be filled in"
        assert not re.search(r"todo|fixme|tbd|xxx|lorem|\.\.\.", said, re.IGNORECASE)
        assert not re.search(r" {2}| [.,!?;:]|\n\n\n|[,;]\n| $", said.replace(" …", "…"), re.MULTILINE)


@pytest.mark.parametrize(("language", "key"), every_text())
def test_a_text_has_no_place_for_a_telephone_number(language: str, key: str) -> None:
    """Google rejects posts that hold one."""
    for text in written(language, key):
        assert not re.search(r"\d{3}|telefon|anruf|ruft|phone|\bcall\b|\bring\b", text.text, re.IGNORECASE)


@pytest.mark.parametrize(("language", "prompt"), [(x, p) for x in ("de", "en") for p in prompts(x)])
def test_every_slot_of_a_prompt_is_known(language: str, prompt: str) -> None:
    assert slots(language, prompt) <= KNOWN


@pytest.mark.parametrize(("language", "name"), [(x, n) for x in ("de", "en") for n in NOTICES])
def test_a_notice_knows_the_pause_alone(language: str, name: str) -> None:
    assert slots(language, name) <= {"business", "first", "last", "back"}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("pillar", list(Pillar))
def test_most_texts_speak_of_the_trade(language: str, pillar: Pillar) -> None:
    """A baker's then is not an electrician's."""
    there = TEXTS.prompts(language)[pillar]
    baker, electrician = (
        [filled(prompt, language, trade).text for prompt in there] for trade in ("bakery", "electrician")
    )
    differing = {prompt for prompt, one, other in zip(there, baker, electrician, strict=True) if one != other}
    assert len(differing) >= len(there) * SHARE
    assert differing == {prompt for prompt in there if says_of_the_trade(prompt, language)}


@pytest.mark.parametrize(("language", "key"), every_text())
def test_no_word_is_surely_of_the_other_language(language: str, key: str) -> None:
    for text in written(language, key):
        assert not set(re.findall(r"\w+", f"{text.title} {text.hint} {text.text}")) & FOREIGN[language]


def test_a_german_text_speaks_to_the_customers_as_ihr() -> None:
    """The hint speaks to the owner as Sie."""
    for key in (key for language, key in every_text() if language == "de"):
        for text in written("de", key):
            assert not re.search(r"\b(Sie|Ihnen|Ihre[nmrs]?)\b", text.text), key


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("pillar", FILMED)
def test_a_channel_of_videos_gets_hints_for_filming(language: str, pillar: Pillar) -> None:
    for prompt in TEXTS.prompts(language)[pillar]:
        filmed, shown = (filled(prompt, language, platform=platform) for platform in ("youtube", "gbp"))
        assert filmed.hint != shown.hint
        assert filmed.title == shown.title
        assert not re.search(r"\b(foto|photo|bild|picture)", filmed.hint + filmed.text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "names"),
    [("de", ["Frühling", "Sommer", "Herbst", "Winter"]), ("en", ["spring", "summer", "autumn", "winter"])],
)
@pytest.mark.parametrize("prompt", ["season/favourite", "season/time-of-year", "season/first-sign"])
def test_the_season_is_named(language: str, names: list[str], prompt: str) -> None:
    for season, name in zip(SEASONS, names, strict=True):
        text = filled(prompt, language, season=season).text
        assert [each for each in names if each in text] == [name]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_pause_is_told_with_its_days(language: str) -> None:
    """These stand in no rotation: nobody is closed every ninth week."""
    first, last, back = PAUSES[language]
    assert all(day in notice("closing/closed", language).text for day in (first, last, back, LONGEST_NAME))
    one_day = notice("closing/closed", language, days=1).text
    assert one_day.count(first) == 1
    assert last not in one_day
    assert LONGEST_NAME in notice("closing/back", language).text
    assert not set(NOTICES) & set(prompts(language))


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_two_texts_say_the_same(language: str) -> None:
    """Nor do they ask the same, or begin or go on alike for seven words."""
    texts = {key: written(language, key)[0].text.lower() for each, key in every_text() if each == language}
    asked = Counter(text.rsplit("\n", 1)[-1] for text in texts.values())
    assert [question for question, count in asked.items() if count > 1] == []
    told = Counter(
        run for key in texts for run in {run for text in unfilled(language, key) for run in runs(text.text, 7)}
    )
    assert [" ".join(run) for run, count in told.items() if count > 1] == []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("pillar", list(Pillar))
def test_no_two_prompts_of_a_pillar_have_one_title(language: str, pillar: Pillar) -> None:
    titles = [filled(prompt, language).title for prompt in TEXTS.prompts(language)[pillar]]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_of_a_trade_is_said_somewhere(language: str) -> None:
    """A word that no text uses would be written for nothing."""
    for trade, season in product(TRADES, SEASONS):
        found = [filled(prompt, language, trade, season=season) for prompt in prompts(language)]
        said = " ".join(f"{text.hint} {text.text}" for text in found)
        missing = {slot for slot, word in catalogue.trade_words(trade, language, season).items() if word not in said}
        assert not missing, trade


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_has_its_words_in_both_languages(trade: str) -> None:
    """A word without a German one would be said in English."""
    found = catalogue.trade(trade)
    assert set(found.names) == {"de", "en"}
    assert {slot for slot, words in found.phrases.items() if set(words) != {"de", "en"}} == set()
    assert all(words["question"].endswith("?") for season in SEASONS for words in [found.words("de", season)])


def test_a_text_is_rendered_again_only_when_something_it_names_differs() -> None:
    texts = PostTexts()

    def write(business: str, prompt: str, trade: str = "") -> PostText:
        words = catalogue.trade_words(trade, "de", "autumn")
        return texts.write(prompt, language="de", business=business, platform="gbp", season="autumn", **words)

    unnamed = next(prompt for prompt in prompts("de") if "business" not in slots("de", prompt))
    assert write("A", unnamed) is write("B", unnamed)
    placed = next(prompt for prompt in prompts("de") if slots("de", prompt) & OF_A_TRADE == {"place"})
    assert write("A", placed, "beauty") is write("A", placed, "photographer"), "both are in a studio"
    assert "Backstube" in write("A", placed, "bakery").text
    named = next(prompt for prompt in prompts("de") if "business" in slots("de", prompt))
    assert "Bäcker & Söhne" in write("Bäcker & Söhne", named).text
