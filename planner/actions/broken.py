"""What is broken in the data of one business, noted until it is whole again: the others go on, and somebody is told."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from planner.errors import PlannerError
from planner.language import N_, kept
from planner.store.queries import facts

NOTES: Final = "broken:"


class CannotPlan(PlannerError):
    message = N_(
        "Cadence {id} of {business} cannot be planned: {reason} "
        "End it with “planner cadence end {id}”, and add a new one."
    )


class CannotWrite(PlannerError):
    message = N_("The mails of {business} cannot be written: {reason} Set it right with “planner business set”.")


def note(tx: Connection, what: str, error: PlannerError) -> None:
    """Write down that something (``cadence:7``) is broken, in words for people."""
    facts.put(tx, f"{NOTES}{what}", kept(error.message, **error.values))


def mended(tx: Connection, whats: Iterable[str]) -> None:
    """Forget that these were broken, if they were."""
    noted = facts.beginning(tx, NOTES)
    facts.remove(tx, [name for what in whats if (name := f"{NOTES}{what}") in noted])


def reason(error: Exception) -> str:
    """An error as a value of such a sentence."""
    return error.sentence() if isinstance(error, PlannerError) else f"{type(error).__name__}: {error}."
