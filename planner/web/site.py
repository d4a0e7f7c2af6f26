"""What every page needs: the installation it belongs to, the moment, the words, and who is signed in."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import Response, abort, current_app, g, make_response, redirect, request
from sqlalchemy import Connection

from planner.actions import access
from planner.actions.feeds import FeedReader
from planner.core.characters import one_line
from planner.core.model import Business
from planner.ical import FeedWriter
from planner.language import N_, choose, translations
from planner.links import Links
from planner.render import PostTexts, environment
from planner.store.database import Database
from planner.store.queries import businesses
from planner.store.queries.access import OpenSession
from planner.web import assets
from planner.web.guesses import Guesses
from planner.web.installation import Installation
from planner.web.kept_answers import Answers
from planner.web.proxies import household
from planner.web.seen import Seen
from planner.web.sent_forms import SentForms
from planner.web.throttle import Throttle

# Guesses from everywhere together: a botnet gets a few a minute, and whoever signed in from where he is does not wait.
ACCOUNT_FREE: Final = 50
ACCOUNT_LONGEST: Final = timedelta(seconds=30)


_OURS: Final = re.compile(r"/(posts|businesses)/\d{1,10}(/[\w-]{1,40}){0,4}(\?channel=\d{1,10})?", re.ASCII)
# What a page may say on top after a form was sent, by the key in the address.
NOTICES: Final = {
    "saved": N_("Saved."),
    "added": N_("Added."),
    "removed": N_("Removed."),
    "ended": N_("Ended."),
    "signed-out": N_("Signed out."),
    "moved": N_("Moved."),
    "left-out": N_("This day is left out."),
    "taken-in": N_("This day has its date again."),
    "sent": N_("Sent."),
    "password": N_("The password is set. It signs you in on any other device."),
    "advised": N_("The advised channels and their rhythms are set."),
    "skipped-before": N_(
        "Somebody else had skipped this post meanwhile. It is posted now; why it was skipped stays in its history."
    ),
    "since": N_("The post has been changed since, so nothing was taken back."),
}


@dataclass(frozen=True)
class Site:
    """An installation as the web app sees it; ``clock`` gives the present instant, ``mail_folder`` is set when mails
    are files because no mail server was named, ``installation`` when its settings may be changed on the page.
    """

    database: Database
    links: Links
    texts: PostTexts
    clock: Callable[[], datetime]
    mail_folder: str | None = None
    installation: Installation | None = None
    feed_writer: FeedWriter = field(init=False)
    feed_reader: FeedReader = field(init=False, default_factory=FeedReader)
    feeds_seen: Seen = field(init=False, default_factory=Seen)
    throttle: Throttle = field(init=False, default_factory=Throttle)
    account: Throttle = field(init=False, default_factory=lambda: Throttle(ACCOUNT_FREE, ACCOUNT_LONGEST))
    answers: Answers = field(init=False, default_factory=Answers)
    sent_forms: SentForms = field(init=False, default_factory=SentForms)
    guesses: Guesses = field(init=False, default_factory=Guesses)

    def __post_init__(self) -> None:
        object.__setattr__(self, "feed_writer", FeedWriter(self.links.post_page))


def site() -> Site:
    """The installation of the request at hand."""
    found: Site = current_app.extensions["planner"]
    return found


def secure() -> bool:
    """Whether the page is reached by HTTPS, by its address or as a listed proxy says: then cookies are bound to it."""
    return site().links.base_url.startswith("https://") or request.scheme == "https"


def cookie_name() -> str:
    """The name of the session cookie; with HTTPS one that no other host can set."""
    return "__Host-planner" if secure() else "planner"


def visitor() -> str:
    """By what the visitor's guesses are counted."""
    return household(request.remote_addr or "?")


def our_path(text: str) -> str:
    """A page of ours that somebody is to be sent to, by its path and perhaps a channel; empty for anything else."""
    return text if _OURS.fullmatch(text) else ""


