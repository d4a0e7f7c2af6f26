"""Changing the password of the page: the old one is asked for if there is one, and everybody else is signed out."""

from typing import Final

from flask import Blueprint, Response
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import access
from planner.actions.access import PasswordTooShort
from planner.core.model import Business
from planner.errors import UsageError
from planner.language import N_
from planner.store.queries import businesses
from planner.web import sign_in
from planner.web.fields import Form
from planner.web.site import acting, business_page, gettext, reading, site, visitor
from planner.web.today import NUMBER

pages = Blueprint("password", __name__)
_PATH: Final = f"/businesses/<{NUMBER}:business_id>/settings/password"


class NotThePassword(UsageError):
    message = N_("This is not the password you have now.")


class NotTheSame(UsageError):
    message = N_("This is not the same as above.")


class WaitALittle(UsageError):
    message = N_("Too many wrong tries. Wait a little, then try again.")


@pages.get(_PATH)
def form(business_id: int) -> Response:
    """The old one, and the new one twice."""
    with reading() as tx:
        return _page(tx, businesses.get(tx, business_id), {})


@pages.post(_PATH)
def change(business_id: int) -> AnyResponse:
    """Set it, sign everybody out, and this device in again."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
    filled = Form(gettext(business.language))
    with reading() as tx:  # comparing passwords is slow by design, and nobody shall wait for it to write
        if access.has_password(tx):
            _check_old(tx, filled)
        wanted = new(filled)
        if not filled.ok:
            return _page(tx, business, filled.errors, 400)
    return keep(wanted, f"/businesses/{business_id}/settings?said=saved")


def new(filled: Form) -> str:
    """The new password, which has to be typed twice; what is wrong with it stands in the form."""
    wanted = filled.secret("new")
    if len(wanted) < access.SHORTEST_PASSWORD:
        filled.wrong("new", PasswordTooShort(shortest=access.SHORTEST_PASSWORD))
    elif filled.secret("again") != wanted:
        filled.wrong("again", NotTheSame())
    return wanted


def keep(wanted: str, to: str) -> AnyResponse:
    """Set a password, sign everybody out and this device in again, and on to a page."""
    now = site().clock()
    with acting() as tx:
        access.set_password(tx, wanted)
        access.sign_out_everywhere(tx, now=now)
        secret = access.sign_in(tx, now=now, browser=sign_in.browser())
    return sign_in.welcome(secret, now, to)


def _check_old(tx: Connection, filled: Form) -> None:
    """Somebody at a page that was left open must not guess quicker here than at the door."""
    old, who = filled.secret("old"), visitor()
    if sign_in.wait(who, site().clock()):
        filled.wrong("old", WaitALittle())
    elif not access.right_password(tx, old):
        filled.wrong("old", NotThePassword())
    else:
        site().throttle.succeeded(who)


def _page(tx: Connection, business: Business, errors: dict[str, str], status: int = 200) -> Response:
    return business_page(
        "settings_password", business, "more", status, errors=errors, has_password=access.has_password(tx),
        shortest=access.SHORTEST_PASSWORD,
    )  # fmt: skip
