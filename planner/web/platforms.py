"""Platforms: which are worth an owner's time, and what is known about each."""

from flask import Blueprint, Response

from planner.catalogue import telling
from planner.catalogue.portraits import Tier, portrait, portraits
from planner.store.queries import businesses, channels
from planner.web.site import business_page, gettext, reading
from planner.web.today import NUMBER

pages = Blueprint("platforms", __name__)
_BASE = f"/businesses/<{NUMBER}:business_id>/platforms"


@pages.get(_BASE)
def overview(business_id: int) -> Response:
    """All platforms by tier; those the business is on are marked."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        used = {channel.platform for channel in channels.of_business(tx, business.id)}
    found = portraits()
    tiers = [(telling.TIERS[tier], [each for each in found if each.tier is tier]) for tier in Tier]
    speak = gettext(business.language)
    return business_page("platforms", business, "more", tiers=tiers, used=used, told=telling, speak=speak)


@pages.get(f"{_BASE}/<key>")
def one(business_id: int, key: str) -> Response:
    """Everything known about a platform, facts apart from rules of thumb."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    found, speak = portrait(key), gettext(business.language)
    statements = telling.statements(found, business.language, speak)
    shelves = [telling.sections(statements, facts=facts) for facts in (True, False)]
    return business_page("platform", business, "more", found=found, shelves=shelves, told=telling, speak=speak)
