"""The catalogue: what it holds can be used."""

from datetime import datetime, time
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import catalogue, resources
from planner.catalogue import Platform
from planner.catalogue.portraits import portrait
from planner.core.model import Content, Mix, OnHoliday, Pillar, Purpose, Window
from planner.core.recurrence import expand, parse_rule
from planner.errors import NoSuchPlatform, NoSuchPreset, NoSuchTrade, Problems
from planner.language import LANGUAGES

TEXT = "Grüße & Küsse: 100 % „Brot“?\n#1 + 2"
CORE = {"gbp", "whatsapp", "youtube"}


# --- what there is --------------------------------------------------------------------------------------


def test_the_core_platforms_are_the_three_of_the_plan() -> None:
    assert {key for key in catalogue.platform_keys() if catalogue.platform(key).core} == CORE


@pytest.mark.parametrize("key", catalogue.platform_keys())
def test_a_platform_has_a_name_in_every_language(key: str) -> None:
    assert set(catalogue.platform(key).names) == set(LANGUAGES)


@pytest.mark.parametrize("key", catalogue.platform_keys())
def test_a_compose_link_is_an_address_without_blanks_left_over(key: str) -> None:
    link = catalogue.platform(key).compose_link(TEXT, "Titel")
    if link is not None:
        assert urlsplit(link).scheme in ("https", "mailto")
        assert link.isascii()
        assert not set(link) & set(' "<>\\^`{|}\n')


def test_a_platform_that_takes_a_text_gets_it_whole() -> None:
    taking = [key for key in catalogue.platform_keys() if catalogue.platform(key).prefills]
    assert set(taking) == {
        "whatsapp", "x", "threads", "bluesky", "linkedin", "newsletter", "mastodon", "telegram", "reddit",
    }  # fmt: skip
    for key in taking:
        parts = urlsplit(catalogue.platform(key).compose_link(TEXT) or "")
        query = parse_qs(parts.query or parts.fragment)
        assert TEXT in [value.replace("\r\n", "\n") for values in query.values() for value in values]


@pytest.mark.parametrize(
    ("key", "link"),
    [
        ("whatsapp", "https://wa.me/?text=A%20%26%20B%3F%0A%C3%A4"),
        ("gbp", "https://business.google.com/posts"),
        ("youtube", "https://www.youtube.com/upload"),
        ("newsletter", "mailto:?subject=T%C3%BCr&body=A%20%26%20B%3F%0D%0A%C3%A4"),
        ("mastodon", "https://share.joinmastodon.org/#text=A%20%26%20B%3F%0A%C3%A4"),
        ("telegram", "https://t.me/share/url?url=A%20%26%20B%3F%0A%C3%A4"),
        ("reddit", "https://www.reddit.com/submit?selftext=true&title=T%C3%BCr&text=A%20%26%20B%3F%0A%C3%A4"),
        ("shop_window", None),
        ("website", None),  # everybody's own, with an address of its own
    ],
)
def test_where_a_post_is_begun(key: str, link: str | None) -> None:
    assert catalogue.platform(key).compose_link("A & B?\nä", "Tür") == link


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_breaks_out_of_its_place_in_the_link(text: str, title: str) -> None:
    platform = Platform("any", {"en": "Any"}, False, "https://example.org/?t={title}&x={text}", None)
    query = (platform.compose_link(text, title) or "").partition("?")[2]
    assert [unquote(part.partition("=")[2]) for part in query.split("&")] == [title, text]


def test_an_unknown_platform_names_the_known_ones() -> None:
    with pytest.raises(NoSuchPlatform, match=r"gbp.*whatsapp.*youtube"):
        catalogue.platform("fax")


@pytest.mark.parametrize("key", ["../presets/core-trio", "", "GBP", "gbp.toml"])
def test_only_the_names_of_the_catalogue_are_platforms(key: str) -> None:
    with pytest.raises(NoSuchPlatform):
        catalogue.platform(key)


# --- presets --------------------------------------------------------------------------------------------


