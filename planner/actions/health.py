"""Whether the daemon does its work: the beats of its ticks, the oldest waiting mail, the way out, what was lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from planner.actions import broken, clock
from planner.language import N_, parts, said
from planner.store.queries import facts, heartbeats, lost, outbox
from planner.store.queries.heartbeats import Heartbeat

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
    noted = facts.named_or_beginning(tx, clock.HELD, broken.NOTES)
    refused = clock.read(noted.pop(clock.HELD)) if clock.HELD in noted else None
    # While the clock is held every tick fails, or seems late, for that reason alone: it is said once.
    found = [_stored(refused.why)] if refused else _of_beats(heartbeats.every(tx), now)
    oldest, is_lost = outbox.stuck(tx)
    if oldest is not None and now - oldest > WAITS_TOO_LONG:
        found.append(Trouble(N_("A mail has been waiting for {minutes} min."), {"minutes": _minutes(now - oldest)}))
    found += [_stored(told) for _name, told in sorted(noted.items())]
    for name, _until, reason in outbox.failing(tx):
        found.append(Trouble(N_("Mail does not get out by {name}: {reason}"), {"name": name, "reason": reason}))
    for business, count, reason in lost.alarming(tx, BUSINESSES_NAMED) if is_lost else ():
        message = N_("Mails to {business} did not get through ({count}), the last one for this reason: {reason}")
        found.append(Trouble(message, {"business": business, "count": count, "reason": reason}))
    return found


def _of_beats(beats: Sequence[Heartbeat], now: datetime) -> list[Trouble]:
    if not beats:
        return [Trouble(N_("The daemon has not run yet."), {})]
    late = [beat for beat in beats if now - beat.beat_at > timedelta(seconds=beat.interval_seconds * MISSED_BEATS)]
    if len(late) == len(beats) > 1:
        minutes = _minutes(now - max(beat.beat_at for beat in beats))
        message = N_("By the clock nothing has run for {minutes} min: the daemon stands still, or the clock was set.")
        found = [Trouble(message, {"minutes": minutes})]
    else:
        message = N_("The tick “{tick}” has not run for {minutes} min.")
        found = [Trouble(message, {"tick": beat.tick, "minutes": _minutes(now - beat.beat_at)}) for beat in late]
    message = N_("The tick “{tick}” failed: {error}")
    return found + [Trouble(message, {"tick": beat.tick, "error": beat.error}) for beat in beats if beat.error]


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _stored(told: str) -> Trouble:
    message, values = parts(told)
    return Trouble(message, values or {})
