"""Signed addresses: what a mail or the terminal may hand out, and what comes back.

A link carries its purpose, its content and its expiry, signed with the installation's key; each purpose has its
own salt, so that a link for one thing opens nothing else. The key list allows rotation: the first signs, all of
them are accepted. No clock: the moment is given.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

from planner.core.ladder import Size
from planner.core.model import Business, Cadence, MessageKind, Post, Status
from planner.errors import LinkExpired, LinkForged

ACTION_LIFE: Final = timedelta(days=14)
UNDO_LIFE: Final = timedelta(days=1)
SIGN_IN_LIFE: Final = timedelta(hours=24)
FEED_SHOWN: Final = timedelta(minutes=15)
UNSUBSCRIBE_LIFE: Final = timedelta(days=366)


class Verb(StrEnum):
    """What a link in a mail offers to do with a post."""

    DONE = "done"
    TOMORROW = "tomorrow"
    MOVE = "move"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class ActionClaim:
    """What an action link says: do this with that post, which was due then; ``day`` is where to move it, if it says.

    ``others`` are posts that share its line, as ids and marks: the rounds of answering of one day.
    """

    verb: Verb
    post_id: int
    mark: str
    due_local: datetime
    day: date | None = None
    others: tuple[tuple[int, str], ...] = ()

    def means(self, post: Post) -> bool:
        """Whether the post of that id is still the one meant, and not another after a restored backup."""
        return (post.id, _mark(post)) in ((self.post_id, self.mark), *self.others)


@dataclass(frozen=True, slots=True)
class RhythmClaim:
    """What a link about an offered rhythm says: take it, or leave things as they are."""

    take: bool
    business_id: int
    channel_id: int
    size: Size
    mark: str

    def means(self, cadence: Cadence) -> bool:
        """Whether a cadence is still the one in whose place the rhythm was offered."""
        return _cadence_mark(cadence) == self.mark


@dataclass(frozen=True, slots=True)
class CatchUpClaim:
    """What a link that moves and drops as advised says: whose old posts, and that those due from ``day`` on stay."""

    business_id: int
    mark: str
    day: date

    def means(self, business: Business) -> bool:
        """Whether the business of that id is still the one meant, and not another after a restored backup."""
        return _business_mark(business) == self.mark


@dataclass(frozen=True, slots=True)
class UndoClaim:
    """What an undo link says: how the post was, and the revision it had after the change."""

    post_id: int
    revision: int
    status: Status
    due_local: datetime
    posted_at: datetime | None
    skip_reason: str
    link: str


@dataclass(frozen=True, slots=True)
class SignInClaim:
    """What makes a sign-in link unique, and when it was made (to the second)."""

    nonce: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PlacedClaim:
    """What takes an idea out of a post again: the post's revision then, and its title, text, pillar and hint before.

    ``was`` is None for a post that was made of the idea.
    """

    idea_id: int
    post_id: int
    revision: int
    was: tuple[str, str, str, str] | None


@dataclass(frozen=True, slots=True)
class UnsubscribeClaim:
    """Which mail a business does not want any more."""

    business_id: int
    kind: MessageKind


class Links:
    """Makes and reads links below ``base_url``, which comes from the configuration and never from a request."""

    def __init__(self, keys: Sequence[str], base_url: str) -> None:
        """``keys``: the newest first."""
        self._keys = list(reversed(keys))  # itsdangerous signs with the last
        self.base_url = base_url.rstrip("/")
        self._signers: dict[str, URLSafeSerializer] = {}

    def home(self) -> str:
        """The address of the page."""
        return f"{self.base_url}/"

    def post_page(self, post_id: int) -> str:
        """The address of a post's page."""
        return f"{self.base_url}/posts/{post_id}"

    def ideas(self, business_id: int) -> str:
        """The address of a business's ideas."""
        return f"{self.base_url}/businesses/{business_id}/ideas"

    def catching_up(self, business_id: int) -> str:
        """The address of a business's page Catching up."""
        return f"{self.base_url}/businesses/{business_id}/catch-up"

    def feed(self, secret: str) -> str:
        """The address of a feed."""
        return f"{self.base_url}/feeds/{secret}.ics"

    def feed_secret(self, session: str, business_id: int, once: str) -> str:
        """The secret of the feed that a form makes: the same whenever this form of this session is sent again.

        ``session`` is the secret of the session, ``once`` what makes the form unique. Whoever has only one of them, or
        the database, learns nothing: it is an HMAC with the newest key.
        """
        what = f"feed {business_id} {once} {session}".encode("utf-8", "surrogatepass")
        return urlsafe_b64encode(hmac.digest(str(self._keys[-1]).encode(), what, "sha256")).rstrip(b"=").decode()

    def feed_made(self, once: str, now: datetime) -> str:
        """The token that shows the address of a new feed for a quarter of an hour, in the session that made it."""
        return self._sign("feed made", once, now + FEED_SHOWN)

    def read_feed_made(self, token: str, now: datetime) -> str:
        """What made the form of a new feed unique. Raises LinkForged, LinkExpired."""
        return str(self._read("feed made", token, now))

    def action(
        self, verb: Verb, post: Post, now: datetime, others: Sequence[Post] = (), *, day: date | None = None
    ) -> str:
        """A link that offers to do something with a post, and with ``others`` at once, for fourteen days.

        ``day`` (local) is where to move it.
        """
        content: list[Any] = [verb, post.id, _mark(post), post.due_local.isoformat()]
        if day or others:
            content += [day.isoformat() if day else "", [[each.id, _mark(each)] for each in others]]
        return f"{self.base_url}/a/{self._sign('action', content, now + ACTION_LIFE)}"

    def read_action(self, token: str, now: datetime) -> ActionClaim:
        """What an action link says. Raises LinkForged, LinkExpired."""
        verb, post_id, mark, due, *more = self._read("action", token, now)
        day, known = more or ("", [])
        to = date.fromisoformat(day) if day else None
        others = tuple((int(number), str(mark_of)) for number, mark_of in known)
        return ActionClaim(Verb(verb), post_id, mark, datetime.fromisoformat(due), to, others)

    def rhythm(self, cadence: Cadence, size: Size, now: datetime, *, take: bool) -> str:
        """A link that takes the rhythm offered in the place of a cadence, or declines it, for fourteen days."""
        content = [take, cadence.business_id, cadence.channel_id, size, _cadence_mark(cadence)]
        return f"{self.base_url}/a/rhythm/{self._sign('rhythm', content, now + ACTION_LIFE)}"

    def read_rhythm(self, token: str, now: datetime) -> RhythmClaim:
        """What such a link says. Raises LinkForged, LinkExpired."""
        take, business_id, channel_id, size, mark = self._read("rhythm", token, now)
        return RhythmClaim(take, business_id, channel_id, Size(size), mark)

    def as_advised(self, business: Business, day: date, now: datetime) -> str:
        """A link that moves and drops what was due before a local day, as advised by then, for fourteen days."""
        content = [business.id, _business_mark(business), day.isoformat()]
        return f"{self.base_url}/a/catch-up/{self._sign('catch up', content, now + ACTION_LIFE)}"

    def read_as_advised(self, token: str, now: datetime) -> CatchUpClaim:
        """What such a link says. Raises LinkForged, LinkExpired."""
        business_id, mark, day = self._read("catch up", token, now)
        return CatchUpClaim(business_id, mark, date.fromisoformat(day))

    def undo(self, before: Post, after: Post, now: datetime, *, signed_in: bool = False) -> str:
        """The token that takes a change back, for a day.

        One for who is ``signed_in`` stands in the page's address, so it opens nothing to anybody else.
        """
        posted = before.posted_at and before.posted_at.isoformat()
        was = [before.status, before.due_local.isoformat(), posted, before.skip_reason, before.link]
        content = [before.id, after.revision, *was]
        return self._sign(_undo(signed_in), content, now + UNDO_LIFE)

    def read_undo(self, token: str, now: datetime, *, signed_in: bool = False) -> UndoClaim:
        """What an undo token says. Raises LinkForged, LinkExpired."""
        post_id, revision, status, due, posted, skip_reason, link = self._read(_undo(signed_in), token, now)
        posted_at = datetime.fromisoformat(posted) if posted else None
        return UndoClaim(post_id, revision, Status(status), datetime.fromisoformat(due), posted_at, skip_reason, link)

    def taking_back(self, idea_id: int, before: Post | None, after: Post, now: datetime) -> str:
        """The token that takes an idea out of a post again, for a day."""
        was = before and [before.title, before.text, before.pillar, before.hint]
        return self._sign("idea", [idea_id, after.id, after.revision, was], now + UNDO_LIFE)

    def read_taking_back(self, token: str, now: datetime) -> PlacedClaim:
        """What such a token says. Raises LinkForged, LinkExpired."""
        idea_id, post_id, revision, was = self._read("idea", token, now)
        return PlacedClaim(idea_id, post_id, revision, was and tuple(was))

    def unsubscribe(self, business_id: int, kind: MessageKind, now: datetime) -> str:
        """The link of RFC 8058 that stops a kind of mail."""
        token = self._sign("unsubscribe", [business_id, kind], now + UNSUBSCRIBE_LIFE)
        return f"{self.base_url}/unsubscribe/{token}"

    def read_unsubscribe(self, token: str, now: datetime) -> UnsubscribeClaim:
        """What an unsubscribe link says. Raises LinkForged, LinkExpired."""
        business_id, kind = self._read("unsubscribe", token, now)
        return UnsubscribeClaim(business_id, MessageKind(kind))

    def sign_in(self, nonce: str, now: datetime) -> str:
        """A link that signs in once, for a day; that it was used is remembered by whoever reads it."""
        return f"{self.base_url}/sign-in/{self._sign('sign-in', nonce, now + SIGN_IN_LIFE)}"

    def read_sign_in(self, token: str, now: datetime) -> SignInClaim:
        """What a sign-in link says. Raises LinkForged, LinkExpired."""
        expires, nonce = self._opened("sign-in", token, now)
        return SignInClaim(nonce, datetime.fromtimestamp(expires, UTC) - SIGN_IN_LIFE)

    def _signer(self, purpose: str) -> URLSafeSerializer:
        if purpose not in self._signers:
            self._signers[purpose] = URLSafeSerializer(self._keys, salt=f"planner.{purpose}")
        return self._signers[purpose]

    def _sign(self, purpose: str, content: Any, expires: datetime) -> str:
        token: str = self._signer(purpose).dumps([int(expires.timestamp()), content])
        return token

    def _read(self, purpose: str, token: str, now: datetime) -> Any:
        return self._opened(purpose, token, now)[1]

    def _opened(self, purpose: str, token: str, now: datetime) -> tuple[int, Any]:
        try:
            expires, content = self._signer(purpose).loads(token)
        except (BadData, ValueError, TypeError) as error:
            raise LinkForged from error
        if now.timestamp() > expires:
            raise LinkExpired
        return expires, content


def _undo(signed_in: bool) -> str:
    return "page undo" if signed_in else "undo"


def _mark(post: Post) -> str:
    return sha256(post.uid.encode()).hexdigest()[:8]


def _business_mark(business: Business) -> str:
    what = f"{business.id} {business.created_at.astimezone(UTC).isoformat()}"
    return sha256(what.encode()).hexdigest()[:8]


def _cadence_mark(cadence: Cadence) -> str:
    """Of this cadence as it is, and of no other that has its number in another database."""
    what = f"{cadence.id} {cadence.rrule} {cadence.created_at.astimezone(UTC).isoformat()}"
    return sha256(what.encode()).hexdigest()[:8]
