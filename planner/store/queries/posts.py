"""Posts: finding them by day, adding planned ones in bulk, changing one without overrunning anybody.

Windows of days are half-open and local. A change is made only to the revision that was read; it raises the
post's revision and that of its business, and the sequence when due or status differ (RFC 5545, 3.8.7.4).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from planner.core.consistency import PostTimes
from planner.core.model import Content, Pillar, Post, Purpose, Status, Window
from planner.core.rotation import Neighbour
from planner.errors import NoSuchPost, PlannerError
from planner.language import N_
from planner.store.columns import Instant, WallTime, instant_text, wall_text
from planner.store.queries import businesses
from planner.store.rows import as_post
from planner.store.tables import channel, post
from planner.store.upsert import insert_into

OPEN = (Status.PLANNED.value, Status.DRAFTED.value)
_IS_ROUND = post.c.purpose == Purpose.REPLYING.value
_IS_POST = post.c.purpose == Purpose.POSTING.value
_STATUS = {each.value: each for each in Status}


class ChangedMeanwhile(PlannerError):
    """Somebody else changed the post between reading and writing; read again and try once more."""

    message = N_("Somebody else has just changed post {id}. Look at it again, then decide.")
    http_status = 409
    retry = True


def get(tx: Connection, post_id: int, business_id: int | None = None) -> Post:
    """A post by id, if wanted only of one business. Raises NoSuchPost."""
    statement = select(post).where(post.c.id == post_id)
    if business_id is not None:
        statement = statement.where(post.c.business_id == business_id)
    if (row := tx.execute(statement).first()) is None:
        raise NoSuchPost(id=post_id)
    return as_post(row)


def due_between(tx: Connection, business_id: int, days: Window[date], channel_id: int | None = None) -> list[Post]:
    """The posts due on local days of the window, in due order; if wanted only of one channel."""
    statement = (
        select(post)
        .where(post.c.business_id == business_id, _on_days(post.c.due_local, days))
        .order_by(post.c.due_local, post.c.id)
    )
    if channel_id is not None:
        statement = statement.where(post.c.channel_id == channel_id)
    return [as_post(row) for row in tx.execute(statement)]


def open_between(tx: Connection, business_id: int, *windows: Window[date]) -> list[Post]:
    """The posts due on days of the windows that are neither posted nor skipped, in due order."""
    mine = and_(post.c.business_id == business_id, post.c.status.in_(OPEN))
    wanted = or_(*(and_(mine, _on_days(post.c.due_local, days)) for days in windows))
    statement = select(post).where(wanted).order_by(post.c.due_local, post.c.id)
    return [as_post(row) for row in tx.execute(statement)]


def for_agenda(
    tx: Connection,
    business_id: int,
    near: Window[date],
    late: Window[date],
    made: Window[datetime],
    making: tuple[Window[date], Collection[str]],
) -> list[Post]:
    """The posts due on days of ``near``, the open ones of ``late``, and those posted in instants of ``made``.

    Of ``late`` also all rounds of answering: whether the last one was ticked off is said with the next. ``making`` are
    days of which the open videos are wanted as well, and the platforms of videos (see ``is_video``).
    """
    mine, still_open, (ahead, platforms) = post.c.business_id == business_id, post.c.status.in_(OPEN), making
    wanted = or_(
        and_(mine, _on_days(post.c.due_local, near)),
        and_(mine, _on_days(post.c.due_local, late), still_open),
        and_(mine, _on_days(post.c.due_local, late), _IS_ROUND),
        and_(mine, post.c.posted_at >= made.start, post.c.posted_at < made.end),
        and_(mine, _on_days(post.c.due_local, ahead), still_open, is_video([business_id], platforms)),
    )
    return [as_post(row) for row in tx.execute(select(post).where(wanted))]


def is_video(business_ids: Collection[int], platforms: Collection[str]) -> Any:
    """Whether a post of businesses is a video: by its kind of content or, if that says nothing, by its platform.

    A round of answering is none.
    """
    there = select(channel.c.id).where(channel.c.business_id.in_(business_ids), channel.c.platform.in_(platforms))
    on_platform = (post.c.content == "") & post.c.channel_id.in_(there) & _IS_POST
    return (post.c.content == Content.VIDEO.value) | on_platform


def count_open(tx: Connection, since: date) -> int:
    """How many posts of all businesses are due on a day or later, and neither posted nor skipped; no rounds."""
    ahead = _IS_POST & (post.c.due_local >= datetime.combine(since, time())) & post.c.status.in_(OPEN)
    return int(tx.execute(select(func.count()).select_from(post).where(ahead)).scalar_one())


def drafted(tx: Connection, business_id: int, since: datetime) -> dict[int, int]:
    """How many posts due from a naive local moment on are drafted, by channel."""
    mine = (post.c.business_id == business_id) & (post.c.due_local >= since)
    wanted = select(post.c.channel_id, func.count().label("number")).where(mine, post.c.status == Status.DRAFTED.value)
    return {row.channel_id: row.number for row in tx.execute(wanted.group_by(post.c.channel_id))}


def any_touched(tx: Connection, business_id: int) -> bool:
    """Whether anybody has added a post to a business, or done anything with one."""
    touched = (post.c.business_id == business_id) & ((post.c.revision > 0) | post.c.cadence_id.is_(None))
    return tx.execute(select(post.c.id).where(touched).limit(1)).first() is not None


def any_history(tx: Connection, channel_id: int, today: date) -> bool:
    """Whether a channel has a post that somebody added or did something with, or one due before a day."""
    history = post.c.cadence_id.is_(None) | (post.c.revision > 0) | (post.c.due_local < datetime.combine(today, time()))
    wanted = (post.c.channel_id == channel_id) & history
    return tx.execute(select(post.c.id).where(wanted).limit(1)).first() is not None


def of_cadences(tx: Connection, business_id: int, cadence_ids: Collection[int], since: datetime) -> list[Post]:
    """The posts of cadences with a slot at a naive local moment or later, in due order."""
    mine = (post.c.business_id == business_id) & post.c.cadence_id.in_(cadence_ids) & (post.c.slot >= since)
    return [as_post(row) for row in tx.execute(select(post).where(mine).order_by(post.c.due_local, post.c.id))]


def made_of(tx: Connection, business_id: int, beginning: str) -> list[Post]:
    """The posts of a business whose prompts begin so, in due order."""
    mine = (post.c.business_id == business_id) & post.c.prompt.startswith(beginning, autoescape=True)
    return [as_post(row) for row in tx.execute(select(post).where(mine).order_by(post.c.due_local, post.c.id))]


def touching(
    tx: Connection, business_id: int, days: Window[date], instants: Window[datetime], answering: Window[date]
) -> list[PostTimes]:
    """The times of posts that have their slot or are due on days of the window, or were posted in its instants.

    No goal asks for rounds of answering: there are only those due on days of ``answering``.
    """
    mine = post.c.business_id == business_id
    made = and_(post.c.posted_at >= instants.start, post.c.posted_at < instants.end)
    names = [name for name in PostTimes._fields if name != "is_round"]
    statement = select(*(post.c[name] for name in names), post.c.purpose).where(
        or_(
            and_(mine, _on_days(post.c.slot, days), _IS_POST),
            and_(mine, _on_days(post.c.due_local, days), or_(_IS_POST, _on_days(post.c.due_local, answering))),
            and_(mine, made, _IS_POST),
        )
    )
    rows = tx.execute(statement.order_by(post.c.due_local, post.c.id))
    return [
        PostTimes(post_id, channel_id, slot, due_local, posted_at, _STATUS[status], purpose == Purpose.REPLYING)
        for post_id, channel_id, slot, due_local, posted_at, status, purpose in map(tuple, rows)
    ]


def neighbours(tx: Connection, channel_ids: Sequence[int], window: Window[datetime]) -> dict[int, list[Neighbour]]:
    """The posts that stand on channels within a naive local window, by channel, in due order; no rounds."""
    found: dict[int, list[Neighbour]] = {}
    statement = (
        select(post.c.channel_id, post.c.due_local, post.c.pillar, post.c.prompt)
        .where(
            post.c.channel_id.in_(channel_ids),
            post.c.due_local >= window.start,
            post.c.due_local < window.end,
            _IS_POST,
        )
        .order_by(post.c.due_local, post.c.id)
    )
    for channel_id, due_local, pillar, prompt in tx.execute(statement):
        found.setdefault(channel_id, []).append(Neighbour(due_local, Pillar(pillar), prompt))
    return found


def round_days(
    tx: Connection, channel_ids: Collection[int], window: Window[datetime], *, but: int = 0
) -> dict[int, set[date]]:
    """The local days in a naive local window that have a round of answering already, by channel.

    Skipped ones, and the round ``but``, do not count.
    """
    there = _IS_ROUND & post.c.channel_id.in_(channel_ids) & (post.c.id != but)
    within = (post.c.due_local >= window.start) & (post.c.due_local < window.end)
    wanted = select(post.c.channel_id, post.c.due_local).where(there, within, post.c.status != Status.SKIPPED.value)
    found: dict[int, set[date]] = {}
    for channel_id, due_local in tx.execute(wanted):
        found.setdefault(channel_id, set()).add(due_local.date())
    return found


def add(tx: Connection, **values: Any) -> Post:
    """Store one post."""
    key = tx.execute(insert(post).values(**values)).inserted_primary_key
    businesses.touch(tx, values["business_id"])
    return get(tx, key[0] if key else 0)


def add_planned(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Store planned posts in bulk; how many. A slot that has its post already is left as it is.

    All rows have the same names.
    """
    if not rows:
        return 0
    statement = insert_into(tx, post).on_conflict_do_nothing(index_elements=["cadence_id", "slot"])
    if tx.dialect.name != "sqlite":
        return tx.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount
    # SQLAlchemy turns every value of every row by itself; for a hundred thousand rows that is half of the time.
    compiled = statement.values({name: bindparam(name) for name in rows[0]}).compile(dialect=tx.dialect)
    names = compiled.positiontup or []
    times = [(place, _TEXTS[type(post.c[name].type)]) for place, name in enumerate(names) if _is_time(name)]
    pick = itemgetter(*names)
    return tx.exec_driver_sql(compiled.string, [_as_stored(pick(row), times) for row in rows]).rowcount


