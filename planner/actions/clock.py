"""What the clock once said: the last moment at which it was believed, and what one that ran ahead left behind."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.core import localtime, reminders
from planner.language import N_, kept
from planner.store.queries import ahead, businesses, facts
from planner.store.queries import reminders as rows

_BELIEVED: Final = "clock"
# Beyond these a mail cannot be owed next: a day, a week, and what a change of the clocks adds.
_A_DAY: Final = timedelta(hours=26)
_A_WEEK: Final = timedelta(days=7, hours=2)


def last_believed(tx: Connection) -> datetime | None:
    """When the planner last worked, or a person said that the clock is right."""
    found = facts.get(tx, _BELIEVED)
    return datetime.fromisoformat(found) if found else None


def believe(tx: Connection, now: datetime) -> None:
    """Write down that the clock is believed."""
    facts.put(tx, _BELIEVED, now.isoformat())


def set_right(tx: Connection, now: datetime) -> int:
    """After the clock may have run ahead and been set back: no date is lost; how many that it had taken are free again.

    What it had put off until its own tomorrow is tried now. Dates that lie ahead and that it took for handled are owed
    again on their day; one that was said less than twelve hours early stays said.
    """
    ahead.hasten(tx, now)
    far = rows.beyond(tx, now + _A_DAY, now + _A_WEEK)
    if not far:
        return 0
    freed = ahead.free_dates(tx, now, kept(N_("A clock that ran ahead had made it.")))
    for business_id, kind in far:
        business = businesses.get(tx, business_id)
        yesterday = localtime.today(now, business.timezone) - timedelta(days=1)
        rows.put(tx, business_id, kind, reminders.next_after(kind, business, yesterday, now))
    return freed
