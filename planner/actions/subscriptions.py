"""Which mails a business wants: switching a kind off, and on again."""

from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Connection

from planner.actions import remind
from planner.core.model import Business, MessageKind
from planner.store.queries import businesses

_EVENING: Final = time(18, 0)


def set_wanted(tx: Connection, business_id: int, kind: MessageKind, *, wanted: bool, now: datetime) -> Business:
    """Switch a kind of mail on or off and schedule it anew. A nudge switched on comes at six in the evening."""
    switches: dict[MessageKind, dict[str, Any]] = {
        MessageKind.DIGEST: {"digest_on": wanted},
        MessageKind.SUMMARY: {"summary_on": wanted},
        MessageKind.NUDGE: {"nudge_time": _EVENING if wanted else None},
    }
    business = businesses.get(tx, business_id)
    values = switches.get(kind, {})
    if any(getattr(business, name) != value for name, value in values.items()):
        business = businesses.change(tx, business_id, **values)
        remind.schedule(tx, business, now)
    return business
