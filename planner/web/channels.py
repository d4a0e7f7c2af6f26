"""The channels of a business with their rhythms: the list, one of them, adding, renaming, ending, removing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions import cadences as cadence_verbs
from planner.actions import channels as verbs
from planner.actions import rounds
from planner.actions.channels import HasHistory, HasSubscription
from planner.catalogue import Platform, PresetCadence
from planner.core import localtime
from planner.core.forecast import next_date
from planner.core.model import Business, Cadence, Channel, OnHoliday, Pause, Purpose
from planner.core.recurrence import parse_rule
from planner.core.rounds import TITLE
from planner.errors import PlannerError, RuleRefused
from planner.feastdays import Holidays
from planner.store.queries import businesses, cadences, channels, pauses
from planner.web import cadence_form
from planner.web.cadences import PastDay
from planner.web.dates import Line, dates
from planner.web.fields import Form
from planner.web.labels import CONTENTS, ON_HOLIDAY, PILLARS, rhythm, rhythm_of
from planner.web.offers import offers
from planner.web.paging import sheet
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("channels", __name__)
_LIST = f"/businesses/<{NUMBER}:business_id>/channels"
_ONE = f"{_LIST}/<{NUMBER}:channel_id>"
_LONGEST_NAME = 60
A_PAGE = 20  # of the rhythms that have ended


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A cadence as the pages show it: in words, when it is next, and whether it has begun, or is over."""

    cadence: Cadence
    words: str
    next: datetime | None
    over: bool
    on_holiday: str
    content: str


@pages.get(_LIST)
def overview(business_id: int) -> Response:
    """All channels, what is posted on each how often, and when next."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        now = localtime.wall(site().clock(), business.timezone)
        there = channels.of_business(tx, business.id)
        closed = pauses.of_business(tx, business.id, since=now.date())
        running = cadences.of_business(tx, business.id, active_on=now)
    rhythms = [_rhythm(business, each, closed, now) for each in running]
    return business_page(
        "channels",
        business,
        "more",
        channels=there,
        platforms={each.id: _platform_name(each, business) for each in there},
        rhythms={each.id: [one for one in rhythms if one.cadence.channel_id == each.id] for each in there},
        now=now,
        closed=[pause for pause in closed if pause.first <= now.date()],
    )


@pages.get(f"{_LIST}/new")
def new(business_id: int) -> Response:
    """The platforms of the catalogue."""
    with reading() as tx:
        return _catalogue(tx, businesses.get(tx, business_id))


@pages.post(_LIST)
def add(business_id: int) -> AnyResponse:
    """Add a channel on a platform; it is called like that unless it is given a name."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language))
        platform = form.one_of("platform", catalogue.platform_keys())
        name = form.line("name", longest=_LONGEST_NAME)
        made = None
        if form.ok:
            made = form.tried("name", lambda: verbs.add_channel(tx, business, platform, name, now=site().clock()))
        if made is None:
            return _catalogue(tx, business, form)
    return redirect(f"/businesses/{business_id}/channels/{made.id}?said=added", 303)


@pages.get(_ONE)
def one(business_id: int, channel_id: int) -> Response:
    """A channel: its rhythms with their next dates, those that were, and what else can be done."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        return _one(tx, business, channels.get(tx, business.id, channel_id))


@pages.post(f"{_ONE}/rename")
def rename(business_id: int, channel_id: int) -> AnyResponse:
    """Call it something else; what was typed stays if that name cannot be had."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, channel_id)
        form = Form(gettext(business.language))
        name = form.line("name", longest=_LONGEST_NAME, needed=True)
        if form.ok:
            form.tried("name", lambda: verbs.rename_channel(tx, business, channel, name, now=site().clock()))
        if not form.ok:
            return _one(tx, business, channel, renaming=form)
    return redirect(f"/businesses/{business_id}/channels/{channel_id}?said=saved", 303)


@pages.post(f"{_ONE}/remove")
def remove(business_id: int, channel_id: int) -> AnyResponse:
    """Remove a channel on which nothing has happened yet."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, channel_id)
        try:
            verbs.remove_channel(tx, business, channel, now=site().clock())
        except (HasHistory, HasSubscription) as error:
            return _one(tx, business, channel, error)
    return redirect(f"/businesses/{business_id}/channels?said=removed", 303)


@pages.get(f"{_ONE}/end")
def ending(business_id: int, channel_id: int) -> Response:
    """What ending all rhythms of a channel means, before it is done."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language), request.args)
        on = form.day("on") if "on" in request.args else _today(business)
        return _ending(tx, business, channels.get(tx, business.id, channel_id), form, on)


