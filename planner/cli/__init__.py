"""The command line. Each command's module is imported only when it is called; its help stands in the table below.

``main`` is the one place where errors become a sentence on stderr and an exit code.
"""

import gc
import io
import os
import sys
from importlib import import_module
from typing import Any

import click

from planner.cli.click_words import speak
from planner.cli.words import LANGUAGE, _
from planner.errors import PlannerError, Problems, UsageError
from planner.language import LANGUAGES, N_

COMMANDS: dict[str, tuple[str, str]] = {
    "start": ("start", N_("Bring up the planner: page, feeds and reminders.")),
    "init": ("init", N_("Set up a business by answering a few questions.")),
    "today": ("calendar", N_("What is due today, and what is still open.")),
    "week": ("calendar", N_("A week of posts.")),
    "month": ("calendar", N_("A month of posts as a grid.")),
    "summary": ("summary", N_("A week against its goal: posted, late, missed, skipped.")),
    "catch-up": ("catch_up", N_("What to do with posts that slipped, and a rhythm that fits better.")),
    "done": ("post", N_("Tick posts off as posted.")),
    "post": ("post", N_("Add, look at, change, move, skip and reopen posts.")),
    "cadence": ("cadence", N_("Recurring slots: preview, add, end, list.")),
    "channel": ("channel", N_("Channels: add, list, pause.")),
    "advise": ("advise", N_("Which channels are worth your time, how often, and why; by a few questions.")),
    "platform": ("platform", N_("Platforms: what they are good for, one by one and side by side.")),
    "pause": ("pause", N_("Holidays and other pauses: add, list, tell of, remove.")),
    "days": ("days", N_("Days that come up, like Mother's Day: what to post, and when to begin.")),
    "idea": ("idea", N_("Ideas for posts to come: add, list, remove.")),
    "feed": ("feed", N_("Calendar addresses: list, new, revoke, export.")),
    "business": ("business", N_("Businesses: list, add, show, set.")),
    "outbox": ("outbox", N_("Mails: list, retry, drop.")),
    "tick": ("tick", N_("Do once what the daemon does again and again.")),
    "status": ("doctor", N_("Whether the daemon does its work, by exit code too.")),
    "doctor": ("doctor", N_("Look the installation over; send a test mail.")),
    "service": ("service", N_("Keep it running: install, uninstall, status.")),
    "backup": ("backup", N_("Copy the data into a file, while the planner runs.")),
    "restore": ("backup", N_("Put a copy in the place of the data; mails in it are not sent again.")),
    "export": ("backup", N_("Write everything as JSON, to move to another database.")),
    "import": ("backup", N_("Read what export wrote into an empty planner.")),
    "password": ("password", N_("Set the password of the page.")),
    "session": ("session", N_("Who is signed in to the page: list, end one or all.")),
    "config": ("config", N_("Print all settings and where they come from.")),
}


class NotText(UsageError):
    message = N_("What was written on the command line is not readable text (UTF-8). Type it again.")


class LazyGroup(click.Group):
    """A group that knows its commands' names and help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"planner.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, "import_" if cmd_name == "import" else cmd_name.replace("-", "_"))
        command.help = command.help or _(COMMANDS[cmd_name][1])
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(words)) for name, (_module, words) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_("Hold a small business to its posting rhythm."),
)
@click.option("--home", envvar="PLANNER_HOME", metavar="DIR", help=_("Where the planner keeps its files."))
@click.option("--database-url", envvar="PLANNER_DATABASE_URL", metavar="URL", help=_("Another database."))
@click.option("--business", envvar="PLANNER_BUSINESS", metavar="NAME", help=_("Which business, by name or number."))
@click.option("--now", envvar="PLANNER_NOW", metavar="TIME", help=_("Take this for the present moment."))
@click.option("--language", type=click.Choice(LANGUAGES), expose_value=False, help=_("Speak this language."))
@click.version_option(package_name="planner", message="planner %(version)s")
@click.pass_context
def cli(ctx: click.Context, /, **given: Any) -> None:
    from planner import zonerules
    from planner.cli.app import App

    zonerules.settle(os.environ)
    ctx.obj = App(**given)
    ctx.call_on_close(ctx.obj.close)


def main(arguments: list[str] | None = None) -> None:
    """The program. Exits with 0, the error's own code, 2 for wrong usage, 70 for a fault of ours, 130 after Ctrl-C."""
    # Importing makes many objects that live to the end; collecting in between costs a short command 30 ms.
    gc.set_threshold(100_000, 50, 100)
    speak(LANGUAGE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no ✓ gets a ?
    try:
        _check_text(sys.argv[1:] if arguments is None else arguments)
        code = cli.main(args=arguments, prog_name="planner", standalone_mode=False)
    except PlannerError as error:
        _stop(_said(error), error.exit_code)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        _stop(_("Stopped."), 130)
    except click.ClickException as error:
        _stop(error.format_message(), error.exit_code)
    except KeyboardInterrupt:
        _stop(_("Stopped."), 130)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:
        if os.environ.get("PLANNER_DEBUG"):
            raise
        fault = f"{type(error).__name__}: {error}".splitlines()[0]
        hint = _("This is a fault of the planner ({fault}). PLANNER_DEBUG=1 shows where it happened.")
        _stop(hint.format(fault=fault), 70)
    sys.exit(code if isinstance(code, int) else 0)


def _check_text(arguments: list[str]) -> None:
    """Raise NotText for bytes that no terminal means: they would break whatever they are written into."""
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError as error:
        raise NotText from error


def _said(error: PlannerError) -> str:
    """The sentence on one line, whatever was typed; several errors at once are a line each."""
    kept = "\n" if isinstance(error, Problems) else ""
    return "".join(letter if letter.isprintable() or letter == kept else " " for letter in error.sentence(_))


def _stop(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)
