"""Beginning and ending a cadence, and the channels they need."""

from datetime import date

import pytest

from actions.conftest import Shop, local, utc
from planner.actions import cadences as verbs
from planner.actions import posts
from planner.actions.cadences import HasEnded, NothingToPublish
from planner.actions.channels import NameTaken
from planner.core.model import Cadence, Channel, Content, Pillar, Purpose
from planner.core.rotation import TooMuchPromotion
from planner.errors import NoSuchCadence, NoSuchChannel, NoSuchPlatform, PlannerError, RuleRefused
from planner.store.queries import cadences, channels

TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"


def end(shop: Shop, cadence: Cadence, on: str) -> tuple[Cadence, int]:
    with shop.database.write() as tx:
        return verbs.end_cadence(tx, shop.business_in(tx), cadence.id, date.fromisoformat(on), now=shop.now)


# --- beginning ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "start", "pillars", "error"),
    [
        ("FREQ=HOURLY", "2026-11-30T09:00", [], RuleRefused),
        ("FREQ=WEEKLY;INTERVAL=0", "2026-11-30T09:00", [], RuleRefused),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-11-30T09:00", [], RuleRefused),
        (TUESDAYS, "2026-11-30T09:00", [Pillar.OFFER, Pillar.TIP], TooMuchPromotion),
    ],
)
def test_what_cannot_be_used_leaves_nothing_behind(
    shop: Shop, rule: str, start: str, pillars: list[Pillar], error: type[PlannerError]
) -> None:
    before = shop.business.revision
    with pytest.raises(error):
        shop.cadence(rule, start, pillars=pillars)
    assert (shop.posts(), shop.business.revision) == ([], before)
    with shop.database.read() as tx:
        assert cadences.of_business(tx, shop.id) == []


def test_it_is_kept_as_it_was_said(shop: Shop) -> None:
    made = shop.cadence(
        "freq=weekly;byday=tu,th", "2026-11-30T09:00", pillars=[Pillar.TIP, Pillar.TEAM], exdates=[date(2026, 12, 24)]
    )
    with shop.database.read() as tx:
        (kept,) = cadences.of_business(tx, shop.id)
    assert kept.rrule == "FREQ=WEEKLY;BYDAY=TU,TH"
    assert kept.pillars == (Pillar.TIP, Pillar.TEAM)
    assert kept.exdates == (date(2026, 12, 24),)
    assert (kept.id, kept.end) == (made.id, None)
    assert kept.planned_until == local("2027-03-08T00:00")
    assert kept.position == len(shop.posts()) == 27


# --- ending ------------------------------------------------------------------------------------------------------


def test_its_posts_are_made_of_what_it_says(shop: Shop) -> None:
    made = shop.cadence(TUESDAYS, "2026-11-30T09:00", content=Content.VIDEO)
    assert made.content is Content.VIDEO
    assert {post.content for post in shop.posts()} == {Content.VIDEO}
    assert not any(post.edited or post.revision for post in shop.posts()), "nobody has touched them"
    before = len(shop.posts())
    shop.plan(utc("2027-02-01T08:00"))
    assert len(shop.posts()) > before
    assert {post.content for post in shop.posts()} == {Content.VIDEO}


def test_another_kind_of_content_from_a_day_on(shop: Shop) -> None:
    made = shop.cadence(TUESDAYS, "2026-11-30T09:00", content=Content.VIDEO)
    with shop.database.write() as tx:
        after = verbs.change_cadence(
            tx, shop.business_in(tx), made.id, TUESDAYS, local("2026-12-15T09:00"), content=Content.PHOTO,
            texts=shop.texts, now=shop.now,
        )  # fmt: skip
    assert after.content is Content.PHOTO
    kinds = [post.content for post in shop.posts()]
    assert kinds == [Content.VIDEO] * 2 + [Content.PHOTO] * (len(kinds) - 2)


def test_answering_is_made_of_nothing(shop: Shop) -> None:
    with pytest.raises(NothingToPublish):
        shop.cadence(TUESDAYS, "2026-11-30T09:00", purpose=Purpose.REPLYING, content=Content.TEXT)


def test_ending_takes_back_what_nobody_touched(shop: Shop) -> None:
    cadence = shop.cadence(TUESDAYS, "2026-11-30T09:00")
    mine = shop.on("2026-12-22")
    with shop.database.write() as tx:
        posts.edit(tx, mine.id, now=shop.now, text="Frohes Fest")
    ended, gone = end(shop, cadence, "2026-12-15")
    assert (ended.end, gone) == (local("2026-12-15T00:00"), 11)
    assert shop.days() == ["12-01", "12-08", "12-22"]
    assert shop.plan(utc("2027-12-01T08:00")).posts == 0


