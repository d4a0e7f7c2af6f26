"""Following the zone rules: after a new release what lies ahead gets its instants anew, some businesses at a time."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from planner.actions import broken, remind
from planner.core import localtime
from planner.core.model import Business, Window
from planner.errors import PlannerError
from planner.language import N_
from planner.store.queries import businesses, posts

log = logging.getLogger("planner.rederive")

_AGES: Final = timedelta(days=3660)


class CannotRederive(PlannerError):
    message = N_("The times of {business} cannot be worked out: {reason} Set it right with “planner business set”.")


@dataclass(frozen=True, slots=True)
class Rederived:
    """How many posts moved, the last business that was looked at (None: none was left), and what is broken."""

    moved: int
    last: int | None
    errors: tuple[CannotRederive, ...] = ()


def follow(tx: Connection, release: str, now: datetime, *, after: int = 0, limit: int = 100) -> Rederived:
    """Derive again what was derived with another release, for at most ``limit`` businesses with ids above ``after``.

    A business whose data is broken is left as it is, and does not hold up the others.
    """
    moved, errors = 0, []
    behind = businesses.with_other_tzdata(tx, release, after=after, limit=limit)
    for business_id in behind:
        try:
            with tx.begin_nested():
                business = businesses.get(tx, business_id)
                moved += rederive(tx, business, now, release)
                remind.schedule(tx, business, now)
        except DBAPIError:
            raise
        except Exception as error:
            log.error("the times of business %s cannot be worked out", business_id, exc_info=error)
            name = businesses.name_of(tx, business_id)
            errors.append(CannotRederive(business=name, reason=broken.reason(error)))
    return Rederived(moved, behind[-1] if behind else None, tuple(errors))


def rederive(tx: Connection, business: Business, now: datetime, tzdata: str) -> int:
    """Derive the instants of open future posts again, after the zone or its rules changed; how many moved."""
    today = localtime.today(now, business.timezone)
    ahead = posts.open_between(tx, business.id, Window(today, today + _AGES))
    moved = [
        {"key": post.id, "due_at": due_at}
        for post in ahead
        if (due_at := localtime.instant(post.due_local, business.timezone)) != post.due_at
    ]
    posts.set_instants(tx, moved, now)
    businesses.change(tx, business.id, tzdata=tzdata)
    return len(moved)
