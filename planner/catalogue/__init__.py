"""The catalogue: platforms, presets and trades from ``schedules/``, files that a shop owner's nephew can edit.

A file is read when it is asked for, and only that one. A broken one is an error that lists everything wrong in
it, with file, line and key, so that it can be mended in one go. What every post needs stands here; what a platform is
good for, with the sources, in ``planner.catalogue.portraits``.

Its parts are imported when they are asked for, too: reading presets takes the whole of recurrence, and a day's agenda
only wants the steps of a video.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from planner.catalogue.platforms import Platform, platform, platform_keys, read_platform
    from planner.catalogue.presets import Preset, PresetCadence, preset, preset_keys, read_preset
    from planner.catalogue.tomlfile import BadFile
    from planner.catalogue.trades import Trade, read_trade, trade, trade_keys, trade_names, trade_words

__all__ = [
    "BadFile", "Platform", "Preset", "PresetCadence", "Trade",
    "platform", "platform_keys", "preset", "preset_keys", "read_platform", "read_preset",
    "read_trade", "trade", "trade_keys", "trade_names", "trade_words",
]  # fmt: skip
_PARTS: Final = {
    "platforms": ("Platform", "platform", "platform_keys", "read_platform"),
    "presets": ("Preset", "PresetCadence", "preset", "preset_keys", "read_preset"),
    "tomlfile": ("BadFile",),
    "trades": ("Trade", "read_trade", "trade", "trade_keys", "trade_names", "trade_words"),
}
_PART_OF: Final = {name: part for part, names in _PARTS.items() for name in names}


def __getattr__(name: str) -> Any:
    """A name of the catalogue, from the part that has it (PEP 562)."""
    if name not in _PART_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PART_OF[name]}"), name)
