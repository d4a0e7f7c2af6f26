"""Whether the daemon does its work: the beats of its ticks, the oldest waiting mail, the way out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.language import N_
from planner.store.queries import heartbeats, outbox

MISSED_BEATS: Final = 3
WAITS_TOO_LONG: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: a message for gettext, and its values."""

    message: str
    values: dict[str, object]


def troubles(tx: Connection, now: datetime) -> list[Trouble]:
    """What is wrong at ``now``; empty when all is well. A daemon that never ran is not well."""
    found = []
    beats = heartbeats.every(tx)
    if not beats:
        found.append(Trouble(N_("The daemon has not run yet."), {}))
    for beat in beats:
        if now - beat.beat_at > timedelta(seconds=beat.interval_seconds * MISSED_BEATS):
            minutes = int((now - beat.beat_at).total_seconds() // 60)
            message = N_("The tick “{tick}” has not run for {minutes} minutes.")
            found.append(Trouble(message, {"tick": beat.tick, "minutes": minutes}))
        if beat.error:
            message = N_("The tick “{tick}” failed: {error}")
            found.append(Trouble(message, {"tick": beat.tick, "error": beat.error}))
    oldest = outbox.oldest_waiting(tx)
    if oldest is not None and now - oldest > WAITS_TOO_LONG:
        minutes = int((now - oldest).total_seconds() // 60)
        found.append(Trouble(N_("A mail has been waiting for {minutes} minutes."), {"minutes": minutes}))
    for name, _until, reason in outbox.failing(tx):
        found.append(Trouble(N_("Mail does not get out by {name}: {reason}"), {"name": name, "reason": reason}))
    return found
