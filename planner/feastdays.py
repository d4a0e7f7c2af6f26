"""Public holidays of a business's country and region, for looking at; what closes the shop is a pause."""

from datetime import date

from planner.core.model import Business, Window


def public_holidays(business: Business, days: Window[date], language: str) -> dict[date, str]:
    """The public holidays on local days of a half-open window, named in a language as far as the library can."""
    if not business.country:
        return {}
    import holidays

    years = range(days.start.year, days.end.year + 1)
    found = holidays.country_holidays(
        business.country, subdiv=business.region or None, years=years, language=_language(business.country, language)
    )
    return {day: name for day, name in found.items() if day in days}


def _language(country: str, language: str) -> str | None:
    import holidays

    known = getattr(getattr(holidays, country, None), "supported_languages", ())
    wanted = {"de": "de", "en": "en_US"}.get(language)
    return wanted if wanted in known else None
