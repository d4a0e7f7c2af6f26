"""The words in which people say how often, in German and English: each a letter and a value.

The letters: D a weekday (Monday is 0), O an ordinal (-1 is the last), N a number, E each, X every other, T so many
times, B the English biweekly, A the German werktags, d w m days, weeks, months (the value says how many), f of,
R up to (between weekdays), and a blank for what says nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from planner.errors import PhraseUnclear
from planner.language import N_


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its letter, its value, and how it was written."""

    letter: str
    value: int
    text: str


def _table() -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for letter, rows in _WORDS.items():
        for value, words in rows.items():
            table.update((word, (letter, value)) for word in words.split())
    return table


_WORDS: Final = {
    "D": {
        0: "monday mondays mon mo montag montags montage montagen",
        1: "tuesday tuesdays tue tues tu di dienstag dienstags dienstage dienstagen",
        2: "wednesday wednesdays wed we mi mittwoch mittwochs mittwoche mittwochen",
        3: "thursday thursdays thu thur thurs th do donnerstag donnerstags donnerstage donnerstagen",
        4: "friday fridays fri fr freitag freitags freitage freitagen",
        5: "saturday saturdays sat sa samstag samstags samstage samstagen sonnabend sonnabends sonnabende",
        6: "sunday sundays sun su so sonntag sonntags sonntage sonntagen",
    },
    "O": {
        1: "first erster ersten erste erstes",
        2: "second zweiter zweiten zweite zweites",
        3: "third dritter dritten dritte drittes",
        4: "fourth vierter vierten vierte viertes",
        5: "fifth fünfter fünften fünfte fünftes",
        6: "sixth sechster sechsten sechste sechstes",
        7: "seventh siebter siebten siebte siebtes",
        8: "eighth achter achten achte achtes",
        9: "ninth neunter neunten neunte neuntes",
        10: "tenth zehnter zehnten zehnte zehntes",
        -1: "last letzter letzten letzte letztes",
    },
    "N": {
        1: "one eins", 2: "two zwei", 3: "three drei", 4: "four vier", 5: "five fünf", 6: "six sechs",
        7: "seven sieben", 8: "eight acht", 9: "nine neun", 10: "ten zehn", 11: "eleven elf", 12: "twelve zwölf",
    },
    "T": {
        1: "once einmal 1x", 2: "twice zweimal 2x", 3: "thrice dreimal 3x", 4: "viermal 4x", 5: "fünfmal 5x",
        6: "sechsmal 6x", 7: "siebenmal 7x", 0: "times time mal x",
    },
    "E": {1: "every each jede jeden jeder jedes jedem alle aller all"},
    "X": {2: "other anderen andere anderer"},
    "d": {1: "day days daily tag tage tagen tages täglich"},
    "w": {
        1: "week weeks weekly woche wochen wöchentlich",
        2: "fortnight fortnights fortnightly zweiwöchentlich vierzehntägig vierzehntäglich",
    },
    "m": {
        1: "month months monthly monat monate monaten monats monatlich",
        3: "quarter quarters quarterly quartal quartale quartals vierteljahr vierteljährlich vierteljährig",
        6: "halbjahr halbjährlich half-yearly",
        12: "year years yearly annually jahr jahre jahren jahres jährlich",
    },
    "B": {2: "biweekly"},
    "A": {0: "werktags werktag werktage werktagen werktäglich"},
    "f": {0: "of des im in"},
    "R": {0: "to through thru until till bis"},
    " ": {
        0: "on at um am an the a der die das den dem ein eine einen einer eines einem per pro and und plus sowie"
           " from von vom immer jeweils regularly regelmäßig always then dann also auch o'clock uhr",
    },
}  # fmt: skip
_SEVERAL: Final = {
    "weekday": range(5), "weekdays": range(5), "wochentags": range(5), "wochentag": range(5),
    "weekend": (5, 6), "weekends": (5, 6), "wochenende": (5, 6), "wochenenden": (5, 6),
}  # fmt: skip
_TABLE: Final = _table()
_WHOLE: Final = (  # words with a hyphen or a blank inside
    (re.compile(r"\b(?:14|vierzehn)[ -]?täg(?:ig|lich)\w*"), " vierzehntägig "),
    (re.compile(r"\b(?:2|zwei)[ -]wöch(?:ig|entlich)\w*|\bzweiwöchig\w*"), " zweiwöchentlich "),
    (re.compile(r"\bbi-weekly\b"), " biweekly "),
    (re.compile(r"\btwice-weekly\b"), " twice weekly "),
    (re.compile(r"\bhalf[ -]yearly\b|\bhalbe[ns]? jahre?\b"), " halbjahr "),
)
_PIECE: Final = re.compile(
    r"(?P<ordinal>\d{1,3}(?:st|nd|rd|th|ten|te|ter|tes|\.))(?![^\W\d_])|(?P<times>\d{1,3} ?x)(?!\w)|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)\.?|(?P<range>[-–—])|(?P<none>[\s,;:+&/.!()]+)|(?P<other>.)"
)


def tokens(text: str) -> list[Token]:
    """The words of a sentence in small letters, ranges of weekdays written out. Raises PhraseUnclear."""
    for shape, word in _WHOLE:
        text = shape.sub(word, text)
    found = [token for piece in _PIECE.finditer(text) for token in _read(piece)]
    return list(_ranges(_counted([token for token in found if token.letter != " "])))


def _read(piece: re.Match[str]) -> Iterator[Token]:
    text = piece[0]
    match piece.lastgroup:
        case "ordinal":
            yield Token("O", int(re.findall(r"\d+", text)[0]), text)
        case "number" if len(text) <= 3:
            yield Token("N", int(text), text)
        case "times":
            yield Token("T", int(re.findall(r"\d+", text)[0]), text)
        case "range":
            yield Token("-", 0, text)
        case "none":
            return
        case "word" if piece["word"] in _SEVERAL:
            yield from (Token("D", day, text) for day in _SEVERAL[piece["word"]])
        case "word" if piece["word"] in _TABLE:
            yield Token(*_TABLE[piece["word"]], text)
        case _:
            raise PhraseUnclear(N_("“{word}” was not understood."), word=text[:30])


def _counted(found: list[Token]) -> Iterator[Token]:
    """``2 times`` as one word."""
    before: Token | None = None
    for token in found:
        if token.letter == "T" and not token.value:
            if before is None or before.letter != "N":
                raise PhraseUnclear(N_("“{word}” was not understood."), word=token.text)
            before = Token("T", before.value, f"{before.text} {token.text}")
            continue
        if before is not None:
            yield before
        before = token
    if before is not None:
        yield before


def _ranges(found: Iterator[Token]) -> Iterator[Token]:
    """Monday to Friday as five days; a dash that is between no days is none."""
    several = list(found)
    for place, token in enumerate(several):
        around = several[place - 1 : place] + several[place + 1 : place + 2]
        if token.letter not in "R-":
            yield token
        elif len(around) == 2 and all(each.letter == "D" for each in around):
            first, last = (each.value for each in around)
            yield from (Token("D", (first + step) % 7, token.text) for step in range(1, (last - first) % 7))
        elif token.letter == "R":
            raise PhraseUnclear(N_("“{word}” was not understood."), word=token.text)
