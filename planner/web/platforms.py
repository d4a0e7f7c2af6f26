"""Platforms: which are worth an owner's time, what is known about each, and two or three side by side."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request

from planner.catalogue import telling
from planner.catalogue.portraits import Portrait, Tier, portrait, readable
from planner.store.queries import businesses, channels
from planner.web.site import business_page, gettext, reading
from planner.web.today import NUMBER

pages = Blueprint("platforms", __name__)
LEAST: Final = 2
MOST: Final = 3
_BASE = f"/businesses/<{NUMBER}:business_id>/platforms"


@pages.get(_BASE)
def overview(business_id: int) -> Response:
    """All platforms by tier; those the business is on are marked."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        used = {channel.platform for channel in channels.of_business(tx, business.id)}
    found, wrong = readable()
    tiers = [(telling.TIERS[tier], [each for each in found if each.tier is tier]) for tier in Tier]
    speak = gettext(business.language)
    return business_page(
        "platforms", business, "more", tiers=tiers, used=used, told=telling, speak=speak,
        broken=[error.sentence(speak) for error in wrong], choices=_choices(found, business.language), chosen=[],
    )  # fmt: skip


@pages.get(f"{_BASE}/compare")
def compare(business_id: int) -> Response:
    """Two or three side by side, criterion by criterion; the address says which."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    language, speak = business.language, gettext(business.language)
    chosen = list(dict.fromkeys(key for key in request.args.getlist("platform") if key))
    there = [portrait(key) for key in chosen[:MOST]] if len(chosen) >= LEAST else []
    told = [telling.statements(each, language, speak) for each in there]
    rows = {
        name: [[each for each in statements if each.section is name] for statements in told]
        for name in telling.Section
        if any(each.section is name for statements in told for each in statements)
    }
    return business_page(
        "platforms_compare", business, "more", there=there, rows=rows, told=telling, speak=speak,
        choices=_choices(readable()[0], language), chosen=chosen[:MOST], too_many=len(chosen) > MOST,
        too_few=len(request.args.getlist("platform")) > 1 and len(chosen) < LEAST,
    )  # fmt: skip


def _choices(found: Sequence[Portrait], language: str) -> list[tuple[str, str]]:
    """Keys and names to choose from, by name."""
    return sorted(((each.key, each.platform.name(language)) for each in found), key=lambda each: each[1].casefold())


@pages.get(f"{_BASE}/<key>")
def one(business_id: int, key: str) -> Response:
    """Everything known about a platform, facts apart from rules of thumb."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
    found, speak = portrait(key), gettext(business.language)
    statements = telling.statements(found, business.language, speak)
    shelves = [telling.sections(statements, facts=facts) for facts in (True, False)]
    return business_page("platform", business, "more", found=found, shelves=shelves, told=telling, speak=speak)
