"""Where a business can be: countries and their regions with public holidays, and time zones, in words people know.

Countries are named by Babel, regions by ``holidays``, which zones a country has by the zone rules' own table.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

from babel import Locale
from babel.dates import get_timezone_location

Choice = tuple[str, str]
_FIRST: Final = ("DE", "AT", "CH", "LI", "LU", "GB", "IE", "US", "CA", "AU", "NZ")


@cache
def countries(language: str) -> Sequence[Choice]:
    """The countries whose public holidays are known, by name; those where people speak our languages come first."""
    names = Locale.parse(language).territories
    known = [(code, str(names[code])) for code in _regions() if len(code) == 2 and code in names]
    first = [(code, name) for wanted in _FIRST for code, name in known if code == wanted]
    return (*first, *sorted((each for each in known if each not in first), key=lambda each: _sorting(each[1])))


def is_known(country: str) -> bool:
    """Whether the public holidays of a country are known, by any of its codes."""
    return country in _regions()


@cache
def regions(country: str) -> Sequence[Choice]:
    """The regions of a country with holidays of their own, by name; none for a country that has none or is unknown."""
    if country not in _regions():
        return ()
    import holidays

    names = holidays.country_holidays(country).get_subdivision_aliases()
    found = [(code, (names.get(code) or [code])[0]) for code in _regions()[country]]
    return tuple(sorted(found, key=lambda each: _sorting(each[1])))


def in_words(country: str, region: str, language: str) -> str:
    """Where somebody is: region, country; empty if nothing is said."""
    there = (dict(regions(country)).get(region, region), dict(countries(language)).get(country, country))
    return ", ".join(part for part in there if part)


@cache
def zones(language: str) -> Sequence[tuple[str, Sequence[Choice]]]:
    """All time zones that are a place, by continent."""
    found: dict[str, list[Choice]] = defaultdict(list)
    for name in sorted({zone for zones in _zones().values() for zone in zones}):
        found[name.partition("/")[0]].append((name, city(name, language)))
    return tuple(
        (continent, tuple(sorted(names, key=lambda each: _sorting(each[1]))))
        for continent, names in sorted(found.items())
    )


@cache
def zones_of(country: str, language: str) -> Sequence[Choice]:
    """The zones of a country, the one where most people live first."""
    return tuple((name, city(name, language)) for name in _zones().get(country, ()))


def country_of(zone: str) -> str:
    """The country of a time zone, of several the first in the table; empty if its holidays are not known."""
    return next((code for code, names in _zones().items() if zone in names and is_known(code)), "")


def city(zone: str, language: str) -> str:
    """What a zone is called after: Vienna, Wien; of one without a city its own name."""
    try:
        return str(get_timezone_location(zone, locale=language, return_city=True)) or zone
    except LookupError:
        return zone


@cache
def _regions() -> dict[str, list[str]]:
    import holidays

    return holidays.list_supported_countries()


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Zones by country, of the table that comes with the zone rules: code, coordinates, zone, comments."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _where, name = line.split("\t")[:3]
            found[code].append(name)
    return {code: tuple(names) for code, names in found.items()}


def _sorting(name: str) -> str:
    """Umlauts among their vowels, as a dictionary has them."""
    return name.casefold().translate(str.maketrans("äöüéèâôßåç", "aoueeaosac"))
