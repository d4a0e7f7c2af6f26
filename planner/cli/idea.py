"""The backlog of ideas: add, list, remove. Putting one onto a day is done on the page."""

import click

from planner.cli import show
from planner.cli.app import ID, App, some_words
from planner.cli.post import several_lines
from planner.cli.words import _
from planner.core.model import Pillar


@click.group()
def idea() -> None:
    pass


@idea.command(help=_("Write an idea down, for a channel or for any."))
@click.argument("title", callback=some_words)
@click.option("--text", default="", callback=several_lines, help=_("What to say; - reads it from standard input."))
@click.option("--channel", metavar="NAME", help=_("Only for this channel."))
@click.option(
    "--pillar",
    type=click.Choice([str(p) for p in Pillar]),
    default=str(Pillar.QUESTION),
    help=_("What the post is for."),
)
@click.pass_obj
def add(app: App, title: str, text: str, channel: str | None, pillar: str) -> None:
    from planner.actions.ideas import add_idea
    from planner.store.queries import channels

    with app.database.write() as tx:
        business = app.chosen(tx)
        wanted = channels.named(tx, business.id, channel).id if channel else None
        now = app.moment(business.timezone)
        made = add_idea(tx, business, title=title, text=text, pillar=Pillar(pillar), channel_id=wanted, now=now)
    click.echo(_("Idea {id} is written down: {title}").format(id=made.id, title=made.title))


@idea.command("list", help=_("The ideas that wait, by pillar."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from rich.text import Text

    from planner.store.queries import channels, ideas

    with app.database.read() as tx:
        business = app.chosen(tx)
        found = ideas.backlog(tx, business.id)
        names = {channel.id: channel.name for channel in channels.of_business(tx, business.id)}
    if in_json:
        show.as_json([
            {"id": each.id, "pillar": each.pillar.value, "channel": names.get(each.channel_id or 0),
             "title": each.title, "text": each.text} for each in found
        ])  # fmt: skip
        return
    made = show.table("#", _("pillar"), _("channel"), _("title"))
    for each in found:
        made.add_row(str(each.id), each.pillar.value, Text(names.get(each.channel_id or 0, _("all"))), Text(each.title))
    show.listing(made, _("No idea is waiting."))


@idea.command(help=_("Remove an idea for good."))
@click.argument("number", type=ID, metavar="ID")
@click.pass_obj
def remove(app: App, number: int) -> None:
    from planner.actions.ideas import remove_idea

    with app.database.write() as tx:
        gone = remove_idea(tx, app.chosen(tx), number)
    click.echo(_("The idea is gone: {title}").format(title=gone.title))
