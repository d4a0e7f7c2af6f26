"""What the machine knows of its clock apart from the time: how long it has counted, since when, and by whose word."""

import ctypes
import sys
import time
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_TIMESYNCD: Final = Path("/run/systemd/timesync")
_TIMEX: Final = 512  # bytes; struct timex has 208 at most
_TIME_ERROR: Final = 5  # adjtimex(2): "not synchronized to a reliable server"


def steady() -> float:
    """Seconds that only ever count on, also while the machine sleeps (on Windows ``time.monotonic`` does)."""
    if (boot := getattr(time, "CLOCK_BOOTTIME", None)) is not None:
        return time.clock_gettime(boot)
    if sys.platform == "darwin":  # its time.monotonic stands still in sleep, this one does not
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def boot() -> str:
    """The name of this start of the machine, within which ``steady`` can be compared; empty where it has none."""
    try:
        return _BOOT.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def synchronised(timesyncd: Path = _TIMESYNCD) -> bool | None:
    """Whether a time server has confirmed the clock since the machine was started; None where nobody can be asked.

    Linux knows it (adjtimex(2), which changes nothing if it is asked for nothing). Under a unit with ProtectClock= it
    may not be asked; systemd-timesyncd(8) leaves word in a file.
    """
    if sys.platform != "linux":
        return None
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
    except (OSError, AttributeError):
        state = -1
    if state >= 0:
        return bool(state != _TIME_ERROR)
    return (timesyncd / "synchronized").exists() if timesyncd.is_dir() else None
