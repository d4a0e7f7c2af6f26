"""Which channels are worth an owner's time, how often, and why.

A channel's score is what three criteria of the platform (size, audience, use) and one of the owner (what is liked to
be made) come to, by weights that are data. The minutes decide the rest: the core trio first and slowly, then half-way
regularly, then others, then rounds of answering, and only then more posts. Equal answers give equal advice.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Final

from planner.core.advice import (
    OLDEST,
    TENTHS,
    Advice,
    Ages,
    Answers,
    Candidate,
    Chosen,
    Criterion,
    Customers,
    LeftOut,
    Line,
    Reason,
    Rules,
    Sheet,
)
from planner.language import N_

_TOP_IN_TRADE: Final = 40


def advise(answers: Answers, candidates: Sequence[Candidate], rules: Rules) -> Advice:
    """Channels, cadences and what to leave out. Never plans more than ``rules.budget`` percent of the minutes."""
    judged = [_judge(candidate, answers, rules) for candidate in candidates]
    fit = sorted((each for each in judged if isinstance(each, Chosen)), key=_rank)
    out = [each for each in judged if isinstance(each, LeftOut)]
    plan = _Plan(answers.minutes * rules.budget // 100)
    # The cheap ones first: three channels served seldom are worth more than one that takes all the time.
    for each in sorted((one for one in fit if one.candidate.core), key=lambda one: (one.minutes, *_rank(one))):
        if not plan.take(each):
            out.append(LeftOut(each.candidate, each.sheet, _too_dear(each, plan.left)))
    plan.faster(lambda each: not each.is_regular)
    out += _add_others(plan, [each for each in fit if not each.candidate.core], rules.helpers[answers.helper].extra)
    plan.answer()
    plan.faster(lambda _each: True)
    channels = tuple(_with_notes(each, answers, rules) for each in sorted(plan.taken, key=_rank))
    return Advice(channels, tuple(sorted(out, key=_rank)), plan.usable)


def _rank(each: Chosen | LeftOut) -> tuple[bool, bool, int, str]:
    candidate = each.candidate
    return not candidate.core, not candidate.worth, -each.sheet.total, candidate.key


# --- judging one platform -------------------------------------------------------------------------------------


def _judge(candidate: Candidate, answers: Answers, rules: Rules) -> Chosen | LeftOut:
    kind, making = _kind(candidate, answers, rules)
    points = {
        Criterion.SIZE: candidate.size * TENTHS,
        Criterion.AUDIENCE: _audience(candidate, answers.ages, rules),
        Criterion.USE: _use(candidate, answers, rules),
        Criterion.MAKING: making,
    }
    sheet = Sheet(tuple(Line(name, points[name], rules.weights[name]) for name in Criterion))
    if (reason := _against(candidate, answers, rules, sheet)) is not None:
        return LeftOut(candidate, sheet, reason)
    return Chosen(candidate, sheet, kind, _piece(candidate, kind, rules), candidate.paces[0])


def _kind(candidate: Candidate, answers: Answers, rules: Rules) -> tuple[str, int]:
    """What a piece is made of, the cheapest kind that is liked, and the points for liking it; empty for none."""
    for liked, points in ((answers.likes, 30), (rules.helpers[answers.helper].brings, 20)):
        kinds = [kind for kind in candidate.lives_on if kind in liked and kind in candidate.efforts]
        if kinds:
            return min(kinds, key=lambda kind: _piece(candidate, kind, rules)), points
    return candidate.even, TENTHS if candidate.even else 0


def piece_of(candidate: Candidate, answers: Answers, rules: Rules, kind: str = "") -> int:
    """Minutes of a piece that is made anyway: of its ``kind`` of content, else of the kind an owner would make."""
    found = kind if kind in candidate.efforts else _kind(candidate, answers, rules)[0]
    kinds = [found] if found else [each for each in candidate.lives_on if each in candidate.efforts]
    return min(_piece(candidate, each, rules) for each in kinds or candidate.efforts)


def _piece(candidate: Candidate, kind: str, rules: Rules) -> int:
    """Minutes a piece is counted with, rounded up."""
    least, most = candidate.efforts[kind]
    return least - (-(most - least) * rules.between // 100)


def _audience(candidate: Candidate, ages: Collection[Ages], rules: Rules) -> int:
    """The mean of the points for each age group, rounded half up."""
    groups = [group for group in Ages if not ages or group in ages]
    total = sum(_of_group(candidate, group, rules) for group in groups) * TENTHS
    return (2 * total + len(groups)) // (2 * len(groups))


def _of_group(candidate: Candidate, group: Ages, rules: Rules) -> int:
    """Points for an age group, by the share that covers most years of it, at least half; else what is assumed."""
    first, last = group.span
    best, percent, per = 0, 0, ""
    for share in candidate.shares:
        end = OLDEST if share.last is None else share.last
        years = min(last, end) - max(first, share.first) + 1
        if years > best:
            best, percent, per = years, share.percent, share.per
    if 2 * best < last - first + 1:
        return candidate.without_figure
    return sum(percent >= threshold for threshold in rules.thresholds[per])


def _use(candidate: Candidate, answers: Answers, rules: Rules) -> int:
    here = {
        Customers.LOCAL: 2 * candidate.local,
        Customers.ONLINE: 2 * candidate.online,
        Customers.BOTH: candidate.local + candidate.online,
    }[answers.customers] * (TENTHS // 2)
    fit = rules.fits.get((answers.trade, candidate.key))
    if not here or fit is None:  # where nobody can be reached, no trade helps
        return here
    return max(0, min(_TOP_IN_TRADE, here + fit.add * TENTHS))


_ONLY_THERE: Final = N_("It exists only in {countries}.")
_OTHER_TRADES: Final = N_("It is of no use to this trade.")
_UNINTERESTING: Final = N_("Uninteresting for a small business. {why}")
_NO_USE: Final = {
    Customers.LOCAL: N_("It is of little use for customers who come by or are visited."),
    Customers.ONLINE: N_("It is of little use for customers who are anywhere: it is found by place."),
    Customers.BOTH: N_("It is of little use for your customers."),
}
_NEEDS: Final = N_("It lives on content you would rather not make: {kinds}.")
_TOO_FEW_POINTS: Final = N_("It comes to {total} of 100 points here; {least} are needed beside the core.")
_TOO_DEAR: Final = N_("It takes {minutes} minutes a week at the least, and {left} are left.")
_CORE_FIRST: Final = N_("First keep up the core channels half-way regularly; the minutes go there.")
_ENOUGH: Final = N_(
    "At most {extra} beside the core can be kept up with this help, and others come before its {total} of 100 points."
)


def _against(candidate: Candidate, answers: Answers, rules: Rules, sheet: Sheet) -> Reason | None:
    """Why a platform is out of the question whatever the minutes; None if it is not."""
    least_use = rules.least_use_core if candidate.core else rules.least_use_other
    if not candidate.worth:
        return Reason(_UNINTERESTING, {"why": candidate.reason})
    if candidate.countries and answers.country and answers.country not in candidate.countries:
        return Reason(_ONLY_THERE, {"countries": ", ".join(sorted(candidate.countries))})
    if candidate.trades and answers.trade not in candidate.trades:
        return Reason(_OTHER_TRADES)
    if sheet.points(Criterion.USE) < least_use * TENTHS:
        return Reason(_NO_USE[answers.customers])
    if not sheet.points(Criterion.MAKING):
        return Reason(_NEEDS, {"kinds": candidate.lives_on})
    if not candidate.core and sheet.total < rules.least:
        return Reason(_TOO_FEW_POINTS, {"total": sheet.total, "least": rules.least})
    return None


# --- the minutes --------------------------------------------------------------------------------------------


class _Plan:
    """The minutes that may be planned, and the channels they go to so far."""

    def __init__(self, usable: int) -> None:
        self.usable = usable
        self.taken: list[Chosen] = []

    @property
    def left(self) -> int:
        return self.usable - sum(each.minutes + each.answering for each in self.taken)

    def take(self, each: Chosen) -> bool:
        """Take a channel in at its slowest pace, if that fits."""
        fits = each.minutes <= self.left
        if fits:
            self.taken.append(each)
        return fits

    def answer(self) -> None:
        """Give each channel the rounds of answering it wants, the best first, as far as the minutes go."""
        for each in sorted(self.taken, key=_rank):
            if each.candidate.rounds:
                rounds = min(each.candidate.rounds, self.left // each.candidate.round_minutes)
                self.taken[self.taken.index(each)] = replace(each, rounds=rounds)

    def faster(self, wanted: Callable[[Chosen], bool]) -> None:
        """Raise the wanted ones pace by pace, one after the other and round by round, as far as the minutes go."""
        raised = True
        while raised:
            raised = False
            for each in sorted(self.taken, key=_rank):
                pace = each.faster
                if pace is not None and wanted(each) and each.minutes_at(pace) - each.minutes <= self.left:
                    self.taken[self.taken.index(each)] = replace(each, pace=pace)
                    raised = True


def _too_dear(each: Chosen, left: int) -> Reason:
    return Reason(_TOO_DEAR, {"minutes": each.minutes, "left": left})


def _add_others(plan: _Plan, others: Sequence[Chosen], most: int) -> list[LeftOut]:
    """Take in the best others, once the core is kept up; the ones that are not taken, and why."""
    out = []
    core_kept_up = all(each.is_regular for each in plan.taken)
    taken = 0
    for each in others:
        if not core_kept_up:
            reason = Reason(_CORE_FIRST)
        elif taken == most:
            reason = Reason(_ENOUGH, {"extra": most, "total": each.sheet.total})
        elif not plan.take(each):
            reason = _too_dear(each, plan.left)
        else:
            taken += 1
            continue
        out.append(LeftOut(each.candidate, each.sheet, reason))
    return out


_BROUGHT: Final = N_("You need not make it yourself: whoever helps brings {kinds}.")
_EVEN_SO: Final = N_("You would rather not make {kinds}, but a few lines are enough here, and they are worth it.")
_SLOW: Final = N_("Slower than would be good; the minutes do not give more.")
_OF_TRADE: Final = N_("In your trade it is worth more than elsewhere. {why}")
_LESS_IN_TRADE: Final = N_("In your trade it is worth less than elsewhere. {why}")


def _with_notes(each: Chosen, answers: Answers, rules: Rules) -> Chosen:
    """With what an owner should be told besides the points."""
    notes = []
    if (fit := rules.fits.get((answers.trade, each.key))) is not None:
        notes.append(Reason(_OF_TRADE if fit.add > 0 else _LESS_IN_TRADE, {"why": fit.why}))
    if each.kind not in answers.likes:
        brought = each.kind in rules.helpers[answers.helper].brings
        notes.append(Reason(_BROUGHT if brought else _EVEN_SO, {"kinds": (each.kind,)}))
    if not each.is_regular:
        notes.append(Reason(_SLOW))
    return replace(each, notes=tuple(notes))
