"""The time of day and the last day in a sentence about a rhythm, in German and English: found, and cut out of it."""

import re
from datetime import date, time
from typing import Final

from planner.errors import PhraseUnclear
from planner.language import N_

_HOURS: Final = {
    name: number
    for number, names in enumerate(
        ("one eins ein", "two zwei", "three drei", "four vier", "five fünf", "six sechs", "seven sieben", "eight acht",
         "nine neun", "ten zehn", "eleven elf", "twelve zwölf"), 1
    )
    for name in names.split()
}  # fmt: skip
_PARTS: Final = {0: ("halb", -30), 1: ("half past", 30), 2: ("viertel nach", 15), 3: ("quarter past", 15),
                 4: ("viertel vor", -15), 5: ("quarter to", -15)}  # fmt: skip
_SHIFTS: Final = dict(_PARTS.values())
_LATE: Final = r"abends|am abend|nachmittags|am nachmittag|in the evening|in the afternoon"
_DAYPART: Final = rf"(?P<late>{_LATE})|morgens|vormittags|am (?:vor)?mittag|früh|am morgen|in the morning"
_NAMED: Final = "|".join(sorted(_HOURS, key=len, reverse=True))
_CLOCKS: Final = tuple(
    re.compile(rf"(?:(?:{_DAYPART.replace('late', 'early_late')}),?\s+)?(?:{shape})(?:\s+(?:{_DAYPART}))?(?!\w)")
    for shape in (
        r"(?:\b(?:at|um|gegen)\s+|@\s*|(?<![\w.:]))(?P<h>\d{1,2}):(?P<m>\d\d)"
        r"(?:\s*(?:uhr|h|o'?clock)\b)?(?:\s*(?P<half>[ap])\.?m\b\.?)?",
        r"(?:\b(?:at|um|gegen)\s+|@\s*)(?P<h>\d{1,2})\.(?P<m>\d\d)(?:\s*uhr)?",
        r"(?<![\w.:])(?P<h>\d{1,2})\.(?P<m>\d\d)\s*uhr",
        r"(?:\b(?:at|um|gegen)\s+|@\s*|(?<![\w.:]))(?P<h>\d{1,2})\s*(?:uhr|h|o'?clock)(?:\s*(?P<m>\d\d))?",
        r"(?:\bat\s+|@\s*|(?<![\w.:]))(?P<h>\d{1,2})\s*(?P<half>[ap])\.?m\b\.?(?!\s*(?:mo|di|mi|do|fr|sa|so|l|\d))",
        r"(?:\b(?:at|um|gegen)\s+|@\s*)(?P<h>\d{1,2})(?![\d.:]*\d)",
        rf"\b(?:(?:at|um|gegen)\s+)?(?P<shift>{'|'.join(_SHIFTS)})\s+(?P<name>{_NAMED})(?:\s+uhr\b)?",
        rf"\b(?:at|um|gegen)\s+(?P<name>{_NAMED})(?:\s*(?:uhr|o'?clock)\b)?",
        r"\b(?:at\s+|um\s+)?(?P<noon>noon|mittags)",
    )
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january januar jan jänner", "february februar feb", "march märz mar mär", "april apr", "may mai",
         "june juni jun", "july juli jul", "august aug", "september sep sept", "october oktober oct okt",
         "november nov", "december dezember dec dez"), 1
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_UNTIL: Final = tuple(
    re.compile(rf",?\s*\b(?:until|till|til|up to|bis(?: zum| einschließlich)?)\s+(?:the )?{shape}(?!\w)")
    for shape in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.\s*(?P<y>\d{4})",
        rf"(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of )?(?P<name>{_MONTH})\.?,?\s+(?P<y>\d{{4}})",
        rf"(?P<name>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})",
    )
)


def cut_until(text: str) -> tuple[str, date | None]:
    """A sentence in small letters without its last day, and that day. Raises PhraseUnclear for a day that is none."""
    for shape in _UNTIL:
        if found := shape.search(text):
            values = found.groupdict()
            month = _MONTHS[values["name"]] if values.get("name") else int(values["m"])
            try:
                day = date(int(values["y"]), month, int(values["d"]))
            except ValueError as error:
                raise PhraseUnclear(
                    N_("“{word}” is not a day of the calendar."), word=found[0].strip(" ,")[:40]
                ) from error
            return _without(text, found), day
    return text, None


def cut_clock(text: str) -> tuple[str, time | None]:
    """A sentence in small letters without its time of day, and that time. Raises PhraseUnclear for one that is none."""
    for shape in _CLOCKS:
        if found := shape.search(text):
            rest = _without(text, found)
            if any(other.search(rest) for other in _CLOCKS):
                raise PhraseUnclear(N_("Two times of day were named; make a rhythm for each of them."))
            return rest, _clock(found)
    return text, None


def _clock(found: re.Match[str]) -> time:
    values = found.groupdict()
    late = bool(values["late"] or values["early_late"])
    if values.get("noon"):
        return time(12)
    hour, minute = (_HOURS[values["name"]] if values.get("name") else int(values["h"])), int(values.get("m") or 0)
    if (half := values.get("half")) and 1 <= hour <= 12:
        hour, late = hour % 12 + 12 * (half == "p"), False
    if late and hour < 12:
        hour += 12
    total = hour * 60 + minute + _SHIFTS.get(values.get("shift") or "", 0)
    if hour > 23 or minute > 59 or not 0 <= total < 24 * 60:
        raise PhraseUnclear(N_("“{word}” is not a time of day."), word=found[0].strip()[:30])
    return time(*divmod(total, 60))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} , {text[found.end() :]}"
