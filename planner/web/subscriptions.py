"""Calendar subscriptions: the feeds of a business, a new one with its address shown once, and ending one.

The address of a new feed stands in one page and nowhere else: not in that page's address, so neither in the browser's
history, nor in a log, nor in what the browser tells other pages. It is not stored either: it follows from what made the
form unique, the secret of the session and the installation's key, so that a form that is sent twice makes one feed, and
the page can be loaded again, for a quarter of an hour, by the browser that made it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import feeds as verbs
from planner.core import localtime
from planner.core.model import Business, Channel, Feed, FeedKind
from planner.errors import LinkExpired, LinkForged
from planner.store.queries import businesses, channels, feeds
from planner.web.calendar_programs import program
from planner.web.fields import Form
from planner.web.paging import sheet
from planner.web.reach import reach
from planner.web.site import acting, business_page, gettext, new_once, reading, session_secret, site, typed
from planner.web.today import NUMBER

pages = Blueprint("subscriptions", __name__)
LONGEST_ALARM = 10_080  # minutes: a week
A_PAGE = 50  # of those that were ended
_LONGEST_ONCE = 100
_ALL = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A feed as the list shows it: ``channel`` is empty for all, ``program`` goes through gettext."""

    feed: Feed
    channel: str
    program: str
    begun: datetime
    fetched: datetime | None


@pages.get(f"/businesses/<{NUMBER}:business_id>/subscriptions")
def overview(business_id: int) -> Response:
    """The subscriptions there are, and the form for a new one."""
    with reading() as tx:
        return _overview(tx, businesses.get(tx, business_id), None)


@pages.post(f"/businesses/<{NUMBER}:business_id>/subscriptions")
def make(business_id: int) -> AnyResponse:
    """Make a feed, once, and lead to its address."""
    now, once = site().clock(), typed("once")[:_LONGEST_ONCE] or new_once()
    with acting() as tx:
        business = businesses.get(tx, business_id)
        there = channels.of_business(tx, business.id)
        form = Form(gettext(business.language))
        chosen = form.one_of("channel", [_ALL, *(str(channel.id) for channel in there)])
        kind = form.one_of("kind", list(FeedKind))
        alarm = form.number("alarm", 0, LONGEST_ALARM, needed=False)
        if not form.ok:
            return _overview(tx, business, form)
        channel = next((each for each in there if str(each.id) == chosen), None)
        secret = site().links.feed_secret(session_secret(), business.id, once)
        verbs.new_feed(tx, business, channel=channel, kind=FeedKind(kind), alarm_minutes=alarm, secret=secret, now=now)
    return redirect(f"/businesses/{business_id}/subscriptions/made/{site().links.feed_made(once, now)}", 303)


@pages.get(f"/businesses/<{NUMBER}:business_id>/subscriptions/made/<token>")
def made(business_id: int, token: str) -> AnyResponse:
    """The address of a feed that this browser has just made; later, and for others, the list of subscriptions."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        try:
            once = site().links.read_feed_made(token, site().clock())
        except (LinkExpired, LinkForged):
            return redirect(f"/businesses/{business_id}/subscriptions", 303)
        secret = site().links.feed_secret(session_secret(), business.id, once)
        found = verbs.find(tx, secret)
        if found is None:
            return redirect(f"/businesses/{business_id}/subscriptions", 303)
        name = channels.get(tx, business.id, found.feed.channel_id).name if found.feed.channel_id else ""
    return _shown(business, found.feed, name, site().links.feed(secret))


@pages.post(f"/businesses/<{NUMBER}:business_id>/subscriptions/<{NUMBER}:feed_id>/end")
def end(business_id: int, feed_id: int) -> AnyResponse:
    """End a feed for good."""
    with acting() as tx:
        verbs.revoke_feed(tx, businesses.get(tx, business_id), feed_id, now=site().clock())
    return redirect(f"/businesses/{business_id}/subscriptions?said=ended", 303)


def _overview(tx: Connection, business: Business, form: Form | None) -> Response:
    there = channels.of_business(tx, business.id)
    line = partial(_line, business, there)
    ended = sheet(lambda skip, limit: feeds.ended(tx, business.id, skip=skip, limit=limit), A_PAGE)
    return business_page(
        "subscriptions",
        business,
        "more",
        400 if form else 200,
        live=[line(feed) for feed in feeds.live(tx, business.id)],
        ended=ended.map(line),
        count=feeds.count_ended(tx, business.id),
        channels=[(str(each.id), each.name) for each in there],
        typed=form.typed if form else {"channel": _ALL, "kind": FeedKind.EVENT.value, "alarm": ""},
        errors=form.errors if form else {},
        longest_alarm=LONGEST_ALARM,
        reach=reach(site().links.base_url).value,
        home=site().links.base_url,
    )


def _line(business: Business, there: list[Channel], feed: Feed) -> Line:
    local = partial(localtime.wall, timezone=business.timezone)
    name = next((channel.name for channel in there if channel.id == feed.channel_id), "")
    fetched = local(feed.last_fetched_at) if feed.last_fetched_at else None
    return Line(feed, name, program(feed.last_agent), local(feed.created_at), fetched)


def _shown(business: Business, feed: Feed, channel: str, address: str) -> Response:
    import segno  # only here, and it takes its time

    webcal = f"webcal:{address.partition(':')[2]}"
    code = segno.make(webcal, micro=False, error="m")
    return business_page(
        "subscription_made",
        business,
        "more",
        address=address,
        webcal=webcal,
        code=code.svg_inline(border=4, svgclass="qr", lineclass=None, omitsize=True, dark="#000", light="#fff"),
        channel=channel,
        kind=feed.kind.value,
        alarm=feed.alarm_minutes,
        reach=reach(address).value,
        home=site().links.base_url,
    )
