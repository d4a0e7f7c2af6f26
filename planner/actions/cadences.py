"""Beginning and ending a cadence. Changing one is ending it and beginning another, so history stays."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from sqlalchemy import Connection

from planner.actions import plan
from planner.core.model import Business, Cadence, Channel, Pillar, Window
from planner.core.recurrence import check_fires, parse_rule
from planner.core.rotation import check_pillars
from planner.errors import UsageError
from planner.language import N_
from planner.render import PostTexts
from planner.store.queries import cadences, posts

_FOREVER = datetime(9999, 1, 1)  # noqa: DTZ001 - wall time


class HasEnded(UsageError):
    message = N_("Cadence {id} has ended on {end} already. To take it up again, add a cadence with the same rule.")


def add_cadence(
    tx: Connection,
    business: Business,
    channel: Channel,
    rrule: str,
    dtstart: datetime,
    *,
    pillars: Sequence[Pillar] = (),
    exdates: Iterable[date] = (),
    texts: PostTexts,
    now: datetime,
) -> tuple[Cadence, int]:
    """Begin a cadence on a channel and plan its posts: the cadence, and how many were planned.

    ``dtstart`` is naive local. Raises RuleRefused for a rule that cannot be used or never fires, and
    TooMuchPromotion.
    """
    rule = parse_rule(rrule)
    left_out = frozenset(exdates)
    check_fires(rule, dtstart, business.timezone, left_out)
    cadence = cadences.add(
        tx,
        business_id=business.id,
        channel_id=channel.id,
        dtstart=dtstart,
        rrule=str(rule),
        exdates=sorted(left_out),
        pillars=check_pillars(pillars),
        now=now,
    )
    return cadence, plan.plan_now(tx, [cadence], texts, now)


def end_cadence(tx: Connection, business: Business, cadence_id: int, on: date) -> tuple[Cadence, int]:
    """End a cadence: no slot on ``on`` or later. The cadence, and how many untouched posts were taken back.

    Raises HasEnded for one that ended before: a rhythm taken up again is another cadence.
    """
    cadence = cadences.get(tx, business.id, cadence_id)
    moment = datetime.combine(on, time())
    if cadence.end is not None and cadence.end < moment:
        raise HasEnded(id=cadence.id, end=cadence.end.date())
    ended = cadences.end(tx, cadence, moment)
    gone = posts.remove_untouched(tx, business.id, Window(moment, _FOREVER), cadence_id=cadence.id)
    return ended, gone
