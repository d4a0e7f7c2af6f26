"""Rhythms from seldom to often: the next smaller and the next larger one of a rule, and when to offer which.

Down it goes by halves to every two weeks and to once a month, never below; up again by the same steps, never above what
is recommended. A rule that means particular dates (an end, a count, months, positions) is left as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from planner.core.consistency import ChannelWeek
from planner.core.rule import Rule
from planner.core.weeks import Week

BELOW: Final = 3  # weeks in a row below goal: a smaller rhythm is offered
AT_GOAL: Final = 8  # weeks in a row at goal: a larger one is
WEEKS_OF_A_MONTH: Final = 4
SELDOMEST: Final = Fraction(1, WEEKS_OF_A_MONTH)
_SOME_DAYS: Final = ((0, 0), (0, 2), (0, 4))


class Size(StrEnum):
    """Which way a rhythm would change."""

    SMALLER = "smaller"
    LARGER = "larger"


@dataclass(frozen=True, slots=True)
class Run:
    """So many weeks in a row that owed something came out the same way."""

    met: bool
    weeks: int

    @property
    def calls_for(self) -> Size | None:
        """What such a run is a reason for."""
        if self.met:
            return Size.LARGER if self.weeks >= AT_GOAL else None
        return Size.SMALLER if self.weeks >= BELOW else None


def run_of(weeks: Sequence[ChannelWeek], current: Week, since: date) -> Run | None:
    """The run that ends with the last week before ``current``; None if nothing was owed.

    Weeks that began before ``since`` tell of another rhythm; weeks without a goal (a pause) are passed over.
    """
    verdicts = [
        each.met for each in weeks if each.week < current and each.week.monday >= since and each.met is not None
    ]
    if not verdicts:
        return None
    count = 0
    for met in reversed(verdicts):
        if met is not verdicts[-1]:
            break
        count += 1
    return Run(verdicts[-1], count)


def pace(rule: Rule) -> Fraction:
    """About how many posts a week a plain rule gives; a month counts as four weeks."""
    days = len(rule.byday) or len(rule.bymonthday) or 1
    per_week = {"DAILY": Fraction(7), "WEEKLY": Fraction(days), "MONTHLY": Fraction(days, WEEKS_OF_A_MONTH)}
    return per_week[rule.freq] / rule.interval


def smaller(rule: Rule, on: date) -> Rule | None:
    """The next smaller rhythm; None if there is none above once a month. ``on`` is its first day.

    The rule's days have to be written out in it (see ``recurrence.explicit``).
    """
    if not _is_plain(rule):
        return None
    for wanted in (_less(rule, on), _monthly(on)):
        if wanted is not None and SELDOMEST <= pace(wanted) < pace(rule):
            return wanted
    return None


def _less(rule: Rule, on: date) -> Rule | None:
    if rule.freq == "DAILY":
        once = Rule("WEEKLY", byday=((0, on.weekday()),))
        steps = (Rule("WEEKLY", byday=_SOME_DAYS), once, replace(once, interval=2), _monthly(on))
        return next((each for each in steps if pace(each) < pace(rule)), None)
    if rule.freq == "MONTHLY":
        return _half(rule)
    if len(rule.byday) > 1:
        return _half(rule)
    return replace(rule, interval=2) if rule.interval == 1 else None


def larger(rule: Rule, on: date, most: Fraction) -> Rule | None:
    """The next larger rhythm; None if it would give more than ``most`` posts a week. ``on`` is its first day."""
    wanted = _more(rule, on) if _is_plain(rule) else None
    return wanted if wanted is not None and pace(rule) < pace(wanted) <= most else None


def _is_plain(rule: Rule) -> bool:
    if rule.count or rule.until or rule.bymonth or rule.bysetpos or (rule.byday and rule.bymonthday):
        return False
    if rule.freq == "MONTHLY":  # “every Tuesday of a month” is weekly by another name
        return all(number for number, _ in rule.byday)
    return rule.freq == "WEEKLY" or (rule.freq == "DAILY" and not rule.byday and not rule.bymonthday)


def _half(rule: Rule) -> Rule:
    """Every other one of its days; of a single one the same."""
    days, dates = sorted(rule.byday, key=lambda each: each[1])[::2], sorted(rule.bymonthday)[::2]
    return replace(rule, byday=tuple(days), bymonthday=tuple(dates))


def _monthly(on: date) -> Rule:
    """Once a month on the weekday of a day, the first time on that day; a fifth is called the last."""
    number = (on.day - 1) // 7 + 1
    return Rule("MONTHLY", byday=((number if number < 5 else -1, on.weekday()),))


def _more(rule: Rule, on: date) -> Rule | None:
    if rule.freq == "MONTHLY":
        if rule.interval > 1:
            return replace(rule, interval=1)
        often = 1 if pace(rule) >= Fraction(1, 2) else 2
        return Rule("WEEKLY", interval=often, byday=((0, on.weekday()),))
    if rule.freq == "DAILY":
        return replace(rule, interval=rule.interval - 1) if rule.interval > 1 else None
    if rule.interval > 1:
        return replace(rule, interval=2 if rule.interval > 2 else 1)
    days = {day for _, day in rule.byday}
    free = [day for day in range(5) if day not in days] or [day for day in range(7) if day not in days]
    if not free:
        return None
    farthest = max(free, key=lambda day: min(min((day - each) % 7, (each - day) % 7) for each in days))
    return replace(rule, byday=tuple(sorted((*rule.byday, (0, farthest)))))
