"""The next dates of a cadence as they are shown: five that get a post, and what falls into a pause between them."""

from datetime import UTC, date, datetime

from planner.core.forecast import Ahead, ahead, next_date
from planner.core.model import Cadence, Pause

MADE = datetime(2026, 1, 1, tzinfo=UTC)
CHRISTMAS = Pause(
    id=1, business_id=1, channel_id=None, first=date(2026, 12, 24), last=date(2027, 1, 3), reason="Ferien"
)


def cadence(rrule: str, start: str = "2026-12-01T09:00", **values: object) -> Cadence:
    return Cadence(
        id=1, business_id=1, channel_id=7, dtstart=datetime.fromisoformat(start), rrule=rrule, created_at=MADE, **values
    )  # type: ignore[arg-type]


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00")


def test_five_dates() -> None:
    found = ahead(cadence("FREQ=WEEKLY;BYDAY=TU"), at("2026-12-02"), [], "Europe/Berlin")
    days = ["2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29", "2027-01-05"]
    assert found == [Ahead(at(day)) for day in days]


def test_paused_dates_stand_between_them_and_do_not_count() -> None:
    found = ahead(cadence("FREQ=DAILY"), at("2026-12-23"), [CHRISTMAS], "Europe/Berlin", 2)
    assert found == [
        Ahead(at("2026-12-23")), Ahead(at("2026-12-24"), CHRISTMAS, 11, at("2027-01-03")), Ahead(at("2027-01-04"))
    ]  # fmt: skip


def test_the_pause_of_another_channel_is_none() -> None:
    other = Pause(id=2, business_id=1, channel_id=8, first=date(2026, 12, 1), last=date(2026, 12, 31))
    own = Pause(id=3, business_id=1, channel_id=7, first=date(2026, 12, 1), last=date(2026, 12, 31))
    daily = cadence("FREQ=DAILY")
    assert next_date(daily, at("2026-12-01"), [other], "Europe/Berlin") == at("2026-12-01")
    assert next_date(daily, at("2026-12-01"), [own], "Europe/Berlin") == at("2027-01-01")


def test_what_has_ended_has_no_date() -> None:
    assert next_date(cadence("FREQ=DAILY", end=at("2026-12-05")), at("2026-12-05"), [], "UTC") is None
    assert ahead(cadence("FREQ=DAILY;COUNT=2"), at("2026-12-02"), [], "UTC") == [Ahead(at("2026-12-02"))]


def test_left_out_days_stand_between_them_and_do_not_count() -> None:
    left_out = cadence("FREQ=DAILY", exdates=(date(2026, 12, 2), date(2026, 12, 24)))
    found = ahead(left_out, at("2026-12-01"), [], "UTC", 2)
    assert found == [Ahead(at("2026-12-01")), Ahead(at("2026-12-02"), excepted=True), Ahead(at("2026-12-03"))]
    assert next_date(left_out, at("2026-12-02"), [], "UTC") == at("2026-12-03")
    assert next_date(left_out, at("2026-12-24"), [CHRISTMAS], "UTC") == at("2027-01-04"), "the pause takes it first"


def test_a_time_that_the_clocks_leave_out_is_shown_as_they_show_it() -> None:
    found = ahead(cadence("FREQ=DAILY", "2027-03-28T02:30"), datetime(2027, 3, 28), [], "Europe/Berlin", 1)
    assert found == [Ahead(datetime(2027, 3, 28, 3, 30))]
