"""Recurrence over local wall time: which slots a rule gives inside a window.

dateutil expands plain pieces of a rule, naively; the zone is attached last, elsewhere. What dateutil 4 gets
wrong or leaves open is done here: BYDAY lists that mix ``MO`` with ``3TH`` are split and united, BYSETPOS is
taken over whole periods, COUNT and UNTIL are applied at the end, and expansion starts on the first day of the
period before the window. Windows are half-open and naive local. A start that does not match its rule is not a slot.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, islice
from typing import Any, Final, TypeVar

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from planner.core.localtime import instant, real_wall
from planner.core.model import Cadence, Pause, Window
from planner.core.rule import Rule, parse_rule, refuse
from planner.language import N_

D = TypeVar("D", date, datetime)

__all__ = ["Rule", "check_fires", "expand", "explicit", "is_skipped", "parse_rule", "slots"]

YEARS_TO_FIRE: Final = 5
MOST_LEFT_OUT: Final = 1000
_FREQ: Final = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_LONGEST: Final = {name: timedelta(days) for name, days in zip(_FREQ, (1, 7, 31, 366), strict=True)}
_FIRST, _LAST = datetime(1990, 1, 1), datetime(2100, 1, 1)
_END_OF_TIME: Final = datetime(9999, 12, 31, 23, 59, 59, 999_999)


def slots(
    cadence: Cadence, window: Window[datetime], pauses: Sequence[Pause] = (), timezone: str = "UTC"
) -> Iterator[datetime]:
    """The cadence's slots inside the window, ascending: naive local, as the rule says (their identity).

    Left out are its exdates, days inside a pause of its business or channel, days its zone skips altogether,
    and everything from ``cadence.end`` on.
    """
    end = window.end if cadence.end is None else min(window.end, cadence.end)
    if end <= window.start:
        return
    closed = [p for p in pauses if p.business_id == cadence.business_id and p.channel_id in (None, cadence.channel_id)]
    for slot in expand(parse_rule(cadence.rrule), cadence.dtstart, Window(window.start, end), timezone):
        day = slot.date()
        if day not in cadence.exdates and not any(pause.first <= day <= pause.last for pause in closed):
            yield slot


def expand(rule: Rule, dtstart: datetime, window: Window[datetime], timezone: str = "UTC") -> Iterator[datetime]:
    """The dates of a rule from ``dtstart`` on that lie in the window, ascending, naive local.

    ``timezone`` matters for an UNTIL in UTC and for local days that a zone skips.
    """
    found = _from_start(rule, dtstart, window)
    if rule.count is not None:
        found = islice(found, rule.count)
    for slot in found:
        if slot >= window.end or _is_over(rule, slot, timezone):
            return
        if slot >= window.start and not is_skipped(slot.date(), timezone):
            yield slot


def explicit(rule: Rule, start: date) -> Rule:
    """The rule with the days it takes from its first day written out (RFC 5545, 3.3.10)."""
    return _explicit(rule, start.weekday(), start.day, start.month)


def check_fires(rule: Rule, dtstart: datetime, timezone: str = "UTC", exdates: Collection[date] = ()) -> None:
    """Raise RuleRefused if the rule gives no date within five years of its start, or starts out of all reason.

    Dates left out (``exdates``) are none.

    The search runs in the last years that datetime knows, at a start with the same calendar (the Gregorian
    calendar repeats every 400 years), so that dateutil ends by itself on a rule like 30 February.
    """
    if not _FIRST <= dtstart < _LAST:
        refuse(str(rule), N_("the start must lie between 1990 and 2100."))
    shift = (9999 - YEARS_TO_FIRE - dtstart.year) // 400 * 400
    late = replace(rule, until=None, count=None)
    start = dtstart.replace(year=dtstart.year + shift)
    first = next(_from_start(late, start, Window(start, _years_on(start))), None)
    first = first and first.replace(year=first.year - shift)
    if first is None or first >= _years_on(dtstart):
        refuse(str(rule), N_("it gives no date in the next five years; check month and day."))
    if _is_over(rule, first, timezone):
        refuse(str(rule), N_("it ends before its first date; choose a later UNTIL."))
    if len(exdates) > MOST_LEFT_OUT:
        refuse(
            str(rule), N_("at most {high} days can be left out; end the cadence and begin another."), high=MOST_LEFT_OUT
        )
    if exdates:
        slots = expand(rule, dtstart, Window(dtstart, _years_on(dtstart)), timezone)
        if all(slot.date() in exdates for slot in islice(slots, len(exdates) + 1)):
            refuse(str(rule), N_("all of its dates are left out; leave out fewer."))


def _years_on(moment: datetime) -> datetime:
    return moment + timedelta(days=365 * YEARS_TO_FIRE + 2)


def _from_start(rule: Rule, dtstart: datetime, window: Window[datetime]) -> Iterator[datetime]:
    """The dates >= dtstart in order. Without COUNT they may begin anywhere before the window.

    dateutil looks for a date that never comes until the calendar ends. So it is asked about the last years before
    that which have the same calendar as the window's (the Gregorian one repeats every 400 years).
    """
    whole = explicit(rule, dtstart)
    begin = _period(dtstart.date(), whole)
    if rule.count is None and window.start > dtstart:
        begin = _nearer(begin, window.start.date(), whole)
    reach = _reach(window.end, whole)
    shift = (_END_OF_TIME.year - reach.year) // 400 * 400
    start, reach = datetime.combine(_later(begin, shift), dtstart.time()), _later(reach, shift)
    pieces = [rrule(dtstart=start, until=reach, **kw) for kw in _pieces(whole)]
    found: Iterable[datetime] = pieces[0] if len(pieces) == 1 else _united(pieces)
    if rule.bysetpos and len(pieces) > 1:
        found = _picked(found, whole)
    return (slot for late in found if (slot := _later(late, -shift)) >= dtstart)


def _later(day: D, years: int) -> D:
    """So many years later; of a multiple of 400 every day has its like."""
    return day.replace(year=day.year + years)


@lru_cache(maxsize=4096)
def _explicit(rule: Rule, day_of_week: int, day: int, month: int) -> Rule:
    if rule.freq == "WEEKLY" and not rule.byday:
        return replace(rule, byday=((0, day_of_week),))
    if rule.freq in ("MONTHLY", "YEARLY") and not (rule.byday or rule.bymonthday):
        bymonth = rule.bymonth or ((month,) if rule.freq == "YEARLY" else ())
        return replace(rule, bymonth=bymonth, bymonthday=(day,))
    return rule


@lru_cache(maxsize=4096)
def _pieces(rule: Rule) -> tuple[dict[str, Any], ...]:
    """What dateutil is asked for: one plain rule, or two where BYDAY mixes counted and uncounted days."""
    common: dict[str, Any] = {
        "freq": _FREQ[rule.freq],
        "interval": rule.interval,
        "wkst": rule.wkst,
        "bymonth": rule.bymonth or None,
        "bymonthday": rule.bymonthday or None,
    }
    plain = [day for n, day in rule.byday if not n]
    counted = [weekday(day, n) for n, day in rule.byday if n]
    lists: list[Any] = [days for days in (plain, counted) if days]
    if len(lists) < 2:  # from the first day of a period on, dateutil counts positions rightly by itself
        common["bysetpos"] = rule.bysetpos or None
    return tuple({**common, "byweekday": days} for days in lists or [None])


def _reach(end: datetime, rule: Rule) -> datetime:
    """How far dateutil has to look: to the end of the window, for BYSETPOS past the end of its whole period."""
    return end + min(_LONGEST[rule.freq], _END_OF_TIME - end) if rule.bysetpos else end


def _united(pieces: Iterable[Iterable[datetime]]) -> Iterator[datetime]:
    return (slot for slot, _ in groupby(heapq.merge(*pieces)))


def _picked(found: Iterable[datetime], rule: Rule) -> Iterator[datetime]:
    """BYSETPOS: of each period's dates the ones at the named positions."""
    for _, group in groupby(found, key=lambda slot: _period(slot.date(), rule)):
        dates = list(group)
        places = {n - 1 if n > 0 else len(dates) + n for n in rule.bysetpos}
        yield from (dates[n] for n in sorted(places) if 0 <= n < len(dates))


