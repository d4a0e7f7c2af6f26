"""Whether the clock on the wall can be believed: a wrong one must not plan, remind, or call months missed.

A clock that a dead battery set to 1970, or somebody to next week, is held against one that only counts on; at the start
of a process, when there is nothing to count from, against the moment at which the planner last worked. Steps of some
hours are followed (a machine that kept local time as UTC is set right by as much), as is the sleep of a laptop, in
which the steady clock counts on. A clock that went forward while the planner was off cannot be told from a planner that
was off for so long, and is believed; by more than a week only if the machine does not say that nobody confirmed it.

What one process refuses is written down, and every other one refuses it, too, until the clock fits again.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from planner import machineclock
from planner.actions import clock
from planner.actions.clock import Anchor, Held, Noted
from planner.errors import PlannerError
from planner.language import N_, kept
from planner.store.database import Database

log = logging.getLogger("planner.clock")

RELEASED: Final = datetime(2026, 1, 1, tzinfo=UTC)
TOO_FAR: Final = timedelta(hours=12)
A_LITTLE: Final = timedelta(minutes=10)
A_WEEK: Final = timedelta(days=7)
_WORTH_A_WORD: Final = timedelta(minutes=2)


class ClockRefused(PlannerError):
    """A clock that cannot be believed."""


class ClockWrong(ClockRefused):
    message = N_("The clock says {now}, which cannot be. Nothing is planned or sent until it is set right.")


class ClockJumped(ClockRefused):
    message = N_(
        "The clock has jumped to {now}, by more than twelve hours. Nothing is planned or sent until it is set right; "
        "if it is right now, say so with “planner tick --trust-clock”."
    )


class ClockBehind(ClockRefused):
    message = N_(
        "The clock says {now}, but the planner has already worked at {last}. Nothing is planned or sent until it is "
        "set right; if it is right now, say so with “planner tick --trust-clock”."
    )


class ClockAhead(ClockRefused):
    message = N_(
        "The clock says {now}, more than a week after the planner last worked, at {last}, and no time server has "
        "confirmed it. Nothing is planned or sent until one does; if it is right now, say so with "
        "“planner tick --trust-clock”."
    )


class ClockWatch:
    """Watches one clock for one process, beginning with the first moment it is shown and can believe."""

    def __init__(
        self,
        count: Callable[[], float] = machineclock.steady,
        boot: Callable[[], str] = machineclock.boot,
        synchronised: Callable[[], bool | None] = machineclock.synchronised,
    ) -> None:
        self._count, self._synchronised = count, synchronised
        self._boot = boot()
        self._last: Anchor | None = None

    def check(self, now: datetime, noted: Noted = Noted()) -> bool:  # noqa: B008 - a value that cannot be changed
        """Whether what was written before may be of a clock that ran ahead: at the first moment, and after a step back.

        Raises ClockWrong, ClockBehind, ClockAhead, ClockJumped for a moment that cannot be believed; the next one is
        asked about anew.
        """
        if now < RELEASED:
            raise ClockWrong(now=_told(now))
        counted, begins = self._count(), self._last is None
        last = self._last or self._since(noted.held)
        if begins:
            self._begin(now, noted, counts=last is not None)
        step = now - last.moment - timedelta(seconds=counted - last.counted) if last else timedelta()
        if abs(step) > TOO_FAR and not _is_near(noted.trusted, now):
            raise ClockJumped(now=_told(now))
        if abs(step) > _WORTH_A_WORD:
            log.warning("the clock was set by %s", step)
        self._last = Anchor(now, counted, self._boot)
        return begins or step < -_WORTH_A_WORD

    def held(self, now: datetime, why: str, before: Held | None) -> Held:
        """A refusal, as it is written down for other processes; ``before``: how it stood until now."""
        return Held(why, now, self._last or (before.since if before else None))

    def _since(self, held: Held | None) -> Anchor | None:
        """What another process last believed before it held the clock, if time was counted from there."""
        since = held.since if held else None
        return since if since and since.boot and since.boot == self._boot else None

    def _begin(self, now: datetime, noted: Noted, *, counts: bool) -> None:
        """A first moment; ``counts`` if there is something to count from all the same. Raises what is wrong with it."""
        worked, held = noted.worked, noted.held
        if worked is not None and worked - now > A_LITTLE:
            raise ClockBehind(now=_told(now), last=_told(worked))
        if counts:
            return
        # The machine was started anew meanwhile: a clock that was set right stands well before what was refused.
        if held is not None and held.since is not None and held.since.moment < held.refused - TOO_FAR <= now:
            raise ClockJumped(now=_told(now))
        if worked is not None and now - worked > A_WEEK and self._synchronised() is False:
            raise ClockAhead(now=_told(now), last=_told(worked))


def checked(database: Database, watch: ClockWatch, now: datetime) -> bool:
    """Like ``ClockWatch.check``, by what is written down; what is refused, or fits again, is written down, too."""
    with database.read() as tx:
        noted = clock.noted(tx)
    try:
        found = watch.check(now, noted)
    except ClockRefused as error:
        with database.write() as tx:
            clock.hold(tx, watch.held(now, kept(error.message, **error.values), noted.held))
        raise
    if noted.held is not None:
        with database.write() as tx:
            clock.let_go(tx)
    return found


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _is_near(noted: datetime | None, now: datetime) -> bool:
    return noted is not None and abs(noted - now) < A_LITTLE
