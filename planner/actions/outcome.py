"""What became of a mail, written down: sent, again later, given up, or the way out itself is at fault."""

import logging
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from planner.core import retry
from planner.core.model import Message, MessageState
from planner.core.retry import TRANSIENT, Failure
from planner.errors import PlannerError
from planner.notify import DeliveryFailed, Reply
from planner.store.database import Database
from planner.store.queries import lost, outbox

log = logging.getLogger("planner.deliver")

Clock = Callable[[], datetime]
UNREACHABLE = (SQLAlchemyError, PlannerError)


class Outcome:
    """Writes outcomes for one sender. A mail that was taken is remembered until that could be written down."""

    def __init__(self, database: Database, way_out: str, clock: Clock) -> None:
        self._database = database
        self.way_out = way_out
        self._clock = clock
        self._unwritten: list[tuple[Message, Reply, datetime]] = []
        self._unreleased: list[Message] = []
        self.trouble: Exception | None = None  # why something could not be written down in this call

    def taken(self, message: Message, reply: Reply) -> None:
        """The mail was taken; remembered until ``settle`` has written it down."""
        self._unwritten.append((message, reply, self._clock()))

    def settle(self, following: Message | None = None) -> bool:
        """Write down what was taken, and in the same commit that the bytes of ``following`` are about to go out.

        False if that is no longer ours to send, or if nothing can be written (a full disk, a lock): then what was
        taken is still remembered, and nothing else may be sent.
        """
        if not self._unwritten and following is None:
            return True
        try:
            with self._database.write() as tx:
                for message, reply, moment in self._unwritten:
                    if outbox.sent(tx, message, reply.code, reply.text, moment):
                        lost.told(tx, message.tells)
                    else:
                        log.warning("message %s was sent, but another sender had taken it over", message.key)
                begun = following is None or outbox.start_data(tx, following, self._clock())
        except UNREACHABLE as error:
            self.trouble = error
            log.exception("%d sent mails cannot be written down; nothing else is sent", len(self._unwritten))
            return False
        self._unwritten.clear()
        return begun

    @property
    def owing(self) -> bool:
        """Whether a mail was taken and that is not written down."""
        return bool(self._unwritten)

    def closed(self, message: Message, state: MessageState, why: str, *, is_lost: bool) -> None:
        """The mail will not be sent at all; somebody is to be told if it ``is_lost``."""
        with self._database.write() as tx:
            outbox.finish(tx, message, state, self._clock() if is_lost else None, error=why)

    def put_off(self, message: Message, until: datetime) -> None:
        """The mail waits until an instant."""
        with self._database.write() as tx:
            outbox.give_back(tx, message, until, ready_at=until)

    def refused(self, message: Message, error: DeliveryFailed) -> None:
        """The mail was refused, or nobody knows: again later, or given up."""
        now, attempts = self._clock(), message.attempts + 1
        if error.failure is Failure.AMBIGUOUS and message.repeats >= retry.MOST_REPEATS:
            self.died(message, error)
        elif error.failure in TRANSIENT or error.failure is Failure.AMBIGUOUS:
            log.warning("message %s was not taken: %s", message.key, error.sentence())
            doubtful = error.failure is Failure.AMBIGUOUS
            again = retry.next_try(now, attempts, random.random())  # noqa: S311 - spreads load, hides nothing
            with self._database.write() as tx:
                outbox.give_back(
                    tx, message, again, ambiguous=message.ambiguous or doubtful,
                    repeats=message.repeats + doubtful, **_noted(message, error),
                )  # fmt: skip
        else:
            self.died(message, error)

    def died(self, message: Message, error: DeliveryFailed) -> None:
        """The mail will not be tried again."""
        log.error("message %s is given up: %s", message.key, error.sentence())
        with self._database.write() as tx:
            outbox.finish(tx, message, MessageState.DEAD, self._clock(), **_noted(message, error))
            if error.failure is Failure.ADDRESS:
                outbox.blame(tx, message.recipient, error.kept, self._clock())

    def way_out_failed(self, error: DeliveryFailed, message: Message | None) -> None:
        """The way out does not work and rests; the mail at hand waits behind the others, unharmed."""
        now = self._clock()
        log.warning("mail cannot be sent: %s", error.sentence())
        with self._database.write() as tx:
            failures = outbox.way_out(tx, self.way_out)[0] + 1
            until = retry.channel_pause(now, error.failure, failures)
            outbox.set_way_out(tx, self.way_out, failures=failures, reason=error.kept, paused_until=until)
            if message:
                outbox.give_back(tx, message, until + timedelta(seconds=1), error=error.kept)

    def recovered(self) -> None:
        """The way out works."""
        with self._database.write() as tx:
            outbox.works(tx, self.way_out, self._clock())

    def release(self, untouched: Sequence[Message] = ()) -> None:
        """Let others have the mails that were claimed and not tried, and those that could not be given back before."""
        self._unreleased.extend(untouched)
        if not self._unreleased:
            return
        try:
            with self._database.write() as tx:
                for message in self._unreleased:
                    outbox.give_back(tx, message, message.next_try_at)
        except UNREACHABLE:
            log.exception("%d mails cannot be given back yet", len(self._unreleased))
        else:
            self._unreleased.clear()


def _noted(message: Message, error: DeliveryFailed) -> dict[str, object]:
    return {"attempts": message.attempts + 1, "reply_code": error.code, "error": error.kept}
