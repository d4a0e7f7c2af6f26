"""The words of each trade fit the places they are put into: form, season, and advice that is some."""

import re
from itertools import product
from typing import Final

import pytest
from texts import DAYS, LANGUAGES, LIMIT, TRADES, every_text, filled, written

from planner import catalogue
from planner.catalogue.trades import SEASONS
from planner.core.model import Pillar

EVERY_TRADE: Final = pytest.mark.parametrize(("language", "trade"), list(product(LANGUAGES, TRADES)))
# A season lasts three months: what is named for it is as true on its first day as on its last.
FEASTS: Final = re.compile(
    r"weihnacht|advent|nikolaus|silvester|neujahr|oster|pfingst|fasching|fasnacht|karneval|krapfen|valentin|muttertag"
    r"|martins|laterne|halloween|erntedank|feiertag|stollen|plätzchen|\bgans\b|christmas|easter|whitsun|carnival"
    r"|new year's|lantern|\bgoose\b|mother's day|hot cross",
    re.IGNORECASE,
)
INVITES_TO_BUY: Final = re.compile(
    r"\b(kauft|bestellt|bucht|reserviert|greift zu|rabatt\w*|gutschein\w*|sonderpreis\w*|im angebot|denkt an uns"
    r"|(?<!you )buy (now|it|yours)|order (now|it|yours)|book (now|it|yours)|discount\w*|voucher\w*|on offer"
    r"|think of us)\b",
    re.IGNORECASE,
)
FORMS: Final = {  # of words that stand within a sentence; those after a colon are free
    ("de", "place"): r"(im|in der|auf dem|auf der|hinter der) [A-ZÄÖÜ]\w+",
    ("en", "place"): r"(in|at|on|behind) [a-z ]+",
    ("de", "work"): r"[A-ZÄÖÜ]\w+n",
    ("en", "work"): r"[a-z]+ing( [a-z]+)*",
    ("de", "product"): r"(einen|eine|ein|gut\w+) [\w ]+",
    ("de", "products"): r"[\wäöü]+ und [\w ]+",
    ("en", "products"): r"[\w ]+ and [\w ]+",
    ("de", "trade"): r"unsere? \w+",
    ("en", "trade"): r"our [\w ]+",
    ("de", "tool"): r"(der|die|das) .+",
    ("de", "unseen"): r"(der|die|das) .+",
    ("en", "unseen"): r"the .+",
    ("de", "howto"): r".+e?n",
    ("en", "howto"): r"\w+ing .+",
}


@EVERY_TRADE
def test_words_are_in_the_form_that_texts_put_them_in(language: str, trade: str) -> None:
    words = catalogue.trade_words(trade, language, "spring")
    wrong = {
        slot: words[slot]
        for (of, slot), form in FORMS.items()
        if of == language and not re.fullmatch(form, words[slot])
    }
    assert not wrong


@EVERY_TRADE
def test_a_season_names_no_feast_with_a_date(language: str, trade: str) -> None:
    named = {day.names[language].lower() for day in DAYS.values() if not day.trades}
    for season in SEASONS:
        seasonal = catalogue.trade_words(trade, language, season)["seasonal"]
        assert not FEASTS.search(seasonal), season
        assert not any(name in seasonal.lower() for name in named), season


@EVERY_TRADE
def test_advice_and_answer_are_whole_sentences_that_tell_something(language: str, trade: str) -> None:
    words = catalogue.trade_words(trade, language, "spring")
    for slot in ("advice", "answer"):
        assert re.fullmatch(r"[A-ZÄÖÜ][^?!]+\.", words[slot]), "no question in its turn"
        assert 1 <= len(re.findall(r"\.( |$)", words[slot])) <= 2
    assert len(words["advice"].split()) >= 12, "more than the thing to do once again"
    assert words["question"].endswith("?")


@EVERY_TRADE
@pytest.mark.parametrize(
    ("prompt", "told"),
    [("tip/try-at-home", "advice"), ("tip/make-it-last", "advice"), ("question/most-asked", "answer")],
)
def test_a_tip_is_told_and_not_promised(language: str, trade: str, prompt: str, told: str) -> None:
    text = filled(prompt, language, trade).text
    assert catalogue.trade_words(trade, language, "spring")[told] in text
    assert len(text) <= LIMIT


@pytest.mark.parametrize(("language", "key"), every_text())
def test_only_an_offer_invites_to_buy(language: str, key: str) -> None:
    pillar = DAYS[key.removeprefix("day/")].pillar if key.startswith("day/") else key.partition("/")[0]
    if pillar != Pillar.OFFER:
        assert not [text.text for text in written(language, key) if INVITES_TO_BUY.search(text.text)]


@pytest.mark.parametrize(
    "said", ["Bestellt bis Freitag.", "Ein Gutschein passt immer.", "Order it now", "with a discount"]
)
def test_an_invitation_to_buy_is_noticed(said: str) -> None:
    assert INVITES_TO_BUY.search(said)


@pytest.mark.parametrize("said", ["Stollen und Plätzchen", "Osterzopf", "the Christmas party", "Advent calendars"])
def test_a_feast_is_noticed(said: str) -> None:
    assert FEASTS.search(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_offer_is_made_where_a_day_is_about_people(language: str) -> None:
    """Friends are not recognised like a haircut, nor does a mother want a socket."""
    for day in ("valentines-day", "mothers-day", "fathers-day-de", "friendship-day", "childrens-day", "neighbours-day"):
        assert not re.search(r"\{\{ (product|products|work) \}\}", DAYS[day].texts[language]), day
