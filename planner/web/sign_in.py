"""Signing in by the one-time link that the program prints, or by the password; signing out, here or everywhere."""

import logging
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from flask import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import access
from planner.core import localtime
from planner.core.browser import Browser, browser_of
from planner.core.characters import one_line
from planner.errors import PlannerError
from planner.language import N_
from planner.store.queries import access as rows
from planner.store.queries import businesses
from planner.store.queries.access import OpenSession
from planner.web.paging import sheet
from planner.web.site import (
    NOTICES,
    cookie_name,
    csrf_token,
    gettext,
    our_path,
    page,
    require_own_form,
    require_own_page,
    require_sign_in,
    secure,
    session_secret,
    site,
    visitor,
    visitor_language,
)
from planner.web.today import NUMBER

log = logging.getLogger("planner.web")
pages = Blueprint("sign_in", __name__)
_EVERYBODY: Final = ""  # there is one account
_AT_HOME: Final = "signed in from here"
_USED = N_("This link is used up, or was withdrawn. Start the planner again for another, or sign in with the password.")
_WRONG = N_("This is not the password. Try again.")
_LONGEST_AGENT: Final = 500
SESSIONS_A_PAGE: Final = 50
_WAIT = N_("Too many wrong tries. Wait a little, then try again.")


@dataclass(frozen=True, slots=True)
class Device:
    """A session as the page shows it: the browser in words, local times, whether it is this one."""

    id: int
    name: str
    begun: datetime
    used: datetime | None
    here: bool


@pages.get("/sign-in")
def form() -> Response:
    """The password form, and how to get in without one."""
    with site().database.read() as tx:
        return page("sign_in", visitor_language(tx), has_password=access.has_password(tx), words="")


@pages.post("/sign-in")
def by_password() -> AnyResponse:
    """Sign in with the password."""
    require_own_page()
    now, who = site().clock(), visitor()
    language = visitor_language()
    if left := wait(who, now):
        response = page("sign_in", language, 429, has_password=True, words=gettext(language)(_WAIT))
        response.headers["Retry-After"] = str(math.ceil(left.total_seconds()))
        return response
    with site().database.read() as tx:
        right = access.right_password(tx, request.form.get("password", ""))
    if not right:
        site().account.failed(_EVERYBODY, now)
        return page("sign_in", language, 403, has_password=True, words=gettext(language)(_WRONG))
    site().throttle.succeeded(who)
    site().guesses.right(who, _AT_HOME)
    with site().database.write() as tx:
        secret = access.sign_in(tx, now=now, browser=browser())
    return welcome(secret, now, _wanted())


@pages.get("/sign-in/<token>")
def link(token: str) -> Response:
    """A page with a button: looking at a link must not use it up."""
    claim = site().links.read_sign_in(token, site().clock())
    with site().database.read() as tx:
        language = visitor_language(tx)
        if rows.was_used(tx, claim.nonce) or access.is_withdrawn(tx, claim.made_at):
            words = gettext(language)(_USED)
            return page("sign_in", language, 410, has_password=access.has_password(tx), words=words)
    return page("sign_in_link", language, token=token)


@pages.post("/sign-in/<token>")
def by_link(token: str) -> AnyResponse:
    """Sign in with the link; it works once."""
    require_own_page()
    now = site().clock()
    claim = site().links.read_sign_in(token, now)
    with site().database.write() as tx:
        language = visitor_language(tx)
        secret = access.sign_in_by_link(tx, claim.nonce, made_at=claim.made_at, now=now, browser=browser())
        has_password = access.has_password(tx)
    if secret is None:
        words = gettext(language)(_USED)
        return page("sign_in", language, 410, has_password=has_password, words=words)
    return welcome(secret, now)


@pages.post("/sign-out")
def out() -> AnyResponse:
    """End the session."""
    require_own_form()
    with site().database.write() as tx:
        access.sign_out(tx, session_secret())
    return _goodbye()


@pages.get("/sessions")
def sessions() -> Response:
    """Which devices are signed in, when each was used last, and the buttons that end one or all."""
    now = site().clock()
    with site().database.read() as tx:
        mine = require_sign_in(tx)
        there = businesses.every(tx, limit=1)
        others = sheet(
            lambda skip, limit: rows.other_sessions(tx, now, mine.id, skip=skip, limit=limit), SESSIONS_A_PAGE
        )
        has_password = access.has_password(tx)
    language = there[0].language if there else visitor_language()
    local = partial(localtime.wall, timezone=there[0].timezone if there else "UTC")
    here = [_device(mine, language, local, here=True)] if others.number == 1 else []
    others_shown = others.map(lambda each: _device(each, language, local, here=False))
    notice = NOTICES.get(request.args.get("said", ""))
    return page(
        "sessions",
        language,
        here=here,
        others=others_shown,
        has_password=has_password,
        notice=notice,
        csrf=csrf_token(),
    )


def _device(found: OpenSession, language: str, local: Callable[[datetime], datetime], *, here: bool) -> Device:
    used = local(found.last_used_at) if found.last_used_at else None
    return Device(found.id, found.browser.in_words(gettext(language)), local(found.created_at), used, here)


@pages.post(f"/sessions/<{NUMBER}:session_id>/end")
def end_one(session_id: int) -> AnyResponse:
    """Sign one device out; that it is out already makes no difference. This one is shown the door."""
    with site().database.write() as tx:
        mine = require_sign_in(tx)
        require_own_form()
        with suppress(access.NoSuchSession):
            access.sign_out_one(tx, session_id)
    return _goodbye() if session_id == mine.id else redirect("/sessions?said=signed-out", 303)


@pages.post("/sessions/end")
def end_all() -> AnyResponse:
    """Sign out everywhere."""
    with site().database.write() as tx:
        require_sign_in(tx)
        require_own_form()
        access.sign_out_everywhere(tx, now=site().clock())
    return _goodbye()


@pages.after_app_request
def note_used(response: Response) -> Response:
    """Write down, once an hour, that the visitor's session is in use. Best effort: no page waits or fails for it."""
    used: OpenSession | None = g.get("session")
    if used is not None and access.wants_noting(used, site().clock()):
        try:
            with site().database.write() as tx:
                access.note_used(tx, used, site().clock())
        except PlannerError as error:
            log.warning("cannot note that session %d was used: %s", used.id, error)
    return response


def browser() -> Browser:
    """The visitor's browser."""
    return browser_of(one_line(request.headers.get("User-Agent", ""))[:_LONGEST_AGENT])


def wait(who: str, now: datetime) -> timedelta:
    """How long to wait before the next try: for this address, and for everybody who never signed in from his.

    A try that may be made counts as failed beforehand, so that many at the same moment are not all the first.
    """
    everybody = timedelta() if site().guesses.knows(who, _AT_HOME) else site().account.wait(_EVERYBODY, now)
    return everybody or site().throttle.admit(who, now)


def _goodbye() -> AnyResponse:
    response = redirect("/sign-in", 303)
    response.headers["Clear-Site-Data"] = (
        '"cache", "storage"'  # what the service worker kept to be read without network
    )
    response.delete_cookie(cookie_name(), path="/", secure=secure(), httponly=True, samesite="Lax")
    return response


def _wanted() -> str:
    """The page the visitor was on the way to: one of ours, by its path; nothing else is gone to."""
    return our_path(request.args.get("to", "")) or "/"


def welcome(secret: str, now: datetime, to: str = "/") -> AnyResponse:
    """Signed in: the cookie, and on to a page."""
    response = redirect(to, 303)
    response.set_cookie(
        cookie_name(),
        secret,
        expires=now + access.SESSION_LIFE,
        path="/",
        secure=secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
