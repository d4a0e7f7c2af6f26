"""The ideas of a business: the backlog by pillar, how long it lasts, and making a post of an idea.

An idea goes into a planned post nobody has worked on, or onto a day as a post of its own; on the list by dragging it,
on the idea's own page by a choice. Undo takes that back.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner.actions import ideas as verbs
from planner.actions import occasions
from planner.actions.drafting import FieldRefused
from planner.actions.ideas import DayIsOver, IdeaUsed, OtherChannel, SlotTaken
from planner.actions.supply import repeats_of
from planner.core import localtime
from planner.core.model import Business, Channel, Idea, Pillar, Post
from planner.errors import BadTime, LinkExpired, LinkForged, NotFound, PlannerError
from planner.language import N_
from planner.store.queries import businesses, cadences, channels, ideas, posts
from planner.store.queries.ideas import IdeaChangedMeanwhile
from planner.store.queries.posts import ChangedMeanwhile
from planner.web.labels import PILLARS, pillar_choices
from planner.web.paging import sheet
from planner.web.site import acting, business_page, gettext, reading, site, typed
from planner.web.today import NUMBER

pages = Blueprint("ideas", __name__)
A_PAGE = 50
_LIST = f"/businesses/<{NUMBER}:business_id>/ideas"
_ONE = f"{_LIST}/<{NUMBER}:idea_id>"
_USUAL = time(10)
_MOST_DAYS = 5
_LONGEST_LEAD = 60


@dataclass(frozen=True, slots=True)
class Form:
    """An idea as somebody typed it."""

    title: str
    text: str
    pillar: Pillar
    channel_id: int | None


@pages.get(_LIST)
def backlog(business_id: int) -> Response:
    """What waits, by pillar, and where it could go."""
    with reading() as tx:
        return _list(tx, businesses.get(tx, business_id))


@pages.post(_LIST)
def add(business_id: int) -> AnyResponse:
    """Write one down."""
    form = _form()
    try:
        with acting() as tx:
            business = businesses.get(tx, business_id)
            verbs.add_idea(
                tx, business, title=form.title, text=form.text, pillar=form.pillar, channel_id=form.channel_id,
                now=site().clock(),
            )  # fmt: skip
    except FieldRefused as error:
        with reading() as tx:
            return _list(tx, businesses.get(tx, business_id), form, error)
    return redirect(f"/businesses/{business_id}/ideas?said=added", 303)


@pages.post(f"{_LIST}/days/<key>")
def take_day(business_id: int, key: str) -> AnyResponse:
    """Make an idea of a day that comes up."""
    with acting() as tx:
        occasions.take(tx, businesses.get(tx, business_id), key, site().clock())
    return redirect(f"/businesses/{business_id}/ideas?said=added", 303)


@pages.get(_ONE)
def one(business_id: int, idea_id: int) -> Response:
    """One idea: make a post of it, change it, remove it."""
    with reading() as tx:
        return _one(tx, businesses.get(tx, business_id), idea_id)


@pages.post(f"{_ONE}/edit")
def edit(business_id: int, idea_id: int) -> AnyResponse:
    """Change its words."""
    form, seen = _form(), request.form.get("seen", "")
    try:
        with acting() as tx:
            verbs.edit_idea(
                tx, businesses.get(tx, business_id), idea_id, title=form.title, text=form.text, pillar=form.pillar,
                channel_id=form.channel_id, seen=_whole(seen),
            )  # fmt: skip
    except (FieldRefused, IdeaChangedMeanwhile, IdeaUsed) as error:
        with reading() as tx:
            return _one(tx, businesses.get(tx, business_id), idea_id, form, error)
    return redirect(f"/businesses/{business_id}/ideas?said=saved", 303)


@pages.post(f"{_ONE}/remove")
def remove(business_id: int, idea_id: int) -> AnyResponse:
    """Remove it; that somebody else was quicker makes no difference."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        try:
            verbs.remove_idea(tx, business, idea_id)
        except IdeaUsed as error:
            return _one(tx, business, idea_id, error=error)
    return redirect(f"/businesses/{business_id}/ideas?said=removed", 303)


