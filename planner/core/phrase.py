"""What a sentence like “every second Tuesday at 9:00” may mean: the rules, most likely first, and the time of day.

German and English are read alike, whatever the language of the page. A sentence with two meanings gives both, and who
wrote it is asked. Words become letters (see ``vocabulary``), and a table of shapes says what a row of letters means.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import dropwhile
from typing import Final

from planner.core.characters import one_line
from planner.core.moments import cut_clock, cut_until
from planner.core.rule import Rule
from planner.core.spoken import tidy
from planner.core.vocabulary import Token, tokens
from planner.errors import PhraseUnclear
from planner.language import N_

LONGEST: Final = 200
_HIGHEST: Final = 366


@dataclass(frozen=True, slots=True)
class Spoken:
    """One meaning of a sentence: the rule, with all its days written out, and the time of day if one was named."""

    rule: Rule
    at: time | None


def read_phrase(text: str, start: date) -> tuple[Spoken, ...]:
    """What a sentence may mean, at least one rule. Raises PhraseUnclear with a sentence that says what was not read.

    ``start`` gives the day where none is named, as in “every two weeks” or “once a month”.
    """
    words = " ".join(one_line(text).lower().replace("’", "'").split()).rstrip(".!")
    if len(words) > LONGEST:
        raise PhraseUnclear(N_("This is too long: at most {longest} characters."), longest=LONGEST)
    words, until = cut_until(words)
    words, at = cut_clock(words)
    found = tokens(words)
    if not found:
        raise PhraseUnclear(N_("It does not say how often."))
    rules = [rule for variant in _variants(found) for rule in _rules(variant, start)]
    return tuple(Spoken(rule, at) for rule in dict.fromkeys(tidy(replace(rule, until=until)) for rule in rules))


def _variants(found: Sequence[Token]) -> list[list[Token]]:
    """Werktags is Monday to Friday, or to Saturday."""
    if not any(token.letter == "A" for token in found):
        return [list(found)]
    return [
        [each for token in found for each in (_days(count) if token.letter == "A" else [token])] for count in (5, 6)
    ]


def _days(count: int) -> list[Token]:
    return [Token("D", day, "werktags") for day in range(count)]


def _rules(found: Sequence[Token], start: date) -> list[Rule]:
    times = [token for token in found if token.letter == "T"]
    rest = list(dropwhile(lambda token: token.letter == "f", (token for token in found if token.letter != "T")))
    if len(times) == 1 and times[0].value != 1:
        return _several_times(times[0], rest, start)
    if len(times) > 1:
        raise PhraseUnclear(_SHAPE)
    letters = "".join(token.letter for token in rest)
    for shape, meaning in _SHAPES:
        if match := shape.fullmatch(letters):
            return meaning(_Parts(rest, match, start))
    raise PhraseUnclear(_SHAPE)


_SHAPE: Final = N_("The words are known, but not in this order.")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a sentence and the shape they have."""

    found: Sequence[Token]
    match: re.Match[str]
    start: date

    def tokens(self, name: str) -> list[Token]:
        """The words of a named part of the shape; none if it is not there."""
        if name not in self.match.re.groupindex or self.match[name] is None:
            return []
        begin, end = self.match.span(name)
        return list(self.found[begin:end])

    @property
    def interval(self) -> int:
        """How many units lie from one time to the next."""
        number = next((token.value for token in self.tokens("n")), 1)
        unit = next((token.value for token in self.tokens("u")), 1)
        if not 1 <= number * unit <= _HIGHEST:
            raise PhraseUnclear(N_("“{word}” is too far apart, or not far enough."), word=self.tokens("n")[0].text)
        return number * unit

    @property
    def days(self) -> tuple[tuple[int, int], ...]:
        """The weekdays that were named, else that of the start."""
        return tuple((0, token.value) for token in self.tokens("days")) or ((0, self.start.weekday()),)

    @property
    def counted(self) -> tuple[tuple[int, int], ...]:
        """Counted weekdays: first and third Monday, first Monday and second Friday."""
        found: list[tuple[int, int]] = []
        numbers: list[int] = []
        before = ""
        for token in self.tokens("list"):
            if token.letter == "O":
                numbers = [*numbers, _nth(token)] if before == "O" else [_nth(token)]
            else:
                found.extend((number, token.value) for number in numbers)
            before = token.letter
        return tuple(found)

    @property
    def dates(self) -> tuple[int, ...]:
        """Days of the month: 1 to 31, -1 for the last."""
        return tuple(_date(token) for token in self.tokens("dates") if token.letter in "ON")


def _nth(token: Token) -> int:
    if token.value not in (-1, 1, 2, 3, 4, 5):
        raise PhraseUnclear(N_("“{word}”: a month has at most five of a weekday."), word=token.text)
    return token.value


def _date(token: Token) -> int:
    if token.value != -1 and not 1 <= token.value <= 31:
        raise PhraseUnclear(N_("“{word}” is not a day of a month."), word=token.text)
    return token.value


