"""The portraits of the platforms: every file is whole, every figure has a source, and none is more than it is."""

import re
import time as clock
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest

from planner import resources
from planner.catalogue import platform, platform_keys, read_platform
from planner.catalogue.portraits import Criterion, Kind, Portrait, Source, Tier, portrait, portraits
from planner.catalogue.telling import CRITERIA, Section, efforts, how_often, origin, sections, span, statements
from planner.language import LANGUAGES, translations

RESEARCHED = {
    "gbp", "whatsapp", "youtube", "facebook", "instagram", "tiktok", "linkedin", "xing", "pinterest", "x", "threads",
    "bluesky", "mastodon", "telegram", "snapchat", "reddit", "twitch", "nebenan", "tripadvisor", "vimeo", "tumblr",
    "flickr", "newsletter", "website", "podcast",
}  # fmt: skip
NEGLIGIBLE = {"vimeo", "tumblr", "flickr"}
# Where a platform speaks for itself. FT carries what Pinterest gave to Business Wire, Business Insider what Tripadvisor
# gave to PR Newswire; Twitch belongs to Amazon.
OWN = {
    "gbp": {"developers.google.com", "support.google.com"}, "youtube": {"support.google.com"},
    "pinterest": {"help.pinterest.com", "markets.ft.com"}, "x": {"docs.x.com"},
    "threads": {"developers.facebook.com", "about.fb.com"}, "snapchat": {"help.snapchat.com"},
    "bluesky": {"github.com/bluesky-social"}, "mastodon": {"github.com/mastodon"}, "telegram": {"core.telegram.org"},
    "reddit": {"github.com/reddit-archive"}, "twitch": {"advertising.amazon.com"},
    "nebenan": {"hilfe.nebenan.de", "presse.nebenan.de"},
    "tripadvisor": {"www.tripadvisorsupport.com", "en.tripadvisor.com.hk", "markets.businessinsider.com"},
}  # fmt: skip
PUBLIC = {"www.media-perspektiven.de", "www.ard-media.de"}
STANDARD = {"www.rfc-editor.org"}
# Pages that repeat another without being it: no source for anything, a rule of thumb neither.
MIRRORS = {
    "www.europesays.com", "quatschzone.com", "tech.slashdot.org", "www.infodocket.com", "www.cc94.com",
    "girlswars.com", "wikiwand.com", "technozion.org", "pubt.io", "mastodawn.com", "rbtglobal.com.br",
    "www.mexc.ee", "tmp.4pmtech.com", "tn-deutschland.com",
}  # fmt: skip
# Tools that speak of other people's platforms.
TOOLS = re.compile(r"zernio|ayrshare|postiz|getlate|bulkit|emplifi|360dialog|blueticks|salesmartly|marketingskills")


def sources(of: Portrait) -> Iterator[Source]:
    tables = (of.facts, of.ages, of.limits, of.traps, of.expiries, of.frequencies, of.efforts, of.replies)
    yield from (each.source for table in tables for each in table)
    yield from of.sources.values()
    if of.feed:
        yield of.feed.source
    if of.answering:
        yield of.answering.source


ALL = [pytest.param(portrait(key), id=key) for key in platform_keys()]
EVERY_SOURCE = [(each.key, source) for each in portraits() for source in sources(each)]


def test_the_platforms_of_the_research_are_all_there() -> None:
    assert set(platform_keys()) == RESEARCHED | {"shop_window"}


@pytest.mark.parametrize("each", ALL)
def test_a_portrait_is_whole(each: Portrait) -> None:
    assert set(each.reason) == set(each.score.why) == set(each.types) == set(LANGUAGES)
    assert all(len(each.reason[language]) <= 130 for language in LANGUAGES), "a sentence, not a page"
    assert {effort.content for effort in each.efforts} == set(each.content), "what has to be made costs time"
    told = {fact.criterion for fact in each.facts} | ({Criterion.AUDIENCE} if each.ages else set())
    assert told == set(Criterion)
    assert each.frequencies, "how often, if at all"


# Where a search found nothing that may be shown as a fact; what stands there is a rule of thumb.
WITHOUT_FACT = {("vimeo", "size")}
UNCOUNTED = {"vimeo", "tripadvisor"}  # of Tripadvisor the reviews were counted, not the people


