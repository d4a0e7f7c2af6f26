"""What the links in a mail lead to: Done, Tomorrow, Move, Skip, undo, a rhythm, and unsubscribing (RFC 8058).

The link itself is the permission, no cookie is read. GET and HEAD show a page with a button and change nothing: mail
scanners follow links. POST acts; a second time it says how things are.
"""

from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from planner.actions import catching_up, subscriptions
from planner.actions import posts as verbs
from planner.actions.catching_up import NoOffer
from planner.actions.posts import AlreadyPosted, Change
from planner.core import localtime
from planner.core.consistency import standing
from planner.core.model import Business, Post, Status
from planner.errors import LinkForged
from planner.links import ActionClaim, Verb
from planner.store.queries import businesses, channels, posts
from planner.web.catching_up import offered, spoken
from planner.web.site import page, site, typed

pages = Blueprint("mail_links", __name__)


@pages.get("/a/<token>")
def offer(token: str) -> Response:
    """What the link offers, with a button."""
    claim = site().links.read_action(token, site().clock())
    with site().database.read() as tx:
        post = posts.get(tx, claim.post_id)
        if not claim.means(post):
            raise LinkForged
        business = businesses.get(tx, post.business_id)
        channel = channels.get(tx, business.id, post.channel_id)
        settled = _settled(claim, post)
        moving = claim.verb is Verb.MOVE and not settled
        day = catching_up.free_day_of(tx, business, post, site().clock(), wanted=claim.day) if moving else None
    return page(
        "action", business.language, business=business, post=post, channel=channel,
        standing=_standing(post, business), verb=claim.verb.value, settled=settled, day=day, token=token,
    )  # fmt: skip


@pages.post("/a/<token>")
def act(token: str) -> Response:
    """Do it, once."""
    now = site().clock()
    claim = site().links.read_action(token, now)
    with site().database.write() as tx:
        post = posts.get(tx, claim.post_id)
        if not claim.means(post):
            raise LinkForged
        business = businesses.get(tx, post.business_id)
        channel = channels.get(tx, business.id, post.channel_id)
        try:
            change = _do(tx, claim)
        except AlreadyPosted:
            post = posts.get(tx, post.id)  # perhaps only since it was read above
            change = Change(post, post, changed=False)
    before = change.before if change.changed else _as_before(claim, change.after)
    return page(
        "acted", business.language, business=business, post=change.after, channel=channel,
        standing=_standing(change.after, business), verb=claim.verb.value if before else "settled",
        undo=site().links.undo(before, change.after, now) if before else None,
    )  # fmt: skip


@pages.post("/a/undo")
def undo() -> Response:
    """Take back what a mail's link did, if nobody changed the post since."""
    now = site().clock()
    claim = site().links.read_undo(request.form.get("undo", ""), now)
    with site().database.write() as tx:
        change = verbs.undo(tx, claim, now=now)
        business = businesses.get(tx, change.after.business_id)
        channel = channels.get(tx, business.id, change.after.channel_id)
    return page(
        "acted", business.language, business=business, post=change.after, channel=channel,
        standing=_standing(change.after, business), verb="undo" if change.changed else "changed since", undo=None,
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


def _do(tx: Connection, claim: ActionClaim) -> Change:
    now = site().clock()
    match claim.verb:
        case Verb.DONE:
            return verbs.complete(tx, claim.post_id, now=now, link=typed("link"))
        case Verb.TOMORROW:
            return verbs.tomorrow(tx, claim.post_id, now=now, seen=claim.due_local)
        case Verb.MOVE:
            return catching_up.move_to_free_day(tx, claim.post_id, now=now, seen=claim.due_local, wanted=claim.day)
    return verbs.skip(tx, claim.post_id, now=now, reason=typed("reason")[:500])


def _as_before(claim: ActionClaim, post: Post) -> Post | None:
    """How a post was that has what the link asks for already, by an earlier tap; None if it has something else."""
    opened = replace(
        post, status=Status.DRAFTED if post.edited else Status.PLANNED, posted_at=None, skip_reason="", link=""
    )
    match claim.verb, post.status:
        case (Verb.DONE, Status.POSTED) | (Verb.SKIP, Status.SKIPPED):
            return opened
        case ((Verb.TOMORROW | Verb.MOVE), (Status.PLANNED | Status.DRAFTED)):
            return replace(post, due_local=claim.due_local)
    return None


def _settled(claim: ActionClaim, post: Post) -> bool:
    """Whether the matter is settled already: done or skipped, or moved since the mail."""
    return not post.open or (claim.verb in (Verb.TOMORROW, Verb.MOVE) and post.due_local != claim.due_local)


def _standing(post: Post, business: Business) -> str:
    return standing(post, localtime.today(site().clock(), business.timezone), business.grace_days).value
