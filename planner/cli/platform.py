"""Platforms: the list by tier, one with everything known about it, two side by side."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from planner.cli import show
from planner.cli.words import LANGUAGE, _

if TYPE_CHECKING:
    from rich.table import Table

    from planner.catalogue.portraits import Portrait
    from planner.catalogue.telling import Section, Statement

_RULE = "~ "


@click.group()
def platform() -> None:
    pass


@platform.command("list", help=_("All platforms by how much they are worth to a small business."))
@show.json_option
def list_(in_json: bool) -> None:
    from planner.catalogue import telling
    from planner.catalogue.portraits import Tier, readable
    from planner.errors import Problems

    found, wrong = readable()
    if in_json:
        show.as_json([_short(each) for each in found])
    for tier in Tier if not in_json else ():
        click.secho(_(telling.TIERS[tier]), bold=True)
        made = _bare()
        for each in (one for one in found if one.tier is tier):
            about = f"{each.platform.name(LANGUAGE)}: {telling.efforts(each, _)}\n{each.reason[LANGUAGE]}"
            made.add_row(each.key, about)
        show.console().print(made)
        click.echo()
    if not in_json:
        click.echo(_("All of this is a rule of thumb. Facts, sources: “planner platform show”."))
    if wrong:  # after what could be read, and by the exit code, too
        raise Problems(wrong)


@platform.command("show", help=_("Everything known about a platform: facts, rules of thumb, and their sources."))
@click.argument("key")
@show.json_option
def show_(key: str, in_json: bool) -> None:
    from planner.catalogue import telling
    from planner.catalogue.portraits import portrait

    found = portrait(key)
    if in_json:
        show.as_json(_whole(found))
        return
    _head(found)
    told = telling.statements(found, LANGUAGE, _)
    _shelf(_("Facts"), telling.sections(told, facts=True))
    _shelf(_("Rules of thumb"), telling.sections(told, facts=False))


@platform.command(help=_("Two platforms side by side, by the three criteria."))
@click.argument("first")
@click.argument("second")
@show.json_option
def compare(first: str, second: str, in_json: bool) -> None:
    from planner.catalogue import telling
    from planner.catalogue.portraits import portrait

    both = [portrait(first), portrait(second)]
    if in_json:
        show.as_json([_whole(each) for each in both])
        return
    made = show.table("", *(each.platform.name(LANGUAGE) for each in both), show_lines=True)
    made.columns[0].max_width = 14
    for column in made.columns[1:]:
        column.ratio = 1
    made.add_row(_("worth"), *(f"{_RULE}{_(telling.TIERS[each.tier])}: {each.reason[LANGUAGE]}" for each in both))
    made.add_row(_("content"), *(f"{_RULE}{telling.kinds(each, _)}" for each in both))
    made.add_row(_("score"), *(f"{_RULE}{telling.score(each, LANGUAGE, _)}" for each in both))
    told = [telling.statements(each, LANGUAGE, _) for each in both]
    for section, words in telling.SECTIONS.items():
        cells = [[each for each in statements if each.section is section] for statements in told]
        if any(cells):
            made.add_row(_(words), *("\n".join(map(_marked, cell)) or "–" for cell in cells))
    show.console().print(made)
    click.echo(_("~ is a rule of thumb, all else a fact. Sources: “planner platform show”."))


def _head(found: "Portrait") -> None:
    from planner.catalogue import telling

    name = f"{found.platform.name(LANGUAGE)} ({found.key})"
    show.heading(show.console(), name, _(telling.TIERS[found.tier]))
    made = _bare()
    judged_by = _("our own judgement")
    made.add_row("", f"{found.reason[LANGUAGE]} ({judged_by})")
    made.add_row(_("content"), telling.kinds(found, _))
    made.add_row(_("posts"), ", ".join(found.types[LANGUAGE]))
    made.add_row(_("score"), f"{telling.score(found, LANGUAGE, _)} ({judged_by})")
    made.add_row(_("begin"), found.platform.compose or "–")
    made.add_row(_("feed"), _feed(found))
    show.console().print(made)


def _feed(found: "Portrait") -> str:
    if found.feed is None:
        return _("none that the public can read")
    note = found.feed.note.get(LANGUAGE, "")
    return f"{found.feed.url} ({found.feed.format}). {note}".strip()


def _shelf(heading: str, there: "dict[Section, list[Statement]]") -> None:
    from planner.catalogue import telling

    click.echo()
    click.secho(heading, bold=True)
    if not there:
        click.echo(_("None with a year and a proper source were found."))
    for section, statements in there.items():
        click.echo(f"\n{_(telling.SECTIONS[section])}")
        made = _bare()
        for each in statements:
            address = f"\n{each.source.address}" if each.source.address else ""
            made.add_row("•", f"{each.text} [{telling.origin(each.source, _)}]{address}")
        show.console().print(made)


def _marked(statement: "Statement") -> str:
    return statement.text if statement.source.is_fact else f"{_RULE}{statement.text}"


def _bare() -> "Table":
    """Two columns without lines; what is long goes on below itself."""
    from rich.table import Table

    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    return made


def _short(found: "Portrait") -> dict[str, Any]:
    return {
        "platform": found.key, "name": found.platform.name(LANGUAGE), "tier": found.tier,
        "core": found.platform.core, "content": found.content, "reason": found.reason[LANGUAGE],
        "minutes": {each.content: [each.least, each.most] for each in found.efforts},
    }  # fmt: skip


def _whole(found: "Portrait") -> dict[str, Any]:
    """A portrait as it stands in its file, texts in every language, and of each source whether it makes a fact."""
    whole = asdict(found, dict_factory=_with_fact)
    of_platform = whole.pop("platform")
    return {"platform": of_platform.pop("key"), "names": of_platform.pop("names"), **of_platform, **whole}


def _with_fact(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    from planner.catalogue.portraits import Source

    made = dict(pairs)
    return {**made, "fact": Source(**made).is_fact} if "says" in made else made
