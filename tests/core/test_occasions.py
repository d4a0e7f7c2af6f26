"""Days that matter: those with the same date every year, and whom each is meant for. The movable ones are next door."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import holidays
import pytest

from planner.catalogue.occasions import occasions
from planner.core.model import Window
from planner.core.occasions import Fixed, Occasion, between

YEARS: Final = range(2024, 2036)
FIXED: Final = {
    "new-year": (1, 1), "epiphany": (1, 6), "data-privacy-day": (1, 28), "valentines-day": (2, 14),
    "healthy-eating-day": (3, 7), "womens-day": (3, 8), "back-health-day": (3, 15), "consumer-rights-day": (3, 15),
    "forests-day": (3, 21), "water-day": (3, 22), "health-day": (4, 7), "book-day": (4, 23), "may-day": (5, 1),
    "german-bread-day": (5, 5), "light-day": (5, 16), "childrens-day": (6, 1), "milk-day": (6, 1),
    "yoga-day": (6, 21), "end-of-asparagus": (6, 24), "friendship-day": (7, 30), "swiss-national-day": (8, 1),
    "photography-day": (8, 19), "physiotherapy-day": (9, 8), "world-childrens-day": (9, 20),
    "week-of-sport": (9, 23), "coffee-day": (10, 1), "german-unity-day": (10, 3), "world-bread-day": (10, 16),
    "pasta-day": (10, 25), "austrian-national-day": (10, 26), "halloween": (10, 31), "st-martin": (11, 11),
    "volunteers-day": (12, 5), "st-nicholas": (12, 6), "christmas": (12, 24), "new-years-eve": (12, 31),
}  # fmt: skip


def found(key: str) -> Occasion:
    return next(each for each in occasions() if each.key == key)


def test_every_day_of_every_file_is_checked_here() -> None:
    keys = [each.key for each in occasions()]
    assert len(keys) == len(set(keys)) >= 30
    assert {each.key for each in occasions() if isinstance(each.rule, Fixed)} == FIXED.keys()


@pytest.mark.parametrize("key", FIXED)
def test_a_fixed_day(key: str) -> None:
    assert {found(key).on(year) for year in YEARS} == {date(year, *FIXED[key]) for year in YEARS}


def in_library(country: str, subdiv: str | None, name: str) -> Iterator[date]:
    there = holidays.country_holidays(country, subdiv=subdiv, years=YEARS, language="de")
    yield from sorted(day for day, words in there.items() if name in words)


@pytest.mark.parametrize(
    ("key", "country", "subdiv", "name"),
    [
        ("german-unity-day", "DE", None, "Tag der Deutschen Einheit"),
        ("world-childrens-day", "DE", "TH", "Weltkindertag"), ("womens-day", "DE", "BE", "Frauentag"),
        ("austrian-national-day", "AT", None, "Nationalfeiertag"), ("swiss-national-day", "CH", None, "Nationalfeier"),
    ],
)  # fmt: skip
def test_a_day_that_is_a_holiday_too_is_where_the_library_has_it(
    key: str, country: str, subdiv: str | None, name: str
) -> None:
    assert [found(key).on(year) for year in YEARS] == list(in_library(country, subdiv, name))


# --- for whom -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "expected"),
    [("DE", {"fathers-day-de"}), ("AT", {"fathers-day-at"}), ("CH", {"fathers-day-ch"}), ("", set()), ("FR", set())],
)
def test_fathers_have_their_day_by_country(country: str, expected: set[str]) -> None:
    assert {e.key for e in occasions() if e.key.startswith("fathers") and e.is_for(country, "")} == expected


@pytest.mark.parametrize("country", ["DE", "AT", "CH", ""])
def test_mothers_have_theirs_in_all_three_and_wherever_nothing_is_said(country: str) -> None:
    assert found("mothers-day").is_for(country, "")
    assert not found("mothers-day").is_for("GB", "")  # it has another date there


def test_a_day_of_a_trade_is_for_that_trade() -> None:
    day = found("german-bread-day")
    assert [day.is_for("DE", trade) for trade in ("bakery", "hairdresser", "")] == [True, False, False]
    assert not day.is_for("AT", "bakery")


def test_a_window_is_half_open_and_crosses_the_year() -> None:
    days = between(occasions(), Window(date(2026, 12, 31), date(2027, 1, 6)))
    assert [(day, each.key) for day, each in days] == [
        (date(2026, 12, 31), "new-years-eve"), (date(2027, 1, 1), "new-year")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("DE", "NW", {"carnival-thursday", "rose-monday", "shrove-tuesday", "ash-wednesday"}),
        ("DE", "HH", {"shrove-tuesday", "ash-wednesday"}),
        ("DE", "", {"carnival-thursday", "rose-monday", "shrove-tuesday", "ash-wednesday"}),
        ("AT", "9", {"shrove-tuesday", "ash-wednesday"}),
        ("CH", "BS", {"basel-carnival"}),
        ("CH", "GE", set()),
        ("CH", "", {"basel-carnival"}),
    ],
)
def test_carnival_is_where_it_is_kept(country: str, region: str, expected: set[str]) -> None:
    season = {"carnival-thursday", "rose-monday", "shrove-tuesday", "ash-wednesday", "basel-carnival"}
    assert {each.key for each in occasions() if each.is_for(country, "bakery", region)} & season == expected


def test_a_region_of_one_country_says_nothing_of_another() -> None:
    made = replace(found("mothers-day"), regions=frozenset({"CH-BE"}))
    there = [("CH", "BE"), ("CH", "ZH"), ("DE", "BE"), ("DE", "HH")]
    assert [made.is_for(country, "", region) for country, region in there] == [True, False, True, True]


def test_every_region_is_one() -> None:
    known = {f"{country}-{region}" for country, them in holidays.list_supported_countries().items() for region in them}
    assert {region for each in occasions() for region in each.regions} <= known


@pytest.mark.parametrize("each", occasions(), ids=lambda each: each.key)
def test_a_day_says_in_both_languages_what_to_do_in_time(each: Occasion) -> None:
    assert 0 < each.lead <= 60
    for words in (each.names, each.ideas, each.texts, each.hints):
        assert set(words) == {"de", "en"}
    assert all(len(idea) < 60 for idea in each.ideas.values())
    assert all(hint.endswith((".", "?")) for hint in each.hints.values())
