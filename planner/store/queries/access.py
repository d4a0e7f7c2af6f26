"""Who may look: sessions by the hash of their secret, and sign-in links that were used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from planner.core.browser import Browser
from planner.store.tables import session, used_link
from planner.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A device that is signed in, as far as it is known; when it was used last to within an hour."""

    id: int
    created_at: datetime
    expires_at: datetime
    browser: Browser
    last_used_at: datetime | None


_SHOWN = (session.c.id, session.c.created_at, session.c.expires_at, session.c.browser, session.c.system,
          session.c.last_used_at)  # fmt: skip


def _as_session(row: Any) -> OpenSession:
    return OpenSession(row.id, row.created_at, row.expires_at, Browser(row.browser, row.system), row.last_used_at)


def add_session(tx: Connection, secret_hash: str, now: datetime, expires_at: datetime, browser: Browser) -> None:
    """Store a session, used just now."""
    values = {"secret_hash": secret_hash, "created_at": now, "expires_at": expires_at, "last_used_at": now}
    tx.execute(insert(session).values(**values, browser=browser.name, system=browser.system))


def session_of(tx: Connection, secret_hash: str, now: datetime) -> OpenSession | None:
    """The session of that hash, if it is alive."""
    statement = select(*_SHOWN).where(session.c.secret_hash == secret_hash, session.c.expires_at > now)
    row = tx.execute(statement).first()
    return _as_session(row) if row else None


def sessions(tx: Connection, now: datetime) -> list[OpenSession]:
    """The sessions that are alive, oldest first."""
    wanted = select(*_SHOWN).where(session.c.expires_at > now)
    return [_as_session(row) for row in tx.execute(wanted.order_by(session.c.created_at, session.c.id))]


def other_sessions(tx: Connection, now: datetime, mine: int, *, skip: int, limit: int) -> list[OpenSession]:
    """The sessions that are alive but one, the one used last first."""
    wanted = select(*_SHOWN).where(session.c.expires_at > now, session.c.id != mine)
    latest = func.coalesce(session.c.last_used_at, session.c.created_at).desc(), session.c.id.desc()
    return [_as_session(row) for row in tx.execute(wanted.order_by(*latest).offset(skip).limit(limit))]


def set_used(tx: Connection, session_id: int, now: datetime) -> None:
    """Write down that a session was used just now."""
    tx.execute(update(session).where(session.c.id == session_id).values(last_used_at=now))


def end_session(tx: Connection, secret_hash: str) -> None:
    """Sign one session out."""
    tx.execute(delete(session).where(session.c.secret_hash == secret_hash))


def end_one(tx: Connection, session_id: int) -> bool:
    """Sign one session out by its number; False if it is none any more."""
    return tx.execute(delete(session).where(session.c.id == session_id)).rowcount == 1


def end_all_sessions(tx: Connection) -> int:
    """Sign everybody out; how many sessions that were."""
    return tx.execute(delete(session)).rowcount


def use_link(tx: Connection, nonce: str, now: datetime) -> bool:
    """Use a one-time link up; False if it was used before."""
    statement = insert_into(tx, used_link).values(nonce=nonce, used_at=now)
    first = statement.on_conflict_do_nothing(index_elements=["nonce"]).returning(used_link.c.nonce)
    return tx.execute(first).first() is not None  # psycopg's rowcount of such an insert is -1


def was_used(tx: Connection, nonce: str) -> bool:
    """Whether a one-time link was used already."""
    return tx.execute(select(used_link.c.nonce).where(used_link.c.nonce == nonce)).first() is not None


def forget(tx: Connection, now: datetime, links_before: datetime) -> None:
    """Clear away sessions that are over and used links that are too old to be accepted anyway."""
    tx.execute(delete(session).where(session.c.expires_at <= now))
    tx.execute(delete(used_link).where(used_link.c.used_at < links_before))
