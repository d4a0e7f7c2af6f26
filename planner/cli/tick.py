"""One pass of everything the daemon does again and again, at the present moment or the one of --now."""

import logging

import click

from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _, ngettext
from planner.errors import PlannerError
from planner.language import N_, said


class TickFailed(PlannerError):
    message = N_("The tick “{tick}” failed: {error}")


@click.command()
@click.option("--trust-clock", "trust", is_flag=True, help=_("The clock is right: go on, although it was set."))
@show.json_option
@click.pass_obj
def tick(app: App, trust: bool, in_json: bool) -> None:
    from planner.daemon import Daemon
    from planner.render import PostTexts

    with app.database.read() as tx:
        now = app.moment_here(tx)
    logging.basicConfig(level=logging.CRITICAL)  # what fails is said below, in a sentence
    daemon = Daemon(app.database, app.settings, app.links, PostTexts(), lambda: now, given=app.now is not None)
    if trust:
        daemon.trust_clock()
    did = daemon.run_once()
    if in_json:
        show.as_json(did)
    else:
        planned = ngettext("Planned {count} post.", "Planned {count} posts.", did["plan"]).format(count=did["plan"])
        sent = ngettext("Sent {count} mail.", "Sent {count} mails.", did["mail"]).format(count=did["mail"])
        click.echo(f"{planned} {sent}")
    for name, error in daemon.faults.items():
        raise TickFailed(tick=name, error=said(error, _))
