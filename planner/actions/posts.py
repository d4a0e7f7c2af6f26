"""What a person does with a post: done, skip, move, edit, reopen, undo; putting it off is in putting_off.py.

Doing a thing twice is doing it once: the second time ``changed`` is False. Two people at once are noticed by
the revision; the later one is tried again on what the first left behind.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection

from planner.actions import plan
from planner.actions.meanwhile import AddressThere, EditedMeanwhile, MovedMeanwhile, skipped
from planner.actions.rounds import NothingToWrite, RoundThere
from planner.core import localtime
from planner.core.model import Business, Channel, Content, Deed, Pillar, Post, Status, ToDo
from planner.core.wording import mark
from planner.errors import UsageError
from planner.language import N_, translations
from planner.links import UndoClaim
from planner.store.queries import businesses, history, posts
from planner.store.rows import checklist_text


class InTheFuture(UsageError):
    message = N_("“{at}” has not come yet. A post can only be done now or in the past.")


class AlreadyPosted(UsageError):
    message = N_("Post {id} is already posted. Reopen it first if that was a mistake (planner post reopen {id}).")
    http_status = 409


class BadLink(UsageError):
    message = N_("“{link}” is not the address of a page. Write it like https://example.org/post.")


@dataclass(frozen=True, slots=True)
class Change:
    """A post before and after; ``changed`` is False when there was nothing to do."""

    before: Post
    after: Post
    changed: bool


_LONGEST_LINK: Final = 2000
_WITHOUT_SCHEME: Final = re.compile(r"[^\s/?#:]+\.[^\s/?#:]+(:[0-9]+)?([/?#].*)?")
_PAGE: Final = re.compile(r"https?://[^\s/?#@\\\"<>]+([/?#][^\s\"<>]*)?", re.IGNORECASE)
_STOOD_FOR: Final = N_("The next round stands for it.")
_TRIES: Final = 5
_EDITABLE: Final = ("title", "text", "pillar", "content", "notes", "checklist", "steps", "link")
_Decide = Callable[[Post], dict[str, Any]]


def complete(tx: Connection, post_id: int, *, now: datetime, link: str = "", at: datetime | None = None) -> Change:
    """Tick a post off as posted, at an instant (now if None), with the address where it can be seen.

    Raises InTheFuture for a moment after ``now``, BadLink, NothingToWrite for the address of a round of answering. A
    second time only adds a link that was not there: AddressThere if another was. What was skipped is posted after all;
    why it had been skipped stays in its history.
    """
    link = _address(link)
    if at is not None and at > now:
        zone = businesses.get(tx, posts.get(tx, post_id).business_id).timezone
        raise InTheFuture(at=localtime.wall(at, zone).isoformat(timespec="minutes"))

    def decide(post: Post) -> dict[str, Any]:
        if link:
            _has_words(post)
        if post.status is Status.POSTED:
            if link and post.link not in ("", link):
                raise AddressThere(link=post.link, yours=link)
            again = {"posted_at": at} if at and at != post.posted_at else {}
            return {**again, **({"link": link} if link and link != post.link else {})}
        return {"status": Status.POSTED, "posted_at": at or now, "link": link or post.link, "skip_reason": ""}

    return _apply(tx, post_id, now, decide)


def skip(tx: Connection, post_id: int, *, now: datetime, reason: str = "", seen: datetime | None = None) -> Change:
    """Leave a post out this time.

    ``seen`` is when it was due for whoever asked (naive local). Raises AlreadyPosted; with ``seen`` MovedMeanwhile when
    it is due at another time by now, SkippedMeanwhile when another reason would be lost.
    """

    def decide(post: Post) -> dict[str, Any]:
        not_posted(post)
        if post.status is Status.SKIPPED and reason in ("", post.skip_reason):
            return {}
        if seen is not None and post.skip_reason:
            raise skipped(post)
        if seen is not None and post.open and seen != post.due_local:
            raise MovedMeanwhile(post)
        return {"status": Status.SKIPPED, "skip_reason": reason}

    return _apply(tx, post_id, now, decide)


def move(
    tx: Connection,
    post_id: int,
    due_local: datetime,
    *,
    now: datetime,
    seen: datetime | None = None,
    only_open: bool = False,
) -> Change:
    """Make a post due at another naive local time; a skipped one is planned again, unless ``only_open``.

    ``seen`` is when it was due for whoever asked (naive local). A round of answering that meets another of its channel
    on the new day is let go: that one stands for it. What is there already is left alone. Raises AlreadyPosted;
    MovedMeanwhile when it is due at another time by now, SkippedMeanwhile.
    """

    def decide(post: Post) -> dict[str, Any]:
        not_posted(post)
        business = businesses.get(tx, post.business_id)
        due_at = localtime.instant(due_local, business.timezone)
        if due_at == post.due_at and post.open:
            return {}
        why = translations(business.language).gettext(_STOOD_FOR)
        let_go = post.is_round and _has_round(tx, post, due_local.date())
        if only_open and not post.open and not (let_go and post.skip_reason == why):
            raise skipped(post)
        if seen is not None and seen != post.due_local:
            raise MovedMeanwhile(post)
        if let_go:
            return {"status": Status.SKIPPED, "skip_reason": why} if post.open else {}
        status = {} if post.open else {"status": _before(post), "skip_reason": ""}
        return {"due_at": due_at, "due_local": localtime.wall(due_at, business.timezone), **status}

    return _apply(tx, post_id, now, decide)


def reopen(tx: Connection, post_id: int, *, now: datetime) -> Change:
    """Make a posted or skipped post planned again (or drafted, if its text was worked on), where it was due.

    The link to what was published goes with it: once more is another publication. Raises RoundThere for a round of
    answering whose day has another by now.
    """

    def decide(post: Post) -> dict[str, Any]:
        if post.open:
            return {}
        if post.is_round and _has_round(tx, post, post.due_local.date()):
            raise RoundThere
        return {"status": _before(post), "posted_at": None, "skip_reason": "", "link": ""}

    return _apply(tx, post_id, now, decide)


def edit(
    tx: Connection,
    post_id: int,
    *,
    now: datetime,
    title: str | None = None,
    text: str | None = None,
    pillar: Pillar | None = None,
    link: str | None = None,
    content: Content | Literal[""] | None = None,
    notes: str | None = None,
    checklist: Sequence[ToDo] | None = None,
    seen: str | None = None,
) -> Change:
    """Change what a post says; None leaves a part as it is, and content is taken away by "".

    Work on its text makes a planned post drafted. ``seen`` is the mark (core.wording) of what whoever writes had
    before him. Raises BadLink, NothingToWrite; EditedMeanwhile when it is another by now.
    """
    address = link and _address(link)
    to_do = None if checklist is None else tuple(checklist)

    def decide(post: Post) -> dict[str, Any]:
        _has_words(post)
        if seen is not None and seen != mark(post):
            raise EditedMeanwhile
        wanted = {
            "title": title, "text": text, "pillar": pillar, "link": address, "content": content, "notes": notes,
            "checklist": to_do,
        }  # fmt: skip
        new: dict[str, Any] = {
            name: value for name, value in wanted.items() if value is not None and value != (getattr(post, name) or "")
        }
        if {"title", "text"} & new.keys():
            new["edited"] = True
            if post.status is Status.PLANNED:
                new["status"] = Status.DRAFTED
        if "checklist" in new:
            new["checklist"] = checklist_text(new["checklist"])
        return new

    return _apply(tx, post_id, now, decide)


def revise_checklist(
    tx: Connection, post_id: int, revise: Callable[[tuple[ToDo, ...]], tuple[ToDo, ...]], *, now: datetime
) -> Change:
    """Change a post's checklist as it is at that moment, so that two people at once lose no line."""

    def decide(post: Post) -> dict[str, Any]:
        _has_words(post)
        new = revise(post.checklist)
        return {"checklist": checklist_text(new)} if new != post.checklist else {}

    return _apply(tx, post_id, now, decide)


