"""Beginning and ending a cadence. Changing one is ending it and beginning another, so history stays."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection

from planner.actions import plan
from planner.core import localtime
from planner.core.model import Business, Cadence, Channel, Content, OnHoliday, Pillar, Post, Purpose, Status, Window
from planner.core.recurrence import check_fires, parse_rule
from planner.core.rotation import check_pillars
from planner.errors import UsageError
from planner.language import N_
from planner.render import PostTexts
from planner.store.queries import cadences, channels, posts

_FOREVER = datetime(9999, 1, 1)  # noqa: DTZ001 - wall time


class HasEnded(UsageError):
    message = N_("Cadence {id} has ended on {end} already. To take it up again, add a cadence with the same rule.")
    http_status = 409


class AlreadyThere(UsageError):
    message = N_("This channel has a rhythm of the same days and the same time already.")
    http_status = 409


class NothingToPublish(UsageError):
    message = N_("Answering publishes nothing: it has no topics and no kind of content. Leave them out, or plan posts.")


class RoundsStay(UsageError):
    message = N_("On a public holiday answering goes on or is left out; the next round stands for it anyway.")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ending cadences means for their posts: how many nobody touched go, and which open ones stay.

    ``rounds`` are those of answering that go.
    """

    untouched: int
    kept: tuple[Post, ...]
    rounds: int = 0


def add_cadence(
    tx: Connection,
    business: Business,
    channel: Channel,
    rrule: str,
    dtstart: datetime,
    *,
    pillars: Sequence[Pillar] = (),
    exdates: Iterable[date] = (),
    on_holiday: OnHoliday = OnHoliday.KEEP,
    purpose: Purpose = Purpose.POSTING,
    content: Content | None = None,
    texts: PostTexts,
    now: datetime,
) -> tuple[Cadence, int]:
    """Begin a cadence on a channel and plan its posts: the cadence, and how many were planned.

    ``dtstart`` is naive local; ``content`` is what its posts are made of. Raises RuleRefused for a rule that cannot be
    used or never fires, TooMuchPromotion; of one that replies NothingToPublish for pillars or content, RoundsStay.
    """
    if purpose is Purpose.REPLYING:
        check_rounds(pillars, on_holiday, content)
    rule = parse_rule(rrule)
    left_out = frozenset(exdates)
    check_fires(rule, dtstart, business.timezone, left_out)
    cadence = cadences.add(
        tx,
        business_id=business.id,
        channel_id=channel.id,
        dtstart=dtstart,
        rrule=str(rule),
        exdates=sorted(left_out),
        pillars=() if purpose is Purpose.REPLYING else check_pillars(pillars),
        on_holiday=on_holiday,
        purpose=purpose,
        content=content,
        now=now,
    )
    return cadence, plan.plan_now(tx, [cadence], texts, now)


def check_rounds(pillars: Sequence[Pillar], on_holiday: OnHoliday, content: Content | None = None) -> None:
    """Refuse what a cadence that replies cannot have. Raises NothingToPublish, RoundsStay."""
    if pillars or content:
        raise NothingToPublish
    if on_holiday not in (OnHoliday.KEEP, OnHoliday.SKIP):
        raise RoundsStay


def check_new(
    tx: Connection,
    business: Business,
    channel: Channel,
    rrule: str,
    dtstart: datetime,
    purpose: Purpose = Purpose.POSTING,
) -> None:
    """Raise AlreadyThere if a cadence that goes on gives the same dates: a form that was sent twice.

    Of two at the same instant the second waits until the first is through, and then finds its cadence.
    """
    channels.of_business(tx, business.id, held=True)
    for there in cadences.of_business(tx, business.id, active_on=dtstart):
        same = (there.channel_id, there.rrule, there.dtstart.time()) == (channel.id, rrule, dtstart.time())
        if same and there.purpose is purpose and there.end is None:
            raise AlreadyThere


def end_cadence(tx: Connection, business: Business, cadence_id: int, on: date, *, now: datetime) -> tuple[Cadence, int]:
    """End a cadence: no slot on ``on`` or later. The cadence, and how many untouched posts were taken back.

    Days on which its rounds of answering stood for those of another cadence are that one's again. Raises HasEnded for
    one that ended before: a rhythm taken up again is another cadence.
    """
    cadence = cadences.get(tx, business.id, cadence_id)
    moment = datetime.combine(on, time())
    if cadence.end is not None and cadence.end < moment:
        raise HasEnded(id=cadence.id, end=cadence.end.date())
    ended = cadences.end(tx, cadence, moment)
    gone = posts.remove_untouched(tx, business.id, Window(moment, _FOREVER), cadence_id=cadence.id)
    answer_again(tx, business, cadence, Window(moment, _FOREVER), now)
    return ended, gone


def answer_again(tx: Connection, business: Business, gone: Cadence, window: Window[datetime], now: datetime) -> None:
    """Let the other cadences that answer on a channel take the days on which one no longer does; from today on."""
    if gone.purpose is not Purpose.REPLYING:
        return
    start = max(window.start, datetime.combine(localtime.today(now, business.timezone), time()))
    others = [
        each
        for each in cadences.of_business(tx, business.id, active_on=start)
        if each.purpose is Purpose.REPLYING and each.channel_id == gone.channel_id and each.id != gone.id
    ]
    if others and start < window.end:
        plan.plan_again(tx, others, Window(start, window.end), PostTexts(), now)


def end_channel(tx: Connection, business: Business, channel: Channel, on: date, *, now: datetime) -> int:
    """End every cadence of a channel that goes on: no slot on ``on`` or later. How many untouched posts went."""
    running = cadences.of_business(tx, business.id, active_on=datetime.combine(on, time()))
    mine = [each for each in running if each.channel_id == channel.id]
    return sum(end_cadence(tx, business, each.id, on, now=now)[1] for each in mine)


def change_cadence(
    tx: Connection,
    business: Business,
    cadence_id: int,
    rrule: str,
    dtstart: datetime,
    *,
    pillars: Sequence[Pillar] = (),
    on_holiday: OnHoliday = OnHoliday.KEEP,
    content: Content | None = None,
    texts: PostTexts,
    now: datetime,
) -> Cadence:
    """End a cadence on the day of ``dtstart`` (naive local) and begin another there on its channel, planned at once.

    Days still to come that were left out stay so, and so does what it is for. Raises EndedMeanwhile, HasEnded,
    RuleRefused, TooMuchPromotion, NothingToPublish, RoundsStay.
    """
    cadence, first = cadences.get(tx, business.id, cadence_id), dtstart.date()
    end_cadence(tx, business, cadence_id, first, now=now)
    channel = channels.get(tx, business.id, cadence.channel_id)
    left_out = [day for day in cadence.exdates if day >= first]
    made, _count = add_cadence(
        tx, business, channel, rrule, dtstart, pillars=pillars, exdates=left_out, on_holiday=on_holiday,
        purpose=cadence.purpose, content=content, texts=texts, now=now,
    )  # fmt: skip
    return made


def outlook(tx: Connection, business: Business, cadence_ids: Collection[int], on: date) -> Outlook:
    """What becomes of the posts of cadences that are ended on a day."""
    there = posts.of_cadences(tx, business.id, cadence_ids, datetime.combine(on, time()))
    untouched = [post for post in there if post.status is Status.PLANNED and post.revision == 0]
    rounds = sum(post.is_round for post in untouched)
    kept = tuple(post for post in there if post.open and post not in untouched)
    return Outlook(len(untouched) - rounds, kept, rounds)
