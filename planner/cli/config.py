"""All settings, their values, where each comes from and what it means."""

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
        if setting.name == "smtp_password_file":
            continue
        value = getattr(app.settings, setting.name)
        shown = "•••" if setting.secret and value and setting.name != "database_url" else value
        if setting.name == "database_url":
            from planner.store.database import without_password

            shown = without_password(value)
        rows.append((setting, shown, app.settings.origins[setting.name]))
    if in_json:
        show.as_json({
            "home": str(app.settings.home),
            "settings": [{"name": s.name, "value": v, "origin": o, "environ": s.environ} for s, v, o in rows],
        })  # fmt: skip
        return
    out = show.console()
    out.print(f"{_('home')}: {app.settings.home}", soft_wrap=True)
    made = show.table(_("setting"), _("value"), _("from"), _("meaning"))
    for setting, value, origin in rows:
        made.add_row(setting.name, str(value), _("default") if origin == "default" else origin, _(setting.help))
    out.print(made)
