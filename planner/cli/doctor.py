"""Looking the installation over, and whether the daemon does its work."""

from datetime import date, datetime

import click

from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _, ngettext
from planner.errors import PlannerError
from planner.language import N_
from planner.store import copies
from planner.store.driver import sqlite3

ILL = 1
_OLD = 2  # days


class TestMailFailed(PlannerError):
    message = N_("The test mail did not get out. {reason}")


@click.command()
@show.json_option
@click.pass_obj
def status(app: App, in_json: bool) -> None:
    from planner.actions.health import troubles

    with app.database.read() as tx:
        found = troubles(tx, app.moment_here(tx))
    sentences = [trouble.sentence(_) for trouble in found]
    if in_json:
        show.as_json({"ok": not found, "reasons": sentences})
    else:
        for sentence in sentences or [_("All is well.")]:
            click.echo(sentence)
    if found:
        raise click.exceptions.Exit(ILL)


@click.command()
@click.option("--send-test-mail", "send", is_flag=True, help=_("Send a mail and say in words what goes wrong."))
@click.option("--to", metavar="ADDRESS", help=_("Where to; the business's address if not given."))
@show.json_option
@click.pass_obj
def doctor(app: App, send: bool, to: str | None, in_json: bool) -> None:
    from planner.actions.data_files import look_over

    files = look_over()
    broken = [problem.sentence(_) for problem in files.problems]
    with app.database.read() as tx:
        business = app.chosen(tx)
    lines = {
        N_("home"): str(app.settings.home),
        N_("database"): _database(app),
        N_("time zone"): _zone(business.timezone, app.moment(business.timezone)),
        N_("page"): app.address,
        N_("mail"): _mail(app, business.email),
        N_("copies"): _copies(app, app.moment(business.timezone)),
        N_("files"): _files(files.count, len(broken)),
    }
    if in_json:
        show.as_json({**{name.replace(" ", "_"): value for name, value in lines.items()}, "broken": broken})
    else:
        width = max(len(_(name)) for name in lines)
        for name, value in lines.items():
            click.echo(f"{_(name):{width}}  {value}")
        for sentence in broken:
            click.echo(f"{'':{width}}  {sentence}")
    if send:
        _send(app, business.id, to or business.email, app.moment(business.timezone))
    if broken:
        raise click.exceptions.Exit(ILL)


def _files(count: int, broken: int) -> str:
    """The catalogue and the suggested texts, which people may edit."""
    whole = ngettext("{count} file of catalogue and texts", "{count} files of catalogue and texts", count)
    told = whole.format(count=count)
    if not broken:
        return _("{told}, all in order").format(told=told)
    return ngettext("{told}, {broken} thing to mend:", "{told}, {broken} things to mend:", broken).format(
        told=told, broken=broken
    )


def _zone(name: str, now: datetime) -> str:
    from planner import zonerules

    held = _("{zone}, rules of {release}").format(zone=name, release=zonerules.release())
    if (since := zonerules.disagreement(name, now)) is None:
        return held
    words = _("the system has {system}, the planner came with {package}, which differ from {day} on: update the older")
    told = words.format(
        system=zonerules.system_release() or "?", package=zonerules.package_release() or "?", day=f"{since:%Y-%m-%d}"
    )
    return f"{held}; {told}"


def _database(app: App) -> str:
    if not app.database.is_sqlite:
        return app.database.where
    with app.database.read() as tx:
        journal = tx.exec_driver_sql("PRAGMA journal_mode").scalar()
    words = _("{file}, SQLite {version}, journal {journal}")
    return words.format(file=app.database.where, version=sqlite3.sqlite_version, journal=str(journal).upper())


def _copies(app: App, now: datetime) -> str:
    told, newest = _last_copy(app, now.date()), copies.newest(app.database)
    if newest is None or copies.day_of(newest) <= now.date():
        return told
    words = _("{told}; {file} was made by a clock that ran ahead, or the clock is behind now")
    return words.format(told=told, file=newest.name)


def _last_copy(app: App, today: date) -> str:
    newest = copies.newest(app.database, today)
    if newest is None:
        return _("none yet: the planner makes one every night while it runs")
    days = (today - copies.day_of(newest)).days
    age = ngettext("{count} day old", "{count} days old", days).format(count=days)
    told = _("{file} in {folder}, {age}").format(file=newest.name, folder=newest.parent, age=age)
    return (
        _("{told}: TOO OLD, there should be one every night; see “planner status”").format(told=told)
        if days > _OLD
        else told
    )


def _mail(app: App, address: str) -> str:
    settings = app.settings
    if settings.mail_folder is not None:
        return _("no mail server is set; mails are files in {folder}").format(folder=settings.mail_folder)
    if not address:
        return _("no address is set, so no mail is sent: planner business set --email NAME@EXAMPLE.ORG")
    words = _("to {address} by {server} ({security})")
    return words.format(
        address=address,
        server=f"{settings.smtp_host}:{settings.smtp_port}",
        security=settings.smtp_security,
    )


def _send(app: App, business_id: int, to: str, now: datetime) -> None:
    """Send a test mail the way every mail goes; the reason in words if it does not get out."""
    from planner.actions.test_mail import send_test_mail
    from planner.daemon import transport_of
    from planner.notify import DeliveryFailed

    try:
        reply = send_test_mail(
            app.database, transport_of(app.settings), app.links, app.settings.sender, business_id, to, now
        )
    except DeliveryFailed as error:
        raise TestMailFailed(reason=error.sentence(_)) from error
    click.echo(_("The test mail is out: {reply}").format(reply=reply.text))
