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

from planner import catalogue
from planner.actions.overview import summary_of
from planner.actions.remind import digest_of, nudge_of
from planner.core import localtime
from planner.core.consistency import standing
from planner.core.model import Business, Channel, Message, MessageKind, Post
from planner.core.weeks import Week
from planner.links import Links, Verb
from planner.notify.message import build, envelope
from planner.render import Mail, mail
from planner.store.queries import businesses, channels, outbox


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it will be sent."""

    mime: bytes
    message_id: str


@dataclass(frozen=True, slots=True)
class Item:
    """A post as a mail shows it."""

    post: Post
    channel: str
    platform: str
    standing: str
    page: str
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

    def compose(self, tx: Connection, message: Message, now: datetime) -> Written | None:
        """The mail of an outbox row; None if there is nothing to say any more."""
        business = businesses.get(tx, message.business_id)
        content = self._content(tx, message, business, now)
        if content is None:
            return None
        message_id = self.message_id(message.key)
        kind = message.kind
        mime = build(
            content,
            sender=self.sender,
            recipient=message.recipient or self.envelope,
            message_id=message_id,
            moment=now.astimezone(localtime.zone(business.timezone)),
            language=business.language,
            unsubscribe=None if kind is MessageKind.TEST else self.links.unsubscribe(business.id, kind, now),
        )
        return Written(mime, message_id)

    def message_id(self, key: str) -> str:
        """The Message-ID of an outbox key."""
        return f"<{hmac.new(self._key, key.encode(), hashlib.sha256).hexdigest()[:32]}@{self._domain}>"

    def _content(self, tx: Connection, message: Message, business: Business, now: datetime) -> Mail | None:
        common: dict[str, Any] = {
            "business": business,
            "home": self.links.home(),
            "unsubscribe": self.links.unsubscribe(business.id, message.kind, now),
        }
        match message.kind:
            case MessageKind.DIGEST:
                return self._digest(tx, business, now, common)
            case MessageKind.NUDGE:
                return self._nudge(tx, business, now, common)
            case MessageKind.SUMMARY:
                return self._summary(tx, message, business, now, common)
        return mail("test", business.language, moment=localtime.wall(now, business.timezone), **common)

    def _digest(self, tx: Connection, business: Business, now: datetime, common: dict[str, Any]) -> Mail | None:
        if (digest := digest_of(tx, business, now)) is None:
            return None
        lost = outbox.unsent_since_last(tx, business.id, MessageKind.DIGEST)
        names = self._names(tx, business)
        return mail(
            "digest",
            business.language,
            today=digest.today,
            due=self._items(digest.due, names, business, now),
            still_open=self._items(digest.still_open, names, business, now),
            more_open=digest.more_open,
            upcoming=self._items(digest.upcoming, names, business, now),
            away_since=lost.local_date if lost else None,
            **common,
        )

    def _nudge(self, tx: Connection, business: Business, now: datetime, common: dict[str, Any]) -> Mail | None:
        if (owed := nudge_of(tx, business, now)) is None:
            return None
        due = self._items(owed.due, self._names(tx, business), business, now)
        return mail("nudge", business.language, today=owed.today, due=due, **common)

    def _summary(
        self, tx: Connection, message: Message, business: Business, now: datetime, common: dict[str, Any]
    ) -> Mail | None:
        summary = summary_of(tx, business, Week.of(message.local_date).plus(-1), now)
        names = self._names(tx, business)
        return mail(
            "summary",
            business.language,
            summary=summary,
            missed=self._items(summary.missed, names, business, now),
            older=self._items(summary.older, names, business, now),
            **common,
        )

    def _names(self, tx: Connection, business: Business) -> dict[int, Channel]:
        return {channel.id: channel for channel in channels.of_business(tx, business.id)}

    def _items(
        self, posts: Iterable[Post], there: dict[int, Channel], business: Business, now: datetime
    ) -> list[Item]:
        today = localtime.today(now, business.timezone)
        items = []
        for post in posts:
            channel = there[post.channel_id]
            platform = catalogue.platform(channel.platform)
            items.append(
                Item(
                    post=post,
                    channel=channel.name,
                    platform=platform.name(business.language),
                    standing=standing(post, today, business.grace_days).value,
                    page=self.links.post_page(post.id),
                    compose=platform.compose_link(post.text, post.title),
                    done=self.links.action(Verb.DONE, post, now),
                    tomorrow=self.links.action(Verb.TOMORROW, post, now),
                    skip=self.links.action(Verb.SKIP, post, now),
                )
            )
        return items
