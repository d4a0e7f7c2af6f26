"""Single posts: done, and post add, list, show, edit, move, skip, reopen."""

import re
import sys
from datetime import date, datetime, time, timedelta
from typing import Final

import click

from planner.actions import posts as verbs
from planner.actions import putting_off, steps
from planner.actions.overview import post_fields
from planner.actions.posts import Change
from planner.cli import show
from planner.cli.app import ID, App, one_line, parse_day, parse_moment, parse_wall, some_words
from planner.cli.words import LANGUAGE, _
from planner.core import localtime
from planner.core.characters import some_lines
from planner.core.model import Business, Channel, Content, Pillar, Post, Window
from planner.errors import BackwardsRange, UsageError
from planner.language import N_
from planner.store.queries import businesses, channels, posts

LONGEST_TEXT: Final = 20_000
_NO_CONTENT: Final = "none"


class BadText(UsageError):
    message = N_(
        "The text is longer than {most} characters, or not readable text (UTF-8). Shorten it, or type it again."
    )


def several_lines(_context: object, _option: object, value: str | None) -> str | None:
    """A callback for a text of several lines: what was given, or standard input for "-". Raises BadText."""
    if value is None:
        return None
    try:
        text = sys.stdin.read(LONGEST_TEXT + 1).strip() if value == "-" else value
        text.encode()
    except UnicodeError as error:
        raise BadText(most=LONGEST_TEXT) from error
    if len(text) > LONGEST_TEXT:
        raise BadText(most=LONGEST_TEXT)
    return some_lines(text)


@click.command()
@click.argument("ids", nargs=-1, type=ID, required=True, metavar="ID…")
@click.option("--link", default="", callback=one_line, metavar="URL", help=_("Where the post can be seen."))
@click.option("--at", metavar="TIME", help=_("When it was posted, if not just now."))
@click.pass_obj
def done(app: App, ids: tuple[int, ...], link: str, at: str | None) -> None:
    changes = []
    with app.database.write() as tx:
        for number in ids:
            business = _owner(tx, app, number)
            given = parse_moment(at) if at else None
            if given is not None and given.tzinfo is None:
                given = localtime.instant(given, business.timezone)
            changes.append(verbs.complete(tx, number, now=app.moment(business.timezone), link=link, at=given))
    for change in changes:
        _tell(change, _("Done: {title}"), _("It was done already: {title}"))


@click.group()
def post() -> None:
    pass


@post.command(help=_("Add a post outside of any cadence."))
@click.argument("channel")
@click.argument("due", metavar="TIME")
@click.option("--title", required=True, callback=some_words, help=_("What it is about."))
@click.option("--text", default="", callback=several_lines, help=_("The text to post; - reads it from standard input."))
@click.option(
    "--pillar",
    type=click.Choice([str(p) for p in Pillar]),
    default=str(Pillar.QUESTION),
    help=_("What the post is for."),
)
@show.json_option
@click.pass_obj
def add(app: App, channel: str, due: str, title: str, text: str, pillar: str, in_json: bool) -> None:
    wall = parse_wall(due)
    with app.database.write() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        there = channels.named(tx, business.id, channel)
        made = verbs.add(tx, business, there, wall, pillar=Pillar(pillar), title=title, text=text, now=now)
    if in_json:
        show.as_json(post_fields(made, business, there, now))
        return
    click.echo(_("Added post {id}: {title}").format(id=made.id, title=made.title))


@post.command("list", help=_("Posts due on the given days; the next four weeks if none are given."))
@click.option("--from", "first", metavar="DAY", help=_("The first day."))
@click.option("--to", "after", metavar="DAY", help=_("The day after the last."))
@click.option("--channel", metavar="NAME", help=_("Only this channel."))
@show.json_option
@click.pass_obj
def list_(app: App, first: str | None, after: str | None, channel: str | None, in_json: bool) -> None:
    with app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        today = localtime.today(now, business.timezone)
        start = parse_day(first) if first else today
        days = Window(start, parse_day(after) if after else start + timedelta(weeks=4))
        if days.end < days.start:
            raise BackwardsRange(first=days.start, last=days.end)
        wanted = channels.named(tx, business.id, channel).id if channel else None
        found = posts.due_between(tx, business.id, days, wanted)
        there = {each.id: each for each in channels.of_business(tx, business.id)}
    _show(found, business, there, now, today, in_json)


@post.command("show", help=_("Everything about one post."))
@click.argument("number", type=ID, metavar="ID")
@show.json_option
@click.pass_obj
def show_(app: App, number: int, in_json: bool) -> None:
    with app.database.read() as tx:
        business = _owner(tx, app, number)
        found = posts.get(tx, number)
        channel = channels.get(tx, business.id, found.channel_id)
        now = app.moment(business.timezone)
        making = steps.making_of(tx, found, business, channel, now)
    if in_json:
        checklist = [{"words": each.words, "done": each.done} for each in found.checklist]
        more = {
            "text": found.text, "hint": found.hint, "skip_reason": found.skip_reason, "content": found.content or "",
            "notes": found.notes, "checklist": checklist,
            "steps": steps.fields(making, business.language),
        }  # fmt: skip
        show.as_json({**post_fields(found, business, channel, now), **more})
        return
    out = show.console()
    out.print(show.post_table([found], {channel.id: channel}, business, localtime.today(now, business.timezone)))
    to_do = "\n".join(f"[{'x' if each.done else ' '}] {each.words}" for each in found.checklist)
    hint = found.hint and _("Hint:") + f" {found.hint}"
    made = show.step_lines(making.steps, making.today)
    for part in (found.text, hint, found.notes, made, to_do, found.link, found.skip_reason):
        if part:
            click.echo(f"{part}\n")


