"""The page for two minutes at eight in the morning: due today, still open, the next seven days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta

from flask import Blueprint, Response, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions import posts as verbs
from planner.actions import putting_off, steps
from planner.actions.first_steps import lead_to_set_up
from planner.actions.overview import agenda_of
from planner.actions.posts import Change
from planner.core import localtime, wording
from planner.core.catching_up import MOST_OPEN
from planner.core.characters import one_line
from planner.core.consistency import standing
from planner.core.model import Business, Channel, Post, Status
from planner.errors import LinkExpired, LinkForged, NotFound
from planner.store.queries import businesses, channels, lost, outbox, posts
from planner.web.paging import sheet
from planner.web.site import (
    back_to,
    business_page,
    csrf_token,
    page,
    require_own_form,
    require_sign_in,
    saying,
    site,
    typed,
    visitor_language,
)

pages = Blueprint("today", __name__)
A_PAGE = 50  # businesses to choose from
_LONGEST_NAME = 100
_LONGEST_OFFLINE = timedelta(days=7)
NUMBER = "int(max=2147483647)"  # what both databases take for an id


@dataclass(frozen=True, slots=True)
class Card:
    """A post as a page shows it."""

    post: Post
    channel: Channel
    platform: str
    standing: str
    compose: str | None
    prefilled: bool

    @property
    def gaps(self) -> list[str]:
        """What its text still waits for, in square brackets."""
        return wording.gaps(self.post.text)


@pages.get("/")
def home() -> AnyResponse:
    """The only business's day, or its set-up while nothing of it was done; or a choice of businesses.

    They are found by name, some a page, those with ``?name=`` in it.
    """
    wanted = one_line(request.args.get("name", ""))[:_LONGEST_NAME]
    with site().database.read() as tx:
        require_sign_in(tx)
        first = businesses.every(tx, limit=2)
        if len(first) == 1:
            if lead_to_set_up(tx, first[0]):
                return redirect(f"/businesses/{first[0].id}/welcome", 303)
            response = _day(tx, first[0])
            # What the service worker keeps it under, so that one visit serves both addresses (RFC 9110, 8.7).
            response.headers["Content-Location"] = f"/businesses/{first[0].id}"
            return response
        found = sheet(lambda skip, limit: businesses.names(tx, containing=wanted, skip=skip, limit=limit), A_PAGE)
        return page(
            "businesses",
            first[0].language if first else visitor_language(),
            found=found,
            wanted=wanted,
            csrf=csrf_token(),
        )


@pages.get(f"/businesses/<{NUMBER}:business_id>")
def day(business_id: int) -> Response:
    """One business's day."""
    with site().database.read() as tx:
        require_sign_in(tx)
        return _day(tx, businesses.get(tx, business_id))


@pages.post(f"/posts/<{NUMBER}:post_id>/<verb>")
def act(post_id: int, verb: str) -> AnyResponse:
    """Done, tomorrow, later, skip, reopen: then back to the day or the page named, which says so and offers undo.

    What somebody else did since the page was shown is not overwritten, but told of on the post's page.
    """
    now = site().clock()
    with site().database.write() as tx:
        require_sign_in(tx)
        require_own_form()
        change = _do(tx, post_id, verb, now)
    more = {"undo": site().links.undo(change.before, change.after, now, signed_in=True)} if change.changed else {}
    if verb == "done" and change.before.status is Status.SKIPPED:  # no page offers Done for what is skipped
        more["said"] = "skipped-before"
    return redirect(saying(back_to(f"/businesses/{change.after.business_id}"), **more), 303)


@pages.post("/undo")
def undo() -> AnyResponse:
    """Take a change back, unless somebody has changed the post since."""
    now = site().clock()
    with site().database.write() as tx:
        require_sign_in(tx)
        require_own_form()
        claim = site().links.read_undo(request.form.get("undo", ""), now, signed_in=True)
        change = verbs.undo(tx, claim, now=now)
    back = back_to(f"/businesses/{change.after.business_id}")
    as_before = (change.after.status, change.after.due_local) == (claim.status, claim.due_local)  # a second tap
    return redirect(back if change.changed or as_before else saying(back, said="since"), 303)


def _do(tx: Connection, post_id: int, verb: str, now: datetime) -> Change:
    match verb:
        case "done":
            return verbs.complete(tx, post_id, now=now, link=typed("link"), at=_tapped(request.form.get("at", ""), now))
        case "tomorrow":
            return putting_off.tomorrow(tx, post_id, now=now, seen=_seen(request.form.get("due", "")))
        case "later":
            return putting_off.later(tx, post_id, now=now, seen=_seen(request.form.get("due", "")))
        case "skip":
            seen = _seen(request.form.get("due", ""))
            return verbs.skip(tx, post_id, now=now, reason=typed("reason")[:500], seen=seen)
        case "reopen":
            return verbs.reopen(tx, post_id, now=now)
        case _:
            abort(404)


def _day(tx: Connection, business: Business) -> Response:
    now = site().clock()
    agenda = agenda_of(tx, business, now)
    token = request.args.get("undo", "")
    there, closed = channels.with_pauses(tx, business.id, agenda.today - steps.ahead())
    show = cards(business, there)
    refused, not_through = lost.alarm_of(tx, business.id)
    return business_page(
        "today",
        business,
        "today",
        today=agenda.today,
        tomorrow=agenda.today + timedelta(days=1),
        due=show(agenda.due),
        rounds=[
            (card, each.unticked)
            for card, each in zip(show([r.post for r in agenda.rounds]), agenda.rounds, strict=True)
        ],
        still_open=show(agenda.still_open[::-1]),
        most_open=MOST_OPEN,
        upcoming=show(agenda.upcoming),
        done=show(agenda.done),
        steps=steps.of_week(agenda, business, there, closed),
        channels=there,
        undone=undone(tx, token, now, agenda.done) if token else None,
        undo_token=token,
        mail_folder=site().mail_folder,
        failing=outbox.failing(tx),
        refused=refused,
        lost=not_through,
    )


def _seen(text: str) -> datetime | None:
    """The due time that the page showed: two taps put a post off by one day and not by two, nor undo another's."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        abort(400)
    return abort(400) if found and found.year == MAXYEAR else found


def _tapped(text: str, now: datetime) -> datetime | None:
    """When somebody without network tapped Done, by the clock of the phone; None for now, or if that cannot be."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        abort(400)
    return at if at and at.tzinfo and now - _LONGEST_OFFLINE < at < now else None


def undone(tx: Connection, token: str, now: datetime, shown: Iterable[Post]) -> Post | None:
    """The post of an undo token while it can still be taken back; a page left open for days is simply shown anew."""
    try:
        claim = site().links.read_undo(token, now, signed_in=True)
        post = next((each for each in shown if each.id == claim.post_id), None) or posts.get(tx, claim.post_id)
    except (LinkExpired, LinkForged, NotFound):
        return None
    return post if post.revision == claim.revision else None


def cards(business: Business, there: Mapping[int, Channel]) -> Callable[[Sequence[Post]], list[Card]]:
    """How posts of a business are shown on its channels, by their ids."""
    today = localtime.today(site().clock(), business.timezone)

    def card(post: Post) -> Card:
        channel = there[post.channel_id]
        platform = catalogue.platform(channel.platform)
        where = standing(post, today, business.grace_days).value
        link = None if post.is_round else platform.compose_link(post.text, post.title)
        return Card(post, channel, platform.name(business.language), where, link, platform.prefills)

    return lambda found: [card(post) for post in found]
