"""The editor of a rhythm: its fields to a rule, and a rule to its fields.

A rule can be said in three places, a sentence, the rule itself under its fold, and the controls. What was changed since
the form was shown counts, in this order: ``heard`` and ``was`` tell which sentence and which rule it was shown with.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from werkzeug.datastructures import MultiDict

from planner.actions.cadences import check_rounds
from planner.core.model import Business, Content, OnHoliday, Pillar, Purpose
from planner.core.phrase import Spoken, read_phrase
from planner.core.recurrence import check_fires, explicit, parse_rule
from planner.core.rotation import TooMuchPromotion, check_pillars
from planner.core.rule import Rule
from planner.core.spoken import LAST_DAY, ORDINALS, WEEKDAYS, tidy
from planner.errors import PhraseUnclear, PlannerError, UsageError
from planner.language import N_
from planner.web.fields import Form

Speak = Callable[[str], str]
Fields = dict[str, list[str]]
HOW: Final = {
    "week": N_("Every week"),
    "fortnight": N_("Every two weeks"),
    "weeks": N_("Every few weeks"),
    "weekday": N_("Every month, on a weekday"),
    "date": N_("Every month, on a date"),
    "days": N_("Every day, or every few days"),
    "rule": N_("As the rule below says"),
}
MOST_PILLARS: Final = len(Pillar)
_DATES: Final = (*range(1, 32), -1)
_COUNTED: Final = ("weeks", "weekday", "date", "days")  # those that show the field “every how many”
_LINES: Final = {"words": 200, "heard": 200, "rule": 500, "was": 500, "how": 20, "every": 20}
_FREQUENCY: Final = {"week": "WEEKLY", "fortnight": "WEEKLY", "weeks": "WEEKLY", "weekday": "MONTHLY",
                     "date": "MONTHLY", "days": "DAILY"}  # fmt: skip


class NoDay(UsageError):
    message = N_("Choose at least one day.")


class BeforeStart(UsageError):
    message = N_("This lies before the first day.")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A rhythm as it stands in the form. ``rule`` and ``dtstart`` are None where that cannot be told yet.

    ``meanings`` are what a sentence may mean if that is several things. ``new`` says that the rule comes from a
    sentence or a typed rule that was not shown yet, so it is shown before it is kept.
    """

    fields: Fields
    errors: dict[str, str]
    rule: Rule | None
    dtstart: datetime | None
    pillars: tuple[Pillar, ...]
    on_holiday: OnHoliday = OnHoliday.KEEP
    meanings: tuple[Spoken, ...] = ()
    new: bool = False
    purpose: Purpose = Purpose.POSTING
    content: Content | None = None

    @property
    def typed(self) -> dict[str, str]:
        """The fields of one value."""
        return {name: values[0] if values else "" for name, values in self.fields.items()}


def fields_of(
    rule: Rule,
    dtstart: datetime,
    pillars: Iterable[Pillar],
    on_holiday: OnHoliday = OnHoliday.KEEP,
    purpose: Purpose = Purpose.POSTING,
    content: Content | None = None,
) -> Fields:
    """The fields of a rhythm, as the form begins with them."""
    rule = tidy(explicit(rule, dtstart.date()))
    return {
        **_controls(rule),
        "words": [""],
        "heard": [""],
        "time": [f"{dtstart:%H:%M}"],
        "start": [dtstart.date().isoformat()],
        "rule": [str(rule)],
        "was": [str(rule)],
        "pillar": [pillar.value for pillar in pillars],
        "on_holiday": [on_holiday.value],
        "purpose": [purpose.value],
        "content": [content.value if content else ""],
    }


def read(values: MultiDict[str, str], business: Business, speak: Speak, today: date) -> Sketch:
    """The rhythm that a form describes, and everything that is wrong with it."""
    reader = _Reader(values, business, speak, today)
    return reader.sketch()