def back_to(otherwise: str) -> str:
    """Where a form wants its sender to be afterwards: a page of ours that it names as ``back``."""
    return our_path(request.form.get("back", "")) or otherwise


def saying(path: str, **what: object) -> str:
    """An address of ours with more in its query."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode(what)}" if what else path


def typed(name: str) -> str:
    """What somebody wrote into a field of one line: without control characters and marks that turn the direction."""
    return one_line(request.form.get(name, ""))


def page(template: str, language: str, status: int = 200, **context: Any) -> Response:
    """A page in a language. Pages of somebody who is signed in carry ``csrf``; the others read no cookie."""
    values = {"csrf": "", "tab": "", "home": site().links.home(), "static": assets.address, **context}
    html = environment(language).get_template(f"web/{template}.html.j2").render(values)
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def business_page(template: str, business: Business, tab: str, status: int = 200, **context: Any) -> Response:
    """A page about a business, with the way to its other pages; ``tab`` is the one of them this belongs to.

    What was just done stands on it: the address of a redirect names the sentence (``?said=saved``).
    """
    notice = NOTICES.get(request.args.get("said", ""))
    values = {"business": business, "tab": tab, "csrf": csrf_token(), "notice": notice, "once": new_once, **context}
    return page(template, business.language, status, **values)


def new_once() -> str:
    """What makes a form unique, so that one that is sent twice is known again."""
    return secrets.token_urlsafe(16)


def visitor_language(tx: Connection | None = None) -> str:
    """The language for somebody of whom no business is known: that of the browser, else of the first business."""
    wanted = [part.split(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    if any(wanted):
        return choose(wanted)
    there = businesses.every(tx, limit=1) if tx is not None else []
    return there[0].language if there else choose([])


def gettext(language: str) -> Callable[[str], str]:
    """The words of a language."""
    return translations(language).gettext


def session_secret() -> str:
    """The secret of the visitor's session, signed in or not; empty if there is none."""
    return request.cookies.get(cookie_name(), "")


@contextmanager
def reading() -> Iterator[Connection]:
    """A transaction that reads, for a visitor who is signed in; others are sent to the sign-in page."""
    with site().database.read() as tx:
        require_sign_in(tx)
        yield tx


@contextmanager
def acting() -> Iterator[Connection]:
    """A transaction that may write, for a form of ours that somebody signed in has sent."""
    with site().database.write() as tx:
        require_sign_in(tx)
        require_own_form()
        yield tx


def require_sign_in(tx: Connection) -> OpenSession:
    """Go on only for a visitor who is signed in, with his session; others are sent to the sign-in page."""
    secret = session_secret()
    found = access.signed_in(tx, secret, now=site().clock()) if secret else None
    if found is None:
        to = f"?to={request.path}" if request.method == "GET" and request.path != "/" else ""
        abort(redirect(f"/sign-in{to}", 303))
    g.session = found
    return found


def csrf_token() -> str:
    """What a form of this session carries, so that no other page can send it."""
    secret = session_secret()
    return hmac.new(secret.encode(), b"planner form", hashlib.sha256).hexdigest() if secret else ""


def require_own_page() -> None:
    """Refuse a POST that was sent from another site's page.

    Browsers that are told to send no referrer say Origin: null.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    if not _is_ours(request.headers.get("Origin", "null")):
        abort(403)


def require_own_form() -> None:
    """Refuse a POST that does not come from a page of ours: by where it was sent from, and by its token."""
    require_own_page()
    if not hmac.compare_digest(request.form.get("csrf", "").encode("utf-8", "replace"), csrf_token().encode()):
        abort(403)


def _is_ours(origin: str) -> bool:
    """Whether an origin is the configured one, or, behind a proxy with another name, the one that was asked."""
    if origin == "null":
        return True
    try:
        said, home = urlsplit(origin), urlsplit(site().links.base_url)
    except ValueError:
        return False
    if (said.scheme, said.netloc) == (home.scheme, home.netloc):
        return True
    return bool(said.netloc) and said.netloc == request.host and (said.scheme == "https" or not secure())
