"""Rounds of answering: what they are called and why they are, and which of them a line of a mail stands for."""

import logging
from functools import cache

from planner.core.rounds import TITLE
from planner.errors import PlannerError
from planner.language import translations

log = logging.getLogger("planner.rounds")


@cache
def words(platform: str, language: str) -> tuple[str, str]:
    """The title of a round on a platform, and how soon people expect an answer there; empty if nobody says.

    A platform's file that is broken is told of in the log, and keeps nothing from being planned.
    """
    from planner.catalogue import telling
    from planner.catalogue.portraits import portrait

    speak = translations(language).gettext
    try:
        why = telling.reason(portrait(platform), language, speak)
    except PlannerError as problem:
        log.error("%s", problem)
        why = ""
    return speak(TITLE), why
