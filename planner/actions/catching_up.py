"""After a miss: advice for posts that slipped, and a smaller or larger rhythm where the weeks call for one.

Nothing of it is stored but a no: an offer that was declined does not come again for eight weeks.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from sqlalchemy import Connection

from planner.actions import posts as verbs
from planner.actions.cadences import change_cadence
from planner.actions.consistency import History, history_of
from planner.actions.posts import Change
from planner.core import catching_up, ladder, localtime
from planner.core.agenda import free_day
from planner.core.catching_up import Advice, Step
from planner.core.consistency import ChannelWeek
from planner.core.forecast import next_date
from planner.core.ladder import Run, Size, run_of
from planner.core.model import Business, Cadence, Channel, Pause, Post, Purpose, Window
from planner.core.recurrence import explicit, parse_rule
from planner.core.rule import Rule
from planner.core.weeks import Week
from planner.errors import PlannerError, RuleRefused, UsageError
from planner.language import N_
from planner.render import PostTexts
from planner.store.queries import businesses, cadences, facts, pauses, posts

LOOK_AHEAD: Final = 28  # days: so far ahead a free day is looked for
QUIET: Final = timedelta(weeks=8)  # so long a declined offer is not made again
_UNSAID: Final = Fraction(1)  # a week, where nobody says how often


class NoOffer(UsageError):
    message = N_("Nothing is offered for {channel} at present. It may have been taken or declined already.")
    http_status = 409


class NoFreeDay(PlannerError):
    message = N_("No day of the next four weeks is free on this channel. Move the post on its own page, or drop it.")
    http_status = 409


@dataclass(frozen=True, slots=True)
class Offer:
    """Another rhythm for a channel in the place of one of its cadences, from ``first`` on, and the run that is why."""

    channel: Channel
    cadence: Cadence
    size: Size
    rule: Rule
    first: date
    weeks: int


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What there is to catch up with: advice oldest post first, offers channel by channel."""

    business: Business
    today: date
    channels: Mapping[int, Channel]
    advice: tuple[Advice, ...]
    offers: tuple[Offer, ...]


def catch_up_of(tx: Connection, business: Business, now: datetime) -> CatchUp:
    """Advice for what slipped in the last four weeks, and the offers, as seen at ``now``."""
    today = localtime.today(now, business.timezone)
    found = history_of(tx, business, Week.of(today), today)
    days = Window(today - timedelta(days=catching_up.BACK), catching_up.ahead_of(today).end)
    still_open = posts.open_between(tx, business.id, days)
    old = catching_up.slipped(still_open, today, business.grace_days)
    others = [post for post in still_open if post.due_local.date() >= today]
    advice = catching_up.advise(old, others, found.pauses, today)
    there = {channel.id: channel for channel in found.channels}
    return CatchUp(business, today, there, tuple(advice), tuple(offers_of(tx, business, found, today)))


def offers_of(tx: Connection, business: Business, found: History, today: date) -> list[Offer]:
    """The rhythms that are offered to a business; one statement, and none while no week calls for it."""
    current = Week.of(today)
    if not any(_calls(weeks, current, date.min) for weeks in found.weeks.values()):
        return []
    there, declined = cadences.going_on(tx, business.id, _fact(business))
    running = [each for each in there if each.purpose is Purpose.POSTING]
    made = []
    for channel in found.channels:
        mine = [each for each in running if each.channel_id == channel.id]
        offer = _offer(business, channel, found, mine, today)
        if offer and not _is_quiet(declined.get(_fact(business, channel, offer.size)), today):
            made.append(offer)
    return made


def free_day_of(tx: Connection, business: Business, post: Post, now: datetime, *, wanted: date | None = None) -> date:
    """The next day, from tomorrow on, on which nothing is due on a post's channel; the ``wanted`` one if that is free.

    Days are local. Raises NoFreeDay.
    """
    tomorrow = localtime.today(now, business.timezone) + timedelta(days=1)
    ahead = Window(tomorrow, tomorrow + timedelta(days=LOOK_AHEAD))
    there = [each for each in posts.open_between(tx, business.id, ahead) if each.id != post.id]
    closed = pauses.of_business(tx, business.id, since=tomorrow)
    if wanted is not None and wanted in ahead and free_day(post, there, _only(wanted), closed):
        return wanted
    found = free_day(post, there, ahead, closed)
    if found is None:
        raise NoFreeDay
    return found


def move_to_free_day(
    tx: Connection, post_id: int, *, now: datetime, seen: datetime, wanted: date | None = None
) -> Change:
    """Make a post due on the next free day of its channel, at its time of day; on the ``wanted`` one if that is free.

    ``seen`` is when it was due for whoever asked (naive local): a second tap does not move it twice. Raises NoFreeDay,
    AlreadyPosted; MovedMeanwhile when it is due at yet another time by now, SkippedMeanwhile.
    """
    post = posts.get(tx, post_id)
    day = seen.date()
    if post.open:
        try:
            day = free_day_of(tx, businesses.get(tx, post.business_id), post, now, wanted=wanted)
        except NoFreeDay:
            if post.due_local == seen:
                raise
    return verbs.move(tx, post_id, datetime.combine(day, seen.time()), now=now, seen=seen, only_open=True)


def take_offer(
    tx: Connection,
    business: Business,
    channel: Channel,
    *,
    size: str = "",
    of: Callable[[Cadence], bool] | None = None,
    texts: PostTexts,
    now: datetime,
) -> Offer:
    """Let the offered rhythm take the place of the one there is; only one of a ``size``, or ``of`` a cadence, if named.

    Raises NoOffer, EndedMeanwhile.
    """
    offer = offered(tx, business, channel, size=size, of=of, now=now)
    change_cadence(
        tx, business, offer.cadence.id, str(offer.rule), datetime.combine(offer.first, offer.cadence.dtstart.time()),
        pillars=offer.cadence.pillars, on_holiday=offer.cadence.on_holiday, content=offer.cadence.content, texts=texts,
        now=now,
    )  # fmt: skip
    return offer


