"""What every page needs: the installation it belongs to, the moment, the words, and who is signed in."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, redirect, request
from sqlalchemy import Connection

from planner.actions import access
from planner.actions.feeds import FeedReader
from planner.ical import FeedWriter
from planner.language import choose, translations
from planner.links import Links
from planner.render import PostTexts, environment
from planner.store.database import Database
from planner.store.queries import businesses
from planner.web.seen import Seen
from planner.web.throttle import Throttle


@dataclass(frozen=True)
class Site:
    """An installation as the web app sees it; ``clock`` gives the present instant, ``mail_folder`` is set when mails
    are files because no mail server was named.
    """

    database: Database
    links: Links
    texts: PostTexts
    clock: Callable[[], datetime]
    mail_folder: str | None = None
    feed_writer: FeedWriter = field(init=False)
    feed_reader: FeedReader = field(init=False, default_factory=FeedReader)
    feeds_seen: Seen = field(init=False, default_factory=Seen)
    throttle: Throttle = field(init=False, default_factory=Throttle)

    def __post_init__(self) -> None:
        object.__setattr__(self, "feed_writer", FeedWriter(self.links.post_page))

    @property
    def secure(self) -> bool:
        """Whether the page is reached by HTTPS, so that cookies can be bound to it."""
        return self.links.base_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie; with HTTPS one that no other host can set."""
        return "__Host-planner" if self.secure else "planner"


def site() -> Site:
    """The installation of the request at hand."""
    found: Site = current_app.extensions["planner"]
    return found


def page(template: str, language: str, status: int = 200, **context: Any) -> Response:
    """A page in a language. Pages of somebody who is signed in carry ``csrf``; the others read no cookie."""
    values = {"csrf": "", "home": site().links.home(), **context}
    html = environment(language).get_template(f"web/{template}.html.j2").render(values)
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def visitor_language(tx: Connection | None = None) -> str:
    """The language for somebody of whom no business is known: that of the browser, else of the first business."""
    wanted = [part.split(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    if any(wanted):
        return choose(wanted)
    there = businesses.every(tx) if tx is not None else []
    return there[0].language if there else choose([])


def gettext(language: str) -> Callable[[str], str]:
    """The words of a language."""
    return translations(language).gettext


def session_secret() -> str:
    """The secret of the visitor's session, signed in or not; empty if there is none."""
    return request.cookies.get(site().cookie, "")


def require_sign_in(tx: Connection) -> None:
    """Go on only for a visitor who is signed in; others are sent to the sign-in page."""
    secret = session_secret()
    if not secret or not access.signed_in(tx, secret, now=site().clock()):
        to = f"?to={request.path}" if request.method == "GET" and request.path != "/" else ""
        abort(redirect(f"/sign-in{to}", 303))


def csrf_token() -> str:
    """What a form of this session carries, so that no other page can send it."""
    secret = session_secret()
    return hmac.new(secret.encode(), b"planner form", hashlib.sha256).hexdigest() if secret else ""


def require_own_form() -> None:
    """Refuse a POST that does not come from a page of ours: by where it was sent from, and by its token.

    Browsers that are told to send no referrer say Origin: null. Behind a proxy the host may be another one's name.
    """
    origin = request.headers.get("Origin", "null")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    if origin != "null" and _netloc(origin) not in (request.host, _netloc(site().links.base_url)):
        abort(403)
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), csrf_token().encode()):  # as str: ASCII only
        abort(403)


def written(name: str) -> str:
    """What somebody wrote into a field of the form, on one line; control characters are left out."""
    return "".join(letter if letter.isprintable() else " " for letter in request.form.get(name, "")).strip()


def _netloc(address: str) -> str:
    """Host and port of an address; empty if it is none."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
