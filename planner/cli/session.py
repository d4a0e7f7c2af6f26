"""Who is signed in to the page: list, end all."""

import click

from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _
from planner.core import localtime


@click.group()
def session() -> None:
    pass


@session.command("list", help=_("The devices that are signed in, by when that began."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from planner.store.queries import access, businesses

    with app.database.read() as tx:
        found = access.sessions(tx, app.moment_here(tx))
        there = businesses.every(tx, limit=1)
    if in_json:
        show.as_json([
            {"id": each.id, "created": each.created_at.isoformat(), "expires": each.expires_at.isoformat()}
            for each in found
        ])  # fmt: skip
        return
    zone = there[0].timezone if there else "UTC"
    made = show.table("#", _("since"), _("until"))
    for each in found:
        since, until = (localtime.wall(moment, zone) for moment in (each.created_at, each.expires_at))
        made.add_row(str(each.id), f"{show.long_day(since)} {since:%H:%M}", show.long_day(until))
    show.listing(made, _("Nobody is signed in."))


@session.command(help=_("Sign everybody out, and withdraw the sign-in links that wait to be used."))
@click.pass_obj
def end(app: App) -> None:
    from planner.actions.access import sign_out_everywhere

    with app.database.write() as tx:
        ended = sign_out_everywhere(tx, now=app.moment_here(tx))
    click.echo(_("Everybody is signed out. Sessions ended: {count}.").format(count=ended))
