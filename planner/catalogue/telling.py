"""A portrait in sentences: what command line, page and documentation say about a platform, each with its source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from planner.catalogue.portraits import AgeShare, Criterion, Effort, Frequency, Kind, Portrait, Reply, Source, Tier
from planner.language import N_

Translate = Callable[[str], str]


class Section(StrEnum):
    """What a statement is about: the three criteria first."""

    SIZE = "size"
    AUDIENCE = "audience"
    USE = "use"
    FREQUENCY = "frequency"
    REPLY = "reply"
    EFFORT = "effort"
    TRAPS = "traps"
    LIMITS = "limits"
    EXPIRY = "expiry"


TIERS: Final = {
    Tier.VERY_INTERESTING: N_("very interesting"),
    Tier.INTERESTING: N_("interesting"),
    Tier.UNINTERESTING: N_("uninteresting"),
}
KINDS: Final = {
    Kind.TEXT: N_("text"),
    Kind.IMAGE: N_("picture"),
    Kind.VIDEO: N_("video"),
    Kind.AUDIO: N_("audio"),
}
SECTIONS: Final = {
    Section.SIZE: N_("Size and popularity"),
    Section.AUDIENCE: N_("Who uses it"),
    Section.USE: N_("What it is used for"),
    Section.FREQUENCY: N_("How often to post"),
    Section.REPLY: N_("How soon an answer is expected"),
    Section.EFFORT: N_("Effort for one piece"),
    Section.TRAPS: N_("Traps"),
    Section.LIMITS: N_("Limits"),
    Section.EXPIRY: N_("When it disappears"),
}
CRITERIA: Final = (Section.SIZE, Section.AUDIENCE, Section.USE)
_AGES: Final = {
    "day": N_("{ages} years: {share} % every day ({scope})"),
    "week": N_("{ages} years: {share} % at least once a week ({scope})"),
    "month": N_("{ages} years: {share} % at least once a month ({scope})"),
    "regularly": N_("{ages} years: {share} % regularly ({scope})"),
    "ever": N_("{ages} years: {share} % use it ({scope})"),
}
_SCOPES: Final = {"world": N_("worldwide")}  # the others are codes, the same in every language
_PER: Final = {"day": N_("{number} a day"), "week": N_("{number} a week"), "month": N_("{number} a month")}
_ROUNDS: Final = N_("Rounds of answering: {number}, {span} each")
_HOURS_FROM: Final = 180  # minutes, from which on a span is told in hours


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence about a platform, and where it is known from."""

    section: Section
    text: str
    source: Source


def statements(portrait: Portrait, language: str, translate: Translate) -> list[Statement]:
    """Everything in a portrait that has a source, section by section, facts before rules of thumb."""
    order = list(Section)
    found = list(_statements(portrait, language, translate))
    return sorted(found, key=lambda each: (order.index(each.section), not each.source.is_fact))


def sections(told: list[Statement], *, facts: bool) -> dict[Section, list[Statement]]:
    """The facts, or the rules of thumb, by section; sections that have none are left out."""
    chosen = [each for each in told if each.source.is_fact is facts]
    return {name: there for name in Section if (there := [each for each in chosen if each.section is name])}


def _statements(portrait: Portrait, language: str, translate: Translate) -> Iterator[Statement]:
    for criterion in Criterion:
        for fact in portrait.of(criterion):
            scope = f" ({_scope(fact.scope, translate)})" if fact.scope else ""
            yield Statement(Section(criterion.value), fact.text[language] + scope, fact.source)
    for age in portrait.ages:
        yield Statement(Section.AUDIENCE, ages(age, translate), age.source)
    for frequency in portrait.frequencies:
        words = f"{frequency.what[language]}: {how_often(frequency, translate)}"
        yield Statement(Section.FREQUENCY, words, frequency.source)
    for reply in portrait.replies:
        yield Statement(Section.REPLY, _reply(reply, language, translate), reply.source)
    if portrait.answering is not None:
        words = translate(_ROUNDS).format(
            number=how_many(len(portrait.answering.days), "week", translate),
            span=span(portrait.answering.minutes, portrait.answering.minutes, translate),
        )
        yield Statement(Section.REPLY, words, portrait.answering.source)
    for effort in portrait.efforts:
        words = f"{translate(KINDS[effort.content])}: {span(effort.least, effort.most, translate)}"
        yield Statement(Section.EFFORT, words, effort.source)
    for trap in portrait.traps:
        yield Statement(Section.TRAPS, trap.text[language], trap.source)
    for limit in portrait.limits:
        value = _number(limit.value, language) if isinstance(limit.value, int) else limit.value
        yield Statement(Section.LIMITS, f"{limit.what[language]}: {value}", limit.source)
    for expiry in portrait.expiries:
        yield Statement(Section.EXPIRY, f"{expiry.what[language]}: {expiry.after[language]}", expiry.source)


