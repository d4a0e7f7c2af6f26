"""Keeping the planner running: a service written, brought up, looked at and removed."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from planner import config
from planner.cli import supervision
from planner.cli.app import App
from planner.cli.words import _
from planner.errors import NobodyAnswers, NobodyEnds, NobodyTells, NotBroughtUp, NotTakenDown, NotWritten

_SQLITE: Final = "sqlite:///"
_system = click.option("--system", is_flag=True, help=_("Of the whole machine (as root), not of your own."))


@click.group()
def service() -> None:
    pass


@service.command(help=_("Write the service and bring it up, anew if it runs."))
@_system
@click.option("--print", "only_print", is_flag=True, help=_("Only print what would be written."))
@click.pass_obj
def install(app: App, system: bool, only_print: bool) -> None:
    one, home = supervision.found(system), _home(app, system)
    text = one.text(home, _writable(app.settings, home))
    if only_print:
        click.echo(text, nl=False)
        return
    _keep_settings(app.settings, home)
    try:
        one.file.parent.mkdir(parents=True, exist_ok=True)
        one.file.write_text(text, "utf-8")
    except OSError as error:
        raise NotWritten(file=one.file, reason=error.strerror) from error
    click.echo(_("Wrote {file}.").format(file=one.file))
    _say_whether_boxed(one, text)
    if reason := one.silence():
        _say_what_to_type(one.up)
        raise NobodyAnswers(reason=reason)
    if reason := one.bring_up():
        raise NotBroughtUp(reason=reason)
    click.echo(_("It runs. What it says: {log}").format(log=one.log))


@service.command(help=_("End the service and remove what was written. The data stays."))
@_system
def uninstall(system: bool) -> None:
    one = supervision.found(system)
    if not one.file.exists():
        click.echo(_("There is no service: {file}").format(file=one.file))
        return
    silence = one.silence()
    if silence is None and (reason := one.take_down()):
        raise NotTakenDown(file=one.file, reason=reason)
    try:
        one.file.unlink()
    except OSError as error:
        raise NotWritten(file=one.file, reason=error.strerror) from error
    click.echo(_("Removed {file}. The data stays.").format(file=one.file))
    if silence:
        _say_what_to_type(one.down)
        raise NobodyEnds(reason=silence)


@service.command(help=_("Whether there is a service, whether it runs, and whether it is the one of this release."))
@_system
@click.pass_obj
def status(app: App, system: bool) -> None:
    one, home = supervision.found(system), _home(app, system)
    if not one.file.exists():
        click.echo(_("There is no service: {file}").format(file=one.file))
        raise click.exceptions.Exit(1)
    click.echo(_("There is a service: {file}").format(file=one.file))
    written = one.file.read_text("utf-8")
    fresh = written == one.text(home, _writable(app.settings, home))
    if not fresh:
        click.echo(_("It is not what this release would write. To renew it: planner service install"))
    _say_whether_boxed(one, written)
    if reason := one.silence():
        raise NobodyTells(reason=reason)
    state = one.state()
    since = _(", since {since}").format(since=state.since) if state.since else ""
    if state.runs:
        click.echo(_("It runs{since}.").format(since=since))
    else:
        words = _("It does not run: {state}{since}. What it said: {log}")
        click.echo(words.format(state=state.words or "?", since=since, log=one.log))
    if not (fresh and state.runs):
        raise click.exceptions.Exit(1)


def _say_what_to_type(commands: Iterable[Sequence[str]]) -> None:
    click.echo(_("Where the supervisor answers, type:"))
    for words in commands:
        click.echo(f"  {' '.join(words)}")


def _say_whether_boxed(one: supervision.Supervisor, text: str) -> None:
    if one.file.suffix == ".service" and "ProtectSystem=" not in text:
        words = _(
            "This machine keeps namespaces from users, so the service has fewer walls around it than it could have."
        )
        click.echo(words)


def _home(app: App, system: bool) -> Path:
    return supervision.STATE / "planner" if system else app.settings.home


def _writable(settings: config.Settings, home: Path) -> list[Path]:
    """What the daemon writes outside its home: a database file that lies elsewhere, and what SQLite puts beside it."""
    if not settings.database_url.startswith(_SQLITE):
        return []
    folder = Path(settings.database_url.removeprefix(_SQLITE).partition("?")[0]).absolute().parent
    return [] if folder.is_relative_to(settings.home) or folder.is_relative_to(home) else [folder]


def _keep_settings(settings: config.Settings, home: Path) -> None:
    """Settings of this call stand in no unit, which everybody can read: they go into the home, for its owner alone."""
    given = _without_here(settings.given)
    if home == settings.home:
        config.make_home(home)  # it has to be there to be writable
    elif given:
        config.make_home(home.parent)
        config.make_home(home)
    if not given:
        return
    config.change(home, {}, given)
    file, owner = home / config.SETTINGS_FILE, home.stat()
    os.chown(file, owner.st_uid, owner.st_gid)  # of the whole machine: the user that was made for it, once it ran
    words = _("Kept in {file}, since the service does not see this shell's settings: {names}")
    click.echo(words.format(file=file, names=", ".join(sorted(given))))


def _without_here(given: Mapping[str, object]) -> dict[str, object]:
    """Settings in which no path depends on the folder of whoever typed it."""
    kept = dict(given)
    if str(kept.get("database_url", "")).startswith(_SQLITE):
        path, mark, query = str(kept["database_url"]).removeprefix(_SQLITE).partition("?")
        kept["database_url"] = f"{_SQLITE}{Path(path).absolute()}{mark}{query}"
    if kept.get("smtp_password_file"):
        kept["smtp_password_file"] = str(Path(str(kept["smtp_password_file"])).absolute())
    return kept
