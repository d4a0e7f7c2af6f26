"""Planning ahead: every slot inside the horizon gets its post, once, however often this runs.

A cadence says itself when it wants planning next (``plan_at``), so a tick with nothing to plan asks one index.
It is planned a week beyond the horizon and again when that week is used up. Work is done in bulk: a few queries
and one insert for hundreds of cadences.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from planner import catalogue
from planner.actions import broken, rounds
from planner.actions.broken import CannotPlan
from planner.actions.steps import video
from planner.core import localtime, rotation
from planner.core.holidays import FARTHEST, Placed, placed
from planner.core.model import Business, Cadence, Channel, Content, Mix, Pause, Pillar, Post, Purpose, Status, Window
from planner.core.recurrence import expand, parse_rule, slots
from planner.core.rotation import Choice, Neighbour
from planner.core.rounds import one_a_day
from planner.core.thirds import Months
from planner.feastdays import Holidays
from planner.render import BadPrompt, PostText, PostTexts
from planner.store.queries import businesses, cadences, channels, facts, months, pauses, posts

log = logging.getLogger("planner.plan")

BY_HAND: Final = 1  # the revision of a post that somebody added: pauses do not take it away
_AGAIN_AFTER_ERROR: Final = timedelta(hours=1)
_SPARE: Final = timedelta(weeks=1)
_NEAR: Final = timedelta(days=FARTHEST)  # a slot that gives way to a holiday looks that far for a day
_AROUND: Final = timedelta(days=70)
_A_MONTH: Final = _NEAR + timedelta(days=31)
_SEASONS: Final = ("winter", "spring", "summer", "autumn")


@dataclass(frozen=True, slots=True)
class Planned:
    """How many slots were given a post, whether more cadences are waiting, and which cannot be planned."""

    posts: int
    more: bool
    errors: tuple[CannotPlan, ...] = ()


def plan_ahead(tx: Connection, texts: PostTexts, now: datetime, *, limit: int = 500) -> Planned:
    """Plan the cadences that want it by ``now``, at most ``limit`` of them.

    One that is broken is noted, asked about again in an hour, and does not hold up the others.
    """
    wanted = cadences.to_plan(tx, now, limit)
    if not wanted:
        return Planned(0, more=False)
    broken.mended(tx, [f"cadence:{cadence.id}" for cadence in wanted])
    try:
        with tx.begin_nested():
            count = _plan(tx, wanted, texts, now, None)
    except (DBAPIError, BadPrompt):
        raise
    except Exception:  # looked into one by one
        count, errors = _plan_each(tx, wanted, texts, now)
        return Planned(count, len(wanted) == limit, tuple(errors))
    return Planned(count, len(wanted) == limit)


def _plan_each(
    tx: Connection, wanted: Sequence[Cadence], texts: PostTexts, now: datetime
) -> tuple[int, list[CannotPlan]]:
    """One by one; those that cannot be planned are noted, and asked about again in an hour."""
    count, errors = 0, []
    for cadence in wanted:
        try:
            with tx.begin_nested():
                count += _plan(tx, [cadence], texts, now, None)
        except (DBAPIError, BadPrompt):
            raise
        except Exception as error:
            log.error("cadence %s cannot be planned", cadence.id, exc_info=error)
            cadences.postpone(tx, cadence.id, now + _AGAIN_AFTER_ERROR)
            name = businesses.name_of(tx, cadence.business_id)
            errors.append(CannotPlan(id=cadence.id, business=name, reason=broken.reason(error)))
            broken.note(tx, f"cadence:{cadence.id}", errors[-1])
    return count, errors


def plan_now(tx: Connection, wanted: Sequence[Cadence], texts: PostTexts, now: datetime) -> int:
    """Plan the given cadences without waiting for the tick; how many posts they got."""
    return _plan(tx, wanted, texts, now, None)


def plan_again(
    tx: Connection, wanted: Sequence[Cadence], window: Window[datetime], texts: PostTexts, now: datetime
) -> int:
    """Give the slots of a naive local window their posts again, as far as they were planned before."""
    return _plan(tx, wanted, texts, now, window)


def season(moment: date) -> str:
    """The season of a local day or moment on the northern half of the world."""
    return _SEASONS[moment.month % 12 // 3]


def instance_id(tx: Connection) -> str:
    """The random name of this installation, made at the first call; it ends every UID."""
    return facts.get(tx, "instance") or facts.put(tx, "instance", token_hex(8), keep=True)


def new_uid(instance: str) -> str:
    """A UID for an iCalendar component: random, never made of title or time (RFC 7986, 5.3)."""
    return f"post-{token_hex(16)}@{instance}.invalid"


@dataclass(frozen=True, slots=True)
class _Job:
    """A cadence with all that planning it needs, the window to plan, and the first day anything may be due on."""

    cadence: Cadence
    channel: Channel
    business: Business
    window: Window[datetime]
    earliest: date

    def placed(self, closed: Sequence[Pause]) -> list[Placed]:
        """Its slots in the window, and when their posts are due."""
        there = slots(self.cadence, self.window, closed, self.business.timezone)
        off = Holidays.of(self.business)
        return list(placed(self.cadence, there, off, closed, self.business.timezone, earliest=self.earliest))


def _plan(
    tx: Connection, wanted: Sequence[Cadence], texts: PostTexts, now: datetime, again: Window[datetime] | None
) -> int:
    if not wanted:
        return 0
    owners = {key: businesses.get(tx, key) for key in {cadence.business_id for cadence in wanted}}
    there = channels.by_ids(tx, {cadence.channel_id for cadence in wanted})
    jobs = [
        _Job(
            cadence, there[cadence.channel_id], owner, _window(cadence, owner, now, again), _earliest(owner, now, again)
        )
        for cadence in wanted
        for owner in [owners[cadence.business_id]]
    ]
    first = min(job.window.start for job in jobs)
    closed = pauses.of_businesses(tx, owners, first.date() - _NEAR)
    around = Window(first - _AROUND, max(job.window.end for job in jobs) + _AROUND)
    near = posts.neighbours(tx, list(there), around)
    posting, answering = (
        [job for job in jobs if job.cadence.purpose is purpose] for purpose in (Purpose.POSTING, Purpose.REPLYING)
    )
    instance = instance_id(tx)
    held = months.kinds(tx, list(owners), Window(first - _A_MONTH, around.end))
    rows, plans = _filled(posting, closed, near, held, texts, now, instance)
    if answering:
        taken = posts.round_days(tx, {job.channel.id for job in answering}, around)
        rows += _answered(answering, closed, taken, now, instance)
        plans += [_next(job, job.cadence.position) for job in answering]
    added = posts.add_planned(tx, rows)
    cadences.set_planned(tx, (plans if again is None else []))
    businesses.touch(tx, *owners)
    return added


def _window(cadence: Cadence, business: Business, now: datetime, again: Window[datetime] | None) -> Window[datetime]:
    """What to plan: from where planning stopped, at the earliest from today, to the horizon and a week."""
    if again is not None:
        # What lies before the cadence was made was never planned, however early its first date is.
        made = datetime.combine(localtime.today(cadence.created_at, business.timezone), time())
        start, end = max(again.start, made), min(again.end, cadence.planned_until or made)
        return Window(start, max(start, end))
    today = datetime.combine(localtime.today(now, business.timezone), time())
    start = max(cadence.planned_until or today, today)
    return Window(start, max(start, today + timedelta(weeks=business.horizon_weeks) + _SPARE))


def _earliest(business: Business, now: datetime, again: Window[datetime] | None) -> date:
    """What is planned for the first time is not due before today; what is planned again may have been."""
    return localtime.today(now, business.timezone) if again is None else date.min


def _filled(
    jobs: Sequence[_Job],
    closed: Mapping[int, Sequence[Pause]],
    near: Mapping[int, list[Neighbour]],
    held: Mapping[int, Iterable[tuple[datetime, Mix]]],
    texts: PostTexts,
    now: datetime,
    instance: str,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the new posts, and how far each cadence is planned now. Channel by channel."""
    rows: list[dict[str, Any]] = []
    plans: list[dict[str, Any]] = []
    line: dict[int, list[Neighbour]] = defaultdict(list, near)
    mixes = {job.business.id: Months(held.get(job.business.id, ())) for job in jobs}
    for job in jobs:
        cadence = job.cadence
        found = job.placed(closed.get(job.business.id, ()))
        pillars = cadence.pillars or rotation.DEFAULT_PILLARS
        prompts = texts.prompts(job.business.language)
        moments = [each.due for each in found]
        choices = rotation.assign(
            moments, pillars, cadence.position, prompts, line[job.channel.id], offset=cadence.id,
            months=mixes[job.business.id],
        )  # fmt: skip
        rows.extend(_rows(job, zip(found, choices, strict=True), texts, now, instance))
        line[job.channel.id] = _merged(line[job.channel.id], choices)
        plans.append(_next(job, cadence.position + len(found)))
    return rows, plans


