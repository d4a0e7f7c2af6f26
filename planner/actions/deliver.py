"""Handing over what waits in the outbox: claim, freeze, send, write down. Never lost, doubled only in the one gap.

One call is one batch over one connection. Each step is committed before the next begins; no transaction is open
while the network is waited for. docs/explanation/delivery.md says the same for people.
"""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from planner.actions.compose import Composer, Written
from planner.core import retry
from planner.core.model import Message, MessageState
from planner.core.retry import OF_THE_WAY_OUT, TRANSIENT, Failure
from planner.notify import DeliveryFailed, Reply, Session, Transport
from planner.store.database import Database
from planner.store.queries import outbox

log = logging.getLogger("planner.deliver")

Clock = Callable[[], datetime]
KEPT: Final = timedelta(days=7)
_PERSISTENCE: Final = 6


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a batch, and whether more is waiting."""

    sent: int
    failed: int
    more: bool


class LeaseLost(Exception):
    """Another sender has taken the mail over."""


@dataclass(frozen=True)
class Sender:
    """All that delivering needs; ``owner`` names this process and must differ from every other's."""

    database: Database
    transport: Transport
    composer: Composer
    clock: Clock
    owner: str

    def deliver_due(self, limit: int = 50, stopping: Callable[[], bool] = lambda: False) -> Delivered:
        """Send one batch of what is due; between two mails ``stopping`` is asked."""
        now = self.clock()
        with self.database.read() as tx:
            failures, paused_until, _reason = outbox.way_out(tx, self.transport.name)
        if paused_until is not None and paused_until > now:
            return Delivered(0, 0, more=False)
        batch = self._claim(1 if failures else limit, now)
        if not batch.ready:
            return Delivered(0, batch.closed, more=batch.closed > 0)
        try:
            session = self.transport.open()
        except DeliveryFailed as error:
            self._channel_failed(error, batch.ready)
            return Delivered(0, 0, more=False)
        try:
            sent, tried = self._send_all(session, batch.ready, stopping)
        finally:
            session.close()
        failed = tried - sent
        return Delivered(sent, failed + batch.closed, more=sent > 0 and len(batch.ready) >= limit)

    def _claim(self, limit: int, now: datetime) -> "_Batch":
        """Take due rows and freeze their bytes, in one commit."""
        with self.database.write() as tx:
            outbox.expire(tx, now)
            claimed = outbox.claim(tx, self.owner, now, limit)
            if not claimed:
                return _Batch((), 0)
            afresh = [message for message in claimed if not _kept(message)]
            written = self.composer.compose(tx, afresh, now)
            refused = outbox.refused(
                tx, [each.recipient for each in written.values() if isinstance(each, Written)]
            )
            ready = [self._freeze(tx, message, written.get(message.id), refused) for message in claimed]
        going = tuple(message for message in ready if message)
        return _Batch(going, len(claimed) - len(going))

    def _freeze(
        self,
        tx: Connection,
        message: Message,
        written: Written | Exception | None,
        refused: Mapping[str, str],
    ) -> Message | None:
        """The message with its bytes. What may have been delivered keeps them; the rest is written afresh."""
        if _kept(message):
            return message
        if written is None:
            outbox.finish(tx, message, MessageState.SUPERSEDED)
        elif isinstance(written, Exception):
            log.error("message %s cannot be written", message.key, exc_info=written)
            outbox.finish(tx, message, MessageState.DEAD, error=f"{type(written).__name__}: {written}"[:300])
        elif written.recipient in refused:
            outbox.finish(tx, message, MessageState.SUPPRESSED, error=refused[written.recipient])
        elif not written.recipient and self.transport.needs_address:
            outbox.finish(tx, message, MessageState.SUPPRESSED, error="the business has no e-mail address")
        else:
            outbox.freeze(tx, message, written.recipient, written.mime, written.message_id)
            return replace(message, recipient=written.recipient, mime=written.mime, message_id=written.message_id)
        return None

    def _send_all(
        self, session: Session, ready: Sequence[Message], stopping: Callable[[], bool]
    ) -> tuple[int, int]:
        """Send one after the other; how many were sent and how many were tried."""
        sent = 0
        for number, message in enumerate(ready):
            if stopping():
                self._release(ready[number:], self.clock())
                return sent, number
            try:
                reply = session.deliver(
                    self.composer.envelope,
                    message.recipient or self.composer.envelope,
                    message.mime or b"",
                    lambda message=message: self._data_starts(message),  # type: ignore[misc]
                )
            except LeaseLost:
                log.warning("message %s was taken over by another sender", message.key)
            except DeliveryFailed as error:
                if error.failure in OF_THE_WAY_OUT:
                    self._channel_failed(error, ready[number:])
                    return sent, number
                self._failed(message, error)
                if error.failure is Failure.AMBIGUOUS:  # the line is gone with it
                    self._release(ready[number + 1 :], self.clock())
                    return sent, number + 1
            else:
                self._sent(message, reply)
                sent += 1
        return sent, len(ready)

    def _data_starts(self, message: Message) -> None:
        with self.database.write() as tx:
            if not outbox.start_data(tx, message, self.clock()):
                raise LeaseLost

    def _sent(self, message: Message, reply: Reply) -> None:
        """Write down that it was taken; hold on to that, since losing it would send the mail twice."""
        for attempt in range(1, _PERSISTENCE + 1):
            try:
                with self.database.write() as tx:
                    now = self.clock()
                    values = {"reply_code": reply.code, "reply_text": reply.text, "error": ""}
                    held = outbox.finish(
                        tx, message, MessageState.SENT, sent_at=now, attempts=message.attempts + 1, **values
                    )
                    outbox.set_way_out(
                        tx, self.transport.name, failures=0, reason="", paused_until=None, last_sent_at=now
                    )
                if not held:
                    log.warning("message %s was sent, but its lease had run out", message.key)
                return
            except DBAPIError:
                log.exception("message %s was sent; writing that down failed (%d)", message.key, attempt)
                if attempt == _PERSISTENCE:
                    raise

    def _failed(self, message: Message, error: DeliveryFailed) -> None:
        """The mail was refused, or nobody knows: wait and try again, or give up."""
        now, attempts = self.clock(), message.attempts + 1
        log.warning("message %s was not taken: %s", message.key, error.sentence())
        again = retry.next_try(now, attempts, random.random())  # noqa: S311 - spreads load, hides nothing
        noted = {"attempts": attempts, "reply_code": error.code, "error": error.sentence()}
        with self.database.write() as tx:
            if error.failure is Failure.AMBIGUOUS:
                repeats = message.repeats + 1
                outbox.give_back(tx, message, again, ambiguous=True, repeats=repeats, **noted)
            elif error.failure in TRANSIENT:
                outbox.give_back(tx, message, again, **noted)
            else:
                outbox.finish(tx, message, MessageState.DEAD, **noted)
                if error.failure is Failure.ADDRESS:
                    outbox.blame(tx, message.recipient, error.sentence(), now)

    def _channel_failed(self, error: DeliveryFailed, untouched: Sequence[Message]) -> None:
        """The way out does not work: let it rest, and the mails wait unharmed."""
        now = self.clock()
        log.warning("mail cannot be sent: %s", error.sentence())
        with self.database.write() as tx:
            failures = outbox.way_out(tx, self.transport.name)[0] + 1
            until = retry.channel_pause(now, error.failure, failures)
            outbox.set_way_out(
                tx, self.transport.name, failures=failures, reason=error.sentence(), paused_until=until
            )
            for message in untouched:
                outbox.give_back(tx, message, now)

    def _release(self, untouched: Sequence[Message], now: datetime) -> None:
        with self.database.write() as tx:
            for message in untouched:
                outbox.give_back(tx, message, now)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Claimed messages ready to go, and how many were closed instead."""

    ready: tuple[Message, ...]
    closed: int


def _kept(message: Message) -> bool:
    """Whether the bytes of a message may have been delivered, so that only they may be sent again."""
    return message.ambiguous and message.mime is not None


def clean_up(tx: Connection, now: datetime) -> int:
    """Forget the bytes of mails closed a week ago: they carry links that still act."""
    return outbox.wipe(tx, now - KEPT)
