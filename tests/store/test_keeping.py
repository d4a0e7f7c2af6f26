"""Which copies stay: by their names and the day it is."""

from datetime import date, timedelta

from planner.store.keeping import nightly_name, superfluous

TODAY = date(2026, 11, 30)


def names(*days: date) -> list[str]:
    return [nightly_name(day, ".db") for day in days]


def test_seven_days_and_four_weeks_stay() -> None:
    days = [TODAY - timedelta(days=n) for n in range(60)]
    gone = set(superfluous(names(*days), TODAY))
    kept = [day for day in days if nightly_name(day, ".db") not in gone]
    # Monday to Tuesday of the week before; the Sundays of the weeks before that.
    assert kept == [*days[:7], date(2026, 11, 22), date(2026, 11, 15)]


def test_copies_of_days_to_come_take_nobodys_place() -> None:
    """A clock that was wrong for days made them; they go when their time has come and gone."""
    ahead = [TODAY + timedelta(days=n) for n in range(400, 410)]
    days = [TODAY - timedelta(days=n) for n in range(7)]
    assert superfluous(names(*days, *ahead), TODAY) == []
    later = ahead[-1] + timedelta(days=100)
    newer = [later - timedelta(days=n) for n in range(40)]
    assert set(superfluous(names(*days, *ahead, *newer), later)) >= set(names(*days, *ahead))
