"""Advice for a business: its first weeks before anything is kept, and turning it into channels, cadences and posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection

from planner import catalogue
from planner.actions import budget, occasions, presets
from planner.actions.cadences import add_cadence
from planner.actions.channels import add_channel
from planner.actions.occasions import Coming
from planner.actions.plan import filmed, season
from planner.actions.set_up import change_business
from planner.catalogue import PresetCadence, advising
from planner.core import localtime, rotation
from planner.core.advice import Advice, Answers, Stay
from planner.core.adviser import advise
from planner.core.budget import Budget, Change
from planner.core.model import Business, Channel, Idea, Pillar, Purpose, Window
from planner.core.recurrence import expand, parse_rule
from planner.core.rule import WEEKDAYS
from planner.core.thirds import Months
from planner.feastdays import public_holidays
from planner.render import PostTexts
from planner.store.queries import cadences, channels, ideas

WEEKS: Final = 4
_A_YEAR: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A post as it would be: when it is due (naive local), on which platform, its pillar and title.

    ``holiday`` is the public holiday of that day, empty on most.
    """

    due: datetime
    platform: str
    pillar: Pillar
    title: str
    holiday: str


@dataclass(frozen=True, slots=True)
class FirstWeeks:
    """The posts of the first four weeks, and the days that have to be begun in them."""

    posts: tuple[Sketch, ...]
    days: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What advice would leave as it is, or whether all that the business began with would make room.

    ``budget`` is what it would come to beside everything that stays.
    """

    budget: Budget
    kept: tuple[Channel, ...] = ()
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of advice: channels that were given a cadence, those left as they were, and how many posts are new.

    ``ideas`` are those of days that have to be begun in the first four weeks. ``replaced`` says that what the business
    began with, and nobody had touched, made room; ``changed`` what else gave way. ``budget`` is what it all takes now.
    """

    added: tuple[Channel, ...]
    kept: tuple[Channel, ...]
    posts: int
    replaced: bool
    budget: Budget
    ideas: tuple[Idea, ...] = ()
    changed: tuple[Change, ...] = ()


def advice_for(answers: Answers) -> Advice:
    """The advice for some answers. Raises NoSuchTrade, Problems."""
    catalogue.trade(answers.trade)
    return advise(answers, advising.candidates(), advising.advising().rules)


def answered(business: Business, answers: Answers) -> Business:
    """The business as the answers say it is; nothing is kept."""
    return replace(business, trade=answers.trade, country=answers.country, region=answers.region)


def first_weeks(
    business: Business, advice: Advice, texts: PostTexts, now: datetime, *, taken: Collection[str] = ()
) -> FirstWeeks:
    """What the first four weeks would hold, from today; the texts are examples, as planning picks them in turn.

    ``taken`` are the days of which an idea was made.
    """
    today = localtime.today(now, business.timezone)
    days = Window(today, today + timedelta(weeks=WEEKS))
    months = Months()
    found = [
        sketch
        for place, each in enumerate(advice.channels)
        for sketch in _sketches(
            business, advising.cadence(each.key, each.pace, business.trade, each.kind), days, texts, place, months
        )
    ]
    return FirstWeeks(
        tuple(sorted(found, key=lambda each: each.due)), tuple(occasions.to_begin(business, taken, now, days=WEEKS * 7))
    )


def apply(
    tx: Connection, business: Business, answers: Answers, advice: Advice, texts: PostTexts, now: datetime,
    *, stay: Stay = Stay.LEAVE,
) -> Applied:  # fmt: skip
    """Turn advice into channels, cadences and planned posts; trade and place are kept, too.

    The days that have to be begun in the first four weeks become ideas. A channel that has a cadence stays as it is,
    and so does an idea: applying twice adds nothing. What the business began with gives way if nobody has done anything
    with it, and other rhythms if ``stay`` says so. All or nothing: the caller's transaction. Raises NameTaken.
    """
    business = _with_answers(tx, business, answers, now)
    today = localtime.today(now, business.timezone)
    wanted = _wanted(advice, business.trade)
    replaced = _gives_way(tx, business, wanted)
    if replaced:
        channels.remove_all(tx, business.id)
    before = _budget(tx, business, answers, advice, now)
    changed = budget.settle(tx, business, before, stay, texts, now)
    added, kept, count = _begin(tx, business, wanted, today, texts, now)
    days = _ideas_of_days(tx, business, now)
    after = _budget(tx, business, answers, advice, now)
    return Applied(added, kept, count, replaced, after, days, changed)


