"""Calendar addresses: list, new, revoke, export."""

import sys
from datetime import datetime
from pathlib import Path

import click

from planner.cli import show
from planner.cli.app import ID, App
from planner.cli.terms import term
from planner.cli.words import _
from planner.core import localtime
from planner.core.model import FeedKind
from planner.errors import NotWritten


@click.group()
def feed() -> None:
    pass


@feed.command("list", help=_("The feeds of a business, and when each was last fetched."))
@show.json_option
@click.pass_obj
def list_(app: App, in_json: bool) -> None:
    from planner.store.queries import channels, feeds

    with app.database.read() as tx:
        business = app.chosen(tx)
        found = feeds.of_business(tx, business.id)
        names = {channel.id: channel.name for channel in channels.of_business(tx, business.id)}
    if in_json:
        show.as_json([
            {"id": each.id, "kind": each.kind.value, "channel": names.get(each.channel_id or 0),
             "alarm_minutes": each.alarm_minutes, "created": each.created_at.isoformat(),
             "revoked": each.revoked_at and each.revoked_at.isoformat(),
             "last_fetched": each.last_fetched_at and each.last_fetched_at.isoformat(),
             "last_agent": each.last_agent} for each in found
        ])  # fmt: skip
        return
    made = show.table("#", _("kind"), _("channel"), _("alarm"), _("last fetched"), _("by"), _("state"))
    for each in found:
        fetched = _moment(each.last_fetched_at, business.timezone)
        alarm = _("{minutes} min").format(minutes=each.alarm_minutes) if each.alarm_minutes is not None else ""
        state = _("revoked") if each.revoked_at else _("live")
        channel = names.get(each.channel_id or 0, _("all"))
        made.add_row(str(each.id), term(each.kind), channel, alarm, fetched, each.last_agent, state)
    show.listing(made, _("No feed yet. “planner feed new” makes one."))


@feed.command(help=_("Make a secret calendar address. It is shown once."))
@click.option("--channel", metavar="NAME", help=_("Only this channel."))
@click.option("--kind", type=click.Choice([str(k) for k in FeedKind]), default=str(FeedKind.EVENT), show_default=True,
              help=_("Events, or tasks for programs that show them."))  # fmt: skip
@click.option("--alarm", type=click.IntRange(0, 10080), metavar="MINUTES", help=_("Alarm so long before."))
@click.pass_obj
def new(app: App, channel: str | None, kind: str, alarm: int | None) -> None:
    from planner.actions.feeds import new_feed
    from planner.store.queries import channels

    with app.database.write() as tx:
        business = app.chosen(tx)
        there = channels.named(tx, business.id, channel) if channel else None
        made, secret = new_feed(
            tx, business, channel=there, kind=FeedKind(kind), alarm_minutes=alarm, now=app.moment(business.timezone)
        )
    click.echo(_("Feed {id}. Subscribe to this address; it is not shown again:").format(id=made.id))
    click.echo(app.links.feed(secret))


@feed.command(help=_("End a calendar address for good."))
@click.argument("number", type=ID, metavar="ID")
@click.pass_obj
def revoke(app: App, number: int) -> None:
    from planner.actions.feeds import revoke_feed

    with app.database.write() as tx:
        business = app.chosen(tx)
        revoke_feed(tx, business, number, now=app.moment(business.timezone))
    click.echo(_("Feed {id} is revoked. Its address answers like one that never was.").format(id=number))


@feed.command(help=_("Write the calendar into a file; - is standard output."))
@click.argument("file", metavar="FILE")
@click.option("--channel", metavar="NAME", help=_("Only this channel."))
@click.option("--kind", type=click.Choice([str(k) for k in FeedKind]), default=str(FeedKind.EVENT), show_default=True,
              help=_("Events, or tasks for programs that show them."))  # fmt: skip
@click.option("--alarm", type=click.IntRange(0, 10080), metavar="MINUTES", help=_("Alarm so long before."))
@click.pass_obj
def export(app: App, file: str, channel: str | None, kind: str, alarm: int | None) -> None:
    from planner.actions.feeds import content_of, unsaved_feed
    from planner.ical import FeedWriter
    from planner.store.queries import channels

    with app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        there = channels.named(tx, business.id, channel) if channel else None
        wanted = unsaved_feed(business, channel=there, kind=FeedKind(kind), alarm_minutes=alarm, now=now)
        content = content_of(tx, wanted, now)
    body = FeedWriter(app.links.post_page).write(content)
    if file == "-":
        sys.stdout.buffer.write(body)
        return
    try:
        Path(file).write_bytes(body)
    except OSError as error:
        raise NotWritten(file=file, reason=error.strerror) from error
    click.echo(_("Wrote {count} posts to {file}.").format(count=len(content.posts), file=file))


def _moment(instant: datetime | None, timezone: str) -> str:
    if instant is None:
        return _("never")
    local = localtime.wall(instant, timezone)
    return f"{show.long_day(local)} {local:%H:%M}"
