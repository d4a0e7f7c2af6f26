"""What pillars, kinds of content and rhythms are called on a page."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from planner.core.model import Cadence, Content, OnHoliday, Pillar, Purpose
from planner.core.recurrence import explicit, parse_rule
from planner.core.rounds import TITLE
from planner.core.spoken import in_words
from planner.errors import RuleRefused
from planner.language import N_

PILLARS: Final = {
    Pillar.QUESTION: N_("Question"),
    Pillar.TIP: N_("Tip"),
    Pillar.BEHIND_THE_SCENES: N_("Behind the scenes"),
    Pillar.TEAM: N_("Team"),
    Pillar.BEFORE_AFTER: N_("Before and after"),
    Pillar.THANKS: N_("Thanks"),
    Pillar.LOCAL: N_("From the neighbourhood"),
    Pillar.SEASON: N_("Season"),
    Pillar.EVENT: N_("Event"),
    Pillar.OFFER: N_("Offer"),
}
CONTENTS: Final = {
    Content.TEXT: N_("Text alone"),
    Content.PHOTO: N_("Photo"),
    Content.VIDEO: N_("Video"),
    Content.AUDIO: N_("Audio"),
    Content.STORY: N_("Story"),
    Content.POLL: N_("Poll"),
    Content.EVENT: N_("Event"),
    Content.OFFER: N_("Offer"),
}
ON_HOLIDAY: Final = {
    OnHoliday.KEEP: N_("Post all the same"),
    OnHoliday.BEFORE: N_("Post on the day before"),
    OnHoliday.AFTER: N_("Post on the day after"),
    OnHoliday.SKIP: N_("Leave it out"),
}

_ROUND_ON_HOLIDAY: Final = {
    OnHoliday.KEEP: N_("Answer all the same"),
    OnHoliday.SKIP: N_("Leave it out"),
}
PURPOSES: Final = {Purpose.POSTING: N_("To post something"), Purpose.REPLYING: TITLE}


def holiday_choices(translate: Callable[[str], str], purpose: Purpose = Purpose.POSTING) -> list[tuple[str, str]]:
    """What a public holiday may do to a slot, for a select: key and words; a round of answering does not move."""
    words = ON_HOLIDAY if purpose is Purpose.POSTING else _ROUND_ON_HOLIDAY
    return [(each.value, translate(said)) for each, said in words.items()]


def pillar_choices(translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """The pillars for a select: key and words."""
    return [(pillar.value, translate(words)) for pillar, words in PILLARS.items()]


_NOT_CHOSEN: Final = N_("Not chosen yet")
LEFT_OPEN: Final = N_("Whatever suits")


def content_choices(translate: Callable[[str], str], none: str = _NOT_CHOSEN) -> list[tuple[str, str]]:
    """The kinds of content for a select; the first says that there is none, in untranslated words."""
    return [("", translate(none))] + [(kind.value, translate(words)) for kind, words in CONTENTS.items()]


def purpose_choices(translate: Callable[[str], str]) -> list[tuple[str, str]]:
    """What a rhythm may be for: key and words."""
    return [(each.value, translate(words)) for each, words in PURPOSES.items()]


def rhythm_of(cadence: Cadence, translate: Callable[[str], str]) -> str:
    """A cadence in words; one of answering says so first."""
    words = rhythm(cadence.rrule, cadence.dtstart, translate)
    return f"{translate(TITLE)}: {words}" if cadence.purpose is Purpose.REPLYING else words


def rhythm(rrule: str, dtstart: datetime, translate: Callable[[str], str]) -> str:
    """A rule and its time of day in words, to stand at the beginning of a line; the rule itself if it has no words."""
    try:
        rule = explicit(parse_rule(rrule), dtstart.date())
    except RuleRefused:
        return f"{rrule} {dtstart:%H:%M}"
    words = in_words(rule, translate, dtstart.time()) or f"{rrule} {dtstart:%H:%M}"
    return words[:1].upper() + words[1:]
