"""The program as a whole: help of every command, its language, what it imports, what it does when a pipe closes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.program import german, run
from planner.cli import COMMANDS, cli
from planner.cli.words import terminal_language

HEAVY = {"alembic", "icalendar", "jinja2", "babel", "flask", "waitress", "apscheduler", "holidays", "dateutil"}


def every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, sub) for sub in command.commands]
    return found


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_every_command_and_option_says_what_it_does(command: tuple[str, ...]) -> None:
    answer = run(*command, "--help")
    assert (answer.code, answer.err) == (0, "")
    found = cli.get_command(click.Context(cli), command[0])
    if len(command) == 2:
        assert isinstance(found, click.Group)
        found = found.commands[command[1]]
    assert found is not None
    assert found.help
    assert [option.name for option in found.params if isinstance(option, click.Option) and not option.help] == []


def test_the_table_of_commands_is_what_help_shows() -> None:
    shown = run("--help").out
    for name, (_module, words) in COMMANDS.items():
        assert name in shown
        assert words.split(":")[0][:30] in shown


@pytest.mark.parametrize(
    ("environ", "words", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, (), "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, (), "en"),
        ({"LANG": "en_GB.UTF-8", "PLANNER_LANGUAGE": "de"}, (), "de"),
        ({"PLANNER_LANGUAGE": "en"}, ("--language", "de", "today"), "de"),
        ({"PLANNER_LANGUAGE": "en"}, ("--home", "x", "--language=de", "today"), "de"),
        ({"PLANNER_LANGUAGE": "en"}, ("init", "--language", "de"), "en"),  # the business's, not the terminal's
        ({"PLANNER_LANGUAGE": "en"}, ("--business", "--language", "de"), "en"),
        ({"LANG": "C"}, (), "en"),
        ({}, ("--language",), "en"),
    ],
)
def test_the_language_of_the_terminal(environ: dict[str, str], words: tuple[str, ...], language: str) -> None:
    assert terminal_language(environ, words) == language


def imported(*words: str) -> set[str]:
    """The top-level packages one call imports, in a process of its own."""
    script = (
        "import json, sys; from planner.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr))


def test_help_imports_click_and_little_else() -> None:
    assert not imported("--help") & (HEAVY | {"sqlalchemy", "rich", "planner.core"})


def test_today_imports_only_what_it_shows(home: Path) -> None:
    assert not imported("--home", str(home), "--now", "2026-11-03T08:00", "today") & HEAVY


def test_a_closed_pipe_is_no_fault(home: Path) -> None:
    """``planner week | head -0``: the reader is gone before the first line."""
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "planner", "--home", str(home), "--now", "2026-11-03T08:00"]
    for command in (["week"], ["month", "--json"], ["--help"]):
        done = subprocess.run([*words, *command], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
        assert done.stderr == ""
    os.close(write)


def test_the_version() -> None:
    assert run("--version").out.startswith("planner ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hlep"], "Es gibt keine Option '--hlep'."),
        (["done", "x"], "Ungültiger Wert"),
        (["summary", "--week"], "Die Option '--week' braucht einen Wert."),
        (["pause", "add", "--from", "2026-12-01"], "Es fehlt eine Option"),
    ],
)
def test_click_speaks_german_too(words: list[str], said: str) -> None:
    answer = german(*words)
    assert (answer.code, answer.err.startswith(said)) == (2, True), answer.err


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii"])
def test_a_terminal_that_knows_few_signs_gets_others_in_their_place(home: Path, encoding: str) -> None:
    words = [sys.executable, "-m", "planner", "--home", str(home), "--now", "2026-11-03T08:00"]
    environ = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = subprocess.run([*words, "today"], capture_output=True, env=environ, check=True).stdout.decode(encoding)
    assert "Google Business Profile" in shown
    listed = subprocess.run([*words, "today", "--json"], capture_output=True, env=environ, check=True).stdout
    assert (
        json.loads(listed.decode(encoding))
        == run("--home", str(home), "--now", "2026-11-03T08:00", "today", "--json").json
    )
