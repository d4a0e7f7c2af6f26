"""Who may look: sessions by the hash of their secret, and sign-in links that were used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from planner.store.tables import session, used_link
from planner.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A device that is signed in, as far as it is known."""

    id: int
    created_at: datetime
    expires_at: datetime


def add_session(tx: Connection, secret_hash: str, now: datetime, expires_at: datetime) -> None:
    """Store a session."""
    tx.execute(insert(session).values(secret_hash=secret_hash, created_at=now, expires_at=expires_at))


def has_session(tx: Connection, secret_hash: str, now: datetime) -> bool:
    """Whether a session of that hash is alive."""
    statement = select(session.c.id).where(session.c.secret_hash == secret_hash, session.c.expires_at > now)
    return tx.execute(statement).first() is not None


def sessions(tx: Connection, now: datetime) -> list[OpenSession]:
    """The sessions that are alive, oldest first."""
    wanted = select(session.c.id, session.c.created_at, session.c.expires_at).where(session.c.expires_at > now)
    return [OpenSession(*row) for row in tx.execute(wanted.order_by(session.c.created_at, session.c.id))]


def end_session(tx: Connection, secret_hash: str) -> None:
    """Sign one session out."""
    tx.execute(delete(session).where(session.c.secret_hash == secret_hash))


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
