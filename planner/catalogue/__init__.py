"""The catalogue: platforms, presets and trades from ``schedules/``, files that a shop owner's nephew can edit.

A file is read when it is asked for, and only that one. A broken one is an error that lists everything wrong in
it, with file, line and key, so that it can be mended in one go. What every post needs stands here; what a platform is
good for, with the sources, in ``planner.catalogue.portraits``.
"""

from planner.catalogue.platforms import Platform, platform, platform_keys, read_platform
from planner.catalogue.presets import Preset, PresetCadence, preset, preset_keys, read_preset
from planner.catalogue.tomlfile import BadFile
from planner.catalogue.trades import Trade, read_trade, trade, trade_keys, trade_names, trade_words

__all__ = [
    "BadFile", "Platform", "Preset", "PresetCadence", "Trade",
    "platform", "platform_keys", "preset", "preset_keys", "read_platform", "read_preset",
    "read_trade", "trade", "trade_keys", "trade_names", "trade_words",
]  # fmt: skip
