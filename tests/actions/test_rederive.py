"""After a new release of the zone rules: business by business, each transaction short, none held up by another."""

from sqlalchemy import text

from actions.conftest import Shop
from planner.actions import rederive
from planner.store.queries import businesses


def two_more(shop: Shop) -> list[int]:
    """The ids of three businesses, the bakery first."""
    with shop.database.write() as tx:
        more = [
            businesses.add(tx, name=name, timezone="Europe/Berlin", language="de", created_at=shop.now).id
            for name in ("Salon", "Elektro")
        ]
    return [shop.id, *more]


def test_one_call_follows_for_so_many_businesses_and_says_where_to_go_on(shop: Shop) -> None:
    ids, last, seen = two_more(shop), 0, []
    while last is not None:
        with shop.database.write() as tx:
            last = rederive.follow(tx, "2027.9", shop.now, after=last, limit=1).last
            seen.append(last)
    assert seen == [*ids, None]
    with shop.database.read() as tx:
        assert businesses.with_other_tzdata(tx, "2027.9") == []


def test_a_broken_business_is_named_and_does_not_hold_up_the_others(shop: Shop) -> None:
    _, broken, _ = two_more(shop)
    with shop.database.write() as tx:
        tx.execute(text("UPDATE business SET timezone = 'Europe/Bielefeld' WHERE id = :id"), {"id": broken})
        done = rederive.follow(tx, "2027.9", shop.now)
        assert businesses.with_other_tzdata(tx, "2027.9") == [broken]
    assert [error.values["business"] for error in done.errors] == ["Salon"]
    assert "planner business set" in done.errors[0].sentence()
