"""Calendar subscriptions: the feeds of a business, a new one with its address shown once, and ending one.

The address of a new feed stands in the answer to the form and nowhere else: not in a page's address, so neither in the
browser's history, nor in a log, nor in what the browser tells other pages.
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
from planner.store.queries import businesses, channels, feeds
from planner.web.calendar_programs import program
from planner.web.fields import Form
from planner.web.paging import sheet
from planner.web.reach import reach
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("subscriptions", __name__)
LONGEST_ALARM = 10_080  # minutes: a week
A_PAGE = 50  # of those that were ended
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
def make(business_id: int) -> Response:
    """Make a feed and show its address, this once."""
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
        _feed, secret = verbs.new_feed(
            tx, business, channel=channel, kind=FeedKind(kind), alarm_minutes=alarm, now=site().clock()
        )
    return _shown_once(business, channel, kind, alarm, site().links.feed(secret))


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


def _shown_once(business: Business, channel: Channel | None, kind: str, alarm: int | None, address: str) -> Response:
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
        channel=channel.name if channel else "",
        kind=kind,
        alarm=alarm,
        reach=reach(address).value,
        home=site().links.base_url,
    )
