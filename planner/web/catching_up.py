"""Catching up: what to do with posts that slipped, all at once if wanted, and a rhythm that fits better."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import catching_up as verbs
from planner.actions.catching_up import CatchUp, NoOffer, Offer
from planner.core.catching_up import Advice, Step
from planner.core.friendly import advice_words, offer_words, pile_words
from planner.core.model import Business
from planner.core.spoken import in_words
from planner.errors import LinkForged
from planner.links import CatchUpClaim
from planner.render import day
from planner.store.queries import businesses, channels
from planner.web.site import acting, back_to, business_page, gettext, page, reading, saying, site
from planner.web.today import NUMBER, cards, undone

pages = Blueprint("catching_up", __name__)
_MOST_UNDONE = 50
HERE = f"/businesses/<{NUMBER}:business_id>/catch-up"


@pages.get(HERE)
def catch_up(business_id: int) -> Response:
    """Advice for each post that slipped, oldest first, and the rhythms that are offered."""
    with reading() as tx:
        business, now = businesses.get(tx, business_id), site().clock()
        found = verbs.catch_up_of(tx, business, now)
        show, token = cards(business, found.channels), request.args.get("undo", "")
        return business_page(
            "catch_up",
            business,
            "today",
            missed=[(show([each.post])[0], each, said(each, business)) for each in found.advice],
            pile=pile_words(found.advice, gettext(business.language)),
            movable=[each.post.id for each in found.advice if each.step is not Step.POST],
            tomorrow=found.today + timedelta(days=1),
            offers=[(offer, offered(offer, business)) for offer in found.offers],
            undone=undone(tx, token, now, ()) if token else None,
            undo_token=token,
        )


@pages.post(f"{HERE}/apply")
def apply(business_id: int) -> AnyResponse:
    """Move and drop, as advised now, those of the posts that the page showed."""
    shown = set(request.form.getlist("post", type=int))
    with acting() as tx:
        found = verbs.catch_up_of(tx, businesses.get(tx, business_id), site().clock())
        verbs.apply_advice(tx, found, only=shown, now=site().clock())
    return redirect(saying(f"/businesses/{business_id}/catch-up", said="saved"), 303)


@pages.post(f"{HERE}/rhythms/<{NUMBER}:channel_id>/<answer>")
def rhythm(business_id: int, channel_id: int, answer: str) -> AnyResponse:
    """Take the rhythm that is offered, or decline it; one that is no longer offered was answered before."""
    if answer not in ("take", "decline"):
        abort(404)
    with acting() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, channel_id)
        size, now = request.form.get("size", ""), site().clock()
        with suppress(NoOffer):
            if answer == "take":
                verbs.take_offer(tx, business, channel, size=size, texts=site().texts, now=now)
            else:
                verbs.decline_offer(tx, business, channel, size=size, now=now)
    return redirect(saying(back_to(f"/businesses/{business_id}/catch-up"), said="saved"), 303)


# --- the link of a mail: it is the permission, no cookie is read; GET shows, POST acts ------------------------------


@pages.get("/a/catch-up/<token>")
def offer_catching_up(token: str) -> Response:
    """What would be moved and dropped now of what the mail told of, with a button."""
    claim = site().links.read_as_advised(token, site().clock())
    with site().database.read() as tx:
        found, mine = _as_advised(tx, claim)
    return _caught_up(found, mine, token=token, undo=[])


@pages.post("/a/catch-up/<token>")
def act_on_catching_up(token: str) -> Response:
    """Move and drop it, as advised now; a second time nothing is left to do."""
    now = site().clock()
    claim = site().links.read_as_advised(token, now)
    with site().database.write() as tx:
        found, mine = _as_advised(tx, claim)
        done = verbs.follow_advice(tx, found, only={each.post.id for each in mine}, now=now)
    undo = [site().links.undo(change.before, change.after, now) for _advice, change in done if change.changed]
    return _caught_up(found, [advice for advice, _change in done], token="", undo=undo)


def _as_advised(tx: Connection, claim: CatchUpClaim) -> tuple[CatchUp, list[Advice]]:
    """What to do with what slipped, and the part of it that the mail's link may do. Raises LinkForged."""
    business = businesses.get(tx, claim.business_id)
    if not claim.means(business):
        raise LinkForged
    found = verbs.catch_up_of(tx, business, site().clock())
    known = [each for each in found.advice if each.post.due_local.date() < claim.day]
    return found, [each for each in known if each.step is not Step.POST]


def _caught_up(found: CatchUp, mine: Sequence[Advice], *, token: str, undo: list[str]) -> Response:
    business = found.business
    lines = [(each.post, found.channels[each.post.channel_id].name, said(each, business)) for each in mine]
    left = sum(each.step is Step.POST for each in found.advice)
    return page("as_advised", business.language, business=business, lines=lines, left=left, token=token,
                undo=undo[:_MOST_UNDONE])  # fmt: skip


def said(advice: Advice, business: Business) -> str:
    """A sentence for a post, in the language of its business."""
    return advice_words(advice, gettext(business.language), lambda when: day(when, business.language))


def offered(offer: Offer, business: Business) -> str:
    """A sentence for a rhythm that is offered."""
    speak = gettext(business.language)
    return offer_words(offer.size, offer.channel.name, offer.weeks, spoken(offer, business), speak)


def spoken(offer: Offer, business: Business) -> str:
    """The rhythm that is offered, in words."""
    return in_words(offer.rule, gettext(business.language)) or str(offer.rule)
