"""Looking at the calendar: today, a week, a month."""

import calendar as months
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from planner.actions import steps
from planner.actions.overview import Span, agenda_of, post_fields, span_of
from planner.cli import show
from planner.cli.app import App, parse_day, parse_week
from planner.cli.words import LANGUAGE, _
from planner.core import localtime
from planner.core.agenda import by_day
from planner.core.consistency import paused, standing
from planner.core.mix import month_mix, tilt_words
from planner.core.model import Business, Channel, Post, Window
from planner.core.weeks import Week
from planner.errors import BadDate, BadMonth
from planner.feastdays import public_holidays
from planner.store.queries import channels

if TYPE_CHECKING:
    from rich.text import Text


@click.command()
@show.json_option
@click.pass_obj
def today(app: App, in_json: bool) -> None:
    with app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        agenda = agenda_of(tx, business, now)
        there, closed = channels.with_pauses(tx, business.id, agenda.today - steps.ahead())
    if in_json:
        shown = [*agenda.still_open, *agenda.due, *(each.post for each in agenda.rounds), *agenda.done]
        show.as_json([post_fields(post, business, there[post.channel_id], now) for post in shown])
        return
    out = show.console()
    show.heading(out, business.name, show.short_day(agenda.today))
    parts = (
        (_("Due today"), [*agenda.due, *agenda.done]),
        (_("Reviews and messages"), [each.post for each in agenda.rounds]),
        (_("Still open"), list(agenda.still_open)),
        (_("Coming up"), [p for p in agenda.upcoming if (p.due_local.date() - agenda.today).days <= 3]),
    )
    for heading, posts in parts:
        if posts:
            out.print(f"\n{heading}", style="bold")
            out.print(show.post_table(posts, there, business, agenda.today))
    for each in agenda.rounds:
        if each.unticked:
            said = _("{channel}: the last time, {day}, was not ticked off. Never mind, today stands for it.")
            name = there[each.post.channel_id].name
            out.print(said.format(channel=name, day=show.short_day(each.unticked)), style="dim")
    if making := steps.of_week(agenda, business, there, closed):
        out.print("\n" + _("Next for your videos"), style="bold")
        out.print(show.step_table(making, there, agenda.today))
    if not agenda.due and not agenda.rounds and not agenda.still_open:
        out.print("\n" + (_("Everything for today is done.") if agenda.done else _("Nothing to post today.")))


@click.command()
@click.argument("week", required=False, metavar="[2026-W49]")
@show.json_option
@click.pass_obj
def week(app: App, week: str | None, in_json: bool) -> None:
    wanted = parse_week(week) if week else None
    with app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        day = localtime.today(now, business.timezone)
        chosen = wanted or Week.of(day)
        span = span_of(tx, business, chosen.window)
        there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    if in_json:
        show.as_json([post_fields(post, business, there[post.channel_id], now) for post in span.posts])
        return
    _show_week(business, chosen, span, there, day)


@click.command()
@click.argument("month", required=False, metavar="[2026-12]")
@show.json_option
@click.pass_obj
def month(app: App, month: str | None, in_json: bool) -> None:
    first = _month(month) if month else None
    with app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        day = localtime.today(now, business.timezone)
        first = first or day.replace(day=1)
        after = (first + timedelta(days=31)).replace(day=1)
        span = span_of(tx, business, Window(first, after))
        there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    if in_json:
        show.as_json([post_fields(post, business, there[post.channel_id], now) for post in span.posts])
        return
    _show_month(business, first, span, there, day)


def _month(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}", text):
        raise BadMonth(text=text[:20])
    try:
        return parse_day(f"{text}-01")
    except BadDate as error:
        raise BadMonth(text=text) from error


def _show_week(business: Business, week: Week, span: Span, there: Mapping[int, Channel], today: date) -> None:
    from rich.text import Text

    out = show.console()
    words = _("week {number} of {year}").format(number=week.number, year=week.year)
    show.heading(out, business.name, words)
    made = show.table(_("day"), "#", _("time"), _("channel"), _("title"), _("standing"))
    made.columns[1].justify = "right"
    for index in (0, 2, 5):
        made.columns[index].no_wrap = True
    days, off = by_day(span.posts), public_holidays(business, span.days, LANGUAGE)
    for number in range(7):
        day = week.monday + timedelta(days=number)
        label = Text(show.short_day(day), "bold reverse" if day == today else "")
        note = _note(day, span, off)
        if not days.get(day):
            made.add_row(label, "", "", "", Text(note, "dim"), "")
        for index, post in enumerate(days.get(day, [])):
            where = standing(post, today, business.grace_days)
            made.add_row(
                label if index == 0 else "", str(post.id), f"{post.due_local:%H:%M}",
                Text(there[post.channel_id].name), Text(post.title), show.sign(where, post),
            )  # fmt: skip
            if note and index == 0:
                made.add_row("", "", "", "", Text(note, "dim"), "")
    out.print(made)


def _show_month(business: Business, first: date, span: Span, there: Mapping[int, Channel], today: date) -> None:
    from babel.dates import format_date
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = show.console()
    title = format_date(first, "LLLL y", locale=LANGUAGE)
    show.heading(out, business.name, title)
    grid = Table(box=box.SQUARE, show_lines=True, expand=True, header_style="bold", padding=(0, 0))
    grid.add_column(_("wk"), width=3, no_wrap=True)
    for name in show.weekdays():
        grid.add_column(name, ratio=1, no_wrap=True, overflow="ellipsis")
    days, off = by_day(span.posts), public_holidays(business, span.days, LANGUAGE)
    for line in months.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month):
        cells = [_cell(day, days.get(day, []), span, off, there, business, today) for day in line]
        cells = [cell if day.month == first.month else Text("") for day, cell in zip(line, cells, strict=True)]
        grid.add_row(Text(str(Week.of(line[0]).number), "dim"), *cells)
    out.print(grid)
    signs = [f"{show.SIGNS[where]} {_(words)}" for where, words in show.WORDS.items()]
    out.print("  ".join([*signs, *(["~ " + _("pause")] if span.pauses else [])]), style="dim", soft_wrap=True)
    for day, name in sorted(off.items()):
        out.print(f"* {show.short_day(day)} {name}", style="dim")
    for words in tilt_words(month_mix(span.posts, first, today, business.grace_days), first, _):
        out.print(words, style="yellow")


def _cell(
    day: date,
    posts: list[Post],
    span: Span,
    off: Mapping[date, str],
    there: Mapping[int, Channel],
    business: Business,
    today: date,
) -> "Text":
    from rich.text import Text

    marks = ("*" if day in off else "") + ("~" if paused(day, None, span.pauses) else "")
    cell = Text(f"{day.day}{marks}", "bold reverse" if day == today else "bold" if not marks else "dim")
    for post in (each for each in posts if not each.is_round):  # a month shows what is published
        where = standing(post, today, business.grace_days)
        cell.append(f"\n{show.SIGNS[where]} {there[post.channel_id].name}", show.STYLES[where] or "not bold not dim")
    return cell


def _note(day: date, span: Span, off: Mapping[date, str]) -> str:
    reasons = [off[day]] if day in off else []
    if paused(day, None, span.pauses):
        why = [pause.reason for pause in span.pauses if pause.first <= day <= pause.last and pause.reason]
        reasons.append(why[0] if why else _("pause"))
    return " · ".join(reasons)
