"""What a business began with: which preset that was, whether anything was done with it, and another in its place."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from planner import catalogue
from planner.actions.set_up import apply_preset
from planner.catalogue import Preset
from planner.core.model import Business, Cadence, Channel
from planner.errors import UsageError
from planner.language import LANGUAGES, N_
from planner.render import PostTexts
from planner.store.queries import cadences, channels, feeds, pauses, posts


class TouchedAlready(UsageError):
    message = N_("Something was done with the posts or channels already, so they stay. Change them one by one.")
    http_status = 409


def begun_with(tx: Connection, business: Business, presets: Iterable[Preset]) -> Preset | None:
    """The preset whose channels and cadences a business has, and nothing else; None if it has others."""
    there = channels.of_business(tx, business.id)
    found = _cadences(cadences.of_business(tx, business.id), there)
    names = {(channel.platform, channel.name) for channel in there}
    for preset in presets:
        wanted = sorted(
            (each.platform, each.rrule, each.time, each.pillars, each.on_holiday, each.purpose, each.content or "")
            for each in preset.cadences
        )
        if _same(found, wanted) and any(names == _names(preset, language) for language in LANGUAGES):
            return preset
    return None


def is_untouched(tx: Connection, business: Business) -> bool:
    """Whether nobody has done anything yet that would be lost with the channels and their posts."""
    return not (
        posts.any_touched(tx, business.id)
        or any(cadence.end or cadence.exdates for cadence in cadences.of_business(tx, business.id))
        or any(pause.channel_id for pause in pauses.of_business(tx, business.id))
        or any(feed.channel_id and not feed.revoked_at for feed in feeds.of_business(tx, business.id))
    )


def change_preset(tx: Connection, business: Business, preset: Preset, texts: PostTexts, now: datetime) -> None:
    """Put the channels and cadences of a preset in the place of those a business began with.

    Raises TouchedAlready unless these are still as a preset made them. The same preset once more gives the channels
    their names in the business's language of today.
    """
    before = begun_with(tx, business, every())
    if before is None and channels.of_business(tx, business.id):
        raise TouchedAlready
    if before == preset and _names(preset, business.language) == _own(tx, business):
        return
    if not is_untouched(tx, business):
        raise TouchedAlready
    channels.remove_all(tx, business.id)
    apply_preset(tx, business, preset, texts, now)


def every() -> list[Preset]:
    """All presets of the catalogue."""
    return [catalogue.preset(key) for key in catalogue.preset_keys()]


def _cadences(found: Sequence[Cadence], there: Sequence[Channel]) -> list[tuple[object, ...]]:
    platforms = {channel.id: channel.platform for channel in there}
    return sorted(
        (
            platforms[each.channel_id], each.rrule, each.dtstart.time(), each.pillars, each.on_holiday, each.purpose,
            each.content or "",
        )
        for each in found
    )  # fmt: skip


def _same(found: Sequence[tuple[object, ...]], wanted: Sequence[tuple[object, ...]]) -> bool:
    """Whether cadences are the wanted ones; one that was made when presets did not say a kind of content is, too."""
    return len(found) == len(wanted) and all(
        there[:-1] == each[:-1] and there[-1] in ("", each[-1]) for there, each in zip(found, wanted, strict=True)
    )


def _names(preset: Preset, language: str) -> set[tuple[str, str]]:
    return {(each.platform, each.channel_name(language)) for each in preset.cadences}


def _own(tx: Connection, business: Business) -> set[tuple[str, str]]:
    return {(channel.platform, channel.name) for channel in channels.of_business(tx, business.id)}
