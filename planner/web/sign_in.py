"""Signing in by the one-time link that the program prints, or by the password; and signing out."""

import re
from datetime import datetime

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import access
from planner.language import N_
from planner.store.queries import access as rows
from planner.web.site import gettext, page, require_own_form, session_secret, site, visitor_language

pages = Blueprint("sign_in", __name__)
_OURS = re.compile(r"/(posts|businesses)/\d{1,10}")
_USED = N_("This link was used already. Start the planner again for another one, or sign in with the password.")
_WRONG = N_("This is not the password. Try again.")
_WAIT = N_("Too many wrong tries. Wait a little, then try again.")


@pages.get("/sign-in")
def form() -> Response:
    """The password form, and how to get in without one."""
    with site().database.read() as tx:
        return page("sign_in", visitor_language(tx), has_password=access.has_password(tx), words="")


@pages.post("/sign-in")
def by_password() -> AnyResponse:
    """Sign in with the password."""
    now, who = site().clock(), request.remote_addr or "?"
    language = visitor_language()
    if site().throttle.wait(who, now):
        return page("sign_in", language, 429, has_password=True, words=gettext(language)(_WAIT))
    with site().database.read() as tx:
        right = access.right_password(tx, request.form.get("password", ""))
    if not right:
        site().throttle.failed(who, now)
        return page("sign_in", language, 403, has_password=True, words=gettext(language)(_WRONG))
    site().throttle.succeeded(who)
    with site().database.write() as tx:
        secret = access.sign_in(tx, now=now)
    return _welcome(secret, now, _wanted())


@pages.get("/sign-in/<token>")
def link(token: str) -> Response:
    """A page with a button: looking at a link must not use it up."""
    nonce = site().links.read_sign_in(token, site().clock())
    with site().database.read() as tx:
        language = visitor_language(tx)
        if rows.was_used(tx, nonce):
            words = gettext(language)(_USED)
            return page("sign_in", language, 410, has_password=access.has_password(tx), words=words)
    return page("sign_in_link", language, token=token)


@pages.post("/sign-in/<token>")
def by_link(token: str) -> AnyResponse:
    """Sign in with the link; it works once."""
    now = site().clock()
    nonce = site().links.read_sign_in(token, now)
    with site().database.write() as tx:
        language = visitor_language(tx)
        secret = access.sign_in_by_link(tx, nonce, now=now)
        has_password = access.has_password(tx)
    if secret is None:
        words = gettext(language)(_USED)
        return page("sign_in", language, 410, has_password=has_password, words=words)
    return _welcome(secret, now)


@pages.post("/sign-out")
def out() -> AnyResponse:
    """End the session."""
    require_own_form()
    with site().database.write() as tx:
        access.sign_out(tx, session_secret())
    response = redirect("/sign-in", 303)
    response.delete_cookie(site().cookie, path="/", secure=site().secure, httponly=True, samesite="Lax")
    return response


def _wanted() -> str:
    """The page the visitor was on the way to: one of ours, by its path; nothing else is gone to."""
    wanted = request.args.get("to", "")
    return wanted if _OURS.fullmatch(wanted) else "/"


def _welcome(secret: str, now: datetime, to: str = "/") -> AnyResponse:
    response = redirect(to, 303)
    response.set_cookie(
        site().cookie,
        secret,
        expires=now + access.SESSION_LIFE,
        path="/",
        secure=site().secure,
        httponly=True,
        samesite="Lax",
    )
    return response
