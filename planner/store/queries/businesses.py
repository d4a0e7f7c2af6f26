"""Businesses: adding, finding, changing. Every change of anything of a business raises its ``revision``."""

from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from planner.core.model import Business
from planner.errors import NoSuchBusiness
from planner.store.rows import as_business
from planner.store.tables import business


def add(tx: Connection, **values: Any) -> Business:
    """Store a business. Columns without a value take the model's defaults."""
    fresh = Business(id=0, **values)
    row = {name: getattr(fresh, name) for name in Business.__slots__ if name != "id"}
    key = tx.execute(insert(business).values(**row)).inserted_primary_key
    return get(tx, key[0] if key else 0)


def get(tx: Connection, business_id: int) -> Business:
    """The business of an id. Raises NoSuchBusiness."""
    row = tx.execute(select(business).where(business.c.id == business_id)).first()
    if row is None:
        raise NoSuchBusiness(name=business_id)
    return as_business(row)


def hold(tx: Connection, business_id: int) -> None:
    """Make another who wants to hold it wait until this transaction ends; reading it, and adding to it, goes on.

    On SQLite whoever may write is alone anyway.
    """
    tx.execute(select(business.c.id).where(business.c.id == business_id).with_for_update(key_share=True))


def every(tx: Connection, limit: int | None = None) -> list[Business]:
    """All businesses, or the first so many, by name."""
    wanted = select(business).order_by(business.c.name, business.c.id).limit(limit)
    return [as_business(row) for row in tx.execute(wanted)]


def names(tx: Connection, *, containing: str = "", skip: int = 0, limit: int | None = None) -> list[tuple[int, str]]:
    """Ids and names, by name, of those with some words in it, whatever their capitals (on SQLite: of ASCII)."""
    wanted = select(business.c.id, business.c.name).order_by(business.c.name, business.c.id).offset(skip).limit(limit)
    if containing:
        wanted = wanted.where(business.c.name.icontains(containing, autoescape=True))
    return [(row.id, row.name) for row in tx.execute(wanted)]


def addresses(tx: Connection, limit: int) -> list[str]:
    """The first so many addresses mails go to, each once."""
    mail = business.c.email
    return list(tx.execute(select(mail).where(mail != "").distinct().order_by(mail).limit(limit)).scalars())


def named(tx: Connection, name: str) -> int | None:
    """The id of a business of a name, whatever its capitals; None if there is none."""
    found: int | None = tx.execute(
        select(business.c.id).where(func.lower(business.c.name) == func.lower(name))
    ).scalar()
    return found


def change(tx: Connection, business_id: int, **values: Any) -> Business:
    """Change columns of a business and raise its revision."""
    touched = {**values, "revision": business.c.revision + 1}
    tx.execute(update(business).where(business.c.id == business_id).values(**touched))
    return get(tx, business_id)


def name_of(tx: Connection, business_id: int) -> str:
    """The name of a business, of whose row nothing else need be readable."""
    return str(tx.execute(select(business.c.name).where(business.c.id == business_id)).scalar_one())


def touch(tx: Connection, *business_ids: int) -> None:
    """Raise the revision: something of these businesses has changed."""
    tx.execute(update(business).where(business.c.id.in_(business_ids)).values(revision=business.c.revision + 1))


def with_other_tzdata(tx: Connection, tzdata: str, *, after: int = 0, limit: int = 100) -> list[int]:
    """Whose instants were derived with another release of the zone rules: the first ids above ``after``."""
    behind = (business.c.tzdata != tzdata) & (business.c.id > after)
    return list(tx.execute(select(business.c.id).where(behind).order_by(business.c.id).limit(limit)).scalars())
