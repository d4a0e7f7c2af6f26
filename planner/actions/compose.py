"""Writing mails from what is true now, as bytes that can be kept and sent again.

Nothing is left to say: None. The Message-ID comes from the outbox key and the installation's secret; it tells
nothing but the mail domain.
"""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from planner.actions.catching_up import Offer, catch_up_of
from planner.actions.consistency import Month, month_of
from planner.actions.mail_lines import advice_on, free_days, items, offer_lines, rounds_line, step_line
from planner.actions.overview import Summary, summary_of
from planner.actions.remind import briefed, owed_to
from planner.actions.supply import Supply, running_out
from planner.core import localtime
from planner.core.catching_up import Advice, Step
from planner.core.consistency import paused
from planner.core.discretion import without_secrets
from planner.core.friendly import pile_words
from planner.core.mix import tilt_words
from planner.core.model import Business, Mail, Message, MessageKind
from planner.core.reminders import not_at_night
from planner.core.weeks import Week
from planner.language import N_, said, translations
from planner.links import Links
from planner.notify.message import build, check_address, envelope
from planner.render import PostTexts, day, mail
from planner.store.queries import lost, outbox
from planner.store.queries.briefings import Briefing
from planner.store.queries.lost import Lost

LOST_SHOWN: Final = 7
_MANY_LOST: Final = N_("{count} mails did not reach you; the last of them:")
_AWAY: Final = N_("No mail reached you since {day}: {why}")
_NOT_THROUGH: Final = {
    MessageKind.DIGEST: N_("The morning mail of {day} did not reach you: {why}"),
    MessageKind.NUDGE: N_("The evening mail of {day} did not reach you: {why}"),
    MessageKind.SUMMARY: N_("The weekly mail of {day} did not reach you: {why}"),
    MessageKind.TEST: N_("The test mail of {day} did not reach you: {why}"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it will be sent; ``recipient`` is empty when its business has no address.

    ``tells`` are the ids of the lost mails it tells of.
    """

    recipient: str
    mime: bytes
    message_id: str
    tells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """A mail that is late and would come at night: it waits until the quiet hours are over."""

    until: datetime


Composed = Written | Later | Exception | None


@dataclass(frozen=True, slots=True)
class Job:
    """One mail to write and what it is written from: a briefing, or the error that stands in its place.

    ``summary`` and ``month`` are there for a summary; ``offers`` are rhythms that would fit better; ``supply`` if
    ideas run out and this is the mail to say so; ``lost`` are the earlier mails that did not get through; ``refusal``
    says why the address gets no mail any more, if it refused it for good twice.
    """

    message: Message
    briefing: Briefing | Exception
    summary: Summary | None = None
    month: Month | None = None
    offers: tuple[Offer, ...] = ()
    supply: Supply | None = None
    lost: tuple[Lost, ...] = ()
    refusal: str = ""


class Composer:
    """Writes mails for an installation: its links, its sender, its key."""

    def __init__(self, links: Links, sender: str, keys: Sequence[str]) -> None:
        """``sender`` may carry a name; its domain is that of every Message-ID. Raises BadAddress."""
        self.links = links
        self.envelope = envelope(sender)
        self.sender = sender
        self._texts = PostTexts()
        self._key = keys[0].encode()
        self._domain = self.envelope.rpartition("@")[2]

    def brief(self, tx: Connection, messages: Sequence[Message], now: datetime) -> list[Job]:
        """All that the mails of some outbox rows are written from, read in a few statements."""
        ids = {message.business_id for message in messages}
        found = briefed(tx, ids, now)
        untold = lost.untold(tx, ids)
        refusals = outbox.refused(tx, [message.recipient for message in messages])
        jobs = []
        for message in messages:
            job = Job(
                message,
                found[message.business_id],
                lost=tuple(untold.get(message.business_id, ())),
                refusal=refusals.get(message.recipient, ""),
            )
            jobs.append(_completed(tx, job, self._texts, now))
        return jobs

    def write(self, job: Job, now: datetime) -> Composed:
        """The mail; None if nothing is left to say, an error if it cannot be written.

        What may have been delivered already keeps its bytes, the rest is written from what is true now.
        """
        message = job.message
        if isinstance(job.briefing, Exception):
            return job.briefing
        try:
            until = not_at_night(job.briefing.business, message.due_at, now)
            if until > now and message.kind is not MessageKind.TEST:
                return Later(until)
            if message.ambiguous and message.mime is not None and message.message_id is not None:
                return Written(message.recipient, message.mime, message.message_id)
            return self._write(job, job.briefing, now)
        except Exception as error:  # one bad row must not stop the others
            return error

    def _write(self, job: Job, briefing: Briefing, now: datetime) -> Written | None:
        business, kind = briefing.business, job.message.kind
        unsubscribe = self.links.unsubscribe(business.id, kind, now)
        content = self._content(job, briefing, now, unsubscribe)
        if content is None:
            return None
        tells = () if kind is MessageKind.TEST else tuple(each.id for each in job.lost)
        recipient = check_address(business.email) if business.email else ""
        message_id = self._message_id(job.message)
        mime = build(
            content,
            sender=self.sender,
            recipient=recipient or self.envelope,
            message_id=message_id,
            moment=now.astimezone(localtime.zone(business.timezone)),
            language=business.language,
            unsubscribe=None if kind is MessageKind.TEST else unsubscribe,
            list_id="" if kind is MessageKind.TEST else f"{kind}.{self._domain}",
        )
        return Written(recipient, mime, message_id, tells)

    def _message_id(self, message: Message) -> str:
        """Of a row as it is written now: another text has another one (RFC 5322, 3.6.4)."""
        what = f"{message.key} {message.id} {message.lease_seq}".encode()
        return f"<{hmac.new(self._key, what, hashlib.sha256).hexdigest()[:32]}@{self._domain}>"

    def _content(self, job: Job, briefing: Briefing, now: datetime, unsubscribe: str) -> Mail | None:
        business = briefing.business
        common: dict[str, object] = {"business": business, "home": self.links.home(), "unsubscribe": unsubscribe}
        if job.message.kind is MessageKind.TEST:
            return mail("test", business.language, moment=localtime.wall(now, business.timezone), **common)
        common["lost"] = _told(job.lost, business.language)
        if job.message.kind is MessageKind.SUMMARY:
            return self._summary(job, briefing, now, common)
        return self._digest(job, briefing, now, common)

    def _digest(self, job: Job, briefing: Briefing, now: datetime, common: dict[str, object]) -> Mail | None:
        kind, channels = job.message.kind, briefing.channels
        if (owed := owed_to(briefing, kind, now)) is None:
            return None
        advice, days = advice_on(briefing, owed.today), free_days(owed.still_open, briefing, owed.today)
        return mail(
            kind.value,
            briefing.business.language,
            today=owed.today,
            due=items(self.links, owed.due, briefing, now),
            rounds=rounds_line(self.links, owed.rounds, briefing, now),
            still_open=items(self.links, owed.still_open, briefing, now, advice, days),
            **self._offered(job, briefing.business, now),
            **self._all_at_once(advice.values(), briefing.business, owed.today, now),
            more_open=owed.more_open,
            upcoming=[(post, channels[post.channel_id].name) for post in owed.upcoming],
            steps=[step_line(self.links, step, briefing, owed.today) for step in owed.steps],
            supply=job.supply,
            ideas=self.links.ideas(briefing.business.id),
            **common,
        )

    def _summary(self, job: Job, briefing: Briefing, now: datetime, common: dict[str, object]) -> Mail | None:
        business, summary, month = briefing.business, job.summary, job.month
        if summary is None or month is None or not business.summary_on:
            return None
        if paused(localtime.today(now, business.timezone), None, briefing.pauses):
            return None
        if not any(
            line.this.goal or line.this.planned or line.this.posted or line.answered for line in summary.channels
        ):
            return None
        missed, older = (
            items(self.links, posts, briefing, now, summary.advice, summary.free_days)
            for posts in (summary.missed, summary.older)
        )
        return mail(
            "summary",
            business.language,
            summary=summary,
            missed=missed,
            older=older,
            offers=offer_lines(self.links, job.offers, briefing.business, now),
            tilts=tilt_words(month.mix, month.day, translations(business.language).gettext),
            **self._all_at_once(summary.advice.values(), business, summary.today, now),
            supply=job.supply,
            ideas=self.links.ideas(business.id),
            **common,
        )

    def _offered(self, job: Job, business: Business, now: datetime) -> dict[str, object]:
        """The offers of a morning mail: in full where they stand in no weekly one, else a line that leads to them."""
        weekly = business.summary_on
        names = dict.fromkeys(each.channel.name for each in job.offers if weekly)
        return {
            "offers": [] if weekly else offer_lines(self.links, job.offers, business, now),
            "offered_on": ", ".join(names),
            "catching_up": self.links.catching_up(business.id),
        }

    def _all_at_once(
        self, advice: Collection[Advice], business: Business, today: date, now: datetime
    ) -> dict[str, object]:
        """One link for all that is to be moved or dropped, if anything is, and a word where too many stand open."""
        movable = any(each.step is not Step.POST for each in advice)
        return {
            "as_advised": self.links.as_advised(business, today, now) if movable else "",
            "pile": pile_words(advice, translations(business.language).gettext),
        }


def _told(found: Sequence[Lost], language: str) -> list[str]:
    """A sentence for each lost mail; of many for the latest, after how many there are."""
    speak = translations(language).gettext
    sentences = [speak(_MANY_LOST).format(count=len(found))] if len(found) > LOST_SHOWN else []
    for each in found[-LOST_SHOWN:]:
        message = _AWAY if each.away else _NOT_THROUGH[each.kind]
        sentences.append(speak(message).format(day=day(each.day, language), why=without_secrets(said(each.why, speak))))
    return sentences


def _completed(tx: Connection, job: Job, texts: PostTexts, now: datetime) -> Job:
    """The job with what a summary tells of, and with the supply if this is the mail of the week that says it."""
    if isinstance(job.briefing, Exception):
        return job
    business, week = job.briefing.business, Week.of(job.message.local_date)
    is_summary = job.message.kind is MessageKind.SUMMARY
    try:
        if is_summary:
            last = week.plus(-1)
            found = summary_of(tx, business, last, now)
            job = replace(job, summary=found, month=month_of(tx, business, last, now), offers=found.offers)
        elif _of_monday(job.message):
            job = replace(job, offers=catch_up_of(tx, business, now).offers)
        if is_summary or (_of_monday(job.message) and not business.summary_on):
            job = replace(job, supply=running_out(tx, business, texts, now))
    except DBAPIError:
        raise
    except Exception as error:  # one bad row must not stop the others
        return replace(job, briefing=error)
    return job


def _of_monday(message: Message) -> bool:
    """Whether it is the morning mail of a Monday, which also says what the weekly one would where that is off."""
    return message.kind is MessageKind.DIGEST and message.local_date.weekday() == 0
