"""Telling people about a pause: a post before it and one after it, from prompts that stand in no rotation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import Connection

from planner.actions import plan
from planner.core import localtime
from planner.core.closing import Notice, notice_days
from planner.core.model import Business, Cadence, Channel, Deed, Pause, Pillar, Post, Purpose
from planner.errors import UsageError
from planner.language import N_
from planner.render import PostTexts, day
from planner.store.queries import cadences, history, pauses, posts

_USUAL: Final = time(9)
_MADE_OF: Final = "closing/"


class OtherChannel(UsageError):
    message = N_("This pause is not one of {channel}.")


@dataclass(frozen=True, slots=True)
class Telling:
    """What can be told about a pause, and what already is: ``open`` has the channels that may still tell something."""

    open: dict[int, dict[Notice, date]]
    made: tuple[Post, ...]


def telling(
    tx: Connection, business: Business, found: Sequence[Pause], channel_ids: Sequence[int], today: date
) -> dict[int, Telling]:
    """What there is to tell about pauses of a business, by their ids, on the channels each is of."""
    every = pauses.of_business(tx, business.id)
    there = posts.made_of(tx, business.id, _MADE_OF)
    return {each.id: _telling(each, every, channel_ids, there, today) for each in found}


def tell(
    tx: Connection, business: Business, pause_id: int, channel: Channel, *, texts: PostTexts, now: datetime
) -> list[Post]:
    """Add the posts about a pause that its channel lacks and whose day is not over; doing it twice adds nothing.

    They are due at the channel's usual time of day and owe nothing. Raises NoSuchPause, OtherChannel, BadPrompt.
    """
    pause = pauses.get(tx, business.id, pause_id)
    if pause.channel_id not in (None, channel.id):
        raise OtherChannel(channel=channel.name)
    today = localtime.today(now, business.timezone)
    every = pauses.of_business(tx, business.id)
    wanted = _telling(pause, every, [channel.id], posts.made_of(tx, business.id, _MADE_OF), today).open
    clock = _clock(cadences.of_business(tx, business.id), channel)
    return [
        _add(tx, business, channel, pause, notice, datetime.combine(due, clock), every, texts, now)
        for notice, due in wanted.get(channel.id, {}).items()
    ]


def _telling(
    pause: Pause, every: Sequence[Pause], channel_ids: Sequence[int], there: Sequence[Post], today: date
) -> Telling:
    keys = {notice.key(pause) for notice in Notice}
    made = tuple(post for post in there if post.prompt in keys and pause.channel_id in (None, post.channel_id))
    told = {(post.channel_id, post.prompt) for post in made}
    left = {}
    for channel_id in channel_ids:
        if pause.channel_id in (None, channel_id):
            days = notice_days(pause, channel_id, every, today)
            left[channel_id] = {n: due for n, due in days.items() if (channel_id, n.key(pause)) not in told}
    return Telling({channel_id: days for channel_id, days in left.items() if days}, made)


def _add(
    tx: Connection,
    business: Business,
    channel: Channel,
    pause: Pause,
    notice: Notice,
    due: datetime,
    every: Sequence[Pause],
    texts: PostTexts,
    now: datetime,
) -> Post:
    back = notice_days(pause, channel.id, every, date.min)[Notice.BACK]
    words = {"first": pause.first, "last": pause.last, "back": back}
    text = texts.write(
        f"closing/{notice}",
        language=business.language,
        business=business.name,
        **{name: day(value, business.language) for name, value in words.items()},
    )
    made = plan.new_post(
        tx, business, channel, due, pillar=Pillar.LOCAL, title=text.title, text=text.text, hint=text.hint,
        prompt=notice.key(pause), now=now,
    )  # fmt: skip
    history.add(tx, made.id, now, Deed.ADDED)
    return made


def _clock(there: Sequence[Cadence], channel: Channel) -> time:
    """The time of day at which the channel's latest rhythm posts."""
    mine = [each for each in there if each.channel_id == channel.id and each.purpose is Purpose.POSTING]
    return max(mine, key=lambda each: each.id).dtstart.time() if mine else _USUAL
