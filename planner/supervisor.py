"""What keeps the daemon alive: the unit for systemd, the property list for launchd, and telling systemd how it goes.

The texts are made here and written by ``planner service``. systemd.exec(5), sd_notify(3), launchd.plist(5).
"""

import plistlib
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from planner.errors import UsageError
from planner.language import N_

NAME: Final = "planner"
WATCHDOG_SECONDS: Final = 60
# What every unit may have, also one of a user whose manager has no rights to give away.
_EVERYWHERE: Final = """\
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0077
"""
_SYSTEM: Final = """\
DynamicUser=yes
StateDirectory=planner
StateDirectoryMode=0700
CapabilityBoundingSet=
DevicePolicy=closed
KeyringMode=private
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
SystemCallFilter=~@privileged @resources
"""


class OutOfReach(UsageError):
    message = N_(
        "The program lies in {program}, where a service of the system cannot read it. Install it for everybody, "
        "like with “pipx install --global”, or make a service of your own without --system."
    )


def unit(command: Sequence[str], home: Path | None) -> str:
    """A systemd unit: of a user for a ``home``; of the system, with a home of its own, for None. Raises OutOfReach."""
    if home is None and command[0].startswith(("/root/", "/home/")):
        raise OutOfReach(program=command[0])
    where = _quoted(f"PLANNER_HOME={home}") if home else "PLANNER_HOME=%S/planner"
    start = " ".join(_quoted(word).replace("$", "$$") for word in [*command, "start"])
    after = "Wants=network-online.target\nAfter=network-online.target\n" if home is None else ""
    return (
        f"[Unit]\nDescription=Planner: posting rhythm and reminders\n{after}\n"
        f"[Service]\nType=notify\nNotifyAccess=main\nExecStart={start}\n"
        f"Environment={where}\nRestart=on-failure\nRestartSec=10\nWatchdogSec={WATCHDOG_SECONDS}\n"
        f"TimeoutStartSec=600\nTimeoutStopSec=20\n{_EVERYWHERE}{_SYSTEM if home is None else ''}\n"
        f"[Install]\nWantedBy={'multi-user.target' if home is None else 'default.target'}\n"
    )


def property_list(command: Sequence[str], home: Path) -> str:
    """A launchd property list of a user."""
    return plistlib.dumps({
        "Label": NAME,
        "ProgramArguments": [*command, "start"],
        "EnvironmentVariables": {"PLANNER_HOME": str(home)},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "StandardErrorPath": str(home / "planner.log"),
        "StandardOutPath": "/dev/null",
        "Umask": 0o077,
    }).decode()  # fmt: skip


def tell(state: str, environ: Mapping[str, str]) -> bool:
    """Tell systemd a state, like READY=1; False if nobody asked for it. A manager that does not listen is no fault."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
            wire.connect("\0" + address[1:] if address[0] == "@" else address)
            wire.sendall(state.encode())
    except OSError:
        return False
    return True


def _quoted(word: str) -> str:
    """A word as systemd reads it back (systemd.syntax(7)): in quotes if need be, specifiers kept from it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if escaped != word or " " in word else word