def revise_steps(
    tx: Connection, post_id: int, revise: Callable[[tuple[str, ...]], tuple[str, ...]], *, now: datetime
) -> Change:
    """Change which steps of making a post are done, as they are at that moment."""

    def decide(post: Post) -> dict[str, Any]:
        new = revise(post.steps)
        return {"steps": ",".join(new)} if new != post.steps else {}

    return _apply(tx, post_id, now, decide)


def undo(tx: Connection, claim: UndoClaim, *, now: datetime) -> Change:
    """Put a post back to how it was before a change, if nobody changed it since."""

    def decide(post: Post) -> dict[str, Any]:
        if post.revision != claim.revision or (post.is_round and _has_round(tx, post, claim.due_local.date())):
            return {}
        business = businesses.get(tx, post.business_id)
        due_at = localtime.instant(claim.due_local, business.timezone)
        return {
            "status": claim.status,
            "due_local": localtime.wall(due_at, business.timezone),
            "due_at": due_at,
            "posted_at": claim.posted_at,
            "skip_reason": claim.skip_reason,
            "link": claim.link,
        }

    return _apply(tx, claim.post_id, now, decide)


def add(
    tx: Connection,
    business: Business,
    channel: Channel,
    due_local: datetime,
    *,
    pillar: Pillar = Pillar.QUESTION,
    title: str,
    text: str = "",
    hint: str = "",
    now: datetime,
) -> Post:
    """Add a post of its own, outside of any cadence."""
    made = plan.new_post(tx, business, channel, due_local, pillar=pillar, title=title, text=text, hint=hint, now=now)
    history.add(tx, made.id, now, Deed.ADDED)
    return made


