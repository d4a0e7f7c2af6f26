"""The set-up: name and trade, place, hours, mail, rhythm, password, calendar, a small step each.

Every step is kept as it is left; each can be passed over, and gone back to. Done again it changes what is there. An
account that has a password already is not asked for one. A fresh planner's home leads here, until a step was kept or
all of it was left for later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions import access, first_steps, presets
from planner.actions.advise import is_advised
from planner.actions.first_steps import is_unnamed
from planner.catalogue import Preset
from planner.core import localtime
from planner.core.model import Business, Purpose, Window
from planner.core.recurrence import expand, parse_rule
from planner.errors import HomeNotWritable
from planner.store.queries import businesses
from planner.web import business_form, password, places, server_form
from planner.web.fields import Form
from planner.web.reach import reach
from planner.web.site import acting, business_page, gettext, reading, site, visitor_language
from planner.web.today import NUMBER

pages = Blueprint("welcome", __name__)
STEPS: Final = ("name", "place", "hours", "mail", "rhythm", "password", "calendar")
_FIELDS: Final = {
    "name": ("name", "trade", "language"),
    "place": ("country", "region", "timezone"),
    "hours": ("digest_on", "digest_time", "nudge_time", "summary_on", "quiet_from", "quiet_until"),
    "mail": ("email",),
}
_BASE: Final = f"/businesses/<{NUMBER}:business_id>/welcome"
_A_QUARTER: Final = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Row:
    """A channel of a preset: how many posts it gives in a quarter, and the first of them; or how often it answers."""

    channel: str
    count: int
    first: datetime | None
    answers: bool = False


@pages.get(_BASE)
def begin(business_id: int) -> AnyResponse:
    """The first step."""
    return redirect(f"/businesses/{business_id}/welcome/{STEPS[0]}", 303)


@pages.get(f"{_BASE}/<any({', '.join(STEPS)}):step>")
def show(business_id: int, step: str) -> AnyResponse:
    """A step, with what is set or can be guessed."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        if step == "password" and access.has_password(tx):
            return _on(business_id, step)
        typed = _guessed(business, step)
        return _step(tx, _spoken_to(business, step), step, typed, {}, "")


@pages.post(f"{_BASE}/<any(name, place, hours):step>")
def save(business_id: int, step: str) -> AnyResponse:
    """Keep a step that is about the business, and on to the next."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(_spoken_to(business, step).language))
        wanted = business_form.read(form, _FIELDS[step])
        if step == "place" and request.form.get("look"):
            business_form.look_again(form)
            return _step(tx, business, step, form.typed, {}, "")
        first_steps.note_begun(tx, business)
        business_form.keep(tx, business, form, wanted)
        if form.errors:
            return _step(tx, _spoken_to(business, step), step, form.typed, form.errors, "", 400)
    return _on(business_id, step)


@pages.post(f"{_BASE}/later")
def later(business_id: int) -> AnyResponse:
    """Leave the set-up as it is, to Today, from where a card leads back to it."""
    with acting() as tx:
        first_steps.note_begun(tx, businesses.get(tx, business_id))
    return redirect(f"/businesses/{business_id}", 303)


@pages.post(f"{_BASE}/mail")
def save_mail(business_id: int) -> AnyResponse:
    """Keep the address; a mail server that was named is tried first, unless somebody insists."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language))
        first_steps.note_begun(tx, business)
        business = business_form.keep(tx, business, form, business_form.read(form, _FIELDS["mail"]))
    problem = _server(business, form) if form.ok and request.form.get("smtp_host", "").strip() else ""
    if form.errors or problem:
        with reading() as tx:
            return _step(tx, business, "mail", form.typed, form.errors, problem, 400)
    return _on(business_id, "mail")


@pages.post(f"{_BASE}/rhythm")
def save_rhythm(business_id: int) -> AnyResponse:
    """Begin with another preset, as long as nobody has done anything."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language))
        key = form.one_of("preset", catalogue.preset_keys())
        first_steps.note_begun(tx, business)
        if form.ok:
            change = lambda: presets.change_preset(tx, business, catalogue.preset(key), site().texts, site().clock())  # noqa: E731
            form.tried("preset", change)
        if form.errors:
            return _step(tx, business, "rhythm", form.typed, form.errors, "", 400)
    return _on(business_id, "rhythm")


@pages.post(f"{_BASE}/password")
def save_password(business_id: int) -> AnyResponse:
    """Set the first password; a later one is asked for the old one, in the settings."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        if access.has_password(tx):
            return _on(business_id, "password")
    form = Form(gettext(business.language))
    new = password.new(form)
    if form.errors:
        with reading() as tx:
            return _step(tx, business, "password", form.typed, form.errors, "", 400)
    return password.keep(new, f"/businesses/{business_id}/welcome/calendar?said=password")


