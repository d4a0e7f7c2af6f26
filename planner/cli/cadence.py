"""Cadences: preview without a database; add, end, leave days out, list."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

import click

from planner.cli import show
from planner.cli.app import ID, App, parse_day, parse_moment, parse_wall
from planner.cli.words import LANGUAGE, _, ngettext
from planner.core import localtime
from planner.core.holidays import placed
from planner.core.model import Cadence, Channel, Content, OnHoliday, Pillar, Purpose, Window
from planner.core.phrase import read_phrase
from planner.core.recurrence import check_fires, parse_rule, slots
from planner.core.spoken import in_words
from planner.errors import BackwardsRange, UsageError
from planner.feastdays import Holidays
from planner.language import N_

_ON_HOLIDAY: Final = {
    OnHoliday.BEFORE: N_("the day before"), OnHoliday.AFTER: N_("the day after"),
    OnHoliday.SKIP: N_("left out"),
}  # fmt: skip


_PURPOSES: Final = {Purpose.POSTING: N_("posts"), Purpose.REPLYING: N_("answers")}


class OneOfTwo(UsageError):
    message = N_("Say how often, either by --rrule or by --when.")


class SeveralMeanings(UsageError):
    message = N_("“{when}” can mean several things. Say which by --rrule: {meanings}.")


class NoClock(UsageError):
    message = N_("The first date and its time are missing. Say them by --start, like --start 2026-12-01T09:00.")


@click.group()
def cadence() -> None:
    pass


def _how_often(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say a rule: as one, or in everyday words; and when it begins."""
    for option in (
        click.option("--start", metavar="TIME", help=_("The first date and time, on the wall clock.")),
        click.option("--when", metavar="WORDS", help=_("The rule in words, like “every 2 weeks on Tuesday at 9:00”.")),
        click.option("--rrule", metavar="RULE", help=_("The rule, like FREQ=WEEKLY;BYDAY=TU.")),
    ):
        command = option(command)
    return command


def _meant(rrule: str | None, when: str | None, start: str | None, today: date) -> tuple[str, datetime]:
    """The rule and its start. Words begin today unless --start says otherwise; their time of day goes before that."""
    if (rrule is None) == (when is None):
        raise OneOfTwo
    given = parse_wall(start) if start is not None and ":" in start else None
    if rrule is not None:
        if start is None:
            raise NoClock
        return rrule, given or parse_wall(start)
    first = given.date() if given else parse_day(start) if start is not None else today
    found = read_phrase(when or "", first)
    if len(found) > 1:
        meanings = ", ".join(f"{each.rule} ({in_words(each.rule, _)})" for each in found)
        raise SeveralMeanings(when=when, meanings=meanings)
    at = found[0].at or (given.time() if given else None)
    if at is None:
        raise NoClock
    return str(found[0].rule), datetime.combine(first, at)


_on_holiday = click.option(
    "--on-holiday", type=click.Choice([str(each) for each in OnHoliday]), default=str(OnHoliday.KEEP),
    show_default=True, help=_("On a public holiday: post all the same, on the day before or after, not at all."),
)  # fmt: skip


