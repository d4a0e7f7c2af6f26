"""Advice as it is printed: channels with reasons, what to leave out, the first weeks, the score sheet; and as JSON."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from planner import catalogue
from planner.catalogue import advice_words as words
from planner.catalogue import advising
from planner.cli import show
from planner.cli.words import LANGUAGE, _, ngettext
from planner.core.advice import Advice, Answers, Chosen, Criterion, LeftOut, Sheet
from planner.core.budget import change_words, told

if TYPE_CHECKING:
    from planner.actions.advise import Applied, FirstWeeks
    from planner.actions.occasions import Coming
    from planner.core.budget import Budget, Change
    from planner.core.model import Business


def print_advice(advice: Advice, answers: Answers, business: "Business", weeks: "FirstWeeks", *, scores: bool) -> None:
    """All of it, for a person to read."""
    said = _("Of {minutes} minutes a week {usable} may be planned; this takes {taken}.")
    click.echo(said.format(minutes=answers.minutes, usable=advice.usable, taken=advice.minutes))
    for place, each in enumerate(advice.channels, 1):
        _print_channel(place, each)
    if not advice.channels:
        click.echo(_("No channel fits. More minutes a week would change that."))
    for out in (each for each in advice.left_out if each.candidate.core):
        click.echo(f"\n{words.against(out, LANGUAGE, _)}")
    click.echo()
    click.secho(_("What to leave out"), bold=True)
    left = _grid()
    for out in (each for each in advice.left_out if not each.candidate.core):
        left.add_row(_name(out.key), words.sentence(out.reason, LANGUAGE, _))
    show.console().print(left)
    click.echo()
    click.echo(_("What names no source with a year is a rule of thumb: our reasons, the minutes, the points."))
    _print_weeks(weeks, business)
    if scores:
        _print_scores(advice)


def print_unreadable() -> None:
    """Which platforms no advice could be given on, and what is wrong in their files; beside the answer, for JSON."""
    keys, wrong = advising.unreadable()
    if keys:
        click.echo(words.left_unread(keys, _), err=True)
    for error in wrong:
        click.echo(error.sentence(_), err=True)


def _print_channel(place: int, each: Chosen) -> None:
    click.echo()
    click.secho(f"{place}. {_name(each.key)}", bold=True)
    click.echo(words.cost(each, _))
    if each.rounds:
        click.echo(words.answering(each, _))
        click.echo(words.expected(each.key, LANGUAGE, _))
    click.echo(each.candidate.reason[LANGUAGE])
    made = _grid()
    for line in each.sheet.lines:
        made.add_row(words.scored(line, LANGUAGE, _), words.because(line, each.key, LANGUAGE, _))
    show.console().print(made)
    for note in each.notes:
        click.echo(words.sentence(note, LANGUAGE, _))


def _print_weeks(weeks: "FirstWeeks", business: "Business") -> None:
    click.echo()
    click.secho(_("The first four weeks, for example"), bold=True)
    made = show.table(_("due"), _("channel"), _("pillar"), _("idea"))
    made.columns[3].overflow = "fold"
    for each in weeks.posts:
        holiday = f" ({each.holiday})" if each.holiday else ""
        due = f"{show.short_day(each.due)} {each.due:%H:%M}{holiday}"
        made.add_row(due, _name(each.platform), each.pillar.value, each.title)
    show.listing(made, _("Nothing is due in them yet."))
    language = business.language
    for there in weeks.days:
        occasion, begin = there.occasion, _begin(there)
        click.echo(f"{show.long_day(there.day)} · {occasion.name(language)} ({begin}): {occasion.idea(language)}")


def _begin(there: "Coming") -> str:
    """When a day has to be begun."""
    if there.has_idea:
        return _("an idea already")
    if there.is_time:
        return _("to be begun now")
    return _("to be begun on %(day)s") % {"day": show.short_day(there.begin)}


def _print_scores(advice: Advice) -> None:
    click.echo()
    click.secho(_("Score sheet"), bold=True)
    made = show.table(_("channel"), *(_(words.CRITERIA[name]) for name in Criterion), _("of 100"))
    everyone: Iterable[Chosen | LeftOut] = (*advice.channels, *advice.left_out)
    for each in sorted(everyone, key=lambda one: (-one.sheet.total, one.key)):
        cells = (f"{words.points(line, LANGUAGE)} × {line.weight}" for line in each.sheet.lines)
        made.add_row(_name(each.key), *cells, str(each.sheet.total))
    show.console().print(made)


def print_budget(found: "Budget | None") -> None:
    """What it comes to beside what stays, and what would keep it within the minutes."""
    sentences = told(found, _) if found else []
    if sentences:
        click.echo()
    for sentence in sentences:
        click.echo(sentence)
    for change in found.changes if found else ():
        click.echo(f"  - {change_words(change, _)}")


def print_applied(applied: "Applied | None") -> None:
    """What became of it."""
    if applied is None:
        return
    click.echo()
    if applied.replaced:
        click.echo(_("What the business began with made room; nobody had done anything with it yet."))
    added = ngettext("{count} post was planned.", "{count} posts were planned.", applied.posts)
    click.echo(added.format(count=applied.posts))
    if applied.ideas:
        made = ngettext("{count} day became an idea.", "{count} days became ideas.", len(applied.ideas))
        click.echo(made.format(count=len(applied.ideas)))
    if applied.kept:
        kept = ", ".join(channel.name for channel in applied.kept)
        click.echo(_("Left as they were, because they have a rhythm already: {channels}").format(channels=kept))
    for change in applied.changed:
        click.echo(_("Done: {change}").format(change=change_words(change, _)))
    if applied.changed or applied.budget.over:
        print_budget(applied.budget)
    if applied.budget.over:
        words = _("To have that done: planner advise --apply --kept fit. To end all that is not advised: --kept end.")
        click.echo(words)


def as_json(
    advice: Advice, business: "Business", weeks: "FirstWeeks", before: "Budget | None", applied: "Applied | None"
) -> dict[str, Any]:
    """The same with stable fields; sentences are in the language of the terminal."""
    shown: dict[str, Any] = {
        "usable_minutes": advice.usable,
        "minutes": advice.minutes,
        "channels": [_chosen(each, business.trade) for each in advice.channels],
        "left_out": [
            {"platform": each.key, "reason": words.sentence(each.reason, LANGUAGE, _), **_sheet(each.sheet)}
            for each in advice.left_out
        ],
        "first_weeks": [
            {"due": each.due.isoformat(), "platform": each.platform, "pillar": each.pillar.value, "title": each.title,
             "holiday": each.holiday} for each in weeks.posts
        ],
        "days": [
            {"date": there.day, "day": there.occasion.key, "begin": there.begin, "has_idea": there.has_idea,
             "idea": there.occasion.idea(business.language)} for there in weeks.days
        ],
    }  # fmt: skip
    shown["unreadable"] = list(advising.unreadable()[0])
    if before is not None:
        shown["budget"] = _budget(before)
    if applied is not None:
        shown["applied"] = {
            "added": [channel.name for channel in applied.added],
            "kept": [channel.name for channel in applied.kept],
            "posts": applied.posts,
            "replaced": applied.replaced,
            "ideas": [each.title for each in applied.ideas],
            "changed": [_change(each) for each in applied.changed],
            "budget": _budget(applied.budget),
        }
    return shown


def _budget(found: "Budget") -> dict[str, Any]:
    return {
        "usable": found.usable, "taken": found.taken, "over": found.over,
        "kept": [
            {"cadence": each.cadence.id, "channel": each.channel.name,
             "minutes": each.minutes if each.piece is not None else None} for each in found.kept
        ],
        "changes": [_change(each) for each in found.changes],
    }  # fmt: skip


def _change(change: "Change") -> dict[str, Any]:
    return {
        "how": change.how, "channel": change.channel.name, "cadences": [each.cadence.id for each in change.kept],
        "rrule": change.rule and str(change.rule), "saves": change.saves,
    }  # fmt: skip


def _chosen(each: Chosen, trade: str) -> dict[str, Any]:
    cadence = advising.cadence(each.key, each.pace, trade)
    return {
        "platform": each.key, "name": _name(each.key), "core": each.candidate.core, "content": each.kind,
        "minutes_a_piece": each.piece, "pace": each.pace, "rrule": cadence.rrule, "time": f"{cadence.time:%H:%M}",
        "pillars": [pillar.value for pillar in cadence.pillars], "minutes": each.minutes,
        "rounds": _rounds(each),
        "reason": each.candidate.reason[LANGUAGE],
        "reasons": {line.criterion: words.because(line, each.key, LANGUAGE, _) for line in each.sheet.lines},
        "notes": [words.sentence(note, LANGUAGE, _) for note in each.notes], **_sheet(each.sheet),
    }  # fmt: skip


def _rounds(each: Chosen) -> dict[str, Any] | None:
    cadence = advising.rounds(each.key, each.rounds)
    if cadence is None:
        return None
    return {
        "a_week": each.rounds, "minutes_a_round": each.candidate.round_minutes, "minutes": each.answering,
        "rrule": cadence.rrule, "time": f"{cadence.time:%H:%M}", "expected": words.expected(each.key, LANGUAGE, _),
    }  # fmt: skip


def _sheet(sheet: Sheet) -> dict[str, Any]:
    lines = {line.criterion: {"points": line.points / 10, "weight": line.weight} for line in sheet.lines}
    return {"score": sheet.total, "sheet": lines}


def _name(key: str) -> str:
    return catalogue.platform(key).name(LANGUAGE)


def _grid() -> Any:
    """Two columns without lines; what is long goes on below itself."""
    from rich.table import Table

    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    return made
