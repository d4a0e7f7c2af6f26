"""For machines that watch: 200 while the daemon does its work, 503 with the reasons when it does not."""

from typing import Final

from flask import Blueprint, Response, jsonify

from planner.actions.health import Trouble, troubles
from planner.errors import PlannerError
from planner.web.site import site

pages = Blueprint("health", __name__)
# Anybody may ask here, so names stay out, and what a server or a database said word for word.
_NOT_FOR_ALL: Final = {
    **dict.fromkeys(("error", "reason"), "see “planner status”"),
    "business": "a business",
    "name": "its way out",
}


@pages.get("/healthz")
def healthz() -> tuple[Response, int]:
    """How the daemon is doing; nothing secret in it."""
    try:
        with site().database.read() as tx:
            found = troubles(tx, site().clock())
    except PlannerError:
        found = [Trouble("The database cannot be read.", {})]
    reasons = [trouble.sentence(instead=_NOT_FOR_ALL) for trouble in found]
    return jsonify(ok=not reasons, reasons=reasons), 503 if reasons else 200
