"""Make the pages and pictures that follow from the program: python docs/generate.py

Commands and settings are written from what the program knows of itself, the picture from a run of the demonstration
bakery, and below each ``$ planner …`` in a console block of README and tutorial stands what it prints. A test fails
when a page is not what this would write.
"""

import io
import json
import os
import re
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

os.environ["PLANNER_LANGUAGE"] = "en"  # before the words are chosen

from planner import config
from planner.catalogue import telling
from planner.catalogue.portraits import Portrait, portraits
from planner.cli import COMMANDS, cli

DOCS = Path(__file__).parent
BAKERY = ("init", "--yes", "--name", "Sunshine Bakery", "--language", "en", "--timezone", "Europe/Berlin",
          "--country", "DE", "--region", "BY")  # fmt: skip


def commands_page() -> str:
    """docs/reference/commands.md"""
    lines = ["# Commands", "", "Written by `make docs` from the program itself.", ""]
    context = click.Context(cli, info_name="planner")
    lines += ["## planner", "", *_options(cli, context)]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        lines += list(_command(command, name, context))
    return "\n".join(lines).rstrip() + "\n"


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]")
    yield from (f"## {context.command_path} {usage}".rstrip(), "", command.help or "", "", *_options(command, context))
    if isinstance(command, click.Group) and command is not cli:
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from _command(found, inner, context)


def _options(command: click.Command, context: click.Context) -> list[str]:
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record and "--help" not in record[0] and record[0] != "--version":
            rows.append(f"| `{record[0].replace('|', chr(92) + '|')}` | {record[1]} |")
    return ["| option | meaning |", "|---|---|", *rows, ""] if rows else []


def settings_page() -> str:
    """docs/reference/settings.md"""
    lines = [
        "# Settings",
        "",
        "Written by `make docs` from the program itself.",
        "",
        "Looked for in this order: the command line, the environment, `settings.toml` in the planner's home, the",
        "default. `planner config` prints the ones in force and where each came from.",
        "",
        "| name | environment | default | meaning |",
        "|---|---|---|---|",
    ]
    for setting in config.SETTINGS:
        default = f"`{setting.default}`" if setting.default not in ("", 0) else ""
        lines.append(f"| `{setting.name}` | `{setting.environ}` | {default} | {setting.help} |")
    lines += ["", "The environment also takes the place of the program's own options:", "", "| environment | meaning |"]
    lines += ["|---|---|", *(f"| `{name}` | {meaning} |" for name, meaning in _environment())]
    return "\n".join(lines) + "\n"


def _environment() -> Iterator[tuple[str, str]]:
    for option in cli.params:
        assert isinstance(option, click.Option)
        name = "PLANNER_LANGUAGE" if option.name == "language" else option.envvar
        if name and name not in {setting.environ for setting in config.SETTINGS}:
            yield str(name), f"`{option.opts[0]}`: {option.help}"
    yield "PLANNER_DEBUG", "Set to 1, a fault of the planner shows where it happened."


def platforms_page() -> str:
    """docs/reference/platforms.md"""
    lines = [
        "# Platforms",
        "",
        "Written by `make docs` from `schedules/platforms/`. Each is judged by three criteria: its size and",
        "popularity, who uses it, and what it is used for. A fact comes from the platform itself, from a public",
        "study, or from a publisher with a name, and bears a year; everything else, our own judgement too, is a rule",
        "of thumb. How such a file is written: [choose platforms](../how-to/platforms.md).",
        "",
        "| | worth to a small business | size | nearby | anywhere | effort for one piece | public feed |",
        "|---|---|---|---|---|---|---|",
    ]
    there = portraits()
    for each in there:
        name = f"[{each.platform.name('en')}](#{_anchor(each)})"
        feed = each.feed.format if each.feed else "none"
        points = " | ".join(f"{number}/3" for number in (each.score.size, each.score.local, each.score.online))
        lines.append(f"| {name} | {each.tier} | {points} | {telling.efforts(each, str)} | {feed} |")
    for each in there:
        lines += ["", *_portrait(each)]
    return "\n".join(lines) + "\n"


def _anchor(portrait: Portrait) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", portrait.platform.name("en").lower()).replace(" ", "-")


def _portrait(portrait: Portrait) -> Iterator[str]:
    yield from (
        f"## {portrait.platform.name('en')}",
        "",
        f"**{portrait.tier.capitalize()}.** {portrait.reason['en']}",
        "",
    )
    feed = (
        f"`{portrait.feed.url}` ({portrait.feed.format}). {portrait.feed.note.get('en', '')}"
        if portrait.feed
        else "none"
    )
    yield f"- Key: `{portrait.key}`"
    yield f"- Content: {telling.kinds(portrait, str)}; kinds of posts: {', '.join(portrait.types['en'])}"
    yield f"- Score, by our own judgement: {telling.score(portrait, 'en', str)}"
    yield f"- Begin a post: {f'`{portrait.platform.compose}`' if portrait.platform.compose else 'no link'}"
    yield f"- Public feed: {feed}".rstrip()
    told = telling.statements(portrait, "en", str)
    for words, facts in (("Facts", True), ("Rules of thumb", False)):
        for section, statements in telling.sections(told, facts=facts).items():
            yield from ("", f"{words}: {telling.SECTIONS[section].lower()}", "")
            for each in statements:
                told_by = telling.origin(each.source, str)
                yield f"- {each.text} ({f'[{told_by}](<{each.source.address}>)' if each.source.address else told_by})"