@cadence.command(help=_("Print the dates a rule would give. Needs no planner. FROM is inside, TO is not."))
@_how_often
@click.option("--timezone", default="Europe/Berlin", show_default=True, metavar="ZONE", help=_("Time zone."))
@click.option("--from", "first", metavar="DAY", help=_("From when on; the start if not given."))
@click.option("--to", "after", metavar="DAY", help=_("Up to when; a year later if not given."))
@click.option("--exdate", multiple=True, metavar="DAY", help=_("A day to leave out; may be given several times."))
@_on_holiday
@click.option("--country", default="", metavar="XX", help=_("Whose public holidays: DE, AT, CH …"))
@click.option("--region", default="", metavar="XX", help=_("Land or canton: BY, W, ZH …"))
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help=_("At most so many dates."))
@show.json_option
@click.pass_obj
def preview(
    app: App,
    rrule: str | None,
    when: str | None,
    start: str | None,
    timezone: str,
    first: str | None,
    after: str | None,
    exdate: tuple[str, ...],
    on_holiday: str,
    country: str,
    region: str,
    limit: int | None,
    in_json: bool,
) -> None:
    from planner.cli.questions import check_region

    localtime.zone(timezone)
    text, dtstart = _meant(rrule, when, start, localtime.today(app.moment(timezone), timezone))
    rule = parse_rule(text)
    left_out = {parse_day(day) for day in exdate}
    check_fires(rule, dtstart, timezone, left_out)
    begin = _bound(first, timezone) if first else dtstart
    end = _bound(after, timezone) if after else begin + timedelta(days=366)
    if end < begin:
        raise BackwardsRange(first=first or dtstart.date(), last=after)
    check_region(country, region)
    cadence = Cadence(
        id=0, business_id=0, channel_id=0, dtstart=dtstart, rrule=text, exdates=tuple(left_out),
        on_holiday=OnHoliday(on_holiday), created_at=localtime.instant(dtstart, timezone),
    )  # fmt: skip
    there = placed(cadence, slots(cadence, Window(begin, end), (), timezone), Holidays(country, region), (), timezone)
    found = [localtime.instant(each.due, timezone) for each in islice(there, limit)]
    if in_json:
        show.as_json([
            {"local": localtime.wall(moment, timezone).isoformat(),
             "utc": moment.replace(tzinfo=None).isoformat() + "Z"} for moment in found
        ])  # fmt: skip
        return
    for moment in found:
        local = localtime.wall(moment, timezone)
        click.echo(f"{show.short_day(local)} {local:%Y %H:%M}   {moment:%Y-%m-%d %H:%M} UTC")


@cadence.command(help=_("Begin a cadence on a channel and plan its posts, or rounds of answering."))
@click.argument("channel")
@_how_often
@click.option(
    "--reply",
    is_flag=True,
    help=_("Answer reviews and messages there instead of posting; as the platform suggests, if no rule is given."),
)
@click.option("--pillar", "pillars", multiple=True, type=click.Choice([str(p) for p in Pillar]),
              help=_("What posts are for, in rotation; may be given several times."))  # fmt: skip
@click.option(
    "--content",
    type=click.Choice([str(kind) for kind in Content]),
    help=_("What the posts are made of; a video comes with its steps."),
)
@click.option("--exdate", multiple=True, metavar="DAY", help=_("A day to leave out; may be given several times."))
@_on_holiday
@click.pass_obj
def add(
    app: App,
    channel: str,
    rrule: str | None,
    when: str | None,
    start: str | None,
    reply: bool,
    pillars: tuple[str, ...],
    content: str | None,
    exdate: tuple[str, ...],
    on_holiday: str,
) -> None:
    from planner.actions.cadences import add_cadence
    from planner.render import PostTexts
    from planner.store.queries import channels

    left_out = [parse_day(day) for day in exdate]
    with app.database.write() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        today, there = localtime.today(now, business.timezone), channels.named(tx, business.id, channel)
        offered = _offered(there, today) if reply and not (rrule or when or start) else None
        rule, dtstart = offered or _meant(rrule, when, start, today)
        made, count = add_cadence(
            tx, business, there, rule, dtstart, pillars=[Pillar(name) for name in pillars], exdates=left_out,
            on_holiday=OnHoliday(on_holiday), purpose=Purpose.REPLYING if reply else Purpose.POSTING,
            content=Content(content) if content else None, texts=PostTexts(), now=now,
        )  # fmt: skip
    _tell_begun(made, count, there)
    if made.on_holiday is not OnHoliday.KEEP and not business.country:
        click.echo(
            _("No public holiday is known yet. Say where you are: planner business set --country DE --region BY")
        )


def _offered(channel: Channel, today: date) -> tuple[str, datetime] | None:
    """The rounds of answering that the channel's platform suggests, from today on; None if it does not."""
    from planner.catalogue.portraits import portrait

    offer = portrait(channel.platform).answering
    return (offer.rrule, datetime.combine(today, offer.time)) if offer else None


def _tell_begun(made: Cadence, count: int, channel: Channel) -> None:
    if made.purpose is Purpose.POSTING:
        words = ngettext("Cadence {id} begins; {count} post is planned.",
                         "Cadence {id} begins; {count} posts are planned.", count)  # fmt: skip
        click.echo(words.format(id=made.id, count=count))
        return
    from planner.actions.rounds import words as rounds_words

    words = ngettext("Cadence {id} begins; {count} round of answering is planned.",
                     "Cadence {id} begins; {count} rounds of answering are planned.", count)  # fmt: skip
    click.echo(words.format(id=made.id, count=count))
    if why := rounds_words(channel.platform, LANGUAGE)[1]:
        click.echo(why)


