"""One business more, for somebody who looks after several: its name here, the rest in its set-up."""

from flask import Blueprint, Response, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue, zonerules
from planner.actions.set_up import NameTaken, NewBusiness, set_up
from planner.store.queries import businesses
from planner.web import business_form
from planner.web.fields import Form
from planner.web.site import acting, csrf_token, gettext, page, reading, site, visitor_language

pages = Blueprint("new_business", __name__)
_FIELDS = ("name", "language", "trade")
_PRESET = "core-trio"
_NOWHERE = "Europe/Berlin"  # as on the command line, where nothing else is known


@pages.get("/businesses/new")
def form() -> Response:
    """What it is called and does, in the language of the first business here."""
    with reading() as tx:
        language = visitor_language(tx)
        return _page(tx, {"name": "", "language": language, "trade": ""}, {})


@pages.post("/businesses/new")
def add() -> AnyResponse:
    """Make it, with the channels and cadences every business begins with, and on to its place."""
    with acting() as tx:
        filled = Form(gettext(visitor_language(tx)))
        wanted = business_form.read(filled, _FIELDS)
        if filled.ok:
            new = NewBusiness(**wanted, timezone=_timezone(tx), tzdata=zonerules.release())
            try:
                made = set_up(tx, new, catalogue.preset(_PRESET), site().texts, site().clock())
            except NameTaken as error:
                filled.wrong("name", error)
        if filled.errors:
            return _page(tx, filled.typed, filled.errors, 400)
    return redirect(f"/businesses/{made.id}/welcome/place", 303)


def _timezone(tx: Connection) -> str:
    """That of the first business: whoever looks after several is seldom far away. Its set-up asks."""
    there = businesses.every(tx, limit=1)
    return there[0].timezone if there else _NOWHERE


def _page(tx: Connection, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    language = visitor_language(tx)
    return page(
        "business_new", language, status, typed=typed, errors=errors, trades=catalogue.trade_names(language),
        csrf=csrf_token(),
    )  # fmt: skip
