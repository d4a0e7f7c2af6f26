"""Stored values as people read them in a table. JSON keeps the stored words."""

from datetime import time
from typing import Any, Final

from planner.cli.words import _
from planner.core.model import FeedKind, MessageKind, MessageState
from planner.language import N_

TERMS: Final[dict[str, str]] = {
    MessageKind.DIGEST: N_("morning mail"),
    MessageKind.NUDGE: N_("evening mail"),
    MessageKind.SUMMARY: N_("weekly mail"),
    MessageKind.TEST: N_("test mail"),
    MessageState.PENDING: N_("waits"),
    MessageState.LEASED: N_("in hand"),
    MessageState.DATA_STARTED: N_("on its way"),
    MessageState.SENT: N_("sent"),
    MessageState.DEAD: N_("given up"),
    MessageState.EXPIRED: N_("too late"),
    MessageState.SUPERSEDED: N_("nothing left to say"),
    MessageState.SUPPRESSED: N_("not sent"),
    FeedKind.EVENT: N_("events"),
    FeedKind.TODO: N_("tasks"),
}


def term(value: str) -> str:
    """A stored word in the language of the terminal."""
    return _(TERMS[value])


def shown(value: Any) -> str:
    """A value of a setting as it would be written on the command line; an empty one as a dash."""
    match value:
        case bool():
            return "yes" if value else "no"
        case time():
            return f"{value:%H:%M}"
        case None:
            return "off"
    return str(value) or "–"
