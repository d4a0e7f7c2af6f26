"""Single days that a cadence leaves out (EXDATE, RFC 5545, 3.8.5.1). All its other days keep the posts they have.

Only a day from today on can be left out or taken in again, so history stays.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from planner.actions import holidays, plan
from planner.actions.cadences import answer_again
from planner.core import localtime
from planner.core.model import Business, Cadence, Post, Window
from planner.core.recurrence import YEARS_TO_FIRE, check_fires, parse_rule, slots
from planner.errors import UsageError
from planner.language import N_
from planner.render import PostTexts
from planner.store.queries import cadences, channels, posts
from planner.store.queries.posts import day_window


class NoDateThen(UsageError):
    message = N_("This rhythm has no date on {day}.")


class DayIsOver(UsageError):
    message = N_("{day} is over; what was planned then stays as it was.")


class NothingLeft(UsageError):
    message = N_("Then no date of this rhythm would be left. End it instead.")


def leave_out(tx: Connection, business: Business, cadence_id: int, day: date, *, now: datetime) -> Cadence:
    """Leave a local day out: its post goes unless somebody worked on it. A second time changes nothing.

    Raises DayIsOver, NoDateThen, NothingLeft, NoSuchCadence; RuleRefused when far too many are left out.
    """
    cadence, today = _held(tx, business, cadence_id), localtime.today(now, business.timezone)
    _check_to_come(day, today)
    if day in cadence.exdates:
        return cadence
    if not _fires(cadence, day_window(day, day), business):
        raise NoDateThen(day=day)
    without = replace(cadence, exdates=tuple(sorted({*cadence.exdates, day})))
    start = datetime.combine(today, time())
    if not _fires(without, Window(start, start + timedelta(days=366 * YEARS_TO_FIRE)), business):
        raise NothingLeft
    check_fires(parse_rule(without.rrule), without.dtstart, business.timezone, without.exdates)
    changed = cadences.set_exdates(tx, cadence, without.exdates)
    posts.remove_untouched(tx, business.id, day_window(day, day), cadence_id=cadence.id)
    answer_again(tx, business, cadence, day_window(day, day), now)
    holidays.settle(tx, business, now)
    return changed


def take_in(
    tx: Connection, business: Business, cadence_id: int, day: date, *, texts: PostTexts, now: datetime
) -> Cadence:
    """Take a local day in again that was left out: it gets its post. A second time changes nothing.

    Raises DayIsOver, NoSuchCadence.
    """
    cadence = _held(tx, business, cadence_id)
    _check_to_come(day, localtime.today(now, business.timezone))
    if day not in cadence.exdates:
        return cadence
    changed = cadences.set_exdates(tx, cadence, (each for each in cadence.exdates if each != day))
    plan.plan_again(tx, [changed], day_window(day, day), texts, now)
    holidays.settle(tx, business, now)
    return changed


def kept(tx: Connection, business: Business, cadence: Cadence, days: Iterable[date]) -> dict[date, Post]:
    """The open posts of days that are left out, by day: somebody worked on them, so they stayed."""
    wanted = set(days)
    if not wanted:
        return {}
    found = posts.of_cadences(tx, business.id, [cadence.id], datetime.combine(min(wanted), time()))
    return {each.slot.date(): each for each in found if each.open and each.slot and each.slot.date() in wanted}


def _held(tx: Connection, business: Business, cadence_id: int) -> Cadence:
    """The cadence, while nobody else leaves days of it out."""
    channels.of_business(tx, business.id, held=True)
    return cadences.get(tx, business.id, cadence_id)


def _check_to_come(day: date, today: date) -> None:
    if day < today:
        raise DayIsOver(day=day)


def _fires(cadence: Cadence, window: Window[datetime], business: Business) -> bool:
    return next(slots(cadence, window, (), business.timezone), None) is not None
