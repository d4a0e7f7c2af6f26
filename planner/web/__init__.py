"""The web app: one page for a phone, mail links, feeds, health. One file a subject, one function an action.

Flask finds the way, ``templates/web`` holds the pages, actions do the work. The app reads the time from the clock it
is given, builds links from the configured address and never from the request, and changes nothing on a GET.
"""

import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from planner.core.discretion import without_secrets
from planner.errors import LinkForged, NotFound, PlannerError
from planner.language import N_
from planner.web import (
    advice,
    answers,
    assets,
    backup,
    cadences,
    calendar,
    catching_up,
    channels,
    consistency,
    feeds,
    health,
    ideas,
    installed,
    left_out,
    mail_links,
    mail_server,
    messages,
    more,
    new_business,
    password,
    pauses,
    placing,
    platforms,
    post,
    settings,
    sign_in,
    subscriptions,
    today,
    welcome,
)
from planner.web.proxies import BehindProxies, Network
from planner.web.site import Site, gettext, page, secure, session_secret, visitor, visitor_language
from planner.web.site import site as the_site

log = logging.getLogger("planner.web")
MOST_BYTES = 256 * 1024
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
_SENTENCES = {
    403: N_("This form is too old or does not come from this page. Go back, reload, and try again."),
    404: N_("There is no such page. Perhaps a piece of the address is missing."),
    405: N_("This page cannot be used like that."),
    413: N_("That is too much at once. Please send less."),
    429: N_("Too many wrong tries. Wait a little, then try again."),
}


_HEADINGS = {
    403: N_("That was not kept"),
    404: N_("There is nothing here"),
    410: N_("Too late for that"),
    429: N_("A moment, please"),
}


class App(Flask):
    """Flask, except that the log is no place for addresses that open doors."""

    def log_exception(self, exc_info: Any) -> None:
        """Log a fault of ours with the request's path, its secrets left out."""
        log.error("fault on %s %s", request.method, without_secrets(request.path), exc_info=exc_info)


def create_app(site: Site, proxies: Sequence[Network] = ()) -> Flask:
    """The WSGI application of an installation, behind proxies of those networks."""
    app = App("planner.web", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.extensions["planner"] = site
    for part in (
        assets,
        installed,
        today,
        calendar,
        placing,
        post,
        ideas,
        consistency,
        catching_up,
        more,
        new_business,
        sign_in,
        mail_links,
        feeds,
        health,
        channels,
        cadences,
        left_out,
        pauses,
        subscriptions,
        messages,
        settings,
        mail_server,
        password,
        backup,
        welcome,
        platforms,
        advice,
        answers,
    ):
        app.register_blueprint(part.pages)
    app.after_request(_protect)
    app.register_error_handler(PlannerError, _told)
    app.register_error_handler(HTTPException, _refused)
    app.wsgi_app = BehindProxies(app.wsgi_app, proxies)  # type: ignore[method-assign]
    return app


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("X-Robots-Tag", "noindex")
    headers.setdefault("Cache-Control", "no-store")
    if secure():
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _told(error: PlannerError) -> Response:
    language = mail_links.language_of(request.path) or visitor_language()
    speak = gettext(language)
    if isinstance(error, LinkForged) and not the_site().guesses.admit(visitor(), the_site().clock()):
        return Response(speak(_SENTENCES[429]), 429, {"Retry-After": "60"}, mimetype="text/plain")
    # Sentences about what is not there name commands, which are of no use on a page.
    words = speak(_SENTENCES[404]) if isinstance(error, NotFound) else error.sentence(speak)
    return _message(language, error.http_status, words)


def _refused(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or request.path.startswith(("/feeds/", "/static/")):
        return error
    language = mail_links.language_of(request.path) or visitor_language()
    words = _SENTENCES.get(error.code or 500, N_("Something went wrong. Please try again in a moment."))
    response = _message(language, error.code or 500, gettext(language)(words))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _message(language: str, status: int, words: str) -> Response:
    """The page of an error, with a way on: to the day, or to the door for whoever has no session."""
    otherwise = N_("That did not work") if status < 500 else N_("Something went wrong")
    heading = gettext(language)(_HEADINGS.get(status, otherwise))
    return page("message", language, status, heading=heading, words=words, stranger=not session_secret())
