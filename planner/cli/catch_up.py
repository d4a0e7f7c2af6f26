"""Catching up in the terminal: what to do with posts that slipped, and a rhythm that fits better."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from planner.actions import catching_up as verbs
from planner.actions.catching_up import CatchUp, Offer
from planner.actions.overview import post_fields
from planner.cli import show
from planner.cli.app import App
from planner.cli.words import _
from planner.core.catching_up import Advice, Step
from planner.core.friendly import advice_words, offer_words, pile_words
from planner.core.spoken import in_words
from planner.errors import UsageError
from planner.language import N_


class OneAtATime(UsageError):
    message = N_("Give one of --apply, --take and --decline at a time.")


@click.command("catch-up")
@click.option("--apply", is_flag=True, help=_("Move and drop as advised; what is to be posted now stays with you."))
@click.option("--take", metavar="CHANNEL", help=_("Take the rhythm that is offered for a channel."))
@click.option("--decline", metavar="CHANNEL", help=_("Leave a channel's rhythm as it is; not asked again for 8 weeks."))
@show.json_option
@click.pass_obj
def catch_up(app: App, apply: bool, take: str | None, decline: str | None, in_json: bool) -> None:
    if apply + (take is not None) + (decline is not None) > 1:
        raise OneAtATime
    if take is not None or decline is not None:
        _answer(app, take, decline)
        return
    with app.database.write() if apply else app.database.read() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        found = verbs.catch_up_of(tx, business, now)
        if apply:
            verbs.apply_advice(tx, found, now=now)
    if in_json:
        show.as_json(_fields(found, now))
        return
    _show(found, applied=apply)


def _answer(app: App, take: str | None, decline: str | None) -> None:
    from planner.render import PostTexts
    from planner.store.queries import channels

    with app.database.write() as tx:
        business = app.chosen(tx)
        now = app.moment(business.timezone)
        channel = channels.named(tx, business.id, take if take is not None else decline or "")
        if take is not None:
            offer = verbs.take_offer(tx, business, channel, texts=PostTexts(), now=now)
            words = _("{channel} has another rhythm from {day} on: {rhythm}.")
        else:
            offer = verbs.decline_offer(tx, business, channel, now=now)
            words = _("{channel} stays as it is.")
    click.echo(words.format(channel=channel.name, day=show.short_day(offer.first), rhythm=_rhythm(offer)))


def _rhythm(offer: Offer) -> str:
    return in_words(offer.rule, _) or str(offer.rule)


def _show(found: CatchUp, *, applied: bool) -> None:
    out = show.console()
    show.heading(out, found.business.name, _("catching up"))
    if not found.advice:
        out.print(_("Nothing has slipped in the last four weeks."))
    for each in found.advice:
        post = each.post
        out.print(f"#{post.id}  {show.short_day(post.due_local)}  {found.channels[post.channel_id].name}: {post.title}")
        out.print("    " + advice_words(each, _, show.short_day))
        if each.step is Step.POST or not applied:
            out.print(f"    planner {_command(each)}", style="dim")
    if not applied and (pile := pile_words(found.advice, _)):
        out.print(pile, style="yellow")
    movable = any(each.step is not Step.POST for each in found.advice)
    if movable:
        out.print(_("Moved and dropped as advised.") if applied else _("All at once:  planner catch-up --apply"))
    show_offers(found.offers)


def show_offers(offers: Sequence[Offer]) -> None:
    """The rhythms that are offered, each with the commands for yes and no."""
    out = show.console()
    for offer in offers:
        name = offer.channel.name
        out.print(offer_words(offer.size, name, offer.weeks, _rhythm(offer), _))
        out.print(f'    planner catch-up --take "{name}"', style="dim")
        out.print(f'    planner catch-up --decline "{name}"', style="dim")


def _command(advice: Advice) -> str:
    """What to type to follow an advice."""
    number = advice.post.id
    if advice.day is not None:
        return f"post move {number} {advice.day}"
    return f"done {number}" if advice.step is Step.POST else f"post skip {number}"


def advice_fields(advice: Advice) -> dict[str, Any]:
    """An advice as JSON values: post, move or drop, the reason, and the day to move to."""
    day = advice.day and advice.day.isoformat()
    return {"advice": advice.step.value, "reason": advice.reason.value, "to": day}


def offer_fields(offer: Offer) -> dict[str, Any]:
    """An offered rhythm as JSON values."""
    return {
        "channel": offer.channel.name,
        "cadence": offer.cadence.id,
        "size": offer.size.value,
        "weeks": offer.weeks,
        "rrule": str(offer.rule),
        "from": offer.first.isoformat(),
    }


def _fields(found: CatchUp, now: datetime) -> dict[str, Any]:
    posts = [
        {**post_fields(each.post, found.business, found.channels[each.post.channel_id], now), **advice_fields(each)}
        for each in found.advice
    ]
    rhythms = [offer_fields(offer) for offer in found.offers]
    return {"business": found.business.name, "posts": posts, "rhythms": rhythms}
