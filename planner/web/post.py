"""A post's page: its words with room left and gaps, its checklist, everything that can be done with it, its history.

Its words are changed by one form. Two people at once are noticed: the second one gets the form again with what he
typed, the newer words beside it. Done, Tomorrow, Skip and Reopen are in today.py, moving it in placing.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from flask import Blueprint, Response, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions import checklist, drafting, steps
from planner.actions.drafting import Draft, FieldRefused
from planner.actions.meanwhile import AddressThere, EditedMeanwhile, MovedMeanwhile, SkippedMeanwhile
from planner.actions.posts import AlreadyPosted, BadLink
from planner.actions.rounds import RoundThere
from planner.core import localtime, wording
from planner.core.consistency import standing
from planner.core.model import Business, Channel, Content, Deed, Event, Pillar, Post
from planner.errors import PlannerError
from planner.language import N_
from planner.store.queries import businesses, channels, history, posts
from planner.web import counters, placing, today
from planner.web.labels import CONTENTS, PILLARS, content_choices, pillar_choices
from planner.web.paging import Sheet, sheet
from planner.web.site import acting, back_to, business_page, gettext, reading, site, typed
from planner.web.today import NUMBER, Card

pages = Blueprint("post", __name__)
A_PAGE = 50  # of what happened to a post
_PARTS = {
    "title": N_("title"), "text": N_("text"), "pillar": N_("topic"), "content": N_("kind of content"),
    "notes": N_("notes"), "checklist": N_("checklist"),
    "steps": N_("steps of the video"), "link": N_("address"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history as it is shown: local times, parts in words."""

    at: datetime
    what: str
    detail: str = ""
    due: datetime | None = None


@pages.get(f"/posts/<{NUMBER}:post_id>")
def show(post_id: int) -> Response:
    """One post with everything that can be done with it."""
    with reading() as tx:
        return _page(tx, post_id)


@pages.post(f"/posts/<{NUMBER}:post_id>/edit")
def edit(post_id: int) -> AnyResponse:
    """Save the words, all at once."""
    draft = _draft()
    try:
        with acting() as tx:
            drafting.save(tx, post_id, draft, seen=request.form.get("seen", ""), now=site().clock())
    except (FieldRefused, BadLink, EditedMeanwhile) as error:
        with reading() as tx:
            return _page(tx, post_id, draft, error)
    return redirect(f"/posts/{post_id}?said=saved", 303)


@pages.post(f"/posts/<{NUMBER}:post_id>/checklist")
def to_do(post_id: int) -> AnyResponse:
    """A line more."""
    words = typed("words")
    try:
        with acting() as tx:
            checklist.add_to_do(tx, post_id, words, now=site().clock())
    except (checklist.NothingToDo, checklist.LongToDo, checklist.TooMuchToDo) as error:
        with reading() as tx:
            return _page(tx, post_id, error=error, words=words)
    return redirect(f"/posts/{post_id}#checklist", 303)


@pages.post(f"/posts/<{NUMBER}:post_id>/checklist/<any(tick, untick, remove):verb>")
def line(post_id: int, verb: str) -> AnyResponse:
    """Tick a line, take its tick away, or the line itself."""
    number, words, now = _number(request.form.get("number", "")), request.form.get("words", ""), site().clock()
    with acting() as tx:
        if verb == "remove":
            checklist.remove_to_do(tx, post_id, number, words, now=now)
        else:
            checklist.tick_to_do(tx, post_id, number, words, done=verb == "tick", now=now)
    return redirect(f"/posts/{post_id}#checklist", 303)


@pages.post(f"/posts/<{NUMBER}:post_id>/steps/<any(tick, untick):verb>")
def step(post_id: int, verb: str) -> AnyResponse:
    """Tick a step of making the video, or take its tick away: then back to the page named, else to the post."""
    with acting() as tx:
        steps.tick_step(tx, post_id, request.form.get("step", "")[:100], done=verb == "tick", now=site().clock())
    return redirect(back_to(f"/posts/{post_id}#steps"), 303)


@today.pages.errorhandler(AddressThere)
@today.pages.errorhandler(BadLink)
@today.pages.errorhandler(AlreadyPosted)
@today.pages.errorhandler(MovedMeanwhile)
@today.pages.errorhandler(SkippedMeanwhile)
@today.pages.errorhandler(RoundThere)
@placing.pages.errorhandler(AlreadyPosted)
@placing.pages.errorhandler(MovedMeanwhile)
@placing.pages.errorhandler(SkippedMeanwhile)
def refused(error: PlannerError) -> Response:
    """What could not be done with a post, on its page, with what was typed."""
    with reading() as tx:
        return _page(tx, (request.view_args or {})["post_id"], error=error)