def dates(name: str, platform: str, count: int) -> list[str]:
    """The first dates of a preset's cadence from Monday 30 November 2026."""
    cadence = next(each for each in catalogue.preset(name).cadences if each.platform == platform)
    start = datetime.combine(datetime(2026, 11, 30), cadence.time)
    window = Window(start, datetime(2028, 1, 1))
    return [f"{each:%a %Y-%m-%d %H:%M}" for each in islice(expand(parse_rule(cadence.rrule), start, window), count)]


@pytest.mark.parametrize(
    ("name", "platform", "expected"),
    [
        ("core-trio", "gbp", ["Tue 2026-12-01 09:00", "Tue 2026-12-08 09:00"]),
        ("core-trio", "whatsapp", ["Thu 2026-12-03 11:00", "Thu 2026-12-10 11:00"]),
        ("core-trio", "youtube", ["Wed 2026-12-02 17:00", "Wed 2027-01-06 17:00", "Wed 2027-02-03 17:00"]),
        ("core-trio-light", "gbp", ["Tue 2026-12-01 09:00", "Tue 2026-12-15 09:00"]),
    ],
)
def test_when_a_preset_posts(name: str, platform: str, expected: list[str]) -> None:
    assert dates(name, platform, len(expected)) == expected


@pytest.mark.parametrize("name", catalogue.preset_keys())
def test_a_preset_talks_before_it_advertises(name: str) -> None:
    for cadence in catalogue.preset(name).cadences:
        if cadence.purpose is Purpose.REPLYING:
            assert cadence.pillars == ()
            continue
        advertising = [pillar for pillar in cadence.pillars if pillar.mix is Mix.PROMOTION]
        assert len(advertising) * 5 <= len(cadence.pillars)
        assert any(pillar.mix is Mix.DIALOGUE for pillar in cadence.pillars[:2])


@pytest.mark.parametrize("name", catalogue.preset_keys())
def test_a_preset_covers_the_core_and_has_a_title_in_every_language(name: str) -> None:
    preset = catalogue.preset(name)
    platforms = [cadence.platform for cadence in preset.cadences if cadence.purpose is Purpose.POSTING]
    answering = [cadence.platform for cadence in preset.cadences if cadence.purpose is Purpose.REPLYING]
    assert len(answering) == len(set(answering) & set(platforms))
    others = set(platforms) - CORE
    assert set(platforms) >= CORE
    assert len(platforms) == len(set(platforms))
    assert len(others) <= (2 if name in catalogue.trade_keys() else 0)
    assert set(preset.titles) == set(LANGUAGES)


def test_every_trade_has_a_preset() -> None:
    usual = {"core-trio", "core-trio-answering", "core-trio-light"}
    assert set(catalogue.trade_keys()) == set(catalogue.preset_keys()) - usual


@pytest.mark.parametrize("name", catalogue.trade_keys())
def test_a_trade_s_preset_differs_from_the_usual_one_and_says_why(name: str) -> None:
    usual, own = catalogue.preset("core-trio"), catalogue.preset(name)
    assert own.cadences != usual.cadences
    file = resources.folder("schedules") / "presets" / f"{name}.toml"
    assert file.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("name", catalogue.preset_keys())
def test_the_advertising_of_a_preset_comes_last(name: str) -> None:
    for cadence in catalogue.preset(name).cadences:
        mixes = [pillar.mix is Mix.PROMOTION for pillar in cadence.pillars]
        assert mixes == sorted(mixes)
        assert len(set(cadence.pillars)) == len(cadence.pillars)


def test_the_trio_with_answering_posts_as_the_usual_one_and_answers_as_the_platforms_say() -> None:
    usual, own = catalogue.preset("core-trio"), catalogue.preset("core-trio-answering")
    assert tuple(each for each in own.cadences if each.purpose is Purpose.POSTING) == usual.cadences
    for each in (each for each in own.cadences if each.purpose is Purpose.REPLYING):
        offered = portrait(each.platform).answering
        assert offered is not None
        assert (each.rrule, each.time, each.on_holiday) == (offered.rrule, offered.time, OnHoliday.SKIP)


@pytest.mark.parametrize(("language", "name"), [("de", "Google-Unternehmensprofil"), ("en", "Google Business Profile")])
def test_a_channel_is_called_in_the_language_of_the_business(language: str, name: str) -> None:
    assert catalogue.preset("core-trio").cadences[0].channel_name(language) == name