def origin(source: Source, translate: Translate) -> str:
    """Who says so, and of which year."""
    if source.says is None:
        return translate(N_("our own judgement"))
    year = str(source.year) if source.year else translate(N_("undated"))
    return f"{source.says}, {year}"


def reason(portrait: Portrait, language: str, translate: Translate) -> str:
    """Why to answer soon there, with who says so and of which year; empty where nothing is known."""
    if not portrait.replies:
        return ""
    said = min(portrait.replies, key=lambda each: not each.source.is_fact)
    known = N_("{text} ({origin})") if said.source.is_fact else N_("{text} ({origin}; a rule of thumb)")
    where = [origin(said.source, translate), *([_scope(said.scope, translate)] if said.scope else [])]
    return translate(known).format(text=said.text[language], origin=", ".join(where))


def _reply(reply: Reply, language: str, translate: Translate) -> str:
    scope = f" ({_scope(reply.scope, translate)})" if reply.scope else ""
    return reply.text[language] + scope


def how_many(number: int, per: str, translate: Translate) -> str:
    """3 a week."""
    return translate(_PER[per]).format(number=number)


def how_often(frequency: Frequency, translate: Translate) -> str:
    """3–5 a week."""
    number = f"{frequency.least}–{frequency.most}" if frequency.most != frequency.least else str(frequency.least)
    if frequency.most is None:
        number = translate(N_("{number} or more")).format(number=frequency.least)
    return translate(_PER[frequency.per]).format(number=number)


def kinds(portrait: Portrait, translate: Translate) -> str:
    """The kinds of content, with commas."""
    return ", ".join(translate(KINDS[kind]) for kind in portrait.content)


def efforts(portrait: Portrait, translate: Translate) -> str:
    """What a piece of each kind costs, in a few words."""
    return ", ".join(effort(each, translate) for each in portrait.efforts)


def effort(told: Effort, translate: Translate) -> str:
    """What a piece of a kind costs: picture 15–30 min."""
    return f"{translate(KINDS[told.content])} {span(told.least, told.most, translate)}"


def span(least: int, most: int, translate: Translate) -> str:
    """Minutes, or hours where there are many."""
    if most < _HOURS_FROM:
        return translate(N_("{span} min")).format(span=_between(str(least), str(most)))
    return translate(N_("{span} h")).format(span=_between(_hours(least), _hours(most)))


def score(portrait: Portrait, language: str, translate: Translate) -> str:
    """Its points for size and for use, nearby and anywhere, and why."""
    words = translate(N_("size {size} of 3, nearby {local} of 3, anywhere {online} of 3. {why}"))
    points = portrait.score
    why = points.why[language]
    return words.format(size=points.size, local=points.local, online=points.online, why=why)


def ages(age: AgeShare, translate: Translate) -> str:
    """Which share of an age group is there, and how that was counted."""
    ages = f"{age.first}–{age.last}" if age.last is not None else f"{age.first}+"
    return translate(_AGES[age.per]).format(ages=ages, share=age.share, scope=_scope(age.scope, translate))


def _hours(minutes: int) -> str:
    """Whole and half hours, without the point or comma that languages write differently."""
    whole, half = divmod(round(minutes / 30), 2)
    return f"{whole or ''}{'½' if half else ''}" or "0"


def _between(least: str, most: str) -> str:
    return least if least == most else f"{least}–{most}"


def _scope(scope: str, translate: Translate) -> str:
    return translate(_SCOPES[scope]) if scope in _SCOPES else scope


def _number(value: int, language: str) -> str:
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language == "de" else grouped