_TEXTS: dict[type, Callable[[datetime], str]] = {Instant: instant_text, WallTime: wall_text}


def _is_time(name: str) -> bool:
    return type(post.c[name].type) in _TEXTS


def _as_stored(values: tuple[Any, ...], times: Sequence[tuple[int, Callable[[datetime], str]]]) -> tuple[Any, ...]:
    """A row's values with its datetimes as SQLite keeps them."""
    stored = list(values)
    for place, text in times:
        stored[place] = text(stored[place])
    return tuple(stored)


def change(tx: Connection, before: Post, *, now: datetime, **values: Any) -> Post:
    """Change a post as it was read. Raises ChangedMeanwhile if it is no longer like that."""
    seen = any(name in values and values[name] != getattr(before, name) for name in ("due_local", "due_at", "status"))
    statement = (
        update(post)
        .where(post.c.id == before.id, post.c.revision == before.revision)
        .values(**values, revision=before.revision + 1, sequence=before.sequence + seen, updated_at=now)
    )
    if tx.execute(statement).rowcount != 1:
        raise ChangedMeanwhile(id=before.id)
    businesses.touch(tx, before.business_id)
    return get(tx, before.id)


def remove(tx: Connection, before: Post) -> None:
    """Take a post away as it was read. Raises ChangedMeanwhile if it is no longer like that."""
    same = (post.c.id == before.id) & (post.c.revision == before.revision)
    if tx.execute(delete(post).where(same)).rowcount != 1:
        raise ChangedMeanwhile(id=before.id)
    businesses.touch(tx, before.business_id)