GOOD = """\
title = { en = "Salon" }

[[cadence]]
platform = "gbp"
rrule = "FREQ=WEEKLY;BYDAY=WE"
time = "9:30"
name = { de = "Google-Profil" }
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_preset_of_ones_own_from_any_editor(tmp_path: Path, encoding: str, newline: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding, newline=newline)
    (cadence,) = catalogue.preset(str(file)).cadences
    assert (cadence.time, cadence.platform) == (time(9, 30), "gbp")
    assert cadence.channel_name("de") == "Google-Profil"
    assert cadence.channel_name("en") == "Google Business Profile"
    assert Pillar.QUESTION in cadence.pillars, "without pillars the usual ones"


def test_a_preset_says_what_a_public_holiday_does(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, "utf-8")
    assert catalogue.preset(str(file)).cadences[0].on_holiday is OnHoliday.KEEP
    file.write_text(f'{GOOD}on_holiday = "before"\n', "utf-8")
    assert catalogue.preset(str(file)).cadences[0].on_holiday is OnHoliday.BEFORE
    file.write_text(f'{GOOD}on_holiday = "never"\n', "utf-8")
    with pytest.raises(Problems, match="“never” is not known; write one of keep, before, after, skip"):
        catalogue.preset(str(file))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('purpose = "shouting"', "“purpose” cannot be “shouting”; there are: posting, replying."),
        ('purpose = "replying"\npillars = ["tip"]', "rounds of answering publish nothing; leave “pillars” out."),
        ('purpose = "replying"\ncontent = "video"', "rounds of answering publish nothing; leave “content” out."),
        ('purpose = "replying"\non_holiday = "before"', "rounds of answering do not move; write keep or skip."),
    ],
)
def test_a_preset_of_answering_says_what_it_cannot_have(tmp_path: Path, more: str, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"{GOOD}{more}\n", "utf-8")
    with pytest.raises(Problems, match=words):
        catalogue.preset(str(file))
    file.write_text(f'{GOOD}purpose = "replying"\n', "utf-8")
    (cadence,) = catalogue.preset(str(file)).cadences
    assert (cadence.purpose, cadence.pillars) == (Purpose.REPLYING, ())


def test_a_preset_says_what_posts_are_made_of(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, "utf-8")
    assert catalogue.preset(str(file)).cadences[0].content is None
    file.write_text(f'{GOOD}content = "video"\n', "utf-8")
    assert catalogue.preset(str(file)).cadences[0].content is Content.VIDEO
    file.write_text(f'{GOOD}content = "film"\n', "utf-8")
    with pytest.raises(Problems, match="“content” cannot be “film”; there are: text, photo, video, audio"):
        catalogue.preset(str(file))


@pytest.mark.parametrize("name", ["nope", "./gone.toml", "", "x" * 5000, "a\0b", "../core-trio"])
def test_a_preset_that_is_not_there_names_the_ones_that_are(name: str) -> None:
    with pytest.raises(NoSuchPreset, match="core-trio, core-trio-answering, core-trio-light"):
        catalogue.preset(name)


def test_a_folder_is_no_preset(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPreset):
        catalogue.preset(str(tmp_path))


# --- trades ---------------------------------------------------------------------------------------------


def test_the_trades_small_businesses_have() -> None:
    assert len(catalogue.trade_keys()) >= 14
    assert "any" not in catalogue.trade_keys()
    first, *others = catalogue.trade_names("de")
    assert first == ("", "Ein anderes Gewerbe")
    assert [name for _key, name in others] == sorted(name for _key, name in others)


def test_a_trade_whose_file_is_gone_takes_neutral_words() -> None:
    assert catalogue.trade_words("chandler", "de", "winter") == catalogue.trade_words("", "de", "winter")
    with pytest.raises(NoSuchTrade, match=r"bakery.*hairdresser"):
        catalogue.trade("chandler")


@pytest.mark.parametrize("key", ["any", "../presets/core-trio", "Bakery"])
def test_only_the_names_of_the_catalogue_are_trades(key: str) -> None:
    with pytest.raises(NoSuchTrade):
        catalogue.trade(key)