@cadence.command(help=_("End a cadence: no slot on that day or later. History stays."))
@click.argument("number", type=ID, metavar="ID")
@click.option("--on", metavar="DAY", help=_("From which day on there is no slot; today if not given."))
@click.pass_obj
def end(app: App, number: int, on: str | None) -> None:
    from planner.actions.cadences import end_cadence

    given = parse_day(on) if on else None
    with app.database.write() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        day = given or localtime.today(now, business.timezone)
        _ended, count = end_cadence(tx, business, number, day, now=now)
    words = ngettext("Cadence {id} ends on {day}; {count} planned post was taken back.",
                     "Cadence {id} ends on {day}; {count} planned posts were taken back.", count)  # fmt: skip
    click.echo(words.format(id=number, day=show.long_day(day), count=count))


@cadence.command("leave-out", help=_("Leave a day out of a cadence. The posts of all its other days stay."))
@click.argument("number", type=ID, metavar="ID")
@click.argument("day", metavar="DAY")
@click.pass_obj
def leave_out(app: App, number: int, day: str) -> None:
    from planner.actions import left_out

    wanted = parse_day(day)
    with app.database.write() as tx:
        business = app.chosen(tx)
        left_out.leave_out(tx, business, number, wanted, now=app.moment(business.timezone))
    click.echo(_("Cadence {id} leaves out {day}.").format(id=number, day=show.long_day(wanted)))


@cadence.command("take-in", help=_("Take a day into a cadence again that was left out."))
@click.argument("number", type=ID, metavar="ID")
@click.argument("day", metavar="DAY")
@click.pass_obj
def take_in(app: App, number: int, day: str) -> None:
    from planner.actions import left_out
    from planner.render import PostTexts

    wanted = parse_day(day)
    with app.database.write() as tx:
        business = app.chosen(tx)
        left_out.take_in(tx, business, number, wanted, texts=PostTexts(), now=app.moment(business.timezone))
    click.echo(_("Cadence {id} leaves out {day} no more.").format(id=number, day=show.long_day(wanted)))


@cadence.command("list", help=_("The cadences of a business."))
@click.option("--all", "ended_too", is_flag=True, help=_("Also the ended ones."))
@show.json_option
@click.pass_obj
def list_(app: App, ended_too: bool, in_json: bool) -> None:
    from planner.store.queries import cadences, channels

    with app.database.read() as tx:
        business = app.chosen(tx)
        local = localtime.wall(app.moment(business.timezone), business.timezone)
        found = cadences.of_business(tx, business.id, active_on=None if ended_too else local)
        names = {channel.id: channel.name for channel in channels.of_business(tx, business.id)}
    if in_json:
        show.as_json([
            {"id": each.id, "channel": names[each.channel_id], "rrule": each.rrule,
             "start": each.dtstart.isoformat(timespec="minutes"),
             "end": each.end and each.end.isoformat(timespec="minutes"), "pillars": [str(p) for p in each.pillars],
             "exdates": [day.isoformat() for day in each.exdates], "on_holiday": str(each.on_holiday),
             "purpose": str(each.purpose), "content": each.content}
            for each in found
        ])  # fmt: skip
        return
    made = show.table("#", _("channel"), _("for"), _("rule"), _("time"), _("since"), _("until"), _("public holidays"))
    for each in found:
        until = show.long_day(each.end) if each.end else ""
        gives_way = _(_ON_HOLIDAY[each.on_holiday]) if each.on_holiday in _ON_HOLIDAY else ""
        made_of = f" ({each.content})" if each.content else ""
        what = f"{_(_PURPOSES[each.purpose])}{made_of}"
        made.add_row(str(each.id), names[each.channel_id], what, each.rrule, f"{each.dtstart:%H:%M}",
                     show.long_day(each.dtstart), until, gives_way)  # fmt: skip
    show.listing(made, _("No cadence is running. “planner cadence add” begins one."))


def _bound(text: str, timezone: str) -> datetime:
    moment = parse_moment(text)
    return localtime.wall(moment, timezone) if moment.tzinfo else moment
