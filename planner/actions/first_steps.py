"""Whether whoever opens the page is to be led through the set-up first: until it was begun, or put off."""

from sqlalchemy import Connection

from planner.core.model import Business
from planner.language import LANGUAGES, N_, translations
from planner.store.queries import facts

UNNAMED = N_("My business")


def is_unnamed(business: Business) -> bool:
    """Whether a business still is called as the first start called it."""
    return business.name in {translations(language).gettext(UNNAMED) for language in LANGUAGES}


def lead_to_set_up(tx: Connection, business: Business) -> bool:
    """Whether nothing has been set up so far, and nobody has said that it is for later."""
    return is_unnamed(business) and facts.get(tx, _fact(business)) is None


def note_begun(tx: Connection, business: Business) -> None:
    """Lead nobody there by oneself any more: a step was kept, or put off; done twice it is done once."""
    if is_unnamed(business):
        facts.put(tx, _fact(business), "begun", keep=True)


def _fact(business: Business) -> str:
    return f"set-up:{business.id}"
