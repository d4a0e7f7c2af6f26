"""Consistency: half a year of weeks as a picture, and a week's summary with what can be done about what slipped."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions.consistency import Record, record_of
from planner.actions.overview import summary_of
from planner.core import localtime
from planner.core.consistency import Verdict
from planner.core.friendly import pile_words
from planner.core.mix import tilt_words
from planner.core.model import Business, Window
from planner.core.weeks import Week
from planner.language import N_
from planner.store.queries import businesses
from planner.web.catching_up import offered, said
from planner.web.site import business_page, gettext, reading, site
from planner.web.today import NUMBER, cards, undone

pages = Blueprint("consistency", __name__)
HERE = f"/businesses/<{NUMBER}:business_id>"
STEP = 13  # weeks, as many as a phone shows at once
VERDICTS = {
    Verdict.MET: N_("goal met"),
    Verdict.PARTLY: N_("partly"),
    Verdict.MISSED: N_("goal not met"),
    Verdict.RUNNING: N_("still running"),
    Verdict.EXTRA: N_("more than owed"),
    Verdict.PAUSED: N_("paused"),
    Verdict.NOTHING: N_("nothing owed"),
}

_WEEK = N_("Week %(number)s")


@dataclass(frozen=True, slots=True)
class Column:
    """A week of the picture: how many of the channels that owed something met their goal."""

    week: Week
    name: str
    owing: int
    met: int


@pages.get(f"{HERE}/consistency")
def consistency(business_id: int) -> Response:
    """The half year that ends with the running week."""
    with reading() as tx:
        return _picture(tx, businesses.get(tx, business_id))


@pages.get(f"{HERE}/consistency/<week>")
def until(business_id: int, week: str) -> AnyResponse:
    """The half year that ends with a week; what is yet to come has no picture."""
    wanted = Week.parse(week)
    with reading() as tx:
        business = businesses.get(tx, business_id)
        current = Week.of(localtime.today(site().clock(), business.timezone))
        if wanted >= current:
            return redirect(f"/businesses/{business_id}/consistency", 303)
        if str(wanted) != week:
            return redirect(f"/businesses/{business_id}/consistency/{wanted}", 303)
        return _picture(tx, business, wanted)


@pages.get(f"{HERE}/weeks")
def last_week(business_id: int) -> AnyResponse:
    """The week before this one: the one that the weekly mail is about."""
    with reading() as tx:
        today = localtime.today(site().clock(), businesses.get(tx, business_id).timezone)
    return redirect(f"/businesses/{business_id}/weeks/{Week.of(today).plus(-1)}", 303)


@pages.get(f"{HERE}/weeks/<week>")
def week(business_id: int, week: str) -> AnyResponse:
    """A week's summary, and for each post that slipped the ways to settle it."""
    wanted = Week.parse(week)
    if str(wanted) != week:
        return redirect(f"/businesses/{business_id}/weeks/{wanted}", 303)
    with reading() as tx:
        return _week(tx, businesses.get(tx, business_id), wanted, site().clock())


def _week(tx: Connection, business: Business, wanted: Week, now: datetime) -> Response:
    summary = summary_of(tx, business, wanted, now)
    token = request.args.get("undo", "")
    show = cards(business, {line.channel.id: line.channel for line in summary.channels})
    return business_page(
        "week",
        business,
        "consistency",
        summary=summary,
        outcome=summary.outcome,
        tomorrow=summary.today + timedelta(days=1),
        missed=show(summary.missed),
        older=show(summary.older),
        pile=pile_words(summary.advice.values(), gettext(business.language)),
        said={key: said(advice, business) for key, advice in summary.advice.items()},
        offers=[(offer, offered(offer, business)) for offer in summary.offers],
        undone=undone(tx, token, now, ()) if token else None,
        undo_token=token,
    )


def _picture(tx: Connection, business: Business, last: Week | None = None) -> Response:
    record = record_of(tx, business, site().clock(), last)
    speak = gettext(business.language)
    recent = [week for line in record.channels for week, _verdict in line.weeks[-5:-1]]  # before the running one
    columns = _columns(record, business.language)
    return business_page(
        "consistency",
        business,
        "consistency",
        record=record,
        tilts=tilt_words(record.mix, record.today, speak),
        columns=columns,
        months=_months(record),
        shown=Window(record.weeks[0].monday, record.weeks[-1].window.end),
        verdicts={key: speak(words) for key, words in VERDICTS.items()},
        earlier=record.weeks[-1].plus(-STEP),
        later=record.weeks[-1].plus(STEP),
        running=record.weeks[-1] == record.current,
        slipped=sum(week.missed for week in recent) if any(week.planned for week in recent) else None,
    )


def _columns(record: Record, language: str) -> list[Column]:
    words, found = gettext(language)(_WEEK), []
    for place, week in enumerate(record.weeks):
        there = [line.weeks[place][0] for line in record.channels]
        owing, met = sum(each.met is not None for each in there), sum(each.met is True for each in there)
        found.append(Column(week, words % {"number": week.number}, owing, met))
    return found


def _months(record: Record) -> list[tuple[date, int]]:
    """The months over the weeks, with how many weeks each; a week belongs to the month of its Thursday."""
    thursdays = [week.monday + timedelta(days=3) for week in record.weeks]
    return [(first, len(list(group))) for first, group in groupby(thursdays, key=lambda day: day.replace(day=1))]
