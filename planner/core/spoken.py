"""A rule as people say it: “every 2 weeks on Tuesday at 09:00, until 31 December 2026”.

Every rule that the page's editor can make has its sentence, which ``phrase`` reads back as the same rule, in each
language. A rule without one is None here, and is shown as RFC 5545 writes it. Words go through the gettext function of
whoever reads them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from planner.core.rule import Rule
from planner.language import N_, day_in_words

Speak = Callable[[str], str]

WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")
)  # fmt: skip
ORDINALS: Final = {
    1: N_("first"), 2: N_("second"), 3: N_("third"), 4: N_("fourth"), 5: N_("fifth"), -1: N_("last")
}  # fmt: skip
LAST_DAY: Final = N_("last day")
_DATES: Final = {
    1: N_("1st"), 2: N_("2nd"), 3: N_("3rd"), 21: N_("21st"), 22: N_("22nd"), 23: N_("23rd"), 31: N_("31st"),
}  # fmt: skip
_WORKING_WEEK: Final = tuple((0, day) for day in range(5))


def in_words(rule: Rule, speak: Speak, at: time | None = None) -> str | None:
    """The sentence of a rule and, if given, of its time of day; None for a rule that has none.

    Parts that a rule takes from its start have to be written out in it (see ``recurrence.explicit``).
    """
    rule = tidy(rule)
    often = _often(rule, speak)
    if often is None:
        return None
    if at is not None:
        often = speak(N_("{often} at {clock}")).format(often=often, clock=f"{at:%H:%M}")
    if rule.until is None:
        return often
    return speak(N_("{often}, until {date}")).format(often=often, date=day_in_words(rule.until, speak))


def tidy(rule: Rule) -> Rule:
    """The same rule with its days in order, and without what makes no difference."""
    rule = replace(
        rule,
        byday=tuple(sorted(set(rule.byday), key=lambda each: (_place(each[0]), each[1]))),
        bymonthday=tuple(sorted(set(rule.bymonthday), key=_place)),
    )
    if rule.freq == "DAILY" and rule.interval == 1 and rule.byday and not rule.bymonthday:
        rule = replace(rule, freq="WEEKLY")
    if rule.wkst and not rule.bysetpos and (rule.freq != "WEEKLY" or rule.interval == 1):
        rule = replace(rule, wkst=0)
    return rule


def _place(number: int) -> int:
    """From the first to the last: what is counted from the end comes last."""
    return number if number >= 0 else 1000 + number


def _often(rule: Rule, speak: Speak) -> str | None:
    if rule.bymonth or rule.bysetpos or rule.count or rule.wkst or isinstance(rule.until, datetime):
        return None
    number = rule.interval
    match rule.freq, bool(rule.byday), bool(rule.bymonthday):
        case "DAILY", False, False:
            words = N_("every day") if number == 1 else N_("every {number} days")
            return speak(words).format(number=number)
        case "WEEKLY", True, False:
            words = N_("every {days}") if number == 1 else N_("every {number} weeks on {days}")
            return speak(words).format(number=number, days=_weekdays(rule.byday, speak))
        case "MONTHLY", True, False if days := _counted(rule.byday, speak):
            words = N_("on the {days} of the month") if number == 1 else N_("every {number} months on the {days}")
            return speak(words).format(number=number, days=days)
        case "MONTHLY", False, True if all(day >= -1 for day in rule.bymonthday):
            words = N_("on the {dates} of the month") if number == 1 else N_("every {number} months on the {dates}")
            dates = joined([date_words(day, speak) for day in rule.bymonthday], speak)
            return speak(words).format(number=number, dates=dates)
    return None


def date_words(day: int, speak: Speak) -> str:
    """A day of the month from 1 to 31, or -1 for the last: 15th, last day."""
    if day == -1:
        return speak(LAST_DAY)
    return speak(_DATES.get(day, N_("{number}th"))).format(number=day)


def joined(words: Sequence[str], speak: Speak) -> str:
    """Words in a row: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return speak(N_("{several} and {last}")).format(several=", ".join(words[:-1]), last=words[-1])


def _weekdays(byday: tuple[tuple[int, int], ...], speak: Speak) -> str:
    if byday == _WORKING_WEEK:
        return speak(N_("Monday to Friday"))
    return joined([speak(WEEKDAYS[day]) for _, day in byday], speak)


def _counted(byday: tuple[tuple[int, int], ...], speak: Speak) -> str:
    """First and third Monday; first Monday and third Thursday. Empty if a day is not counted, or from further back."""
    if any(number not in ORDINALS for number, _ in byday):
        return ""
    if len({day for _, day in byday}) == 1:
        return f"{joined([speak(ORDINALS[number]) for number, _ in byday], speak)} {speak(WEEKDAYS[byday[0][1]])}"
    return joined([f"{speak(ORDINALS[number])} {speak(WEEKDAYS[day])}" for number, day in byday], speak)