@pytest.mark.parametrize("each", ALL)
def test_each_criterion_has_a_fact(each: Portrait) -> None:
    """With figure or words, source and year; what ages a study counted tells of the audience, too."""
    known = {fact.criterion for fact in each.facts if fact.source.is_fact}
    known |= {Criterion.AUDIENCE for age in each.ages if age.source.is_fact}
    assert {c for c in Criterion if (each.key, c.value) in WITHOUT_FACT} == set(Criterion) - known
    counted = [fact for fact in each.facts if fact.criterion is Criterion.SIZE and fact.source.is_fact and fact.figure]
    assert bool(counted) is (each.key not in UNCOUNTED)


@pytest.mark.parametrize("each", ALL)
def test_every_text_is_in_every_language_and_no_copy_of_another(each: Portrait) -> None:
    texts = [each.reason, each.score.why, *(fact.text for fact in each.facts), *(t.text for t in each.traps)]
    names = [item.what for table in (each.limits, each.expiries, each.frequencies) for item in table]
    for words in [*texts, *names, *(expiry.after for expiry in each.expiries)]:
        assert set(words) == set(LANGUAGES)
    assert [words["en"] for words in texts if words["en"] == words["de"]] == []


@pytest.mark.parametrize("key", sorted(RESEARCHED))
def test_german_says_sie(key: str) -> None:
    file = resources.folder("schedules") / "platforms" / f"{key}.toml"
    assert re.findall(r"\b(?:du|dein\w{0,2}|dich|dir)\b", file.read_text("utf-8"), re.IGNORECASE) == []


@pytest.mark.parametrize("each", ALL)
def test_a_share_stands_in_both_texts(each: Portrait) -> None:
    for fact in each.facts:
        if fact.unit == "%":
            assert all(f"{fact.figure} %" in fact.text[language] for language in LANGUAGES), fact.text
            assert 0 < (fact.figure or 0) <= 100
        elif fact.unit:
            assert fact.figure is not None
            shown = [re.sub(r"(\d)[.,](\d{3})\b", r"\1\2", fact.text[language]) for language in LANGUAGES]
            number = re.findall(r"[\d.,]+", shown[0])[0]
            size = 1_000_000_000 if "billion" in shown[0] else 1_000_000 if "million" in shown[0] else 1
            assert float(number) * size == pytest.approx(fact.figure, rel=0.005)
            assert number.replace(".", ",") in shown[1]


@pytest.mark.parametrize(("key", "source"), EVERY_SOURCE)
def test_a_source_is_what_it_is_said_to_be(key: str, source: Source) -> None:
    parts = urlsplit(source.address or "")
    host = parts.hostname or ""
    if source.address is not None:
        assert parts.scheme in ("https", "http")
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)
        assert source.says, "who says so"
    assert host not in MIRRORS, "a mirror is no source"
    if source.kind == "platform":
        owners = host if host != "github.com" else "/".join([host, parts.path.split("/")[1]])
        assert owners in OWN[key]
    elif source.kind == "statistics":
        assert host in PUBLIC
    elif source.kind == "standard":
        assert host in STANDARD
    elif source.kind == "publisher":
        assert not TOOLS.search(source.address or ""), "a tool is no publisher"
    if source.is_fact:
        assert source.kind != "rule of thumb"
        assert source.address
        assert 2010 <= (source.year or 0) <= date(2026, 12, 31).year


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        (Source("statistics", "ARD/ZDF", "https://ard-media.example", 2025), True),
        (Source("platform", "X", "https://docs.x.com", None), False),
        (Source("rule of thumb", "Zernio", "https://zernio.example", 2026), False),
        (Source("rule of thumb", None, None, None), False),
    ],
)
def test_what_is_a_fact(source: Source, fact: bool) -> None:
    assert source.is_fact is fact


def test_the_core_comes_first_and_is_what_is_most_interesting() -> None:
    found = portraits()
    assert [each.key for each in found[:3]] == ["gbp", "whatsapp", "youtube"]
    assert {each.key for each in found if each.tier is Tier.VERY_INTERESTING} == {"gbp", "whatsapp", "youtube"}
    assert [list(Tier).index(each.tier) for each in found] == sorted(list(Tier).index(each.tier) for each in found)
    assert {each.key for each in found if each.platform.core} == {"gbp", "whatsapp", "youtube"}


def test_what_is_negligible_says_so() -> None:
    for key in NEGLIGIBLE:
        found = portrait(key)
        assert found.tier is Tier.UNINTERESTING
        assert found.reason["en"].startswith("Negligible")
        assert found.reason["de"].startswith("Zu vernachlässigen")


