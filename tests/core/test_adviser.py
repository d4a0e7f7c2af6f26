"""Judging and sharing out minutes, on made-up platforms whose figures can be seen at a glance."""

from dataclasses import replace
from typing import Any

import pytest

from planner.core.advice import Ages, Answers, Candidate, Criterion, Customers, Fit, Help, Helper, Pace, Rules, Share
from planner.core.adviser import advise

RULES = Rules(
    budget=80, between=50, least=60, weights=dict.fromkeys(Criterion, 1), least_use_core=2, least_use_other=1,
    thresholds={"day": (10, 30, 50), "ever": (25, 50, 75)},
    helpers={Helper.ALONE: Help(1, ()), Helper.TEAM: Help(2, ("image",)), Helper.FILMER: Help(2, ("image", "video"))},
    fits={("bakery", "plain"): Fit(1, {"en": "Bread."}), ("plumber", "plain"): Fit(-1, {"en": "Pipes."})},
)  # fmt: skip


def candidate(key: str = "plain", **values: Any) -> Candidate:
    usual: dict[str, Any] = {
        "size": 3, "local": 2, "online": 2, "efforts": {"text": (10, 30), "image": (20, 20)}, "reason": {"en": "So."},
        "lives_on": ("text", "image"), "paces": (Pace.FORTNIGHT, Pace.WEEK, Pace.TWICE), "without_figure": 3,
    }  # fmt: skip
    return Candidate(key=key, **{**usual, **values})


def points(criterion: Criterion, answers: Answers | None = None, **values: Any) -> int:
    advice = advise(answers or Answers(), [candidate(**values)], RULES)
    (judged,) = (*advice.channels, *advice.left_out)
    return judged.sheet.points(criterion)


@pytest.mark.parametrize(
    ("shares", "ages", "expected"),
    [
        ((), (), 30),  # no figure: what is assumed
        ((Share(14, 29, 50, "day"),), (Ages.YOUNG,), 30),
        ((Share(14, 29, 49, "day"),), (Ages.YOUNG,), 20),
        ((Share(14, 29, 10, "day"),), (Ages.YOUNG,), 10),
        ((Share(14, 29, 9, "day"),), (Ages.YOUNG,), 0),
        ((Share(14, 29, 50, "ever"),), (Ages.YOUNG,), 20),  # counted in another way
        ((Share(40, 49, 0, "day"),), (Ages.MIDDLE,), 0),  # half of the years is enough
        ((Share(41, 49, 0, "day"),), (Ages.MIDDLE,), 30),  # less is not
        ((Share(15, 25, 0, "day"), Share(14, 29, 50, "day")), (Ages.YOUNG,), 30),  # the one that covers more years
        ((Share(14, 29, 50, "day"), Share(14, 29, 0, "day")), (Ages.YOUNG,), 30),  # of equals the first
        ((Share(70, None, 10, "day"),), (Ages.OLD,), 10),
        ((Share(14, 29, 10, "day"), Share(30, 49, 30, "day")), (Ages.YOUNG, Ages.MIDDLE), 15),
        ((Share(14, 29, 9, "day"),), (), 23),  # (0 + 3 + 3 + 3) / 4 = 2.25, half up
    ],
)
def test_points_for_the_audience(shares: tuple[Share, ...], ages: tuple[Ages, ...], expected: int) -> None:
    assert points(Criterion.AUDIENCE, Answers(ages=ages), shares=shares) == expected


@pytest.mark.parametrize(
    ("customers", "trade", "expected"),
    [
        (Customers.LOCAL, "", 30),
        (Customers.ONLINE, "", 0),
        (Customers.BOTH, "", 15),
        (Customers.LOCAL, "bakery", 40),  # a trade may lift it above three
        (Customers.LOCAL, "plumber", 20),
        (Customers.ONLINE, "bakery", 0),  # where nobody can be reached, no trade helps
        (Customers.BOTH, "bakery", 25),
    ],
)
def test_points_for_use(customers: Customers, trade: str, expected: int) -> None:
    answers = Answers(customers=customers, trade=trade)
    assert points(Criterion.USE, answers, local=3, online=0) == expected


def test_no_score_is_above_a_hundred() -> None:
    advice = advise(Answers(trade="bakery"), [candidate(local=3)], RULES)
    assert advice.channels[0].sheet.total == 100


@pytest.mark.parametrize(
    ("likes", "helper", "expected"),
    [
        (("text", "image"), Helper.ALONE, ("text", 20, 30)),  # equally cheap: as the platform lists them
        (("image",), Helper.ALONE, ("image", 20, 30)),
        ((), Helper.TEAM, ("image", 20, 20)),
        (("text",), Helper.TEAM, ("text", 20, 30)),  # what is liked goes before what is brought
        (("audio",), Helper.ALONE, ("text", 20, 10)),  # a few lines
    ],
)
def test_what_a_piece_is_made_of(likes: tuple[str, ...], helper: Helper, expected: tuple[str, int, int]) -> None:
    answers = Answers(likes=likes, helper=helper, minutes=100)
    (each,) = advise(answers, [candidate(core=True, even="text")], RULES).channels
    assert (each.kind, each.piece, each.sheet.points(Criterion.MAKING)) == expected