def _period(day: date, rule: Rule) -> date:
    """The first day of the period (day, week, month, year) a day lies in."""
    match rule.freq:
        case "WEEKLY":
            return day - timedelta(days=(day.weekday() - rule.wkst) % 7)
        case "MONTHLY":
            return day.replace(day=1)
        case "YEARLY":
            return day.replace(month=1, day=1)
    return day


def _nearer(begin: date, target: date, rule: Rule) -> date:
    """``begin`` moved on by whole intervals, as far as it stays in or before the target's period."""
    target = _period(target, rule)
    if rule.freq in ("DAILY", "WEEKLY"):
        days = rule.interval * (7 if rule.freq == "WEEKLY" else 1)
        return begin + timedelta(days=(target - begin).days // days * days)
    months = rule.interval * (12 if rule.freq == "YEARLY" else 1)
    apart = (target.year - begin.year) * 12 + target.month - begin.month
    year, month = divmod(begin.year * 12 + begin.month - 1 + apart // months * months, 12)
    return date(year, month + 1, 1)


def _is_over(rule: Rule, slot: datetime, timezone: str) -> bool:
    if rule.until is None:
        return False
    if not isinstance(rule.until, datetime):
        return slot.date() > rule.until
    return (instant(slot, timezone) if rule.until.tzinfo else slot) > rule.until


@lru_cache(maxsize=8192)
def is_skipped(day: date, timezone: str) -> bool:
    """Whether the zone leaves the whole day out, as Samoa did on 30 December 2011."""
    return real_wall(datetime.combine(day, time(12)), timezone).date() != day
