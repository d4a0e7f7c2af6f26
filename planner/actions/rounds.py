"""Rounds of answering: what they are called and why they are, and what cannot be done with them."""

import logging
from functools import cache

from planner.core.rounds import TITLE
from planner.errors import PlannerError, UsageError
from planner.language import N_, translations

log = logging.getLogger("planner.rounds")


class NothingToWrite(UsageError):
    message = N_("“{title}” is no post: nothing is published, so it has no text and no address.")
    http_status = 409


class RoundThere(UsageError):
    message = N_("Another round of answering stands on that day already, and stands for this one, too.")
    http_status = 409


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