def _server(business: Business, form: Form) -> str:
    """Try the mail server that was typed, and keep it; why not, in words, or nothing."""
    installation = site().installation
    if installation is None or installation.imposed or installation.settings.smtp_host:
        return ""
    wanted = server_form.read(form, installation.settings)
    untried = bool(request.form.get("untried"))
    if not untried and not business.email:
        form.needed("email")
    settings = server_form.checked(form, installation, wanted) if form.ok else None
    if settings is None:
        return ""
    if not untried and (problem := server_form.try_out(installation, settings, business, business.email)):
        return problem
    try:
        server_form.keep(installation, wanted)
    except HomeNotWritable as error:
        return error.sentence(gettext(business.language))
    return ""


def _on(business_id: int, step: str) -> AnyResponse:
    return redirect(f"/businesses/{business_id}/welcome/{STEPS[STEPS.index(step) + 1]}", 303)


def _spoken_to(business: Business, step: str) -> Business:
    """In the browser's language until somebody has said which it shall be."""
    unsaid = step == "name" and is_unnamed(business)
    return replace(business, language=visitor_language()) if unsaid else business


def _guessed(business: Business, step: str) -> dict[str, str]:
    """What the fields hold; before anything was said, what the browser and the clock of the machine let guess."""
    typed = business_form.shown(business)
    if step == "name" and is_unnamed(business):
        typed.update(name="", language=visitor_language())
    if step == "place" and not business.country:
        country = _country_of(business.timezone)
        typed.update(country=country, regions_of=country)
    return typed


def _country_of(timezone: str) -> str:
    """The country the browser's language names (de-AT), else the one of the time zone; empty if neither tells.

    English is what browsers come with everywhere, so the time zone goes before en-GB.
    """
    said = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    language, _, country = said.partition("-")
    named = country.upper() if country.upper() in dict(places.countries("en")) else ""
    of_zone = places.country_of(timezone)
    return (of_zone or named) if language == "en" else (named or of_zone)


def _step(
    tx: Connection, business: Business, step: str, typed: dict[str, str], errors: dict[str, str], problem: str,
    status: int = 200,
) -> Response:  # fmt: skip
    open_steps = [each for each in STEPS if each != "password" or not access.has_password(tx)]
    just_set = request.args.get("said") == "password"  # it counts once more, and cannot be gone back to
    steps = STEPS if just_set else open_steps
    number = steps.index(step)
    before = [each for each in steps[:number] if each in open_steps]
    return business_page(
        f"welcome_{step}", business, "", status, typed=typed, errors=errors, problem=problem,
        step=step, number=number + 1, steps=len(steps),
        before=before[-1] if before else "", after=steps[number + 1] if number + 1 < len(steps) else "",
        **_more(tx, business, step, typed),
    )  # fmt: skip


def _more(tx: Connection, business: Business, step: str, typed: dict[str, str]) -> dict[str, Any]:
    """What a step shows besides its fields."""
    match step:
        case "name":
            return {"trades": catalogue.trade_names(business.language)}
        case "place":
            return {"lists": business_form.lists(typed, business.language)}
        case "mail":
            return _about_mail(typed)
        case "rhythm":
            return _about_rhythm(tx, business, typed)
        case "password":
            return {"shortest": access.SHORTEST_PASSWORD}
        case "calendar":
            return {"reach": reach(site().links.base_url).value, "home": site().links.base_url}
    return {}


def _about_mail(typed: dict[str, str]) -> dict[str, Any]:
    installation = site().installation
    if installation is None:
        return {"server": "", "asks": False}
    settings = installation.settings
    typed.update({name: value for name, value in server_form.shown(settings).items() if name not in typed})
    return {"server": settings.smtp_host, "asks": not settings.smtp_host and not installation.imposed}


def _about_rhythm(tx: Connection, business: Business, typed: dict[str, str]) -> dict[str, Any]:
    every = presets.every()
    begun = presets.begun_with(tx, business, every)
    typed.setdefault("preset", begun.key if begun else "")
    offered = [
        (preset.key, preset.titles.get(business.language) or preset.titles["en"], _rows(preset, business))
        for preset in sorted(every, key=lambda each: each.key != business.trade)  # that of the trade comes first
        if preset.key not in catalogue.trade_keys() or preset.key in (business.trade, typed["preset"])
    ]
    untouched = presets.is_untouched(tx, business)
    advised = begun is None and untouched and is_advised(tx, business)
    return {"offered": offered, "free": begun is not None and untouched, "advised": advised}


def _rows(preset: Preset, business: Business) -> Sequence[Row]:
    today = datetime.combine(localtime.today(site().clock(), business.timezone), datetime.min.time())
    rows = []
    for each in preset.cadences:
        start = datetime.combine(today, each.time)
        found = list(expand(parse_rule(each.rrule), start, Window(today, today + _A_QUARTER), business.timezone))
        first, answers = found[0] if found else None, each.purpose is Purpose.REPLYING
        rows.append(Row(each.channel_name(business.language), len(found), first, answers))
    return rows
