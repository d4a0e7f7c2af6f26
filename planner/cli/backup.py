"""Copies of the data: backup and restore while the planner runs, export and import of everything as JSON."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

import click

from planner import config
from planner.cli.app import App, open_database
from planner.cli.words import _, ngettext
from planner.errors import NotWritten, UsageError
from planner.language import N_

if TYPE_CHECKING:
    from planner.actions.recover import Settled


class FileOrInPlace(UsageError):
    message = N_("Name a copy: planner restore FILE. Or say --in-place if the data is back already.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(app: App, file: Path) -> None:
    from planner.store import copies

    database = open_database(app.settings)
    rows = copies.copy(database if database.is_sqlite else app.database, file)
    click.echo(_("Wrote {count} rows to {file}, and looked them over.").format(count=sum(rows.values()), file=file))


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--in-place", is_flag=True, help=_("The data is back already, by pg_restore or a snapshot: settle it."))
@click.option("--yes", is_flag=True, help=_("Do not ask whether to go ahead."))
@click.pass_obj
def restore(app: App, file: Path | None, in_place: bool, yes: bool) -> None:
    if in_place is (file is not None):
        raise FileOrInPlace
    if file is None:
        _settle(app)
    else:
        _restore(app, file, sure=yes)


def _restore(app: App, file: Path, *, sure: bool) -> None:
    from planner.actions.recover import settle
    from planner.store.restore import check, restore

    with contextlib.closing(open_database(app.settings)) as database:
        check(database, file)
        if not sure:
            where = database.file.parent if database.file else database.where
            click.confirm(_("Put {file} in the place of what is in {home}?").format(file=file, home=where), abort=True)
        config.make_home(database.file.parent if database.file else app.settings.home)
        kept, settled = restore(file, database, lambda tx: settle(tx, app.moment_here(tx)))
    if kept:
        click.echo(_("What was there is kept in {file}.").format(file=kept))
    words = ngettext("Restored. {count} mail that waited in the copy is not sent.",
                     "Restored. {count} mails that waited in the copy are not sent.", settled.mails)  # fmt: skip
    click.echo(words.format(count=settled.mails))
    _say_signed_out(settled)


def _settle(app: App) -> None:
    from planner.actions.recover import settle

    with app.database.write() as tx:
        settled = settle(tx, app.moment_here(tx))
    _say_closed(settled)
    _say_signed_out(settled)


def _say_closed(settled: "Settled") -> None:
    words = ngettext("{count} mail that waited in it is not sent.", "{count} mails that waited in it are not sent.",
                     settled.mails)  # fmt: skip
    click.echo(words.format(count=settled.mails))


def _say_signed_out(settled: "Settled") -> None:
    click.echo(_("Everybody is signed out. Sessions ended: {count}.").format(count=settled.sessions))


@click.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def export(app: App, file: str) -> None:
    from planner.store import archive
    from planner.store.schema import prepare

    prepare(app.database)
    with _output(file) as out, app.database.read() as tx:
        archive.one_moment(tx)
        rows = archive.write(tx, out)
    if file != "-":
        click.echo(_("Wrote {count} rows to {file}. It holds everything, hashes of secrets too: keep it safe.").format(
            count=sum(rows.values()), file=file))  # fmt: skip


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def import_(app: App, file: BinaryIO) -> None:
    from planner.actions.recover import settle
    from planner.store import archive, packed
    from planner.store.schema import prepare

    config.make_home(app.settings.home)
    with contextlib.closing(open_database(app.settings)) as database:
        prepare(database)
        with database.write() as tx, packed.text_of(file) as text:
            rows = archive.read(tx, text)
            settled = settle(tx, app.moment_here(tx))
    click.echo(_("Read in {count} rows.").format(count=sum(rows.values())))
    _say_closed(settled)
    _say_signed_out(settled)


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
