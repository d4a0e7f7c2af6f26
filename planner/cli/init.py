"""Setting up a business by questions; each is also an option, and --yes asks none."""

import os
from contextlib import closing
from typing import Any

import click

from planner import catalogue, config
from planner.cli.app import App, open_database, some_words
from planner.cli.questions import UnknownLanguage, check_region, machine_timezone
from planner.cli.words import LANGUAGE, _
from planner.core import localtime
from planner.core.model import Business
from planner.errors import PlannerError
from planner.language import LANGUAGES


@click.command()
@click.option("--name", callback=some_words, help=_("What the business is called."))
@click.option("--timezone", metavar="ZONE", help=_("Its time zone, like Europe/Berlin."))
@click.option("--language", type=click.Choice(LANGUAGES), help=_("The language of its mails, feeds and pages."))
@click.option("--country", metavar="XX", help=_("Its country, for public holidays: DE, AT, CH …"))
@click.option("--region", metavar="XX", help=_("Its Land or canton: BY, W, ZH …"))
@click.option("--email", metavar="ADDRESS", help=_("Where reminder mails go."))
@click.option("--trade", metavar="KEY", help=_("Its trade, for the words of texts: bakery, hairdresser …"))
@click.option("--preset", help=_("What to begin with: a name or a file."))
@click.option("--smtp-host", metavar="HOST", help=_("The mail server; none writes mails into a folder."))
@click.option("--smtp-port", type=click.IntRange(0, 65535), metavar="PORT", help=_("Its port."))
@click.option("--smtp-security", type=click.Choice(["tls", "starttls", "none"]), help=_("How the line is secured."))
@click.option("--smtp-user", help=_("The user name at the mail server."))
@click.option("--smtp-password", help=_("The password at the mail server; better typed than written here."))
@click.option("--mail-from", metavar="SENDER", help=_("The sender of the mails."))
@click.option("--yes", is_flag=True, help=_("Ask nothing."))
@click.pass_obj
def init(app: App, /, yes: bool, **given: Any) -> None:
    from planner.store.schema import prepare

    given = _checked({name: value for name, value in given.items() if value is not None})
    config.make_home(app.settings.home)
    existing = _existing(app)
    answers = _defaults(given, existing) if yes else _asked(given, existing)
    preset = catalogue.preset(answers["preset"])
    mail = {name: answers[name] for name in answers if name.startswith(("smtp_", "mail_"))}
    config.load(os.environ, app.settings.home, **mail)  # refused before anything is written
    with closing(open_database(app.settings)) as database:
        prepare(database)
        _store(app, database, existing, answers, preset)
    database.close()
    app.settings.keys()  # made here, so that commands which only look need not make it
    if mail:
        config.write(app.settings.home, mail)
    if existing is not None and "preset" in given:
        click.echo(_("The cadences stay as they are; a preset is for a new business (planner business add)."))
    click.echo(_("{name} is set up. Bring it up with: planner start").format(name=answers["name"]))


def _existing(app: App) -> Business | None:
    """The business that is there already: init then changes it. Raises WhichBusiness if there are several."""
    from planner.errors import NothingHere

    try:
        with app.database.read() as tx:
            return app.chosen(tx)
    except NothingHere:
        return None


def _defaults(given: dict[str, Any], existing: Business | None) -> dict[str, Any]:
    language = given.get("language") or (existing.language if existing else LANGUAGE)
    fallback = {
        "name": _("My business"), "timezone": machine_timezone(os.environ), "language": language, "country": "",
        "region": "", "email": "", "trade": "", "preset": "core-trio",
    }  # fmt: skip
    there = {name: getattr(existing, name) for name in fallback if hasattr(existing, name)} if existing else {}
    return {**fallback, **there, **given}


def _asked(given: dict[str, Any], existing: Business | None) -> dict[str, Any]:
    """The answers: what was given as an option is not asked again."""
    answers = _defaults(given, existing)
    questions = (
        ("name", _("What is the business called?")),
        ("timezone", _("In which time zone is it?")),
        ("language", _("In which language shall it be spoken to? (en, de)")),
        ("country", _("In which country, for public holidays? (DE, AT, CH …, may stay empty)")),
        ("region", _("In which Land or canton? (may stay empty)")),
        ("email", _("Where shall reminder mails go? (may stay empty)")),
        ("trade", _("Which trade is it? (bakery, hairdresser, electrician …, may stay empty)")),
        ("preset", _("What to begin with?")),
        ("smtp_host", _("Which mail server sends them? (empty: mails become files)")),
    )
    for name, words in questions:
        if (
            name not in given
            and not (name == "preset" and existing)
            and not (name == "region" and not answers["country"])
        ):
            answers[name] = _ask(name, words, answers)
    if answers.get("smtp_host"):
        if "smtp_user" not in given:
            answers["smtp_user"] = click.prompt(_("User name at the mail server?"), default=answers["email"])
        if answers["smtp_user"] and "smtp_password" not in given:
            answers["smtp_password"] = click.prompt(_("Password?"), hide_input=True, default="")
    return answers


def _ask(name: str, words: str, answers: dict[str, Any]) -> str:
    """One question, asked again until the answer can be used."""
    while True:
        answer: str = click.prompt(words, default=answers.get(name, ""), show_default=bool(answers.get(name)))
        try:
            country = answers["country"] if name == "region" else ""
            return str(_checked({name: answer.strip()}, country)[name])
        except PlannerError as error:
            click.echo(error.sentence(_), err=True)


def _checked(given: dict[str, Any], country: str = "") -> dict[str, Any]:
    from planner.notify.message import check_address, envelope

    checked = dict(given)
    if "name" in given:
        checked["name"] = some_words(None, None, given["name"])
    if given.get("timezone"):
        localtime.zone(given["timezone"])
    if given.get("language") and given["language"] not in LANGUAGES:
        raise UnknownLanguage(language=given["language"])
    if given.get("email"):
        checked["email"] = check_address(given["email"])
    if given.get("mail_from"):
        envelope(given["mail_from"])
    catalogue.trade(given.get("trade", ""))
    if given.get("preset"):
        catalogue.preset(given["preset"])
    check_region(given.get("country", country), given.get("region", ""))
    return checked


def _store(app: App, database: Any, existing: Business | None, answers: dict[str, Any], preset: Any) -> None:
    from planner import zonerules
    from planner.actions.set_up import NewBusiness, change_business, set_up
    from planner.render import PostTexts

    fields = {name: answers[name] for name in ("name", "timezone", "language", "country", "region", "email", "trade")}
    now = app.moment(answers["timezone"])
    with database.write() as tx:
        if existing is not None:
            change_business(tx, existing, fields, now=now, tzdata=zonerules.release())
        else:
            set_up(tx, NewBusiness(tzdata=zonerules.release(), **fields), preset, PostTexts(), now)
