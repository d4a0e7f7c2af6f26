"""One pass of everything the daemon does again and again, at the present moment or the one of --now."""

import click

from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _


@click.command()
@show.json_option
@click.pass_obj
def tick(app: App, in_json: bool) -> None:
    from planner.daemon import Daemon
    from planner.links import Links
    from planner.render import PostTexts
    from planner.store.queries import businesses

    with app.database.read() as tx:
        there = businesses.every(tx)
    now = app.moment(there[0].timezone if there else "UTC")
    links = Links(app.settings.keys(), app.settings.address)
    did = Daemon(app.database, app.settings, links, PostTexts(), lambda: now).run_once()
    if in_json:
        show.as_json(did)
        return
    click.echo(_("Planned {plan} posts, sent {mail} mails.").format(**did))
