"""Settings of a business: name and place, mails and hours, planning; and the list of all settings."""

from typing import Any, Final

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import access
from planner.core.model import Business
from planner.store.queries import businesses
from planner.web import business_form, places
from planner.web.fields import Form
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("settings", __name__)
_BASE: Final = f"/businesses/<{NUMBER}:business_id>/settings"
PARTS: Final = {
    "business": ("name", "language", "trade", "country", "region", "timezone"),
    "mails": ("email", "digest_on", "digest_time", "nudge_time", "summary_on", "quiet_from", "quiet_until"),
    "planning": ("grace_days", "horizon_weeks"),
}


@pages.get(_BASE)
def overview(business_id: int) -> Response:
    """All there is to set, with what it is now."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        has_password = access.has_password(tx)
    installation = site().installation
    place = places.in_words(business.country, business.region, business.language)
    return business_page(
        "settings", business, "more", has_password=has_password, place=place,
        server=installation.settings.smtp_host if installation else "",
    )  # fmt: skip


@pages.get(f"{_BASE}/<any({', '.join(PARTS)}):part>")
def form(business_id: int, part: str) -> Response:
    """The form of a part."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    return _part(business, part, business_form.shown(business), {})


@pages.post(f"{_BASE}/<any({', '.join(PARTS)}):part>")
def save(business_id: int, part: str) -> AnyResponse:
    """Keep a part; or, asked for the regions of another country, show those and keep nothing."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        filled = Form(gettext(business.language))
        wanted = business_form.read(filled, PARTS[part])
        if part == "business" and request.form.get("look"):
            business_form.look_again(filled)
            return _part(business, part, filled.typed, {})
        business_form.keep(tx, business, filled, wanted)
    if filled.errors:
        return _part(business, part, filled.typed, filled.errors, 400)
    return redirect(f"/businesses/{business_id}/settings?said=saved", 303)


@pages.get("/places/<country>")
def place(country: str) -> Response:
    """Regions and time zones of a country, for a form whose country is changed."""
    with reading() as tx:
        there = businesses.every(tx, limit=1)
    language = there[0].language if there else "en"
    return jsonify(regions=places.regions(country), zones=places.zones_of(country, language))


def _part(business: Business, part: str, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    more: dict[str, Any] = {"lists": business_form.lists(typed, business.language)} if part == "business" else {}
    return business_page(f"settings_{part}", business, "more", status, typed=typed, errors=errors, **more)
