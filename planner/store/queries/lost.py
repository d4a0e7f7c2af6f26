"""Mails that were given up or went stale, until a mail that says so got through or a person saw to it.

They are few at any time, and have an index of their own. The alarming ones are a trouble for pages, feeds and watchers;
it ends earlier, when the address was corrected or a test mail arrived: then they are only still to be told of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, ScalarSelect, func, select, update

from planner.core.model import MessageKind
from planner.language import N_, kept
from planner.store.queries.outbox import REFUSALS
from planner.store.tables import address, business, outbox

TOO_LATE: Final = kept(N_("It could not be sent in time."))
_ALARMING: Final = outbox.c.lost_at.is_not(None) & outbox.c.alarming


@dataclass(frozen=True, slots=True)
class Lost:
    """A mail that did not get through: of which kind and local day, and why (``language.said``).

    ``away`` for the first of some days on which the planner did not run: there are no rows of the others.
    """

    id: int
    kind: MessageKind
    day: date
    why: str
    away: bool = False


def untold(tx: Connection, business_ids: Collection[int]) -> dict[int, list[Lost]]:
    """Of some businesses the mails that did not get through, as far as nobody was told; the earliest first."""
    statement = (
        select(outbox)
        .where(outbox.c.business_id.in_(business_ids), outbox.c.lost_at.is_not(None))
        .order_by(outbox.c.due_at, outbox.c.id)
        .with_only_columns(*(outbox.c[name] for name in ("id", "business_id", "kind", "local_date", "error")))
        .add_columns((outbox.c.expires_at <= outbox.c.due_at).label("away"))
    )
    found: dict[int, list[Lost]] = {}
    for row in tx.execute(statement):
        lost = Lost(row.id, MessageKind(row.kind), row.local_date, row.error or TOO_LATE, bool(row.away))
        found.setdefault(row.business_id, []).append(lost)
    return found


def told(tx: Connection, ids: Collection[int]) -> None:
    """Note that a mail got through which told of these."""
    if ids:
        tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(lost_at=None, alarming=False))


def seen_to(tx: Connection, business_id: int) -> None:
    """End the alarm of a business: its address was corrected, or a test mail arrived. They are still to be told of."""
    mine = (outbox.c.business_id == business_id) & _ALARMING
    tx.execute(update(outbox).where(mine).values(alarming=False))


def alarming(tx: Connection, limit: int) -> list[tuple[str, int, str]]:
    """The businesses whose mails do not get through: name, how many did not, why the last of them did not."""
    statement = (
        select(business.c.name, func.count(), newest_reason())
        .join(outbox, outbox.c.business_id == business.c.id)
        .where(_ALARMING)
        .group_by(business.c.id, business.c.name)
        .order_by(business.c.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in tx.execute(statement)]


def alarm_of(tx: Connection, business_id: int) -> tuple[str, str]:
    """Why the address of a business is sent nothing any more, and why the last mail to it did not get through.

    Each is empty if that is not so.
    """
    refusal = select(address.c.reason).where(address.c.address == business.c.email, address.c.failures >= REFUSALS)
    statement = select(refusal.scalar_subquery(), newest_reason()).where(business.c.id == business_id)
    row = tx.execute(statement).one()
    return row[0] or "", row[1] or ""


def newest_reason() -> ScalarSelect[str]:
    """For a statement over businesses: why the last of each one's alarming mails did not get through; NULL for none."""
    mail = outbox.alias("lost")
    return (
        select(func.coalesce(func.nullif(mail.c.error, ""), TOO_LATE))
        .where(mail.c.business_id == business.c.id, mail.c.lost_at.is_not(None), mail.c.alarming)
        .order_by(mail.c.lost_at.desc(), mail.c.id.desc())
        .limit(1)
        .correlate(business)
        .scalar_subquery()
    )
