"""Public holidays of a country and region: for looking at, and for cadences that give way to them.

What closes the shop is a pause.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from planner.core.model import Business, Window


@dataclass(frozen=True, slots=True)
class Holidays:
    """The public holidays of a country and region, of any year, as something a local day is in or not."""

    country: str
    region: str
    language: str = ""

    @classmethod
    def of(cls, business: Business) -> "Holidays":
        """Those of a business, named in its language as far as the library can; none without a country."""
        return cls(business.country, business.region, business.language)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and bool(self.name(day))

    def name(self, day: date) -> str:
        """What the holiday is called; empty for another day."""
        return _of_year(self.country, self.region, self.language, day.year).get(day, "") if self.country else ""


def public_holidays(business: Business, days: Window[date], language: str) -> dict[date, str]:
    """The public holidays on local days of a half-open window, named in a language as far as the library can."""
    if not business.country:
        return {}
    there = (business.country, business.region or "", language)
    years = range(days.start.year, days.end.year + 1)
    return {day: name for year in years for day, name in _of_year(*there, year).items() if day in days}


@lru_cache(maxsize=256)
def _of_year(country: str, region: str, language: str, year: int) -> Mapping[date, str]:
    import holidays

    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=_language(country, language))
    return MappingProxyType(dict(found.items()))


def _language(country: str, language: str) -> str | None:
    import holidays

    known = getattr(getattr(holidays, country, None), "supported_languages", ())
    wanted = {"de": "de", "en": "en_US"}.get(language)
    return wanted if wanted in known else None
