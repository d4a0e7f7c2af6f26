"""Posts as an iCalendar feed (RFC 5545, RFC 7986): bytes that are the same as long as the posts are.

Single events in UTC, without RRULE, VTIMEZONE, METHOD or a calendar-level UID. Each event is built by the
icalendar library once a revision of its post, and its bytes are kept. No clock: what depends on the day is given.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Component, Event, Todo, vCategory, vText

from planner.core import localtime
from planner.core.characters import some_lines
from planner.core.consistency import standing, standing_since
from planner.core.discretion import without_secrets
from planner.core.model import Business, Channel, Feed, FeedKind, Post, Standing, Status
from planner.core.steps import NextStep, StepStanding
from planner.language import N_, said, translations

BACK: Final = timedelta(days=90)
LASTS: Final = timedelta(minutes=30)
_PRODID: Final = "-//Planner//Posting plan 1//EN"
_MARKS: Final = {Standing.POSTED: "✓ ", Standing.MISSED: "✗ ", Standing.SKIPPED: "– ", Standing.LATE: "! "}
_WORDS: Final = {
    Standing.UPCOMING: N_("upcoming"),
    Standing.DUE: N_("due"),
    Standing.LATE: N_("late"),
    Standing.MISSED: N_("missed"),
    Standing.POSTED: N_("posted"),
    Standing.SKIPPED: N_("skipped"),
}
_ROUND_WORDS: Final = {Standing.POSTED: N_("done"), Standing.MISSED: N_("not ticked off")}
_STEPS: Final = {
    StepStanding.COMING: Standing.UPCOMING, StepStanding.DUE: Standing.DUE, StepStanding.LATE: Standing.LATE,
}  # fmt: skip
_STATUS: Final = {Status.DRAFTED: "TENTATIVE", Status.SKIPPED: "CANCELLED"}
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Content:
    """What a feed is made of: the posts of its window, due order, and the local day it is looked at.

    ``steps`` are the next ones of videos by the ids of their posts, each a task of its own.
    ``failing`` is why mails do not get out or did not get through: mail cannot tell of its own death, the calendar can.
    """

    business: Business
    channels: dict[int, Channel]
    feed: Feed
    posts: tuple[Post, ...]
    today: date
    steps: dict[int, NextStep] = field(default_factory=dict)
    failing: str = ""


class _Text(vText):
    """Escaped as RFC 5545, 3.3.11 says; icalendar 7.3 takes a backslash before an N, as in C:\\New, for a line end."""

    def to_ical(self) -> bytes:
        return self.translate(_ESCAPED).encode("utf-8")


class FeedWriter:
    """Writes feeds, keeping the bytes of events whose posts have not changed. Safe to share between threads."""

    def __init__(self, page: Callable[[int], str], keep: int = 10_000) -> None:
        """``page`` gives the address of a post's page; ``keep`` is how many events are remembered."""
        self._page = page
        self._keep = keep
        self._events: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self.built = 0

    def write(self, content: Content) -> bytes:
        """The whole feed."""
        stamps = [_changed(post, content.business, content.today) for post in content.posts]
        steps = list(content.steps.values())
        began = [_step_changed(step, content.business, content.today) for step in steps]
        calendar: bytes = _calendar(content, max([*stamps, *began], default=None)).to_ical()
        head, end = calendar[: -len(b"END:VCALENDAR\r\n")], b"END:VCALENDAR\r\n"
        events = [self._event(post, changed, content) for post, changed in zip(content.posts, stamps, strict=True)]
        tasks = [self._step(step, changed, content) for step, changed in zip(steps, began, strict=True)]
        alarm = [bytes(_failing(content).to_ical())] if content.failing else []
        return head + b"".join([*alarm, *events, *tasks]) + end

    def _event(self, post: Post, changed: datetime, content: Content) -> bytes:
        where = standing(post, content.today, content.business.grace_days)
        name = content.channels[post.channel_id].name
        feed, business = content.feed, content.business
        # Instants and texts are made anew without a revision: the latter when the business's name or language changes.
        key = (
            post.id, post.revision, post.sequence, post.updated_at, post.due_at, changed, where, name, business.name,
            business.language, feed.kind, feed.alarm_minutes,
        )  # fmt: skip
        return self._kept(key, lambda: self._component(post, where, changed, content))

    def _kept(self, key: tuple[object, ...], build: Callable[[], Component]) -> bytes:
        if (kept := self._events.get(key)) is None:
            kept = bytes(build().to_ical())
            self.built += 1
            self._events[key] = kept
            while len(self._events) > self._keep:
                with suppress(KeyError):  # another thread was quicker
                    self._events.popitem(last=False)
        return kept

    def _step(self, step: NextStep, changed: datetime, content: Content) -> bytes:
        post, placed, business = step.post, step.placed, content.business
        where, name = placed.standing(content.today), content.channels[step.post.channel_id].name
        key = (
            "step", post.id, post.revision, post.sequence, post.updated_at, placed.step.key, placed.day, changed, where,
            name, business.language, post.title,
        )  # fmt: skip
        return self._kept(key, lambda: self._task(step, _STEPS[where], changed, content))

    def _task(self, step: NextStep, where: Standing, changed: datetime, content: Content) -> Component:
        """A step as a task of its day, which needs no begin (RFC 5545, 3.6.2)."""
        post, placed, language = step.post, step.placed, content.business.language
        channel, _ = content.channels[step.post.channel_id].name, translations(content.business.language).gettext
        made = Todo()
        made.add("uid", f"step-{placed.step.key}-{post.uid}")
        made.add("dtstamp", changed)
        made.add("last-modified", changed)
        made.add("created", _whole(post.created_at))
        made.add("sequence", post.sequence)
        made.add("due", placed.day)
        made.add("status", "NEEDS-ACTION")
        made.add("summary", _text(f"{_MARKS.get(where, '')}{placed.step.name(language)}: {post.title}"))
        tick_off = _("Tick it off:") + f" {self._page(post.id)}"
        made.add("description", _text(f"{placed.step.hint(language)}\n\n{tick_off}"))
        words = vCategory([])
        words.cats = [_text(channel), _text(_(_WORDS[where]))]
        made.add("categories", words)
        made.add("url", self._page(post.id))
        return made

    def _component(self, post: Post, where: Standing, changed: datetime, content: Content) -> Component:
        business, feed, channel = content.business, content.feed, content.channels[post.channel_id]
        made = _todo(post, where) if feed.kind is FeedKind.TODO else _event(post)
        made.add("uid", post.uid if feed.kind is FeedKind.EVENT else f"todo-{post.uid}")
        made.add("dtstamp", changed)
        made.add("last-modified", changed)
        made.add("created", _whole(post.created_at))
        made.add("sequence", post.sequence)
        made.add("summary", _text(f"{_mark(post, where)}{channel.name}: {post.title}"))
        made.add("description", _text(self._description(post, business.language)))
        words = vCategory([])
        words.cats = [_text(channel.name), _text(translations(business.language).gettext(_word(post, where)))]
        made.add("categories", words)
        made.add("url", self._page(post.id))
        if feed.alarm_minutes is not None and post.open:
            made.add_component(_alarm(post, channel, feed.alarm_minutes))
        return made

    def _description(self, post: Post, language: str) -> str:
        _ = translations(language).gettext
        parts = [post.text]
        if post.hint:
            parts.append(_("Hint:") + f" {post.hint}")
        if post.link:
            parts.append(_("Posted here:") + f" {post.link}")
        parts.append(_("Done, tomorrow or skip:") + f" {self._page(post.id)}")
        return "\n\n".join(part for part in parts if part)


