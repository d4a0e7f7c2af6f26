"""Pauses of the business (Betriebsferien, illness): add, list, remove."""

from typing import TYPE_CHECKING

import click

from planner.cli import show
from planner.cli.app import ID, App, one_line, parse_day
from planner.cli.words import _, ngettext

if TYPE_CHECKING:
    from planner.actions.pauses import Paused


@click.group()
def pause() -> None:
    pass


@pause.command(help=_("Pause the business from a day to a day, both included."))
@click.option("--from", "first", required=True, metavar="DAY", help=_("The first day."))
@click.option("--to", "last", required=True, metavar="DAY", help=_("The last day; it belongs to the pause."))
@click.option("--reason", default="", callback=one_line, help=_("Why."))
@click.pass_obj
def add(app: App, first: str, last: str, reason: str) -> None:
    from planner.actions.pauses import add_pause

    start, end = parse_day(first), parse_day(last)
    with app.database.write() as tx:
        business = app.chosen(tx)
        paused = add_pause(tx, business, start, end, reason=reason, now=app.moment(business.timezone))
    report(paused)


@pause.command("list", help=_("The pauses of a business."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from planner.store.queries import channels, pauses

    with app.database.read() as tx:
        business = app.chosen(tx)
        found = pauses.of_business(tx, business.id)
        names = {channel.id: channel.name for channel in channels.of_business(tx, business.id)}
    if in_json:
        show.as_json([
            {"id": each.id, "from": each.first.isoformat(), "to": each.last.isoformat(),
             "channel": names.get(each.channel_id or 0), "reason": each.reason} for each in found
        ])  # fmt: skip
        return
    made = show.table("#", _("from"), _("to"), _("channel"), _("reason"))
    for each in found:
        made.add_row(
            str(each.id), str(each.first), str(each.last), names.get(each.channel_id or 0, _("all")), each.reason
        )
    show.listing(made, _("No pause is set."))


@pause.command(help=_("Take a pause away; its slots get their posts again."))
@click.argument("number", type=ID, metavar="ID")
@click.pass_obj
def remove(app: App, number: int) -> None:
    from planner.actions.pauses import remove_pause
    from planner.render import PostTexts

    with app.database.write() as tx:
        business = app.chosen(tx)
        _gone, count = remove_pause(tx, business, number, texts=PostTexts(), now=app.moment(business.timezone))
    words = ngettext("The pause is gone; {count} post is planned again.",
                     "The pause is gone; {count} posts are planned again.", count)  # fmt: skip
    click.echo(words.format(count=count))


def report(paused: "Paused") -> None:
    """Say what a new pause did, and which posts stay because somebody worked on them."""
    words = ngettext("Pause {id} is set; {count} planned post was taken back.",
                     "Pause {id} is set; {count} planned posts were taken back.", paused.removed)  # fmt: skip
    click.echo(words.format(id=paused.pause.id, count=paused.removed))
    for post in paused.kept:
        click.echo(_("Post {id} stays, because you worked on it: {title}").format(id=post.id, title=post.title))
