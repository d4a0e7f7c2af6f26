"""What the links in a mail lead to: Done, Tomorrow, Move, Skip, undo, a rhythm, and unsubscribing (RFC 8058).

The link itself is the permission, no cookie is read. GET and HEAD show a page with a button and change nothing: mail
scanners follow links. POST acts; a second time it says how things are.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from planner.actions import catching_up, putting_off, subscriptions
from planner.actions import posts as verbs
from planner.actions.catching_up import NoOffer
from planner.actions.meanwhile import AddressThere, MovedMeanwhile, SkippedMeanwhile
from planner.actions.posts import AlreadyPosted, Change
from planner.core import localtime
from planner.core.consistency import standing
from planner.core.model import Business, Post, Status
from planner.errors import LinkForged, NoSuchPost, PlannerError
from planner.links import ActionClaim, Verb
from planner.store.queries import businesses, channels, posts
from planner.web.catching_up import offered, spoken
from planner.web.site import gettext, page, site, typed

pages = Blueprint("mail_links", __name__)
_BEGINNING: Final = datetime.fromtimestamp(0, UTC)
_LINK: Final = re.compile("/(a|a/rhythm|a/catch-up|unsubscribe)/([^/]+)")
_MOST: Final = 50  # channels of a business that are answered on the same day


@dataclass(frozen=True, slots=True)
class Meant:
    """The posts that a link acts on: one, or the rounds of answering of a day; and the names of their channels."""

    business: Business
    posts: tuple[Post, ...]
    channels: str


@pages.get("/a/<token>")
def offer(token: str) -> Response:
    """What the link offers, with a button."""
    claim = site().links.read_action(token, site().clock())
    with site().database.read() as tx:
        meant = _meant(tx, claim)
        post, business = meant.posts[0], meant.business
        settled = all(_settled(claim, each) for each in meant.posts)
        moving = claim.verb is Verb.MOVE and not settled
        day = catching_up.free_day_of(tx, business, post, site().clock(), wanted=claim.day) if moving else None
    return page(
        "action", business.language, business=business, post=post, channel=meant.channels,
        standing=_standing(post, business), verb=claim.verb.value, settled=settled, day=day, token=token,
        meanwhile=_meanwhile(claim, post),
    )  # fmt: skip


@pages.post("/a/<token>")
def act(token: str) -> Response:
    """Do it, once."""
    now = site().clock()
    claim = site().links.read_action(token, now)
    with site().database.write() as tx:
        meant = _meant(tx, claim)
        done = [_done(tx, claim, post) for post in meant.posts]
    before = [
        (change.before if change.changed else _as_before(claim, change.after), change.after)
        for change, error in done
        if error is None
    ]
    undo = [site().links.undo(was, after, now) for was, after in before if was]
    error = next((error for _change, error in done if isinstance(error, AddressThere)), None)
    change, first = done[0]
    return _acted(
        meant.business, change.after, meant.channels, claim.verb.value if undo else "settled", undo,
        told=error.sentence(gettext(meant.business.language)) if error else "",
        meanwhile="skipped" if isinstance(first, SkippedMeanwhile) else _meanwhile(claim, change.before),
    )  # fmt: skip


@pages.post("/a/undo")
def undo() -> Response:
    """Take back what a mail's link did, as far as nobody changed it since."""
    now = site().clock()
    claims = [site().links.read_undo(token, now) for token in request.form.getlist("undo")[:_MOST] or [""]]
    with site().database.write() as tx:
        changes = [verbs.undo(tx, claim, now=now) for claim in claims]
        business = businesses.get(tx, changes[0].after.business_id)
        names = _names(tx, business, [change.after for change in changes])
    verb = "undo" if any(change.changed for change in changes) else "changed since"
    return _acted(business, changes[0].after, names, verb, [])


def _acted(
    business: Business, post: Post, names: str, verb: str, undo: list[str], *, told: str = "", meanwhile: str = ""
) -> Response:
    return page(
        "acted", business.language, business=business, post=post, channel=names,
        standing=_standing(post, business), verb=verb, undo=undo, told=told, meanwhile=meanwhile,
    )  # fmt: skip


