"""Signing in: by a one-time link or a password; sessions and the password are kept as hashes only."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from planner.actions.feeds import hash_of
from planner.errors import UsageError
from planner.language import N_
from planner.store.queries import access, facts

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SESSION_LIFE: Final = timedelta(days=90)
SHORTEST_PASSWORD: Final = 10
_FACT: Final = "password_hash"
_ENDED: Final = "sessions_ended_at"


class PasswordTooShort(UsageError):
    message = N_("A password needs at least {shortest} characters. Three or four words make a good one.")


def new_nonce() -> str:
    """What makes a sign-in link unique."""
    return secrets.token_urlsafe(16)


def sign_in_by_link(tx: Connection, nonce: str, *, made_at: datetime, now: datetime) -> str | None:
    """Use a one-time link up and begin a session: its secret; None if the link was used before, or withdrawn."""
    if is_withdrawn(tx, made_at):
        return None
    return sign_in(tx, now=now) if access.use_link(tx, nonce, now) else None


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


def sign_in(tx: Connection, *, now: datetime) -> str:
    """Begin a session: its secret, which is kept as a hash only."""
    secret = secrets.token_urlsafe(32)
    access.add_session(tx, hash_of(secret), now, now + SESSION_LIFE)
    return secret


def signed_in(tx: Connection, secret: str, *, now: datetime) -> bool:
    """Whether a session's secret is good."""
    return access.has_session(tx, hash_of(secret), now)


def sign_out(tx: Connection, secret: str) -> None:
    """End a session."""
    access.end_session(tx, hash_of(secret))


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
