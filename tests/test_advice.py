"""Golden advice for made-up businesses, worked out by hand from the files in schedules/platforms and advice.toml.

A piece is counted half-way between its least and greatest effort, rounded up:

    gbp        text 10-25: 18    image 15-30: 23    video 30-90: 60
    whatsapp   text 5-15: 10     image 5-20: 13     video 15-60: 38     audio 5-15: 10
    youtube    video 120-600: 360
    instagram  image 15-40: 28       facebook     text 10-20: 15, image 15-30: 23
    nebenan    text 10-20: 15        shop_window  text 10-30: 20, image 15-40: 28
    linkedin   text 20-60: 40        newsletter   text 60-180: 120
    website    text 60-240: 150      pinterest    image 15-30: 23

and a week is pieces a year by 52, rounded up: a video every two months 360 × 6 / 52 = 41.5, so 42. The score of 100 is
(size + audience + 2 × use + making) / 15, in points; audience is the mean over the age groups.

Rounds of answering take 5 minutes: three a week on gbp, instagram and facebook, five on whatsapp. They come after the
last channel that begins and before anything is posted more often, the best channel first.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import catalogue
from planner.actions.advise import advice_for
from planner.catalogue import advice_words, advising, telling
from planner.catalogue.portraits import portrait
from planner.core.advice import Advice, Ages, Answers, Criterion, Customers, Helper, Pace
from planner.core.adviser import advise
from planner.core.model import Window
from planner.core.recurrence import check_fires, expand, parse_rule
from planner.core.rotation import check_pillars
from planner.language import LANGUAGES, translations

CORE = {"gbp", "whatsapp", "youtube"}
YOUNG, MIDDLE, OLDER, OLD = Ages


@dataclass(frozen=True)
class Golden:
    """What is answered, the minutes to plan with, the channels as kind, pace, minutes, score; the core missing.

    ``rounds`` are those of answering a week, by channel.
    """

    answers: Answers
    usable: int
    channels: dict[str, str]
    missing: dict[str, str]
    rounds: dict[str, int]


VIDEO = "It lives on content you would rather not make: video."
GOLDEN = {
    # 80 % of 60 is 48. No video, so no YouTube: 18 + 10 = 28, and 20 are left. Instagram, 3 + 1.8 + 2×3 + 3, has 92 but
    # a picture a week is 28; the window (1 + 2 + 2×3 + 3 = 12 of 15) takes 20 × 12/52 = 4.6, so 5. Alone: one beside
    # the core. 15 are left, Google's three rounds.
    "bakery, an hour": Golden(
        Answers(trade="bakery", country="DE", minutes=60),
        48,
        {"gbp": "text week 18 100", "whatsapp": "text week 10 98", "shop_window": "text month 5 80"},
        {"youtube": VIDEO},
        {"gbp": 3},
    ),
    # The same with video: at the slowest 18×12/52 = 4.2, so 5, and 5 and 27.7, so 28, are 38 of 48. 10 are left:
    # Google every other week +4, WhatsApp weekly +5; one is left, not enough for Google weekly (+9) or YouTube (+14).
    "bakery, an hour, with video": Golden(
        Answers(trade="bakery", country="DE", minutes=60, likes=("text", "image", "video")),
        48,
        {"gbp": "text fortnight 9 100", "whatsapp": "text week 10 98", "youtube": "video quarter 28 82"},
        {},
        {},
    ),
    # 120 of 150: the core half-way regularly is 18 + 10 + 42 = 70. Ages 30-69: Instagram's audience is (2 + 1)/2 = 1.5,
    # so 3 + 1.5 + 6 + 3 = 13.5, 90; Facebook (51 % and 33 %, 2 and 2) 3 + 2 + 4 + 3 = 12, 80, before the window with as
    # many by its name. 28 and 15×26/52 = 8 make 106; two of Google's rounds 116; Facebook weekly, +7, and YouTube
    # monthly, +42, are too much.
    "bakery with help": Golden(
        Answers(trade="bakery", country="DE", minutes=150, likes=("text", "image", "video"), ages=(MIDDLE, OLDER),
                helper=Helper.TEAM),
        120,
        {"gbp": "text week 18 100", "whatsapp": "text week 10 100", "youtube": "video two_months 42 80",
         "instagram": "image week 28 90", "facebook": "text fortnight 8 80"},
        {},
        {"gbp": 2},
    ),
    # 144 of 180. Online a map entry has 1 point for use, 2 are asked of the core. LinkedIn: 2 + 1 (29 % of those of
    # 40-49, one point; none for 50-69, so 1) + 2×(3 + 1 by trade) + 3 = 14, 93. 10 + 20, WhatsApp's rounds 25, then
    # weekly 40.
    "consultant online": Golden(
        Answers(trade="consultant", customers=Customers.ONLINE, country="DE", minutes=180, likes=("text",),
                ages=(MIDDLE, OLDER)),
        144,
        {"whatsapp": "text week 10 86", "linkedin": "text week 40 93"},
        {"gbp": "It is of little use for customers who are anywhere: it is found by place.", "youtube": VIDEO},
        {"whatsapp": 5},
    ),
    # 240 of 300. Of 14-29 74 % are on Instagram every week, 3 points, so 100. 23 + 13 + 42 = 78, + 28 + 23×26/52 =
    # 11.5, so 12, is 118. All rounds, 15 + 25 + 15 + 15, make 188. YouTube monthly 83.1, so 84 (+42): 230; Instagram
    # twice, +28, and Facebook weekly, +11, are more than the 10 left.
    "driving school with somebody who films": Golden(
        Answers(trade="driving_school", country="DE", minutes=300, likes=("image", "video"), ages=(YOUNG,),
                helper=Helper.FILMER),
        240,
        {"gbp": "image week 23 100", "whatsapp": "image week 13 100", "youtube": "video month 84 86",
         "instagram": "image week 28 100", "facebook": "image fortnight 12 80"},
        {},
        {"gbp": 3, "whatsapp": 5, "instagram": 3, "facebook": 3},
    ),
    # 36 of 45, all of it: 18 + 10, and nebenan.de, 1 + 1 + 2×(3 + 1 by trade) + 3 = 13, 86, 15×26/52 = 7.5, so 8.
    "electrician who writes": Golden(
        Answers(trade="electrician", country="DE", minutes=45, likes=("text",)),
        36,
        {"gbp": "text week 18 100", "whatsapp": "text week 10 98", "nebenan": "text fortnight 8 86"},
        {"youtube": VIDEO},
        {},
    ),
    # 192 of 240, customers of both kinds: use is the mean, WhatsApp 2.5, Google 2, Instagram 2 + 1 by trade. Ages
    # 14-49: Instagram (3 + 2)/2 = 2.5: 3 + 2.5 + 6 + 3 = 14.5, 96. 23 + 13 + 28 and all rounds, 15 + 25 + 15, then
    # Instagram twice a week, 56.
    "photographer in Austria": Golden(
        Answers(trade="photographer", customers=Customers.BOTH, country="AT", minutes=240, likes=("image",),
                ages=(YOUNG, MIDDLE)),
        192,
        {"whatsapp": "image week 13 93", "gbp": "image week 23 86", "instagram": "image twice 56 96"},
        {"youtube": VIDEO},
        {"whatsapp": 5, "gbp": 3, "instagram": 3},
    ),
    # 96 of 120: 23 + 13, Instagram 28, and of the two with 80 the window by its name, 28×12/52 = 6.5, so 7: 71.
    # Google's rounds make 86, two of WhatsApp's 96. Tripadvisor, 1 + 2 + 2×(2 + 1) + 3 = 12, is the third, and only two
    # can be looked after.
    "restaurant in pictures": Golden(
        Answers(trade="restaurant", country="DE", minutes=120, likes=("image",), helper=Helper.TEAM),
        96,
        {"gbp": "image week 23 100", "whatsapp": "image week 13 98", "instagram": "image week 28 92",
         "shop_window": "image month 7 80"},
        {"youtube": VIDEO},
        {"gbp": 3, "whatsapp": 2},
    ),
    # 72 of 90. From 50 on: WhatsApp 3 and 2, 2.5; Facebook 2 and 1, 1.5: 3 + 1.5 + 2×(2 + 1) + 3 = 13.5, 90; the
    # newsletter 1 + 2 + 2×(2 + 1) + 3 = 12, 80. 18 + 10 + 8 + 120×6/52 = 13.8, so 14, is 50; Google's rounds
    # and one of WhatsApp's make 70.
    "club of the old": Golden(
        Answers(trade="club", country="DE", minutes=90, ages=(OLDER, OLD), helper=Helper.TEAM),
        72,
        {"gbp": "text week 18 100", "whatsapp": "text week 10 96", "facebook": "text fortnight 8 90",
         "newsletter": "text two_months 14 80"},
        {"youtube": VIDEO},
        {"gbp": 3, "whatsapp": 1},
    ),
    # 8 of 10. A voice message, 10×26/52 = 5, goes first as it ranks first among equals (98 to 86); Google would have
    # been a few lines, 5 more.
    "ten minutes and a microphone": Golden(
        Answers(minutes=10, likes=("audio",)),
        8,
        {"whatsapp": "audio fortnight 5 98"},
        {"gbp": "It takes 5 minutes a week at the least, and 3 are left.", "youtube": VIDEO},
        {},
    ),
    # 80 of 100: 18 + 10 + 42 = 70; Facebook, 2 + 1 by trade, 3 + 1.8 + 6 + 3, 92, takes 8; weekly +7 is more than the
    # 2 left.
    "farm shop": Golden(
        Answers(trade="farm_shop", country="DE", minutes=100, likes=("text", "video")),
        80,
        {"gbp": "text week 18 100", "whatsapp": "text week 10 98", "youtube": "video two_months 42 82",
         "facebook": "text fortnight 8 92"},
        {},
        {},
    ),
    # 144 of 180. Video is not liked but brought, 2 points instead of 3: 3 + 2.3 + 4 + 2 = 11.3, 75. 70, and the
    # website (1 more by trade, 86) 150×6/52 = 17.3, so 18, and the window 5: 93. Rounds 15 + 25: 133. YouTube 84,
    # +42, and website 35, +17, are more than the 11 left; window +5.
    "physiotherapist whose son films": Golden(
        Answers(trade="physiotherapist", country="DE", minutes=180, likes=("text",), helper=Helper.FILMER),
        144,
        {"gbp": "text week 18 100", "whatsapp": "text week 10 98", "youtube": "video two_months 42 75",
         "website": "text two_months 18 86", "shop_window": "text fortnight 10 80"},
        {},
        {"gbp": 3, "whatsapp": 5},
    ),
    # 32 of 40: 23×12/52 = 5.3, so 6, and 7; then 12 and 13: 25. Google weekly, +11, does not fit, so nothing else
    # begins; one round does.
    "hairdresser in Switzerland": Golden(
        Answers(trade="hairdresser", country="CH", minutes=40, likes=("image",), ages=(YOUNG, MIDDLE)),
        32,
        {"gbp": "image fortnight 12 100", "whatsapp": "image week 13 100"},
        {"youtube": VIDEO},
        {"gbp": 1},
    ),
    # 48 of 60, and nothing is liked but video: 60×12/52 = 13.8, so 14, and 19 are 33. A film for YouTube, 28, is too
    # much; Google's rounds are 15.
    "shop that only films": Golden(
        Answers(trade="shop", country="DE", minutes=60, likes=("video",)),
        48,
        {"gbp": "video month 14 100", "whatsapp": "video fortnight 19 98"},
        {"youtube": "It takes 28 minutes a week at the least, and 15 are left."},
        {"gbp": 3},
    ),
}  # fmt: skip


def said(advice: Advice) -> dict[str, str]:
    return {each.key: f"{each.kind} {each.pace} {each.minutes} {each.sheet.total}" for each in advice.channels}


@pytest.mark.parametrize("name", GOLDEN)
def test_advice_as_worked_out_by_hand(name: str) -> None:
    wanted = GOLDEN[name]
    advice = advice_for(wanted.answers)
    assert advice.usable == wanted.usable
    assert list(said(advice).items()) == list(wanted.channels.items())
    missing = {out.key: advice_words.sentence(out.reason, "en", str) for out in advice.left_out if out.candidate.core}
    assert missing == wanted.missing
    assert {each.key: each.rounds for each in advice.channels if each.rounds} == wanted.rounds


# Worked out a second time from the files, channel by channel: the points for size, audience, use and making, the
# minutes of a piece, pieces a year. Audience is the mean over the groups asked for, in tenths, half up; all four give
#
#     gbp 3 3 3 3 (no figures, 3 assumed)          = 3      whatsapp 91 83 61 39 % daily: 3 3 3 2  = 2.75, 2.8
#     youtube 87 % weekly, else 2 assumed: 3 2 2 2 = 2.3    instagram 74 50 % weekly, else 1: 3 2 1 1 = 1.75, 1.8
#     facebook 42 51 33 % weekly, else 1: 2 2 2 1  = 1.8    nebenan, linkedin 1, shop_window, newsletter, website 2
#
# Beside it the sum of the week's minutes as it grows: the core at its slowest, cheapest first; the core pace by pace;
# the others at their slowest; rounds of answering, 5 minutes each, channel by channel; then all of them faster, turn by
# turn. What no longer fits is in brackets.
BY_HAND = {
    "bakery, an hour": (
        {"gbp": (3, 3, 3, 3, 18, 52), "whatsapp": (3, 2.8, 3, 3, 10, 52), "shop_window": (1, 2, 3, 3, 20, 12)},
        "5+5, 9+10=19, 18+10=28, [instagram 28 of 20], +5=33, +3 rounds 15=48 of 48",
    ),
    "bakery, an hour, with video": (
        {"gbp": (3, 3, 3, 3, 18, 26), "whatsapp": (3, 2.8, 3, 3, 10, 52), "youtube": (3, 2.3, 2, 3, 360, 4)},
        "5+5+28=38, 9+5+28=42, 9+10+28=47 of 48 [gbp +9, youtube +14]",
    ),
    "bakery with help": (
        {"gbp": (3, 3, 3, 3, 18, 52), "whatsapp": (3, 3, 3, 3, 10, 52), "youtube": (3, 2, 2, 3, 360, 6),
         "instagram": (3, 1.5, 3, 3, 28, 52), "facebook": (3, 2, 2, 3, 15, 26)},
        "18+10+42=70, +28=98, +8=106, +2 rounds 10=116 of 120 [facebook +7, instagram +28, youtube +42]",
    ),
    "consultant online": (
        {"whatsapp": (3, 3, 2, 3, 10, 52), "linkedin": (2, 1, 4, 3, 40, 52)},
        "5, 10, +20=30 (newsletter has 93, too, and a later name), +5 rounds 25=55, 10+40+25=75 of 144",
    ),
    "driving school with somebody who films": (
        {"gbp": (3, 3, 3, 3, 23, 52), "whatsapp": (3, 3, 3, 3, 13, 52), "youtube": (3, 3, 2, 3, 360, 12),
         "instagram": (3, 3, 3, 3, 28, 52), "facebook": (3, 2, 2, 3, 23, 26)},
        "23+13+42=78, +28+12=118, +14 rounds 70=188, 23+13+84+28+12+70=230 of 240 [instagram +28, facebook +11]"
        " (tiktok: 1+1 by trade for use, 73, three videos a week)",
    ),
    "electrician who writes": (
        {"gbp": (3, 3, 3, 3, 18, 52), "whatsapp": (3, 2.8, 3, 3, 10, 52), "nebenan": (1, 1, 4, 3, 15, 26)},
        "18+10=28, +4=32, 18+10+8=36 of 36",
    ),
    "photographer in Austria": (
        {"whatsapp": (3, 3, 2.5, 3, 13, 52), "gbp": (3, 3, 2, 3, 23, 52), "instagram": (3, 2.5, 3, 3, 28, 104)},
        "13+23=36, +28=64, +11 rounds 55=119, 13+23+56+55=147 of 192",
    ),
    "restaurant in pictures": (
        {"gbp": (3, 3, 3, 3, 23, 52), "whatsapp": (3, 2.8, 3, 3, 13, 52), "instagram": (3, 1.8, 3, 3, 28, 52),
         "shop_window": (1, 2, 3, 3, 28, 12)},
        "23+13=36, +28=64, +7=71, +5 rounds 25=96 of 96",
    ),
    "club of the old": (
        {"gbp": (3, 3, 3, 3, 18, 52), "whatsapp": (3, 2.5, 3, 3, 10, 52), "facebook": (3, 1.5, 3, 3, 15, 26),
         "newsletter": (1, 2, 3, 3, 120, 6)},
        "18+10=28, +8+14=50, +4 rounds 20=70 of 72",
    ),
    "ten minutes and a microphone": ({"whatsapp": (3, 2.8, 3, 3, 10, 26)}, "5, [gbp, 3+3+2*3+1=13, 86, +5], 5 of 8"),
    "farm shop": (
        {"gbp": (3, 3, 3, 3, 18, 52), "whatsapp": (3, 2.8, 3, 3, 10, 52), "youtube": (3, 2.3, 2, 3, 360, 6),
         "facebook": (3, 1.8, 3, 3, 15, 26)},
        "18+10+42=70, 18+10+42+8=78 of 80 [a round 5, facebook +7]",
    ),
    "physiotherapist whose son films": (
        {"gbp": (3, 3, 3, 3, 18, 52), "whatsapp": (3, 2.8, 3, 3, 10, 52), "youtube": (3, 2.3, 2, 2, 360, 6),
         "website": (2, 2, 3, 3, 150, 6), "shop_window": (1, 2, 3, 3, 20, 26)},
        "18+10+42=70, +18+5=93, +8 rounds 40=133, [youtube +42, website +17], 18+10+42+18+10+40=138 of 144",
    ),
    "hairdresser in Switzerland": (
        {"gbp": (3, 3, 3, 3, 23, 26), "whatsapp": (3, 3, 3, 3, 13, 52)},
        "6+7=13, 12+7=19, 12+13=25, +1 round 5=30 of 32 [gbp +11]",
    ),
    "shop that only films": (
        {"gbp": (3, 3, 3, 3, 60, 12), "whatsapp": (3, 2.8, 3, 3, 38, 26)},
        "14+19=33, +3 rounds 15=48 of 48 [youtube 28]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_advice_follows_from_sums_on_paper(name: str) -> None:
    """Score: 100 × (size + audience + 2 × use + making) / 15, down. Minutes a week: piece × pieces / 52, up."""
    rows, sums = BY_HAND[name]
    lines = {}
    for key, (size, audience, use, making, piece, pieces) in rows.items():
        tenths = round(10 * (size + audience + 2 * use + making))
        lines[key] = (-(-piece * pieces // 52), tenths * 100 // 150)
    golden = {key: tuple(int(part) for part in said.split()[2:]) for key, said in GOLDEN[name].channels.items()}
    assert lines == golden
    written, usable = re.findall(r"(\d+) of (\d+)", sums)[-1]
    minutes = sum(minutes for minutes, _score in lines.values()) + 5 * sum(GOLDEN[name].rounds.values())
    assert (minutes, GOLDEN[name].usable) == (int(written), int(usable))
    for each in advice_for(GOLDEN[name].answers).channels:
        points = tuple(each.sheet.points(criterion) / 10 for criterion in Criterion)
        assert (*points, each.piece, each.pace.pieces) == rows[each.key], each.key


ANSWERS = st.builds(
    Answers,
    trade=st.sampled_from(["", *catalogue.trade_keys()]),
    customers=st.sampled_from(Customers),
    ages=st.lists(st.sampled_from(Ages), unique=True).map(tuple),
    country=st.sampled_from(["", "DE", "AT", "CH", "US"]),
    likes=st.lists(st.sampled_from(["text", "image", "video", "audio"]), unique=True).map(tuple),
    minutes=st.integers(10, 2400),
    helper=st.sampled_from(Helper),
)


@settings(max_examples=400, deadline=None)
@given(ANSWERS)
def test_no_advice_takes_more_than_four_fifths_of_the_minutes(answers: Answers) -> None:
    advice = advice_for(answers)
    a_year = sum(each.piece * each.pace.pieces + 52 * each.answering for each in advice.channels)
    assert a_year * 100 <= answers.minutes * 52 * 80
    assert advice.minutes <= advice.usable <= answers.minutes * 8 / 10
    assert len(advice.channels) <= 5
    assert sum(not each.candidate.core for each in advice.channels) <= 2


def assert_marked(because: str, key: str, speak: Callable[[str], str]) -> None:
    """Every reason has its source and year beside it, or says that it is a rule of thumb or that there is none."""
    facts = {telling.origin(each.source, speak) for each in telling.statements(portrait(key), "en", speak)
             if each.source.is_fact}  # fmt: skip
    assert because.endswith((")", speak("No figure was found."))), because
    for part in because.split("; ") if "Faustregel" not in because and "rule of thumb" not in because else ():
        assert part == speak("No figure was found.") or any(f"({fact})" in because for fact in facts), because


@settings(max_examples=200, deadline=None)
@given(ANSWERS)
def test_advice_speaks_of_every_platform_once_and_explains_itself(answers: Answers) -> None:
    advice = advice_for(answers)
    told = [each.key for each in (*advice.channels, *advice.left_out)]
    assert sorted(told) == catalogue.platform_keys()
    for language in LANGUAGES:
        speak = translations(language).gettext
        for out in advice.left_out:
            assert len(advice_words.sentence(out.reason, language, speak)) > 10
            if out.candidate.core:
                assert out.candidate.reason[language] not in advice_words.against(out, language, speak)
        for each in advice.channels:
            for line in each.sheet.lines:
                assert_marked(advice_words.because(line, each.key, language, speak), each.key, speak)
            for sentence in [advice_words.sentence(note, language, speak) for note in each.notes]:
                assert "{" not in sentence
                assert sentence
    core = [each.key for each in advice.channels if each.key in CORE]
    assert [each.key for each in advice.channels][: len(core)] == core, "the core comes first"


@settings(max_examples=100, deadline=None)
@given(ANSWERS)
def test_the_same_answers_give_the_same_advice_whatever_the_order_of_files(answers: Answers) -> None:
    rules, there = advising.advising().rules, advising.candidates()
    assert advise(answers, there, rules) == advise(answers, there[::-1], rules) == advice_for(answers)


@settings(max_examples=100, deadline=None)
@given(ANSWERS, st.integers(10, 2400))
def test_more_minutes_never_take_a_core_channel_away(answers: Answers, minutes: int) -> None:
    few, many = sorted((answers.minutes, minutes))
    before, after = (advice_for(replace(answers, minutes=each)) for each in (few, many))
    assert {each.key for each in before.channels} & CORE <= {each.key for each in after.channels}


@settings(max_examples=200, deadline=None)
@given(ANSWERS)
def test_what_is_advised_can_be_made_and_is_liked_or_brought_or_small(answers: Answers) -> None:
    brought = advising.advising().rules.helpers[answers.helper].brings
    for each in advice_for(answers).channels:
        assert each.kind in {effort.content for effort in portrait(each.key).efforts}
        assert each.kind in (*answers.likes, *brought) or (each.kind == "text" and each.notes)


@settings(max_examples=200, deadline=None)
@given(ANSWERS)
def test_nothing_is_posted_more_often_than_regularly_while_rounds_of_answering_would_fit(answers: Answers) -> None:
    advice = advice_for(answers)
    for each in advice.channels:
        offered = portrait(each.key).answering
        assert each.rounds <= (len(offered.days) if offered else 0)
        if offered and each.rounds < len(offered.days):
            assert all(other.rounds == 0 for other in advice.channels[advice.channels.index(each) + 1 :] if each.rounds)
            assert advice.usable - advice.minutes < offered.minutes


@pytest.mark.parametrize("key", catalogue.platform_keys())
def test_every_rounds_that_can_be_advised_can_be_used(key: str) -> None:
    offered = portrait(key).answering
    assert advising.rounds(key, 0) is None
    for number in range(1, 8):
        found = advising.rounds(key, number)
        assert (found is None) == (offered is None)
        if found is not None and offered is not None:
            check_fires(parse_rule(found.rrule), datetime(2026, 11, 30, 9))
            assert str(parse_rule(found.rrule)) == found.rrule, "as it is stored"
            assert len(parse_rule(found.rrule).byday) == min(number, len(offered.days))
            assert (found.purpose, found.pillars) == ("replying", ())


@pytest.mark.parametrize("trade", ["", *catalogue.trade_keys()])
@pytest.mark.parametrize("key", sorted(advising.advising().channels))
def test_every_cadence_that_can_be_advised_can_be_used(trade: str, key: str) -> None:
    for pace in advising.advising().channels[key].paces:
        cadence = advising.cadence(key, pace, trade)
        check_fires(parse_rule(cadence.rrule), datetime(2026, 11, 30, 9))
        assert check_pillars(cadence.pillars)
        assert str(parse_rule(cadence.rrule)) == cadence.rrule, "as it is stored"


@pytest.mark.parametrize("pace", Pace)
def test_a_pace_gives_as_many_posts_a_year_as_it_is_counted_with(pace: Pace) -> None:
    days = {Pace.TWICE: "MO,TH", Pace.THREE: "MO,WE,FR", Pace.WEEKDAYS: "MO,TU,WE,TH,FR"}.get(pace, "TU")
    rule = parse_rule(advising._RULES.get(pace, advising._OFTEN).format(days=days))
    start = datetime(2026, 1, 6, 9)
    found = len(list(expand(rule, start, Window(start, datetime(2030, 1, 6)))))
    assert abs(found - 4 * pace.pieces) <= 1 + 4 * pace.pieces / 200, "four years are 208.7 weeks, not 208"


def test_no_pace_is_faster_than_anybody_recommends() -> None:
    """The ranges in the platforms' files, where they say one."""
    a_month = {"day": 30, "week": 52 / 12, "month": 1}
    for key, rules in advising.advising().channels.items():
        said_by = [(each.most or each.least) * a_month[each.per] for each in portrait(key).frequencies]
        assert round(rules.paces[-1].pieces / 12) <= max(said_by), key
