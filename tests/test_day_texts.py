"""Every idea of every day has a text for every trade, platform and language, to be posted just as it stands."""

import re
from datetime import date
from itertools import product
from typing import Final

import pytest
from test_post_texts import FOREIGN
from texts import LONGEST_NAME

from planner import catalogue
from planner.actions import plan
from planner.catalogue.occasions import WORDS, marked, occasions
from planner.core.occasions import Occasion

LANGUAGES: Final = ("de", "en")
LIMITS: Final = [catalogue.platform(key).text_limit for key in catalogue.platform_keys()]
TRADES: Final = ["", *catalogue.trade_keys()]
EVERY_DAY: Final = pytest.mark.parametrize("day", occasions(), ids=lambda day: day.key)


def written(day: Occasion, language: str, trade: str, business: str = LONGEST_NAME) -> str:
    """The text of a day as it is written into an idea."""
    words = catalogue.trade_words(trade, language, plan.season(day.on(2027)))
    return day.text(language, {**words, "business": business})


@EVERY_DAY
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_a_day_is_ready_to_be_posted(day: Occasion, language: str) -> None:
    for trade in TRADES:
        text = written(day, language, trade)
        assert all(len(text) <= limit for limit in LIMITS if limit), (len(text), text)
        assert re.fullmatch(r".{50,}\n\n[^\n?]+\?", text), "what there is to say, then one question"
        assert not set("[]{}%#@") & set(text)
        assert not re.search(r"\d|telefon|anruf|ruft|phone|\bcall\b|\bring\b", text, re.IGNORECASE)
        assert "  " not in text


@EVERY_DAY
def test_a_text_of_a_day_is_in_one_language_and_speaks_to_customers(day: Occasion) -> None:
    for language, trade in product(LANGUAGES, TRADES):
        said = f"{day.idea(language)} {day.hint(language)} {written(day, language, trade)}"
        assert not set(re.findall(r"\w+", said)) & FOREIGN[language], said
    for trade in TRADES:
        assert not re.search(r"\b(Sie|Ihnen|Ihre[nmrs]?)\b", written(day, "de", trade))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_days_say_or_ask_the_same(language: str) -> None:
    texts = [written(day, language, "bakery") for day in occasions()]
    for part in (0, -1):
        said = [text.split("\n\n")[part] for text in texts]
        assert sorted({each for each in said if said.count(each) > 1}) == []


def test_the_words_of_the_trade_make_one_trades_text_differ_from_anothers() -> None:
    same = {day.key for day in occasions() if written(day, "de", "bakery") == written(day, "de", "electrician")}
    bound = {day.key for day in occasions() if day.trades and not day.trades & {"bakery", "electrician"}}
    assert len(same - bound) <= 5, "some are about nothing but the day"


def test_a_text_holds_on_whatever_day_it_is_posted() -> None:
    """It is begun weeks ahead, and posted on any day until then."""
    for language, day in product(LANGUAGES, occasions()):
        said = written(day, language, "")
        assert not re.search(r"\b(heute|morgen ist|gestern|übermorgen|today|tomorrow|yesterday|tonight)\b", said), said


def test_every_word_can_be_said() -> None:
    day = next(each for each in occasions() if each.key == "advent-3")
    words = {**catalogue.trade_words("bakery", "de", "spring"), "business": "A"}
    assert set(words) == set(WORDS)
    assert "Ob Brote und Brötchen oder" in day.text("de", words)
    assert day.text("fr", words) == day.text("en", words), "a language nobody has written it in"


def test_a_mark_leads_back_to_its_day() -> None:
    day = marked("mothers-day-2027")
    assert day is not None
    assert (day.key, day.mark(date(2027, 5, 9))) == ("mothers-day", "mothers-day-2027")
    assert marked("doughnut-day-2027") is marked("") is None