def _answered(
    jobs: Iterable[_Job],
    closed: Mapping[int, Sequence[Pause]],
    taken: Mapping[int, set[date]],
    now: datetime,
    instance: str,
) -> Iterator[dict[str, Any]]:
    """The rows of rounds of answering: no pillar, no prompt, no text, and one a day on a channel."""
    there: dict[int, set[date]] = defaultdict(set, {key: set(days) for key, days in taken.items()})
    for job in jobs:
        found = one_a_day(job.placed(closed.get(job.business.id, ())), there[job.channel.id])
        there[job.channel.id].update(each.due.date() for each in found)
        title, why = rounds.words(job.channel.platform, job.business.language)
        for where in found:
            yield _row(job, where, PostText(title, why, ""), now, instance)


def _merged(there: list[Neighbour], choices: Sequence[Choice]) -> list[Neighbour]:
    new = [Neighbour(choice.slot, choice.pillar, choice.prompt) for choice in choices]
    return sorted(there + new, key=lambda post: post.due_local)


def _rows(
    job: _Job, choices: Iterable[tuple[Placed, Choice]], texts: PostTexts, now: datetime, instance: str
) -> Iterator[dict[str, Any]]:
    for where, choice in choices:
        prompt, text = text_of(texts, choice.prompt, where.due, job.business, job.channel, job.cadence.content)
        yield _row(job, where, text, now, instance, choice.pillar.value, prompt)


