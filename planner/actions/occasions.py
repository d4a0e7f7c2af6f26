"""Days that come up for a business: which, when each has to be begun, and making an idea of one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from planner.actions import plan
from planner.actions.ideas import add_idea
from planner.catalogue import trade_words
from planner.catalogue.occasions import occasions
from planner.core import localtime
from planner.core.model import Business, Idea, Window
from planner.core.occasions import Occasion, between
from planner.errors import NotFound
from planner.language import N_
from planner.store.queries import businesses, ideas


class NoSuchOccasion(NotFound):
    message = N_("This day is over, or not one of yours. See “planner days” for the ones that come.")


@dataclass(frozen=True, slots=True)
class Coming:
    """An occasion on a local day to come: in how many days, since when it is time to begin, whether an idea is made."""

    occasion: Occasion
    day: date
    in_days: int
    begin: date
    has_idea: bool

    @property
    def is_time(self) -> bool:
        """Whether it should be begun by now, and nobody has."""
        return self.in_days <= self.occasion.lead and not self.has_idea


def days_of(business: Business, days: Window[date]) -> list[tuple[date, Occasion]]:
    """The occasions of a business, by country, region and trade, on local days of a half-open window, in order."""
    meant = [each for each in occasions() if each.is_for(business.country, business.trade, business.region)]
    return between(meant, days)


def coming(business: Business, taken: Collection[str], now: datetime, *, days: int) -> list[Coming]:
    """The occasions from today on for so many days, in order; ``taken`` are those of which an idea was made."""
    today = localtime.today(now, business.timezone)
    return [
        Coming(each, on, (on - today).days, on - timedelta(days=each.lead), each.mark(on) in taken)
        for on, each in days_of(business, Window(today, today + timedelta(days=days)))
    ]


def to_begin(business: Business, taken: Collection[str], now: datetime, *, days: int) -> list[Coming]:
    """The occasions that have to be begun within so many days from today, those that began before among them, in order.

    ``taken`` as above.
    """
    last = localtime.today(now, business.timezone) + timedelta(days=days)
    longest = max((each.lead for each in occasions()), default=0)
    return [each for each in coming(business, taken, now, days=days + longest) if each.begin < last]


def take(tx: Connection, business: Business, key: str, now: datetime) -> Idea:
    """Make an idea of an occasion to come within a year, with its text; the one there is if it was made before.

    Raises NoSuchOccasion.
    """
    found = next((each for each in coming(business, (), now, days=366) if each.occasion.key == key), None)
    if found is None:
        raise NoSuchOccasion
    return make(tx, business, found, now)


def make(tx: Connection, business: Business, found: Coming, now: datetime) -> Idea:
    """Make an idea of a coming occasion, unless there is one of that day and year: of two taps at once one makes it."""
    occasion, mark = found.occasion, found.occasion.mark(found.day)
    businesses.hold(tx, business.id)
    if (there := ideas.of_occasion(tx, business.id, mark)) is not None:
        return there
    return add_idea(
        tx, business, title=occasion.idea(business.language), text=_text(occasion, business, found.day),
        pillar=occasion.pillar, occasion=mark, now=now,
    )  # fmt: skip


def _text(occasion: Occasion, business: Business, day: date) -> str:
    words = trade_words(business.trade, business.language, plan.season(day))
    return occasion.text(business.language, {**words, "business": business.name})
