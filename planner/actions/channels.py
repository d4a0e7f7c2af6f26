"""Adding a channel: a business's presence on a platform of the catalogue."""

from datetime import datetime

from sqlalchemy import Connection

from planner import catalogue
from planner.core.model import Business, Channel
from planner.errors import UsageError
from planner.language import N_
from planner.store.queries import channels


class NameTaken(UsageError):
    message = N_("There is already a channel “{name}”. Choose another name.")


def add_channel(tx: Connection, business: Business, platform: str, name: str, *, now: datetime) -> Channel:
    """Add a channel; without a name it is called like its platform. Raises NoSuchPlatform, NameTaken."""
    wanted = name.strip() or catalogue.platform(platform).name(business.language)
    if any(there.name.casefold() == wanted.casefold() for there in channels.of_business(tx, business.id)):
        raise NameTaken(name=wanted)
    key = catalogue.platform(platform).key
    return channels.add(tx, business_id=business.id, platform=key, name=wanted, created_at=now)
