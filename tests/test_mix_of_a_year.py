"""The mix of any year: whatever is advised or begun with, thirds are kept to, and one in five at most advertises."""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import catalogue
from planner.actions.advise import advice_for
from planner.catalogue import PresetCadence, advising
from planner.core import rotation
from planner.core.advice import Ages, Answers, Customers, Helper
from planner.core.mix import MonthMix
from planner.core.model import Mix, Pillar, Purpose, Window
from planner.core.recurrence import expand, parse_rule
from planner.core.thirds import Months

PROMPTS = {pillar: [f"{pillar}/{name}" for name in "abcd"] for pillar in Pillar}
DAYS = st.dates(date(2024, 1, 1), date(2035, 1, 1))


def choices(cadence: PresetCadence, start: date, months: Months) -> list[rotation.Choice]:
    """What planning gives a cadence, alone on its channel, in the year that begins on a day."""
    begin = datetime.combine(start, cadence.time)
    year = Window(begin, begin + timedelta(days=365))
    slots = list(expand(parse_rule(cadence.rrule), begin, year, "Europe/Berlin"))
    return rotation.assign(slots, cadence.pillars or rotation.DEFAULT_PILLARS, 0, PROMPTS, months=months)


def mix_of(counted: Counter[Mix]) -> MonthMix:
    return MonthMix(*(counted[mix] for mix in (Mix.DIALOGUE, Mix.VALUE, Mix.PROMOTION)))


def holds(cadences: list[PresetCadence], start: date) -> None:
    """The whole year of a business, each of its months, and advertising on each of its channels for itself."""
    begun = Months()
    all_of_them: Counter[Mix] = Counter()
    months: dict[tuple[int, int], Counter[Mix]] = defaultdict(Counter)
    for cadence in (each for each in cadences if each.purpose is Purpose.POSTING):
        given = choices(cadence, start, begun)
        mixes = [choice.pillar.mix for choice in given]
        all_of_them.update(mixes)
        for choice in given:
            months[choice.slot.year, choice.slot.month][choice.pillar.mix] += 1
        if Mix.PROMOTION in mixes:
            first = mixes.index(Mix.PROMOTION)
            assert first >= rotation.PROMOTION_APART - 1, "four others come first"
            assert Mix.DIALOGUE in mixes[:first]
        assert all(mixes[at : at + 5].count(Mix.PROMOTION) <= 1 for at in range(len(mixes)))
    for month, counted in months.items():
        assert mix_of(counted).tilts == (), month
    found = mix_of(all_of_them)
    assert found.tilts == (), found
    assert 5 * found.promotion <= max(5, found.total)
    assert 3 * min(found.dialogue, found.value) >= found.total - 2


@pytest.mark.parametrize("key", catalogue.preset_keys())
@settings(max_examples=25, deadline=None)
@given(start=DAYS)
def test_every_preset_in_any_year(key: str, start: date) -> None:
    holds(list(catalogue.preset(key).cadences), start)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Answers,
        trade=st.sampled_from(["", *catalogue.trade_keys()]),
        customers=st.sampled_from(Customers),
        ages=st.lists(st.sampled_from(Ages), unique=True).map(tuple),
        likes=st.lists(st.sampled_from(["text", "image", "video", "audio"]), unique=True).map(tuple),
        minutes=st.integers(10, 2400),
        helper=st.sampled_from(Helper),
    ),
    DAYS,
)
def test_whatever_is_advised_in_any_year(answers: Answers, start: date) -> None:
    advised = advice_for(answers).channels
    holds([advising.cadence(each.key, each.pace, answers.trade) for each in advised], start)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(list(Pillar)), min_size=1, max_size=10), st.integers(1, 366))
def test_whatever_pillars_somebody_chooses_advertising_stays_at_one_in_five(chosen: list[Pillar], count: int) -> None:
    """Of any pillars that are not refused; too little conversation is said, too much advertising cannot be planned."""
    try:
        pillars = rotation.check_pillars(chosen)
    except rotation.TooMuchPromotion:
        return
    slots = [datetime(2026, 1, 1, 9) + timedelta(days=day) for day in range(count)]
    mixes = [choice.pillar.mix for choice in rotation.assign(slots, pillars, 0, PROMPTS)]
    assert 5 * mixes.count(Mix.PROMOTION) <= count


def allowed(chosen: list[Pillar]) -> bool:
    """Topics of both kinds, and advertising that is not refused."""
    try:
        rotation.check_pillars(chosen)
    except rotation.TooMuchPromotion:
        return False
    return {each.mix for each in chosen} >= {Mix.DIALOGUE, Mix.VALUE}


ADVERTISING = st.permutations([each for each in Pillar if each.mix is not Mix.PROMOTION]).flatmap(
    lambda others: st.integers(4, len(others)).map(lambda count: [*others[:count], Pillar.OFFER])
)
TOPICS = st.one_of(ADVERTISING, st.lists(st.sampled_from(list(Pillar)), min_size=2, unique=True)).filter(allowed)
RULES = st.sampled_from(
    ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=TU,FR", "FREQ=MONTHLY",
     "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TOPICS, RULES, st.integers(0, 120), st.integers(0, 9)), min_size=1, max_size=5), DAYS)
def test_whatever_is_chosen_on_any_channels_no_month_tips_over(
    cadences: list[tuple[list[Pillar], str, int, int]], start: date
) -> None:
    """Rhythms of a business's own, begun at any time and at any turn: planned one after the other, as they are."""
    begun = Months()
    months: dict[tuple[int, int], Counter[Mix]] = defaultdict(Counter)
    for chosen, rule, later, position in cadences:
        begin = datetime.combine(start, time(9)) + timedelta(days=later)
        slots = list(expand(parse_rule(rule), begin, Window(begin, begin + timedelta(days=365)), "Europe/Berlin"))
        for choice in rotation.assign(slots, rotation.check_pillars(chosen), position, PROMPTS, months=begun):
            months[choice.slot.year, choice.slot.month][choice.pillar.mix] += 1
    for month, counted in months.items():
        assert mix_of(counted).tilts == (), month
