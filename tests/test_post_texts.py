"""Every prompt renders for every platform and season, in both languages, ready to be posted."""

import re
from itertools import product

import pytest

from planner import catalogue
from planner.core.model import Pillar
from planner.render import PostText, PostTexts

SEASONS = ("spring", "summer", "autumn", "winter")
PLATFORMS = catalogue.platform_keys()
LONGEST_NAME = "Bäckerei & Konditorei Sonnenschein am Marktplatz"
TEXTS = PostTexts()
FOREIGN = {  # words of the other language that are none of one's own
    "de": {"the", "and", "you", "what", "is", "we", "your", "with", "this", "for", "our", "how"},
    "en": {"der", "die", "und", "wir", "ihr", "ist", "das", "mit", "euch", "ein", "eine", "Sie", "für"},
}
FILMED = [
    pillar for each in catalogue.preset("core-trio").cadences if each.platform == "youtube" for pillar in each.pillars
]


def prompts(language: str) -> list[str]:
    return [key for keys in TEXTS.prompts(language).values() for key in keys]


def written(language: str, prompt: str) -> list[PostText]:
    return [
        TEXTS.write(prompt, language=language, business=LONGEST_NAME, platform=platform, season=season)
        for platform, season in product(PLATFORMS, SEASONS)
    ]


def test_both_languages_have_the_same_prompts() -> None:
    assert prompts("de") == prompts("en")


@pytest.mark.parametrize("pillar", list(Pillar))
def test_a_pillar_has_enough_prompts_never_to_repeat_one(pillar: Pillar) -> None:
    assert len(TEXTS.prompts("de")[pillar]) >= 4


@pytest.mark.parametrize(("language", "prompt"), [(x, p) for x in ("de", "en") for p in prompts(x)])
def test_a_prompt_is_ready_to_be_posted(language: str, prompt: str) -> None:
    limit = min(catalogue.platform(key).text_limit or 10_000 for key in PLATFORMS)
    for text in written(language, prompt):
        assert 0 < len(text.title) < 60
        assert text.hint.endswith((".", "?", "!"))
        assert 60 < len(text.text) <= limit, "it fits on every platform of the catalogue"
        assert "?" in text.text, "it asks its reader something"
        said = " ".join((text.title, text.hint, text.text))
        assert not any(mark in said for mark in "{}%")
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
        filmed, shown = (
            TEXTS.write(prompt, language=language, business="A", platform=platform, season="spring")
            for platform in ("youtube", "gbp")
        )
        assert filmed.hint != shown.hint
        assert filmed.title == shown.title
        assert not re.search(r"\b(foto|photo|bild|picture)", filmed.hint + filmed.text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "names"),
    [("de", ["Frühling", "Sommer", "Herbst", "Winter"]), ("en", ["spring", "summer", "autumn", "winter"])],
)
@pytest.mark.parametrize("prompt", ["season/favourite", "season/time-of-year"])
def test_the_season_is_named(language: str, names: list[str], prompt: str) -> None:
    for season, name in zip(SEASONS, names, strict=True):
        text = TEXTS.write(prompt, language=language, business="A", platform="gbp", season=season).text
        assert [each for each in names if each in text] == [name]


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_two_prompts_say_the_same(language: str) -> None:
    texts = [written(language, prompt)[0].text for prompt in prompts(language)]
    assert len(set(texts)) == len(texts)


def test_a_text_is_rendered_again_only_when_something_it_names_differs() -> None:
    texts = PostTexts()

    def write(business: str, prompt: str) -> PostText:
        return texts.write(prompt, language="de", business=business, platform="gbp", season="autumn")

    assert write("A", "question/most-asked") is write("B", "question/most-asked")
    assert "A" in write("A", "question/first-time").text
    assert "Bäcker & Söhne" in write("Bäcker & Söhne", "question/first-time").text
