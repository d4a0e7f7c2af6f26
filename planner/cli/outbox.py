"""Mails: what was sent, what waits, what failed and why; retry and drop."""

import click

from planner.cli import show
from planner.cli.app import ID, App
from planner.cli.terms import term
from planner.cli.words import _
from planner.core import localtime
from planner.language import said


class Listing(click.Group):
    """A group that lists when it is not told what to do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with ``list`` before options that are not the group's own."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Listing)
def outbox() -> None:
    pass


@outbox.command("list", help=_("The newest mails."))
@click.option("--limit", type=click.IntRange(1, 10_000), default=30, show_default=True, help=_("At most so many."))
@show.json_option
@click.pass_obj
def list_(app: App, limit: int, in_json: bool) -> None:
    from planner.store.queries import outbox as rows

    with app.database.read() as tx:
        business = app.chosen(tx)
        found = rows.recent(tx, business.id, limit)
        counts = rows.counts(tx)
    if in_json:
        messages = [
            {"id": each.id, "key": each.key, "kind": each.kind.value, "recipient": each.recipient,
             "due": each.due_at.isoformat(), "state": each.state.value, "attempts": each.attempts,
             "ambiguous": each.ambiguous, "repeats": each.repeats, "message_id": each.message_id,
             "sent_at": each.sent_at and each.sent_at.isoformat(), "reply": each.reply_text,
             "error": said(each.error)} for each in found
        ]  # fmt: skip
        show.as_json({"counts": counts, "messages": messages})
        return
    made = show.table("#", _("kind"), _("due"), _("state"), _("tries"), _("why"))
    for each in found:
        due = localtime.wall(each.due_at, business.timezone)
        state = term(each.state)
        if each.repeats:
            state = _("{state} (perhaps twice)").format(state=state)
        made.add_row(str(each.id), term(each.kind), f"{show.short_day(due)} {due:%H:%M}", state, str(each.attempts),
                     said(each.error, _))  # fmt: skip
    show.listing(made, _("No mail yet."))


@outbox.command(help=_("Send a closed mail again."))
@click.argument("number", type=ID, metavar="ID")
@click.pass_obj
def retry(app: App, number: int) -> None:
    from planner.actions.messages import send_again
    from planner.store.queries import businesses
    from planner.store.queries import outbox as rows

    with app.database.write() as tx:
        business = businesses.get(tx, rows.get(tx, number).business_id)
        send_again(tx, business, number, app.moment_here(tx))
    click.echo(_("Mail {id} will be tried again.").format(id=number))


@outbox.command(help=_("Close a mail that waits or did not get through."))
@click.argument("number", type=ID, metavar="ID")
@click.pass_obj
def drop(app: App, number: int) -> None:
    from planner.store.queries import outbox as rows

    with app.database.write() as tx:
        dropped = rows.drop(tx, rows.get(tx, number))
    words = _("Mail {id} is closed, unsent.") if dropped else _("Mail {id} was not waiting; nothing was changed.")
    click.echo(words.format(id=number))
