"""The two posts that tell of a pause."""

from datetime import date

import pytest

from actions.conftest import Shop, utc
from planner.actions import closing, overview
from planner.actions.pauses import close
from planner.core.model import Channel, Pause, Status
from planner.core.weeks import Week

FERIEN = (date(2026, 12, 24), date(2027, 1, 6))


def shut(shop: Shop, channel: Channel | None = None) -> Pause:
    with shop.database.write() as tx:
        return close(tx, shop.business_in(tx), *FERIEN, channel=channel, now=shop.now).pause


def tell(shop: Shop, pause: Pause, channel: Channel | None = None, now: str = "2026-11-30T09:00") -> list[str]:
    with shop.database.write() as tx:
        made = closing.tell(tx, shop.business_in(tx), pause.id, channel or shop.channel, texts=shop.texts, now=utc(now))
    return [f"{post.due_local:%m-%d %H:%M} {post.title}" for post in made]


def test_closed_and_back_at_the_usual_time(shop: Shop) -> None:
    shop.cadence("FREQ=WEEKLY;BYDAY=TU", "2026-12-01T10:30")
    pause = shut(shop)
    assert tell(shop, pause) == [
        "12-23 10:30 Geschlossen von Donnerstag, 24. Dezember bis Mittwoch, 6. Januar",
        "01-07 10:30 Wir sind wieder da",
    ]
    told = shop.on("2026-12-23")
    assert "Ab Donnerstag, 7. Januar sind wir wieder da." in told.text
    assert told.text.endswith("?")
    assert (told.status, told.slot, told.cadence_id) == (Status.DRAFTED, None, None)
    assert told.hint


def test_twice_is_once_and_another_channel_may_tell_it_too(shop: Shop) -> None:
    whatsapp = shop.add_channel("whatsapp")
    pause = shut(shop)
    assert len(tell(shop, pause)) == 2
    assert tell(shop, pause) == []
    assert [line[:11] for line in tell(shop, pause, whatsapp)] == ["12-23 09:00", "01-07 09:00"]
    with shop.database.read() as tx:
        found = closing.telling(tx, shop.business_in(tx), [pause], [shop.channel.id, whatsapp.id], date(2026, 12, 1))
    assert not found[pause.id].open
    assert len(found[pause.id].made) == 4


def test_in_the_middle_of_it_only_the_return_is_told(shop: Shop) -> None:
    assert [line[:5] for line in tell(shop, shut(shop), now="2026-12-28T09:00")] == ["01-07"]


def test_the_pause_of_one_channel_is_not_told_on_another(shop: Shop) -> None:
    whatsapp = shop.add_channel("whatsapp")
    pause = shut(shop, whatsapp)
    with pytest.raises(closing.OtherChannel):
        tell(shop, pause)
    assert len(tell(shop, pause, whatsapp)) == 2


def test_the_goal_shrinks_and_the_notice_owes_nothing(shop: Shop) -> None:
    shop.cadence("FREQ=WEEKLY;BYDAY=MO,FR", "2026-12-01T09:00")
    tell(shop, shut(shop))
    with shop.database.read() as tx:
        week = overview.summary_of(tx, shop.business_in(tx), Week(2026, 52), utc("2026-12-30T09:00")).channels[0].this
    assert (week.goal, week.planned) == (1, 2)  # Monday's, and the notice; Friday, the 25th, is closed