def week_picture() -> str:
    """docs/images/week.svg: a week of the demonstration bakery as a terminal shows it."""
    from rich.console import Console
    from rich.text import Text

    with tempfile.TemporaryDirectory() as home:
        environ = _environ(PLANNER_HOME=home, FORCE_COLOR="1", NO_COLOR=None, COLUMNS="96", TERM="xterm-256color")

        def run(now: str, *arguments: str) -> str:
            result = CliRunner(env=environ).invoke(cli, ["--now", now, *arguments], catch_exceptions=False)
            return result.output

        run("2026-11-23T08:00", *BAKERY)
        run("2026-12-01T18:00", "done", "2")
        output = run("2026-12-03T08:00", "week", "2026-W49")
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("$ planner week\n" + output))
    svg = console.export_svg(title="planner week", unique_id="week")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # it would be fetched from elsewhere


def with_output(page: str) -> str:
    """A page with what its console blocks print, run one after the other in one fresh home."""
    with tempfile.TemporaryDirectory() as home:
        environ = _environ(PLANNER_HOME=f"{home}/planner", COLUMNS="100", NO_COLOR="1", FORCE_COLOR=None)
        environ["PLANNER_BASE_URL"] = "http://192.168.1.20:8420"

        def run(block: re.Match[str]) -> str:
            lines = []
            for line in block["body"].splitlines():
                if line.startswith("$ export "):
                    name, _equals, value = line.removeprefix("$ export ").partition("=")
                    environ[name] = value.replace("~", home)
                    lines.append(line)
                elif line.startswith("$ "):
                    lines += [line, _run(line[2:], environ).replace(home, "~")]
            return "```console\n" + "\n".join(lines).rstrip() + "\n```"

        return re.sub(r"```console\n(?P<body>.*?)```", run, page, flags=re.DOTALL)


def _environ(**values: str | None) -> dict[str, str | None]:
    """The environment of a run: nothing of the planner's but what is given (None takes a variable away)."""
    return {**{name: None for name in os.environ if name.startswith("PLANNER_")}, **values}


def _run(line: str, environ: dict[str, str | None]) -> str:
    """What a command prints, without trailing blanks; secrets, which differ every time, as …"""
    program, *arguments = shlex.split(line)
    assert program == "planner", line
    result = CliRunner(env=environ).invoke(cli, arguments, catch_exceptions=False)
    output = re.sub(r"/feeds/[\w-]{43}\.ics", "/feeds/….ics", result.output)
    return "\n".join(part.rstrip() for part in output.splitlines()).strip("\n") + "\n"


RUN = (DOCS.parent / "README.md", DOCS / "tutorial" / "first-week.md")


DELIVERY = DOCS / "explanation" / "delivery.md"
FAULTS = DOCS.parent / "tests" / "faults"
_TABLE = re.compile(r"(<!-- faults -->\n).*?(<!-- /faults -->\n)", re.DOTALL)
_KINDS = {"wal": "SQLite (WAL)", "delete": "SQLite (rollback)", "postgresql": "PostgreSQL", "": ""}


def with_faults(page: str) -> str:
    """The page with the table of faults and what became of them in the run that ``make faults`` recorded."""
    rows = tomllib.loads((FAULTS / "faults.toml").read_text("utf-8"))["fault"]
    results = json.loads((FAULTS / "results.json").read_text("utf-8"))
    lines = ["| | fault | expected | tests, and in how many cases they passed | |", "|---|---|---|---|---|"]
    for number, row in enumerate(rows, 1):
        told = "<br>".join(f"`{name.rpartition('::')[2]}` {_outcome(results.get(name, {}))}" for name in row["tests"])
        real = "real" if row["real"] else ""
        lines.append(f"| {number} | {row['fault']} | {row['expected']} | {told or '**none yet**'} | {real} |")
    tested, real_ones = sum(bool(row["tests"]) for row in rows), sum(row["real"] for row in rows)
    head = f"Of {len(rows)} faults {tested} have a test, {real_ones} of them with real processes.\n\n"
    return _TABLE.sub(lambda found: found[1] + head + "\n".join(lines) + "\n" + found[2], page)


def faults_not_run() -> list[str]:
    """The tests in the table of faults of which the recorded run says nothing."""
    rows = tomllib.loads((FAULTS / "faults.toml").read_text("utf-8"))["fault"]
    results = json.loads((FAULTS / "results.json").read_text("utf-8"))
    return sorted({name for row in rows for name in row["tests"]} - results.keys())


def _outcome(counts: dict[str, dict[str, int]]) -> str:
    if not counts:
        return "**not run**"
    return ", ".join(
        f"{_KINDS[kind]} {each.get('passed', 0)}".strip() + ("" if set(each) <= {"passed"} else " **and failed**")
        for kind, each in sorted(counts.items(), reverse=True)
    )


PAGES = {
    DOCS / "reference" / "commands.md": commands_page,
    DOCS / "reference" / "settings.md": settings_page,
    DOCS / "reference" / "platforms.md": platforms_page,
}


def main() -> None:
    """Write everything; fails if the table of faults then has gaps."""
    for path, page in PAGES.items():
        path.write_text(page(), "utf-8")
    for path in RUN:
        path.write_text(with_output(path.read_text("utf-8")), "utf-8")
    DELIVERY.write_text(with_faults(DELIVERY.read_text("utf-8")), "utf-8")
    picture = DOCS / "images" / "week.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(week_picture(), "utf-8")
    if missing := faults_not_run():
        sys.exit("Not run, so the table of faults is not whole; make faults runs all of it:\n" + "\n".join(missing))


if __name__ == "__main__":
    main()