class _Reader:
    """A form while it is read."""

    def __init__(self, values: MultiDict[str, str], business: Business, speak: Speak, today: date) -> None:
        self.form = form = Form(speak, values)
        self.values, self.business = values, business
        for name, longest in _LINES.items():
            form.line(name, longest=longest)
        self.start, self.at = form.day("start"), form.clock("time")
        self.until = form.day("until", needed=False)
        self.first = self.start or today
        known = [each.value for each in OnHoliday]
        chosen = form.one_of("on_holiday", known) if "on_holiday" in values else OnHoliday.KEEP
        self.on_holiday = OnHoliday(chosen) if chosen in known else OnHoliday.KEEP
        form.typed["on_holiday"] = self.on_holiday.value
        self.purpose = Purpose.REPLYING if values.get("purpose") == Purpose.REPLYING else Purpose.POSTING
        form.typed["purpose"] = self.purpose.value
        self.content = self._content(values.get("content", ""))
        form.typed["content"] = self.content.value if self.content else ""
        self.several = {name: _known(values.getlist(name), known) for name, known in _KNOWN.items()}
        self.meanings: tuple[Spoken, ...] = ()
        self.new = False

    def _content(self, said: str) -> Content | None:
        """What posts are made of; rounds of answering of nothing, whatever the select still says."""
        return Content(said) if said in list(Content) and self.purpose is Purpose.POSTING else None

    def sketch(self) -> Sketch:
        rule = self._rule()
        if rule is not None:
            self._show(rule)
        if self.until and self.until < self.first:
            self.form.wrong("until", BeforeStart())
        dtstart = datetime.combine(self.start, self.at) if self.start and self.at else None
        if rule is not None and dtstart is not None:
            self.form.tried("how", lambda: check_fires(rule, dtstart, self.business.timezone))
        pillars = tuple(Pillar(name) for name in dict.fromkeys(self.several["pillar"]))
        if self.purpose is Purpose.REPLYING:
            pillars = ()
            self.form.tried("on_holiday", lambda: check_rounds(pillars, self.on_holiday))
        try:
            check_pillars(pillars)
        except TooMuchPromotion as error:
            self.form.wrong("pillar", error)
        fields = {**{name: [value] for name, value in self.form.typed.items()}, **self.several}
        return Sketch(fields, self.form.errors, rule, dtstart, pillars, self.on_holiday, self.meanings, self.new,
                      self.purpose, self.content)  # fmt: skip

    def _rule(self) -> Rule | None:
        """The rule that was said last: by a new sentence, by a new rule, or by the controls."""
        typed = self.form.typed
        if typed["words"] and typed["words"] != typed["heard"] and (spoken := self._heard()) is not None:
            return spoken
        if typed["rule"] and typed["rule"] != typed["was"]:
            self.new = True
            rule = self._typed_rule()
            self.until = rule.until if rule and type(rule.until) is date else None
            return rule
        return self._controlled()

    def _heard(self) -> Rule | None:
        """The rule of the sentence, if it has one meaning; of several the controls show none."""
        try:
            found = read_phrase(self.form.typed["words"], self.first)
        except PhraseUnclear as error:
            self.form.wrong("words", error)
            return None
        self.new = True
        if len(found) > 1:
            self.meanings = tuple(replace(each, rule=self._ending(each.rule), at=each.at or self.at) for each in found)
            return None
        self.at = found[0].at or self.at
        self.form.typed["heard"] = self.form.typed["words"]
        return self._ending(found[0].rule)

    def _ending(self, rule: Rule) -> Rule:
        return replace(rule, until=rule.until or self.until)

    def _typed_rule(self) -> Rule | None:
        rule = self.form.tried("rule", lambda: parse_rule(self.form.typed["rule"]))
        return rule and tidy(explicit(rule, self.first))

    def _controlled(self) -> Rule | None:
        """The rule of the controls."""
        how = self.form.one_of("how", HOW)
        every = (self.form.number("every", 1, 366, needed=False) or 1) if how in _COUNTED else 1
        if how == "rule":
            return self._typed_rule()
        if how not in HOW:
            return None
        days, nth, dates = ([int(value) for value in self.several[name]] for name in ("day", "nth", "date"))
        byday = [(number, day) for number in (nth if how == "weekday" else [0]) for day in days]
        wanted = dates if how == "date" else byday
        if how != "days" and not wanted:
            self.form.wrong("date" if how == "date" else "day", NoDay())
            return None
        return tidy(
            Rule(
                _FREQUENCY[how],
                interval={"week": 1, "fortnight": 2}.get(how, every),
                byday=() if how in ("days", "date") else tuple(byday),
                bymonthday=tuple(dates) if how == "date" else (),
                until=self.until,
            )
        )

    def _show(self, rule: Rule) -> None:
        """Let all three places say the rule; a sentence that no longer does is taken away."""
        typed = self.form.typed
        kept = {name: self.several[name] for name in ("day", "nth", "date")}
        controls = _controls(rule)
        self.several.update({name: controls[name] or kept[name] for name in ("day", "nth", "date")})
        typed.update(how=controls["how"][0], every=controls["every"][0], until=controls["until"][0])
        typed.update(rule=str(rule), was=str(rule), time=f"{self.at:%H:%M}" if self.at else typed["time"])
        if typed["words"] == typed["heard"] and not self._says(typed["words"], rule):
            typed.update(words="", heard="")

    def _says(self, words: str, rule: Rule) -> bool:
        try:
            found = read_phrase(words, self.first)
        except PlannerError:
            return False
        return any(self._ending(each.rule) == rule and (each.at or self.at) == self.at for each in found)


