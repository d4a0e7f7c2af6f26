"""The words of the planner as frozen values: business, channel, cadence, pause, post, feed, message.

Naive datetimes are local wall time in the business's zone, aware ones are UTC instants. Ranges are half-open
(``Window``) except a pause, which people say as "from the 3rd to the 9th" and which includes both days.
Nothing here computes; see recurrence, agenda, consistency, reminders.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar


class Ordered(Protocol):
    """What a Window can be made of: dates or datetimes of one kind."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __le__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Ordered)


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """Half-open: ``start`` is inside, ``end`` is not."""

    start: T
    end: T

    def __contains__(self, value: T) -> bool:
        return self.start <= value < self.end


class Status(StrEnum):
    """What is stored of a post. Whether it was missed is computed, never stored (see Standing)."""

    PLANNED = "planned"
    DRAFTED = "drafted"
    POSTED = "posted"
    SKIPPED = "skipped"


class Standing(StrEnum):
    """Where a post stands at a given moment; computed from status, due day and today."""

    UPCOMING = "upcoming"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    POSTED = "posted"
    SKIPPED = "skipped"


class Mix(StrEnum):
    """What a pillar is: conversation with people, something useful for them, or advertising."""

    DIALOGUE = "dialogue"
    VALUE = "value"
    PROMOTION = "promotion"


class Pillar(StrEnum):
    """What a post is for."""

    QUESTION = "question"
    TIP = "tip"
    BEHIND_THE_SCENES = "behind_the_scenes"
    TEAM = "team"
    BEFORE_AFTER = "before_after"
    THANKS = "thanks"
    LOCAL = "local"
    SEASON = "season"
    EVENT = "event"
    OFFER = "offer"

    @property
    def mix(self) -> Mix:
        return MIX[self]


