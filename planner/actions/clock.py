"""What the clock once said: when it was last believed, whether it is held, and what one that ran ahead left behind."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.core import localtime, reminders
from planner.core.model import MessageKind
from planner.core.reminders import Occurrence
from planner.errors import PlannerError
from planner.language import N_, kept
from planner.store.queries import ahead, businesses, facts
from planner.store.queries import reminders as rows

_BELIEVED: Final = "clock"
_TRUSTED: Final = "clock.trusted"
HELD: Final = "clock.held"
# Beyond these a mail cannot be owed next: a day, a week, and what a change of the clocks adds.
_A_DAY: Final = timedelta(hours=26)
_A_WEEK: Final = timedelta(days=7, hours=2)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment that was believed, with what the steady clock said then, in seconds since ``boot`` (which may be "")."""

    moment: datetime
    counted: float
    boot: str


@dataclass(frozen=True, slots=True)
class Held:
    """A clock that is not believed: why, as it is kept, the moment refused last, and since which one it is held.

    ``since`` is the last moment that was believed; None for what is refused at the start of a process.
    """

    why: str
    refused: datetime
    since: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What is written down: when the planner last worked, a person's word that the clock is right, a clock held."""

    worked: datetime | None = None
    trusted: datetime | None = None
    held: Held | None = None


def noted(tx: Connection) -> Noted:
    """What is known from before, and from other processes."""
    found = facts.beginning(tx, _BELIEVED)
    worked, trusted, refused = (found.get(name) for name in (_BELIEVED, _TRUSTED, HELD))
    return Noted(
        worked=datetime.fromisoformat(worked) if worked else None,
        trusted=datetime.fromisoformat(trusted) if trusted else None,
        held=read(refused) if refused else None,
    )


def believe(tx: Connection, now: datetime) -> None:
    """Write down that the planner works at this moment."""
    facts.put(tx, _BELIEVED, now.isoformat())


def trust(tx: Connection, now: datetime) -> None:
    """A person said that the clock is right: nobody holds it any more."""
    believe(tx, now)
    facts.put(tx, _TRUSTED, now.isoformat())
    let_go(tx)


def hold(tx: Connection, refused: Held) -> None:
    """Write down for every process, also one that is started anew, that the clock is not believed."""
    since = refused.since
    told = {"why": refused.why, "refused": refused.refused.isoformat()}
    if since is not None:
        told |= {"since": since.moment.isoformat(), "counted": repr(since.counted), "boot": since.boot}
    facts.put(tx, HELD, json.dumps(told))


def let_go(tx: Connection) -> None:
    """The clock fits again."""
    facts.remove(tx, [HELD])


def read(written: str) -> Held:
    """Why nothing is planned or sent, if it is because of the clock: the fact ``HELD``."""
    told = json.loads(written)
    since = None
    if "since" in told:
        since = Anchor(datetime.fromisoformat(told["since"]), float(told["counted"]), told["boot"])
    return Held(told["why"], datetime.fromisoformat(told["refused"]), since)


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
        rows.put(tx, business_id, kind, _next_after_yesterday(tx, business_id, kind, now))
    return freed


def _next_after_yesterday(tx: Connection, business_id: int, kind: MessageKind, now: datetime) -> Occurrence | None:
    """What is owed next; for a business whose data is broken tomorrow, when the tick will say so."""
    try:
        business = businesses.get(tx, business_id)
        yesterday = localtime.today(now, business.timezone) - timedelta(days=1)
        return reminders.next_after(kind, business, yesterday, now)
    except (ValueError, LookupError, TypeError, PlannerError):
        tomorrow = now + timedelta(days=1)
        return Occurrence(tomorrow.date(), tomorrow)
