"""Adding a channel, a business's presence on a platform of the catalogue, renaming it, removing one never used."""

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


class NoName(UsageError):
    message = N_("A channel needs a name.")


class HasHistory(UsageError):
    message = N_("Something was done on this channel already, so it stays. End its rhythms instead.")
    http_status = 409


class HasSubscription(UsageError):
    message = N_("A calendar subscription shows this channel alone. End that subscription first.")
    http_status = 409


def add_channel(tx: Connection, business: Business, platform: str, name: str, *, now: datetime) -> Channel:
    """Add a channel; without a name it is called like its platform. Raises NoSuchPlatform, NameTaken."""
    wanted = name.strip() or catalogue.platform(platform).name(business.language)
    _check_free(tx, business, wanted, None)
    key = catalogue.platform(platform).key
    return channels.add(tx, business_id=business.id, platform=key, name=wanted, created_at=now)


def rename_channel(tx: Connection, business: Business, channel: Channel, name: str, *, now: datetime) -> Channel:
    """Call a channel something else; calendars that show its posts take them anew. Raises NoName, NameTaken."""
    wanted = name.strip()
    if not wanted:
        raise NoName
    if wanted == channel.name:
        return channel
    _check_free(tx, business, wanted, channel.id)
    posts.restamp_channel(tx, channel.id, now)
    return channels.rename(tx, channel, wanted)


def _check_free(tx: Connection, business: Business, name: str, own: int | None) -> None:
    there = channels.of_business(tx, business.id, held=True)
    if any(each.id != own and each.name.casefold() == name.casefold() for each in there):
        raise NameTaken(name=name)


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