def _begin(
    tx: Connection, business: Business, wanted: Sequence[PresetCadence], today: date, texts: PostTexts, now: datetime
) -> tuple[tuple[Channel, ...], tuple[Channel, ...], int]:
    """Begin what is wanted where no rhythm goes on: the channels that got one, those that did not, how many posts."""
    added: dict[int, Channel] = {}
    kept: dict[int, Channel] = {}
    count = 0
    for each in wanted:
        channel = _channel_on(tx, business, each.platform)
        if channel is not None and channel.id not in added and _has_cadence(tx, business, channel, today):
            kept[channel.id] = channel
            continue
        channel = channel or add_channel(tx, business, each.platform, each.channel_name(business.language), now=now)
        start = _start(each, today, business.timezone)
        _cadence, posts = add_cadence(
            tx, business, channel, each.rrule, start, pillars=each.pillars, on_holiday=each.on_holiday,
            purpose=each.purpose, content=each.content, texts=texts, now=now,
        )  # fmt: skip
        added[channel.id] = channel
        count += posts if each.purpose is Purpose.POSTING else 0
    return tuple(added.values()), tuple(kept.values()), count


def _ideas_of_days(tx: Connection, business: Business, now: datetime) -> tuple[Idea, ...]:
    """Make an idea of each day that has to be begun in the first four weeks and has none."""
    _counts, taken = ideas.counts(tx, business.id)
    found = occasions.to_begin(business, taken, now, days=WEEKS * 7)
    return tuple(occasions.make(tx, business, each, now) for each in found if not each.has_idea)


def _wanted(advice: Advice, trade: str) -> list[PresetCadence]:
    """The cadences that are advised: of each channel that for posts, then that for rounds of answering."""
    found = []
    for each in advice.channels:
        answering = advising.rounds(each.key, each.rounds)
        found += [advising.cadence(each.key, each.pace, trade, each.kind), *([answering] if answering else [])]
    return found


def _budget(
    tx: Connection, business: Business, answers: Answers, advice: Advice, now: datetime, *, makes_room: bool = False
) -> Budget:
    identities = [_identity(each) for each in _wanted(advice, answers.trade)]
    return budget.budget_of(tx, business, answers, advice, identities, now, makes_room=makes_room)


def outlook(tx: Connection, business: Business, answers: Answers, advice: Advice, now: datetime) -> Outlook:
    """What applying advice would mean for the channels there are."""
    today = localtime.today(now, business.timezone)
    wanted = _wanted(advice, business.trade)
    if _gives_way(tx, business, wanted):
        return Outlook(_budget(tx, business, answers, advice, now, makes_room=True), replaced=True)
    there = [_channel_on(tx, business, key) for key in dict.fromkeys(each.platform for each in wanted)]
    kept = tuple(each for each in there if each and _has_cadence(tx, business, each, today))
    return Outlook(_budget(tx, business, answers, advice, now), kept)


def _with_answers(tx: Connection, business: Business, answers: Answers, now: datetime) -> Business:
    said = {name: getattr(answers, name) for name in ("trade", "country", "region")}
    changed = {name: value for name, value in said.items() if value != getattr(business, name)}
    return change_business(tx, business, changed, now=now, tzdata=business.tzdata) if changed else business


def _gives_way(tx: Connection, business: Business, wanted: Sequence[PresetCadence]) -> bool:
    """Whether all there is was begun with, by a preset or by advice, is not what is wanted now, and is untouched."""
    own = _own(tx, business)
    if not wanted or not own or sorted(own) == sorted(_identity(each) for each in wanted):
        return False
    begun = is_advised(tx, business) or presets.begun_with(tx, business, presets.every()) is not None
    return begun and presets.is_untouched(tx, business)