@post.command(help=_("Tick a step of making a video, by its number in “planner post show”, and those before it."))
@click.argument("number", type=ID, metavar="ID")
@click.argument("place", type=click.IntRange(min=1), metavar="STEP")
@click.option("--undo", is_flag=True, help=_("Take the tick of this step away."))
@click.pass_obj
def step(app: App, number: int, place: int, undo: bool) -> None:
    with app.database.write() as tx:
        business = _owner(tx, app, number)
        now = app.moment(business.timezone)
        found = posts.get(tx, number)
        there = steps.making_of(tx, found, business, channels.get(tx, business.id, found.channel_id), now).steps
        if place > len(there):
            raise steps.NoSuchStep(id=number, step=place)
        chosen = there[place - 1].step
        change = steps.tick_step(tx, number, chosen.key, done=not undo, now=now)
    name = chosen.name(LANGUAGE)
    if undo:
        _tell(change, _("No longer done: {step}, {title}"), _("It was not done: {step}, {title}"), step=name)
    else:
        _tell(change, _("Done: {step}, {title}"), _("It was done already: {step}, {title}"), step=name)


@post.command(help=_("Change what a post says."))
@click.argument("number", type=ID, metavar="ID")
@click.option("--title", callback=some_words, help=_("What it is about."))
@click.option("--text", callback=several_lines, help=_("The text to post; - reads it from standard input."))
@click.option("--pillar", type=click.Choice([str(p) for p in Pillar]), help=_("What the post is for."))
@click.option("--link", callback=one_line, metavar="URL", help=_("Where the post can be seen."))
@click.option(
    "--content", type=click.Choice([*map(str, Content), _NO_CONTENT]), help=_("What kind of content it is made of.")
)
@click.option("--notes", callback=several_lines, help=_("For whoever makes it; - reads them from standard input."))
@click.pass_obj
def edit(
    app: App,
    number: int,
    title: str | None,
    text: str | None,
    pillar: str | None,
    link: str | None,
    content: str | None,
    notes: str | None,
) -> None:
    with app.database.write() as tx:
        business = _owner(tx, app, number)
        change = verbs.edit(
            tx, number, now=app.moment(business.timezone), title=title, text=text,
            pillar=Pillar(pillar) if pillar else None, link=link, notes=notes,
            content="" if content == _NO_CONTENT else Content(content) if content else None,
        )  # fmt: skip
    _tell(change, _("Changed: {title}"), _("Nothing to change: {title}"))


@post.command(help=_("Make a post due at another time: a day, a day with time, or “tomorrow”."))
@click.argument("number", type=ID, metavar="ID")
@click.argument("due", metavar="TIME")
@click.pass_obj
def move(app: App, number: int, due: str) -> None:
    only_day = re.fullmatch(r"\s*\d{4}-?\d\d-?\d\d\s*", due) is not None
    tomorrow = due.strip() in ("tomorrow", "morgen")
    wanted = None if tomorrow else datetime.combine(parse_day(due), time()) if only_day else parse_wall(due)
    with app.database.write() as tx:
        business = _owner(tx, app, number)
        now = app.moment(business.timezone)
        if wanted is None:
            change = putting_off.tomorrow(tx, number, now=now)
        else:
            clock = posts.get(tx, number).due_local.time() if only_day else wanted.time()
            change = verbs.move(tx, number, datetime.combine(wanted.date(), clock), now=now)
    if change.after.is_round and not change.after.open:
        click.echo(_("Let go: the next time stands for it."))
        return
    when = f"{show.long_day(change.after.due_local)} {change.after.due_local:%H:%M}"
    _tell(change, _("Now due {when}: {title}"), _("It is due {when} already: {title}"), when=when)


@post.command(help=_("Leave a post out this time."))
@click.argument("number", type=ID, metavar="ID")
@click.option("--reason", default="", callback=one_line, help=_("Why."))
@click.pass_obj
def skip(app: App, number: int, reason: str) -> None:
    with app.database.write() as tx:
        business = _owner(tx, app, number)
        change = verbs.skip(tx, number, now=app.moment(business.timezone), reason=reason)
    _tell(change, _("Skipped: {title}"), _("It was skipped already: {title}"))


@post.command(help=_("Make a posted or skipped post planned again."))
@click.argument("number", type=ID, metavar="ID")
@click.pass_obj
def reopen(app: App, number: int) -> None:
    with app.database.write() as tx:
        business = _owner(tx, app, number)
        change = verbs.reopen(tx, number, now=app.moment(business.timezone))
    _tell(change, _("Open again: {title}"), _("It is open already: {title}"))


def _owner(tx: object, app: App, number: int) -> Business:
    """The business of a post: the chosen one, if one was named, else whichever it belongs to."""
    from sqlalchemy import Connection

    assert isinstance(tx, Connection)  # noqa: S101 - for the type checker
    chosen = app.chosen(tx).id if app.business else None
    return businesses.get(tx, posts.get(tx, number, chosen).business_id)


def _tell(change: Change, done_words: str, same_words: str, **values: object) -> None:
    click.echo((done_words if change.changed else same_words).format(title=change.after.title, **values))


def _show(
    found: list[Post], business: Business, there: dict[int, Channel], now: datetime, today: date, in_json: bool
) -> None:
    if in_json:
        show.as_json([post_fields(each, business, there[each.channel_id], now) for each in found])
    else:
        show.listing(show.post_table(found, there, business, today), _("No posts on these days."))