@pages.post(f"{_ONE}/end")
def end(business_id: int, channel_id: int) -> AnyResponse:
    """End all of them on a day; doing it twice changes nothing more."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, channel_id)
        form = Form(gettext(business.language))
        on = form.day("on")
        if on is not None and on < _today(business):
            form.wrong("on", PastDay())
        if on is None or not form.ok:
            return _ending(tx, business, channel, form, on, 400)
        cadence_verbs.end_channel(tx, business, channel, on, now=site().clock())
    return redirect(f"/businesses/{business_id}/channels/{channel_id}?said=ended", 303)


def _today(business: Business) -> date:
    return localtime.today(site().clock(), business.timezone)


def _platform_name(channel: Channel, business: Business) -> str:
    """What its platform is called, unless the channel is called just that."""
    try:
        name = catalogue.platform(channel.platform).name(business.language)
    except PlannerError:  # a file that is gone or broken hides no channel
        name = channel.platform
    return "" if name == channel.name else name


def _rhythm(business: Business, cadence: Cadence, closed: Sequence[Pause], now: datetime) -> Rhythm:
    speak = gettext(business.language)
    words = rhythm_of(cadence, speak)
    try:
        following = next_date(cadence, now, closed, business.timezone, Holidays.of(business))
    except RuleRefused:
        following = None
    gives_way = "" if cadence.on_holiday is OnHoliday.KEEP else speak(ON_HOLIDAY[cadence.on_holiday])
    content = speak(CONTENTS[cadence.content]) if cadence.content else ""
    return Rhythm(cadence, words, following, cadence.end is not None and cadence.end <= now, gives_way, content)


def _catalogue(tx: Connection, business: Business, form: Form | None = None) -> Response:
    every: list[Platform] = []
    for key in catalogue.platform_keys():
        try:
            every.append(catalogue.platform(key))
        except PlannerError:
            continue
    every.sort(key=lambda each: (not each.core, each.name(business.language).casefold()))
    named = form is not None and "name" in form.errors
    return business_page(
        "channel_new",
        business,
        "more",
        400 if form else 200,
        platforms=every,
        offered={key: _first_words(found[0], business) for key, found in offers(business.trade).items()},
        there={each.platform for each in channels.of_business(tx, business.id)},
        typed=form.typed if form else {"platform": "", "name": ""},
        errors=form.errors if form else {},
        chosen=next((each for each in every if named and form and each.key == form.typed["platform"]), None),
        limits={each.key: format_decimal(each.text_limit or 0, locale=business.language) for each in every},
        longest=_LONGEST_NAME,
    )


def _one(
    tx: Connection,
    business: Business,
    channel: Channel,
    error: PlannerError | None = None,
    renaming: Form | None = None,
) -> Response:
    speak, now = gettext(business.language), localtime.wall(site().clock(), business.timezone)
    closed = pauses.of_business(tx, business.id, since=now.date())
    mine = [each for each in cadences.of_business(tx, business.id) if each.channel_id == channel.id]
    rhythms = [_rhythm(business, each, closed, now) for each in mine]
    running = [each for each in rhythms if not each.over]
    ended = [each for each in reversed(rhythms) if each.over]
    return business_page(
        "channel",
        business,
        "more",
        error.http_status if error else 400 if renaming else 200,
        channel=channel,
        platform=_platform_name(channel, business),
        running=running,
        ended=sheet(lambda skip, limit: ended[skip : skip + limit], A_PAGE),
        count=len(ended),
        dates={each.cadence.id: _dates(business, each.cadence, closed, now) for each in running},
        topics={each.id: [speak(PILLARS[pillar]) for pillar in each.pillars] for each in mine},
        offered=_offered(channel.platform, business) if not running else [],
        why=rounds.words(channel.platform, business.language)[1],
        answering=None if any(_replies(each) for each in running) else _answering(channel.platform, business),
        closed=[pause for pause in closed if pause.channel_id in (None, channel.id)],
        used=verbs.has_history(tx, business, channel, site().clock()),
        now=now,
        problem_words=error.sentence(speak) if error else "",
        name=renaming.typed["name"] if renaming else channel.name,
        errors=renaming.errors if renaming else {},
        longest=_LONGEST_NAME,
    )


def _dates(business: Business, cadence: Cadence, closed: Sequence[Pause], now: datetime) -> list[Line]:
    try:
        return dates(business, cadence, now, closed)
    except RuleRefused:
        return []


def _first_words(offer: PresetCadence, business: Business) -> str:
    start = datetime.combine(_today(business), offer.time)
    return rhythm(offer.rrule, start, gettext(business.language))


def _offered(platform: str, business: Business) -> list[dict[str, str]]:
    """The rhythms that presets have for a platform: in words, and the address of the editor that shows them."""
    found = []
    for each in offers(business.trade).get(platform, ()):
        start = datetime.combine(_today(business), each.time)
        fields = cadence_form.fields_of(
            parse_rule(each.rrule), start, each.pillars, each.on_holiday, content=each.content
        )
        words = rhythm(each.rrule, start, gettext(business.language))
        found.append({"words": words, "query": urlencode(fields, doseq=True)})
    return found


def _replies(rhythm: Rhythm) -> bool:
    return rhythm.cadence.purpose is Purpose.REPLYING


def _answering(platform: str, business: Business) -> dict[str, str] | None:
    """The rounds of answering that a platform's file offers, in words, and the address of the editor with them."""
    from planner.catalogue.portraits import portrait

    try:
        offer = portrait(platform).answering
    except PlannerError:  # a file that is gone or broken offers nothing
        return None
    if offer is None:
        return None
    start = datetime.combine(_today(business), offer.time)
    fields = cadence_form.fields_of(parse_rule(offer.rrule), start, (), OnHoliday.SKIP, Purpose.REPLYING)
    words = rhythm(offer.rrule, start, gettext(business.language))
    return {"words": f"{gettext(business.language)(TITLE)}: {words}", "query": urlencode(fields, doseq=True)}


def _ending(
    tx: Connection, business: Business, channel: Channel, form: Form, on: date | None, status: int = 200
) -> Response:
    now = localtime.wall(site().clock(), business.timezone)
    running = [each for each in cadences.of_business(tx, business.id, active_on=now) if each.channel_id == channel.id]
    context: dict[str, Any] = {
        "on": form.typed.get("on", on.isoformat() if on else ""),
        "rhythms": [rhythm_of(each, gettext(business.language)) for each in running],
        "outlook": cadence_verbs.outlook(tx, business, [each.id for each in running], on) if on else None,
    }
    return business_page("channel_end", business, "more", status, channel=channel, errors=form.errors, **context)
