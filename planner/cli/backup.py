"""Copies of the data: backup and restore of a SQLite file, export and import of everything as JSON."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from planner import config
from planner.cli.app import App
from planner.cli.words import _, ngettext
from planner.errors import NotWritten


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(app: App, file: Path) -> None:
    from planner.store import backup as copies

    rows = copies.copy(_database_file(app), file)
    click.echo(_("Wrote {count} rows to {file}, and looked them over.").format(count=sum(rows.values()), file=file))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help=_("Do not ask whether to go ahead."))
@click.pass_obj
def restore(app: App, file: Path, yes: bool) -> None:
    from planner.actions.access import sign_out_everywhere
    from planner.actions.recover import quieten
    from planner.store import backup as copies
    from planner.store.schema import known, prepare

    target = _database_file(app)
    copies.check(file)
    if not yes:
        click.confirm(
            _("Put {file} in the place of what is in {home}?").format(file=file, home=target.parent), abort=True
        )
    config.make_home(target.parent)
    kept = copies.restore(file, target, known())
    prepare(app.database)
    with app.database.write() as tx:
        closed = quieten(tx, app.moment_here(tx))
        ended = sign_out_everywhere(tx, now=app.moment_here(tx))  # some of them were ended since the copy was made
    if kept:
        click.echo(_("What was there is kept in {file}.").format(file=kept))
    words = ngettext("Restored. {count} mail that waited in the copy is not sent.",
                     "Restored. {count} mails that waited in the copy are not sent.", closed)  # fmt: skip
    click.echo(words.format(count=closed))
    click.echo(_("Everybody is signed out. Sessions ended: {count}.").format(count=ended))


@click.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def export(app: App, file: str) -> None:
    from planner.store import archive
    from planner.store.schema import prepare

    prepare(app.database)
    with _output(file) as out, app.database.read() as tx:
        rows = archive.write(tx, out)
    if file != "-":
        click.echo(_("Wrote {count} rows to {file}. It holds everything, hashes of secrets too: keep it safe.").format(
            count=sum(rows.values()), file=file))  # fmt: skip


@click.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.pass_obj
def import_(app: App, file: TextIO) -> None:
    from planner.cli.app import open_database
    from planner.store import archive
    from planner.store.schema import prepare

    config.make_home(app.settings.home)
    database = open_database(app.settings)
    try:
        prepare(database)
        with database.write() as tx:
            rows = archive.read(tx, file)
    finally:
        database.close()
    click.echo(_("Read in {count} rows.").format(count=sum(rows.values())))


def _database_file(app: App) -> Path:
    from planner.cli.app import open_database
    from planner.store.backup import NoFile

    file = open_database(app.settings).file
    if file is None:
        raise NoFile
    return file


@contextlib.contextmanager
def _output(file: str) -> Iterator[TextIO]:
    """Standard output for "-", else a file that is there whole or not at all, readable by its owner alone."""
    if file == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    part = f"{file}.{os.getpid()}.part"
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            yield out
        os.replace(part, file)
    except OSError as error:
        raise NotWritten(file=file, reason=error.strerror) from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)