@pages.post(f"{_ONE}/use")
def use(business_id: int, idea_id: int) -> AnyResponse:
    """Make a post of it: its words go into the chosen one, or it becomes one of its own."""
    now = site().clock()
    try:
        with acting() as tx:
            placed = _place(tx, businesses.get(tx, business_id), idea_id, now)
    except (IdeaUsed, SlotTaken, OtherChannel, DayIsOver, BadTime, ChangedMeanwhile) as error:
        with reading() as tx:
            return _one(tx, businesses.get(tx, business_id), idea_id, error=error)
    token = site().links.taking_back(idea_id, placed.before, placed.after, now)
    return redirect(f"/businesses/{business_id}/ideas?undo={token}", 303)


@pages.post(f"{_LIST}/undo")
def undo(business_id: int) -> AnyResponse:
    """Take an idea out of its post again, unless somebody has changed that since."""
    now, token = site().clock(), request.form.get("undo", "")
    claim = site().links.read_taking_back(token, now)
    try:
        with acting() as tx:
            done = verbs.take_back(tx, businesses.get(tx, business_id), claim, now=now)
    except (ChangedMeanwhile, IdeaChangedMeanwhile):
        done = False
    if done:
        return redirect(f"/businesses/{business_id}/ideas", 303)
    with reading() as tx:
        business = businesses.get(tx, business_id)
        words = N_("The post has been changed since, so nothing was taken back.")
        return _list(tx, business, status=409, problem=gettext(business.language)(words))


def _place(tx: Connection, business: Business, idea_id: int, now: datetime) -> verbs.Placed:
    if "day" not in request.form:
        return verbs.put_into_post(tx, business, idea_id, _whole(request.form.get("post", "")) or 0, now=now)
    text = f"{typed('day')}T{typed('time')}"
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise BadTime(text=text[:40]) from error
    channel = channels.get(tx, business.id, _whole(request.form.get("channel", "")) or 0)
    return verbs.put_onto_day(tx, business, idea_id, channel, moment, now=now)


def _form() -> Form:
    """What the form says. A pillar that it does not offer is a form of somebody else's making."""
    form = request.form
    try:
        pillar = Pillar(form.get("pillar", ""))
    except ValueError:
        abort(400)
    return Form(typed("title"), form.get("text", ""), pillar, _whole(form.get("channel", "")))


