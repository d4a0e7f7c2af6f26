"""The planner as a service: kept up by systemd on Linux, by launchd on macOS."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from planner import config, supervisor
from planner.cli.app import App
from planner.cli.words import _
from planner.errors import NotWritten, PlannerError
from planner.language import N_

_system = click.option("--system", is_flag=True, help=_("Of the whole machine (as root), not of your own."))


class NoSupervisor(PlannerError):
    message = N_("Neither systemd nor launchd was found here. Start “planner start” by what starts other programs.")


@click.group()
def service() -> None:
    pass


@service.command(help=_("Write the service, and bring it up where a supervisor runs."))
@_system
@click.option("--print", "only_print", is_flag=True, help=_("Only print what would be written."))
@click.pass_obj
def install(app: App, system: bool, only_print: bool) -> None:
    text, file = _text(app, system), _file(system)
    if only_print:
        click.echo(text, nl=False)
        return
    if not system:
        config.make_home(app.settings.home)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise NotWritten(file=file, reason=error.strerror) from error
    click.echo(_("Wrote {file}.").format(file=file))
    _run(_up(system, file))


@service.command(help=_("End the service and remove what was written. The data stays."))
@_system
def uninstall(system: bool) -> None:
    file = _file(system)
    if not file.exists():
        click.echo(_("There is no service: {file}").format(file=file))
        return
    _run(_down(system, file))
    try:
        file.unlink()
    except OSError as error:
        raise NotWritten(file=file, reason=error.strerror) from error
    click.echo(_("Removed {file}. The data stays.").format(file=file))


@service.command(help=_("Whether there is a service, and whether it is the one of this release."))
@_system
@click.pass_obj
def status(app: App, system: bool) -> None:
    file = _file(system)
    if not file.exists():
        click.echo(_("There is no service: {file}").format(file=file))
        raise click.exceptions.Exit(1)
    click.echo(_("There is a service: {file}").format(file=file))
    if file.read_text("utf-8") != _text(app, system):
        click.echo(_("It is not what this release would write. To renew it: planner service install"))
        raise click.exceptions.Exit(1)


def _command() -> list[str]:
    """How this very program is started."""
    script = shutil.which(sys.argv[0]) if Path(sys.argv[0]).name == "planner" else None
    return [str(Path(script).absolute())] if script else [sys.executable, "-m", "planner"]


def _text(app: App, system: bool) -> str:
    home = app.settings.home
    if sys.platform == "darwin":
        return supervisor.property_list(_command(), home)
    return supervisor.unit(_command(), None if system else home)


def _file(system: bool) -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{supervisor.NAME}.plist"
    if shutil.which("systemctl") is None:
        raise NoSupervisor
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return (
        (Path("/etc") if system else own) / "systemd" / ("system" if system else "user") / f"{supervisor.NAME}.service"
    )


def _up(system: bool, file: Path) -> list[list[str]]:
    if sys.platform == "darwin":
        return [["launchctl", "bootstrap", f"gui/{os.getuid()}", str(file)]]
    control = ["systemctl"] if system else ["systemctl", "--user"]
    return [[*control, "daemon-reload"], [*control, "enable", "--now", supervisor.NAME]]


def _down(system: bool, file: Path) -> list[list[str]]:
    if sys.platform == "darwin":
        return [["launchctl", "bootout", f"gui/{os.getuid()}", str(file)]]
    return [["systemctl", *([] if system else ["--user"]), "disable", "--now", supervisor.NAME]]


def _run(commands: list[list[str]]) -> None:
    """Run them; what cannot be done from here is said, to be typed where it can."""
    for number, command in enumerate(commands):
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            click.echo(_("The supervisor does not answer here. Where it runs, type:"))
            for each in commands[number:]:
                click.echo(f"  {' '.join(each)}")
            return
