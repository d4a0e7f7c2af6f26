"""The weekly summary in the terminal."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

import click

from planner.actions.consistency import Month, month_of
from planner.actions.overview import Outcome, Summary, post_fields, summary_of
from planner.actions.supply import Supply, fields, running_out
from planner.cli import show
from planner.cli.app import App, parse_week
from planner.cli.catch_up import advice_fields, offer_fields, show_offers
from planner.cli.words import _, ngettext
from planner.core import localtime
from planner.core.friendly import advice_words, pile_words
from planner.core.mix import tilt_words
from planner.core.model import Post
from planner.core.weeks import Week
from planner.render import PostTexts

MISSED = 3


@click.command()
@click.option("--week", metavar="2026-W47", help=_("Which week; the one before this if not given."))
@click.option("--check", is_flag=True, help=_("Exit with 3 when something was missed."))
@show.json_option
@click.pass_obj
def summary(app: App, week: str | None, check: bool, in_json: bool) -> None:
    wanted = parse_week(week) if week else None
    with app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        last = Week.of(localtime.today(now, business.timezone) - timedelta(days=7))
        found = summary_of(tx, business, wanted or last, now)
        month = month_of(tx, business, found.week, now)
        supply = running_out(tx, business, PostTexts(), now) if wanted in (None, last) else None
    if in_json:
        show.as_json({**_fields(found, month, now), "supply": fields(supply)})
    else:
        _show(found, month)
        _tell(supply)
    if check and found.anything_missed:
        raise click.exceptions.Exit(MISSED)


def _tell(supply: Supply | None) -> None:
    """That ideas run out, and what could be written down."""
    if supply is None:
        return
    more, less = (
        _("Your ideas and drafts last for about one more week."),
        _("Your ideas and drafts last for less than a week."),
    )
    again = _("On {channel} suggested texts come again from {day} on.")
    repeats = [again.format(channel=name, day=show.long_day(day)) for name, day in supply.repeats]
    click.echo("\n" + ("\n".join(repeats) or (more if supply.weeks else less)))
    if supply.suggestions:
        click.echo(_("These would fit now, if you like:"))
    for title in supply.suggestions:
        click.echo(f"- {title}")
    click.echo(_("Write one down:  planner idea add TITLE"))


def _fields(summary: Summary, month: Month, now: object) -> dict[str, object]:
    names = {line.channel.id: line.channel for line in summary.channels}

    def figures(week: object) -> dict[str, object]:
        values = ("goal", "planned", "posted", "late", "missed", "skipped", "open", "met")
        return {name: getattr(week, name) for name in values}

    return {
        "business": summary.business.name,
        "week": str(summary.week),
        "streak": summary.streak,
        "channels": [
            {
                "channel": line.channel.name,
                "platform": line.channel.platform,
                **figures(line.this),
                "streak": line.streak,
                "answered": line.answered and asdict(line.answered),
                "before": figures(line.before),
            }
            for line in summary.channels
        ],
        "missed": [
            {
                **post_fields(post, summary.business, names[post.channel_id], now),  # type: ignore[arg-type]
                **advice_fields(summary.advice[post.id]),
            }
            for post in (*summary.missed, *summary.older)
        ],
        "mix": {"month": f"{month.day:%Y-%m}", **asdict(month.mix), "tilts": [*month.mix.tilts]},
        "rhythms": [offer_fields(offer) for offer in summary.offers],
    }


def _show(summary: Summary, month: Month) -> None:
    from rich.text import Text

    out = show.console()
    words = _("week {number} of {year}").format(number=summary.week.number, year=summary.week.year)
    show.heading(out, summary.business.name, words)
    made = show.table(
        _("channel"), _("goal"), _("planned"), _("posted"), _("late"), _("missed"), _("skipped"), _("open"),
        _("week before"), _("streak"),
    )  # fmt: skip
    for index in range(1, 10):
        made.columns[index].justify = "right"
    for line in summary.channels:
        this, before = line.this, line.before
        met = {True: "✓ ", False: "✗ " if summary.over else "", None: ""}[this.met]
        made.add_row(
            Text(line.channel.name), str(this.goal), str(this.planned),
            Text(f"{met}{this.posted}", "green" if this.met else ""),
            Text(str(this.late), "yellow" if this.late else "dim"),
            Text(str(this.missed), "bold red" if this.missed else "dim"),
            Text(str(this.skipped), "" if this.skipped else "dim"),
            Text(str(this.open), "" if this.open else "dim"),
            f"{before.posted}/{before.goal}", str(line.streak),
        )  # fmt: skip
    out.print(made)
    for line in summary.channels:
        if line.answered:
            said = _("{channel}: reviews and messages answered {done} of {rounds} times.")
            out.print(said.format(channel=line.channel.name, **asdict(line.answered)))
    weeks = ngettext("{count} week in a row with every goal met.", "{count} weeks in a row with every goal met.",
                     summary.streak)  # fmt: skip
    if summary.streak:
        out.print(weeks.format(count=summary.streak))
    posts = [*summary.missed, *summary.older]
    if posts:
        _show_missed(summary, posts)
    else:
        out.print(_verdict(summary))
    for words in tilt_words(month.mix, month.day, _):
        out.print(words, style="yellow")
    show_offers(summary.offers)


def _show_missed(summary: Summary, posts: Sequence[Post]) -> None:
    out = show.console()
    names = {line.channel.id: line.channel for line in summary.channels}
    out.print("\n" + _("What to do about the missed ones"), style="bold")
    out.print(show.post_table(posts, names, summary.business, summary.today))
    for post in posts:
        out.print(f"#{post.id}  {advice_words(summary.advice[post.id], _, show.short_day)}")
    if pile := pile_words(summary.advice.values(), _):
        out.print(pile, style="yellow")
    number = posts[0].id
    out.print(_("As advised:       planner catch-up --apply"))
    out.print(_("Do it now, then:  planner done {id}").format(id=number))
    out.print(_("Move it:          planner post move {id} tomorrow").format(id=number))
    out.print(_("Drop it:          planner post skip {id}").format(id=number))


def _verdict(summary: Summary) -> str:
    """What there is to say of a week that leaves nothing to decide."""
    return {
        Outcome.NOTHING: _("Nothing was planned that week."),
        Outcome.COMING: _("The week is not over yet."),
        Outcome.RUNNING: _("The week is not over yet."),
        Outcome.PRAISE: _("Nothing was missed. Well done!"),
        Outcome.SETTLED: _("Nothing is left to decide."),
    }[summary.outcome]
