"""Advice by questions: which channels, how often, what to leave out. Each question is also an option."""

import os
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from planner import catalogue
from planner.cli import advice_shown, show
from planner.cli.app import App
from planner.cli.questions import check_region, machine_timezone
from planner.cli.words import LANGUAGE, _
from planner.core.advice import FEWEST_MINUTES, MOST_MINUTES, Advice, Ages, Answers, Customers, Helper, Stay
from planner.errors import NothingHere, PlannerError, UsageError
from planner.language import N_

if TYPE_CHECKING:
    from planner.actions.advise import Applied
    from planner.core.budget import Budget
    from planner.core.model import Business

_KINDS = ("text", "image", "video", "audio")
_CUSTOMERS, _AGES, _HELPERS = ([str(each) for each in kind] for kind in (Customers, Ages, Helper))
_DEFAULTS = Answers()


class NotOneOf(UsageError):
    message = N_("“{value}” is none of these: {known}.")


class NotMinutes(UsageError):
    message = N_("Write the minutes a week as a whole number from {low} to {high}.")


class NothingToApply(UsageError):
    message = N_("No channel fits into {minutes} minutes a week, so there is nothing to apply.")


@click.command()
@click.option("--trade", metavar="KEY", help=_("The trade: bakery, hairdresser, electrician …"))
@click.option("--customers", type=click.Choice(_CUSTOMERS), help=_("Customers who come by, are anywhere, or both."))
@click.option("--ages", multiple=True, type=click.Choice(_AGES), help=_("Their ages; may be given several times."))
@click.option("--country", metavar="XX", help=_("The country: DE, AT, CH …"))
@click.option("--region", metavar="XX", help=_("The Land or canton: BY, W, ZH …"))
@click.option("--likes", multiple=True, type=click.Choice(_KINDS), help=_("What you like to make; several times, too."))
@click.option("--minutes", type=click.IntRange(FEWEST_MINUTES, MOST_MINUTES), help=_("Minutes a week you have for it."))
@click.option("--helper", type=click.Choice(_HELPERS), help=_("Who helps: nobody, somebody, somebody who films."))
@click.option("--scores", is_flag=True, help=_("Print the score sheet of every channel, too."))
@click.option("--apply", is_flag=True, help=_("Turn the advice into channels, cadences and posts."))
@click.option(
    "--kept",
    type=click.Choice([str(each) for each in Stay]),
    help=_("What becomes of rhythms that are there: leave them, make them fit into the minutes, or end them."),
)
@click.option("--yes", is_flag=True, help=_("Ask nothing; take the usual answer where none is given."))
@show.json_option
@click.pass_obj
def advise(app: App, /, scores: bool, apply: bool, kept: str | None, yes: bool, in_json: bool, **given: Any) -> None:
    from planner.actions.advise import advice_for, answered, first_weeks
    from planner.render import PostTexts

    business, taken = _business(app, needed=apply)
    said = {name: value for name, value in given.items() if value not in (None, ())}
    answers = _answers(said, business, ask=not yes)
    advice = advice_for(answers)
    texts, now = PostTexts(), app.moment(business.timezone)
    shown = answered(business, answers)
    weeks = first_weeks(shown, advice, texts, now, taken=taken)
    if apply and not advice.channels:
        raise NothingToApply(minutes=answers.minutes)
    before = _budget(app, shown, answers, advice)
    advice_shown.print_unreadable()
    if not in_json:
        advice_shown.print_advice(advice, answers, shown, weeks, scores=scores)
        advice_shown.print_budget(before)
    applied = _apply(app, shown, answers, advice, _stay(kept, before, ask=not yes), texts) if apply else None
    if in_json:
        told = advice_shown.as_json(advice, shown, weeks, before, applied)
        show.as_json({"answers": asdict(answers), **told})
        return
    advice_shown.print_applied(applied)


def _budget(app: App, business: "Business", answers: Answers, advice: Advice) -> "Budget | None":
    """What advice comes to beside what stays; None where nothing is set up yet."""
    from planner.actions.advise import outlook

    if not business.id:
        return None
    with app.database.read() as tx:
        return outlook(tx, business, answers, advice, app.moment(business.timezone)).budget