@pytest.mark.parametrize(
    ("key", "words"),
    [("gbp", "telephone number"), ("whatsapp", "consent beforehand"), ("whatsapp", "saved your number"),
     ("newsletter", "consent beforehand"), ("nebenan", "business profile"), ("reddit", "one post in ten")],
)  # fmt: skip
def test_the_traps_that_cost_most_are_named(key: str, words: str) -> None:
    assert [trap for trap in portrait(key).traps if words in trap.text["en"]]


@pytest.mark.parametrize(
    ("key", "days"), [("gbp", {180, None}), ("whatsapp", {1, 30}), ("instagram", {1}), ("pinterest", set())]
)
def test_what_disappears_and_when(key: str, days: set[int | None]) -> None:
    assert {each.days for each in portrait(key).expiries} == days


def test_which_platforms_the_public_can_read() -> None:
    assert {each.key for each in portraits() if each.feed} == {
        "youtube", "pinterest", "bluesky", "mastodon", "telegram", "reddit", "tumblr", "flickr", "website", "podcast",
    }  # fmt: skip


def test_the_limit_of_a_text_is_told_and_counted_alike() -> None:
    for each in portraits():
        if limit := platform(each.key).text_limit:
            assert limit in [told.value for told in each.limits], each.key
            assert "text_limit" in each.sources
        else:
            told = {limit.what["en"] for limit in each.limits}
            assert not told & {"Characters in a text", "Characters in a description", "Characters in a post"}, each.key


@pytest.mark.parametrize("each", ALL)
def test_a_range_is_one(each: Portrait) -> None:
    for effort in each.efforts:
        assert 5 <= effort.least < effort.most <= 600
    for frequency in each.frequencies:
        assert frequency.most is None or frequency.least <= frequency.most
    for age in each.ages:
        assert age.last is None or age.first < age.last


def test_reading_costs_little() -> None:
    """What a morning reads, the platforms of the core trio, takes a few milliseconds, and no file is near the bound."""
    folder = resources.folder("schedules") / "platforms"
    assert max(file.stat().st_size for file in folder.glob("*.toml")) * 1.5 <= resources.LARGEST

    def once() -> float:
        began = clock.process_time()
        for key in ("gbp", "whatsapp", "youtube"):
            read_platform(folder / f"{key}.toml")
        return clock.process_time() - began

    assert min(once() for _ in range(10)) < 0.01


# --- in sentences ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("each", ALL)
def test_nothing_known_is_left_unsaid(each: Portrait, language: str) -> None:
    told = statements(each, language, translations(language).gettext)
    tables = (each.facts, each.ages, each.limits, each.traps, each.expiries, each.frequencies, each.efforts,
              each.replies, [each.answering] if each.answering else [])  # fmt: skip
    assert len(told) == sum(map(len, tables))
    split = [sections(told, facts=facts) for facts in (True, False)]
    assert sorted(s.text for shelf in split for there in shelf.values() for s in there) == sorted(s.text for s in told)
    assert not [s for there in split[0].values() for s in there if not s.source.is_fact]
    assert not [s.text for s in told if "{" in s.text or "  " in s.text or not s.text.isprintable()]
    assert [section for section in split[1] if section in CRITERIA] == [c for c in CRITERIA if c in split[1]]


def test_the_numbers_of_a_language() -> None:
    (limit,) = [s for s in statements(portrait("gbp"), "de", str) if s.text.startswith("Zeichen im Beitrag")]
    assert (limit.text, limit.section) == ("Zeichen im Beitrag: 1.500", Section.LIMITS)
    assert "3,07 Milliarden" in "".join(s.text for s in statements(portrait("facebook"), "de", str))


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [(10, 20, "10–20 min"), (15, 15, "15 min"), (120, 600, "2–10 h"), (90, 210, "1½–3½ h"), (20, 180, "½–3 h")],
)
def test_a_span_of_time(least: int, most: int, words: str) -> None:
    assert span(least, most, str) == words


def test_who_says_so() -> None:
    assert origin(Source("platform", "X", "https://docs.x.com", None), str) == "X, undated"
    assert origin(Source("publisher", "taz", "https://taz.de", 2025), str) == "taz, 2025"
    assert origin(Source("rule of thumb", None, None, None), translations("de").gettext) == "unsere eigene Einschätzung"


def test_how_often_and_how_long() -> None:
    often = {how_often(each, str) for each in portrait("gbp").frequencies}
    assert often == {"1 a week", "1 or more a week", "2–4 a month"}
    assert efforts(portrait("newsletter"), translations("de").gettext) == "Text 1–3 Std., Bild 15–30 Min."


def test_kinds_of_content_are_four() -> None:
    assert {kind for each in portraits() for kind in each.content} == set(Kind)
