"""Who is signed in to the page: list, end one or all."""

import click

from planner.cli import show
from planner.cli.app import ID, App
from planner.cli.words import _
from planner.core import localtime


@click.group()
def session() -> None:
    pass


@session.command("list", help=_("The devices that are signed in, each with its browser, and when it was used last."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from planner.store.queries import access, businesses

    with app.database.read() as tx:
        found = access.sessions(tx, app.moment_here(tx))
        there = businesses.every(tx, limit=1)
    if in_json:
        show.as_json([
            {"id": each.id, "created": each.created_at.isoformat(), "expires": each.expires_at.isoformat(),
             "browser": each.browser.name, "system": each.browser.system,
             "last_used": each.last_used_at and each.last_used_at.isoformat()}
            for each in found
        ])  # fmt: skip
        return
    zone = there[0].timezone if there else "UTC"
    made = show.table("#", _("browser"), _("since"), _("last used"), _("until"))
    for each in found:
        since, until = (localtime.wall(moment, zone) for moment in (each.created_at, each.expires_at))
        used = localtime.wall(each.last_used_at, zone) if each.last_used_at else None
        made.add_row(str(each.id), each.browser.in_words(_), f"{show.long_day(since)} {since:%H:%M}",
                     f"{show.long_day(used)} {used:%H:%M}" if used else "", show.long_day(until))  # fmt: skip
    show.listing(made, _("Nobody is signed in."))


@session.command(
    help=_("Sign everybody out, and withdraw the sign-in links that wait to be used; or end the one session of an ID.")
)
@click.argument("number", type=ID, metavar="[ID]", required=False)
@click.pass_obj
def end(app: App, number: int | None) -> None:
    from planner.actions.access import sign_out_everywhere, sign_out_one

    if number is not None:
        with app.database.write() as tx:
            sign_out_one(tx, number)
        click.echo(_("Session {id} is ended.").format(id=number))
        return
    with app.database.write() as tx:
        ended = sign_out_everywhere(tx, now=app.moment_here(tx))
    click.echo(_("Everybody is signed out. Sessions ended: {count}.").format(count=ended))
