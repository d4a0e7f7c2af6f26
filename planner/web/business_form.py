"""Fields about a business, for the settings and for the set-up: how each is read, shown, and kept."""

from collections.abc import Callable, Collection, Mapping
from datetime import time
from typing import Any, Final

from sqlalchemy import Connection

from planner import catalogue, zonerules
from planner.actions.set_up import NameTaken, change_business
from planner.core import localtime
from planner.core.model import Business
from planner.errors import UsageError
from planner.language import LANGUAGES, N_
from planner.notify.message import check_address
from planner.web import places
from planner.web.fields import Form
from planner.web.site import site

LONGEST_NAME: Final = 100
LONGEST_ADDRESS: Final = 320


class OtherRegion(UsageError):
    message = N_("The country is another one now: choose the region again.")


def _email(form: Form) -> str:
    text = form.line("email", longest=LONGEST_ADDRESS)
    return form.tried("email", lambda: check_address(text) if text else "") or ""


def _timezone(form: Form) -> str:
    text = form.line("timezone", needed=True)
    if text:
        form.tried("timezone", lambda: localtime.zone(text))
    return text


def _nudge(form: Form) -> time | None:
    """The evening mail's hour, none while it is off; what was typed stays in its field."""
    if form.tick("nudge_on"):
        return form.clock("nudge_time")
    form.line("nudge_time")
    return None


def _region(form: Form) -> str:
    """The region, if the country is still the one whose regions stood in the list."""
    country, region = form.typed["country"], form.line("region")
    known = dict(places.regions(country))
    if form.line("regions_of") == country:
        if region and region not in known:
            form.one_of("region", known)
        return region
    form.typed["region"] = ""
    if known:
        form.wrong("region", OtherRegion())
    return ""


def _country(form: Form) -> str:
    text = form.line("country")
    if text and not places.is_known(text):
        form.one_of("country", ())
    return text


# In the order in which they are read: a region belongs to a country.
_READ: Final[Mapping[str, Callable[[Form], Any]]] = {
    "name": lambda form: form.line("name", longest=LONGEST_NAME, needed=True),
    "language": lambda form: form.one_of("language", LANGUAGES),
    "trade": lambda form: form.one_of("trade", ["", *catalogue.trade_keys()]),
    "country": _country,
    "region": _region,
    "timezone": _timezone,
    "email": _email,
    "digest_on": lambda form: form.tick("digest_on"),
    "digest_time": lambda form: form.clock("digest_time"),
    "nudge_time": _nudge,
    "summary_on": lambda form: form.tick("summary_on"),
    "quiet_from": lambda form: form.clock("quiet_from"),
    "quiet_until": lambda form: form.clock("quiet_until"),
    "grace_days": lambda form: form.number("grace_days", 0, 30),
    "horizon_weeks": lambda form: form.number("horizon_weeks", 1, 104),
}


def read(form: Form, names: Collection[str]) -> dict[str, Any]:
    """The fields of these names as they were typed; what is wrong with them stands in the form."""
    return {name: reader(form) for name, reader in _READ.items() if name in names}


def keep(tx: Connection, business: Business, form: Form, wanted: Mapping[str, Any]) -> Business:
    """Change what differs, if nothing is wrong with the form; a name that is taken is noted in it."""
    changed = {name: value for name, value in wanted.items() if getattr(business, name) != value}
    if not form.ok or not changed:
        return business
    try:
        return change_business(tx, business, changed, now=site().clock(), tzdata=zonerules.release())
    except NameTaken as error:
        form.wrong("name", error)
        return business


def shown(business: Business) -> dict[str, str]:
    """The fields as they are, as a form shows them."""
    clocks = {name: f"{getattr(business, name):%H:%M}" for name in ("digest_time", "quiet_from", "quiet_until")}
    ticks = {"digest_on": business.digest_on, "summary_on": business.summary_on, "nudge_on": business.nudge_time}
    words = ("name", "language", "trade", "country", "region", "timezone", "email", "grace_days", "horizon_weeks")
    return {
        **{name: str(getattr(business, name)) for name in words},
        **clocks,
        **{name: "yes" if on else "" for name, on in ticks.items()},
        "nudge_time": f"{business.nudge_time:%H:%M}" if business.nudge_time else "18:00",
        "regions_of": business.country,
    }


def lists(typed: Mapping[str, str], language: str) -> dict[str, Any]:
    """What the fields of a place offer, for the country that is chosen."""
    country, region, zone = (typed.get(name, "") for name in ("country", "region", "timezone"))
    there = places.regions(country)
    near = places.zones_of(country, language)
    continents = places.zones(language)
    everywhere = {name for _continent, names in continents for name, _city in names}
    countries = places.countries(language)
    return {
        "trades": catalogue.trade_names(language),
        "countries": countries if not country or country in dict(countries) else (*countries, (country, country)),
        "regions": there if not region or region in dict(there) else (*there, (region, region)),
        "near": near if not zone or zone in everywhere else (*near, (zone, zone)),
        "continents": continents,
    }


def look_again(form: Form) -> None:
    """The list of regions was asked for: those of the country chosen, and the zone where most of it lives."""
    country, zone = form.typed["country"], form.typed["timezone"]
    near = [name for name, _city in places.zones_of(country, "en")]
    form.errors.clear()
    form.typed.update(region="", regions_of=country, timezone=near[0] if near and zone not in near else zone)
