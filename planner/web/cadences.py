"""The editor of a rhythm: beginning one on a channel, changing one, ending one.

The form is looked at by GET, which keeps nothing: its address says everything that was typed, so going back works, and
a preview is a page like any other. Only the button that keeps it sends it by POST, with the form's token.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import cadences as verbs
from planner.actions.cadences import AlreadyThere, HasEnded
from planner.core import localtime
from planner.core.forecast import next_date
from planner.core.model import Business, Cadence, Channel, OnHoliday, Pause
from planner.core.recurrence import explicit, parse_rule
from planner.core.rule import Rule
from planner.errors import PlannerError, UsageError
from planner.language import N_
from planner.store.queries import businesses, cadences, channels, pauses
from planner.store.queries.cadences import EndedMeanwhile
from planner.web import cadence_form
from planner.web.cadence_form import Fields, Sketch
from planner.web.dates import dates, imagined
from planner.web.fields import Form
from planner.web.labels import (
    LEFT_OPEN,
    content_choices,
    holiday_choices,
    pillar_choices,
    purpose_choices,
    rhythm,
    rhythm_of,
)
from planner.web.offers import offers
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("cadences", __name__)
_BASE = f"/businesses/<{NUMBER}:business_id>"
_CHANNEL = f"{_BASE}/channels/<{NUMBER}:channel_id>/cadences"
_ONE = f"{_BASE}/cadences/<{NUMBER}:cadence_id>"
_USUAL = "FREQ=WEEKLY;BYDAY=TU"
_USUAL_TIME = time(9)


class PastDay(UsageError):
    message = N_("This day is over. Choose today or a day to come.")


@pages.get(f"{_CHANNEL}/new")
def new(business_id: int, channel_id: int) -> Response:
    """The editor for a rhythm to begin: empty, like another one (``like``), or as it was typed."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, channel_id)
        values = request.args if "time" in request.args else _filled(_beginning(tx, business, channel))
        return _editor(tx, business, channel, None, _read(business, values))


@pages.post(_CHANNEL)
def begin(business_id: int, channel_id: int) -> AnyResponse:
    """Begin a rhythm; what has not been shown yet is shown first."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        channel = channels.get(tx, business.id, channel_id)
        sketch = _read(business, request.form)
        if sketch.errors or sketch.new or sketch.rule is None or sketch.dtstart is None:
            return _editor(tx, business, channel, None, sketch, 400)
        try:
            verbs.check_new(tx, business, channel, str(sketch.rule), sketch.dtstart, sketch.purpose)
        except AlreadyThere as error:
            return _editor(tx, business, channel, None, sketch, error=error)
        verbs.add_cadence(
            tx, business, channel, str(sketch.rule), sketch.dtstart, pillars=sketch.pillars,
            on_holiday=sketch.on_holiday, purpose=sketch.purpose, content=sketch.content, texts=site().texts,
            now=site().clock(),
        )  # fmt: skip
    return redirect(f"/businesses/{business_id}/channels/{channel_id}?said=added", 303)


@pages.get(f"{_ONE}/change")
def edit(business_id: int, cadence_id: int) -> Response:
    """The editor for a rhythm that is to be another one from a day on."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        cadence = cadences.get(tx, business.id, cadence_id)
        channel = channels.get(tx, business.id, cadence.channel_id)
        values = request.args if "time" in request.args else _filled(_as_it_is(tx, business, cadence))
        error = _over(cadence) if _has_ended(business, cadence) else None
        return _editor(tx, business, channel, cadence, _read(business, _for(cadence, values)), error=error)


@pages.post(f"{_ONE}/change")
def change(business_id: int, cadence_id: int) -> AnyResponse:
    """End the rhythm on a day and begin the other one there; what has not been shown yet is shown first."""
    try:
        with acting() as tx:
            business = businesses.get(tx, business_id)
            cadence = cadences.get(tx, business.id, cadence_id)
            sketch = _read(business, _for(cadence, request.form))
            if sketch.dtstart and sketch.dtstart.date() < _today(business):
                sketch.errors.setdefault("start", PastDay().sentence(gettext(business.language)))
            if sketch.errors or sketch.new or sketch.rule is None or sketch.dtstart is None:
                channel = channels.get(tx, business.id, cadence.channel_id)
                return _editor(tx, business, channel, cadence, sketch, 400)
            _check_seen(cadence)
            verbs.change_cadence(
                tx, business, cadence_id, str(sketch.rule), sketch.dtstart, pillars=sketch.pillars,
                on_holiday=sketch.on_holiday, content=sketch.content, texts=site().texts, now=site().clock(),
            )  # fmt: skip
    except (EndedMeanwhile, HasEnded) as error:
        with reading() as tx:
            cadence = cadences.get(tx, business.id, cadence_id)
            channel = channels.get(tx, business.id, cadence.channel_id)
            return _editor(tx, business, channel, cadence, sketch, error=_over(cadence) or error)
    return redirect(f"/businesses/{business_id}/channels/{cadence.channel_id}?said=saved", 303)


