"""Which rhythms the presets have for a platform."""

from planner import catalogue
from planner.catalogue import PresetCadence
from planner.errors import PlannerError


def offers(platform: str) -> list[PresetCadence]:
    """The cadences of all presets on a platform, each rule and time once; a broken preset offers nothing."""
    found: dict[tuple[object, ...], PresetCadence] = {}
    for key in catalogue.preset_keys():
        try:
            preset = catalogue.preset(key)
        except PlannerError:
            continue
        for cadence in preset.cadences:
            if cadence.platform == platform:
                found.setdefault((cadence.rrule, cadence.time), cadence)
    return list(found.values())
