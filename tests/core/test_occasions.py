"""Days that matter: every rule of every file against dates from elsewhere, 2024 to 2035.

Easter is the published table. Weekdays of a month are counted on the leaves of the calendar module, days before
Christmas day by day; some of the best known have their published dates on top.
"""

from calendar import Calendar
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

import holidays
import pytest

from planner.catalogue.occasions import occasions
from planner.core.model import Window
from planner.core.occasions import Fixed, Occasion, between

YEARS: Final = range(2024, 2036)
MON, THU, FRI, SAT, SUN = 0, 3, 4, 5, 6
EASTER: Final = dict(zip(
    YEARS,
    [(3, 31), (4, 20), (4, 5), (3, 28), (4, 16), (4, 1), (4, 21), (4, 13), (3, 28), (4, 17), (4, 9), (3, 25)],
    strict=True,
))  # fmt: skip
PUBLISHED: Final = {
    "mothers-day": "05-12 05-11 05-10 05-09 05-14 05-13 05-12 05-11 05-09 05-08 05-14 05-13",
    "fathers-day-de": "05-09 05-29 05-14 05-06 05-25 05-10 05-30 05-22 05-06 05-26 05-18 05-03",
    "rose-monday": "02-12 03-03 02-16 02-08 02-28 02-12 03-04 02-24 02-09 02-28 02-20 02-05",
    "advent-1": "12-01 11-30 11-29 11-28 12-03 12-02 12-01 11-30 11-28 11-27 12-03 12-02",
    "black-friday": "11-29 11-28 11-27 11-26 11-24 11-23 11-29 11-28 11-26 11-25 11-24 11-23",
    "crafts-day": "09-21 09-20 09-19 09-18 09-16 09-15 09-21 09-20 09-18 09-17 09-16 09-15",
    "summer-time": "03-31 03-30 03-29 03-28 03-26 03-25 03-31 03-30 03-28 03-27 03-26 03-25",
    "federal-day-of-prayer": "09-15 09-21 09-20 09-19 09-17 09-16 09-15 09-21 09-19 09-18 09-17 09-16",
}
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


def easter(year: int) -> date:
    return date(year, *EASTER[year])


def on_leaf(month: int, weekday: int, place: int) -> Callable[[int], date]:
    """The weekday at a place, from 0, of those on the leaf of a month."""
    return lambda year: [
        day for day in Calendar().itermonthdates(year, month) if day.month == month and day.weekday() == weekday
    ][place]


def sunday_before_christmas(number: int) -> Callable[[int], date]:
    def find(year: int) -> date:
        day, left = date(year, 12, 25), number
        while left:
            day -= timedelta(days=1)
            left -= day.weekday() == SUN
        return day

    return find


def after_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def after(found: Callable[[int], date], days: int) -> Callable[[int], date]:
    return lambda year: found(year) + timedelta(days=days)


MOVABLE: Final[dict[str, Callable[[int], date]]] = {
    "carnival-thursday": after_easter(-52), "rose-monday": after_easter(-48), "shrove-tuesday": after_easter(-47),
    "ash-wednesday": after_easter(-46), "basel-carnival": after_easter(-41), "maundy-thursday": after_easter(-3),
    "easter": easter, "first-communion": after_easter(7), "fathers-day-de": after_easter(39),
    "whitsun": after_easter(49), "mill-day": after_easter(50),
    "mothers-day": on_leaf(5, SUN, 1), "neighbours-day": on_leaf(5, FRI, -1),
    "fathers-day-ch": on_leaf(6, SUN, 0), "fathers-day-at": on_leaf(6, SUN, 1), "road-safety-day": on_leaf(6, SAT, 2),
    "heritage-day": on_leaf(9, SUN, 1), "crafts-day": on_leaf(9, SAT, 2), "federal-day-of-prayer": on_leaf(9, SUN, 2),
    "harvest-festival": on_leaf(10, SUN, 0), "egg-day": on_leaf(10, FRI, 1),
    "summer-time": on_leaf(3, SUN, -1), "winter-time": on_leaf(10, SUN, -1),
    "black-friday": after(on_leaf(11, THU, 3), 1), "cyber-monday": after(on_leaf(11, THU, 3), 4),
    "advent-1": sunday_before_christmas(4), "advent-2": sunday_before_christmas(3),
    "advent-3": sunday_before_christmas(2), "advent-4": sunday_before_christmas(1),
}  # fmt: skip


def found(key: str) -> Occasion:
    return next(each for each in occasions() if each.key == key)


def test_every_day_of_every_file_is_checked_here() -> None:
    keys = [each.key for each in occasions()]
    assert len(keys) == len(set(keys)) >= 30
    assert {each.key for each in occasions() if isinstance(each.rule, Fixed)} == FIXED.keys()
    assert set(keys) == FIXED.keys() | MOVABLE.keys()


@pytest.mark.parametrize("key", MOVABLE)
def test_a_movable_day(key: str) -> None:
    assert [found(key).on(year) for year in YEARS] == [MOVABLE[key](year) for year in YEARS]


@pytest.mark.parametrize("key", FIXED)
def test_a_fixed_day(key: str) -> None:
    assert {found(key).on(year) for year in YEARS} == {date(year, *FIXED[key]) for year in YEARS}


@pytest.mark.parametrize("key", PUBLISHED)
def test_a_day_is_where_calendars_have_it(key: str) -> None:
    assert [f"{found(key).on(year):%m-%d}" for year in YEARS] == PUBLISHED[key].split()


def in_library(country: str, subdiv: str | None, name: str) -> Iterator[date]:
    there = holidays.country_holidays(country, subdiv=subdiv, years=YEARS, language="de")
    yield from sorted(day for day, words in there.items() if name in words)


@pytest.mark.parametrize(
    ("key", "country", "subdiv", "name"),
    [
        ("fathers-day-de", "DE", None, "Christi Himmelfahrt"), ("mill-day", "DE", None, "Pfingstmontag"),
        ("whitsun", "DE", "BB", "Pfingstsonntag"), ("easter", "DE", "BB", "Ostersonntag"),
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


@pytest.mark.parametrize("each", occasions(), ids=lambda each: each.key)
def test_a_day_says_in_both_languages_what_to_do_in_time(each: Occasion) -> None:
    assert 0 < each.lead <= 60
    for words in (each.names, each.ideas, each.texts, each.hints):
        assert set(words) == {"de", "en"}
    assert all(len(idea) < 60 for idea in each.ideas.values())
    assert all(hint.endswith((".", "?")) for hint in each.hints.values())