@pages.get(f"{_ONE}/end")
def ending(business_id: int, cadence_id: int) -> Response:
    """What ending a rhythm means, before it is done: what goes, and what stays."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        cadence = cadences.get(tx, business.id, cadence_id)
        form = Form(gettext(business.language), request.args)
        on = form.day("on") if "on" in request.args else _today(business)
        return _ending(tx, business, cadence, form, on)


@pages.post(f"{_ONE}/end")
def end(business_id: int, cadence_id: int) -> AnyResponse:
    """End it on a day."""
    try:
        with acting() as tx:
            business = businesses.get(tx, business_id)
            cadence = cadences.get(tx, business.id, cadence_id)
            form = Form(gettext(business.language))
            on = form.day("on")
            if on is not None and on < _today(business):
                form.wrong("on", PastDay())
            if on is None or not form.ok:
                return _ending(tx, business, cadence, form, on, 400)
            _check_seen(cadence)
            verbs.end_cadence(tx, business, cadence_id, on, now=site().clock())
    except (EndedMeanwhile, HasEnded) as error:
        with reading() as tx:
            cadence = cadences.get(tx, business.id, cadence_id)
            return _ending(tx, business, cadence, form, on, error=_over(cadence) or error)
    return redirect(f"/businesses/{business_id}/channels/{cadence.channel_id}?said=ended", 303)


class Over(UsageError):
    message = N_("This rhythm was ended already, on {day}. Nothing was changed.")
    http_status = 409


def _over(cadence: Cadence) -> PlannerError | None:
    return Over(day=cadence.end.date()) if cadence.end else None


def _has_ended(business: Business, cadence: Cadence) -> bool:
    return cadence.end is not None and cadence.end <= localtime.wall(site().clock(), business.timezone)


def _end_of(cadence: Cadence) -> str:
    """The end of a cadence as forms carry it, so that a change meanwhile is noticed; empty for none."""
    return cadence.end.isoformat() if cadence.end else ""


def _check_seen(cadence: Cadence) -> None:
    if request.form.get("seen", "") != _end_of(cadence):
        raise EndedMeanwhile


def _today(business: Business) -> date:
    return localtime.today(site().clock(), business.timezone)


def _read(business: Business, values: MultiDict[str, str]) -> Sketch:
    return cadence_form.read(values, business, gettext(business.language), _today(business))


def _for(cadence: Cadence, values: MultiDict[str, str]) -> MultiDict[str, str]:
    """The values of a form, for what the cadence that is changed is for: that stays."""
    return MultiDict([*((name, value) for name, value in values.items(multi=True) if name != "purpose"),
                      ("purpose", cadence.purpose.value)])  # fmt: skip


def _filled(fields: Fields) -> MultiDict[str, str]:
    return MultiDict([(name, value) for name, values in fields.items() for value in values])


def _beginning(tx: Connection, business: Business, channel: Channel) -> Fields:
    """What the editor for a new rhythm begins with: an ended one to be taken up again, what is offered, Tuesdays."""
    today = _today(business)
    if like := request.args.get("like", 0, type=int):
        cadence = cadences.get(tx, business.id, like)
        rule = explicit(parse_rule(cadence.rrule), cadence.dtstart.date())
        start = datetime.combine(today, cadence.dtstart.time())
        return cadence_form.fields_of(
            rule, start, cadence.pillars, cadence.on_holiday, cadence.purpose, cadence.content
        )
    offered = offers(business.trade).get(channel.platform)
    if offered and not any(each.channel_id == channel.id for each in cadences.of_business(tx, business.id)):
        first = offered[0]
        start = datetime.combine(today, first.time)
        return cadence_form.fields_of(
            parse_rule(first.rrule), start, first.pillars, first.on_holiday, content=first.content
        )
    return cadence_form.fields_of(parse_rule(_USUAL), datetime.combine(today, _USUAL_TIME), ())


def _as_it_is(tx: Connection, business: Business, cadence: Cadence) -> Fields:
    """The fields of a cadence; it becomes another on its next date, so that every second week stays every second."""
    tomorrow = datetime.combine(_today(business) + timedelta(days=1), time())
    closed = pauses.of_business(tx, business.id, since=tomorrow.date())
    following = next_date(cadence, tomorrow, closed, business.timezone) or max(tomorrow, cadence.dtstart)
    rule = explicit(parse_rule(cadence.rrule), cadence.dtstart.date())
    start = datetime.combine(following.date(), cadence.dtstart.time())
    return cadence_form.fields_of(rule, start, cadence.pillars, cadence.on_holiday, cadence.purpose, cadence.content)


def _editor(
    tx: Connection,
    business: Business,
    channel: Channel,
    cadence: Cadence | None,
    sketch: Sketch,
    status: int = 200,
    error: PlannerError | None = None,
) -> Response:
    speak = gettext(business.language)
    closed = pauses.of_business(tx, business.id, since=_today(business))
    seen = request.values.get("seen", _end_of(cadence) if cadence else "")
    start = sketch.dtstart.date() if sketch.dtstart else None
    left_out = cadence.exdates if cadence else ()
    return business_page(
        "cadence_edit",
        business,
        "more",
        error.http_status if error and request.method == "POST" else status,
        channel=channel,
        cadence=cadence,
        now_words=rhythm_of(cadence, speak) if cadence else "",
        typed=sketch.typed,
        chosen=sketch.fields,
        errors=sketch.errors,
        problem_words=error.sentence(speak) if error else "",
        seen=seen,
        look=sketch.new and request.method == "POST",
        preview=_preview(business, channel, sketch, closed, left_out),
        meanings=_meanings(business, channel, sketch, closed, left_out, seen),
        start=start,
        year=_today(business).year,
        outlook=verbs.outlook(tx, business, [cadence.id], start) if cadence and start else None,
        pillars=pillar_choices(speak),
        on_holidays=holiday_choices(speak, sketch.purpose),
        purposes=purpose_choices(speak),
        contents=content_choices(speak, LEFT_OPEN),
        **cadence_form.lists(speak),
    )


def _preview(
    business: Business, channel: Channel, sketch: Sketch, closed: Sequence[Pause], left_out: tuple[date, ...]
) -> dict[str, Any] | None:
    """What the form says: in words, and its next dates."""
    if sketch.rule is None or sketch.dtstart is None or {"how", "start", "time", "until"} & sketch.errors.keys():
        return None
    return _dates(business, channel, sketch.rule, sketch.dtstart, sketch.on_holiday, closed, left_out)


def _meanings(
    business: Business,
    channel: Channel,
    sketch: Sketch,
    closed: Sequence[Pause],
    left_out: tuple[date, ...],
    seen: str,
) -> list[dict[str, Any]]:
    """The meanings of a sentence, each with its dates and the address of the form that says it."""
    start = sketch.dtstart.date() if sketch.dtstart else _today(business)
    found = []
    for spoken, fields in cadence_form.links(sketch):
        dtstart = datetime.combine(start, spoken.at or _USUAL_TIME)
        query = urlencode({**fields, "seen": [seen]}, doseq=True)
        there = _dates(business, channel, spoken.rule, dtstart, sketch.on_holiday, closed, left_out)
        found.append({**there, "query": query})
    return found


def _dates(
    business: Business,
    channel: Channel,
    rule: Rule,
    dtstart: datetime,
    on_holiday: OnHoliday,
    closed: Sequence[Pause],
    left_out: tuple[date, ...],
) -> dict[str, Any]:
    since = datetime.combine(_today(business), time())
    there = imagined(business, channel.id, rule, dtstart, on_holiday, left_out, site().clock())
    return {
        "words": rhythm(str(rule), dtstart, gettext(business.language)),
        "dates": dates(business, there, since, closed),
    }


def _ending(
    tx: Connection,
    business: Business,
    cadence: Cadence,
    form: Form,
    on: date | None,
    status: int = 200,
    error: PlannerError | None = None,
) -> Response:
    speak = gettext(business.language)
    if error is None and _has_ended(business, cadence):
        error = _over(cadence)
    return business_page(
        "cadence_end",
        business,
        "more",
        error.http_status if error and request.method == "POST" else status,
        channel=channels.get(tx, business.id, cadence.channel_id),
        cadence=cadence,
        words=rhythm_of(cadence, speak),
        on=form.typed.get("on", on.isoformat() if on else ""),
        errors=form.errors,
        over=error is not None,
        problem_words=error.sentence(speak) if error else "",
        seen=request.values.get("seen", _end_of(cadence)),
        outlook=verbs.outlook(tx, business, [cadence.id], on) if on and error is None else None,
    )
