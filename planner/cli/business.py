"""Businesses: list, add, show, set."""

from dataclasses import asdict
from typing import Any

import click

from planner.cli import show
from planner.cli.app import App, parse_clock, some_words
from planner.cli.questions import check_region
from planner.cli.terms import shown
from planner.cli.words import _
from planner.core import localtime
from planner.errors import UsageError
from planner.language import LANGUAGES, N_


class NothingToSet(UsageError):
    message = N_("Say what to change, like --email or --timezone. See “planner business set --help”.")


@click.group()
def business() -> None:
    pass


@business.command("list", help=_("All businesses here."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from planner.store.queries import businesses

    with app.database.read() as tx:
        found = businesses.every(tx)
    if in_json:
        show.as_json([
            {"id": b.id, "name": b.name, "timezone": b.timezone, "language": b.language, "email": b.email}
            for b in found
        ])  # fmt: skip
        return
    made = show.table("#", _("name"), _("time zone"), _("language"), _("e-mail"))
    for each in found:
        made.add_row(str(each.id), each.name, each.timezone, each.language, each.email)
    show.listing(made, _("No business yet. “planner init” makes one."))


@business.command(help=_("Add a business with the channels and cadences of a preset."))
@click.argument("name", callback=some_words)
@click.option("--timezone", default="Europe/Berlin", show_default=True, help=_("Time zone, like Europe/Berlin."))
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True, help=_("Of its mails."))
@click.option("--country", default="", metavar="XX", help=_("For public holidays: DE, AT, CH …"))
@click.option("--region", default="", metavar="XX", help=_("Land or canton: BY, W, ZH …"))
@click.option("--email", default="", metavar="ADDRESS", help=_("Where reminder mails go."))
@click.option("--trade", default="", metavar="KEY", help=_("Its trade, for the words of texts: bakery, hairdresser …"))
@click.option("--preset", default="core-trio", show_default=True, help=_("What to begin with: a name or a file."))
@click.pass_obj
def add(app: App, /, name: str, preset: str, **given: str) -> None:
    from planner import catalogue, zonerules
    from planner.actions.set_up import NewBusiness, set_up
    from planner.notify.message import check_address
    from planner.render import PostTexts

    wanted = catalogue.preset(preset)
    check_region(given["country"], given["region"])
    catalogue.trade(given["trade"])
    given["email"] = check_address(given["email"]) if given["email"] else ""
    with app.database.write() as tx:
        made = set_up(
            tx, NewBusiness(name=name, tzdata=zonerules.release(), **given), wanted, PostTexts(),
            app.moment(given["timezone"]),
        )  # fmt: skip
    click.echo(_("Added business {id}: {name}").format(id=made.id, name=made.name))


@business.command("show", help=_("Everything that is set for a business."))
@show.json_option
@click.pass_obj
def show_(app: App, in_json: bool) -> None:
    with app.database.read() as tx:
        found = app.chosen(tx)
    values = asdict(found)
    if in_json:
        show.as_json(values)
        return
    made = show.table(_("setting"), _("value"), _("what it means"))
    for option in set_.params:
        if option.name in values and isinstance(option, click.Option):
            made.add_row(option.opts[0], shown(values[option.name]), option.help or "")
    show.console().print(made)


@business.command("set", help=_("Change what is set for a business."))
@click.option("--name", callback=some_words, help=_("What it is called."))
@click.option("--timezone", metavar="ZONE", help=_("Time zone, like Europe/Berlin."))
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Of its mails, feeds and pages."))
@click.option("--country", metavar="XX", help=_("For public holidays: DE, AT, CH …"))
@click.option("--region", metavar="XX", help=_("Land or canton: BY, W, ZH …"))
@click.option("--email", metavar="ADDRESS", help=_("Where reminder mails go."))
@click.option("--trade", metavar="KEY", help=_("Its trade, for the words of texts: bakery, hairdresser …"))
@click.option("--digest", "digest_on", type=bool, metavar="yes|no", help=_("Whether there is a morning mail."))
@click.option("--digest-time", metavar="HH:MM", help=_("When the morning mail comes."))
@click.option("--nudge-time", metavar="HH:MM", help=_("When the evening mail comes; off switches it off."))
@click.option("--summary", "summary_on", type=bool, metavar="yes|no", help=_("Whether there is a weekly mail."))
@click.option("--quiet-from", metavar="HH:MM", help=_("No late mails from this time …"))
@click.option("--quiet-until", metavar="HH:MM", help=_("… until this time."))
@click.option(
    "--grace-days", type=click.IntRange(0, 30), help=_("For how many days a post is late before it is missed.")
)
@click.option("--horizon-weeks", type=click.IntRange(1, 104), help=_("How far ahead posts are planned."))
@click.pass_obj
def set_(app: App, /, **given: Any) -> None:
    from planner import catalogue, zonerules
    from planner.actions.set_up import change_business
    from planner.notify.message import check_address

    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        raise NothingToSet
    for name in ("digest_time", "nudge_time", "quiet_from", "quiet_until"):
        if name in wanted:
            wanted[name] = None if (name, wanted[name]) == ("nudge_time", "off") else parse_clock(wanted[name])
    if wanted.get("email"):
        wanted["email"] = check_address(wanted["email"])
    catalogue.trade(wanted.get("trade", ""))
    if "timezone" in wanted:
        localtime.zone(wanted["timezone"])
    with app.database.write() as tx:
        before = app.chosen(tx)
        if {"country", "region"} & wanted.keys():
            check_region(wanted.get("country", before.country), wanted.get("region", before.region))
        after = change_business(tx, before, wanted, now=app.moment(before.timezone), tzdata=zonerules.release())
    click.echo(_("Saved: {name}").format(name=after.name))
