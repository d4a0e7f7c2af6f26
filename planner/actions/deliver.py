"""Handing over what waits in the outbox: claim, freeze, send, write down. Never lost, doubled only in the one gap.

One call sends over one connection as long as it holds. Each step is committed before the next begins; no
transaction is open while the network is waited for. "Sent" of one mail and "about to send" of the next are two
commits on purpose: one commit for both would widen the gap in which a crash doubles a mail by two round trips.
docs/explanation/delivery.md says the same for people; what became of a mail is written down by ``outcome``.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.actions.compose import Composed, Composer, Later, Written
from planner.actions.outcome import Clock, Outcome
from planner.core.model import Message, MessageState
from planner.core.retry import OF_THE_WAY_OUT, Failure
from planner.notify import DeliveryFailed, Reply, Session, Transport
from planner.store.database import Database
from planner.store.queries import outbox

log = logging.getLogger("planner.deliver")

BATCH: Final = 50
KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the mails of a call: handed over, not handed over; and whether more is waiting."""

    sent: int
    failed: int
    more: bool


class LeaseLost(Exception):
    """Another sender has taken the mail over."""


class EndOfCall(Exception):
    """Nothing more can be sent in this call."""


class Sender:
    """Delivers for one process, which keeps it as long as it runs; ``owner`` differs from every other's."""

    def __init__(self, database: Database, transport: Transport, composer: Composer, clock: Clock, owner: str) -> None:
        self.database = database
        self.transport = transport
        self.composer = composer
        self.clock = clock
        self.owner = owner
        self._outcome = Outcome(database, transport.name, clock)

    def deliver_due(self, limit: int = 500, stopping: Callable[[], bool] = lambda: False) -> Delivered:
        """Send at most ``limit`` of the mails whose time has come; between two mails ``stopping`` is asked.

        After a fault of the way out one mail is tried first. Nothing is claimed while a mail that was handed over
        could not be written down as sent.
        """
        now = self.clock()
        with self.database.read() as tx:
            failures, paused_until, _reason = outbox.way_out(tx, self.transport.name)
            waits = outbox.waits(tx, now)
        resting = paused_until is not None and paused_until > now
        if not self._outcome.settle() or resting or not waits:
            return Delivered(0, 0, more=False)
        call = _Call(self, 1 if failures else BATCH, limit, stopping)
        try:
            return call.run()
        finally:
            call.line.close()

    def deliver_now(self, take: Callable[[Connection, datetime], Sequence[Message]]) -> Reply:
        """Send the one mail that ``take`` claims, although the way out may be resting; nobody tries it again.

        Raises DeliveryFailed with the reason, LeaseLost if there was none to take or nothing to say.
        """
        ready = self.claim(take).ready
        if not ready:
            raise LeaseLost
        line = _Line(self.transport)
        try:
            reply = self.hand_over(line, ready[0])
        except DeliveryFailed as error:
            self._outcome.died(ready[0], error)
            raise
        finally:
            line.close()
        self._outcome.sent(ready[0], reply)
        self._outcome.recovered()
        return reply

    def claim(self, take: Callable[[Connection, datetime], Sequence[Message]]) -> "_Batch":
        """Take rows and freeze their bytes, in one commit."""
        now = self.clock()
        with self.database.write() as tx:
            claimed = take(tx, now)
            if not claimed:
                return _Batch((), 0)
            written = self.composer.compose(tx, claimed, now)
            recipients = [each.recipient for each in written.values() if isinstance(each, Written)]
            refused = outbox.refused(tx, recipients)
            frozen = [self._freeze(tx, message, written[message.id], refused) for message in claimed]
        return _Batch(tuple(message for message in frozen if message), len(claimed))

    def hand_over(self, line: "_Line", message: Message) -> Reply:
        """One mail through the line. Raises DeliveryFailed, LeaseLost."""

        def data_starts() -> None:
            with self.database.write() as tx:
                if not outbox.start_data(tx, message, self.clock()):
                    raise LeaseLost

        recipient = message.recipient or self.composer.envelope
        return line.deliver(self.composer.envelope, recipient, message.mime or b"", data_starts)

    def _freeze(
        self, tx: Connection, message: Message, written: Composed, refused: Mapping[str, str]
    ) -> Message | None:
        """The message ready to go; None if it was closed or put off instead."""
        if isinstance(written, Written) and (obstacle := self._obstacle(written, refused)):
            outbox.finish(tx, message, MessageState.SUPPRESSED, error=obstacle)
        elif isinstance(written, Written):
            outbox.freeze(tx, message, written.recipient, written.mime, written.message_id)
            return replace(message, recipient=written.recipient, mime=written.mime, message_id=written.message_id)
        elif isinstance(written, Later):
            outbox.give_back(tx, message, written.until)
        elif written is None:
            outbox.finish(tx, message, MessageState.SUPERSEDED)
        else:
            log.error("message %s cannot be written", message.key, exc_info=written)
            outbox.finish(tx, message, MessageState.DEAD, error=f"{type(written).__name__}: {written}"[:300])
        return None

    def _obstacle(self, written: Written, refused: Mapping[str, str]) -> str:
        if not written.recipient and self.transport.needs_address:
            return "the business has no e-mail address"
        return refused.get(written.recipient, "")