def _text(words: str) -> _Text:
    return _Text(some_lines(words))


def _calendar(content: Content, changed: datetime | None) -> Calendar:
    business, feed = content.business, content.feed
    name = business.name
    if feed.channel_id is not None:
        name = f"{name} · {content.channels[feed.channel_id].name}"
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _text(name))  # icalendar 7.3 writes a plain NAME unescaped
    calendar.add("x-wr-calname", _text(name))
    # No X-WR-TIMEZONE: all is in UTC, and recurring-ical-events 3.8 takes it for leave to count in wall time, which
    # moves what spans the doubled hour of autumn.
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("color", "seagreen")
    if changed is not None:
        calendar.add("last-modified", changed)
    return calendar


def _event(post: Post) -> Event:
    event = Event()
    event.add("dtstart", post.due_at)
    event.add("dtend", post.due_at + LASTS)
    event.add("status", _STATUS.get(post.status, "CONFIRMED"))
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event


def _failing(content: Content) -> Component:
    """An event of the whole day, or a task of that day, that says that mails do not get out, and why."""
    business, today, is_todo = content.business, content.today, content.feed.kind is FeedKind.TODO
    gettext = translations(business.language).gettext
    midnight = localtime.instant(datetime.combine(today, time()), business.timezone)
    made = Todo() if is_todo else Event()
    made.add("uid", f"{'todo-' if is_todo else ''}mail-failing-{business.id}@planner.invalid")
    made.add("dtstamp", midnight)
    made.add("last-modified", midnight)
    made.add("dtstart", today)
    made.add("due" if is_todo else "dtend", today + timedelta(days=1))
    made.add("summary", _text("! " + gettext("Reminder mails do not get out")))
    made.add("description", _text(without_secrets(said(content.failing, gettext))))
    if is_todo:
        made.add("status", "NEEDS-ACTION")
    else:
        made.add("transp", "TRANSPARENT")
    return made


def _mark(post: Post, where: Standing) -> str:
    """The sign before a title. A round of answering that nobody ticked off is over, and no fault."""
    return _MARKS[Standing.SKIPPED] if post.is_round and where is Standing.MISSED else _MARKS.get(where, "")


def _word(post: Post, where: Standing) -> str:
    return _ROUND_WORDS.get(where, _WORDS[where]) if post.is_round else _WORDS[where]


def _todo(post: Post, where: Standing) -> Todo:
    """A post as a task; a round of answering that is over is cancelled, or tasks would pile up."""
    todo = Todo()
    todo.add("dtstart", post.due_at)
    todo.add("due", post.due_at + LASTS)
    match post.status:
        case Status.POSTED:
            todo.add("status", "COMPLETED")
            todo.add("percent-complete", 100)
            todo.add("completed", _whole(post.posted_at or post.updated_at))
        case Status.SKIPPED:
            todo.add("status", "CANCELLED")
        case _ if post.is_round and where is Standing.MISSED:
            todo.add("status", "CANCELLED")
        case _:
            todo.add("status", "NEEDS-ACTION")
    return todo


def _alarm(post: Post, channel: Channel, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(f"{channel.name}: {post.title}"))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _changed(post: Post, business: Business, today: date) -> datetime:
    """When what the event says last changed: by a person, or by the passing of time alone."""
    since = standing_since(post, business.timezone, business.grace_days, today)
    return _whole(max(post.updated_at, since) if since else post.updated_at)


def _step_changed(step: NextStep, business: Business, today: date) -> datetime:
    """When what the task of a step says last changed: by a person, or because its day came or went."""
    since = {StepStanding.DUE: 0, StepStanding.LATE: 1}.get(step.placed.standing(today))
    if since is None:
        return _whole(step.post.updated_at)
    midnight = datetime.combine(step.placed.day + timedelta(days=since), time())
    return _whole(max(step.post.updated_at, localtime.instant(midnight, business.timezone)))


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
