"""The movable days, 2024 to 2035, on three roads that are not the planner's own.

Reckoned: each rule as those who keep the day put it, in whole numbers only. Easter is that of Gauss and Lichtenberg, a
day is its number of the Julian period, a weekday the remainder by seven. Published: what somebody printed, and where.
Elsewhere: the clocks in the tz database, and the same days among the public holidays of other countries, in a library
that takes Easter from where we do, so that it proves the way from there, and the weekdays.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import holidays
import pytest

from planner.catalogue.occasions import occasions
from planner.core.occasions import Fixed, Occasion

YEARS: Final = range(2024, 2036)
THU, FRI, SAT, SUN = 3, 4, 5, 6
MOVABLE: Final = [each for each in occasions() if not isinstance(each.rule, Fixed)]


def found(key: str) -> Occasion:
    return next(each for each in occasions() if each.key == key)


# --- reckoned -------------------------------------------------------------------------------------------


def number(year: int, month: int, day: int) -> int:
    """The number of a day in the Julian period, by Fliegel and Van Flandern; divided by seven, a Monday leaves none."""
    early = -1 if month < 3 else 0
    years = 1461 * (year + 4800 + early) // 4
    return years + 367 * (month - 2 - 12 * early) // 12 - 3 * ((year + 4900 + early) // 100) // 4 + day - 32075


def easter(year: int) -> int:
    """Easter Sunday by Gauss's formula, as Lichtenberg rid it of exceptions in 1997."""
    century = year // 100
    sun = 2 - (3 * century + 3) // 4
    seed = (19 * (year % 19) + 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25) % 30
    border = 21 + seed - (seed // 29 + (seed // 28 - seed // 29) * (year % 19 // 11))
    first_sunday = 7 - (year + year // 4 + sun) % 7
    return number(year, 3, border + 7 - (border - first_sunday) % 7)


def from_easter(days: int) -> Callable[[int], int]:
    return lambda year: easter(year) + days


def nth(month: int, weekday: int, place: int, plus: int = 0) -> Callable[[int], int]:
    def reckon(year: int) -> int:
        first = number(year, month, 1)
        return first + (weekday - first) % 7 + 7 * (place - 1) + plus

    return reckon


def last(month: int, weekday: int) -> Callable[[int], int]:
    """The last such weekday of a month of 31 days."""
    return lambda year: number(year, month, 31) - (number(year, month, 31) - weekday) % 7


def sunday_of_advent(place: int) -> Callable[[int], int]:
    """The Sunday after 26 November is the first, as the archbishopric of Paderborn says."""
    return lambda year: number(year, 11, 27) + (SUN - number(year, 11, 27)) % 7 + 7 * (place - 1)


def neighbours(year: int) -> int:
    friday = last(5, FRI)(year)
    return friday - 7 if friday == easter(year) + 40 else friday


# By the rule of those who keep it; where it was read.
SAID: Final[dict[str, tuple[Callable[[int], int], str]]] = {
    "carnival-thursday": (from_easter(-52), "stoermede.de, bewegliche Feste"),
    "rose-monday": (from_easter(-48), "stoermede.de; gmx.net"),
    "shrove-tuesday": (from_easter(-47), "stoermede.de; readersdigest.de"),
    "ash-wednesday": (from_easter(-46), "koeln.de; readersdigest.de"),
    "basel-carnival": (from_easter(-41), "the Monday after Ash Wednesday: trek.zone, Basler Fasnacht"),
    "maundy-thursday": (from_easter(-3), "stoermede.de; readersdigest.de"),
    "easter": (easter, "Gauss and Lichtenberg"),
    "first-communion": (from_easter(7), "Low Sunday, the eighth day of Easter"),
    "fathers-day-de": (from_easter(39), "Ascension Day: nau.ch, gmx.net"),
    "whitsun": (from_easter(49), "stoermede.de"),
    "mill-day": (from_easter(50), "Whit Monday: stoermede.de"),
    "mothers-day": (nth(5, SUN, 2), "wdr.de; schweiz-kalender.ch"),
    "neighbours-day": (neighbours, "the last Friday of May: stadtkultur-hh.de; a week earlier: presse.nebenan.de"),
    "fathers-day-ch": (nth(6, SUN, 1), "nau.ch; erf-medien.ch"),
    "fathers-day-at": (nth(6, SUN, 2), "nau.ch"),
    "road-safety-day": (nth(6, SAT, 3), "dvr.de"),
    "heritage-day": (nth(9, SUN, 2), "papenburg.de; badessen.de"),
    "crafts-day": (nth(9, SAT, 3), "handwerk.de"),
    "federal-day-of-prayer": (nth(9, SUN, 3), "the day before the holiday in Vaud"),
    "harvest-festival": (nth(10, SUN, 1), "schule-verstehen.de; schulferien.cc"),
    "egg-day": (nth(10, FRI, 2), "lubing.de; solgrid.org.uk"),
    "summer-time": (last(3, SUN), "stadt-brandenburg.de; suedostschweiz.ch"),
    "winter-time": (last(10, SUN), "stadt-brandenburg.de; suedostschweiz.ch"),
    "black-friday": (nth(11, THU, 4, plus=1), "the day after Thanksgiving: gadgetbond.com"),
    "cyber-monday": (nth(11, THU, 4, plus=4), "the Monday after it: abedson.com"),
    "advent-1": (sunday_of_advent(1), "erzbistum-paderborn.de"),
    "advent-2": (sunday_of_advent(2), "erzbistum-paderborn.de"),
    "advent-3": (sunday_of_advent(3), "erzbistum-paderborn.de"),
    "advent-4": (sunday_of_advent(4), "erzbistum-paderborn.de"),
}


@pytest.mark.parametrize("each", MOVABLE, ids=lambda each: each.key)
def test_a_day_is_where_its_keepers_rule_puts_it(each: Occasion) -> None:
    reckon, _where = SAID[each.key]
    planned = [each.on(year) for year in YEARS]
    assert [number(day.year, day.month, day.day) for day in planned] == [reckon(year) for year in YEARS]


def test_no_rule_is_reckoned_for_a_day_that_is_gone() -> None:
    assert SAID.keys() == {each.key for each in MOVABLE}


# --- published ------------------------------------------------------------------------------------------

CRAFTS: Final = "2020-09-19 2021-09-18 2022-09-17 2023-09-16 2024-09-21 2025-09-20 2026-09-19 2027-09-18 2028-09-16"
PUBLISHED: Final = [
    # Fasnachtstermine bis 2116: münsterhexen.de
    ("carnival-thursday", "2024-02-08 2025-02-27 2026-02-12 2027-02-04 2028-02-24 2029-02-08 2030-02-28 2031-02-20"),
    ("carnival-thursday", "2032-02-05 2033-02-24 2034-02-16 2035-02-01"),
    ("ash-wednesday", "2024-02-14 2025-03-05 2026-02-18 2027-02-10 2028-03-01 2029-02-14 2030-03-06 2031-02-26"),
    ("ash-wednesday", "2032-02-11 2033-03-02 2034-02-22 2035-02-07"),
    # Karnevalstage: mg-mkv.de
    ("rose-monday", "2024-02-12 2025-03-03 2026-02-16 2027-02-08 2028-02-28 2029-02-12 2030-03-04 2031-02-24"),
    ("shrove-tuesday", "2024-02-13 2025-03-04 2026-02-17 2027-02-09 2028-02-29 2029-02-13 2030-03-05 2031-02-25"),
    # veranstaltungs-kalender.ch; messagefrommyroomie.com
    ("basel-carnival", "2024-02-19 2017-03-06"),
    # stadt-brandenburg.de
    ("easter", "2026-04-05 2027-03-28 2028-04-16"),
    # stadt-regional.de
    ("whitsun", "2024-05-19"),
    # wdr.de; nau.ch
    ("fathers-day-de", "2018-05-10 2021-05-13 2022-05-26"),
    # schweiz-kalender.ch
    ("mothers-day", "2020-05-10 2021-05-09 2022-05-08 2023-05-14 2024-05-12 2025-05-11 2026-05-10 2027-05-09"),
    ("mothers-day", "2028-05-14 2029-05-13"),
    # netzwerk-immovielien.de, reinickendorfer-allgemeine.de, unterschleissheim.de, finanznachrichten.de (ots),
    # presse.nebenan.de, finanznachrichten.de (ots), presse.nebenan.de, forum-seniorenarbeit.de
    ("neighbours-day", "2018-05-25 2019-05-24 2020-05-29 2021-05-28 2022-05-20 2023-05-26 2024-05-31 2025-05-23"),
    # nau.ch; feiertagskalender.ch
    ("fathers-day-ch", "2021-06-06 2022-06-05 2024-06-02"),
    ("fathers-day-at", "2021-06-13 2022-06-12"),
    # motorjournalist.de; lifepr.de (Automobilclub KS)
    ("road-safety-day", "2018-06-16 2025-06-21"),
    # breisgau-burgen.de; berching.de
    ("heritage-day", "2024-09-08 2026-09-13"),
    # kuriose-feiertage.de; handwerk.de
    ("crafts-day", f"{CRAFTS} 2029-09-15 2030-09-21 2016-09-17"),
    # smart-rechner.de; schulferien.cc
    ("harvest-festival", "2022-10-02 2023-10-01 2024-10-06 2025-10-05 2026-10-04 2027-10-03 2028-10-01 2029-10-07"),
    ("harvest-festival", "2030-10-06"),
    # wattagnet.com, tnpscthervupettagam.com, stationremodel.com, lubing.de, solgrid.org.uk
    ("egg-day", "2013-10-11 2018-10-12 2019-10-11 2020-10-09 2021-10-08"),
    # stadt-brandenburg.de, ol.wittich.de
    ("summer-time", "2024-03-31 2025-03-30"),
    ("winter-time", "2024-10-27 2025-10-26"),
    # abedson.com
    ("black-friday", "2024-11-29"),
    ("cyber-monday", "2024-12-02"),
    # kwheute.de, religiousopinions.com, gesamtschule-schinkel.de
    ("advent-1", "2018-12-02 2019-12-01 2024-12-01 2025-11-30 2026-11-29 2027-11-28 2028-12-03"),
    ("advent-2", "2018-12-09"),
    ("advent-3", "2018-12-16"),
    ("advent-4", "2018-12-23 2019-12-22"),
]


@pytest.mark.parametrize(("key", "dates"), PUBLISHED)
def test_a_day_is_where_it_was_printed(key: str, dates: str) -> None:
    printed = [date.fromisoformat(each) for each in dates.split()]
    assert [found(key).on(day.year) for day in printed] == printed


# --- elsewhere ------------------------------------------------------------------------------------------

# As a holiday of a country and region, by its English name there, so many days after ours.
ELSEWHERE: Final = [
    ("rose-monday", "AR", None, "Carnival Monday", 0), ("shrove-tuesday", "AR", None, "Carnival Tuesday", 0),
    ("maundy-thursday", "AR", None, "Maundy Thursday", 0), ("easter", "DE", "BB", "Easter Sunday", 0),
    ("fathers-day-de", "DE", None, "Ascension Day", 0), ("whitsun", "DE", "BB", "Whit Sunday", 0),
    ("mill-day", "DE", None, "Whit Monday", 0), ("fathers-day-ch", "LT", None, "Father's Day", 0),
    ("federal-day-of-prayer", "CH", "VD", "Prayer Monday", 1),
    ("black-friday", "US", "CA", "Day After Thanksgiving", 0),
]  # fmt: skip


@pytest.mark.parametrize(("key", "country", "region", "name", "later"), ELSEWHERE)
def test_a_day_that_is_a_holiday_elsewhere_is_where_the_library_has_it(
    key: str, country: str, region: str | None, name: str, later: int
) -> None:
    there = holidays.country_holidays(country, subdiv=region, years=YEARS, language="en_US")
    planned = [found(key).on(year).toordinal() + later for year in YEARS]
    assert planned == sorted(day.toordinal() for day, words in there.items() if name in words)


@pytest.mark.parametrize(("key", "before", "after"), [("summer-time", 1, 2), ("winter-time", 2, 1)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"])
def test_the_clocks_change_when_the_database_of_time_zones_says(key: str, before: int, after: int, zone: str) -> None:
    for year in YEARS:
        day = found(key).on(year)
        hours = [datetime(*day.timetuple()[:3], hour, 30, tzinfo=UTC).astimezone(ZoneInfo(zone)) for hour in (0, 1)]
        assert [hour.utcoffset().seconds // 3600 for hour in hours if hour.utcoffset()] == [before, after]
        assert {hour.date() for hour in hours} == {day}


def test_every_movable_day_was_printed_or_is_kept_elsewhere() -> None:
    """Low Sunday alone rests on its rule: no list of it was found."""
    seen = {key for key, _dates in PUBLISHED} | {row[0] for row in ELSEWHERE}
    assert {each.key for each in MOVABLE} - seen == {"first-communion"}
