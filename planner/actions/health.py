"""Whether the daemon does its work: the beats of its ticks, the oldest waiting mail, the way out, what was lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from planner.actions import broken
from planner.language import N_, parts, said
from planner.store.queries import heartbeats, lost, outbox

MISSED_BEATS: Final = 3
WAITS_TOO_LONG: Final = timedelta(minutes=30)
BUSINESSES_NAMED: Final = 20  # when a server refuses everything, so many of those it concerns are named


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: a message for gettext, and its values."""

    message: str
    values: dict[str, object]

    def sentence(self, translate: Callable[[str], str] = str, instead: Mapping[str, str] = MappingProxyType({})) -> str:
        """The sentence in the language of ``translate`` (a gettext function), some values replaced."""
        values = {name: said(str(value), translate) for name, value in {**self.values, **instead}.items()}
        return translate(self.message).format(**values)


def troubles(tx: Connection, now: datetime) -> list[Trouble]:
    """What is wrong at ``now``; empty when all is well. A daemon that never ran is not well."""
    found = []
    beats = heartbeats.every(tx)
    if not beats:
        found.append(Trouble(N_("The daemon has not run yet."), {}))
    for beat in beats:
        if now - beat.beat_at > timedelta(seconds=beat.interval_seconds * MISSED_BEATS):
            minutes = int((now - beat.beat_at).total_seconds() // 60)
            message = N_("The tick “{tick}” has not run for {minutes} min.")
            found.append(Trouble(message, {"tick": beat.tick, "minutes": minutes}))
        if beat.error:
            message = N_("The tick “{tick}” failed: {error}")
            found.append(Trouble(message, {"tick": beat.tick, "error": beat.error}))
    oldest, is_lost = outbox.stuck(tx)
    if oldest is not None and now - oldest > WAITS_TOO_LONG:
        minutes = int((now - oldest).total_seconds() // 60)
        found.append(Trouble(N_("A mail has been waiting for {minutes} min."), {"minutes": minutes}))
    for stored in broken.every(tx):
        message, values = parts(stored)
        found.append(Trouble(message, values or {}))
    for name, _until, reason in outbox.failing(tx):
        found.append(Trouble(N_("Mail does not get out by {name}: {reason}"), {"name": name, "reason": reason}))
    for business, count, reason in lost.alarming(tx, BUSINESSES_NAMED) if is_lost else ():
        message = N_("Mails to {business} did not get through ({count}), the last one for this reason: {reason}")
        found.append(Trouble(message, {"business": business, "count": count, "reason": reason}))
    return found
