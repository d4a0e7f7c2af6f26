"""The minutes of what stays beside advice: what they come to, and keeping the whole within those of the owner."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import Connection

from planner.actions.cadences import change_cadence, end_cadence
from planner.catalogue import advising
from planner.core import budget, localtime
from planner.core.advice import Advice, Answers, Candidate, Chosen, LeftOut, Stay
from planner.core.adviser import piece_of
from planner.core.budget import Budget, Change, How, Kept
from planner.core.model import Business, Cadence, Channel, Purpose
from planner.render import PostTexts
from planner.store.queries import cadences, channels

Identity = tuple[str, str, time, Purpose, str]  # of a cadence: platform, rule, time of day, what for, made of what


def budget_of(
    tx: Connection, business: Business, answers: Answers, advice: Advice, wanted: Collection[Identity],
    now: datetime, *, makes_room: bool = False,
) -> Budget:  # fmt: skip
    """What advice comes to beside what goes on without an end; ``wanted`` are the identities of its rhythms.

    ``makes_room`` says that everything there is gives way to it.
    """
    if makes_room:
        return Budget((), advice.minutes, advice.usable)
    start = localtime.wall(now, business.timezone)
    there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    running = [each for each in cadences.of_business(tx, business.id, active_on=start) if each.end is None]
    kept = [_kept(each, there[each.channel_id], business, answers, advice, wanted, start) for each in running]
    busy = {each.channel.id for each in kept}
    first = {channel.platform: channel.id for channel in reversed(there.values())}
    there_already = [each for each in advice.channels if first.get(each.key) in busy]
    advised = {first[each.key]: each.minutes + each.answering for each in there_already}
    added = advice.minutes - sum(advised.values())
    return budget.budget(kept, added, advice.usable, advised, start, business.timezone)


def identity(cadence: Cadence, channel: Channel) -> Identity:
    """What makes a rhythm the same as an advised one: platform, rule, time of day, what for, made of what."""
    return channel.platform, cadence.rrule, cadence.dtstart.time(), cadence.purpose, cadence.content or ""


def settle(
    tx: Connection, business: Business, found: Budget, stay: Stay, texts: PostTexts, now: datetime
) -> tuple[Change, ...]:
    """Let rhythms that are there give way, before the advised ones begin; what was done. Posts worked on stay."""
    if stay is Stay.LEAVE:
        return ()
    changes = found.changes if stay is Stay.FIT else tuple(
        Change(How.END, (each,), each.minutes) for each in found.kept if not each.as_advised
    )  # fmt: skip
    today = localtime.today(now, business.timezone)
    for change in changes:
        _do(tx, business, change, texts, today, now)
    return changes


def _do(tx: Connection, business: Business, change: Change, texts: PostTexts, today: date, now: datetime) -> None:
    if change.rule is None or change.first is None:
        for each in change.kept:
            end_cadence(tx, business, each.cadence.id, today, now=now)
        return
    before = change.kept[0].cadence
    change_cadence(
        tx, business, before.id, str(change.rule), datetime.combine(change.first, before.dtstart.time()),
        pillars=before.pillars, on_holiday=before.on_holiday, content=before.content, texts=texts, now=now,
    )  # fmt: skip


def _kept(
    cadence: Cadence, channel: Channel, business: Business, answers: Answers, advice: Advice,
    wanted: Collection[Identity], start: datetime,
) -> Kept:  # fmt: skip
    everyone: list[Chosen | LeftOut] = [*advice.channels, *advice.left_out]
    judged = next((each for each in everyone if each.key == channel.platform), None)
    return Kept(
        cadence=cadence, channel=channel, piece=_piece(cadence, judged.candidate, answers) if judged else None,
        pieces=budget.pieces(cadence, start, business.timezone), worth=judged.sheet.total if judged else 0,
        as_advised=identity(cadence, channel) in wanted,
    )  # fmt: skip


def _piece(cadence: Cadence, candidate: Candidate, answers: Answers) -> int | None:
    """Minutes a piece; of a round of answering those its platform's file gives, None if it gives none."""
    if cadence.purpose is Purpose.REPLYING:
        return candidate.round_minutes or None
    return piece_of(candidate, answers, advising.advising().rules, advising.kind_of(cadence.content))
