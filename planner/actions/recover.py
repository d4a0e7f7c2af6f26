"""After data came back from a copy: nothing that was said before is said again.

Between the copy and now mails went out that the copy knows nothing of. So what waits in it is closed, and each kind
of mail begins with its next hour, like in a planner that was just set up. And everybody is signed out, as some may have
been since the copy was made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from planner.actions.access import sign_out_everywhere
from planner.core import reminders
from planner.core.reminders import Occurrence
from planner.errors import PlannerError
from planner.language import N_, kept
from planner.store.queries import businesses, outbox
from planner.store.queries import reminders as rows


@dataclass(frozen=True, slots=True)
class Settled:
    """How many mails were closed, and how many sessions ended."""

    mails: int
    sessions: int


def settle(tx: Connection, now: datetime) -> Settled:
    """What has to be done to data from a copy before anybody sends from it or shows it."""
    return Settled(quieten(tx, now), sign_out_everywhere(tx, now=now))


def quieten(tx: Connection, now: datetime) -> int:
    """Close the mails that wait, and let every kind begin anew after ``now``; how many mails were closed.

    A business whose data is broken begins a day later: the tick will say so then, and a copy with it can be put back.
    """
    closed = outbox.close_waiting(tx, kept(N_("It came back from a copy, and may have been sent before.")))
    for business_id, _name in businesses.names(tx):
        try:
            business = businesses.get(tx, business_id)
            begins = {kind: reminders.next_after(kind, business, None, now) for kind in reminders.SCHEDULED}
        except (ValueError, LookupError, TypeError, PlannerError):
            a_day_on = now + timedelta(days=1)
            begins = dict.fromkeys(rows.of_business(tx, business_id), Occurrence(a_day_on.date(), a_day_on))
        for kind, occurrence in begins.items():
            rows.put(tx, business_id, kind, occurrence)
    return closed