def _draft() -> Draft:
    """What the form says. A choice that it does not offer is a form of somebody else's making."""
    form = request.form
    try:
        pillar, content = Pillar(form.get("pillar", "")), form.get("content", "")
        kind: Content | Literal[""] = Content(content) if content else ""
    except ValueError:
        abort(400)
    link = typed("link") if "link" in form else None
    return Draft(typed("title"), form.get("text", ""), pillar, kind, form.get("notes", ""), link)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _page(
    tx: Connection, post_id: int, draft: Draft | None = None, error: PlannerError | None = None, words: str = ""
) -> Response:
    """The page; with an error also what was typed: a draft of its words, or the words of a line to do."""
    post = posts.get(tx, post_id)
    business = businesses.get(tx, post.business_id)
    channel = channels.get(tx, business.id, post.channel_id)
    if post.pillar is None:
        return _round_page(tx, business, channel, post, error)
    platform = catalogue.platform(channel.platform)
    speak = gettext(business.language)
    link = typed("link") if isinstance(error, BadLink | AddressThere) and draft is None else ""
    form = draft or Draft(post.title, post.text, post.pillar, post.content or "", post.notes, link or post.link)
    return business_page(
        "post",
        business,
        "today",
        error.http_status if error else 200,
        card=_card(business, channel, post),
        form=form,
        seen=wording.mark(post),
        newer=isinstance(error, EditedMeanwhile),
        wrong=_wrong(error, speak),
        to_do=words,
        making=steps.making_of(tx, post, business, channel, site().clock()),
        link=link,
        move_to=typed("to")[:16] if isinstance(error, MovedMeanwhile | SkippedMeanwhile) else "",
        reason=typed("reason")[:500] if isinstance(error, MovedMeanwhile) else "",
        length=counters.measured(platform, "text", post.text, business.language),
        title_length=counters.measured(platform, "title", post.title, business.language),
        form_lengths={
            each: counters.measured(platform, each, getattr(form, each), business.language)
            for each in ("title", "text")
        },
        live={each: counters.live(platform, each, business.language) for each in ("title", "text")},
        way=counters.way(platform, business.language),
        form_gaps=wording.gaps(form.text),
        pillars=pillar_choices(speak),
        contents=content_choices(speak),
        pillar=speak(PILLARS[post.pillar]),
        content=speak(CONTENTS[post.content]) if post.content else "",
        history=_history(tx, post, business),
    )


def _round_page(
    tx: Connection, business: Business, channel: Channel, post: Post, error: PlannerError | None
) -> Response:
    """The page of a round of answering: when it is due, why so soon, and its tick; there is nothing to write."""
    return business_page(
        "round",
        business,
        "today",
        error.http_status if error else 200,
        card=_card(business, channel, post),
        wrong=error.sentence(gettext(business.language)) if error else "",
        move_to=typed("to")[:16] if isinstance(error, MovedMeanwhile | SkippedMeanwhile) else "",
        history=_history(tx, post, business),
    )


def _card(business: Business, channel: Channel, post: Post) -> Card:
    platform = catalogue.platform(channel.platform)
    where = standing(post, localtime.today(site().clock(), business.timezone), business.grace_days).value
    link = None if post.is_round else platform.compose_link(post.text, post.title)
    return Card(post, channel, platform.name(business.language), where, link, platform.prefills)


def _wrong(error: PlannerError | None, speak: Any) -> dict[str, str]:
    """The sentence of an error, by the field it belongs to; "" is the whole page."""
    if error is None:
        return {}
    if isinstance(error, AlreadyPosted):  # whose own sentence names commands
        return {
            "": speak(N_("It is marked as posted already, perhaps by somebody else. Reopen it first if it is not."))
        }
    to_do = isinstance(error, checklist.NothingToDo | checklist.LongToDo | checklist.TooMuchToDo)
    field = "words" if to_do else "link" if isinstance(error, BadLink | AddressThere) else getattr(error, "field", "")
    return {field: error.sentence(speak)}


def _history(tx: Connection, post: Post, business: Business) -> Sheet[Line]:
    """A page of it, the latest first; the same done over and over on a day is said once."""
    events = sheet(lambda skip, limit: history.of_post(tx, post.id, skip=skip, limit=limit), A_PAGE, "history")
    lines: list[Line] = []
    for event in events.lines:
        found = _line(event, business)
        last = lines[-1] if lines else None
        if last and event.what is Deed.EDITED and replace(found, at=last.at) == last and _day(found) == _day(last):
            continue
        lines.append(found)
    if post.cadence_id is not None and post.slot is not None and not events.more:
        lines.append(Line(localtime.wall(post.created_at, business.timezone), "planned", due=post.slot))
    return Sheet(lines, events.number, events.more)


def _line(event: Event, business: Business) -> Line:
    at = localtime.wall(event.at, business.timezone)
    if event.what is Deed.MOVED:
        return Line(at, event.what, due=datetime.fromisoformat(event.detail))
    if event.what is Deed.EDITED:
        speak = gettext(business.language)
        names = [speak(_PARTS[name]) for name in event.detail.split(",") if name in _PARTS]
        return Line(at, event.what, ", ".join(names))
    return Line(at, event.what, event.detail)


def _day(line: Line) -> object:
    return line.at.date()