def _stay(kept: str | None, before: "Budget | None", *, ask: bool) -> Stay:
    """What becomes of rhythms that are there; asked where they take too much, else they stay."""
    if kept is None and before is not None and before.over and ask:
        words = _("What becomes of what is there? (leave: it stays; fit: as said above; end: what is not advised ends)")
        kept = _asked(words, str(Stay.LEAVE), _one([str(each) for each in Stay]))
    return Stay(kept or Stay.LEAVE)


def _apply(app: App, business: "Business", answers: Answers, advice: Advice, stay: Stay, texts: Any) -> "Applied":
    from planner.actions import advise as verbs

    with app.database.write() as tx:
        return verbs.apply(tx, app.chosen(tx), answers, advice, texts, app.moment(business.timezone), stay=stay)


def _business(app: App, *, needed: bool) -> "tuple[Business, set[str]]":
    """The business that is meant, and the days of which it has an idea.

    Where nothing is set up yet and none is needed, one to think of.
    """
    from planner.store.queries import ideas

    try:
        with app.database.read() as tx:
            business = app.chosen(tx)
            return business, ideas.counts(tx, business.id)[1]
    except NothingHere:
        if needed:
            raise
    from planner.core.model import Business

    zone = machine_timezone(os.environ)
    return Business(id=0, name=_("My business"), timezone=zone, language=LANGUAGE, created_at=app.moment(zone)), set()


def _answers(given: dict[str, Any], business: "Business", *, ask: bool) -> Answers:
    """What was given, what the business is known for, what is asked. Raises NoSuchTrade, UnknownRegion."""
    known: dict[str, Any] = {name: getattr(business, name) for name in ("trade", "country", "region")}
    if given.get("country", business.country) != business.country:
        known["region"] = ""  # a region belongs to its country
    answers = {**asdict(_DEFAULTS), **known, **given}
    if ask:
        for name, words, read in _questions(answers):
            if name not in given and not (name == "region" and not answers["country"]):
                answers[name] = _asked(words, answers[name], read)
    catalogue.trade(answers["trade"])
    check_region(answers["country"], answers["region"])
    return Answers(
        **{
            **answers,
            "customers": Customers(answers["customers"]),
            "ages": tuple(group for group in Ages if group in answers["ages"]),
            "likes": tuple(kind for kind in _KINDS if kind in answers["likes"]),
            "helper": Helper(answers["helper"]),
        }
    )


def _questions(answers: dict[str, Any]) -> list[tuple[str, str, Callable[[str], Any]]]:
    return [
        ("trade", _("Which trade is it? (bakery, hairdresser, electrician …, may stay empty)"), _trade),
        ("customers", _("Where are your customers? (local: they come by; online: anywhere; both)"), _one(_CUSTOMERS)),
        ("ages", _("How old are they? (14-29, 30-49, 50-69, 70+, with commas; empty for all)"), _several(_AGES)),
        ("country", _("In which country? (DE, AT, CH …, may stay empty)"), _country),
        ("region", _("In which Land or canton? (may stay empty)"), lambda text: _region(answers["country"], text)),
        ("likes", _("What do you like to make? (text, image, video, audio, with commas)"), _several(_KINDS)),
        ("minutes", _("How many minutes a week do you have for it?"), _minutes),
        ("helper", _("Who helps? (alone: nobody; team: somebody; filmer: somebody who films)"), _one(_HELPERS)),
    ]


def _asked(words: str, usual: Any, read: Callable[[str], Any]) -> Any:
    """One question on the error stream, so that JSON stays alone; asked again until the answer can be used."""
    shown = ", ".join(usual) if isinstance(usual, tuple) else str(usual)
    while True:
        answer = click.prompt(words, default=shown, show_default=bool(shown), err=True)
        try:
            return read(answer.strip())
        except PlannerError as error:
            click.echo(error.sentence(_), err=True)


def _trade(text: str) -> str:
    catalogue.trade(text)
    return text


def _country(text: str) -> str:
    check_region(text, "")
    return text


def _region(country: str, text: str) -> str:
    check_region(country, text)
    return text


def _one(known: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise NotOneOf(value=text[:40], known=", ".join(known))
        return text

    return read


def _several(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    one = _one(list(known))
    return lambda text: tuple(one(part.strip()) for part in text.split(",") if part.strip())


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and FEWEST_MINUTES <= int(text) <= MOST_MINUTES):
        raise NotMinutes(low=FEWEST_MINUTES, high=MOST_MINUTES)
    return int(text)
