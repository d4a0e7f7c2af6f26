"""All settings, their values, where each comes from and what it means."""

import re

import click

from planner import config as settings
from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _


@click.command()
@show.json_option
@click.pass_obj
def config(app: App, in_json: bool) -> None:
    rows = []
    for setting in settings.SETTINGS:
        value = getattr(app.settings, setting.name)
        shown = "•••" if setting.secret and value and setting.name != "database_url" else value
        if setting.name == "database_url":
            shown = re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1•••", re.sub(r"(//[^:/@]*):.*@", r"\1:•••@", value))
        rows.append((setting, shown, app.settings.origins[setting.name]))
    if in_json:
        show.as_json({
            "home": str(app.settings.home),
            "settings": [{"name": s.name, "value": v, "origin": o, "environ": s.environ} for s, v, o in rows],
        })  # fmt: skip
        return
    from rich.text import Text

    out = show.console()
    out.print(_("home") + f": {app.settings.home}", soft_wrap=True)
    for setting, value, origin in rows:
        where = _("default") if origin == "default" else origin
        out.print(Text.assemble("\n", (setting.name, "bold"), f" = {value}  ", (f"({where})", "dim")), soft_wrap=True)
        out.print(Text(f"    {_(setting.help)}", "dim"), soft_wrap=True)