def test_the_last_day_does_not_belong_to_it(shop: Shop) -> None:
    """Ended on a Tuesday: that Tuesday's post is gone, the one of the Monday before stays."""
    cadence = shop.cadence("FREQ=WEEKLY;BYDAY=MO,TU", "2026-11-30T09:00")
    end(shop, cadence, "2026-12-08")
    assert shop.days() == ["11-30", "12-01", "12-07"]


def test_another_cadence_of_the_channel_goes_on(shop: Shop) -> None:
    ending = shop.cadence(TUESDAYS, "2026-11-30T09:00")
    shop.cadence("FREQ=WEEKLY;BYDAY=FR;COUNT=2", "2026-11-30T09:00")
    end(shop, ending, "2026-11-30")
    assert shop.days() == ["12-04", "12-11"]


def test_an_end_beyond_what_is_planned_is_planned_up_to(shop: Shop) -> None:
    """Planned up to 7 March: the Tuesdays of 9, 16 and 23 March follow in time, the 30th does not."""
    cadence = shop.cadence(TUESDAYS, "2026-11-30T09:00")
    _, gone = end(shop, cadence, "2027-03-30")
    assert (gone, shop.days()[-1]) == (0, "03-02")
    for now in ("2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04"):
        shop.plan(utc(f"{now}T08:00"))
    assert shop.days()[-4:] == ["03-02", "03-09", "03-16", "03-23"]
    with shop.database.read() as tx:
        assert cadences.to_plan(tx, utc("2100-01-01T00:00"), 10) == []


def test_ending_again(shop: Shop) -> None:
    cadence = shop.cadence(TUESDAYS, "2026-11-30T09:00")
    end(shop, cadence, "2027-01-01")
    assert end(shop, cadence, "2027-01-01")[1] == 0
    assert end(shop, cadence, "2026-12-24")[1] == 1  # 29 December
    with pytest.raises(HasEnded, match="24 December 2026"):
        end(shop, cadence, "2027-01-01")


def test_one_that_is_not_there(shop: Shop) -> None:
    with pytest.raises(NoSuchCadence, match="99"), shop.database.write() as tx:
        verbs.end_cadence(tx, shop.business_in(tx), 99, date(2026, 12, 1), now=shop.now)


def test_only_running_ones(shop: Shop) -> None:
    ended = shop.cadence(TUESDAYS, "2026-11-30T09:00")
    running = shop.cadence(TUESDAYS, "2026-11-30T10:00")
    end(shop, ended, "2026-12-01")
    with shop.database.read() as tx:
        on = [cadences.of_business(tx, shop.id, active_on=local(f"2026-{day}T12:00")) for day in ("11-30", "12-01")]
    assert [[each.id for each in found] for found in on] == [[ended.id, running.id], [running.id]]


# --- channels ----------------------------------------------------------------------------------------------------


def test_a_channel_is_called_like_its_platform_unless_named(shop: Shop) -> None:
    assert [shop.add_channel("whatsapp").name, shop.add_channel("youtube", " Backstube ").name] == [
        "WhatsApp",
        "Backstube",
    ]


def test_a_name_is_taken_once(shop: Shop) -> None:
    with pytest.raises(NameTaken, match="google"):
        shop.add_channel("whatsapp", "google")


def test_a_platform_that_is_not_in_the_catalogue(shop: Shop) -> None:
    with pytest.raises(NoSuchPlatform, match="myspace"):
        shop.add_channel("myspace")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Google", "Google"),
        (" google ", "Google"),
        ("gbp", "Google"),
        ("WHATSAPP", "WhatsApp"),
        ("whatsapp Backstube", "WhatsApp Backstube"),
    ],
)
def test_a_channel_by_what_people_call_it(shop: Shop, said: str, found: str) -> None:
    shop.add_channel("whatsapp")
    shop.add_channel("whatsapp", "WhatsApp Backstube")
    with shop.database.read() as tx:
        assert channels.named(tx, shop.id, said).name == found


def by_id(shop: Shop, channel: Channel) -> str:
    with shop.database.read() as tx:
        return channels.named(tx, shop.id, str(channel.id)).name


def test_a_channel_by_its_number(shop: Shop) -> None:
    assert by_id(shop, shop.add_channel("youtube")) == "YouTube"


@pytest.mark.parametrize("said", ["Facebook", "", "instagram"])
def test_a_channel_nobody_knows_or_more_than_one(shop: Shop, said: str) -> None:
    for name in ("A", "B"):
        shop.add_channel("instagram", name)
    with pytest.raises(NoSuchChannel), shop.database.read() as tx:
        channels.named(tx, shop.id, said)