def test_half_a_minute_is_rounded_up() -> None:
    (each,) = advise(Answers(minutes=100), [candidate(efforts={"text": (10, 25)})], RULES).channels
    assert (each.piece, each.minutes_at(Pace.FORTNIGHT), each.minutes_at(Pace.MONTH)) == (18, 9, 5)


def test_the_last_minute_may_be_used_and_not_one_more() -> None:
    core = candidate(core=True)  # a piece is 20: 10 every other week, 20 a week, 40 twice
    for minutes, pace in [(12, None), (13, Pace.FORTNIGHT), (24, Pace.FORTNIGHT), (25, Pace.WEEK), (50, Pace.TWICE)]:
        advice = advise(Answers(minutes=minutes), [core], RULES)
        assert [each.pace for each in advice.channels] == ([pace] if pace else []), minutes


def test_the_core_is_kept_up_before_anything_else_begins() -> None:
    there = [candidate("a", core=True), candidate("b", core=True), candidate("c")]
    for minutes, expected in [
        (25, {"a": Pace.FORTNIGHT, "b": Pace.FORTNIGHT}),
        (38, {"a": Pace.WEEK, "b": Pace.FORTNIGHT}),
        (49, {"a": Pace.WEEK, "b": Pace.FORTNIGHT}),  # 39 to plan with: nine are left, and c must wait
        (50, {"a": Pace.WEEK, "b": Pace.WEEK}),
        (63, {"a": Pace.WEEK, "b": Pace.WEEK, "c": Pace.FORTNIGHT}),
        (88, {"a": Pace.TWICE, "b": Pace.WEEK, "c": Pace.FORTNIGHT}),
    ]:
        advice = advise(Answers(minutes=minutes), there, RULES)
        assert {each.key: each.pace for each in advice.channels} == expected, minutes


def test_a_dear_core_channel_does_not_take_the_place_of_cheap_ones() -> None:
    dear = candidate("a", core=True, efforts={"text": (80, 80)})
    there = [dear, candidate("b", core=True, size=2)]
    assert [each.key for each in advise(Answers(minutes=50), there, RULES).channels] == ["b"]
    assert [each.key for each in advise(Answers(minutes=63), there, RULES).channels] == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "answers", "words"),
    [
        ({"worth": False}, {}, "Uninteresting"),
        ({"countries": frozenset({"DE"})}, {"country": "AT"}, "only in"),
        ({"trades": frozenset({"cafe"})}, {"trade": "bakery"}, "this trade"),
        ({"local": 0}, {}, "come by"),
        ({"online": 0}, {"customers": Customers.ONLINE}, "by place"),
        ({"core": True, "local": 1}, {}, "come by"),  # of the core more is asked
        ({"lives_on": ("video",)}, {}, "rather not make"),
        ({"size": 0, "local": 1, "without_figure": 0}, {}, "{total} of 100"),
        ({}, {"minutes": 10}, "{minutes} minutes a week"),
    ],
)
def test_why_something_is_left_out(values: dict[str, Any], answers: dict[str, Any], words: str) -> None:
    advice = advise(Answers(**answers), [candidate(**values)], RULES)
    assert not advice.channels
    assert words in advice.left_out[0].reason.message


def test_a_country_that_is_not_known_forbids_nothing() -> None:
    assert advise(Answers(), [candidate(countries=frozenset({"DE"}))], RULES).channels


def test_no_more_beside_the_core_than_can_be_looked_after() -> None:
    there = [candidate(name) for name in "abcd"]
    alone, helped = (advise(Answers(minutes=999, helper=each), there, RULES) for each in (Helper.ALONE, Helper.TEAM))
    assert [each.key for each in alone.channels] == ["a"]
    assert [each.key for each in helped.channels] == ["a", "b"]
    assert helped.left_out[0].reason.values["extra"] == 2


def test_the_weights_decide_the_order() -> None:
    there = [candidate("big", size=3, local=2), candidate("useful", size=1, local=3)]
    weighty = replace(RULES, weights={**RULES.weights, Criterion.USE: 3})
    helped = Answers(minutes=999, helper=Helper.TEAM)
    assert [each.key for each in advise(helped, there, RULES).channels] == ["big", "useful"]
    assert [each.key for each in advise(helped, there, weighty).channels] == ["useful", "big"]


@pytest.mark.parametrize(("trade", "word"), [("bakery", "worth more"), ("plumber", "worth less")])
def test_what_the_trade_changes_is_said(trade: str, word: str) -> None:
    (each,) = advise(Answers(trade=trade, minutes=100), [candidate()], RULES).channels
    assert word in each.notes[0].message


def test_a_pace_below_the_regular_one_is_said() -> None:
    (slow,) = advise(Answers(minutes=13), [candidate(core=True)], RULES).channels
    (fine,) = advise(Answers(minutes=25), [candidate(core=True)], RULES).channels
    assert ["Slower" in note.message for note in slow.notes] == [True]
    assert fine.notes == ()
