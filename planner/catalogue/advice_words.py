"""Advice in words: what questions, paces and criteria are called, and why a channel is advised or left out."""

from collections.abc import Callable, Collection, Mapping
from itertools import groupby
from typing import Final

from planner.catalogue import telling
from planner.catalogue.platforms import platform
from planner.catalogue.portraits import Criterion as Judged
from planner.catalogue.portraits import Kind, Portrait, Source, portrait
from planner.core.advice import TOP, Ages, Chosen, Criterion, Customers, Helper, LeftOut, Line, Pace, Reason
from planner.language import N_

Translate = Callable[[str], str]

CUSTOMERS: Final = {
    Customers.LOCAL: N_("Nearby: they come, or are visited"),
    Customers.ONLINE: N_("Anywhere: they buy from afar"),
    Customers.BOTH: N_("Both, nearby and anywhere"),
}
AGES: Final = {
    Ages.YOUNG: N_("14 to 29"),
    Ages.MIDDLE: N_("30 to 49"),
    Ages.OLDER: N_("50 to 69"),
    Ages.OLD: N_("70 and older"),
}
HELPERS: Final = {
    Helper.ALONE: N_("Nobody"),
    Helper.TEAM: N_("Somebody who takes pictures and writes along"),
    Helper.FILMER: N_("Somebody who can film and edit, too"),
}
PACES: Final = {
    Pace.QUARTER: N_("once a quarter"),
    Pace.TWO_MONTHS: N_("every two months"),
    Pace.MONTH: N_("once a month"),
    Pace.FORTNIGHT: N_("every other week"),
    Pace.WEEK: N_("once a week"),
    Pace.TWICE: N_("twice a week"),
    Pace.THREE: N_("three times a week"),
    Pace.WEEKDAYS: N_("every working day"),
}
CRITERIA: Final = {
    Criterion.SIZE: N_("size"),
    Criterion.AUDIENCE: N_("audience"),
    Criterion.USE: N_("use"),
    Criterion.MAKING: N_("making it"),
}


def sentence(reason: Reason, language: str, translate: Translate) -> str:
    """A reason, whole, in a language."""
    values = {name: _said(value, language, translate) for name, value in reason.values.items()}
    return translate(reason.message).format(**values)


def left_unread(keys: Collection[str], translate: Translate) -> str:
    """That platforms are left out because their files are broken, by name."""
    words = translate(N_("Left out, because the file cannot be read: {platforms}."))
    return words.format(platforms=", ".join(keys))


def scored(line: Line, language: str, translate: Translate) -> str:
    """A criterion and its points."""
    above = line.points > TOP
    words = translate(N_("{criterion}: {points}, lifted by your trade") if above else N_("{criterion}: {points} of 3"))
    return words.format(criterion=translate(CRITERIA[line.criterion]), points=points(line, language))


def against(out: LeftOut, language: str, translate: Translate) -> str:
    """Why one of the core trio is left out, said openly."""
    words = translate(N_("{channel} belongs to the core, but not for you. {why}"))
    return words.format(channel=named(out, language), why=sentence(out.reason, language, translate))


def named(each: LeftOut | Chosen, language: str) -> str:
    """What a channel is called."""
    return platform(each.key).name(language)


def points(line: Line, language: str) -> str:
    """The points of a line: 3, 2.5 / 2,5."""
    whole, tenths = divmod(line.points, 10)
    return f"{whole}{',' if language == 'de' else '.'}{tenths}" if tenths else str(whole)


def because(line: Line, key: str, language: str, translate: Translate) -> str:
    """What the catalogue says for a criterion: shares of age groups, the best founded sentence, why it is of use.

    With where it is known from, and a word where that makes no fact.
    """
    found = portrait(key)
    if line.criterion is Criterion.MAKING:
        return _making(found, translate)
    if line.criterion is Criterion.USE:
        judged_by, words = translate(N_("our own judgement")), translate(N_("{text} ({origin}; a rule of thumb)"))
        return words.format(text=found.score.why[language], origin=judged_by)
    if line.criterion is Criterion.AUDIENCE and found.ages:
        by_source = groupby(found.ages, key=lambda each: each.source)
        told = [("; ".join(telling.ages(each, translate) for each in ages), source) for source, ages in by_source]
        return "; ".join(_with_origin(shares, source, translate) for shares, source in told)
    return _first(found, Judged(line.criterion.value), language, translate)


def cost(each: Chosen, translate: Translate) -> str:
    """What a piece costs, and what that makes a week."""
    words = translate(N_("{kind}, {pace}: {piece} minutes a piece, {minutes} a week"))
    kind, pace = translate(telling.KINDS[Kind(each.kind)]), translate(PACES[each.pace])
    return words.format(kind=kind, pace=pace, piece=each.piece, minutes=each.minutes)


def answering(each: Chosen, translate: Translate) -> str:
    """What answering costs a week; empty where no round is advised."""
    if not each.rounds:
        return ""
    words = translate(N_("answer reviews and messages, {often}: {piece} minutes each, {minutes} a week"))
    often = telling.how_many(each.rounds, "week", translate)
    return words.format(often=often, piece=each.candidate.round_minutes, minutes=each.answering)


def expected(key: str, language: str, translate: Translate) -> str:
    """How soon an answer is expected on a platform, and who says so; empty where nothing is known."""
    return telling.reason(portrait(key), language, translate)


def _making(found: Portrait, translate: Translate) -> str:
    """What a piece of each kind costs: facts with their source, the rest marked once for all of it."""
    told = [
        _with_origin(telling.effort(each, translate), each.source, translate)
        for each in found.efforts
        if each.source.is_fact
    ]
    if rest := [telling.effort(each, translate) for each in found.efforts if not each.source.is_fact]:
        told.append(translate(N_("{text} (a rule of thumb)")).format(text=", ".join(rest)))
    return "; ".join(told)


def _first(found: Portrait, criterion: Judged, language: str, translate: Translate) -> str:
    told = found.of(criterion)
    if not told:
        return translate(N_("No figure was found."))
    return _with_origin(told[0].text[language], told[0].source, translate)


def _with_origin(text: str, source: Source, translate: Translate) -> str:
    words = N_("{text} ({origin})") if source.is_fact else N_("{text} ({origin}; a rule of thumb)")
    return translate(words).format(text=text, origin=telling.origin(source, translate))


def _said(value: object, language: str, translate: Translate) -> str:
    match value:
        case Mapping():
            return str(value[language])
        case tuple():
            return ", ".join(translate(telling.KINDS[Kind(kind)]) for kind in value)
    return str(value)
