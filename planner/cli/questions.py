"""What start and init find out about the machine and the business: zone, language, region."""

import os
from collections.abc import Mapping
from pathlib import Path

from planner.core import localtime
from planner.errors import UnknownTimezone, UsageError
from planner.language import N_


class UnknownLanguage(UsageError):
    message = N_("The planner does not speak “{language}”. Write en or de.")


class UnknownRegion(UsageError):
    message = N_("“{place}” is not a country and region whose public holidays are known. Write DE BY, AT W, CH ZH.")


def machine_timezone(environ: Mapping[str, str], etc: Path = Path("/etc")) -> str:
    """The zone of this computer: TZ, the link /etc/localtime, /etc/timezone; else Europe/Berlin.

    A machine that is set to plain UTC says nothing about where its owner lives, so that counts as unknown.
    """
    named = environ.get("TZ", "").lstrip(":")
    target = os.path.realpath(etc / "localtime").partition("zoneinfo/")[2]
    try:
        written = (etc / "timezone").read_text("utf-8").strip()
    except OSError:
        written = ""
    for name in (named, target, written):
        if name and name not in ("UTC", "Etc/UTC", "Etc/UCT", "Universal", "Zulu", "localtime"):
            try:
                localtime.zone(name)
            except UnknownTimezone:
                continue
            return name
    return "Europe/Berlin"


def check_region(country: str, region: str) -> None:
    """Raise UnknownRegion for a place whose public holidays nobody knows; both empty is fine."""
    if not country and not region:
        return
    import holidays

    known = holidays.list_supported_countries()
    if country not in known or (region and region not in known[country]):
        raise UnknownRegion(place=f"{country} {region}".strip())
