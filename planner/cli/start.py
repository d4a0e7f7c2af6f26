"""Bringing up the planner: on an empty home it asks nothing and makes a business; then it serves."""

import logging
import os
import signal
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from planner import catalogue, config
from planner.cli.app import App, open_database
from planner.cli.questions import machine_timezone
from planner.cli.words import LANGUAGE, _
from planner.core.model import Business

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.store.database import Database

FIRST_PRESET = "core-trio"


@click.command()
@click.option("--host", help=_("On which address to listen; 127.0.0.1 for this computer alone."))
@click.option("--port", type=click.IntRange(0, 65535), help=_("On which port to listen."))
@click.option("--base-url", metavar="URL", help=_("How the page is reached from outside."))
@click.pass_obj
def start(app: App, host: str | None, port: int | None, base_url: str | None) -> None:
    from planner.daemon import Daemon, listen
    from planner.links import Links
    from planner.render import PostTexts
    from planner.store.schema import prepare

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("apscheduler", "waitress", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    settings = app.settings_with(host=host, port=port, base_url=base_url)
    config.make_home(settings.home)
    with closing(listen(settings.host, settings.port)) as listener:
        if settings.port == 0:  # any free one: now it is known which
            settings = app.settings_with(host=host, port=listener.getsockname()[1], base_url=base_url)
        database = open_database(settings)
        prepare(database)
        links, texts = Links(settings.keys(), settings.address), PostTexts()
        # Told to stop before the daemon listens for it: there is nothing in hand yet.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        feed = _first_start(app, database, links, texts)
        _greet(app, database, settings, links, feed)
        daemon = Daemon(database, settings, links, texts, app.clock(machine_timezone(os.environ)))
        sys.exit(daemon.serve(listener))


def _first_start(app: App, database: "Database", links: object, texts: object) -> str | None:
    """Make the first business if there is none: the address of its feed, which is shown this once."""
    from planner.actions.feeds import new_feed
    from planner.actions.set_up import NewBusiness, set_up
    from planner.daemon import tzdata_release
    from planner.links import Links
    from planner.render import PostTexts
    from planner.store.queries import businesses

    assert isinstance(links, Links)  # noqa: S101
    assert isinstance(texts, PostTexts)  # noqa: S101
    with database.write() as tx:
        if businesses.every(tx):
            return None
        timezone = machine_timezone(os.environ)
        now = app.moment(timezone)
        wanted = NewBusiness(name=_("My business"), timezone=timezone, language=LANGUAGE, tzdata=tzdata_release())
        business = set_up(tx, wanted, catalogue.preset(FIRST_PRESET), texts, now)
        _feed, secret = new_feed(tx, business, now=now)
    return links.feed(secret)


def _greet(app: App, database: "Database", settings: config.Settings, links: object, feed: str | None) -> None:
    """Say where everything is, and the next three things to do."""
    from planner.actions.access import new_nonce
    from planner.links import Links
    from planner.store.queries import businesses

    assert isinstance(links, Links)  # noqa: S101
    with database.read() as tx:
        there = businesses.every(tx)
        planned = _planned(app, tx, there)
    say = click.echo
    say()
    say(_("The planner is running: {names}, {count} posts ahead.").format(
        names=", ".join(b.name for b in there), count=planned))  # fmt: skip
    say()
    say(_("Page (this link signs you in, once, within a day):"))
    say(f"  {links.sign_in(new_nonce(), app.moment(machine_timezone(os.environ)))}")
    say(_("Calendar for the phone (subscribe to this address):"))
    say(f"  {feed}" if feed else "  " + _("shown once, when it was made; “planner feed new” makes another"))
    say(_("Reminder mails:"))
    say("  " + _where_mails_go(settings, there))
    say()
    say(_("Next:"))
    say("  1. " + _("Open the page on the phone and look at the first posts."))
    say("  2. " + _("Subscribe to the calendar address on the phone."))
    say("  3. " + _("Say who you are and where mails go: planner init (stop this one first with Ctrl-C)."))
    say()
    sys.stdout.flush()


def _planned(app: App, tx: "Connection", there: list[Business]) -> int:
    from planner.core import localtime
    from planner.core.model import Window
    from planner.store.queries import posts

    count = 0
    for business in there:
        today = localtime.today(app.moment(business.timezone), business.timezone)
        ahead = Window(today, today + timedelta(weeks=business.horizon_weeks + 1))
        count += len(posts.open_between(tx, business.id, ahead))
    return count


def _where_mails_go(settings: config.Settings, there: list[Business]) -> str:
    if settings.mail_folder is not None:
        return _("no mail server is set, so they are files in {folder}").format(folder=settings.mail_folder)
    names = ", ".join(sorted({b.email or settings.sender for b in there}))
    return _("to {names} by {server}").format(names=names, server=f"{settings.smtp_host}:{settings.smtp_port}")
