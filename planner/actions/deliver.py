"""Handing over what waits in the outbox: claim, write, send, write down. Never lost, doubled only in the one gap.

One call sends over one connection as long as it holds. The moment a mail is taken, one commit says so, and keeps the
bytes of the next one and says that they are about to go out: so the gap in which a crash doubles a mail is as short as
one commit. Our own work is done while the server does his: that commit while he looks at the first commands of the next
mail, writing the mail after that while he takes it in. No transaction waits for the network.
docs/explanation/delivery.md says the same for people; ``outcome`` writes down what became of a mail.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NoReturn

from sqlalchemy import Connection

from planner.actions.compose import Composed, Composer, Job, Later, Written
from planner.actions.outcome import UNREACHABLE, Clock, Outcome
from planner.core.model import Message, MessageState
from planner.core.retry import OF_THE_WAY_OUT, Failure
from planner.language import N_, kept
from planner.notify import DeliveryFailed, Reply, Session, Transport
from planner.store.database import Database
from planner.store.queries import outbox

log = logging.getLogger("planner.deliver")

BATCH: Final = 50
KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the mails of a call: handed over, not handed over; and whether more is waiting.

    ``trouble`` is why nothing could be written down any more, if that ended the call.
    """

    sent: int
    failed: int
    more: bool
    trouble: Exception | None = None


class LeaseLost(Exception):
    """Another sender has taken the mail over."""


class EndOfCall(Exception):
    """Nothing more can, or shall, be sent in this call."""


class Sender:
    """Delivers for one process, which keeps it as long as it runs; ``owner`` differs from every other's."""

    def __init__(self, database: Database, transport: Transport, composer: Composer, clock: Clock, owner: str) -> None:
        self.database = database
        self.transport = transport
        self.composer = composer
        self.clock = clock
        self.owner = owner
        self.outcome = Outcome(database, transport.name, clock)

    def use(self, transport: Transport, composer: Composer) -> None:
        """Send another way from the next call on. Not while a call runs."""
        self.transport, self.composer, self.outcome.way_out = transport, composer, transport.name

    def deliver_due(self, limit: int = 500, stopping: Callable[[], bool] = lambda: False) -> Delivered:
        """Send at most ``limit`` of the mails whose time has come; between two mails ``stopping`` is asked.

        After a fault of the way out one mail is tried first. Nothing is claimed while a mail that was handed over
        could not be written down as sent.
        """
        now, self.outcome.trouble = self.clock(), None
        self.outcome.release()
        with self.database.read() as tx:
            failures, paused_until, _reason = outbox.way_out(tx, self.transport.name)
            waits = outbox.waits(tx, now)
        resting = paused_until is not None and paused_until > now
        if not self.outcome.settle() or resting or not waits:
            return Delivered(0, 0, more=False, trouble=self.outcome.trouble)
        call = _Call(self, 1 if failures else BATCH, limit, stopping)
        try:
            return call.run()
        finally:
            call.close()

    def claim(self, limit: int) -> list[Job]:
        """Take up to ``limit`` rows, and read what they are written from."""
        now = self.clock()
        with self.database.write() as tx:
            outbox.expire(tx, now)
            claimed = outbox.claim(tx, self.owner, now, limit)
        if not claimed:
            return []
        with self.database.read() as tx:
            return self.composer.brief(tx, claimed, now)

    def settled(self, job: Job, written: Composed) -> Message | None:
        """The message of a job if its mail can go; what cannot is closed or put off."""
        message = job.message
        if isinstance(written, Later):
            self.outcome.put_off(message, written.until)
        elif written is None:
            self.outcome.closed(message, MessageState.SUPERSEDED, "", is_lost=False)
        elif isinstance(written, Exception):
            log.error("message %s cannot be written", message.key, exc_info=written)
            why = f"{type(written).__name__}: {written}"[:300]
            self.outcome.closed(message, MessageState.DEAD, why, is_lost=True)
        elif obstacle := self._obstacle(written, job):
            self.outcome.closed(message, MessageState.SUPPRESSED, obstacle, is_lost=bool(written.recipient))
        else:
            return replace(
                message, recipient=written.recipient, mime=written.mime, message_id=written.message_id,
                tells=written.tells,
            )  # fmt: skip
        return None

    def _obstacle(self, written: Written, job: Job) -> str:
        if not self.transport.needs_address:
            return ""
        return job.refusal if written.recipient else kept(N_("No e-mail address is set."))


class _Batch:
    """Claimed jobs, turned into mails one by one; the next may be written ahead, while a server is waited for."""

    def __init__(self, sender: Sender, jobs: list[Job]) -> None:
        self._sender = sender
        self._jobs = deque(jobs)
        self._ahead: list[Composed] = []

    def write_ahead(self) -> None:
        """Write the next mail, if it is not; touches nothing else, and never raises."""
        if self._jobs and not self._ahead:
            self._ahead.append(self._sender.composer.write(self._jobs[0], self._sender.clock()))

    def next(self) -> Message | None:
        """The next mail that can go; those on the way that cannot are closed or put off. None at the end."""
        while self._jobs:
            self.write_ahead()
            if message := self._sender.settled(self._jobs.popleft(), self._ahead.pop()):
                return message
        return None

    @property
    def left(self) -> list[Message]:
        """The mails nobody has looked at."""
        return [job.message for job in self._jobs]


