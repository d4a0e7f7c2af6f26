"""Which rhythms the presets have for each platform."""

from collections.abc import Mapping, Sequence

from planner import catalogue
from planner.catalogue import PresetCadence
from planner.core.model import Purpose
from planner.errors import PlannerError


def offers(trade: str) -> Mapping[str, Sequence[PresetCadence]]:
    """The cadences of presets by platform, each rule and time once: of that for a trade, then of those for everybody.

    A broken preset offers nothing.
    """
    found: dict[str, dict[tuple[object, ...], PresetCadence]] = {}
    others = set(catalogue.trade_keys()) - {trade}
    for key in sorted(set(catalogue.preset_keys()) - others, key=lambda key: (key != trade, key)):
        try:
            preset = catalogue.preset(key)
        except PlannerError:
            continue
        for cadence in (each for each in preset.cadences if each.purpose is Purpose.POSTING):
            found.setdefault(cadence.platform, {}).setdefault((cadence.rrule, cadence.time), cadence)
    return {platform: list(each.values()) for platform, each in found.items()}