def take_back(tx: Connection, post_id: int) -> bool:
    """Take away a post that was added by hand, as if it had not been; False if somebody has changed it since.

    Raises NoSuchPost.
    """
    post = posts.get(tx, post_id)
    if not can_be_taken_back(post):
        return False
    posts.remove(tx, post)
    return True


def can_be_taken_back(post: Post) -> bool:
    """Whether a post was added by hand, and nobody has done anything with it."""
    return post.cadence_id is None and post.revision == plan.BY_HAND


def _apply(tx: Connection, post_id: int, now: datetime, decide: _Decide) -> Change:
    """Read, decide, write; again from fresh if somebody was quicker, which ends: a post has few states to go to."""
    for left in reversed(range(_TRIES)):
        before = posts.get(tx, post_id)
        values = decide(before)
        if not values:
            return Change(before, before, changed=False)
        try:
            after = posts.change(tx, before, now=now, **values)
            history.add(tx, post_id, now, *_deed(before, after))
            return Change(before, after, changed=True)
        except posts.ChangedMeanwhile:
            if not left:
                raise
    raise AssertionError("unreachable")


def _deed(before: Post, after: Post) -> tuple[Deed, str]:
    """What a change is called in the history, and to what it was made."""
    if before.status != after.status and after.status in (Status.POSTED, Status.SKIPPED):
        return Deed(after.status.value), after.link if after.status is Status.POSTED else after.skip_reason
    if after.open and not before.open:
        return Deed.REOPENED, ""
    if before.due_local != after.due_local:
        return Deed.MOVED, after.due_local.isoformat(timespec="minutes")
    return Deed.EDITED, ",".join(name for name in _EDITABLE if getattr(before, name) != getattr(after, name))


def _before(post: Post) -> Status:
    """What a post was before it was posted or skipped."""
    return Status.DRAFTED if post.edited else Status.PLANNED


def _address(link: str) -> str:
    """An address that a browser may be sent to: http or https (which need not be typed), nothing that runs."""
    wanted = link.strip()
    if not wanted:
        return ""
    address = f"https://{wanted}" if _WITHOUT_SCHEME.fullmatch(wanted) else wanted
    if len(address) > _LONGEST_LINK or not address.isprintable() or not _PAGE.fullmatch(address):
        raise BadLink(link=wanted[:80])
    return address


def _has_words(post: Post) -> None:
    if post.is_round:
        raise NothingToWrite(title=post.title)


def _has_round(tx: Connection, post: Post, day: date) -> bool:
    """Whether another round of answering stands on a post's channel on a local day."""
    days = posts.day_window(day, day)
    return bool(posts.round_days(tx, [post.channel_id], days, but=post.id))


def not_posted(post: Post) -> None:
    """Raises AlreadyPosted."""
    if post.status is Status.POSTED:
        raise AlreadyPosted(id=post.id)
