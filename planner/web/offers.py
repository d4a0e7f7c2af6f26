"""Which rhythms the presets have for each platform."""

from collections.abc import Mapping, Sequence

from planner import catalogue
from planner.catalogue import PresetCadence
from planner.errors import PlannerError


def offers() -> Mapping[str, Sequence[PresetCadence]]:
    """The cadences of all presets by platform, each rule and time once; a broken preset offers nothing.

    The files are read anew, which takes a few milliseconds: once a page is enough.
    """
    found: dict[str, dict[tuple[object, ...], PresetCadence]] = {}
    for key in catalogue.preset_keys():
        try:
            preset = catalogue.preset(key)
        except PlannerError:
            continue
        for cadence in preset.cadences:
            found.setdefault(cadence.platform, {}).setdefault((cadence.rrule, cadence.time), cadence)
    return {platform: list(each.values()) for platform, each in found.items()}
