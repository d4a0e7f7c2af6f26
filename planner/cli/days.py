"""Days that come up, like Mother's Day, and when each has to be begun."""

from typing import Final

import click

from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _

_A_WEEK: Final = 7


@click.command()
@click.option("--weeks", type=click.IntRange(1, 52), default=8, show_default=True, help=_("How far to look ahead."))
@show.json_option
@click.pass_obj
def days(app: App, weeks: int, in_json: bool) -> None:
    from planner.actions.occasions import coming
    from planner.store.queries import ideas

    with app.database.read() as tx:
        business = app.chosen(tx)
        _counts, taken = ideas.counts(tx, business.id)
    found = coming(business, taken, app.moment(business.timezone), days=weeks * _A_WEEK)
    if in_json:
        show.as_json([
            {"day": each.occasion.key, "name": each.occasion.name(business.language), "date": each.day,
             "begin": each.begin, "is_time": each.is_time, "pillar": each.occasion.pillar.value,
             "idea": each.occasion.idea(business.language), "hint": each.occasion.hint(business.language),
             "has_idea": each.has_idea} for each in found
        ])  # fmt: skip
        return
    made = show.table(_("day"), _("occasion"), _("begin"), _("idea"))
    made.columns[3].overflow = "fold"
    for each in found:
        begin = "✓" if each.has_idea else _("now") if each.is_time else show.short_day(each.begin)
        occasion = each.occasion
        made.add_row(show.long_day(each.day), occasion.name(business.language), begin, occasion.idea(business.language))
    show.listing(made, _("No such day is coming up."))