@pages.get("/a/rhythm/<token>")
def offer_rhythm(token: str) -> Response:
    """The rhythm that the mail offers, with a button that takes it, or one that leaves things as they are."""
    claim = site().links.read_rhythm(token, site().clock())
    with site().database.read() as tx:
        business = businesses.get(tx, claim.business_id)
        channel = channels.get(tx, business.id, claim.channel_id)
        offer = None
        with suppress(NoOffer):
            offer = catching_up.offered(tx, business, channel, size=claim.size, of=claim.means, now=site().clock())
    words = offer and offered(offer, business)
    return page("rhythm", business.language, business=business, channel=channel, take=claim.take, offer=offer,
                words=words, token=token, acted=False)  # fmt: skip


@pages.post("/a/rhythm/<token>")
def act_on_rhythm(token: str) -> Response:
    """Take it or decline it, once."""
    now = site().clock()
    claim = site().links.read_rhythm(token, now)
    offer = None
    with site().database.write() as tx:
        business = businesses.get(tx, claim.business_id)
        channel = channels.get(tx, business.id, claim.channel_id)
        with suppress(NoOffer):
            if claim.take:
                offer = catching_up.take_offer(
                    tx, business, channel, size=claim.size, of=claim.means, texts=site().texts, now=now
                )
            else:
                offer = catching_up.decline_offer(tx, business, channel, size=claim.size, of=claim.means, now=now)
    rhythm = offer and spoken(offer, business)
    return page("rhythm", business.language, business=business, channel=channel, take=claim.take, offer=offer,
                words=rhythm, token=token, acted=True)  # fmt: skip


def language_of(path: str) -> str:
    """The language in which an error of a mail's link is said: that of the mail, so of its business.

    Of the only one, if the link cannot be read; empty if nobody can tell, the path is none of a mail, or the database
    cannot be asked: that may be the error that is to be said.
    """
    if not path.startswith(("/a/", "/unsubscribe/")):
        return ""
    with suppress(PlannerError, SQLAlchemyError), site().database.read() as tx:
        try:
            return _whose(tx, path).language
        except PlannerError:
            there = businesses.every(tx, limit=2)
            return there[0].language if len(there) == 1 else ""
    return ""


def _whose(tx: Connection, path: str) -> Business:
    """The business of a mail's link, also of one that is too old. Raises LinkForged and what is not there any more."""
    found = _LINK.fullmatch(path)
    kind, said = (found[1], found[2]) if found else ("", "")
    if kind == "unsubscribe":
        return businesses.get(tx, site().links.read_unsubscribe(said, _BEGINNING).business_id)
    if kind == "a/catch-up":
        return businesses.get(tx, site().links.read_as_advised(said, _BEGINNING).business_id)
    if kind == "a/rhythm":
        return businesses.get(tx, site().links.read_rhythm(said, _BEGINNING).business_id)
    taking_back = said == "undo"
    claim = (
        site().links.read_undo(request.form.get("undo", ""), _BEGINNING)
        if taking_back
        else site().links.read_action(said, _BEGINNING)
    )
    return businesses.get(tx, posts.get(tx, claim.post_id).business_id)


def _meant(tx: Connection, claim: ActionClaim) -> Meant:
    """What a link acts on; of posts that share its line those that are still there, be it without the first.

    Raises NoSuchPost if none is, LinkForged if those of its numbers are others.
    """
    found: list[Post] = []
    for number in (claim.post_id, *(number for number, _mark in claim.others)):
        with suppress(NoSuchPost):
            found.append(posts.get(tx, number, found[0].business_id if found else None))
    if not found:
        raise NoSuchPost(id=claim.post_id)
    mine = tuple(each for each in found if claim.means(each))
    if not mine:
        raise LinkForged
    business = businesses.get(tx, mine[0].business_id)
    return Meant(business, mine, _names(tx, business, mine))


