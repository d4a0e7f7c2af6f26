"""The fields of the mail server: read, tried out, and kept, for the settings and for the set-up.

The saved password is never shown, and never told to another server than the one it was typed for: whoever has a stolen
session could name his own.
"""

from collections.abc import Mapping
from typing import Any, Final

from planner.actions.test_mail import send_test_mail
from planner.config import SETTINGS_FILE, Settings
from planner.core.discretion import without_secrets
from planner.core.model import Business
from planner.errors import BadSetting, PlannerError, UsageError
from planner.language import N_
from planner.notify import DeliveryFailed
from planner.notify.message import envelope
from planner.store.queries import outbox
from planner.web.fields import Form
from planner.web.installation import Installation
from planner.web.site import gettext, site

SECURITIES: Final = ("tls", "starttls", "none")
_WORDS: Final = ("smtp_host", "smtp_security", "smtp_user", "mail_from")


class PasswordAgain(UsageError):
    message = N_("The server is another one: type the password again. The saved one is for the server before.")


def shown(settings: Settings) -> dict[str, str]:
    """The fields as they are; a port only if one was set. The password is not among them."""
    port = "" if settings.origins.get("smtp_port", "default") == "default" else str(settings.smtp_port)
    return {**{name: getattr(settings, name) for name in _WORDS}, "smtp_port": port, "smtp_password": ""}


def read(form: Form, settings: Settings) -> dict[str, Any]:
    """What was typed, as it is kept; what is wrong with it stands in the form."""
    wanted: dict[str, Any] = {name: form.line(name) for name in ("smtp_host", "smtp_user", "mail_from")}
    wanted["smtp_security"] = form.one_of("smtp_security", SECURITIES)
    wanted["smtp_port"] = form.number("smtp_port", 1, 65_535, needed=False)
    if wanted["mail_from"]:
        form.tried("mail_from", lambda: envelope(wanted["mail_from"]))
    if not wanted["smtp_host"]:
        return {
            **dict.fromkeys(wanted, ""),
            "mail_from": wanted["mail_from"],
            "smtp_password": "",
            "smtp_password_file": "",
        }
    return {**wanted, **_password(form, settings, wanted)}


def _password(form: Form, settings: Settings, wanted: Mapping[str, Any]) -> dict[str, str]:
    """The password to keep: a new one, or the saved one by leaving it alone."""
    typed = form.secret("smtp_password")
    if typed:
        return {"smtp_password": typed, "smtp_password_file": ""}
    if wanted["smtp_user"] and wanted["smtp_host"].lower() == settings.smtp_host.lower():
        return {}
    if wanted["smtp_user"] and settings.smtp_password:
        form.wrong("smtp_password", PasswordAgain())
    return {"smtp_password": "", "smtp_password_file": ""}


def checked(form: Form, installation: Installation, wanted: Mapping[str, Any]) -> Settings | None:
    """The settings as they would be; None, and the reason at its field, if they cannot be used."""
    try:
        return installation.planned(wanted)
    except BadSetting as error:
        name = str(error.values["name"])
        form.wrong(name if name in form.typed else "smtp_host", Reason(reason=error.values["reason"]))
        return None


class Reason(UsageError):
    message = "{reason}"


def try_out(installation: Installation, settings: Settings, business: Business, to: str) -> str:
    """Send a test mail by settings that are not kept yet; why not, in words, or nothing."""
    way = installation.transport(settings)
    try:
        send_test_mail(site().database, way, site().links, settings.sender, business.id, to, site().clock())
    except (DeliveryFailed, PlannerError) as error:
        return without_secrets(error.sentence(gettext(business.language)))
    return ""


def keep(installation: Installation, wanted: Mapping[str, Any]) -> None:
    """Keep the settings and send by them from now on, without waiting for a rest of the way before."""
    installation.change(wanted)
    folder = installation.settings.mail_folder
    object.__setattr__(site(), "mail_folder", str(folder) if folder else None)  # the one thing of a site that changes
    with site().database.write() as tx:
        outbox.end_rests(tx)


def file_of(installation: Installation) -> str:
    """Where they are kept, for people."""
    return str(installation.settings.home / SETTINGS_FILE)
