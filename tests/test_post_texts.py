"""Every prompt renders for every platform and season, in both languages, ready to be posted."""

from itertools import product

import pytest

from planner import catalogue
from planner.core.model import Pillar
from planner.render import PostText, PostTexts

SEASONS = ("spring", "summer", "autumn", "winter")
PLATFORMS = ("gbp", "whatsapp", "youtube")
TEXTS = PostTexts()
ENGLISH = {" the ", " and ", " you ", " what ", " is ", " we "}
GERMAN = {" der ", " die ", " und ", " wir ", " ihr ", " ist "}


def prompts(language: str) -> list[str]:
    return [key for keys in TEXTS.prompts(language).values() for key in keys]


def written(language: str, prompt: str) -> list[PostText]:
    return [
        TEXTS.write(prompt, language=language, business="Sonnenschein", platform=platform, season=season)
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
    foreign = ENGLISH if language == "de" else GERMAN
    for text in written(language, prompt):
        assert 0 < len(text.title) < 60
        assert text.hint.endswith((".", "?", "!"))
        assert 60 < len(text.text) <= limit
        assert "?" in text.text, "it asks its reader something"
        assert not any(mark in text.title + text.hint + text.text for mark in ("{", "}", "%}"))
        assert not any(word in f" {text.text.lower()} " for word in foreign)


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
