"""Reading a recurrence rule (RFC 5545, 3.3.10) against what the planner takes, and refusing the rest in words.

Taken are DAILY to YEARLY with INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST and COUNT or UNTIL. Nothing
from outside reaches the expansion in ``recurrence`` without having been read here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, NoReturn

from planner.errors import RuleRefused
from planner.language import N_

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST: Final = 500

_ORDINALS: Final = {"MONTHLY": 5, "YEARLY": 53}
_ADVICE: Final = {
    "BYHOUR": N_("leave BYHOUR out; the time of day belongs to the start."),
    "BYMINUTE": N_("leave BYMINUTE out; the time of day belongs to the start."),
    "BYSECOND": N_("leave BYSECOND out; the time of day belongs to the start."),
    "BYYEARDAY": N_("name the day with BYMONTH and BYMONTHDAY instead of BYYEARDAY."),
    "BYWEEKNO": N_("name the months with BYMONTH instead of BYWEEKNO."),
    "BYEASTER": N_("days around Easter move every year; add those posts one by one."),
    "RSCALE": N_("only the Gregorian calendar is known; leave RSCALE out."),
    "SKIP": N_("a date that a month lacks is left out; leave SKIP out."),
    "EXDATE": N_("give left-out dates with --exdate, not inside the rule."),
    "RDATE": N_("add single dates as posts of their own (planner post add)."),
    "DTSTART": N_("give the first date with --start, not inside the rule."),
}
# The shapes stand beside the forms because strptime alone takes 2026121 for the first of December.
_MOMENTS: Final = {
    r"[0-9]{8}": "%Y%m%d",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}": "%Y-%m-%d",
    r"[0-9]{8}T[0-9]{6}Z?": "%Y%m%dT%H%M%S",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z?": "%Y-%m-%dT%H:%M",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?": "%Y-%m-%dT%H:%M:%S",
}
_TOO_OFTEN: Final = ("SECONDLY", "MINUTELY", "HOURLY")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read. ``byday`` holds (ordinal or 0, weekday with Monday 0).

    ``until`` is a date (its whole local day is inside), a naive local datetime or an aware UTC one, inclusive.
    """

    freq: str
    interval: int = 1
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: tuple[int, ...] = ()
    bymonth: tuple[int, ...] = ()
    bysetpos: tuple[int, ...] = ()
    count: int | None = None
    until: date | datetime | None = None
    wkst: int = 0

    def __str__(self) -> str:
        """The rule in canonical order, as RFC 5545 writes it."""
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        for name, numbers in (("BYMONTH", self.bymonth), ("BYMONTHDAY", self.bymonthday)):
            if numbers:
                parts.append(f"{name}={','.join(map(str, numbers))}")
        if self.byday:
            parts.append("BYDAY=" + ",".join(f"{n or ''}{WEEKDAYS[day]}" for n, day in self.byday))
        if self.bysetpos:
            parts.append(f"BYSETPOS={','.join(map(str, self.bysetpos))}")
        if self.wkst:
            parts.append(f"WKST={WEEKDAYS[self.wkst]}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            parts.append(f"UNTIL={_written(self.until)}")
        return ";".join(parts)


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> Rule:
    """The rule a text means. Raises RuleRefused with a sentence that says what to write instead."""
    parts = _split(text)
    freq = _frequency(text, parts.pop("FREQ", None))
    readers: dict[str, Callable[[str, str], object]] = {
        "INTERVAL": lambda t, v: _number(t, "INTERVAL", v, 1, 366),
        "COUNT": lambda t, v: _number(t, "COUNT", v, 1, 1000),
        "BYMONTH": lambda t, v: _numbers(t, "BYMONTH", v, 12, signed=False),
        "BYMONTHDAY": lambda t, v: _numbers(t, "BYMONTHDAY", v, 31),
        "BYSETPOS": lambda t, v: _numbers(t, "BYSETPOS", v, 366),
        "BYDAY": lambda t, v: _days(t, v, freq),
        "UNTIL": _until,
        "WKST": _week_start,
    }
    values = {name.lower(): readers[name](text, value) for name, value in parts.items()}
    rule = Rule(freq, **values)  # type: ignore[arg-type]
    _check_combination(text, rule)
    return rule


def refuse(text: str, advice: str, **values: object) -> NoReturn:
    """Raise RuleRefused; the rule is shown shortened, so that a bad paste does not fill the screen."""
    shown = " ".join(text.split())
    raise RuleRefused(shown if len(shown) <= 80 else shown[:79] + "…", advice, **values)


def _split(text: str) -> dict[str, str]:
    body = " ".join(text.split()).upper().removeprefix("RRULE:").strip().rstrip(";")
    if len(body) > LONGEST:
        refuse(text, N_("it is too long; a rule has a few parts, like FREQ=WEEKLY;BYDAY=TU."))
    if not body:
        refuse(text, N_("write one like FREQ=WEEKLY;BYDAY=TU."))
    if match := re.search(r"\b(DTSTART|EXDATE|RDATE)\b", body):
        refuse(text, _ADVICE[match[1]])
    parts: dict[str, str] = {}
    for part in body.split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if name in _ADVICE:
            refuse(text, _ADVICE[name])
        if name not in _KNOWN or not equals or not value:
            refuse(text, N_("“{part}” is not understood; write parts like FREQ=WEEKLY;BYDAY=TU."), part=part[:30])
        if name in parts:
            refuse(text, N_("{part} stands there twice; keep one of them."), part=name)
        parts[name] = value
    return parts


_KNOWN: Final = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"
}  # fmt: skip


