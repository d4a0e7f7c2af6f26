"""What a mail shows of posts, rounds of answering, offered rhythms, steps of videos: words, and links for one tap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from planner import catalogue
from planner.actions.catching_up import Offer
from planner.core import localtime, wording
from planner.core.agenda import free_day
from planner.core.catching_up import Advice, advise, ahead_of, slipped
from planner.core.friendly import advice_words, offer_words
from planner.core.model import Business, Post
from planner.core.rounds import Round
from planner.core.spoken import in_words
from planner.core.steps import NextStep
from planner.language import translations
from planner.links import Links, Verb
from planner.render import day as day_words
from planner.store.queries.briefings import Briefing

_NONE: Final[Mapping[int, Advice]] = MappingProxyType({})
_NO_DAYS: Final[Mapping[int, date]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """A post as a mail shows it; of an old one with ``advice``, its ``step``, and ``move``, a link to ``day``.

    ``day`` is None where there is no other free one than tomorrow.
    """

    post: Post
    channel: str
    platform: str
    compose: str | None
    prefilled: bool
    done: str
    tomorrow: str
    skip: str
    page: str
    advice: str = ""
    step: str = ""
    day: date | None = None
    move: str = ""

    @property
    def gaps(self) -> list[str]:
        """What its text still waits for, in square brackets."""
        return wording.gaps(self.post.text)


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A rhythm that is offered, as a mail shows it: the words for it, a link that takes it and one that declines it."""

    words: str
    take: str
    decline: str


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of answering of a day as a mail shows them: one line for all, with one tick for all.

    ``why`` says how soon an answer is expected on the first of them of which that is known, ``unticked`` on which days
    the last round of a channel was not ticked off, with the channels' names.
    """

    title: str
    channels: tuple[str, ...]
    why: str
    unticked: tuple[tuple[str, date], ...]
    done: str
    tomorrow: str
    skip: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of making a video as a mail shows it; ``page`` is where it is ticked off."""

    name: str
    title: str
    channel: str
    day: date
    late: bool
    page: str


def items(
    links: Links,
    posts: Iterable[Post],
    briefing: Briefing,
    now: datetime,
    advice: Mapping[int, Advice] = _NONE,
    days: Mapping[int, date] = _NO_DAYS,
) -> list[Item]:
    """The posts in order; ``advice`` and ``days``, free ones of the channel, are by the ids of old posts."""
    return [_item(links, post, briefing, now, advice.get(post.id), days.get(post.id)) for post in posts]


def offer_lines(links: Links, offers: Iterable[Offer], business: Business, now: datetime) -> list[OfferLine]:
    """The rhythms that are offered to a business, in its language."""
    lines = []
    for each in offers:
        take, decline = (links.rhythm(each.cadence, each.size, now, take=take) for take in (True, False))
        lines.append(OfferLine(_offered(each, business.language), take, decline))
    return lines


def step_line(links: Links, step: NextStep, briefing: Briefing, today: date) -> StepLine:
    """The next step of a video."""
    post, placed = step.post, step.placed
    return StepLine(
        placed.step.name(briefing.business.language), post.title, briefing.channels[post.channel_id].name,
        placed.day, placed.day < today, links.post_page(post.id),
    )  # fmt: skip


def rounds_line(links: Links, found: Sequence[Round], briefing: Briefing, now: datetime) -> Rounds | None:
    """The rounds of answering of a day; None if there are none."""
    if not found:
        return None
    first, *others = [each.post for each in found]
    names = [briefing.channels[each.post.channel_id].name for each in found]
    done, tomorrow, skip = (links.action(verb, first, now, others) for verb in (Verb.DONE, Verb.TOMORROW, Verb.SKIP))
    return Rounds(
        title=first.title,
        channels=tuple(names),
        why=next((each.post.hint for each in found if each.post.hint), ""),
        unticked=tuple((name, each.unticked) for name, each in zip(names, found, strict=True) if each.unticked),
        done=done,
        tomorrow=tomorrow,
        skip=skip,
    )


def _item(
    links: Links, post: Post, briefing: Briefing, now: datetime, advice: Advice | None, free: date | None
) -> Item:
    channel = briefing.channels[post.channel_id]
    platform = catalogue.platform(channel.platform)
    tomorrow = localtime.today(now, briefing.business.timezone) + timedelta(days=1)
    day = (advice and advice.day) or free
    other = day if day != tomorrow else None
    return Item(
        post=post,
        channel=channel.name,
        platform=platform.name(briefing.business.language),
        compose=platform.compose_link(post.text, post.title),
        prefilled=platform.prefills,
        done=links.action(Verb.DONE, post, now),
        tomorrow=links.action(Verb.TOMORROW, post, now),
        skip=links.action(Verb.SKIP, post, now),
        page=links.post_page(post.id),
        advice=_friendly(advice, briefing.business.language) if advice else "",
        step=_step_of(advice, tomorrow),
        day=other,
        move=links.action(Verb.MOVE, post, now, day=other) if other else "",
    )


def _step_of(advice: Advice | None, tomorrow: date) -> str:
    """Which of a post's buttons is the one that is advised: post, move, tomorrow or drop."""
    if advice is None:
        return ""
    return "tomorrow" if advice.day == tomorrow else advice.step.value


def free_days(old: Iterable[Post], briefing: Briefing, today: date) -> dict[int, date]:
    """For each of some posts the next day within a week on which nothing is due on its channel."""
    days = ((each.id, free_day(each, briefing.open_posts, ahead_of(today), briefing.pauses)) for each in old)
    return {key: day for key, day in days if day}


def advice_on(briefing: Briefing, today: date) -> dict[int, Advice]:
    """What a friend would do with each post that slipped."""
    business = briefing.business
    old = slipped(briefing.open_posts, today, business.grace_days)
    coming = [post for post in briefing.open_posts if post.due_local.date() >= today]
    found = advise(old, coming, briefing.pauses, today)
    return {each.post.id: each for each in found}


def _friendly(advice: Advice, language: str) -> str:
    return advice_words(advice, translations(language).gettext, lambda when: day_words(when, language))


def _offered(offer: Offer, language: str) -> str:
    speak = translations(language).gettext
    rhythm = in_words(offer.rule, speak) or str(offer.rule)
    return offer_words(offer.size, offer.channel.name, offer.weeks, rhythm, speak)
