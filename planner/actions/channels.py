"""Adding a channel, a business's presence on a platform of the catalogue, and removing one that was never used."""

from datetime import datetime

from sqlalchemy import Connection

from planner import catalogue
from planner.core import localtime
from planner.core.model import Business, Channel
from planner.errors import UsageError
from planner.language import N_
from planner.store.queries import channels, feeds, posts


class NameTaken(UsageError):
    message = N_("There is already a channel “{name}”. Choose another name.")


class HasHistory(UsageError):
    message = N_("Something was done on this channel already, so it stays. End its rhythms instead.")
    http_status = 409


class HasSubscription(UsageError):
    message = N_("A calendar subscription shows this channel alone. End that subscription first.")
    http_status = 409


def add_channel(tx: Connection, business: Business, platform: str, name: str, *, now: datetime) -> Channel:
    """Add a channel; without a name it is called like its platform. Raises NoSuchPlatform, NameTaken."""
    wanted = name.strip() or catalogue.platform(platform).name(business.language)
    if any(there.name.casefold() == wanted.casefold() for there in channels.of_business(tx, business.id)):
        raise NameTaken(name=wanted)
    key = catalogue.platform(platform).key
    return channels.add(tx, business_id=business.id, platform=key, name=wanted, created_at=now)


def has_history(tx: Connection, business: Business, channel: Channel, now: datetime) -> bool:
    """Whether something happened on a channel: a post of it was touched, added by hand, or due before today."""
    return posts.any_history(tx, channel.id, localtime.today(now, business.timezone))


def remove_channel(tx: Connection, business: Business, channel: Channel, *, now: datetime) -> None:
    """Remove a channel with its cadences and the posts nobody touched. Raises HasHistory, HasSubscription."""
    if has_history(tx, business, channel, now):
        raise HasHistory
    if any(feed.channel_id == channel.id and not feed.revoked_at for feed in feeds.of_business(tx, business.id)):
        raise HasSubscription
    channels.remove(tx, channel)
