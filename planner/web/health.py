"""For machines that watch: 200 while the daemon does its work, 503 with the reasons when it does not."""

from flask import Blueprint, Response, jsonify

from planner.actions.health import troubles
from planner.web.site import site

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> tuple[Response, int]:
    """How the daemon is doing; nothing secret in it."""
    with site().database.read() as tx:
        found = troubles(tx, site().clock())
    reasons = [trouble.message.format(**trouble.values) for trouble in found]
    return jsonify(ok=not reasons, reasons=reasons), 503 if reasons else 200