def _controls(rule: Rule) -> Fields:
    """The controls that make a rule; that of the rule itself, if the others cannot."""
    nth = [number for number in ORDINALS if number in {n for n, _ in rule.byday}]
    days = sorted({day for _, day in rule.byday})
    how, every = _how(rule), 1 if rule.freq == "WEEKLY" and rule.interval < 3 else rule.interval
    until = rule.until.isoformat() if type(rule.until) is date else ""
    fields: dict[str, Sequence[object]] = {
        "how": [how], "every": [every], "until": [until], "day": days, "nth": nth, "date": rule.bymonthday,
    }  # fmt: skip
    return {name: [str(value) for value in values] for name, values in fields.items()}


def _how(rule: Rule) -> str:
    byday, numbers, days = set(rule.byday), {n for n, _ in rule.byday}, {day for _, day in rule.byday}
    if rule.bymonth or rule.bysetpos or rule.count or rule.wkst or (rule.until and type(rule.until) is not date):
        return "rule"
    match rule.freq:
        case "DAILY" if not byday and not rule.bymonthday:
            return "days"
        case "WEEKLY" if byday and not rule.bymonthday:
            return {1: "week", 2: "fortnight"}.get(rule.interval, "weeks")
        case "MONTHLY" if byday and not rule.bymonthday and numbers <= set(ORDINALS):
            return "weekday" if byday == {(n, day) for n in numbers for day in days} else "rule"
        case "MONTHLY" if rule.bymonthday and not byday and min(rule.bymonthday) >= -1:
            return "date"
    return "rule"


_KNOWN: Final = {
    "day": [str(day) for day in range(7)],
    "nth": [str(number) for number in ORDINALS],
    "date": [str(day) for day in _DATES],
    "pillar": [pillar.value for pillar in Pillar],
}


def _known(values: Iterable[str], known: Sequence[str]) -> list[str]:
    return [value for value in values if value in known]


def lists(speak: Speak) -> dict[str, list[tuple[str, str]]]:
    """What the controls offer: key and words."""
    return {
        "hows": [(key, speak(words)) for key, words in HOW.items()],
        "weekdays": [(str(day), speak(words)) for day, words in enumerate(WEEKDAYS)],
        "ordinals": [(str(number), speak(words)) for number, words in ORDINALS.items()],
        "dates": [(str(day), str(day)) for day in range(1, 32)] + [("-1", speak(LAST_DAY))],
    }


_KEPT: Final = ("start", "pillar", "on_holiday", "purpose", "content", "seen")


def links(sketch: Sketch) -> list[tuple[Spoken, Fields]]:
    """The meanings of a sentence, each with the fields of a form that says it."""
    kept = {name: sketch.fields.get(name, []) for name in _KEPT}
    words = sketch.fields["words"]
    return [
        (each, {**_controls(each.rule), **kept, "time": [f"{each.at or time(9):%H:%M}"], "words": words,
                "heard": words, "rule": [str(each.rule)], "was": [str(each.rule)]})
        for each in sketch.meanings
    ]  # fmt: skip
