"""The way to everything that has no tab of its own, and short addresses for somebody who looks after one business."""

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from planner.store.queries import businesses
from planner.web.site import business_page, reading
from planner.web.today import NUMBER

pages = Blueprint("more", __name__)
_SECTIONS = (
    "calendar, ideas, consistency, weeks, channels, pauses, platforms, advice, subscriptions, messages, settings, "
    "welcome, more"
)


@pages.get(f"/businesses/<{NUMBER}:business_id>/more")
def more(business_id: int) -> Response:
    """What is looked at once in a while."""
    with reading() as tx:
        several = len(businesses.every(tx, limit=2)) > 1
        return business_page("more", businesses.get(tx, business_id), "more", several=several)


@pages.get(f"/<any({_SECTIONS}):section>", defaults={"rest": ""})
@pages.get(f"/<any({_SECTIONS}):section>/<path:rest>")
def short(section: str, rest: str) -> AnyResponse:
    """``/calendar/2026-12/month`` means that of the only business; where there are several, one is chosen first."""
    with reading() as tx:
        there = businesses.every(tx, limit=2)
    if len(there) != 1:
        return redirect("/", 303)
    return redirect(f"/businesses/{there[0].id}/{section}{'/' if rest else ''}{rest}", 303)
