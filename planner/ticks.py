"""The daemon's alarm clock: what a tick is, and how APScheduler wakes one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

_STALLED: Final = 10  # intervals


@dataclass(frozen=True, slots=True)
class Tick:
    """One kind of wake-up: its name, how often, and what it does at a given moment (returning what it did).

    ``patience`` is for how many seconds it may be silent before it counts as hung.
    """

    name: str
    seconds: int
    work: Callable[[datetime], int]
    patience: int = 120

    @property
    def hung_after(self) -> int:
        """Seconds of silence after which the process gives up, so that whoever keeps it starts it anew."""
        return max(self.seconds * _STALLED, self.patience)


def every(seconds: int) -> Any:
    """A trigger of APScheduler that catches nothing up.

    Its own counts every interval that was missed: after a clock thrown forward by years that is millions of moments.
    """
    from apscheduler.triggers.base import BaseTrigger

    interval = timedelta(seconds=seconds)

    class Every(BaseTrigger):  # type: ignore[misc]
        def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
            if previous is None:
                return now
            following = previous + interval
            return following if following > now else now + interval

    return Every()
