"""Making a business with its channels, cadences and first thirteen weeks of posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from planner.actions import holidays, plan, rederive, remind
from planner.actions.cadences import add_cadence
from planner.actions.channels import add_channel
from planner.actions.rewrite import rewrite
from planner.catalogue import Preset
from planner.core import localtime
from planner.core.model import Business
from planner.errors import UsageError
from planner.language import N_
from planner.render import PostTexts
from planner.store.queries import businesses, cadences, lost


class NameTaken(UsageError):
    message = N_("There is a business “{name}” already. Choose another name, like one with its street.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBusiness:
    """What is asked of an owner at the start; ``tzdata`` is the release of the zone rules in use."""

    name: str
    timezone: str
    language: str
    country: str = ""
    region: str = ""
    email: str = ""
    trade: str = ""
    tzdata: str = ""


def set_up(tx: Connection, wanted: NewBusiness, preset: Preset, texts: PostTexts, now: datetime) -> Business:
    """Create a business with the channels and cadences of a preset, planned ahead, its mails scheduled.

    All or nothing: the caller's transaction. Raises UnknownTimezone, NoSuchPlatform, NameTaken.
    """
    localtime.zone(wanted.timezone)
    _check_name(tx, wanted.name, None)
    plan.instance_id(tx)
    business = businesses.add(
        tx,
        name=wanted.name,
        timezone=wanted.timezone,
        language=wanted.language,
        country=wanted.country,
        region=wanted.region,
        email=wanted.email,
        trade=wanted.trade,
        tzdata=wanted.tzdata,
        created_at=now,
    )
    apply_preset(tx, business, preset, texts, now)
    remind.schedule(tx, business, now)
    return businesses.get(tx, business.id)


def change_business(
    tx: Connection, business: Business, wanted: Mapping[str, Any], *, now: datetime, tzdata: str
) -> Business:
    """Change what is set for a business, and what follows: instants, texts, holidays, planning, when mails come.

    Raises UnknownTimezone, NameTaken.
    """
    if "name" in wanted:
        _check_name(tx, wanted["name"], business.id)
    after = businesses.change(tx, business.id, **wanted)
    if after.timezone != business.timezone:
        rederive.rederive(tx, after, now, tzdata)
    if (after.name, after.trade, after.language) != (business.name, business.trade, business.language):
        rewrite(tx, after, PostTexts(), now)
    if (after.country, after.region) != (business.country, business.region):
        holidays.follow_calendar(tx, after, PostTexts(), now)
    if after.horizon_weeks > business.horizon_weeks:
        cadences.want_planning(tx, business.id, now)
    if after.email != business.email:
        lost.seen_to(tx, business.id)
    remind.schedule(tx, after, now)
    return businesses.get(tx, business.id)


def _check_name(tx: Connection, name: str, own: int | None) -> None:
    if businesses.named(tx, name) not in (None, own):
        raise NameTaken(name=name)


def apply_preset(tx: Connection, business: Business, preset: Preset, texts: PostTexts, now: datetime) -> None:
    """Give a business the channels and cadences of a preset, beginning today."""
    today = localtime.today(now, business.timezone)
    made = {}
    for wanted in preset.cadences:
        name = wanted.channel_name(business.language)
        if name not in made:
            made[name] = add_channel(tx, business, wanted.platform, name, now=now)
        dtstart = datetime.combine(today, wanted.time)
        add_cadence(
            tx, business, made[name], wanted.rrule, dtstart, pillars=wanted.pillars, on_holiday=wanted.on_holiday,
            purpose=wanted.purpose, content=wanted.content, texts=texts, now=now,
        )  # fmt: skip
