"""Advice: six questions, the answer to them, and a button that turns it into channels, cadences and posts.

Asking changes nothing: the answers stand in the address, so that going back works and an answer can be kept as a link.
"""

from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from planner import catalogue
from planner.actions import advise as verbs
from planner.actions import occasions
from planner.catalogue import advice_words, advising, telling
from planner.catalogue.portraits import Kind
from planner.core import budget
from planner.core.advice import (
    FEWEST_MINUTES,
    MOST_MINUTES,
    Ages,
    Answers,
    Chosen,
    Criterion,
    Customers,
    Helper,
    LeftOut,
    Stay,
)
from planner.core.model import Business
from planner.language import N_
from planner.store.queries import businesses, ideas
from planner.web import labels, places
from planner.web.fields import Form
from planner.web.site import acting, business_page, gettext, reading, site
from planner.web.today import NUMBER

pages = Blueprint("advice", __name__)
_BASE: Final = f"/businesses/<{NUMBER}:business_id>/advice"
_USUAL: Final = Answers()
_STAYS: Final = {
    Stay.LEAVE: N_("Leave what is there as it is"),
    Stay.FIT: N_("Do what is said here, so that it fits"),
    Stay.END: N_("End all that is not advised"),
}


@pages.get(_BASE)
def ask(business_id: int) -> Response:
    """The questions, and the advice once they are answered."""
    with reading() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language), request.args)
        if "minutes" not in request.args:
            return _page(tx, business, _begun(business), {}, None)
        return _page(tx, business, form.typed, form.errors, _read(business, form))


@pages.post(_BASE)
def apply(business_id: int) -> AnyResponse:
    """Turn the advice into channels, cadences and posts, and on to where they stand."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        form = Form(gettext(business.language))
        answers = _read(business, form)
        advice = verbs.advice_for(answers) if answers else None
        if answers is None or advice is None or not advice.channels:
            return _page(tx, business, form.typed, form.errors, answers, 400)
        kept = request.form.get("kept", "")
        stay = Stay(kept) if kept in list(Stay) else Stay.LEAVE
        applied = verbs.apply(tx, business, answers, advice, site().texts, site().clock(), stay=stay)
    setting_up = request.form.get("from") == "welcome"
    if applied.budget.over and not setting_up:  # what can be done about it stands below the same answers
        said = {name: value for name, value in request.form.items() if name not in ("csrf", "kept")}
        return redirect(f"/businesses/{business_id}/advice?{urlencode({**said, 'said': 'advised'})}#minutes", 303)
    return redirect(f"/businesses/{business_id}/{'welcome/password' if setting_up else 'channels?said=advised'}", 303)


@pages.post(f"{_BASE}/days/<key>")
def take_day(business_id: int, key: str) -> AnyResponse:
    """Make an idea of a day that comes up, and back to the advice, whose answers the form has with it."""
    with acting() as tx:
        business = businesses.get(tx, business_id)
        answers = _read(business, Form(gettext(business.language)))
        occasions.take(tx, verbs.answered(business, answers) if answers else business, key, site().clock())
    said = {name: value for name, value in request.form.items() if name != "csrf"}
    return redirect(f"/businesses/{business_id}/advice?{urlencode(said)}#days", 303)


def _begun(business: Business) -> dict[str, str]:
    """The fields before anybody answered."""
    likes = {f"likes_{kind}": "yes" if kind in _USUAL.likes else "" for kind in Kind}
    return {"trade": business.trade, "customers": _USUAL.customers, "minutes": str(_USUAL.minutes),
            "helper": _USUAL.helper, **likes}  # fmt: skip


def _read(business: Business, form: Form) -> Answers | None:
    """The answers; None if something is wrong with them, which then stands in the form."""
    trade = form.one_of("trade", ["", *catalogue.trade_keys()])
    customers = form.one_of("customers", list(Customers))
    ages = tuple(group for group in Ages if form.tick(f"ages_{group}"))
    likes = tuple(kind.value for kind in Kind if form.tick(f"likes_{kind}"))
    minutes = form.number("minutes", FEWEST_MINUTES, MOST_MINUTES)
    helper = form.one_of("helper", list(Helper))
    if not form.ok or minutes is None:
        return None
    return Answers(
        trade=trade, customers=Customers(customers), ages=ages, country=business.country, region=business.region,
        likes=likes, minutes=minutes, helper=Helper(helper),
    )  # fmt: skip


def _page(
    tx: Connection, business: Business, typed: dict[str, str], errors: dict[str, str], answers: Answers | None,
    status: int = 200,
) -> Response:  # fmt: skip
    speak = gettext(business.language)
    return business_page(
        "advice", business, "more", status, typed=typed, errors=errors, words=advice_words, speak=speak,
        questions=_lists(business), setting_up=request.values.get("from") == "welcome",
        place=places.in_words(business.country, business.region, business.language), **_told(tx, business, answers),
    )  # fmt: skip


def _lists(business: Business) -> dict[str, Any]:
    """What can be answered, in words."""
    speak = gettext(business.language)
    return {
        "trades": catalogue.trade_names(business.language),
        "customers": [(key, speak(words)) for key, words in advice_words.CUSTOMERS.items()],
        "ages": [(key, speak(words)) for key, words in advice_words.AGES.items()],
        "likes": [(key, speak(words)) for key, words in telling.KINDS.items()],
        "helpers": [(key, speak(words)) for key, words in advice_words.HELPERS.items()],
        "minutes": (FEWEST_MINUTES, MOST_MINUTES),
    }


def _told(tx: Connection, business: Business, answers: Answers | None) -> dict[str, Any]:
    """The advice with all that stands beside it; nothing before the questions are answered."""
    if answers is None:
        return {"advice": None}
    keys, wrong = advising.unreadable()
    advice, now, speak = verbs.advice_for(answers), site().clock(), gettext(business.language)
    shown, (_counts, taken) = verbs.answered(business, answers), ideas.counts(tx, business.id)
    everyone: list[Chosen | LeftOut] = [*advice.channels, *advice.left_out]
    everyone.sort(key=lambda one: (-one.sheet.total, one.key))
    return {
        "advice": advice, "answers": answers, "sheet": everyone, "criteria": list(Criterion),
        "weeks": verbs.first_weeks(shown, advice, site().texts, now, taken=taken), "pillars": labels.PILLARS,
        "outlook": (outlook := verbs.outlook(tx, shown, answers, advice, now)),
        "unread": advice_words.left_unread(keys, speak) if keys else "",
        "broken": [error.sentence(speak) for error in wrong],
        "takes": budget.told(outlook.budget, speak),
        "changes": [budget.change_words(each, speak) for each in outlook.budget.changes],
        "stays": [(key, speak(words)) for key, words in _STAYS.items()],
    }  # fmt: skip