def remove_untouched(
    tx: Connection,
    business_id: int,
    slots: Window[datetime],
    *,
    channel_id: int | None = None,
    cadence_id: int | None = None,
) -> int:
    """Take back planned posts nobody touched whose slot lies in a naive local window; how many."""
    wanted = [
        post.c.business_id == business_id,
        post.c.slot >= slots.start,
        post.c.slot < slots.end,
        post.c.status == Status.PLANNED.value,
        post.c.revision == 0,
    ]
    if channel_id is not None:
        wanted.append(post.c.channel_id == channel_id)
    if cadence_id is not None:
        wanted.append(post.c.cadence_id == cadence_id)
    removed = tx.execute(delete(post).where(*wanted)).rowcount
    if removed:
        businesses.touch(tx, business_id)
    return removed


def set_instants(tx: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write instants derived anew: rows of ``key, due_at``. Nobody has touched the posts by that."""
    if rows:
        statement = update(post).where(post.c.id == bindparam("key"))
        values = {"due_at": bindparam("due_at"), "sequence": post.c.sequence + 1, "updated_at": now}
        tx.execute(statement.values(values), rows)


def set_dues(tx: Connection, business_id: int, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write due moments that give way to a holiday: rows of ``key, due_local, due_at``. Touched posts stay."""
    if rows:
        statement = update(post).where(post.c.id == bindparam("key"), post.c.revision == 0)
        due: dict[str, Any] = {name: bindparam(name) for name in ("due_local", "due_at")}
        tx.execute(statement.values(due).values(sequence=post.c.sequence + 1, updated_at=now), rows)
        businesses.touch(tx, business_id)


def remove_planned(tx: Connection, business_id: int, post_ids: Collection[int]) -> int:
    """Take back planned posts by their ids, unless somebody has touched them meanwhile; how many."""
    free = (post.c.status == Status.PLANNED.value) & (post.c.revision == 0)
    removed = tx.execute(delete(post).where(post.c.id.in_(post_ids), free)).rowcount if post_ids else 0
    if removed:
        businesses.touch(tx, business_id)
    return removed


def set_texts(tx: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write texts made anew: rows of ``key, title, text, hint``. Nobody has touched the posts by that."""
    if rows:
        names = ("title", "text", "hint")
        statement = update(post).where(post.c.id == bindparam("key"))
        tx.execute(statement.values({name: bindparam(name) for name in names}).values(updated_at=now), rows)


def restamp_videos(tx: Connection, business_id: int, platforms: Collection[str], since: date, now: datetime) -> None:
    """Note that the days of steps changed for the open videos due from a day on. Nobody has touched the posts by that.

    Calendar programs take a task anew only if its stamps are newer.
    """
    wanted = (post.c.business_id == business_id) & (post.c.due_local >= datetime.combine(since, time()))
    videos = wanted & post.c.status.in_(OPEN) & is_video([business_id], platforms)
    tx.execute(update(post).where(videos).values(sequence=post.c.sequence + 1, updated_at=now))


def restamp_channel(tx: Connection, channel_id: int, now: datetime) -> None:
    """Note that what calendars say of a channel's posts changed: its name. Nobody has touched the posts by that.

    Calendar programs take an event anew only if its stamps are newer.
    """
    statement = update(post).where(post.c.channel_id == channel_id)
    tx.execute(statement.values(sequence=post.c.sequence + 1, updated_at=now))


def _on_days(column: Any, days: Window[date]) -> Any:
    start, end = (datetime.combine(day, time()) for day in (days.start, days.end))
    return and_(column >= start, column < end)


def day_window(first: date, last: date) -> Window[datetime]:
    """The naive local window from the beginning of ``first`` to the end of ``last``."""
    return Window(datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time()))
