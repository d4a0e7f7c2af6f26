"""Every prompt renders for every trade, platform and season, in both languages, ready to be posted."""

import re
from itertools import product
from typing import Final

import pytest

from planner import catalogue
from planner.catalogue.trades import SEASONS
from planner.core.model import Pillar
from planner.render import PostText, PostTexts

PLATFORMS = catalogue.platform_keys()
TRADES = ["", *catalogue.trade_keys()]
LONGEST_NAME = "Bäckerei & Konditorei Sonnenschein am Marktplatz"
TEXTS = PostTexts()
ENGLISH: Final = (
    "the and you what is we your with this for our how are of to it that on at from have has which who when they "
    "their would do does can could because"
)
GERMAN: Final = (
    "der die und wir ihr ist das mit euch ein eine einen Sie für von zu im auf bei nicht oder wer wie den dem uns "
    "unser unsere sich auch noch nur aus nach wenn dass"
)
FOREIGN: Final = {"de": set(ENGLISH.split()), "en": set(GERMAN.split())}  # words that are none of one's own
FILMED = [
    pillar for each in catalogue.preset("core-trio").cadences if each.platform == "youtube" for pillar in each.pillars
]


def prompts(language: str) -> list[str]:
    return [key for keys in TEXTS.prompts(language).values() for key in keys]


def written(language: str, prompt: str) -> list[PostText]:
    """The prompt for every trade, platform and season; each text that comes of it once."""
    return list(
        {
            filled(prompt, language, trade, platform=platform, season=season, business=LONGEST_NAME)
            for trade, platform, season in product(TRADES, PLATFORMS, SEASONS)
        }
    )


def filled(
    prompt: str, language: str, trade: str = "", *, platform: str = "gbp", season: str = "spring", business: str = "A"
) -> PostText:
    words = catalogue.trade_words(trade, language, season)
    return TEXTS.write(prompt, language=language, business=business, platform=platform, season=season, **words)


def test_both_languages_have_the_same_prompts() -> None:
    assert prompts("de") == prompts("en")


@pytest.mark.parametrize("pillar", list(Pillar))
def test_a_pillar_has_prompts_for_ten_turns(pillar: Pillar) -> None:
    assert len(TEXTS.prompts("de")[pillar]) >= 10


@pytest.mark.parametrize(("language", "prompt"), [(x, p) for x in ("de", "en") for p in prompts(x)])
def test_a_prompt_is_ready_to_be_posted(language: str, prompt: str) -> None:
    limit = min(catalogue.platform(key).text_limit or 10_000 for key in PLATFORMS)
    for text in written(language, prompt):
        assert 0 < len(text.title) < 60
        assert text.hint.endswith((".", "?", "!"))
        assert 60 < len(text.text) <= limit, "it fits on every platform of the catalogue"
        assert text.text.endswith("?"), "in the end it asks its reader something"
        said = " ".join((text.title, text.hint, text.text))
        assert not any(mark in said for mark in "{}%#@")
        blanks = re.findall(r"\[[^][]{1,80}\]", said)
        assert said.count("[") == said.count("]") == len(blanks)
        assert not set(re.findall(r"\w+", said)) & FOREIGN[language]


@pytest.mark.parametrize(("language", "prompt"), [(x, p) for x in ("de", "en") for p in prompts(x)])
def test_a_text_has_no_place_for_a_telephone_number(language: str, prompt: str) -> None:
    """Google rejects posts that hold one."""
    for text in written(language, prompt):
        assert not re.search(r"\d{3}|telefon|anruf|ruft|phone|\bcall\b|\bring\b", text.text, re.IGNORECASE)


def test_a_german_text_speaks_to_the_customers_as_ihr() -> None:
    """The hint speaks to the owner as Sie; so may a blank, as the owner fills it."""
    for prompt in prompts("de"):
        for text in written("de", prompt):
            said = re.sub(r"\[.*?\]", "", text.text)
            assert not re.search(r"\b(Sie|Ihnen|Ihre[nmrs]?)\b", said), prompt


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


@pytest.mark.parametrize("name", ["closed", "back"])
@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("de", ("Donnerstag, 24. Dezember", "Mittwoch, 6. Januar", "Donnerstag, 7. Januar")),
        ("en", ("Thursday, 24 December", "Wednesday, 6 January", "Thursday, 7 January")),
        ("de", ("Donnerstag, 24. Dezember", "Donnerstag, 24. Dezember", "Freitag, 25. Dezember")),
    ],
)
def test_a_pause_is_told_on_every_platform(language: str, days: tuple[str, str, str], name: str) -> None:
    """These stand in no rotation: nobody is closed every ninth week."""
    first, last, back = days
    text = TEXTS.write(f"closing/{name}", language=language, business=LONGEST_NAME, first=first, last=last, back=back)
    assert len(text.text) <= min(catalogue.platform(key).text_limit or 10_000 for key in PLATFORMS)
    assert text.text.endswith("?")
    assert not set(re.findall(r"\w+", f"{text.title} {text.hint} {text.text}")) & FOREIGN[language]
    assert all(day in text.text for day in days) or name == "back"
    assert f"closing/{name}" not in prompts(language)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_two_prompts_say_the_same(language: str) -> None:
    texts = [filled(prompt, language).text for prompt in prompts(language)]
    assert len(set(texts)) == len(texts)


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

    assert write("A", "question/most-asked") is write("B", "question/most-asked")
    assert write("A", "question/most-asked") is write("A", "question/most-asked", "bakery")
    assert "A" in write("A", "question/first-time").text
    assert "Backstube" in write("A", "question/one-wish", "bakery").text
    assert "Bäcker & Söhne" in write("Bäcker & Söhne", "question/first-time").text
