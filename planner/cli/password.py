"""Setting the password of the page."""

import click

from planner.cli.app import App
from planner.cli.words import _


@click.command()
@click.option("--password", prompt=_("New password"), hide_input=True, confirmation_prompt=_("Once more"),
              help=_("The password; better typed than written here."))  # fmt: skip
@click.pass_obj
def password(app: App, password: str) -> None:
    from planner.actions.access import set_password, sign_out_everywhere

    with app.database.write() as tx:
        ended = set_password(tx, password)
        sign_out_everywhere(tx, now=app.moment_here(tx))
    click.echo(_("The password is set. Sessions ended: {count}.").format(count=ended))
