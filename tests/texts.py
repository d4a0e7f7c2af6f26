"""Every text there is to post, as it comes to be: of the prompts, of a pause, of the ideas of days."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Final

from planner import catalogue
from planner.actions.plan import filmed as hint_for
from planner.catalogue.occasions import occasions
from planner.catalogue.trades import SEASONS, SLOTS
from planner.core.occasions import Occasion
from planner.render import PostText, PostTexts

LANGUAGES: Final = ("de", "en")
PLATFORMS: Final = catalogue.platform_keys()
TRADES: Final = ["", *catalogue.trade_keys()]
LIMIT: Final = min(catalogue.platform(key).text_limit or 10_000 for key in PLATFORMS)
LONGEST_NAME: Final = (
    "Bäckerei & Konditorei Sonnenschein am Marktplatz, Inhaberin Annegret Oberhuber-Niederstraßer & Söhne"
)
TEXTS: Final = PostTexts()
DAYS: Final = {occasion.key: occasion for occasion in occasions()}
NOTICES: Final = ("closing/closed", "closing/back")
FILLED: Final = "\x00"  # what stands for a name or a word of a trade
PAUSES: Final = {
    "de": ("Donnerstag, 24. Dezember", "Mittwoch, 6. Januar", "Donnerstag, 7. Januar"),
    "en": ("Thursday, 24 December", "Wednesday, 6 January", "Thursday, 7 January"),
}


def prompts(language: str) -> list[str]:
    return [key for keys in TEXTS.prompts(language).values() for key in keys]


def filled(
    prompt: str,
    language: str,
    trade: str = "",
    *,
    platform: str = "gbp",
    season: str = "spring",
    business: str = "A",
    words: Mapping[str, str] | None = None,
) -> PostText:
    """A prompt with the words of a trade, or others in their place."""
    found = catalogue.trade_words(trade, language, season) if words is None else words
    return TEXTS.write(
        prompt, language=language, business=business, platform=platform, filmed=hint_for(None, platform),
        season=season, **found,
    )  # fmt: skip


def notice(name: str, language: str, business: str = LONGEST_NAME, *, days: int = 2) -> PostText:
    """What is said of a pause of one day or more."""
    first, last, back = PAUSES[language]
    return TEXTS.write(
        name, language=language, business=business, first=first, last=first if days == 1 else last, back=back
    )


def of_day(
    day: Occasion,
    language: str,
    trade: str,
    season: str,
    business: str = LONGEST_NAME,
    *,
    words: Mapping[str, str] | None = None,
) -> PostText:
    """What the idea of a day becomes, with the words of a trade, or others in their place."""
    found = catalogue.trade_words(trade, language, season) if words is None else words
    return PostText(day.idea(language), day.hint(language), day.text(language, {"business": business, **found}))


@cache
def written(language: str, prompt: str) -> list[PostText]:
    """A prompt, a notice or a day (day/…) for every trade it is meant for, platform and season; each text once."""
    return list(dict.fromkeys(_written(language, prompt)))


def _written(language: str, prompt: str) -> Iterator[PostText]:
    if prompt in NOTICES:
        yield from (notice(prompt, language, days=days) for days in (1, 2))
    elif prompt.startswith("day/"):
        day = DAYS[prompt.removeprefix("day/")]
        for trade, season in product(sorted(day.trades) or TRADES, SEASONS):
            yield of_day(day, language, trade, season)
    else:
        for trade, platform, season in product(TRADES, PLATFORMS, SEASONS):
            yield filled(prompt, language, trade, platform=platform, season=season, business=LONGEST_NAME)


def every_text() -> list[tuple[str, str]]:
    """Language and key of every text."""
    return [
        (language, key)
        for language in LANGUAGES
        for key in (*prompts(language), *NOTICES, *(f"day/{day}" for day in DAYS))
    ]


def words(text: str) -> list[str]:
    return re.findall(rf"[^\W\d_]+|{FILLED}", text.lower())


def parts(text: PostText) -> str:
    return f" {FILLED} ".join((text.title, text.hint, text.text))


def unfilled(language: str, key: str) -> Iterator[PostText]:
    """A text in every shape it has, with nothing in its slots that is not its own."""
    slots = dict.fromkeys((*SLOTS, "seasonal"), FILLED)
    if key in NOTICES:
        days = dict.fromkeys(("first", "last", "back"), FILLED)
        yield TEXTS.write(key, language=language, business=FILLED, **days)
        yield TEXTS.write(key, language=language, business=FILLED, **{**days, "last": f"{FILLED} {FILLED}"})
    elif key.startswith("day/"):
        yield of_day(DAYS[key.removeprefix("day/")], language, "", "spring", FILLED, words=slots)
    else:
        for platform, season in product(("gbp", "youtube"), SEASONS):
            yield filled(key, language, platform=platform, season=season, business=FILLED, words=slots)


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    there = words(text)
    found = {tuple(there[at : at + length]) for at in range(len(there) - length + 1)}
    return {run for run in found if FILLED not in run}
