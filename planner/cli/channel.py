"""Channels: add, list, rename, pause."""

import click

from planner.catalogue import platform_keys
from planner.cli import show
from planner.cli.app import App, one_line, parse_day
from planner.cli.pause import report
from planner.cli.words import _
from planner.core import localtime


@click.group()
def channel() -> None:
    pass


@channel.command(
    help=_("Add a channel on a platform of the catalogue. It needs no account."),
    epilog=_("Platforms: {known}").format(known=", ".join(platform_keys())),
)
@click.argument("platform")
@click.option("--name", default="", callback=one_line, help=_("What to call it; the platform's name if not given."))
@click.pass_obj
def add(app: App, platform: str, name: str) -> None:
    from planner.actions.channels import add_channel

    with app.database.write() as tx:
        business = app.chosen(tx)
        made = add_channel(tx, business, platform, name, now=app.moment(business.timezone))
    click.echo(_("Added channel {id}: {name}").format(id=made.id, name=made.name))


@channel.command("list", help=_("The channels of a business."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from planner.store.queries import cadences, channels

    with app.database.read() as tx:
        business = app.chosen(tx)
        local = localtime.wall(app.moment(business.timezone), business.timezone)
        found = channels.of_business(tx, business.id)
        running = cadences.of_business(tx, business.id, active_on=local)
    if in_json:
        show.as_json([
            {"id": each.id, "name": each.name, "platform": each.platform,
             "cadences": [c.id for c in running if c.channel_id == each.id]} for each in found
        ])  # fmt: skip
        return
    made = show.table("#", _("name"), _("platform"), _("cadences"))
    for each in found:
        rules = "\n".join(f"{c.rrule} {c.dtstart:%H:%M}" for c in running if c.channel_id == each.id)
        made.add_row(str(each.id), each.name, each.platform, rules)
    show.listing(made, _("No channel yet. “planner channel add” makes one."))


@channel.command(help=_("Call a channel something else."))
@click.argument("name")
@click.argument("new", callback=one_line)
@click.pass_obj
def rename(app: App, name: str, new: str) -> None:
    from planner.actions.channels import rename_channel
    from planner.store.queries import channels

    with app.database.write() as tx:
        business = app.chosen(tx)
        there = channels.named(tx, business.id, name)
        made = rename_channel(tx, business, there, new, now=app.moment(business.timezone))
    click.echo(_("Channel {id} is called {name} now.").format(id=made.id, name=made.name))


@channel.command(help=_("Pause one channel from a day to a day, both included."))
@click.argument("name")
@click.option("--from", "first", required=True, metavar="DAY", help=_("The first day."))
@click.option("--to", "last", required=True, metavar="DAY", help=_("The last day; it belongs to the pause."))
@click.option("--reason", default="", callback=one_line, help=_("Why."))
@click.pass_obj
def pause(app: App, name: str, first: str, last: str, reason: str) -> None:
    from planner.actions.pauses import close
    from planner.store.queries import channels

    start, end = parse_day(first), parse_day(last)
    with app.database.write() as tx:
        business = app.chosen(tx)
        there = channels.named(tx, business.id, name)
        now = app.moment(business.timezone)
        paused = close(tx, business, start, end, channel=there, reason=reason, now=now)
    report(paused, localtime.today(now, business.timezone))
