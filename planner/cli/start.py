"""Bringing up the planner: on an empty home it asks nothing and makes a business; then it serves."""

import logging
import os
import signal
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click

from planner import catalogue, config
from planner.cli.app import App, open_database
from planner.cli.questions import machine_timezone
from planner.cli.words import LANGUAGE, _, ngettext
from planner.core.discretion import without_secrets
from planner.core.model import Business

if TYPE_CHECKING:
    from planner.daemon import Daemon

FIRST_PRESET = "core-trio"
NAMED = 5  # of many businesses, so many are named


@click.command()
@click.option("--host", help=_("On which address to listen; 127.0.0.1 for this computer alone."))
@click.option("--port", type=click.IntRange(0, 65535), help=_("On which port to listen."))
@click.option("--base-url", metavar="URL", help=_("How the page is reached from outside."))
@click.pass_obj
def start(app: App, host: str | None, port: int | None, base_url: str | None) -> None:
    from planner.daemon import Daemon
    from planner.links import Links
    from planner.listening import listen
    from planner.process import serve
    from planner.render import PostTexts
    from planner.store.schema import prepare

    _log_to_stderr()
    for noisy in ("apscheduler", "waitress", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    settings = app.settings_with(host=host, port=port, base_url=base_url)
    config.make_home(settings.home)
    with closing(listen(settings.host, settings.port)) as listener:
        if settings.port == 0:  # any free one: now it is known which
            settings = app.settings_with(host=host, port=listener.getsockname()[1], base_url=base_url)
        database = open_database(settings)
        prepare(database)
        links = Links(settings.keys(), settings.address)
        # Told to stop before the daemon listens for it: there is nothing in hand yet.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        clock = app.clock(machine_timezone(os.environ))
        daemon = Daemon(database, settings, links, PostTexts(), clock, given=app.now is not None)
        feed = _first_start(app, daemon, with_feed=sys.stdout.isatty())
        daemon.plan()
        _greet(app, daemon, feed)
        sys.exit(serve(daemon, listener))


class Discreet(logging.Formatter):
    """Whatever part of the program or of a library writes a line: addresses that open doors are not in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with its traceback."""
        return without_secrets(super().format(record))


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def _first_start(app: App, daemon: "Daemon", *, with_feed: bool) -> str | None:
    """Make the first business if there is none, and its first feed: that one's address, which is shown this once.

    Not where nobody looks but a journal or a container's log keeps all: the address holds until it is revoked.
    """
    from planner import zonerules
    from planner.actions.feeds import new_feed
    from planner.actions.set_up import NewBusiness, set_up
    from planner.store.queries import businesses, facts, feeds

    with daemon.database.write() as tx:
        facts.put(tx, facts.ADDRESS, daemon.settings.address)
        there = businesses.every(tx, limit=2)
        timezone = there[0].timezone if there else machine_timezone(os.environ)
        now = app.moment(timezone)
        if not there:
            wanted = NewBusiness(
                name=_("My business"), timezone=timezone, language=LANGUAGE, tzdata=zonerules.release()
            )
            there = [set_up(tx, wanted, catalogue.preset(FIRST_PRESET), daemon.texts, now)]
        if not with_feed or len(there) > 1 or feeds.of_business(tx, there[0].id):
            return None
        _feed, secret = new_feed(tx, there[0], now=now)
    return daemon.links.feed(secret)


def _greet(app: App, daemon: "Daemon", feed: str | None) -> None:
    """Say where everything is, and the next three things to do."""
    from planner.actions.access import has_password, new_nonce
    from planner.core import localtime
    from planner.store.queries import businesses, posts

    with daemon.database.read() as tx:
        there = businesses.every(tx, limit=NAMED + 1)
        zone = there[0].timezone if there else "UTC"
        planned = posts.count_open(tx, localtime.today(app.moment(zone), zone))
        addresses = businesses.addresses(tx, limit=NAMED + 1)
        protected = has_password(tx)
    say = click.echo
    say()
    words = ngettext("The planner is running: {names}, {count} post ahead.",
                     "The planner is running: {names}, {count} posts ahead.", planned)  # fmt: skip
    names = ", ".join(f"{business.name} ({business.timezone})" for business in there[:NAMED])
    say(words.format(names=names + (" …" if there[NAMED:] else ""), count=planned))
    say()
    say(_("Page (this link signs you in, once, within a day):"))
    say(f"  {daemon.links.sign_in(new_nonce(), app.moment(machine_timezone(os.environ)))}")
    say(_("Calendar for the phone (subscribe to this address):"))
    say("  " + (feed or _("shown once, when it is made; make one on the page, or by “planner feed new”")))
    say(_("Reminder mails:"))
    say("  " + _where_mails_go(daemon.settings, addresses))
    say()
    say(_("Next:"))
    for number, step in enumerate(_next_steps(daemon.settings, there, feed, protected), 1):
        say(f"  {number}. {step}")
    say()
    sys.stdout.flush()


def _next_steps(settings: config.Settings, there: list[Business], feed: str | None, protected: bool) -> list[str]:
    """The three things that come next for whoever starts it now."""
    steps = [_("Open the page on the phone and look at the first posts.")]
    if feed:
        steps.append(_("Subscribe to the calendar address on the phone."))
    if len(there) == 1 and not there[0].email:
        steps.append(_("Say there who you are and where mails go: the page leads through it in two minutes."))
    elif settings.mail_folder is not None:
        steps.append(_("Name a mail server, so that mails reach you: on the page under More, Settings, Mail server."))
    else:
        steps.append(_("See whether mails reach you: planner doctor --send-test-mail"))
    if not protected:
        steps.append(_("Set a password for the page: planner password"))
    steps += [_("See the week: planner week"), _("Keep it running: planner service install")]
    return steps[:3]


def _where_mails_go(settings: config.Settings, names: list[str]) -> str:
    if settings.mail_folder is not None:
        return _("no mail server is set, so they are files in {folder}").format(folder=settings.mail_folder)
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    if not names:
        return _("by {server}, but no address is set: planner business set --email").format(server=server)
    return _("to {names} by {server}").format(names=", ".join(names[:NAMED]) + (" …" if names[NAMED:] else ""),
                                              server=server)  # fmt: skip