def _frequency(text: str, value: str | None) -> str:
    if value is None:
        refuse(text, N_("FREQ is missing; begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."))
    if value in _TOO_OFTEN:
        refuse(text, N_("posts are planned daily at most; write FREQ=DAILY."))
    if value not in FREQUENCIES:
        refuse(text, N_("FREQ={value} is not known; write DAILY, WEEKLY, MONTHLY or YEARLY."), value=value[:30])
    return value


def _number(text: str, name: str, value: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", value) or not low <= int(value) <= high:
        refuse(text, N_("{name} takes a whole number from {low} to {high}."), name=name, low=low, high=high)
    return int(value)


def _numbers(text: str, name: str, value: str, high: int, *, signed: bool = True) -> tuple[int, ...]:
    advice = (
        N_("{name} takes numbers from 1 to {high}, or from the end -1 to -{high}, with commas between.")
        if signed
        else N_("{name} takes numbers from 1 to {high}, with commas between.")
    )
    found = []
    for piece in value.split(","):
        if not re.fullmatch(r"[+-]?[0-9]{1,4}", piece.strip()):
            refuse(text, advice, name=name, high=high)
        number = int(piece)
        if number == 0 or abs(number) > high or (number < 0 and not signed):
            refuse(text, advice, name=name, high=high)
        found.append(number)
    return tuple(dict.fromkeys(found))


def _days(text: str, value: str, freq: str) -> tuple[tuple[int, int], ...]:
    found = []
    for piece in value.split(","):
        match = re.fullmatch(r"([+-]?[0-9]{1,3})?\s*(MO|TU|WE|TH|FR|SA|SU)", piece.strip())
        if match is None:
            refuse(text, N_("BYDAY takes MO, TU, WE, TH, FR, SA, SU, in a month also 1MO or -1FR."))
        ordinal = int(match[1]) if match[1] is not None else 0
        if match[1] is not None and freq not in _ORDINALS:
            refuse(
                text,
                N_("“{piece}” counts days in a month; write FREQ=MONTHLY for that."),
                piece=piece.strip(),
            )
        if match[1] is not None and not 1 <= abs(ordinal) <= _ORDINALS[freq]:
            refuse(
                text,
                N_("“{piece}” does not exist; count from 1 to {high}, or from the end -1 to -{high}."),
                piece=piece.strip(),
                high=_ORDINALS[freq],
            )
        found.append((ordinal, WEEKDAYS.index(match[2])))
    return tuple(dict.fromkeys(found))


def _until(text: str, value: str) -> date | datetime:
    for shape, form in _MOMENTS.items():
        if re.fullmatch(shape, value):
            try:
                moment = datetime.strptime(value.removesuffix("Z"), form)
            except ValueError:
                break
            if "T" not in value:
                return moment.date()
            return moment.replace(tzinfo=UTC) if value.endswith("Z") else moment
    refuse(text, N_("UNTIL takes a date of the calendar, like UNTIL=20261231."))


def _week_start(text: str, value: str) -> int:
    if value not in WEEKDAYS:
        refuse(text, N_("WKST takes one of MO, TU, WE, TH, FR, SA, SU."))
    return WEEKDAYS.index(value)


def _check_combination(text: str, rule: Rule) -> None:
    if rule.count and rule.until:
        refuse(text, N_("COUNT and UNTIL together contradict each other; keep one of them."))
    if rule.bysetpos and not (rule.byday or rule.bymonthday or rule.bymonth):
        refuse(text, N_("BYSETPOS picks from a list; add BYDAY or BYMONTHDAY."))
    if rule.bymonth and any(abs(ordinal) > _ORDINALS["MONTHLY"] for ordinal, _ in rule.byday):
        refuse(text, N_("beside BYMONTH, days are counted in the month; count from 1 to 5, or leave BYMONTH out."))
    if rule.freq == "WEEKLY" and rule.bymonthday:
        refuse(text, N_("a day of the month does not go with WEEKLY; write FREQ=MONTHLY."))


def _written(until: date | datetime) -> str:
    # Not by strftime, whose %Y writes the year 999 with three digits on some systems.
    plain = until.replace(tzinfo=None) if isinstance(until, datetime) else until
    zulu = "Z" if isinstance(until, datetime) and until.tzinfo else ""
    return plain.isoformat().replace("-", "").replace(":", "") + zulu
