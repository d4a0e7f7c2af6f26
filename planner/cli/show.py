"""How things are shown: JSON with stable fields, or tables by Rich, readable without colour."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from planner.cli.words import LANGUAGE, _
from planner.core.consistency import standing
from planner.core.model import Business, Channel, Post, Standing
from planner.core.steps import NextStep, Placed, StepStanding
from planner.language import N_

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

PIPE_WIDTH: Final = 120
WORDS: Final = {
    Standing.UPCOMING: N_("upcoming"),
    Standing.DUE: N_("due"),
    Standing.LATE: N_("late"),
    Standing.MISSED: N_("missed"),
    Standing.POSTED: N_("posted"),
    Standing.SKIPPED: N_("skipped"),
}
ROUND_WORDS: Final = {Standing.POSTED: N_("done"), Standing.MISSED: N_("not ticked off")}
SIGNS: Final = {
    Standing.UPCOMING: "○",
    Standing.DUE: "●",
    Standing.LATE: "!",
    Standing.MISSED: "✗",
    Standing.POSTED: "✓",
    Standing.SKIPPED: "–",
}
STYLES: Final = {
    Standing.UPCOMING: "",
    Standing.DUE: "bold cyan",
    Standing.LATE: "yellow",
    Standing.MISSED: "bold red",
    Standing.POSTED: "green",
    Standing.SKIPPED: "dim",
}


def as_json(value: Any) -> None:
    """Print a value as JSON."""
    whole = (sys.stdout.encoding or "ascii").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, ensure_ascii=not whole, indent=2, default=str))


def json_option(command: Any) -> Any:
    """The option --json of every command that reads."""
    return click.option("--json", "in_json", is_flag=True, help=_("Print JSON."))(command)


def console() -> "Console":
    """Where tables go: a terminal in colour, a pipe in plain words and wide enough to cut nothing.

    Without markup: what people write may hold brackets.
    """
    from rich.console import Console

    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, markup=False, emoji=False, width=PIPE_WIDTH if piped else None)


def heading(out: "Console", name: str, words: str) -> None:
    """Whose, and what."""
    from rich.text import Text

    out.print(Text.assemble((name, "bold"), f" · {words}"), soft_wrap=True)


def table(*columns: str, **options: Any) -> "Table":
    """An empty table with the given headings."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0), **options)
    for column in columns:
        made.add_column(column)
    return made


def listing(made: "Table", nothing: str) -> None:
    """Print a table, or a sentence if it has no row."""
    if made.row_count:
        console().print(made)
    else:
        click.echo(nothing)


def sign(where: Standing, post: Post | None = None) -> "Text":
    """A standing as sign and word, coloured. A round of answering is done, or was not ticked off: no fault."""
    from rich.text import Text

    if post is not None and post.is_round and where in ROUND_WORDS:
        calm = Standing.SKIPPED if where is Standing.MISSED else where
        return Text(f"{SIGNS[calm]} {_(ROUND_WORDS[where])}", STYLES[calm])
    return Text(f"{SIGNS[where]} {_(WORDS[where])}", STYLES[where])


def post_table(
    posts: Iterable[Post], there: dict[int, Channel], business: Business, today: date, *, with_day: bool = True
) -> "Table":
    """Posts one a row: number, day and time, channel, title, standing."""
    from rich.text import Text

    made = table("#", _("due"), _("channel"), _("title"), _("standing"))
    made.columns[0].justify = "right"
    made.columns[3].overflow = "fold"
    for index in (1, 4):
        made.columns[index].no_wrap = True
    for post in posts:
        where = standing(post, today, business.grace_days)
        due = f"{short_day(post.due_local)} " if with_day else ""
        made.add_row(
            str(post.id),
            f"{due}{post.due_local:%H:%M}",
            Text(there[post.channel_id].name),
            Text(post.title),
            sign(where, post),
        )
    return made


def step_table(steps: Iterable[NextStep], there: dict[int, Channel], today: date) -> "Table":
    """The next steps of videos one a row: the post's number, day, channel, step, title."""
    from rich.text import Text

    made = table("#", _("due"), _("channel"), _("step"), _("title"))
    made.columns[0].justify = "right"
    made.columns[4].overflow = "fold"
    for each in steps:
        late = each.placed.standing(today) is StepStanding.LATE
        made.add_row(
            str(each.post.id), Text(short_day(each.placed.day) + (" !" if late else ""), "yellow" if late else ""),
            Text(there[each.post.channel_id].name), Text(each.placed.step.name(LANGUAGE)), Text(each.post.title),
        )  # fmt: skip
    return made


def step_lines(steps: Iterable[Placed], today: date) -> str:
    """The steps of a video one a line: number, box, name, day; with ! for what is late."""
    lines = []
    for number, each in enumerate(steps, 1):
        late = " !" if each.standing(today) is StepStanding.LATE else ""
        name = each.step.name(LANGUAGE)
        lines.append(f"{number} [{'x' if each.done else ' '}] {name}, {short_day(each.day)}{late}")
    return "\n".join(lines)


_SHORT: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
}


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def weekdays() -> Sequence[str]:
    """Short names of the days of the week, Monday first."""
    return _SHORT[LANGUAGE]


def long_day(day: date) -> str:
    """A day with its year: Tue 1 Dec 2026, Di 01.12.2026."""
    return f"{short_day(day)}{day:%Y}" if LANGUAGE == "de" else f"{short_day(day)} {day.year}"


def short_day(day: date | datetime) -> str:
    """A day in a few letters: Tue 1 Dec, Di 01.12. (01/12 would be January to half of the readers)."""
    name = weekdays()[day.weekday()]
    return f"{name} {day:%d.%m.}" if LANGUAGE == "de" else f"{name} {day.day} {_MONTHS[day.month - 1]}"
