"""The daemon: APScheduler wakes it, the tables say what is due, and the page is served beside it.

The scheduler is an alarm clock and no memory: nothing is lost when it dies. A tick never raises; what went wrong is
logged, kept as its heartbeat's error, and the next one runs.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from planner import clockwatch, zonerules
from planner.actions import clock, deliver, plan, rederive, remind
from planner.actions.compose import Composer
from planner.actions.deliver import Sender
from planner.actions.health import troubles
from planner.clockwatch import ClockRefused, ClockWatch
from planner.config import Settings
from planner.errors import PlannerError
from planner.language import kept
from planner.links import SIGN_IN_LIFE, Links
from planner.notify import Transport
from planner.notify.ping import PingFailed, ping
from planner.pulse import Pulse
from planner.render import PostTexts
from planner.store import copies
from planner.store.database import Database
from planner.store.queries import access, heartbeats, outbox
from planner.ticks import Tick

log = logging.getLogger("planner.daemon")

_ROUNDS: Final = 200
_PLAN_SECONDS: Final = 30
_MAIL_SECONDS: Final = 10
_PING_SECONDS: Final = 10
_AT_ONCE: Final = 500
_AGAIN_AFTER: Final = 30  # seconds: a fault that passes must not show until an hourly tick comes round
_LONGEST_MAIL: Final = 960  # seconds: a bit more than the way out may take for a single mail


@dataclass
class Daemon:
    """An installation at work. ``clock`` gives the present instant; tests and ``planner tick`` hand in their own.

    ``given`` if a person named that instant: then it is not compared with when the planner last worked, nor kept.
    """

    database: Database
    settings: Settings
    links: Links
    texts: PostTexts
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    stopping: threading.Event = field(default_factory=threading.Event)
    clock_watch: ClockWatch = field(default_factory=ClockWatch)
    given: bool = False
    pulse: Pulse = field(default_factory=Pulse)

    def __post_init__(self) -> None:
        owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        composer = Composer(self.links, self.settings.sender, self.settings.keys())
        self.sender = Sender(self.database, transport_of(self.settings), composer, self.clock, owner)
        self._adopted: Settings | None = None
        self._may_have_run_ahead = False
        self._is_held = False
        self.faults: dict[str, str] = {}  # of the ticks whose last run failed; kept here, too, for a disk that is full

    def ticks(self) -> tuple[Tick, ...]:
        """What is done, and how often."""
        ticks = (
            Tick("plan", _PLAN_SECONDS, self._plan),
            Tick("mail", _MAIL_SECONDS, self._mail, patience=_LONGEST_MAIL),
            Tick("reap", 60, self._reap),
            Tick("maintenance", 3600, self._maintain),
        )
        return (*ticks, Tick("ping", 60, self._ping)) if self.settings.ping_url else ticks

    def run_tick(self, tick: Tick) -> int:
        """One wake-up. Never raises: an error is logged and kept, so that the next one runs."""
        count = 0
        self.pulse.begin(tick.name)
        self.faults.pop(tick.name, None)
        try:
            count = tick.work(self.clock())
        except Exception as raised:
            # A sentence for people says it all; anything else is a fault of ours.
            log.error("tick %s failed: %s", tick.name, raised, exc_info=not isinstance(raised, PlannerError))
            self.pulse.wake(tick.name, _AGAIN_AFTER)
            self.faults[tick.name] = _told(raised)
        self._beat(tick.name, tick.seconds)
        return count

    def _beat(self, name: str, seconds: int) -> None:
        self.pulse.hear(name)
        try:
            with self.database.write() as tx:
                heartbeats.beat(tx, name, self.clock(), seconds, self.faults.get(name, ""))
        except Exception as raised:
            log.exception("tick %s cannot note its beat", name)
            self.faults.setdefault(name, _told(raised))

    def expect_beats(self) -> None:
        """One that hangs in its very first run has no beat to go by; its silence counts from here."""
        ticks = self.ticks()
        try:
            with self.database.write() as tx:
                heartbeats.forget_others(tx, [tick.name for tick in ticks])
                for tick in ticks:
                    heartbeats.expect(tx, tick.name, self.clock(), tick.seconds)
        except Exception as error:  # the ticks will say so, too
            log.error("the ticks cannot be noted: %s", error)

    def _note(self, name: str, errors: Sequence[PlannerError]) -> None:
        """Rows that could not be used do not end a tick, and are its fault; ``broken`` knows them for longer."""
        for error in errors[:1]:
            self.faults.setdefault(name, _told(error))

    def run_once(self) -> dict[str, int]:
        """Every tick once, in order: what each did."""
        self.expect_beats()
        return {tick.name: self.run_tick(tick) for tick in self.ticks()}

    def plan(self) -> int:
        """Plan what is owed by now, before anything is shown or asked; how many posts were added."""
        return self.run_tick(self.ticks()[0])

    def _check_clock(self, now: datetime) -> None:
        """Raise what is wrong with the clock; put right what it had written if it ran ahead and was set back."""
        if self.given:
            self.clock_watch.check(now)
            return
        try:
            self._may_have_run_ahead |= clockwatch.checked(self.database, self.clock_watch, now)
        except ClockRefused:
            self._is_held = True
            raise
        if self._is_held:  # a beat noted meanwhile is of a false clock, and an hourly tick would not soon have another
            self._is_held = False
            for tick in self.ticks():
                self.pulse.wake(tick.name)
        if self._may_have_run_ahead:
            with self.database.write() as tx:
                if freed := clock.set_right(tx, now):
                    log.warning("the clock had run ahead; %d dates that it had taken are owed again", freed)
            self._may_have_run_ahead = False  # not before that is kept

    def trust_clock(self) -> None:
        """Go on with the clock as it is, also in a daemon that holds everything because of it: a person said so."""
        with self.database.write() as tx:
            clock.trust(tx, self.clock())

    def _plan(self, now: datetime) -> int:
        self._check_clock(now)
        if not self.given:
            with self.database.write() as tx:
                clock.believe(tx, now)
        self.pulse.hear("plan")  # here it is; what is noted waits for work that is done
        count = 0
        for _ in range(_ROUNDS):
            with self.database.write() as tx:
                planned = plan.plan_ahead(tx, self.texts, now)
            count += planned.posts
            self._note("plan", planned.errors)
            if not planned.more or self._between("plan", _PLAN_SECONDS):
                break
        return count

    def adopt(self, settings: Settings) -> None:
        """Send mails by these settings from the next tick on; a mail in hand goes the way it began."""
        self._adopted = settings

    def _follow_settings(self) -> None:
        wanted = self._adopted
        if wanted is None or wanted is self.settings:
            return
        self.settings = wanted
        self.sender.use(transport_of(wanted), Composer(self.links, wanted.sender, wanted.keys()))
        log.info("mails go another way from now on: %s", self.sender.transport.name)

    def _mail(self, now: datetime) -> int:
        self._check_clock(now)
        self._follow_settings()
        self.pulse.hear("mail")
        for _ in range(_ROUNDS):
            with self.database.write() as tx:
                reminded = remind.remind(tx, now)
            self._note("mail", reminded.errors)
            if not reminded.more or self._between_mails():
                break
        sent = 0
        for _ in range(_ROUNDS):
            delivered = self.sender.deliver_due(_AT_ONCE, self._between_mails)
            sent += delivered.sent
            if delivered.trouble is not None:
                raise delivered.trouble
            if not delivered.more or self.stopping.is_set():
                break
        return sent

    def _between_mails(self) -> bool:
        return self._between("mail", _MAIL_SECONDS)

    def _between(self, name: str, seconds: int) -> bool:
        """Whether to stop; also a beat, since much work, or many mails to a slow server, is not a tick that hangs."""
        if self.pulse.silence(name) >= seconds:
            self._beat(name, seconds)
        return self.stopping.is_set()

    def _reap(self, now: datetime) -> int:
        self._check_clock(now)
        with self.database.write() as tx:
            unsent, unknown = outbox.reap(tx, now)
        if unsent or unknown:
            log.warning("freed %d mails of a lost sender, %d of them perhaps delivered", unsent + unknown, unknown)
        return unsent + unknown

    def _maintain(self, now: datetime) -> int:
        """Each part whatever becomes of the others; the first fault is the tick's."""
        self._check_clock(now)
        count, faults = 0, []
        for part in (self._copy, self._forget, self._follow_zone_rules):
            try:
                count += part(now)
            except Exception as error:  # no fault of one may keep the next from its work
                log.error("a part of the maintenance failed: %s", error)
                faults.append(error)
        if faults:
            raise faults[0]
        return count

    def _copy(self, now: datetime) -> int:
        return int(copies.nightly(self.database, now.date()) is not None)

    def _forget(self, now: datetime) -> int:
        with self.database.write() as tx:
            access.forget(tx, now, now - SIGN_IN_LIFE - timedelta(days=1))
            return deliver.clean_up(tx, now)

    def _follow_zone_rules(self, now: datetime) -> int:
        release, count, last = zonerules.release(), 0, 0
        while not self.stopping.is_set():
            with self.database.write() as tx:
                done = rederive.follow(tx, release, now, after=last)
            count += done.moved
            self._note("maintenance", done.errors)
            if done.last is None:
                break
            last = done.last
        return count

    def _ping(self, now: datetime) -> int:
        """Tell somebody outside that all is well; his alarm is our silence, so a fault of the line is only logged."""
        with self.database.read() as tx:
            found = troubles(tx, now)
        if found:
            log.warning("no ping: %s", found[0].sentence())
            return 0
        try:
            return int(ping(self.settings.ping_url, _PING_SECONDS))
        except PingFailed as error:
            log.warning("the ping did not get through: %s", error.reason)
            return 0


def _told(error: Exception) -> str:
    """An error as it is kept; of others than ours the first line, since SQL and its values follow below."""
    if isinstance(error, PlannerError):
        return kept(error.message, **error.values)
    return f"{type(error).__name__}: {error}".splitlines()[0]


def transport_of(settings: Settings) -> Transport:
    """The way out that the settings name: a mail server, else a folder."""
    if settings.mail_folder is not None:
        from planner.notify.folder import FolderTransport

        return FolderTransport(settings.mail_folder)
    from planner.notify.smtp import SmtpTransport

    return SmtpTransport(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, settings.smtp_password  # type: ignore[arg-type]
    )  # fmt: skip