def decline_offer(
    tx: Connection,
    business: Business,
    channel: Channel,
    *,
    size: str = "",
    of: Callable[[Cadence], bool] | None = None,
    now: datetime,
) -> Offer:
    """Say no to the offered rhythm: it does not come again for eight weeks. Raises NoOffer."""
    offer = offered(tx, business, channel, size=size, of=of, now=now)
    today = localtime.today(now, business.timezone)
    facts.put(tx, _fact(business, channel, offer.size), today.isoformat())
    return offer


def apply_advice(tx: Connection, found: CatchUp, *, only: Container[int] | None = None, now: datetime) -> list[Advice]:
    """Move and drop as advised, if wanted ``only`` posts of these ids; what is to be posted is left to its author.

    What was done.
    """
    return [advice for advice, _change in follow_advice(tx, found, only=only, now=now)]


def follow_advice(
    tx: Connection, found: CatchUp, *, only: Container[int] | None = None, now: datetime
) -> list[tuple[Advice, Change]]:
    """The same, with each post before and after."""
    done = []
    for advice in found.advice:
        seen = advice.post.due_local
        if advice.step is Step.POST or (only is not None and advice.post.id not in only):
            continue
        if advice.day is not None:
            to = datetime.combine(advice.day, seen.time())
            change = verbs.move(tx, advice.post.id, to, now=now, seen=seen, only_open=True)
        else:
            change = verbs.skip(tx, advice.post.id, now=now)
        done.append((advice, change))
    return done


def offered(
    tx: Connection,
    business: Business,
    channel: Channel,
    *,
    size: str = "",
    of: Callable[[Cadence], bool] | None = None,
    now: datetime,
) -> Offer:
    """What is offered for a channel; only a rhythm of a ``size``, or ``of`` a cadence, if named. Raises NoOffer."""
    today = localtime.today(now, business.timezone)
    found = history_of(tx, business, Week.of(today), today)
    there = (each for each in offers_of(tx, business, found, today) if each.channel.id == channel.id)
    offer = next(there, None)
    if offer is None or size not in ("", offer.size) or (of is not None and not of(offer.cadence)):
        raise NoOffer(channel=channel.name)
    return offer


def _only(day: date) -> Window[date]:
    return Window(day, day + timedelta(days=1))


def _calls(weeks: Sequence[ChannelWeek], current: Week, since: date) -> Run | None:
    run = run_of(weeks, current, since)
    return run if run is not None and run.calls_for else None


def _offer(
    business: Business, channel: Channel, found: History, running: Sequence[Cadence], today: date
) -> Offer | None:
    """The busiest cadence becomes smaller, the quietest larger; only weeks since the last change count."""
    if not running:
        return None
    since = max(_began(each, business) for each in running)
    run = _calls(found.weeks[channel.id], Week.of(today), since)
    if run is None or run.calls_for is None:
        return None
    size = run.calls_for
    ordered = sorted(_readable(running), key=lambda each: (ladder.pace(each[1]), each[0].id))
    for cadence, rule in ordered if size is Size.LARGER else reversed(ordered):
        if (first := _first_day(cadence, found.pauses, business, today)) is None:
            continue
        wanted = (
            ladder.smaller(rule, first) if size is Size.SMALLER else ladder.larger(rule, first, _most(channel.platform))
        )
        if wanted is not None:
            return Offer(channel, cadence, size, wanted, first, run.weeks)
    return None


def _readable(running: Iterable[Cadence]) -> list[tuple[Cadence, Rule]]:
    """The cadences whose rule is one that can be made smaller or larger."""
    found = []
    for cadence in running:
        try:
            rule = explicit(parse_rule(cadence.rrule), cadence.dtstart.date())
        except RuleRefused:
            continue
        if rule.freq != "YEARLY":
            found.append((cadence, rule))
    return found


def _began(cadence: Cadence, business: Business) -> date:
    """The Monday of the week in which the cadence began."""
    made = localtime.today(cadence.created_at, business.timezone)
    begun = max(cadence.dtstart.date(), made)
    return begun - timedelta(days=begun.weekday())


def _first_day(cadence: Cadence, pauses: Sequence[Pause], business: Business, today: date) -> date | None:
    """The day from which the other rhythm would hold: that of the next post to come, tomorrow at the earliest."""
    tomorrow = datetime.combine(today + timedelta(days=1), time())
    following = next_date(cadence, tomorrow, pauses, business.timezone)
    return following and following.date()


def _most(platform: str) -> Fraction:
    """The most posts a week that anybody recommends at least: of several recommendations the lowest."""
    from planner.catalogue.portraits import portrait

    try:
        said = portrait(platform).frequencies
    except PlannerError:  # a file that is gone or broken offers nothing larger than usual
        return _UNSAID
    weeks = {"day": Fraction(7), "week": Fraction(1), "month": Fraction(1, ladder.WEEKS_OF_A_MONTH)}
    return min((each.most * weeks[each.per] for each in said if each.most is not None), default=_UNSAID)


def _fact(business: Business, channel: Channel | None = None, size: Size | None = None) -> str:
    beginning = f"declined:{business.id}:"
    return f"{beginning}{channel.id}:{size}" if channel else beginning


def _is_quiet(declined: str | None, today: date) -> bool:
    return declined is not None and today < date.fromisoformat(declined) + QUIET