def _names(tx: Connection, business: Business, found: Sequence[Post]) -> str:
    return ", ".join(channels.get(tx, business.id, each.channel_id).name for each in found)


def _done(tx: Connection, claim: ActionClaim, post: Post) -> tuple[Change, PlannerError | None]:
    """What the link does with a post; nothing if somebody has done something else with it, and which error says so."""
    try:
        return _do(tx, claim, post), None
    except (AddressThere, AlreadyPosted, MovedMeanwhile, SkippedMeanwhile) as error:
        post = posts.get(tx, post.id)  # perhaps only since it was read
        return Change(post, post, changed=False), error


@pages.get("/unsubscribe/<token>")
def ask(token: str) -> Response:
    """Which mails would stop, with a button."""
    claim = site().links.read_unsubscribe(token, site().clock())
    with site().database.read() as tx:
        business = businesses.get(tx, claim.business_id)
    kind = claim.kind.value
    return page("unsubscribe", business.language, business=business, kind=kind, token=token, done=False)


@pages.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    """Stop a kind of mail; mail programs send this by themselves at a tap (List-Unsubscribe-Post)."""
    now = site().clock()
    claim = site().links.read_unsubscribe(token, now)
    with site().database.write() as tx:
        business = subscriptions.set_wanted(
            tx, claim.business_id, claim.kind, wanted=request.form.get("again") == "yes", now=now
        )
    kind = claim.kind.value
    wanted = request.form.get("again") == "yes"
    return page(
        "unsubscribe", business.language, business=business, kind=kind, token=token, done=not wanted, again=wanted
    )


def _do(tx: Connection, claim: ActionClaim, post: Post) -> Change:
    now = site().clock()
    match claim.verb:
        case Verb.DONE:
            return verbs.complete(tx, post.id, now=now, link=typed("link"))
        case Verb.TOMORROW:
            return putting_off.tomorrow(tx, post.id, now=now, seen=_seen(claim, post))
        case Verb.MOVE:
            return catching_up.move_to_free_day(tx, post.id, now=now, seen=claim.due_local, wanted=claim.day)
    return verbs.skip(tx, post.id, now=now, reason=typed("reason")[:500], seen=_seen(claim, post))


def _seen(claim: ActionClaim, post: Post) -> datetime:
    """When a post was due for whoever wrote the mail; those that share a line share its day and not its hour."""
    return claim.due_local if post.id == claim.post_id else datetime.combine(claim.due_local, post.due_local.time())


def _as_before(claim: ActionClaim, post: Post) -> Post | None:
    """How a post was that has what the link asks for already, by an earlier tap; None if it has something else."""
    opened = replace(
        post, status=Status.DRAFTED if post.edited else Status.PLANNED, posted_at=None, skip_reason="", link=""
    )
    match claim.verb, post.status:
        case (Verb.DONE, Status.POSTED) | (Verb.SKIP, Status.SKIPPED):
            return opened
        case ((Verb.TOMORROW | Verb.MOVE), (Status.PLANNED | Status.DRAFTED)):
            return replace(post, due_local=_seen(claim, post))
    return None


def _settled(claim: ActionClaim, post: Post) -> bool:
    """Whether the matter is settled already: done or skipped, or moved since the mail; Done is only by being done."""
    if claim.verb is Verb.DONE:
        return post.status is Status.POSTED or (post.is_round and not post.open)
    return not post.open or post.due_local != _seen(claim, post)


def _meanwhile(claim: ActionClaim, post: Post) -> str:
    """What was done with a post since the mail that is not what its link asks for: "moved", "skipped", or nothing."""
    if post.status is Status.SKIPPED and not post.is_round:
        return "" if claim.verb is Verb.SKIP else "skipped"
    moved = post.open and claim.verb is not Verb.DONE and post.due_local != _seen(claim, post)
    return "moved" if moved else ""


def _standing(post: Post, business: Business) -> str:
    return standing(post, localtime.today(site().clock(), business.timezone), business.grace_days).value
