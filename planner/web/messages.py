"""Messages: which mails went out, which wait or failed, and why; one mail; the next one before it is written.

A mail is shown as its text. Its HTML brings styles of its own, which no page of ours may have, and its links act for
whoever has them: they are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import messages as verbs
from planner.actions.compose import Composed, Composer, Later, Written
from planner.actions.health import troubles
from planner.actions.test_mail import send_test_mail
from planner.core import localtime
from planner.core.discretion import without_secrets
from planner.core.model import Business, Mail, Message, MessageKind
from planner.errors import PlannerError
from planner.language import N_, said
from planner.notify import DeliveryFailed
from planner.notify.message import check_address, read
from planner.store.queries import businesses, outbox
from planner.web.fields import Form
from planner.web.paging import sheet
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("messages", __name__)
A_PAGE: Final = 50
_SENDER: Final = "Planner <planner@planner.invalid>"
_NO_SERVER: Final = N_("Mails cannot be sent from this page: it does not know the planner's settings.")
_SAID: Final = {
    "again": N_("It goes out again within a minute."),
    "dropped": N_("It will not be sent."),
    "tested": N_("The test mail is out. Look into your mailbox; perhaps it is among the unwanted mails."),
    "written": N_("The test mail is written. Nobody gets it, for the reason below."),
}
_BASE: Final = f"/businesses/<{NUMBER}:business_id>/messages"


@dataclass(frozen=True, slots=True)
class Line:
    """A mail as the list shows it: when it was due and sent on the wall, and why it is where it is."""

    message: Message
    due: datetime
    sent: datetime | None
    next_try: datetime
    why: str


@pages.get(_BASE)
def overview(business_id: int) -> Response:
    """The mails of a business, newest first, and what is wrong with sending."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        found = sheet(lambda skip, limit: outbox.listed(tx, business.id, skip=skip, limit=limit), A_PAGE)
        speak = gettext(business.language)
        wrong = [without_secrets(trouble.sentence(speak)) for trouble in troubles(tx, site().clock())]
    mails = found.map(lambda message: _line(business, message, speak))
    return business_page(
        "messages", business, "more", mails=mails, wrong=wrong,
        mail_folder=site().mail_folder, **_notice(),
    )  # fmt: skip


@pages.get(f"{_BASE}/<{NUMBER}:message_id>")
def one(business_id: int, message_id: int) -> Response:
    """One mail: how it stands, and what is in it; one that is not written yet as it would be written now."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        message = verbs.of_business(tx, business, message_id)
        return _one(tx, business, message, "")


@pages.post(f"{_BASE}/<{NUMBER}:message_id>/<any(again, drop):verb>")
def act(business_id: int, message_id: int, verb: str) -> AnyResponse:
    """Send a mail again, or close a waiting one unsent."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        message = verbs.of_business(tx, business, message_id)
        try:
            if verb == "again":
                verbs.send_again(tx, business, message_id, site().clock())
            else:
                verbs.close_unsent(tx, business, message_id)
        except (verbs.InHand, verbs.NotWaiting) as error:
            return _one(tx, business, message, error.sentence(gettext(business.language)), error.http_status)
    said = "again" if verb == "again" else "dropped"
    return redirect(f"/businesses/{business_id}/messages/{message_id}?said={said}", 303)


@pages.get(f"{_BASE}/preview/<any(digest, nudge, summary):kind>")
def preview(business_id: int, kind: str) -> Response:
    """The next mail of a kind as it would be if nobody did anything until then."""
    wanted = MessageKind(kind)
    with reading() as tx:
        business = businesses.get(tx, business_id)
        coming = verbs.coming(wanted, business, site().clock())
        written = verbs.preview(tx, _composer(), business, wanted, coming) if coming else None
    return business_page(
        "mail_preview", business, "more", kind=kind, kinds=list(MessageKind)[:3],
        at=localtime.wall(coming.at, business.timezone) if coming else None,
        mail=_shown(written), fault=_fault(written, business),
    )  # fmt: skip


@pages.get(f"{_BASE}/test")
def test_form(business_id: int) -> Response:
    """Where a test mail shall go."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    return _test_page(business, business.email, {}, "")


@pages.post(f"{_BASE}/test")
def test(business_id: int) -> AnyResponse:
    """Send a test mail; if it does not get out the reason in words. No transaction waits for the mail server."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
    form = Form(gettext(business.language))
    to = form.line("to", needed=True)
    form.tried("to", lambda: check_address(to) if to else "")
    if not form.ok:
        return _test_page(business, to, form.errors, "", 400)
    problem = send_test(business, to)
    if problem:
        return _test_page(business, to, {}, problem, 400)
    said = "written" if site().mail_folder else "tested"
    return redirect(f"/businesses/{business_id}/messages?said={said}", 303)


def send_test(business: Business, to: str) -> str:
    """Send a test mail by the settings in force; why not, in words, or nothing."""
    speak = gettext(business.language)
    if (installation := site().installation) is None:
        return speak(_NO_SERVER)
    way, sender = installation.transport(), installation.settings.sender
    try:
        send_test_mail(site().database, way, site().links, sender, business.id, to, site().clock())
    except (DeliveryFailed, PlannerError) as error:
        return without_secrets(error.sentence(speak))
    return ""


def _one(tx: Connection, business: Business, message: Message, problem: str, status: int = 200) -> Response:
    written: Composed = None
    if message.mime is None and message.state.value == "pending":
        now = max(site().clock(), message.next_try_at)
        (job,) = _composer().brief(tx, [message], now)
        written = _composer().write(job, now)
    speak = gettext(business.language)
    return business_page(
        "mail", business, "more", status, line=_line(business, message, speak), problem=problem,
        mail=_shown(written) or (_discreet(read(message.mime)) if message.mime else None),
        unwritten=isinstance(written, Written), fault=_fault(written, business),
        can_go_again=message.state in verbs.CAN_GO_AGAIN, **_notice(),
    )  # fmt: skip


def _line(business: Business, message: Message, speak: Callable[[str], str]) -> Line:
    local = partial(localtime.wall, timezone=business.timezone)
    why = without_secrets(said(message.error, speak))
    sent = local(message.sent_at) if message.sent_at else None
    return Line(message, local(message.due_at), sent, local(message.next_try_at), why)


def _composer() -> Composer:
    """Who writes mails; without settings one whose mails can be looked at."""
    if (installation := site().installation) is not None:
        return installation.composer(site().links)
    return Composer(site().links, _SENDER, ["preview"])


def _shown(written: Composed) -> Mail | None:
    return _discreet(read(written.mime)) if isinstance(written, Written) else None


def _discreet(mail: Mail) -> Mail:
    return Mail(mail.subject, without_secrets(mail.text), "")


def _fault(written: Composed, business: Business) -> str:
    """Why a mail cannot be written, in words."""
    if isinstance(written, PlannerError):
        return written.sentence(gettext(business.language))
    return "" if written is None or isinstance(written, Written | Later) else type(written).__name__


def _test_page(business: Business, to: str, errors: dict[str, str], problem: str, status: int = 200) -> Response:
    installation = site().installation
    server = installation.settings.smtp_host if installation else ""
    return business_page(
        "test_mail", business, "more", status, to=to, errors=errors, problem=problem, server=server,
        mail_folder=site().mail_folder,
    )  # fmt: skip


def _notice() -> dict[str, Any]:
    """What was just done, in place of the sentence that all pages know."""
    words = _SAID.get(request.args.get("said", ""))
    return {"notice": words} if words else {}
