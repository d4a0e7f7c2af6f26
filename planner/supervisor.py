"""What keeps the daemon alive: the unit for systemd, the property list for launchd, and telling systemd how it goes.

The texts are made here and written by ``planner service``. systemd.exec(5), sd_notify(3), launchd.plist(5).
"""

import plistlib
import socket
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from planner.errors import UsageError
from planner.language import N_

NAME: Final = "planner"
WATCHDOG_SECONDS: Final = 60
# What every unit may have, also one of a user whose manager has no rights to give away.
_EVERYWHERE: Final = """\
KeyringMode=private
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077
"""
# What takes rights, or a user namespace of its own, within which a user's manager has them (PrivateUsers=, before
# systemd 253 not implied by the others). Where the kernel grants none (Ubuntu since 23.10 by AppArmor, a sysctl
# elsewhere), a unit with an empty CapabilityBoundingSet= does not start, while ProtectSystem= and its like would be
# passed over in silence: so they go together, all or none.
BOX: Final = """\
CapabilityBoundingSet=
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
PrivateTmp=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
"""
# A user's program, and a file with a password, may lie in the user's home.
_USER: Final = "ProtectHome=read-only\n"
# No user's manager has these: they need another user, a device list, or a /proc of its own.
_SYSTEM: Final = """\
DynamicUser=yes
StateDirectory=planner
StateDirectoryMode=0700
DevicePolicy=closed
ProcSubset=pid
ProtectHome=yes
ProtectProc=invisible
RemoveIPC=yes
"""


class OutOfReach(UsageError):
    message = N_(
        "The program lies in {program}, where a service of the system cannot read it. Install it for everybody, "
        "like with “pipx install --global”, or make a service of your own without --system."
    )


def user_unit(command: Sequence[str], home: Path, writable: Iterable[Path] = (), *, boxed: bool = True) -> str:
    """A systemd unit of a user, which may write into the home and ``writable``; ``boxed`` where BOX can be had."""
    paths = " ".join(_as_path(folder) for folder in (home, *writable))
    box = f"{BOX}{_USER}ReadWritePaths={paths}\n" if boxed else ""
    return _unit(command, _quoted(f"PLANNER_HOME={home}"), box, "default.target")


def system_unit(command: Sequence[str]) -> str:
    """A systemd unit of the system, with a user and a home of its own. Raises OutOfReach."""
    if command[0].startswith(("/root/", "/home/")):
        raise OutOfReach(program=command[0])
    network = "Wants=network-online.target\nAfter=network-online.target time-sync.target\n"
    return _unit(command, "PLANNER_HOME=%S/planner", BOX + _SYSTEM, "multi-user.target", network)


def _unit(command: Sequence[str], environment: str, rest: str, target: str, after: str = "") -> str:
    start = " ".join(_quoted(word).replace("$", "$$") for word in [*command, "start"])
    return (
        f"[Unit]\nDescription=Planner: posting rhythm and reminders\n{after}\n"
        f"[Service]\nType=notify\nNotifyAccess=main\nExecStart={start}\n"
        f"Environment={environment}\nRestart=on-failure\nRestartSec=10\nWatchdogSec={WATCHDOG_SECONDS}\n"
        f"TimeoutStartSec=600\nTimeoutStopSec=20\n{_EVERYWHERE}{rest}\n"
        f"[Install]\nWantedBy={target}\n"
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


def _as_path(path: Path) -> str:
    """A path as lists of paths are read: in quotes, specifiers kept from it; backslashes are nothing special there."""
    text = str(path).replace("%", "%%")
    return '"' + text.replace('"', '"\'"\'"') + '"'
