"""Single days that a rhythm leaves out: which they are, one more, and taking one in again."""

from datetime import date, datetime, time

from flask import Blueprint, Response, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import left_out as verbs
from planner.core import localtime
from planner.core.model import Business, Cadence
from planner.errors import RuleRefused
from planner.store.queries import businesses, cadences, channels, pauses
from planner.web.dates import dates
from planner.web.fields import Form
from planner.web.labels import rhythm
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("left_out", __name__)
_DAYS = f"/businesses/<{NUMBER}:business_id>/cadences/<{NUMBER}:cadence_id>/days"
_SHOWN = 8


@pages.get(_DAYS)
def overview(business_id: int, cadence_id: int) -> Response:
    """The days to come that are left out, and the next dates, each with its button."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        return _page(tx, business, cadences.get(tx, business.id, cadence_id), None)


@pages.post(f"{_DAYS}/<any('leave-out', 'take-in'):verb>")
def act(business_id: int, cadence_id: int, verb: str) -> AnyResponse:
    """Leave a day out, or take it in again; a second tap changes nothing."""
    now = site().clock()
    with acting() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language))
        day = form.day("day")
        if day is not None:
            form.tried("day", lambda: _do(tx, business, cadence_id, verb, day, now))
        if not form.ok:
            return _page(tx, business, cadences.get(tx, business.id, cadence_id), form)
    said = "left-out" if verb == "leave-out" else "taken-in"
    return redirect(f"/businesses/{business_id}/cadences/{cadence_id}/days?said={said}", 303)


def _do(tx: Connection, business: Business, cadence_id: int, verb: str, day: date, now: datetime) -> Cadence:
    if verb == "leave-out":
        return verbs.leave_out(tx, business, cadence_id, day, now=now)
    return verbs.take_in(tx, business, cadence_id, day, texts=site().texts, now=now)


def _page(tx: Connection, business: Business, cadence: Cadence, form: Form | None) -> Response:
    today = localtime.today(site().clock(), business.timezone)
    closed = pauses.of_business(tx, business.id, since=today)
    out = [day for day in cadence.exdates if day >= today]
    try:
        coming = dates(business, cadence, datetime.combine(today, time()), closed, _SHOWN)
    except RuleRefused:
        coming = []
    return business_page(
        "cadence_days",
        business,
        "more",
        400 if form else 200,
        channel=channels.get(tx, business.id, cadence.channel_id),
        cadence=cadence,
        words=rhythm(cadence.rrule, cadence.dtstart, gettext(business.language)),
        out=out,
        kept=verbs.kept(tx, business, cadence, out),
        coming=[line for line in coming if line.ahead.gets_a_post],
        year=today.year,
        typed=form.typed["day"] if form else "",
        errors=form.errors if form else {},
    )