class _HandOver:
    """One mail on its way, as the session tells it (``notify.Moments``)."""

    def __init__(self, outcome: Outcome, message: Message, batch: _Batch) -> None:
        self._outcome, self._message, self._batch = outcome, message, batch
        self._begun = False

    def said(self) -> None:
        """A mail before it was taken: write that down, and that the bytes of this one are about to go out."""
        if self._outcome.owing:
            self.data_starts()

    def data_starts(self) -> None:
        """Write down that the bytes are about to go out. Raises LeaseLost, EndOfCall."""
        if self._begun:
            return
        self._begun = self._outcome.settle(self._message)
        if self._outcome.trouble is not None:
            raise EndOfCall
        if not self._begun:
            raise LeaseLost

    def all_out(self) -> None:
        """While the server takes the mail in, the next one is written."""
        self._batch.write_ahead()


class _Call:
    """One call of ``deliver_due``: batches over one line, until nothing waits, the limit, or a fault."""

    def __init__(self, sender: Sender, first: int, limit: int, stopping: Callable[[], bool]) -> None:
        self._sender = sender
        self._outcome = sender.outcome
        self._size = first
        self._left = limit
        self._stopping = stopping
        self._tried = 0
        self._sent = 0
        self._silent = 0
        self._works = False
        self._line = _Line(sender.transport, sender.composer.envelope)

    def close(self) -> None:
        """Close the line; what was sent is written down by now."""
        self._line.close()

    def run(self) -> Delivered:
        """Batch after batch."""
        while self._left > 0 and not self._stopping():
            jobs = self._sender.claim(min(self._size, self._left))
            if not jobs:
                return self._result(more=False)
            self._left -= len(jobs)
            try:
                self._send(_Batch(self._sender, jobs))
            except EndOfCall:
                return self._result(more=False)
        return self._result(more=True)

    def _result(self, *, more: bool) -> Delivered:
        if self._works:
            self._outcome.recovered()
        return Delivered(self._sent, self._tried - self._sent, more, self._outcome.trouble)

    def _send(self, batch: _Batch) -> None:
        """One after the other; whatever ends this gives the rest back. Raises EndOfCall."""
        self._unsent: list[Message] = []
        try:
            while message := batch.next():
                if self._stopping():
                    self._unsent.append(message)
                    raise EndOfCall
                self._send_one(message, batch)
        finally:
            settled = self._outcome.settle()
            self._outcome.release([*self._unsent, *batch.left])
        if not settled:
            raise EndOfCall

    def _send_one(self, message: Message, batch: _Batch) -> None:
        self._tried += 1
        recipient = message.recipient or self._sender.composer.envelope
        try:
            reply = self._line.deliver(recipient, message.mime or b"", _HandOver(self._outcome, message, batch))
        except LeaseLost:
            log.warning("message %s was taken over by another sender", message.key)
        except DeliveryFailed as error:
            self._not_taken(message, error)
        except (EndOfCall, *UNREACHABLE):  # nothing of it has gone out
            self._unsent.append(message)
            raise
        else:
            self._outcome.taken(message, reply)
            self._sent += 1
            self._silent, self._size, self._works = 0, BATCH, True

    def _not_taken(self, message: Message, error: DeliveryFailed) -> None:
        """A fault of the way out ends the call, unless it has just worked: then it is the mail's own fault."""
        if error.failure is Failure.CONFIGURATION and self._line.works:
            self._outcome.died(message, error)
        elif error.failure in OF_THE_WAY_OUT:
            self._give_up(error, message)
        else:
            self._outcome.refused(message, error)
        self._silent = self._silent + 1 if error.failure is Failure.AMBIGUOUS else 0
        if self._silent > 1:
            self._give_up(error, None)

    def _give_up(self, error: DeliveryFailed, message: Message | None) -> NoReturn:
        self._works = False
        self._outcome.way_out_failed(error, message)
        raise EndOfCall


class _Line:
    """The connection of a call: opened when there is a mail, and once more if it breaks after having worked."""

    def __init__(self, transport: Transport, envelope: str) -> None:
        self._transport = transport
        self._envelope = envelope
        self._session: Session | None = None
        self._carried = self._unknown = 0

    def deliver(self, recipient: str, mime: bytes, hand_over: _HandOver) -> Reply:
        """Hand over one mail. Raises DeliveryFailed and whatever ``hand_over`` raises."""
        if self._session is None:
            self._session = self._transport.open()
            self._carried = self._unknown = 0
        try:
            reply = self._session.deliver(self._envelope, recipient, mime, hand_over)
        except DeliveryFailed as error:
            if error.failure not in (Failure.CHANNEL, Failure.AMBIGUOUS):
                self._unknown += error.failure is Failure.ADDRESS
                raise
            worked = self.works or self._unknown > 0
            self.close()
            if error.failure is Failure.AMBIGUOUS or not worked:
                raise
            hand_over.said()  # what was taken does not wait for a new connection
            # Servers end a line after so many mails, minutes, or unknown addresses; that is no fault.
            return self.deliver(recipient, mime, hand_over)
        except BaseException:
            self.close()
            raise
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


def clean_up(tx: Connection, now: datetime) -> int:
    """Forget the bytes of mails closed a week ago: they carry links that still act."""
    return outbox.wipe(tx, now - KEPT)