def _daily(parts: _Parts) -> list[Rule]:
    if parts.interval % 7 == 0:
        return [Rule("WEEKLY", interval=parts.interval // 7, byday=parts.days)]
    return [Rule("DAILY", interval=parts.interval)]


def _weekly(parts: _Parts) -> list[Rule]:
    return [Rule("WEEKLY", interval=parts.interval, byday=parts.days)]


def _biweekly(parts: _Parts) -> list[Rule]:
    fortnightly = Rule("WEEKLY", interval=2, byday=parts.days)
    match len(parts.tokens("days")):
        case 0:
            return [fortnightly, *_week_of(2)]
        case 2:
            return [fortnightly, Rule("WEEKLY", byday=parts.days)]
    return [fortnightly]


def _every_nth(parts: _Parts) -> list[Rule]:
    """Every second Tuesday: each other one, or the second of each month."""
    number = next(token.value for token in parts.tokens("n"))
    counted = Rule("MONTHLY", byday=tuple((number, day) for _, day in parts.days))
    if number in (1, -1):
        return [counted]
    return [*_weekly(parts), counted] if number <= 5 else _weekly(parts)


def _monthly_weekday(parts: _Parts) -> list[Rule]:
    return [Rule("MONTHLY", interval=parts.interval, byday=parts.counted)]


def _monthly_date(parts: _Parts) -> list[Rule]:
    return [Rule("MONTHLY", interval=parts.interval, bymonthday=parts.dates)]


def _monthly(parts: _Parts) -> list[Rule]:
    """Once a month: on the date of the start, or on its weekday."""
    start, interval = parts.start, parts.interval
    at_the_end = start.day > 28 or start.day == monthrange(start.year, start.month)[1]
    weekday = (-1 if start.day > 28 else (start.day - 1) // 7 + 1, start.weekday())
    return [
        Rule("MONTHLY", interval=interval, bymonthday=(-1 if at_the_end else start.day,)),
        Rule("MONTHLY", interval=interval, byday=(weekday,)),
    ]


_C = "(?P<n>[NOX])"
_U = "(?P<u>m)"
_LIST = "(?P<list>(?:O+D+)+)"
_DATES = "(?P<dates>(?:[ON]d?)+)"
_SHAPES: Final[Sequence[tuple[re.Pattern[str], Callable[[_Parts], list[Rule]]]]] = [
    (re.compile(shape), meaning)
    for shape, meaning in (
        ("E?(?P<u>d)", _daily),
        (f"E{_C}(?P<u>d)", _daily),
        ("(?:E?d)?f?E?(?P<days>D+)(?:f?E?(?P<u>w))?", _weekly),
        ("E?(?P<u>w)(?:f?E?(?P<days>D+))?", _weekly),
        (f"E{_C}(?P<u>w)(?:f?E?(?P<days>D+))?", _weekly),
        (f"(?P<days>D+)f?E{_C}(?P<u>w)", _weekly),
        ("E(?P<n>X)(?P<days>D+)", _weekly),
        ("E(?P<n>[ON])(?P<days>D+)", _every_nth),
        ("E?B(?P<days>D*)", _biweekly),
        ("(?P<days>D+)f?E?B", _biweekly),
        (f"E?{_LIST}(?:f?E?{_U})?", _monthly_weekday),
        (f"E?{_U}f?E?{_LIST}", _monthly_weekday),
        (f"E{_C}{_U}f?E?{_LIST}", _monthly_weekday),
        (f"{_LIST}f?E{_C}{_U}", _monthly_weekday),
        (f"E?{_DATES}f{_U}", _monthly_date),
        (f"{_DATES}f?E{_U}", _monthly_date),
        (f"E?{_U}f?{_DATES}", _monthly_date),
        (f"E{_C}{_U}f?{_DATES}", _monthly_date),
        (f"{_DATES}f?E{_C}{_U}", _monthly_date),
        (f"E?{_U}", _monthly),
        (f"E{_C}{_U}", _monthly),
    )
]

_WEEKS: Final = {
    2: ((0, 3), (1, 4)), 3: ((0, 2, 4), (1, 3, 5)), 4: ((0, 1, 3, 4),), 5: ((0, 1, 2, 3, 4),),
    6: ((0, 1, 2, 3, 4, 5),), 7: ((0, 1, 2, 3, 4, 5, 6),),
}  # fmt: skip
_MONTHS: Final = {2: (1, 15), 3: (1, 11, 21), 4: (1, 8, 15, 22)}


def _week_of(number: int) -> list[Rule]:
    """So many times a week, well apart."""
    return [Rule("WEEKLY", byday=tuple((0, day) for day in days)) for days in _WEEKS[number]]


def _several_times(times: Token, rest: Sequence[Token], start: date) -> list[Rule]:
    letters = "".join(token.letter for token in rest)
    if re.fullmatch("E?d", letters):
        raise PhraseUnclear(N_("A rhythm gives one post a day; make another rhythm for another time of day."))
    if re.fullmatch("E?wf?E?D+|D+f?E?w", letters) and not any(token.value > 1 for token in rest if token.letter == "w"):
        days = [token.value for token in rest if token.letter == "D"]
        if len(set(days)) != times.value:
            raise PhraseUnclear(N_("“{word}” does not fit the days that were named."), word=times.text)
        return [Rule("WEEKLY", byday=tuple((0, day) for day in days))]
    unit = rest[-1].value if rest else 0
    if re.fullmatch("E?w", letters) and unit == 1 and times.value in _WEEKS:
        return _week_of(times.value)
    if re.fullmatch("E?m", letters) and unit == 1 and times.value in _MONTHS:
        return [Rule("MONTHLY", bymonthday=_MONTHS[times.value]), *_weekdays_of_month(times.value, start)]
    raise PhraseUnclear(N_("“{word}”: say on which days."), word=times.text)


def _weekdays_of_month(number: int, start: date) -> Iterable[Rule]:
    """Twice a month on the weekday of the start; more often that is nearly every week."""
    return [Rule("MONTHLY", byday=((1, start.weekday()), (3, start.weekday())))] if number == 2 else []
