"""Signing in: by a one-time link or a password; sessions and the password are kept as hashes only."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from planner.actions.feeds import hash_of
from planner.core.browser import Browser
from planner.errors import NotFound, UsageError
from planner.language import N_
from planner.store.queries import access, facts
from planner.store.queries.access import OpenSession

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SESSION_LIFE: Final = timedelta(days=90)
SHORTEST_PASSWORD: Final = 10
_FACT: Final = "password_hash"
_ENDED: Final = "sessions_ended_at"
_NOTED_EVERY: Final = timedelta(hours=1)


class PasswordTooShort(UsageError):
    message = N_("A password needs at least {shortest} characters. Three or four words make a good one.")


class NoSuchSession(NotFound):
    message = N_("There is no session {id}; perhaps it is over already. “planner session list” shows them.")


def new_nonce() -> str:
    """What makes a sign-in link unique."""
    return secrets.token_urlsafe(16)


def sign_in_by_link(
    tx: Connection, nonce: str, *, made_at: datetime, now: datetime, browser: Browser | None = None
) -> str | None:
    """Use a one-time link up and begin a session: its secret; None if the link was used before, or withdrawn."""
    if is_withdrawn(tx, made_at):
        return None
    return sign_in(tx, now=now, browser=browser) if access.use_link(tx, nonce, now) else None


def is_withdrawn(tx: Connection, made_at: datetime) -> bool:
    """Whether everybody was signed out after a one-time link was made, which holds for the link, too."""
    ended = facts.get(tx, _ENDED)
    return ended is not None and made_at < datetime.fromisoformat(ended)


def right_password(tx: Connection, password: str) -> bool:
    """Whether this is the password. Slow by design, so ask it in a transaction that only reads."""
    from argon2.exceptions import VerificationError

    kept = facts.get(tx, _FACT)
    try:
        return bool(kept) and _hasher().verify(kept or "", password)
    except VerificationError:
        return False


def sign_in(tx: Connection, *, now: datetime, browser: Browser | None = None) -> str:
    """Begin a session: its secret, which is kept as a hash only."""
    secret = secrets.token_urlsafe(32)
    access.add_session(tx, hash_of(secret), now, now + SESSION_LIFE, browser or Browser())
    return secret


def signed_in(tx: Connection, secret: str, *, now: datetime) -> OpenSession | None:
    """The session of a secret; None if it is not good, or no longer."""
    return access.session_of(tx, hash_of(secret), now)


def wants_noting(used: OpenSession, now: datetime) -> bool:
    """Whether it is worth writing down that a session is used: once an hour at most."""
    return used.last_used_at is None or now - used.last_used_at >= _NOTED_EVERY


def note_used(tx: Connection, used: OpenSession, now: datetime) -> None:
    """Write down that a session was used just now."""
    access.set_used(tx, used.id, now)


def sign_out(tx: Connection, secret: str) -> None:
    """End a session."""
    access.end_session(tx, hash_of(secret))


def sign_out_one(tx: Connection, session_id: int) -> None:
    """End the session of a number. Raises NoSuchSession."""
    if not access.end_one(tx, session_id):
        raise NoSuchSession(id=session_id)


def sign_out_everywhere(tx: Connection, *, now: datetime) -> int:
    """End every session, and every one-time link that waits to be used; how many sessions that were."""
    facts.put(tx, _ENDED, now.replace(microsecond=0).isoformat())  # links know the second they were made
    return access.end_all_sessions(tx)


def set_password(tx: Connection, password: str) -> int:
    """Set the password and sign everybody out; how many sessions ended. Raises PasswordTooShort."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(shortest=SHORTEST_PASSWORD)
    facts.put(tx, _FACT, _hasher().hash(password))
    return access.end_all_sessions(tx)


def has_password(tx: Connection) -> bool:
    """Whether a password was set."""
    return bool(facts.get(tx, _FACT))


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # OWASP's password storage sheet: argon2id, 19 MiB, two passes, one lane.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
