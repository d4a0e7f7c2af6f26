"""After a mail could not be handed over: again at which moment, or give up, and what else to stop.

The classes follow what the server said (RFC 5321, RFC 3463). A reminder perishes, so trying again is a matter of
hours; what concerns the way out (no connection, wrong password) costs a mail no attempt at all.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LONGEST: Final = timedelta(minutes=60)
MOST_REPEATS: Final = 2
CHANNEL_FIRST: Final = timedelta(minutes=1)
CONFIGURATION_FIRST: Final = timedelta(minutes=15)


class Failure(StrEnum):
    """What kind of no it was."""

    LATER = "later"  # 4xx: the server asks to come back
    ADDRESS = "address"  # 5.1.x: nobody there
    CONTENT = "content"  # other 5xx: not in this form
    MAILBOX_FULL = "mailbox_full"  # 5.2.2: full today, perhaps not tomorrow
    CHANNEL = "channel"  # no connection, no name, 421 at the greeting
    CONFIGURATION = "configuration"  # certificate, password, sender refused: a person must act
    AMBIGUOUS = "ambiguous"  # silence or nonsense after the data: delivered or not, nobody knows


TRANSIENT: Final = frozenset({Failure.LATER, Failure.MAILBOX_FULL})
OF_THE_WAY_OUT: Final = frozenset({Failure.CHANNEL, Failure.CONFIGURATION})


def next_try(now: datetime, attempts: int, jitter: float) -> datetime:
    """When to try again after ``attempts`` (at least 1): 1, 2, 4 … at most 60 minutes, spread by ``jitter``.

    ``jitter`` is from 0 to 1: the wait is between half of its length and the whole of it.
    """
    return now + _growing(timedelta(minutes=1), attempts) * (0.5 + jitter / 2)


def channel_pause(now: datetime, failure: Failure, failures: int) -> datetime:
    """Until when the way out rests after ``failures`` in a row (at least 1); then one mail is tried.

    A fault that a person must mend is tried every fifteen minutes at most, so as not to be locked out.
    """
    first = CONFIGURATION_FIRST if failure is Failure.CONFIGURATION else CHANNEL_FIRST
    return now + _growing(first, failures)


def _growing(first: timedelta, times: int) -> timedelta:
    doublings: int = min(max(times - 1, 0), 10)
    return min(LONGEST, first * (1 << doublings))
