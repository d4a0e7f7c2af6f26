"""Public holidays of a business's country and region, for looking at; what closes the shop is a pause."""

from datetime import date
from functools import lru_cache

from planner.core.model import Business, Window


def public_holidays(business: Business, days: Window[date], language: str) -> dict[date, str]:
    """The public holidays on local days of a half-open window, named in a language as far as the library can."""
    if not business.country:
        return {}
    there = (business.country, business.region or "", language)
    years = range(days.start.year, days.end.year + 1)
    return {day: name for year in years for day, name in _of_year(*there, year) if day in days}


@lru_cache(maxsize=256)
def _of_year(country: str, region: str, language: str, year: int) -> tuple[tuple[date, str], ...]:
    import holidays

    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=_language(country, language))
    return tuple(found.items())


def _language(country: str, language: str) -> str | None:
    import holidays

    known = getattr(getattr(holidays, country, None), "supported_languages", ())
    wanted = {"de": "de", "en": "en_US"}.get(language)
    return wanted if wanted in known else None