class _Call:
    """One call of ``deliver_due``: batches over one line, until nothing waits, the limit, or a fault."""

    def __init__(self, sender: Sender, first: int, limit: int, stopping: Callable[[], bool]) -> None:
        self._sender = sender
        self._outcome = sender._outcome
        self._size = first
        self._left = limit
        self._stopping = stopping
        self._silent = 0
        self._sent = 0
        self._failed = 0
        self.line = _Line(sender.transport)

    def run(self) -> Delivered:
        """Batch after batch."""
        while self._left > 0 and not self._stopping():
            batch = self._sender.claim(self._take)
            if not batch.claimed:
                return self._result(more=False)
            self._left -= batch.claimed
            self._failed += batch.claimed - len(batch.ready)
            try:
                self._send(batch.ready)
            except EndOfCall:
                return self._result(more=False)
        return self._result(more=True)

    def _result(self, *, more: bool) -> Delivered:
        if self._sent:
            self._outcome.recovered()
        return Delivered(self._sent, self._failed, more)

    def _take(self, tx: Connection, now: datetime) -> Sequence[Message]:
        outbox.expire(tx, now)
        return outbox.claim(tx, self._sender.owner, now, min(self._size, self._left))

    def _send(self, ready: Sequence[Message]) -> None:
        """One after the other; whatever ends this gives the rest back. Raises EndOfCall."""
        tried = 0
        try:
            for message in ready:
                if self._stopping():
                    raise EndOfCall
                tried += 1
                self._send_one(message)
        finally:
            self._outcome.release(ready[tried:])

    def _send_one(self, message: Message) -> None:
        try:
            reply = self._sender.hand_over(self.line, message)
        except LeaseLost:
            log.warning("message %s was taken over by another sender", message.key)
        except DeliveryFailed as error:
            self._failed += 1
            self._not_taken(message, error)
        else:
            self._sent += 1
            self._silent, self._size = 0, BATCH
            if not self._outcome.sent(message, reply):
                raise EndOfCall

    def _not_taken(self, message: Message, error: DeliveryFailed) -> None:
        """A fault of the way out ends the call, unless it has just worked: then it is the mail's own fault."""
        if error.failure is Failure.CONFIGURATION and self.line.works:
            self._outcome.died(message, error)
        elif error.failure in OF_THE_WAY_OUT:
            self._outcome.way_out_failed(error, message)
            raise EndOfCall
        else:
            self._outcome.refused(message, error)
        self._silent = self._silent + 1 if error.failure is Failure.AMBIGUOUS else 0
        if self._silent > 1:
            self._outcome.way_out_failed(error, None)
            raise EndOfCall


class _Line:
    """The connection of a call: opened when there is a mail, and once more if it breaks after having worked."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._session: Session | None = None
        self._carried = 0

    def deliver(self, sender: str, recipient: str, mime: bytes, on_data: Callable[[], None]) -> Reply:
        """Hand over one mail. Raises DeliveryFailed and whatever ``on_data`` raises."""
        if self._session is None:
            self._session, self._carried = self._transport.open(), 0
        try:
            reply = self._session.deliver(sender, recipient, mime, on_data)
        except DeliveryFailed as error:
            if error.failure not in (Failure.CHANNEL, Failure.AMBIGUOUS):
                raise
            self.close()
            if error.failure is Failure.AMBIGUOUS or not self._carried:
                raise
            # Servers end a line after so many mails, or so many minutes; that is no fault.
            return self.deliver(sender, recipient, mime, on_data)
        self._carried += 1
        return reply

    @property
    def works(self) -> bool:
        """Whether this very connection has carried a mail."""
        return self._session is not None and self._carried > 0

    def close(self) -> None:
        """Close the connection if there is one."""
        if self._session is not None:
            self._session.close()
            self._session = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """Messages ready to go, and how many rows were claimed for them."""

    ready: tuple[Message, ...]
    claimed: int


def clean_up(tx: Connection, now: datetime) -> int:
    """Forget the bytes of mails closed a week ago: they carry links that still act."""
    return outbox.wipe(tx, now - KEPT)
