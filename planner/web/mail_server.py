"""The mail server of the installation: which, tried out by a test mail, and kept."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from planner.core.model import Business
from planner.errors import HomeNotWritable
from planner.language import N_
from planner.notify.message import check_address
from planner.store.queries import businesses
from planner.web import server_form
from planner.web.fields import Form
from planner.web.installation import Installation
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("mail_server", __name__)
_PATH: Final = f"/businesses/<{NUMBER}:business_id>/settings/mail-server"
_SAID: Final = {
    "tried": N_("Saved, and the test mail is out. Look into your mailbox; perhaps it is among the unwanted mails."),
    "kept": N_("Saved. Mails go this way from now on."),
    "files": N_("Saved. Mails become files from now on, and reach nobody."),
}


@pages.get(_PATH)
def form(business_id: int) -> Response:
    """Which server it is."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    return _page(business, None, "", notice=_SAID.get(request.args.get("said", "")))


@pages.post(_PATH)
def save(business_id: int) -> AnyResponse:
    """Keep it; with a test mail only if that got out. No transaction waits for the mail server."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
    installation = site().installation
    filled = Form(gettext(business.language))
    if installation is None or installation.imposed:
        return _page(business, filled, "", 409)
    wanted = server_form.read(filled, installation.settings)
    try_it = bool(request.form.get("try")) and bool(wanted["smtp_host"])
    to = filled.line("to") if try_it else ""
    if try_it:
        filled.tried("to", lambda: check_address(to))
    settings = server_form.checked(filled, installation, wanted) if filled.ok else None
    if settings is None:
        return _page(business, filled, "", 400)
    if try_it and (problem := server_form.try_out(installation, settings, business, to)):
        return _page(business, filled, problem, 400)
    try:
        server_form.keep(installation, wanted)
    except HomeNotWritable as error:
        return _page(business, filled, error.sentence(gettext(business.language)), error.http_status)
    said = "tried" if try_it else "kept" if wanted["smtp_host"] else "files"
    return redirect(f"/businesses/{business_id}/settings/mail-server?said={said}", 303)


def _page(business: Business, filled: Form | None, problem: str, status: int = 200, **more: Any) -> Response:
    installation = site().installation
    if installation is None:
        return business_page("settings_mail_server", business, "more", status, known=False, imposed=[], **more)
    as_it_is = server_form.shown(installation.settings)
    typed = {**as_it_is, "to": business.email, **(filled.typed if filled else {})}
    return business_page(
        "settings_mail_server", business, "more", status, known=True, imposed=installation.imposed, typed=typed,
        errors=filled.errors if filled else {}, problem=problem, **_about(installation), **more,
    )  # fmt: skip


def _about(installation: Installation) -> dict[str, Any]:
    settings = installation.settings
    return {
        "has_password": bool(settings.smtp_password),
        "server": settings.smtp_host,
        "folder": str(settings.mail_folder or ""),
        "sender": settings.sender,
        "file": server_form.file_of(installation),
    }
