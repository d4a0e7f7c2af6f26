"""Between a wall clock and an instant, once and the same everywhere.

Rules, slots and due times are local wall time plus an IANA zone; the UTC instant is derived. A wall time
inside a spring gap moves forward by the gap, one inside an autumn fold is the first of the two (RFC 5545,
3.3.5). Naive datetimes are local wall time, aware ones are instants; every function says which it takes.
"""

import struct
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from planner.core.model import Window
from planner.errors import UnknownTimezone


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises UnknownTimezone."""
    try:
        return ZoneInfo(name)
    # The last two: a file that was cut short, and one whose line of rules zoneinfo asserts to begin.
    except (ZoneInfoNotFoundError, ValueError, OSError, struct.error, AssertionError) as error:
        raise UnknownTimezone(zone=name) from error


def instant(local: datetime, timezone: str) -> datetime:
    """The UTC instant of a naive local wall time; gaps move forward, folds take the first."""
    return local.replace(tzinfo=zone(timezone), fold=0).astimezone(UTC)


def wall(moment: datetime, timezone: str) -> datetime:
    """The naive local wall time of an aware instant."""
    return moment.astimezone(zone(timezone)).replace(tzinfo=None, fold=0)


def real_wall(local: datetime, timezone: str) -> datetime:
    """The naive wall time the clocks really show: ``local`` itself, or moved out of a spring gap."""
    return wall(instant(local, timezone), timezone)


def today(moment: datetime, timezone: str) -> date:
    """The local calendar day of an aware instant."""
    return moment.astimezone(zone(timezone)).date()


def instants(days: Window[date], timezone: str) -> Window[datetime]:
    """The UTC instants of some local days: from the midnight that begins the first to the one after the last."""
    return Window(*(instant(datetime.combine(day, time()), timezone) for day in (days.start, days.end)))
