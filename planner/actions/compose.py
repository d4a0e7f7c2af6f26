"""Writing a mail from what is true now, as bytes that can be kept and sent again.

Nothing is left to say: None. The Message-ID comes from the outbox key, so the same mail has the same one; it tells
nothing about the installation but its mail domain.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from planner import catalogue
from planner.actions.overview import summary_of
from planner.actions.remind import briefed, owed_to
from planner.core import localtime
from planner.core.consistency import paused
from planner.core.model import Business, Message, MessageKind, Post
from planner.core.reminders import not_at_night
from planner.core.weeks import Week
from planner.links import Links, Verb
from planner.notify.message import build, check_address, envelope
from planner.render import Mail, mail
from planner.store.queries import outbox
from planner.store.queries.briefings import Briefing


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it will be sent; ``recipient`` is empty when its business has no address."""

    recipient: str
    mime: bytes
    message_id: str


@dataclass(frozen=True, slots=True)
class Later:
    """A mail that is late and would come at night: it waits until the quiet hours are over."""

    until: datetime


Composed = Written | Later | Exception | None


@dataclass(frozen=True, slots=True)
class Item:
    """A post as a mail shows it."""

    post: Post
    channel: str
    platform: str
    compose: str | None
    done: str
    tomorrow: str
    skip: str


class Composer:
    """Writes mails for an installation: its links, its sender, its key."""

    def __init__(self, links: Links, sender: str, keys: Sequence[str]) -> None:
        """``sender`` may carry a name; its domain is that of every Message-ID. Raises BadAddress."""
        self.links = links
        self.sender = sender
        self.envelope = envelope(sender)
        self._key = keys[0].encode()
        self._domain = self.envelope.rpartition("@")[2]

    def compose(self, tx: Connection, messages: Iterable[Message], now: datetime) -> dict[int, Composed]:
        """The mails of outbox rows by id: None where nothing is left to say, an error where one cannot be written.

        What may have been delivered already keeps its bytes, the rest is written from what is true now.
        Everything they need is read in a few statements for all of them.
        """
        wanted = list(messages)
        found = briefed(tx, {message.business_id for message in wanted}, now)
        written: dict[int, Composed] = {}
        for message in wanted:
            try:
                briefing = found[message.business_id]
                if isinstance(briefing, Exception):
                    raise briefing
                written[message.id] = self._write(tx, message, briefing, now)
            except DBAPIError:
                raise
            except Exception as error:  # one bad row must not stop the others
                written[message.id] = error
        return written

    def _write(self, tx: Connection, message: Message, briefing: Briefing, now: datetime) -> Composed:
        business = briefing.business
        if message.kind is not MessageKind.TEST:
            until = not_at_night(business, message.due_at, now)
            if until > now:
                return Later(until)
        if message.ambiguous and message.mime is not None and message.message_id is not None:
            return Written(message.recipient, message.mime, message.message_id)
        unsubscribe = self.links.unsubscribe(business.id, message.kind, now)
        content = self._content(tx, message, briefing, now, unsubscribe)
        return self._build(content, message, business, now, unsubscribe) if content else None

    def _build(self, content: Mail, message: Message, business: Business, now: datetime, unsubscribe: str) -> Written:
        recipient = check_address(business.email) if business.email else ""
        message_id = self.message_id(message)
        mime = build(
            content,
            sender=self.sender,
            recipient=recipient or self.envelope,
            message_id=message_id,
            moment=now.astimezone(localtime.zone(business.timezone)),
            language=business.language,
            unsubscribe=None if message.kind is MessageKind.TEST else unsubscribe,
        )
        return Written(recipient, mime, message_id)

    def message_id(self, message: Message) -> str:
        """The Message-ID of an outbox row as it is written now: another text has another one (RFC 5322, 3.6.4)."""
        what = f"{message.key} {message.lease_seq}".encode()
        return f"<{hmac.new(self._key, what, hashlib.sha256).hexdigest()[:32]}@{self._domain}>"

    def _content(
        self, tx: Connection, message: Message, briefing: Briefing, now: datetime, unsubscribe: str
    ) -> Mail | None:
        business = briefing.business
        common = {"business": business, "home": self.links.home(), "unsubscribe": unsubscribe}
        match message.kind:
            case MessageKind.TEST:
                return mail("test", business.language, moment=localtime.wall(now, business.timezone), **common)
            case MessageKind.SUMMARY:
                return self._summary(tx, message, briefing, now, common)
            case kind:
                return self._digest(tx, kind, briefing, now, common)

    def _digest(
        self, tx: Connection, kind: MessageKind, briefing: Briefing, now: datetime, common: dict[str, Any]
    ) -> Mail | None:
        if (owed := owed_to(briefing, kind, now)) is None:
            return None
        lost = outbox.unsent_since_last(tx, briefing.business.id, kind)
        return mail(
            kind.value,
            briefing.business.language,
            today=owed.today,
            due=self._items(owed.due, briefing, now),
            still_open=self._items(owed.still_open, briefing, now),
            more_open=owed.more_open,
            upcoming=[(post, briefing.channels[post.channel_id].name) for post in owed.upcoming],
            away_since=lost.local_date if lost else None,
            **common,
        )

    def _summary(
        self, tx: Connection, message: Message, briefing: Briefing, now: datetime, common: dict[str, Any]
    ) -> Mail | None:
        business = briefing.business
        if not business.summary_on or paused(localtime.today(now, business.timezone), None, briefing.pauses):
            return None
        summary = summary_of(tx, business, Week.of(message.local_date).plus(-1), now)
        if not any(line.this.goal or line.this.planned or line.this.posted for line in summary.channels):
            return None
        missed, older = (self._items(posts, briefing, now) for posts in (summary.missed, summary.older))
        return mail("summary", business.language, summary=summary, missed=missed, older=older, **common)

    def _items(self, posts: Iterable[Post], briefing: Briefing, now: datetime) -> list[Item]:
        return [self._item(post, briefing, now) for post in posts]

    def _item(self, post: Post, briefing: Briefing, now: datetime) -> Item:
        channel = briefing.channels[post.channel_id]
        platform = catalogue.platform(channel.platform)
        return Item(
            post=post,
            channel=channel.name,
            platform=platform.name(briefing.business.language),
            compose=platform.compose_link(post.text, post.title),
            done=self.links.action(Verb.DONE, post, now),
            tomorrow=self.links.action(Verb.TOMORROW, post, now),
            skip=self.links.action(Verb.SKIP, post, now),
        )