def is_advised(tx: Connection, business: Business) -> bool:
    """Whether each channel has one cadence for posts, and one for answers at most, as advice gives them."""
    own = _own(tx, business)
    platforms = sorted(channel.platform for channel in channels.of_business(tx, business.id))
    posting, replying = (sorted(each[0] for each in own if each[3] is purpose) for purpose in Purpose)
    one_each = posting == platforms and len(set(replying)) == len(replying)
    return bool(own) and one_each and all(_was_advised(*each[:4]) for each in own)


def _own(tx: Connection, business: Business) -> list[budget.Identity]:
    """The cadences of a business."""
    there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    found = cadences.of_business(tx, business.id)
    return [budget.identity(each, there[each.channel_id]) for each in found]


def _identity(wanted: PresetCadence) -> budget.Identity:
    return wanted.platform, wanted.rrule, wanted.time, wanted.purpose, wanted.content or ""


def _was_advised(platform: str, rrule: str, at: time, purpose: Purpose) -> bool:
    """Whether a cadence is one that advice gives, for whatever trade and pace."""
    if purpose is Purpose.REPLYING:
        some = (advising.rounds(platform, number) for number in range(1, len(WEEKDAYS) + 1))
        return any(each is not None and (each.rrule, each.time) == (rrule, at) for each in some)
    rules = advising.advising().channels.get(platform)
    trades = ["", *catalogue.trade_keys()]
    found = (advising.cadence(platform, pace, trade) for pace in (rules.paces if rules else ()) for trade in trades)
    return any((each.rrule, each.time) == (rrule, at) for each in found)


def _channel_on(tx: Connection, business: Business, platform: str) -> Channel | None:
    return next((each for each in channels.of_business(tx, business.id) if each.platform == platform), None)


def _has_cadence(tx: Connection, business: Business, channel: Channel, today: date) -> bool:
    active = cadences.of_business(tx, business.id, active_on=datetime.combine(today, time()))
    return any(each.channel_id == channel.id for each in active)


def _start(wanted: PresetCadence, today: date, timezone: str) -> datetime:
    """The first date of its days from today on, so that a rhythm of months does not begin with two of silence."""
    rule, start = replace(parse_rule(wanted.rrule), interval=1), datetime.combine(today, wanted.time)
    return next(iter(expand(rule, start, Window(start, start + _A_YEAR), timezone)))


def _sketches(
    business: Business, wanted: PresetCadence, days: Window[date], texts: PostTexts, place: int, months: Months
) -> list[Sketch]:
    """What a rhythm would hold on some days; it is thought of as far as it would be planned, for the mix of months."""
    start = _start(wanted, days.start, business.timezone)
    horizon = timedelta(weeks=business.horizon_weeks + 1)
    window = Window(start, max(start, datetime.combine(days.start, time()) + horizon))
    slots = list(expand(parse_rule(wanted.rrule), start, window, business.timezone))
    pillars = wanted.pillars or rotation.DEFAULT_PILLARS
    choices = rotation.assign(slots, pillars, 0, texts.prompts(business.language), offset=place, months=months)
    off = public_holidays(business, days, business.language)
    return [
        Sketch(each.slot, wanted.platform, each.pillar, _title(each, business, wanted, texts),
               off.get(each.slot.date(), "")) for each in choices if each.slot.date() in days
    ]  # fmt: skip


def _title(choice: rotation.Choice, business: Business, wanted: PresetCadence, texts: PostTexts) -> str:
    now = season(choice.slot)
    words = catalogue.trade_words(business.trade, business.language, now)
    _prompt, text = texts.write_or_next(
        choice.prompt, language=business.language, business=business.name, platform=wanted.platform,
        filmed=filmed(wanted.content, wanted.platform), season=now, **words,
    )  # fmt: skip
    return text.title