def _row(
    job: _Job, where: Placed, text: PostText, now: datetime, instance: str, pillar: str = "", prompt: str = ""
) -> dict[str, Any]:
    due_local, due_at = due(where.due, job.business.timezone)
    return {
        "uid": new_uid(instance),
        "business_id": job.business.id,
        "channel_id": job.channel.id,
        "cadence_id": job.cadence.id,
        "slot": where.slot,
        "due_local": due_local,
        "due_at": due_at,
        "pillar": pillar,
        "prompt": prompt,
        "title": text.title,
        "text": text.text,
        "hint": text.hint,
        "status": Status.PLANNED.value,
        "purpose": job.cadence.purpose.value,
        "content": job.cadence.content or "",
        "created_at": now,
        "updated_at": now,
    }


def text_of(
    texts: PostTexts, prompt: str, moment: datetime, business: Business, channel: Channel, content: Content | None
) -> tuple[str, PostText]:
    """The text of a prompt for a post due at a naive local moment, and which prompt it is. Raises BadPrompt.

    A post whose ``content`` is a video, or that is on a platform of videos, gets a hint for filming.
    """
    now = season(moment)
    return texts.write_or_next(
        prompt,
        language=business.language,
        business=business.name,
        platform=channel.platform,
        filmed=filmed(content, channel.platform),
        season=now,
        **catalogue.trade_words(business.trade, business.language, now),
    )


def filmed(content: Content | None, platform: str) -> str:
    """What a prompt is told of a post: something if it is a video, else nothing."""
    return "yes" if video().means(content, platform) else ""


@lru_cache(maxsize=16_384)
def due(slot: datetime, timezone: str) -> tuple[datetime, datetime]:
    """When a slot is due: on the wall (moved out of a spring gap) and as an instant. Many share their slots."""
    due_at = localtime.instant(slot, timezone)
    return localtime.wall(due_at, timezone), due_at


def _next(job: _Job, position: int) -> dict[str, Any]:
    cadence, until = job.cadence, job.window.end
    again = until - timedelta(weeks=job.business.horizon_weeks)
    plan_at = None if _over(job, until) else localtime.instant(again, job.business.timezone)
    return {"key": cadence.id, "planned_until": until, "plan_at": plan_at, "position": position}


def _over(job: _Job, until: datetime) -> bool:
    """Whether the cadence gives no slot any more from ``until`` on."""
    cadence, rule = job.cadence, parse_rule(job.cadence.rrule)
    if cadence.end is not None and cadence.end <= until:
        return True
    if rule.count is None and rule.until is None:
        return False
    rest = Window(until, until + timedelta(days=5 * 366))
    return next(expand(rule, cadence.dtstart, rest, job.business.timezone), None) is None


def new_post(
    tx: Connection,
    business: Business,
    channel: Channel,
    due_local: datetime,
    *,
    pillar: Pillar,
    title: str,
    text: str,
    hint: str = "",
    prompt: str = "",
    now: datetime,
) -> Post:
    """Store a post of its own, outside of any cadence, due at a naive local time. ``prompt`` is what it was made of."""
    due_at = localtime.instant(due_local, business.timezone)
    return posts.add(
        tx,
        uid=new_uid(instance_id(tx)),
        business_id=business.id,
        channel_id=channel.id,
        due_local=localtime.wall(due_at, business.timezone),
        due_at=due_at,
        pillar=pillar.value,
        prompt=prompt,
        title=title,
        text=text,
        hint=hint,
        status=(Status.DRAFTED if text else Status.PLANNED).value,
        edited=bool(text),
        created_at=now,
        updated_at=now,
        revision=BY_HAND,
    )