MIX: dict[Pillar, Mix] = {
    Pillar.QUESTION: Mix.DIALOGUE,
    Pillar.TIP: Mix.VALUE,
    Pillar.BEHIND_THE_SCENES: Mix.VALUE,
    Pillar.TEAM: Mix.DIALOGUE,
    Pillar.BEFORE_AFTER: Mix.VALUE,
    Pillar.THANKS: Mix.DIALOGUE,
    Pillar.LOCAL: Mix.DIALOGUE,
    Pillar.SEASON: Mix.VALUE,
    Pillar.EVENT: Mix.PROMOTION,
    Pillar.OFFER: Mix.PROMOTION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """Whose posts they are. ``trade`` is a key of the catalogue, or empty.

    ``revision`` rises with every change to anything of the business.
    """

    id: int
    name: str
    timezone: str
    language: str
    country: str = ""
    region: str = ""
    email: str = ""
    trade: str = ""
    digest_on: bool = True
    digest_time: time = time(8, 0)
    nudge_time: time | None = None
    summary_on: bool = True
    quiet_from: time = time(21, 0)
    quiet_until: time = time(7, 0)
    grace_days: int = 2
    horizon_weeks: int = 13
    revision: int = 0
    tzdata: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One business's presence on a platform (``platform`` is a key of the catalogue)."""

    id: int
    business_id: int
    platform: str
    name: str
    created_at: datetime


class Purpose(StrEnum):
    """What a cadence, and a post of it, is for: to publish something, or to answer what people wrote."""

    POSTING = "posting"
    REPLYING = "replying"


class OnHoliday(StrEnum):
    """What a public holiday does to a slot that falls on it."""

    KEEP = "keep"
    BEFORE = "before"
    AFTER = "after"
    SKIP = "skip"


class Content(StrEnum):
    """What kind of content a post is made of."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    STORY = "story"
    POLL = "poll"
    EVENT = "event"
    OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """A recurrence rule over local time for a channel.

    ``dtstart`` is naive local; ``exdates`` are local dates left out; ``pillars`` rotate. Slots lie in
    ``[dtstart, end)`` where ``end`` (naive local) is set when the cadence was ended. ``planned_until`` (naive
    local) is where planning stopped, ``position`` how many slots were given a pillar so far. ``on_holiday`` says
    what a public holiday does to a slot: where its post is due, and not which slot it is. One whose ``purpose`` is
    replying has no pillars; its posts are rounds of answering (see core.rounds). ``content`` is what its posts are made
    of; None leaves that open.
    """

    id: int
    business_id: int
    channel_id: int
    dtstart: datetime
    rrule: str
    exdates: tuple[date, ...] = ()
    pillars: tuple[Pillar, ...] = ()
    end: datetime | None = None
    planned_until: datetime | None = None
    position: int = 0
    on_holiday: OnHoliday = OnHoliday.KEEP
    created_at: datetime
    purpose: Purpose = Purpose.POSTING
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Local days without slots, reminders or goal: ``first`` and ``last`` both belong to it.

    For the whole business when ``channel_id`` is None.
    """

    id: int
    business_id: int
    channel_id: int | None
    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """A line of a post's checklist."""

    words: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post. ``slot`` is the naive local start the cadence gave it (its identity, RFC 5545
    RECURRENCE-ID) and stays when the post is moved; ``due_local``/``due_at`` are where it is due now.

    ``sequence`` rises when due or status change (RFC 5545, 3.8.7.4), ``revision`` with every change. A post
    with revision 0 was touched by nobody; ``edited`` says that somebody worked on its title or text. ``steps`` are the
    keys of those that are done (see core.steps). Only a round of answering has no pillar: nothing is published.
    """

    id: int
    uid: str
    business_id: int
    channel_id: int
    cadence_id: int | None
    slot: datetime | None
    due_local: datetime
    due_at: datetime
    pillar: Pillar | None
    prompt: str
    title: str
    text: str
    hint: str = ""
    status: Status
    link: str = ""
    skip_reason: str = ""
    edited: bool = False
    content: Content | None = None
    notes: str = ""
    checklist: tuple[ToDo, ...] = ()
    steps: tuple[str, ...] = ()
    posted_at: datetime | None = None
    sequence: int = 0
    revision: int = 0
    created_at: datetime
    updated_at: datetime
    purpose: Purpose = Purpose.POSTING

    @property
    def open(self) -> bool:
        """Whether there is still something to do about it."""
        return self.status in (Status.PLANNED, Status.DRAFTED)

    @property
    def is_round(self) -> bool:
        """Whether it is a round of answering, with nothing to publish."""
        return self.purpose is Purpose.REPLYING


class Deed(StrEnum):
    """What somebody did with a post."""

    ADDED = "added"
    POSTED = "posted"
    SKIPPED = "skipped"
    REOPENED = "reopened"
    MOVED = "moved"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a post's history: the instant, what was done, and to what.

    ``detail`` is the new due time (naive local, ISO), the reason, the link, or which parts were edited (with commas).
    """

    at: datetime
    what: Deed
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """Something to post one day, on a channel or on any. ``post_id`` is the post it became.

    ``occasion`` tells the day that it was made of, and of which year, like mothers-day-2027.
    """

    id: int
    business_id: int
    channel_id: int | None
    pillar: Pillar
    title: str
    text: str = ""
    post_id: int | None = None
    revision: int = 0
    occasion: str = ""
    created_at: datetime


class FeedKind(StrEnum):
    """Which iCalendar component a feed is made of."""

    EVENT = "event"
    TODO = "todo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A secret calendar address of a business, or of one channel. The secret itself is not kept."""

    id: int
    business_id: int
    channel_id: int | None
    kind: FeedKind
    alarm_minutes: int | None
    created_at: datetime
    revoked_at: datetime | None = None
    last_fetched_at: datetime | None = None
    last_agent: str = ""


class MessageKind(StrEnum):
    """What is said to a person by mail."""

    DIGEST = "digest"
    NUDGE = "nudge"
    SUMMARY = "summary"
    TEST = "test"


class MessageState(StrEnum):
    """Where a row of the outbox stands (see docs/explanation/delivery)."""

    PENDING = "pending"
    LEASED = "leased"
    DATA_STARTED = "data_started"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Mail:
    """The three parts of a mail, in the language of its reader."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of the outbox. ``key`` carries the local date, so saying a thing twice is impossible.

    ``mime`` are the frozen bytes, set together with ``message_id`` before the first try. ``tells`` are the ids of the
    lost mails that this one, as it is written now, tells of.
    """

    id: int
    key: str
    kind: MessageKind
    business_id: int
    recipient: str
    local_date: date
    due_at: datetime
    expires_at: datetime
    next_try_at: datetime
    state: MessageState
    attempts: int = 0
    lease_owner: str = ""
    lease_until: datetime | None = None
    lease_seq: int = 0
    message_id: str | None = None
    mime: bytes | None = None
    ambiguous: bool = False
    repeats: int = 0
    reply_code: int | None = None
    reply_text: str = ""
    error: str = ""
    sent_at: datetime | None = None
    ready_at: datetime | None = None
    lost_at: datetime | None = None
    alarming: bool = False
    tells: tuple[int, ...] = ()