def _whole(text: str) -> int | None:
    """A number of a form; None for none, and for what cannot be an id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) < 2**31 else None


def _list(
    tx: Connection,
    business: Business,
    form: Form | None = None,
    error: FieldRefused | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> Response:
    now, speak = site().clock(), gettext(business.language)
    found = sheet(lambda skip, limit: ideas.backlog(tx, business.id, skip=skip, limit=limit), A_PAGE)
    counted, taken = ideas.counts(tx, business.id)
    there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    by_channel: Counter[int | None] = Counter()
    for channel_id, _pillar, count in counted:
        by_channel[channel_id] += count
    again = {} if by_channel else repeats_of(tx, business, now)  # who has ideas does not live on suggested texts
    lasting = verbs.runway_of(tx, business, by_channel, now)
    token = request.args.get("undo", "")
    return business_page(
        "ideas",
        business,
        "ideas",
        error.http_status if error else status,
        shelves=_shelves(found.lines, counted),
        found=found,
        names={pillar: speak(words) for pillar, words in PILLARS.items()},
        total=sum(by_channel.values()),
        missing=[speak(words) for pillar, words in PILLARS.items() if pillar not in {each for _, each, _ in counted}],
        weeks=None if lasting.weeks is None else int(lasting.weeks),
        again=sorted(((there[key].name, day) for key, day in again.items() if key in there), key=lambda each: each[1]),
        first=[there[channel_id].name for channel_id in lasting.first if channel_id in there],
        channels=there,
        room=verbs.room_for(tx, business, now),
        days=[day for day in occasions.coming(business, taken, now, days=_LONGEST_LEAD) if day.is_time][:_MOST_DAYS],
        placed=_placed(tx, business, token, now) if token else None,
        undo_token=token,
        form=form or Form("", "", Pillar.QUESTION, None),
        wrong={error.field: error.sentence(speak)} if error else {},
        problem_words=problem,
        pillars=pillar_choices(speak),
        channel_choices=_channel_choices(there.values(), speak),
    )


def _shelves(
    found: Iterable[Idea], counted: Sequence[tuple[int | None, Pillar, int]]
) -> list[tuple[Pillar, int, list[Idea]]]:
    """The ideas of a page by pillar, with how many there are of each in all."""
    shelves: dict[Pillar, list[Idea]] = {}
    for idea in found:
        shelves.setdefault(idea.pillar, []).append(idea)
    totals: Counter[Pillar] = Counter()
    for _channel_id, pillar, count in counted:
        totals[pillar] += count
    return [(pillar, totals[pillar], there) for pillar, there in shelves.items()]


def _placed(tx: Connection, business: Business, token: str, now: datetime) -> Post | None:
    """The post of an idea just used, while that can still be taken back."""
    try:
        claim = site().links.read_taking_back(token, now)
        post = posts.get(tx, claim.post_id, business.id)
    except (LinkExpired, LinkForged, NotFound):
        return None
    return post if post.revision == claim.revision else None


def _one(
    tx: Connection, business: Business, idea_id: int, form: Form | None = None, error: PlannerError | None = None
) -> Response:
    now, speak = site().clock(), gettext(business.language)
    idea = ideas.get(tx, business.id, idea_id)
    there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    fitting = [channel for channel in there.values() if idea.channel_id in (None, channel.id)]
    room = verbs.room_for(tx, business, now)
    field = error.field if isinstance(error, FieldRefused) else ""
    return business_page(
        "idea",
        business,
        "ideas",
        error.http_status if error else 200,
        idea=idea,
        hint="" if idea.post_id else verbs.hint_of(business, idea),
        pillar=speak(PILLARS[idea.pillar]),
        channels=there,
        slots=[post for day in room for post in day.posts if post.channel_id in {each.id for each in fitting}],
        form=form or Form(idea.title, idea.text, idea.pillar, idea.channel_id),
        newer=isinstance(error, IdeaChangedMeanwhile),
        wrong={field: error.sentence(speak)} if error else {},
        pillars=pillar_choices(speak),
        channel_choices=_channel_choices(there.values(), speak),
        fitting=[(str(channel.id), channel.name) for channel in fitting],
        **_when(tx, business, fitting, now),
    )


def _when(tx: Connection, business: Business, fitting: Sequence[Channel], now: datetime) -> dict[str, Any]:
    """What the form for a day of its own begins with: what was typed or dropped on, else the usual hour."""
    values, today = request.values, localtime.today(now, business.timezone)
    usual = {each.channel_id: each.dtstart.time() for each in cadences.of_business(tx, business.id)}
    hour = next((usual[channel.id] for channel in fitting if channel.id in usual), _USUAL)
    return {
        "day": values.get("day", "")[:10],
        "today": today,
        "clock_time": values.get("time", "")[:5] or hour.strftime("%H:%M"),
        "chosen": values.get("channel", ""),
        "chosen_post": _whole(values.get("post", "")),
        "dropped": _day_of(values.get("day", "")),
    }


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _channel_choices(there: Iterable[Channel], speak: Any) -> list[tuple[str, str]]:
    return [("", speak(N_("Any channel"))), *((str(channel.id), channel.name) for channel in there)]
